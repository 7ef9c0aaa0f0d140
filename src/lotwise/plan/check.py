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
solves          each plan has its row; the objective is the profit of the plan, the bound no less; infeasible with conflicts only
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
    from collections.abc import Iterator, Mapping

    Row = dict[str, Any]
    Contents = dict[str, float]

HALF = 5e-7
SOLVER = 1e-5
SHARE = 1e-7
SHOWN = 3
NEEDED = ("plans", "economics", "demand")
WEEK = timedelta(weeks=1)
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
    return _Facts(tables, overtime, backorder, machines, materials, economics, _stock(tables), dict(takes), tuple(plans))


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


def _says(found: float, relation: str, allowed: float, rows: str, remedy: str) -> str:
    return f"found {found:,.10g}, expected {relation} {allowed:,.10g}, in {rows}. {remedy}"


def _differs(one: float, two: float, slack: float) -> bool:
    """Return whether two numbers differ; a number that is none differs from all."""
    return not abs(one - two) <= slack


def _amounts(tables: Mapping[str, pa.Table]) -> Iterator[Breach]:
    remedy = "Nothing can be less than none: run lotwise run --only plan, and report it where it stays."
    for name, columns in AMOUNTS.items():
        for number, row in enumerate(_rows(tables, name), start=1):
            for column in columns:
                value = row[column]
                if value is None or not 0 <= value < math.inf:
                    subject = str(row.get("product") or row.get("item") or row.get("material") or row.get("resource"))
                    value = math.nan if value is None else value
                    message = _says(value, "at least", 0, f"table '{name}', row {number}, column '{column}'", remedy)
                    yield Breach("not negative", subject, row.get("week"), value, 0.0, message)


def _products(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    """Yield products without economics, and weeks a plan leaves out."""
    weeks = [plan.cutoff + WEEK * number for number in range(len(plan.weeks))]
    for product in plan.products:
        units = math.fsum(plan.units(product, week) for week in plan.weeks)
        if units > HALF and product not in facts.economics:
            remedy = "Give the product price and cost in products or [economics], or leave it out of the plan."
            yield Breach("economics", product, None, units, 0.0, _says(units, "at most", 0, plan.name, remedy))
        there = [week for week in weeks if (product, week) in plan.rows]
        if len(there) < len(weeks):
            gap = next(week for week in weeks if week not in there)
            message = _says(
                len(there), "exactly", len(weeks), f"the weeks of {plan.name}", "Plan again: lotwise run --only plan."
            )
            yield Breach("weeks", product, gap, len(there), len(weeks), message)


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


def _biggest(facts: _Facts, plan: _Plan, resource: str, weeks: int, first: int = 0) -> str:
    """Return the products that take most of a resource, from a place of the weeks to another."""
    taken = {}
    for product in plan.products:
        quantity = facts.takes.get(product, {}).get(resource, (0.0, 0.0))[0]
        ready = plan.weeks[first + plan.lead : weeks + plan.lead]
        taken[product] = quantity * math.fsum(plan.units(product, week) for week in ready)
    order = sorted((product for product in taken if taken[product] > 0), key=lambda product: (-taken[product], product))
    more = f" and {len(order) - SHOWN} more" if len(order) > SHOWN else ""
    return ", ".join(f"{product} {taken[product]:,.6g}" for product in order[:SHOWN]) + more


def _hours(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    load = _load(facts, plan)
    for machine, row in sorted(facts.machines.items()):
        extra = (row["overtime_hours"] or 0.0) if facts.overtime else 0.0
        there = row["hours"] + extra
        for number, (used, slack) in enumerate(load.get(machine, ())):
            if used > there * (1 + SHARE) + SOLVER + slack:
                most = _biggest(facts, plan, machine, number + 1, number)
                remedy = f"Hours go to {most}: make less of these in this week, or add hours in machines."
                message = _says(
                    used, "at most", there, f"{plan.name} ({row['hours']:,.6g} regular, {extra:,.6g} overtime)", remedy
                )
                yield Breach("machine hours", machine, plan.weeks[number], used, there, message)


def _allowed(facts: _Facts, plan: _Plan, material: str) -> list[float]:
    """Return the most units of a material there can be by each week, the first with the stock on hand."""
    row = facts.materials[material]
    known = not plan.is_past and material in facts.on_hand
    limit = math.inf if row["weekly_limit"] is None else row["weekly_limit"]
    wait = (row["lead_weeks"] or 0) if known else 0
    arriving = [limit if number >= wait else 0.0 for number in range(len(plan.weeks))]
    arriving[0] += facts.on_hand[material] if known else 0.0
    return arriving


def _arrivals(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    load = _load(facts, plan)
    for material in sorted(facts.materials.keys() & load.keys()):
        used = there = slack = 0.0
        for number, arriving in enumerate(_allowed(facts, plan, material)):
            used, slack, there = used + load[material][number][0], slack + load[material][number][1], there + arriving
            if used > there * (1 + SHARE) + SOLVER + slack:
                most = _biggest(facts, plan, material, number + 1)
                remedy = f"Units up to this week go to {most}: make less of these, or later; or raise stock or weekly_limit."
                message = _says(used, "at most", there, f"{plan.name}, added up from its first week", remedy)
                yield Breach("material", material, plan.weeks[number], used, there, message)
                break


def _lots(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    rules = {
        row["product"]: (row["lot_minimum"] or 0.0, row["lot_multiple"] or 0.0)
        for row in _rows(facts.tables, "products", "product", "lot_minimum", "lot_multiple")
    }
    for (product, week), row in sorted(plan.rows.items()):
        units, (minimum, multiple) = row["units"], rules.get(product, (0.0, 0.0))
        slack = 4 * HALF + 1e-12 * units
        if units <= slack:
            continue
        if units < minimum - slack:
            message = _says(units, "0 or at least", minimum, plan.name, "Make the smallest lot or none, or lower lot_minimum.")
            yield Breach("lots", product, week, units, minimum, message)
        whole = round(units / multiple) * multiple if multiple > 2 * HALF else units
        if abs(units - whole) > slack:
            remedy = f"Lots are multiples of {multiple:,.10g}: make whole ones, or change lot_multiple."
            yield Breach("lots", product, week, units, whole, _says(units, "such as", whole, plan.name, remedy))


def _lead(_: _Facts, plan: _Plan) -> Iterator[Breach]:
    for product in plan.products:
        for week in plan.weeks[: plan.lead]:
            units = plan.units(product, week)
            if units > HALF:
                remedy = f"Nothing made now is ready before {plan.cutoff + WEEK * plan.lead}: sell from stock until then."
                yield Breach("lead weeks", product, week, units, 0.0, _says(units, "at most", 0, plan.name, remedy))


def _prices(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    load = _load(facts, plan)
    place = {week: number for number, week in enumerate(plan.weeks)}
    table = facts.tables.get("prices")
    if table is None:
        return
    mine = pc.and_(pc.equal(table["information"], plan.information), pc.equal(table["cutoff"], pa.scalar(plan.cutoff)))
    remedy = "The table does not fit its plan: run lotwise run --only plan, and report it where it stays."
    for row in table.filter(mine).to_pylist():
        name, number = row["resource"], place.get(row["week"], -1)
        there: float | None = None
        used, slack = load[name][number] if name in load and number >= 0 else (0.0, 0.0)
        if name in facts.machines and row["kind"] == "machine":
            there = facts.machines[name]["hours"]
        elif name in facts.materials and number >= 0:
            there = _allowed(facts, plan, name)[number]
        extra = max(used - there, 0.0) if there is not None and row["kind"] == "machine" else 0.0
        capacity = math.inf if row["capacity"] is None else row["capacity"]
        allowed = there if there is not None else 0.0
        pairs = (("used", row["used"], used), ("overtime", row["overtime"], extra), ("capacity", capacity, allowed))
        for column, value, expected in pairs:
            if value != expected and _differs(value, expected, slack + 2 * HALF):
                rows = f"table 'prices', column '{column}', beside {plan.name}"
                yield Breach("prices", name, row["week"], value, expected, _says(value, "exactly", expected, rows, remedy))


def _solves(facts: _Facts) -> Iterator[Breach]:
    if "solves" not in facts.tables:
        return
    rows = {(row["information"], row["limits"], row["cutoff"]): row for row in _rows(facts.tables, "solves")}
    conflicts = len(_rows(facts.tables, "conflicts"))
    remedy = "Plan again: lotwise run --only plan, and report it where it stays."
    for plan in facts.plans:
        row = rows.get((plan.information, plan.limits, plan.cutoff))
        if row is None:
            yield Breach(
                "solves", plan.name, None, 0, 1, _says(0, "exactly", 1, "rows of table 'solves' for this plan", remedy)
            )
            continue
        profit, slack = math.fsum(one["profit"] for one in plan.rows.values()), HALF * (len(plan.rows) + 2)
        if _differs(row["objective"], profit, slack):
            message = _says(
                row["objective"], "exactly", profit, "table 'solves', column 'objective' (the plan's profits)", remedy
            )
            yield Breach("solves", plan.name, None, row["objective"], profit, message)
        if row["status"] == "optimal" and row["bound"] < row["objective"] - 2 * HALF:
            message = _says(row["bound"], "at least", row["objective"], "table 'solves', column 'bound'", remedy)
            yield Breach("solves", plan.name, None, row["bound"], row["objective"], message)
        if plan is facts.current and "conflicts" in facts.tables and (row["status"] == "infeasible") != (conflicts > 0):
            expected = 1 if row["status"] == "infeasible" else 0
            relation = "at least" if expected else "exactly"
            message = _says(conflicts, relation, expected, f"table 'conflicts', for its status is {row['status']}", remedy)
            yield Breach("solves", plan.name, None, conflicts, expected, message)


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
            found[row["product"], monday] = (units + row["units"], [*names, row["order"]])
    return found


def _orders(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    missing = {row["row"]: (row["needed"] or 0.0) - (row["available"] or 0.0) for row in _rows(facts.tables, "conflicts")}
    due, owed = _due(facts, plan), defaultdict(float)
    for (product, week), (units, names) in sorted(due.items()):
        shown = ", ".join(sorted(set(names))[:SHOWN]) + (
            f" and {len(set(names)) - SHOWN} more" if len(set(names)) > SHOWN else ""
        )
        rows = f"orders {shown} beside {plan.name}"
        row = plan.rows.get((product, week))
        asked = 0.0 if row is None else row["demand"]
        if asked < units - SOLVER:
            remedy = "The plan does not know of all these orders: give the product economics and history, and plan again."
            yield Breach("orders", product, week, asked, units, _says(asked, "a demand of at least", units, rows, remedy))
            continue
        owed[product] += units
        made = math.fsum(plan.units(product, day) for day in plan.weeks if day <= week) + facts.on_hand.get(product, 0.0)
        allowed = owed[product] - missing.get(f"orders for {product} due in the week of {week}", 0.0)
        if made < allowed - SOLVER - HALF * (len(plan.weeks) + 2):
            remedy = "What cannot be kept has to stand in conflicts: make more by this week, or promise a later day."
            yield Breach("orders", product, week, made, allowed, _says(made, "supplied at least", allowed, rows, remedy))


def _purchases(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    arriving: dict[tuple[str, date], float] = defaultdict(float)
    for row in _rows(facts.tables, "purchases"):
        name, week, units = row["material"], row["week"], row["units"]
        rows = f"table 'purchases', {name} ordered in the week of {week}"
        if name not in facts.materials:
            message = _says(units, "at most", 0, rows, "Add the material to the table materials, or do not order it.")
            yield Breach("purchase", name, week, units, 0.0, message)
            continue
        rule = facts.materials[name]
        lead, limit = rule["lead_weeks"] or 0, math.inf if rule["weekly_limit"] is None else rule["weekly_limit"]
        arriving[name, row["arrives"]] += units
        least, total = min(rule["minimum_order"] or 0.0, limit), arriving[name, row["arrives"]]
        waits, late, cost = (row["arrives"] - week).days / 7, (plan.cutoff - week).days / 7, units * rule["unit_cost"]
        judged = (
            (waits != lead, waits, lead, "weeks to arrive exactly", "Order as many weeks ahead as lead_weeks says."),
            (late > 0, late, 0.0, "weeks before the cutoff at most", "Nobody can order in the past: plan with what is there."),
            (units < least - 2 * HALF, units, least, "at least", "Order the minimum_order, or nothing."),
            (total > limit + SOLVER, total, limit, "arriving in one week at most", "Spread it over the weeks before."),
            (
                _differs(row["cost"], cost, HALF * (rule["unit_cost"] + 2)),
                row["cost"],
                cost,
                "a cost of exactly",
                f"{units:,.10g} units cost {rule['unit_cost']:,.10g} each: plan again.",
            ),
        )
        for is_broken, value, allowed, relation, remedy in judged:
            if is_broken:
                yield Breach("purchase", name, week, value, allowed, _says(value, relation, allowed, rows, remedy))


def _projection(facts: _Facts, plan: _Plan) -> Iterator[Breach]:
    """Yield breaches of the balance, and of what goes into it; weeks in which nothing is there or moves have no row."""
    if "projection" not in facts.tables:
        return
    rows: dict[str, dict[date, Row]] = defaultdict(dict)
    for row in _rows(facts.tables, "projection"):
        rows[row["item"]][row["week"]] = row
    bought: dict[tuple[str, date], float] = defaultdict(float)
    for row in _rows(facts.tables, "purchases", "material", "arrives", "units"):
        bought[row["material"], row["arrives"]] += row["units"]
    load = _load(facts, plan)
    none = dict.fromkeys(("start", "received", "used", "scrapped", "end"), 0.0)
    remedy = "The table does not fit the plan or the stock: run lotwise run --only plan, and report it where it stays."
    for item in sorted({*rows, *plan.products, *(facts.materials.keys() & load.keys())}):
        is_product, is_material, before = item in plan.products, item in facts.materials, facts.on_hand.get(item)
        if before is None and is_product:
            before = 0.0
        for number, week in enumerate(plan.weeks):
            row = {**none, **rows[item].get(week, {})} if item in rows else none
            balance = row["start"] + row["received"] - row["used"] - row["scrapped"]
            judged = [("end", row["end"], balance, 5 * HALF)]
            if before is not None:
                judged.append(("start", row["start"], before, 4 * HALF))
            if is_product:
                judged.append(("received", row["received"], plan.units(item, week), 4 * HALF))
                judged.append(("used", row["used"], plan.rows.get((item, week), {"sold": 0.0})["sold"], 4 * HALF))
            elif is_material:
                used, slack = load[item][number] if item in load else (0.0, 0.0)
                judged.append(("used", row["used"], used, slack + 4 * HALF))
            if is_material and "purchases" in facts.tables and not is_product:
                judged.append(("received", row["received"], bought[item, week], 4 * HALF))
            for column, value, expected, slack in judged:
                if _differs(value, expected, slack):
                    message = _says(value, "exactly", expected, f"table 'projection', column '{column}' of {item}", remedy)
                    yield Breach("projection", item, week, value, expected, message)
            if row["end"] < -2 * HALF * (number + 2):
                more = "More is used than there is: buy or make more before, or use less."
                message = _says(row["end"], "at least", 0, f"table 'projection', column 'end' of {item}", more)
                yield Breach("projection", item, week, row["end"], 0.0, message)
            before = row["end"]


def _money(facts: _Facts) -> Iterator[Breach]:
    if "money" not in facts.tables:
        return
    asked: dict[tuple[str, date], float] = defaultdict(float)
    for row in _rows(facts.tables, "demand", "product", "week", "units"):
        asked[row["product"], row["week"]] += row["units"]
    plans = {(plan.information, plan.limits, plan.cutoff): plan for plan in facts.plans}
    groups: dict[tuple[str, str, date, str], list[Row]] = defaultdict(list)
    for row in _rows(facts.tables, "money"):
        groups[row["information"], row["limits"], row["cutoff"], row["product"]].append(row)
    for (information, limits, cutoff, product), rows in sorted(groups.items()):
        plan = plans.get((information, limits, cutoff))
        where = f"table 'money', information '{information}', limits '{limits}', cutoff {cutoff}"
        remedy = (
            "The row contradicts itself, the plan or the demand: run lotwise run --only plan, and report it where it stays."
        )
        rows.sort(key=lambda row: row["week"])
        left = _left_over(rows, facts.economics.get(product, {}).get("shelf_weeks"))
        lost = _lost(rows, backorder=facts.backorder)
        for number, row in enumerate(rows):
            off = 2 * HALF * (number + 2)
            there, remains = left[number]
            judged = [
                ("demand", row["demand"], asked[product, row["week"]], 2 * HALF),
                ("lost", row["lost"], lost[number], off),
                ("profit", row["profit"], row["revenue"] - row["cost"], 4 * HALF),
            ]
            if plan is not None:
                judged.append(("made", row["made"], plan.units(product, row["week"]), 2 * HALF))
            if row["sold"] > there + off:
                yield Breach(
                    "money",
                    product,
                    row["week"],
                    row["sold"],
                    there,
                    _says(row["sold"], "at most", there, f"{where}, 'sold'", remedy),
                )
            else:
                judged.append(("left", row["left"], remains, off))
            for column, value, expected, slack in judged:
                if _differs(value, expected, slack):
                    message = _says(value, "exactly", expected, f"{where}, column '{column}'", remedy)
                    yield Breach("money", product, row["week"], value, expected, message)


def _left_over(rows: list[Row], shelf: float | None) -> list[tuple[float, float]]:
    """Return units for sale and left in each week, where the oldest are sold first and go at the end of their last week."""
    cohorts: list[list[float]] = []  # age in weeks, units; oldest first
    found = []
    for row in rows:
        cohorts = [[age + 1, units] for age, units in cohorts if shelf is None or age + 1 < math.floor(shelf)]
        cohorts.append([0, row["made"]])
        there, sold = math.fsum(units for _, units in cohorts), row["sold"]
        for cohort in cohorts:
            taken = min(cohort[1], sold)
            cohort[1], sold = cohort[1] - taken, sold - taken
        found.append((there, math.fsum(units for _, units in cohorts)))
    return found


def _lost(rows: list[Row], *, backorder: bool) -> list[float]:
    """Return the units lost in each week: all that is not sold, or, where demand waits, what waits after the last."""
    if not backorder:
        return [row["demand"] - row["sold"] for row in rows]
    waits = math.fsum(row["demand"] - row["sold"] for row in rows)
    return [0.0] * (len(rows) - 1) + [waits]


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
        least, most = defaultdict(float), defaultdict(float)
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
            if _differs(quantity, allowed, 2 * HALF):
                relation = "exactly" if low == high else "at least" if quantity < low else "at most"
                rows = f"table 'uses', {product} of {resource}"
                message = _says(quantity, relation, allowed, rows, remedy)
                yield Breach("uses", f"{product} of {resource}", None, quantity, allowed, message)
