"""Small networks with flows made by hand, and random ones whose flows keep every rule."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from scipy.sparse import csr_array

from lotwise.plan import Problem, Terms, expect, no_resources
from lotwise.plan.lots import Plan
from lotwise.plan.network.flow import Flow
from lotwise.plan.network.labels import Labels
from lotwise.plan.network.network import Activities, Items, Machines, Network, Switches
from lotwise.plan.orders.current import Current
from lotwise.tables import contract

MONDAY = date(2024, 1, 1)


def day(week):
    return MONDAY + timedelta(weeks=week)


@dataclass
class Sketch:
    """A network as short lists; ``flow`` fills in what the levels bring about."""

    weeks: int
    items: list = field(default_factory=list)  # (name, site, kind, product, keeps)
    activities: list = field(default_factory=list)  # dicts
    machines: list = field(default_factory=list)  # (name, hours, overtime, cost)
    switches: list = field(default_factory=list)  # (kind, members, least, largest, most, hours, cost)
    opening: dict = field(default_factory=dict)
    receipts: tuple = ()

    def parts(self):
        """Return the network and its labels."""
        count, size = len(self.items), len(self.activities)
        arriving = np.zeros((count, self.weeks))
        for item, units in self.opening.items():
            arriving[item, 0] += units
        for receipt in self.receipts:
            arriving[receipt.item, receipt.week] += receipt.units
        zeros = np.zeros(count)
        column = list(zip(*self.items, strict=True))
        items = Items(
            column[0], column[1], column[2], ("units",) * count, np.array(column[3]), np.array(column[4], bool), arriving,
            zeros, zeros, zeros, zeros, np.ones(count),
        )  # fmt: skip
        takes, gives = np.zeros((count, size)), np.zeros((count, size))
        uses = np.zeros((len(self.machines), size))
        for number, made in enumerate(self.activities):
            for matrix, name in ((takes, "takes"), (gives, "gives"), (uses, "uses")):
                for place, units in made.get(name, {}).items():
                    matrix[place, number] = units
        lead = np.array([made.get("lead", 0) for made in self.activities])
        most = np.array([made.get("most", 1e6) for made in self.activities])[:, None]
        high = np.where(np.arange(self.weeks) + lead[:, None] < self.weeks, most, 0.0)
        before = np.array([made.get("before", [np.nan] * self.weeks) for made in self.activities], dtype=float)
        activities = Activities(
            tuple(f"activity {number}" for number in range(size)), tuple(made["kind"] for made in self.activities),
            csr_array(takes), csr_array(gives), csr_array(uses), lead,
            np.array([made.get("cost", 0.0) for made in self.activities]), np.zeros((size, self.weeks)), high,
            np.array([made.get("multiple", 0.0) for made in self.activities]), before.reshape(size, self.weeks),
            np.ones(size),
        )  # fmt: skip
        moved = [made["kind"] in ("move", "replace") for made in self.activities]
        origin = [
            next(iter(made.get("takes", {})), -1) if is_moved else -1
            for made, is_moved in zip(self.activities, moved, strict=True)
        ]
        words = [tuple(made.get(name, "") for made in self.activities) for name in ("supplier", "route", "family")]
        labels = Labels(
            np.array([next(iter(made["gives"])) for made in self.activities]), np.array(origin), *words,
            np.array([made.get("price", 0.0) for made in self.activities]), np.zeros((size, self.weeks), np.int8),
            np.ones(count), np.array([self.opening.get(number, 0.0) for number in range(count)]), self.receipts,
        )  # fmt: skip
        return Network(items, activities, self._machines(), self._switches(size)), labels

    def _machines(self):
        names, hours, overtime, cost = zip(*self.machines, strict=True) if self.machines else ((), (), (), ())
        wide = [np.repeat(np.array(value, dtype=float).reshape(-1, 1), self.weeks, axis=1) for value in (hours, overtime)]
        return Machines(tuple(names), ("all",) * len(names), *wide, np.array(cost, dtype=float))

    def _switches(self, size):
        count = len(self.switches)
        weight, hours = np.zeros((count, size)), np.zeros((len(self.machines), count))
        for number, switch in enumerate(self.switches):
            weight[number, switch[1]] = 1.0
            for machine, taken in switch[5].items():
                hours[machine, number] = taken
        column = [np.array([switch[place] for switch in self.switches], dtype=float) for place in (2, 3, 4, 6)]
        names = tuple(f"switch {number}" for number in range(count))
        kinds = tuple(switch[0] for switch in self.switches)
        is_open = np.ones((count, self.weeks), dtype=bool)
        return Switches(
            names,
            kinds,
            csr_array(weight),
            column[0],
            column[1],
            column[2].astype(np.int64),
            csr_array(hours),
            column[3],
            is_open,
        )

    def current(self, problem, level, times=None, **prices):
        """Return the plan with these levels: supply, stock and overtime follow from them."""
        network, labels = self.parts()
        level = np.asarray(level, dtype=float)
        items, activities = network.items, network.activities
        given = np.zeros(items.arriving.shape)
        for week in range(self.weeks):
            for number, lead in enumerate(activities.lead):
                if week >= lead:
                    given[:, week] += activities.gives[:, [number]].toarray()[:, 0] * level[number, week - lead]
        balance = items.arriving + given - activities.takes @ level
        supply = np.zeros(problem.shape)
        for item in np.flatnonzero(items.product >= 0):
            supply[items.product[item]] = balance[item]
        stock = np.where(items.keeps[:, None], np.cumsum(balance, axis=1), 0.0)
        times = np.zeros((len(self.switches), self.weeks)) if times is None else np.asarray(times, dtype=float)
        load = activities.uses @ level + network.switches.hours @ times
        shape = {"machine_price": load.shape, "item_price": given.shape, "room_price": (0, self.weeks)}
        prices = {name: np.asarray(prices.get(name, np.zeros(size)), dtype=float) for name, size in shape.items()}
        overtime = np.maximum(load - network.machines.hours, 0.0)
        flow = Flow(level, times, stock, overtime, {}, **prices)
        owed = problem.firm
        missing = np.zeros(0) if owed is None else _missing(problem, supply)
        plan = Plan(
            supply, expect(problem, supply, charges=np.zeros(problem.shape)), 0.0, np.zeros((0, self.weeks)), 0, 0, missing
        )
        return Current(problem, network, labels, plan, flow)


def _missing(problem, supply):
    from lotwise.plan.network.rows import missing_promises

    return missing_promises(problem, supply)


def build_terms(count, *, backorder=True, **given):
    values = {"price": 10.0, "cost": 6.0, "salvage": 3.0, "holding": 0.1, "delay": 0.5, "shelf": 99} | given
    arrays = {name: np.broadcast_to(np.asarray(value, dtype=float), count).copy() for name, value in values.items()}
    return Terms(**(arrays | {"shelf": arrays["shelf"].astype(np.int64)}), backorder=np.full(count, backorder))


def build_problem(demand, *, firm=None, opening=None, names=None, **terms):
    demand = np.asarray(demand, dtype=float)
    _, products, weeks = demand.shape
    return Problem(
        tuple(names or (f"P{number:05d}" for number in range(products))),
        tuple(day(week) for week in range(weeks)),
        demand,
        build_terms(products, **terms),
        no_resources(products, weeks),
        np.zeros(products) if opening is None else np.asarray(opening, dtype=float),
        firm,
        information="now",
        cutoff=MONDAY,
    )


def build_orders(lines, products):
    """Return the tables ``orders`` and ``products``; lines are order, line, product, units, day due."""
    bought = {
        "time": datetime(2023, 12, 1, tzinfo=UTC).replace(tzinfo=None),
        "location": "all",
        "region": "all",
        "kind": "sale",
    }
    rows = [
        {"order": order, "line": line, "product": product, "units": float(units), "due": due, **bought}
        for order, line, product, units, due in lines
    ]
    made = [{"product": product, "category": "all", "make": "order"} for product in products]
    return {
        "orders": pa.Table.from_pylist(rows, schema=contract("orders").schema),
        "products": pa.Table.from_pylist(made, schema=contract("products").schema),
    }


def build_chair():
    """Return chairs sawn from seats, seats pressed from wood in lots of at most five, wood bought a week ahead.

    Orders 1/1 (6 chairs) and 2/1 (6) are due in the first week; the saw has 8 hours a week and a chair takes one: 4 chairs of
    order 2 come a week late. Seats: 10 in two lots in the first week (20 wood, all there is), 5 in the second (10 wood,
    ordered in the first). Chairs: 8, then 7: the 4 that are late and 3 that are forecast.
    """
    sketch = Sketch(
        3,
        items=[
            ("chair", "all", "product", 0, False),
            ("seat", "all", "component", -1, True),
            ("wood", "all", "material", -1, True),
        ],
        activities=[
            {"kind": "make", "takes": {1: 1.0}, "gives": {0: 1.0}, "uses": {0: 1.0}, "route": "saw"},
            {"kind": "make", "takes": {2: 2.0}, "gives": {1: 1.0}, "uses": {1: 0.5}, "route": "press", "before": [7.0, 0, 0]},
            {"kind": "buy", "gives": {2: 1.0}, "lead": 1, "supplier": "acme", "price": 3.0},
        ],
        machines=[("saw", 8.0, 0.0, 3.0), ("press", 40.0, 10.0, 3.0)],
        switches=[("lot", [1], 2.0, 5.0, 4, {1: 0.25}, 1.0), ("order", [2], 5.0, np.inf, 1, {}, 7.0)],
        opening={2: 20.0},
    )
    firm = np.array([[12.0, 0.0, 0.0]])
    problem = build_problem([[[12.0, 3.0, 0.0]]], firm=firm, names=["chair"])
    current = sketch.current(
        problem,
        [[8, 7, 0], [10, 5, 0], [10, 0, 0]],
        [[2, 1, 0], [1, 0, 0]],
        machine_price=[[4.0, 0, 0], [0, 0, 0]],
        item_price=[[4.0, 0, 0], [0, 0, 0], [0, 0, 0]],
    )
    orders = build_orders([("1", 1, "chair", 6, MONDAY), ("2", 1, "chair", 6, day(0) + timedelta(days=2))], ["chair"])
    return current, orders


@pytest.fixture
def chair():
    return build_chair()


@pytest.fixture(scope="session")
def random_plan():
    return build_random


@pytest.fixture
def sketch():
    return Sketch


@pytest.fixture
def problem():
    return build_problem


@pytest.fixture
def orders():
    return build_orders


def build_random(seed, *, products=2, weeks=5, scenarios=4):
    """Return a plan with random lots that takes only what is there, and orders on it.

    Wood is bought for two sites, or there; seats are pressed from it in the north (one in ten is scrap) and sent to the
    south, a week on the way. A product takes seats and, by choice, paint or two of varnish; it is made at both sites and
    delivered freely, and sold from stock and supply.
    """
    rng = np.random.default_rng(seed)
    names = [f"P{n}" for n in range(products)]
    sketch = _two_sites(rng, names, weeks)
    level = _levels(rng, sketch)
    current_demand = rng.integers(0, 12, (scenarios, products, weeks)).astype(float)
    lines = [
        (f"{n}", 1, names[int(rng.integers(products))], int(rng.integers(1, 9)), day(int(rng.integers(weeks))))
        for n in range(int(rng.integers(0, 4 * products)))
    ]
    firm = np.zeros((products, weeks))
    for _, _, name, units, due in lines:
        firm[names.index(name), (due - MONDAY).days // 7] += units
    shelf = rng.choice([1, 2, 99], products)
    opening = rng.integers(0, 10, products).astype(float)
    mine = build_problem(current_demand + firm, firm=firm, opening=opening, names=names, shelf=shelf)
    return sketch.current(mine, level), build_orders(lines, names)


def _two_sites(rng, names, weeks):
    sketch, number = Sketch(weeks), {}

    def item(name, site, kind, product=-1, *, keeps=True):
        number[name, site] = len(sketch.items)
        sketch.items.append((name, site, kind, product, keeps))

    for site in ("north", "south"):
        for name in ("wood", "paint", "varnish", "seat"):
            item(name, site, "component" if name == "seat" else "material")
    steps = []  # activities in the order in which a week's goods pass through them
    for site in ("north", "south"):
        for name, wait in (("wood", 1), ("paint", 0), ("varnish", 0)):
            steps.append({"kind": "buy", "gives": {number[name, site]: 1.0}, "lead": wait, "supplier": "acme", "price": 2.0})
    steps.append(
        {"kind": "make", "takes": {number["wood", "north"]: 2.0}, "gives": {number["seat", "north"]: 0.9}, "route": "press"}
    )
    seats = {"takes": {number["seat", "north"]: 1.0}, "gives": {number["seat", "south"]: 1.0}}
    steps.append({"kind": "move", **seats, "lead": 1, "price": 0.5})
    for place, name in enumerate(names):
        for site in ("north", "south"):
            item(name, site, "product")
            item(f"color of {name}", site, "component", keeps=False)
        item(name, "customers", "product", place, keeps=False)
        for site in ("north", "south"):
            color, kept = number[f"color of {name}", site], number[name, site]
            for paint, units in (("paint", 1.0), ("varnish", 2.0)):
                steps.append({"kind": "replace", "takes": {number[paint, site]: units}, "gives": {color: 1.0}})
            takes = {number["seat", site]: float(rng.integers(1, 3)), color: 1.0}
            steps.append(
                {"kind": "make", "takes": takes, "gives": {kept: 1.0}, "lead": int(rng.integers(0, 2)), "route": f"saw {site}"}
            )
            steps.append({"kind": "move", "takes": {kept: 1.0}, "gives": {number[name, "customers"]: 1.0}})
    sketch.activities = steps
    sketch.opening = {n: float(rng.integers(0, 40)) for n in range(len(sketch.items)) if sketch.items[n][4]}
    return sketch


def _levels(rng, sketch):
    """Return levels that take no more than is there."""
    level = np.zeros((len(sketch.activities), sketch.weeks))
    there = np.zeros((len(sketch.items), sketch.weeks + 2))
    for number, units in sketch.opening.items():
        there[number, 0] += units
    for week in range(sketch.weeks):
        for place, made in enumerate(sketch.activities):
            takes, lead = made.get("takes", {}), made.get("lead", 0)
            too_late = week + lead >= sketch.weeks
            if too_late and len(takes) < 2:
                continue
            if made["kind"] == "buy":
                units = float(rng.integers(0, 30)) * (rng.random() < 0.5)
            else:
                units = min(there[number, week] / each for number, each in takes.items()) * rng.choice([0.0, 0.3, 0.5, 1.0])
            if made["kind"] == "replace" and sketch.items[next(iter(made["gives"]))][4] is False:
                units = min(units, 6.0)
            elif made["kind"] == "make" and len(takes) > 1:
                units = _all_color(sketch, takes, there, level, week, place, most=0.0 if too_late else 99.0)
            level[place, week] = units
            for number, each in takes.items():
                there[number, week] -= each * units
            for number, each in made["gives"].items():
                there[number, week + lead] += each * units
        keeps = np.array([keeps for *_, keeps in sketch.items], dtype=bool)
        there[:, week + 1] += np.where(keeps, np.maximum(there[:, week], 0.0), 0.0)
    return level


def _all_color(sketch, takes, there, level, week, place, most):
    """Return as many units as there are seats for; color that is too much is given back, the last first."""
    (seat, each), (color, _) = takes.items()
    units = min(there[color, week], there[seat, week] / each, most)
    for other in (place - 1, place - 2):
        back = min(there[color, week] - units, level[other, week])
        ((source, ratio),) = sketch.activities[other]["takes"].items()
        level[other, week] -= back
        there[color, week] -= back
        there[source, week] += back * ratio
    return units
