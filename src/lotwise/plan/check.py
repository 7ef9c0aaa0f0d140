"""An independent checker: the rules a published plan has to keep, checked from the published tables alone.

It shares no code with the planner, loops in plain Python and knows nothing but the rules below, so that a fault of the
planner is not a fault of the checker too. Checked are the plan to carry out (information ``now``, real limits, the
latest cutoff, where its weeks are not over) and all other plans with real limits; past plans with what they brought.

==============  =====================================================================================================
not negative    no number of units, hours, quantities or cost is below 0 or not a number
economics       units only of products with economics
weeks           a plan has a row for each of its products and weeks, from its cutoff on, without a hole
machine hours   units x hours of one unit, made ``lead_weeks`` before they are for sale, are within regular and overtime hours
material        what is used up to each week is there: stock on hand, and arrivals within ``weekly_limit`` from the first week
                an order placed now can arrive in; where stock is unknown, and in past plans, as if ordered in time, with
                no stock
lead weeks      nothing is ready to sell before the lead weeks are over (past plans: begun in time)
lots            nothing, or at least ``lot_minimum`` and a whole number of ``lot_multiple``
orders          units due of products made to order are supplied by their week, or what is missing stands in ``conflicts``;
                an order due in the weeks of the plan is in its demand
purchase        not ordered before the cutoff, arrives after the lead weeks, at least the minimum order (or the weekly limit,
                where that is less), at most the weekly limit; cost = units x unit cost
projection      start + received - used - scrapped = end, end = next start, end not below 0; received is what is made or
                bought, used what is sold or taken by the plan, the first start what is on hand
prices          hours and units used, overtime and capacity are those of the plan
solves          each plan has its row; the objective is the plan's profit, the bound no less; infeasible with conflicts only
money           made as planned, demand as it came, sold + lost = demand, sold <= made + carried, left as units sold oldest
                first and taken off the shelf at their age leave it; profit = revenue - cost
uses            bills and routings exploded, by recursion
==============  =====================================================================================================

Published numbers have six digits. Each may be half a unit of the last digit away (``HALF``); sums may be as much more away as
they have terms. A limit may be exceeded by ``SOLVER`` absolutely and ``SHARE`` of itself: the tolerance of the solver.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import MissingTableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Row = dict[str, Any]
    Contents = dict[str, float]

HALF = 5e-7
SOLVER = 1e-5
SHARE = 1e-7
SHOWN = 3
NEEDED = ("plans", "economics", "demand")
WEEK = timedelta(weeks=1)
AGAIN = "The tables contradict one another: run lotwise run --only plan, and report it where it stays."
AMOUNTS = {
    "plans": ("units", "demand", "sold", "lost", "left"),
    "purchases": ("units", "cost"),
    "projection": ("received", "used", "scrapped"),
    "prices": ("used", "overtime", "price"),
    "uses": ("quantity",),
    "money": ("made", "demand", "sold", "lost", "left"),
}


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that a published row breaks; as text, one line with the rows and the next step.

    Parameters
    ----------
    rule
        Name of the rule, as in the table above.
    subject
        Which product, machine, material, item or plan.
    week
        Monday of the week; absent where the rule has none.
    found, allowed
        The number found, and the nearest one the rule allows; absent where there is none.
    message
        What was found, what was expected, in which rows, and the next step.
    """

    rule: str
    subject: str
    week: date | None
    found: float | None
    allowed: float | None
    message: str

    def __str__(self) -> str:
        when = "" if self.week is None else f", week of {self.week}"
        return f"{self.rule}: {self.subject}{when}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Plan:
    """One plan of ``plans``: its rows by product and week."""

    information: str
    limits: str
    cutoff: date
    weeks: tuple[date, ...]
    is_past: bool
    lead: int
    rows: dict[tuple[str, date], Row]

    @property
    def name(self) -> str:
        return f"plans with information '{self.information}', limits '{self.limits}', cutoff {self.cutoff}"

    @property
    def products(self) -> list[str]:
        return sorted({product for product, _ in self.rows})

    def units(self, product: str, week: date) -> float:
        row = self.rows.get((product, week))
        return 0.0 if row is None else float(row["units"])


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the tables say, read once.

    ``takes`` holds of each product and resource the hours or units of one unit, and how far they may be off.
    """

    tables: Mapping[str, pa.Table]
    overtime: bool
    backorder: bool
    machines: dict[str, Row]
    materials: dict[str, Row]
    economics: dict[str, Row]
    on_hand: dict[str, float]
    lots: dict[str, tuple[float, float]]
    takes: dict[str, dict[str, tuple[float, float]]]
    plans: tuple[_Plan, ...]

    @property
    def real(self) -> list[_Plan]:
        return [plan for plan in self.plans if plan.limits == "real"]

    @property
    def current(self) -> _Plan | None:
        now = [plan for plan in self.real if plan.information == "now" and not plan.is_past]
        return max(now, key=lambda plan: plan.cutoff, default=None)


def check(
    tables: Mapping[str, pa.Table], *, lead_weeks: int = 0, overtime: bool = True, backorder: bool = False
) -> list[Breach]:
    """Return every breach of a rule in published plans; none where they keep all rules.

    Parameters
    ----------
    tables
        Published tables by name: ``plans``, ``economics`` and ``demand``, and those of ``purchases, projection, prices, uses,
        machines, materials, stock, products, bom, routing, orders, conflicts, money, solves`` that exist. What is not judged
        for want of a table says ``unchecked``.
    lead_weeks, overtime
        As in ``[plan]``: weeks from making a unit to having it for sale, and whether overtime may be planned.
    backorder
        Whether unmet demand waits (``plan.unserved = "backorder"``) or is lost in its week.

    Raises
    ------
    MissingTableError
        A table that is needed is absent.
    """
    absent = [name for name in NEEDED if name not in tables]
    if absent:
        message = f"The plan cannot be checked without {', '.join(absent)}. Make what is missing with: lotwise run"
        raise MissingTableError(message)
    facts = _read(tables, lead_weeks, overtime=overtime, backorder=backorder)
    found = [*_amounts(tables), *_uses(facts), *_solves(facts), *_money(facts)]
    for plan in facts.plans:
        found += _products(facts, plan)
    for plan in facts.real:
        for judge in (_hours, _arrivals, _lots, _lead, _prices):
            found += judge(facts, plan)
    if facts.current is not None:
        for judge in (_orders, _purchases, _projection):
            found += judge(facts, facts.current)
    return found


def unchecked(tables: Mapping[str, pa.Table]) -> list[str]:
    """Return what ``check`` does not judge in these tables, and why, a sentence each."""
    wants = {
        "uses": "hours and units of one unit are taken from bills and routings",
        "bom": "uses are compared with routings only",
        "routing": "uses are compared with bills only",
        "machines": "no machine limits a plan",
        "materials": "no material limits a plan",
        "products": "no lots and no promised orders are known",
        "orders": "no promised orders are known",
        "money": "what past plans brought is not judged",
        "solves": "objectives are not judged",
        "prices": "loads published beside prices are not judged",
        "purchases": "no order of material is judged",
        "projection": "no expected stock is judged",
    }
    found = [f"Table '{name}' is absent: {why}." for name, why in wants.items() if name not in tables]
    lines = sum(row["option"] != "always" for row in _rows(tables, "bom", "option"))
    if lines:
        found.append(f"{lines} rows of 'bom' hold for one value of an option only, as often as orders choose it: uses of their")
        found[-1] += " resources are only held between what is always used and the most that any choice uses."
    setups = sum((row["setup_hours"] or 0.0) > 0 for row in _rows(tables, "routing", "setup_hours"))
    if setups:
        found.append(
            f"{setups} rows of 'routing' have setup hours: published plans count hours by unit only, and so does this."
        )
    return found


def _read(tables: Mapping[str, pa.Table], lead: int, *, overtime: bool, backorder: bool) -> _Facts:
    machines = {row["machine"]: row for row in _rows(tables, "machines")}
    materials = {row["material"]: row for row in _rows(tables, "materials")}
    last = pc.max(tables["demand"]["week"]).as_py()
    groups: dict[tuple[str, str, date], dict[tuple[str, date], Row]] = defaultdict(dict)
    for row in _rows(tables, "plans"):
        groups[row["information"], row["limits"], row["cutoff"]][row["product"], row["week"]] = row
    plans = []
    for (information, limits, cutoff), rows in sorted(groups.items()):
        weeks = tuple(sorted({week for _, week in rows}))
        is_past = last is not None and weeks[-1] <= last
        plans.append(_Plan(information, limits, cutoff, weeks, is_past, 0 if is_past else min(lead, len(weeks)), rows))
    takes: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    explosion = _Explosion(tables)
    for row in _rows(tables, "uses"):
        takes[row["product"]][row["resource"]] = (row["quantity"], HALF)
    for product in {product for plan in plans for product in plan.products} if explosion.is_known else ():
        least, most = explosion.of(product)
        for resource, quantity in least.items():
            published = takes[product].get(resource, (quantity, 0.0))[0]
            if quantity == most[resource] and abs(published - quantity) <= 2 * HALF:
                takes[product][resource] = (quantity, 0.0)
    economics = {row["product"]: row for row in _rows(tables, "economics")}
    lots = {
        row["product"]: (row["lot_minimum"] or 0.0, row["lot_multiple"] or 0.0)
        for row in _rows(tables, "products", "product", "lot_minimum", "lot_multiple")
    }
    stock = _stock(tables)
    return _Facts(tables, overtime, backorder, machines, materials, economics, stock, lots, dict(takes), tuple(plans))


def _rows(tables: Mapping[str, pa.Table], name: str, *columns: str) -> list[Row]:
    """Return the rows of a table, none where there is no such table."""
    if name not in tables:
        return []
    table = tables[name]
    found: list[Row] = (table.select(list(columns)) if columns else table).to_pylist()
    return found


def _stock(tables: Mapping[str, pa.Table]) -> dict[str, float]:
    """Return the units of each item on the latest day anybody counted it, all regions together."""
    latest: dict[str, date] = {}
    rows = _rows(tables, "stock", "item", "day", "units")
    for row in rows:
        latest[row["item"]] = max(latest.get(row["item"], row["day"]), row["day"])
    units = dict.fromkeys(latest, 0.0)
    for row in rows:
        if row["day"] == latest[row["item"]]:
            units[row["item"]] += row["units"]
    return units


def _broken(at: tuple[str, str, date | None], said: tuple[float, str, float], rows: str, remedy: str) -> Breach:
    """Return a breach: its rule, subject and week; what was found, how it relates to what is allowed; rows and next step."""
    found, relation, allowed = said
    message = f"found {found:,.10g}, expected {relation} {allowed:,.10g}, in {rows}. {remedy}"
    return Breach(*at, found, allowed, message)


def _unequal(
    at: tuple[str, str, date | None], judged: Iterable[tuple[str, float, float, float]], rows: str, remedy: str
) -> Iterator[Breach]:
    """Yield a breach for each column whose value is further from the one expected than its slack, or is no number."""
    for column, value, expected, slack in judged:
        if value != expected and not abs(value - expected) <= slack:
            yield _broken(at, (value, "exactly", expected), f"{rows}, column '{column}'", remedy)


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _amounts(tables: Mapping[str, pa.Table]) -> Iterator[Breach]:
    for name, columns in AMOUNTS.items():
        for number, row in enumerate(_rows(tables, name), start=1):
            for column in columns:
                value = math.nan if row[column] is None else row[column]
                if not 0 <= value < math.inf:
                    subject = next(str(row[key]) for key in ("product", "item", "material", "resource") if key in row)
                    at = ("not negative", subject, row.get("week"))
                    yield _broken(at, (value, "at least", 0.0), f"table '{name}', row {number}, column '{column}'", AGAIN)


def _products(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    """Yield products without economics, and weeks a plan leaves out."""
    weeks = [plan.cutoff + WEEK * number for number in range(len(plan.weeks))]
    for product in plan.products:
        units = math.fsum(plan.units(product, week) for week in plan.weeks)
        if units > HALF and product not in facts.economics:
            remedy = "Give the product price and cost in products or [economics], or leave it out of the plan."
            yield _broken(("economics", product, None), (units, "at most", 0.0), plan.name, remedy)
        gaps = [week for week in weeks if (product, week) not in plan.rows]
        if gaps:
            there = (len(weeks) - len(gaps), "exactly", len(weeks))
            yield _broken(("weeks", product, gaps[0]), there, f"the weeks of {plan.name}", AGAIN)


def _load(facts: _Facts, plan: _Plan) -> dict[str, list[tuple[float, float]]]:
    """Return what is used of each resource in each week, and how far rounding may put it off."""
    total: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(plan.weeks))
    slack: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(plan.weeks))
    place = {week: number - plan.lead for number, week in enumerate(plan.weeks)}
    for (product, week), row in plan.rows.items():
        if place[week] >= 0:
            for resource, (quantity, off) in facts.takes.get(product, {}).items():
                total[resource][place[week]] += row["units"] * quantity
                slack[resource][place[week]] += HALF * quantity + off * row["units"]
    return {resource: list(zip(used, slack[resource], strict=True)) for resource, used in total.items()}


def _biggest(facts: _Facts, plan: _Plan, resource: str, first: int, last: int) -> str:
    """Return the products that take most of a resource in some weeks, by their number."""
    taken = {}
    for product in plan.products:
        quantity = facts.takes.get(product, {}).get(resource, (0.0, 0.0))[0]
        ready = plan.weeks[first + plan.lead : last + plan.lead + 1]
        taken[product] = quantity * math.fsum(plan.units(product, week) for week in ready)
    order = sorted((product for product in taken if taken[product] > 0), key=lambda product: (-taken[product], product))
    return _few([f"{product} ({taken[product]:,.6g})" for product in order])


def _hours(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    load = _load(facts, plan)
    for machine, row in sorted(facts.machines.items()):
        extra = (row["overtime_hours"] or 0.0) if facts.overtime else 0.0
        there = row["hours"] + extra
        for number, (used, slack) in enumerate(load.get(machine, ())):
            if used > there * (1 + SHARE) + SOLVER + slack:
                most = _biggest(facts, plan, machine, number, number)
                remedy = f"Hours go to {most}: make less of these in this week, or add hours in machines."
                rows = f"{plan.name} ({row['hours']:,.6g} regular and {extra:,.6g} overtime hours)"
                yield _broken(("machine hours", machine, plan.weeks[number]), (used, "at most", there), rows, remedy)


def _allowed(facts: _Facts, plan: _Plan, material: str) -> list[float]:
    """Return the most units of a material that can come in each week, in the first with the stock on hand."""
    row = facts.materials[material]
    known = not plan.is_past and material in facts.on_hand
    limit = math.inf if row["weekly_limit"] is None else row["weekly_limit"]
    wait = (row["lead_weeks"] or 0) if known else 0
    arriving = [limit if number >= wait else 0.0 for number in range(len(plan.weeks))]
    arriving[0] += facts.on_hand[material] if known else 0.0
    return arriving


def _arrivals(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    """Yield the first week in which more of a material is used up than there can be."""
    load = _load(facts, plan)
    for material in sorted(facts.materials.keys() & load.keys()):
        used = there = slack = 0.0
        for number, arriving in enumerate(_allowed(facts, plan, material)):
            used, slack, there = used + load[material][number][0], slack + load[material][number][1], there + arriving
            if used > there * (1 + SHARE) + SOLVER + slack:
                most = _biggest(facts, plan, material, 0, number)
                remedy = f"Units up to this week go to {most}: make less of these, or later; or raise stock or weekly_limit."
                at, said = ("material", material, plan.weeks[number]), (used, "at most", there)
                yield _broken(at, said, f"{plan.name}, added up from its first week", remedy)
                break


def _lots(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    for (product, week), row in sorted(plan.rows.items()):
        units, (minimum, multiple) = row["units"], facts.lots.get(product, (0.0, 0.0))
        at, slack = ("lots", product, week), 4 * HALF + 1e-12 * units
        if slack < units < minimum - slack:
            yield _broken(
                at, (units, "0 or at least", minimum), plan.name, "Make the smallest lot or none, or lower lot_minimum."
            )
        whole = round(units / multiple) * multiple if multiple > 2 * HALF else units
        if abs(units - whole) > slack:
            remedy = f"Lots are multiples of {multiple:,.10g}: make whole ones, or change lot_multiple."
            yield _broken(at, (units, "such as", whole), plan.name, remedy)


def _lead(_: _Facts, plan: _Plan) -> Iterator[Breach]:
    for product in plan.products:
        for week in plan.weeks[: plan.lead]:
            if (units := plan.units(product, week)) > HALF:
                remedy = f"Nothing made now is ready before {plan.cutoff + WEEK * plan.lead}: sell from stock until then."
                yield _broken(("lead weeks", product, week), (units, "at most", 0.0), plan.name, remedy)


def _prices(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    if "prices" not in facts.tables:
        return
    load, table = _load(facts, plan), facts.tables["prices"]
    place = {week: number for number, week in enumerate(plan.weeks)}
    mine = pc.and_(pc.equal(table["information"], plan.information), pc.equal(table["cutoff"], pa.scalar(plan.cutoff)))
    for row in table.filter(mine).to_pylist():
        name, number, is_machine = row["resource"], place.get(row["week"]), row["kind"] == "machine"
        known = number is not None and name in (facts.machines if is_machine else facts.materials)
        if not known or number is None:
            remedy = "The machine or material, or the week, is unknown: correct machines or materials, and plan again."
            yield _broken(("prices", name, row["week"]), (row["used"], "nothing, not even", 0.0), "table 'prices'", remedy)
            continue
        there = facts.machines[name]["hours"] if is_machine else _allowed(facts, plan, name)[number]
        used, slack = load[name][number] if name in load else (0.0, 0.0)
        judged = (
            ("used", row["used"], used, slack + 2 * HALF),
            ("overtime", row["overtime"], max(used - there, 0.0) if is_machine else 0.0, slack + 2 * HALF),
            ("capacity", math.inf if row["capacity"] is None else row["capacity"], there, 2 * HALF),
        )
        yield from _unequal(("prices", name, row["week"]), judged, f"table 'prices' beside {plan.name}", AGAIN)


def _solves(facts: _Facts) -> Iterator[Breach]:
    if "solves" not in facts.tables:
        return
    solves = {(row["information"], row["limits"], row["cutoff"]): row for row in _rows(facts.tables, "solves")}
    conflicts = len(_rows(facts.tables, "conflicts"))
    for plan in facts.plans:
        at = ("solves", plan.name, None)
        row = solves.get((plan.information, plan.limits, plan.cutoff))
        if row is None:
            yield _broken(at, (0, "exactly", 1), "rows of table 'solves' for this plan", AGAIN)
            continue
        profit, is_kept = math.fsum(one["profit"] for one in plan.rows.values()), row["status"] == "optimal"
        judged = [("objective", row["objective"], profit, HALF * (len(plan.rows) + 2))]
        yield from _unequal(at, judged, "table 'solves' (the sum of the plan's profits)", AGAIN)
        if is_kept and row["bound"] < row["objective"] - 2 * HALF:
            yield _broken(at, (row["bound"], "at least", row["objective"]), "table 'solves', column 'bound'", AGAIN)
        if plan is facts.current and "conflicts" in facts.tables and is_kept != (conflicts == 0):
            said = (conflicts, "exactly", 0) if is_kept else (conflicts, "at least", 1)
            yield _broken(at, said, f"rows of table 'conflicts', for the status is {row['status']}", AGAIN)


def _due(facts: _Facts, plan: _Plan) -> dict[tuple[str, date], tuple[float, list[str]]]:
    """Return units and order numbers of what is due in each week of a plan, of products made to order."""
    if "orders" not in facts.tables or "products" not in facts.tables:
        return {}
    to_order = {row["product"] for row in _rows(facts.tables, "products", "product", "make") if row["make"] == "order"}
    orders = facts.tables["orders"].select(["order", "product", "units", "due", "kind"])
    found: dict[tuple[str, date], tuple[float, list[str]]] = {}
    for row in orders.filter(pc.greater_equal(orders["due"], pa.scalar(plan.cutoff))).to_pylist():
        monday = row["due"] - timedelta(days=row["due"].weekday())
        if row["kind"] == "sale" and row["product"] in to_order and monday in plan.weeks:
            units, names = found.get((row["product"], monday), (0.0, []))
            found[row["product"], monday] = (units + row["units"], sorted({*names, row["order"]}))
    return found


def _orders(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    missing = {row["row"]: (row["needed"] or 0.0) - (row["available"] or 0.0) for row in _rows(facts.tables, "conflicts")}
    owed: dict[str, float] = defaultdict(float)
    for (product, week), (units, names) in sorted(_due(facts, plan).items()):
        at, rows = ("orders", product, week), f"orders {_few(names)} beside {plan.name}"
        asked = plan.rows[product, week]["demand"] if (product, week) in plan.rows else 0.0
        if asked < units - SOLVER:
            remedy = "The plan does not know all these orders: give the product economics and history, and plan again."
            yield _broken(at, (asked, "a demand of at least", units), rows, remedy)
            continue
        owed[product] += units
        made = math.fsum(plan.units(product, day) for day in plan.weeks if day <= week) + facts.on_hand.get(product, 0.0)
        allowed = owed[product] - missing.get(f"orders for {product} due in the week of {week}", 0.0)
        if made < allowed - SOLVER - HALF * (len(plan.weeks) + 2):
            remedy = "What cannot be kept has to stand in conflicts: make more by this week, or promise a later day."
            yield _broken(at, (made, "supplied by then at least", allowed), rows, remedy)


def _purchases(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    arriving: dict[tuple[str, date], float] = defaultdict(float)
    for row in _rows(facts.tables, "purchases"):
        name, week, units = row["material"], row["week"], row["units"]
        at, rows = ("purchase", name, week), f"table 'purchases', {name} ordered in the week of {week}"
        if name not in facts.materials:
            yield _broken(at, (units, "at most", 0.0), rows, "Add the material to the table materials, or do not order it.")
            continue
        rule = facts.materials[name]
        limit = math.inf if rule["weekly_limit"] is None else rule["weekly_limit"]
        arriving[name, row["arrives"]] += units
        least, total = min(rule["minimum_order"] or 0.0, limit), arriving[name, row["arrives"]]
        lead, waits, late = rule["lead_weeks"] or 0, (row["arrives"] - week) / WEEK, (plan.cutoff - week) / WEEK
        if waits != lead:
            yield _broken(at, (waits, "weeks to arrive exactly", lead), rows, "Order as far ahead as lead_weeks says.")
        if late > 0:
            remedy = "Nobody can order in the past: plan with what there is, or find a faster supplier."
            yield _broken(at, (late, "weeks before the cutoff at most", 0.0), rows, remedy)
        if units < least - 2 * HALF:
            yield _broken(at, (units, "at least", least), rows, "Order minimum_order, or nothing.")
        if total > limit + SOLVER:
            yield _broken(at, (total, "arriving in one week at most", limit), rows, "Spread it over the weeks before.")
        judged = [("cost", row["cost"], units * rule["unit_cost"], HALF * (rule["unit_cost"] + 2))]
        yield from _unequal(at, judged, rows, f"{units:,.10g} units cost {rule['unit_cost']:,.10g} each: plan again.")


def _projection(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    """Yield breaches of the balance, and of what goes into it; weeks in which nothing is there or moves have no row."""
    if "projection" not in facts.tables:
        return
    none = dict.fromkeys(("start", "received", "used", "scrapped", "end"), 0.0)
    rows = {(row["item"], row["week"]): row for row in _rows(facts.tables, "projection")}
    flows = _flows(facts, plan)
    for item in sorted({item for item, _ in (*rows, *flows)}):
        before = facts.on_hand.get(item, 0.0 if item in plan.products else None)
        if item not in plan.products and item not in facts.materials:
            before = None  # stock of components is not counted
        for number, week in enumerate(plan.weeks):
            row, at, where = rows.get((item, week), none), ("projection", item, week), f"table 'projection', {item}"
            balance = row["start"] + row["received"] - row["used"] - row["scrapped"]
            judged = [("end", row["end"], balance, 5 * HALF)]
            if before is not None:
                judged.append(("start", row["start"], before, 4 * HALF))
            judged += [(name, row[name], units, slack) for name, units, slack in flows.get((item, week), ())]
            yield from _unequal(at, judged, where, AGAIN)
            if row["end"] < -2 * HALF * (number + 2):
                remedy = "More is used than there is: buy or make more before, or use less."
                yield _broken(at, (row["end"], "at least", 0.0), f"{where}, column 'end'", remedy)
            before = row["end"]


def _flows(facts: _Facts, plan: _Plan) -> dict[tuple[str, date], list[tuple[str, float, float]]]:
    """Return what goes into and out of products and materials by the other tables: column, units and slack."""
    found: dict[tuple[str, date], list[tuple[str, float, float]]] = {}
    bought: dict[tuple[str, date], float] = defaultdict(float)
    for row in _rows(facts.tables, "purchases", "material", "arrives", "units"):
        bought[row["material"], row["arrives"]] += row["units"]
    for name, load in _load(facts, plan).items():
        for week, (used, slack) in zip(plan.weeks, load, strict=True) if name in facts.materials else ():
            found[name, week] = [("used", used, slack + 4 * HALF)]
            if "purchases" in facts.tables:
                found[name, week].append(("received", bought[name, week], 4 * HALF))
    for at, row in plan.rows.items():
        found[at] = [("received", row["units"], 4 * HALF), ("used", row["sold"], 4 * HALF)]
    return found


def _money(facts: _Facts) -> Iterator[Breach]:
    asked: dict[tuple[str, date], float] = defaultdict(float)
    for row in _rows(facts.tables, "demand", "product", "week", "units"):
        asked[row["product"], row["week"]] += row["units"]
    plans = {(plan.information, plan.limits, plan.cutoff): plan for plan in facts.plans}
    groups: dict[tuple[str, str, date, str], list[Row]] = defaultdict(list)
    for row in _rows(facts.tables, "money"):
        groups[row["information"], row["limits"], row["cutoff"], row["product"]].append(row)
    for (information, limits, cutoff, product), unsorted in sorted(groups.items()):
        rows, plan = sorted(unsorted, key=lambda row: row["week"]), plans.get((information, limits, cutoff))
        where = f"table 'money', information '{information}', limits '{limits}', cutoff {cutoff}"
        left = _left_over(rows, facts.economics.get(product, {}).get("shelf_weeks"))
        lost = _lost(rows, backorder=facts.backorder)
        for number, row in enumerate(rows):
            at, (there, remains), off = ("money", product, row["week"]), left[number], 2 * HALF * (number + 2)
            judged = [
                ("demand", row["demand"], asked[product, row["week"]], 2 * HALF),
                ("lost", row["lost"], lost[number], off),
                ("profit", row["profit"], row["revenue"] - row["cost"], 4 * HALF),
            ]
            if plan is not None:
                judged.append(("made", row["made"], plan.units(product, row["week"]), 2 * HALF))
            if row["sold"] > there + off:
                yield _broken(at, (row["sold"], "at most", there), f"{where}, column 'sold'", AGAIN)
            else:
                judged.append(("left", row["left"], remains, off))
            yield from _unequal(at, judged, where, AGAIN)


def _left_over(rows: list[Row], shelf: float | None) -> list[tuple[float, float]]:
    """Return units for sale and left in each week, where the oldest are sold first and go at the end of their last week."""
    cohorts: list[tuple[int, float]] = []  # age in weeks, units; oldest first
    found = []
    for row in rows:
        kept = [(age + 1, units) for age, units in cohorts if shelf is None or age + 1 < math.floor(shelf)]
        there, sold, cohorts = math.fsum(units for _, units in kept) + row["made"], row["sold"], []
        for age, units in (*kept, (0, row["made"])):
            taken = min(units, sold)
            cohorts.append((age, units - taken))
            sold -= taken
        found.append((there, math.fsum(units for _, units in cohorts)))
    return found


def _lost(rows: list[Row], *, backorder: bool) -> list[float]:
    """Return the units lost in each week: all that is not sold, or, where demand waits, what waits after the last."""
    if not backorder:
        return [row["demand"] - row["sold"] for row in rows]
    return [0.0] * (len(rows) - 1) + [math.fsum(row["demand"] - row["sold"] for row in rows)]


class _Explosion:
    """Bills and routings, exploded by recursion.

    An item with a routing is made; any other that is a material is bought, and needs nothing else.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self.is_known = "bom" in tables or ("routing" in tables and "machines" in tables)
        self.parts: dict[str, list[Row]] = defaultdict(list)
        self.steps: dict[str, list[Row]] = defaultdict(list)
        self.materials = {row["material"] for row in _rows(tables, "materials", "material")}
        self.loops: dict[str, tuple[str, ...]] = {}
        self._known: dict[str, tuple[Contents, Contents]] = {}
        for row in _rows(tables, "bom"):
            self.parts[row["item"]].append(row)
        for row in _rows(tables, "routing", "item", "machine", "hours") if "machines" in tables else ():
            self.steps[row["item"]].append(row)

    def of(self, item: str, above: tuple[str, ...] = ()) -> tuple[Contents, Contents]:
        """Return hours and units in one unit of an item: what is always used, and the most that any choices use."""
        if item in above:
            self.loops[above[0]] = (*above[above.index(item) :], item)
            return {}, {}
        if item in self._known:
            return self._known[item]
        least: Contents = defaultdict(float)
        most: Contents = defaultdict(float)
        choices: dict[str, dict[str, Contents]] = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
        for step in self.steps.get(item, ()):
            least[step["machine"]] += step["hours"]
            most[step["machine"]] += step["hours"]
        if item not in self.steps and item in self.materials:
            return {item: 1.0}, {item: 1.0}
        for line in self.parts.get(item, ()):
            some, all_ = self.of(line["component"], (*above, item))
            for resource, quantity in all_.items():
                if line["option"] == "always":
                    least[resource] += line["quantity"] * some.get(resource, 0.0)
                    most[resource] += line["quantity"] * quantity
                else:
                    choices[line["option"]][line["value"]][resource] += line["quantity"] * quantity
        for values in choices.values():
            for resource in {name for contents in values.values() for name in contents}:
                most[resource] += max(contents.get(resource, 0.0) for contents in values.values())
                least[resource] += 0.0
        self._known[item] = (dict(least), dict(most))
        return self._known[item]


def _uses(facts: _Facts) -> Iterator[Breach]:
    explosion = _Explosion(facts.tables)
    if "uses" not in facts.tables or not explosion.is_known:
        return
    published: dict[str, Contents] = defaultdict(dict)
    for row in _rows(facts.tables, "uses"):
        published[row["product"]][row["resource"]] = row["quantity"]
    cutoff = max((plan.cutoff for plan in facts.plans), default=None)
    planned = {product for plan in facts.plans if plan.cutoff == cutoff for product in plan.products}
    remedy = "Compare these rows with bom and routing, and run lotwise run --only plan."
    for product in sorted(planned | published.keys()):
        least, most = explosion.of(product)
        if product in explosion.loops:
            loop = " needs ".join(f"'{item}'" for item in explosion.loops[product])
            message = f"table 'bom': items contain themselves: {loop}. Remove one of these rows."
            yield Breach("uses", product, None, None, None, message)
            continue
        for resource in sorted(published[product].keys() | most.keys()):
            quantity, low, high = published[product].get(resource, 0.0), least.get(resource, 0.0), most.get(resource, 0.0)
            allowed = min(max(quantity, low), high)
            if not abs(quantity - allowed) <= 2 * HALF:
                relation = "exactly" if low == high else "at least" if quantity < low else "at most"
                at = ("uses", f"{product} of {resource}", None)
                yield _broken(at, (quantity, relation, allowed), f"table 'uses', {product} of {resource}", remedy)
