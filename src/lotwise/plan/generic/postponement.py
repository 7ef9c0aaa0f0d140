"""Where to stop being generic: how much to hold finished, how much half-done, and what to make to order.

Before demand is known, units of *items* are made: finished products, and semi-finished ones that several products share. Then
demand of a scenario comes, and each *way* turns a unit of an item into a product at a finishing cost, as far as late capacity
goes; ways from no item make to order, from the start. What is not served costs ``short`` a unit, what is left ``left``.

Two stages, as one linear program over the scenarios s with chances p(s):

``minimize sum of cost_i x_i + sum of p(s) (finish_w y_ws + left_i z_is + short_v u_vs)``

with ``sum of y over the ways into v + u_vs = demand_vs``, ``sum of y over the ways out of i + z_is = x_i``,
``sum of uses_w y_ws <= capacity``, and for a target of service ``sum of p(s) u_vs <= (1 - target) E demand``. Its dual is
what a unit short must be worth for the target to pay.

One common item is Lee and Tang's point of differentiation; several are Swaminathan and Tayur's vanilla boxes, with units
split among products. Restricting the items to one stage of the bill compares the stages at equal service.

References
----------
Lee and Tang (1997), Modelling the costs and benefits of delayed product differentiation, Management Science 43(1).
Swaminathan and Tayur (1998), Managing broader product lines through delayed differentiation using vanilla boxes, Management
Science 44(12). Eppen (1979), Effects of centralization on expected costs in a multi-location newsboy problem, Management
Science 25(5), for the closed form of one common item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError, breaches
from lotwise.plan.inventory.bounds import at_least, between
from lotwise.plan.solver import INFINITY, Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.solver import Solution

ORDER = -1
"""Item of a way that starts from nothing: made to order."""
MOST = 400_000
"""Most scenarios times ways; beyond it take fewer scenarios."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Demand, items and ways, as the formulas above name them.

    Parameters
    ----------
    demand
        Units, at least 0; ``(n_scenarios, n_products)``.
    cost, left
        Money to make a unit of an item early, and by unit left over (disposal and holding, less what it brings: may be
        negative, yet not below -cost); ``(n_items,)``.
    item, product
        Of each way; ``item`` is ``ORDER`` where it is made to order. ``(n_ways,)``.
    finish, uses
        Money and late capacity by unit of a way, at least 0; ``(n_ways,)``.
    short
        Money by unit not served, at least 0; ``(n_products,)``.
    capacity
        Of late finishing in a scenario.
    weights
        Of the scenarios; default all alike. They are divided by their sum.

    Raises
    ------
    InputError
        Shapes do not fit or a value is out of range; every breach is listed.
    """

    demand: NDArray[np.float64]
    cost: NDArray[np.float64]
    left: NDArray[np.float64]
    item: NDArray[np.int64]
    product: NDArray[np.int64]
    finish: NDArray[np.float64]
    uses: NDArray[np.float64]
    short: NDArray[np.float64]
    capacity: float = INFINITY
    weights: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        demand = np.atleast_2d(at_least("demand", self.demand))
        scenarios, products = demand.shape
        weights = np.ones(scenarios) if self.weights is None else at_least("weights", self.weights)
        given = {name: at_least(name, getattr(self, name)) for name in ("cost", "finish", "uses", "short")}
        given["left"] = at_least("left", self.left, -np.inf)
        item, product = np.asarray(self.item, np.int64), np.asarray(self.product, np.int64)
        items, ways = len(given["cost"]), len(item)
        sizes = {"left": items, "product": ways, "finish": ways, "uses": ways, "short": products, "weights": scenarios}
        shapes = {name: array.shape for name, array in (given | {"product": product, "weights": weights}).items()}
        found = [
            f"{name} has shape {shapes[name]}; expected ({size},)" for name, size in sizes.items() if shapes[name] != (size,)
        ]
        if not found:
            found = list(_faults(given, item, product, products))
        if scenarios * ways > MOST:
            found.append(f"{scenarios} scenarios x {ways} ways; expected at most {MOST:,}: take fewer scenarios")
        if not weights.sum() > 0 or np.isnan(self.capacity) or self.capacity < 0:
            found.append("weights or capacity: expected a weight above 0 and a capacity of 0 or more")
        if found:
            raise InputError(breaches("The choice of what to hold breaks its contract", found))
        for name, array in (given | {"demand": demand, "item": item, "product": product}).items():
            object.__setattr__(self, name, array)
        object.__setattr__(self, "weights", weights / weights.sum())

    @property
    def chances(self) -> NDArray[np.float64]:
        """Chance of each scenario."""
        return np.ones(len(self.demand)) / len(self.demand) if self.weights is None else self.weights


def _faults(
    given: dict[str, NDArray[np.float64]], item: NDArray[np.int64], product: NDArray[np.int64], products: int
) -> list[str]:
    items = len(given["cost"])
    found = []
    if (item < ORDER).any() or (item >= items).any() or (product < 0).any() or (product >= products).any():
        found.append(f"item or product: a way names one that is not there; expected 0 to {items - 1} and 0 to {products - 1}")
    cheap = np.flatnonzero(given["left"] < -given["cost"])
    if len(cheap):
        found.append(f"left: item {cheap[0]} brings more left over than it costs; expected at least -cost")
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """What to hold, and what comes of it.

    Attributes
    ----------
    stock
        Units of each item made before demand is known; ``(n_items,)``.
    cost
        Expected money, without that of units short where a service target was asked for.
    service
        Expected share of demand that is served.
    by_scenario
        Cost of each scenario, stock included; ``(n_scenarios,)``.
    made
        Expected units that go each way; ``(n_ways,)``.
    price
        Money by unit short at which the service asked for just pays; 0 without a target, or where it is not binding.
    """

    stock: NDArray[np.float64]
    cost: float
    service: float
    by_scenario: NDArray[np.float64]
    made: NDArray[np.float64]
    price: float


def hold(choice: Choice, *, target: float | None = None, only: NDArray[np.bool_] | None = None) -> Held | None:
    """Return the least-cost stock of every item; None where no stock reaches the target within the late capacity.

    Parameters
    ----------
    choice
        Demand, items and ways.
    target
        Share of demand that must be served, between 0 and 1; then ``short`` is no part of the cost. Default: none, and units
        short cost ``short``.
    only
        Items that may be held; ``(n_items,)``. Default: all.

    Raises
    ------
    InputError
        The target is no share.
    """
    high = np.where(np.ones(len(choice.cost), bool) if only is None else only, INFINITY, 0.0)
    return _solved(choice, np.zeros(len(choice.cost)), high, target)


def settle(choice: Choice, held: Held, *, target: float | None = None) -> Held:
    """Return what a stock decided before gives on the scenarios of a choice, finished late at its best.

    Parameters
    ----------
    choice
        Demand, such as scenarios kept apart, and the same items and ways.
    held
        What was decided.
    target
        That of ``hold``, if there was one: late work stops where the scenarios together have it. Where the stock does not reach
        it, all that can be served is.
    """
    found = _solved(choice, held.stock, held.stock, target)
    if found is not None:
        return found
    most = 2.0 * float(choice.finish.max(initial=0.0) + np.abs(choice.left).max(initial=0.0)) + 1.0
    found = _solved(choice, held.stock, held.stock, None, price=most)
    if found is None:
        raise InputError("settle: the stock does not fit the choice; expected what hold gave for the same items and ways.")
    return found


def _solved(
    choice: Choice,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    target: float | None,
    price: float | None = None,
) -> Held | None:
    """Return the optimum of the program above; with a ``price`` a unit short counts that in choosing, and not in the cost."""
    chances, demand = choice.chances, choice.demand
    scenarios, items = len(demand), len(choice.cost)
    counts = target is None and price is None
    shortage = choice.short if counts else np.full(len(choice.short), 0.0 if price is None else price)
    model = Model()
    stock = model.var("stock", (items,), low, high, -choice.cost)
    made = model.var("made", (scenarios, len(choice.item)), gain=-chances[:, None] * choice.finish)
    short = model.var("short", demand.shape, gain=-chances[:, None] * shortage)
    left = model.var("left", (scenarios, items), gain=-chances[:, None] * choice.left)

    asked = model.row("asked", demand.shape, demand, demand)
    model.add(asked[:, choice.product], made, 1.0)
    model.add(asked, short, 1.0)
    used = model.row("used", (scenarios, items), 0.0, 0.0)
    early = np.flatnonzero(choice.item != ORDER)
    model.add(used[:, choice.item[early]], made[:, early], 1.0)
    model.add(used, left, 1.0)
    model.add(used, stock[None, :], -1.0)
    late = np.flatnonzero(choice.uses > 0)
    if np.isfinite(choice.capacity) and len(late):
        room = model.row("room", (scenarios,), high=choice.capacity)
        model.add(room[:, None], made[:, late], choice.uses[late])
    if target is not None:
        most = (1.0 - float(between("target", target))) * float((chances @ demand).sum())
        served = model.row("served", (1,), high=most)
        model.add(served[0], short, np.broadcast_to(chances[:, None], demand.shape))
    solution = model.solve(method="presolved")
    if not solution.feasible:
        return None
    price = 0.0 if target is None else float(solution.duals["served"][0])
    return _held(choice, solution, choice.short if counts else np.zeros(len(choice.short)), price)


def _held(choice: Choice, solution: Solution, shortage: NDArray[np.float64], price: float) -> Held:
    """Return what a solution holds and costs, with money by unit short."""
    found = solution.values
    stock, missed = found["stock"], found["short"]
    by_scenario = stock @ choice.cost + found["made"] @ choice.finish + found["left"] @ choice.left + missed @ shortage
    total = float((choice.chances @ choice.demand).sum())
    return Held(
        stock=stock,
        cost=float(choice.chances @ by_scenario),
        service=1.0 - float((choice.chances @ missed).sum()) / total if total else 1.0,
        by_scenario=by_scenario,
        made=choice.chances @ found["made"],
        price=price,
    )
