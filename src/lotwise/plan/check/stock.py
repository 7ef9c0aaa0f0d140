"""Orders of material, and the stock expected of every item week by week."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from lotwise.plan.check.breach import AGAIN, HALF, SOLVER, broken, unequal
from lotwise.plan.check.facts import WEEK
from lotwise.plan.check.flows import projected
from lotwise.plan.check.limits import loads
from lotwise.plan.check.published import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lotwise.plan.check.breach import Breach
    from lotwise.plan.check.facts import Facts, Plan
    from lotwise.plan.check.supply import Bounds, Supply


def purchases(facts: Facts, plan: Plan) -> Iterator[Breach]:
    """Yield orders of material that cannot be placed, do not arrive as said, or do not cost what they should."""
    arriving: dict[tuple[str, date], float] = defaultdict(float)
    for row in rows_of(facts.tables, "purchases"):
        name, week, units = row["material"], row["week"], row["units"]
        at, rows = ("purchase", name, week), f"table 'purchases', {name} ordered in the week of {week}"
        if name not in facts.materials:
            yield broken(at, (units, "at most", 0.0), rows, "Add the material to the table materials, or do not order it.")
            continue
        rule = facts.materials[name]
        limit = math.inf if rule["weekly_limit"] is None else rule["weekly_limit"]
        arriving[name, row["arrives"]] += units
        least, total = min(rule["minimum_order"] or 0.0, limit), arriving[name, row["arrives"]]
        lead, waits, late = rule["lead_weeks"] or 0, (row["arrives"] - week) / WEEK, (plan.cutoff - week) / WEEK
        if waits != lead:
            yield broken(at, (waits, "weeks to arrive exactly", lead), rows, "Order as far ahead as lead_weeks says.")
        if late > 0:
            remedy = "Nobody can order in the past: plan with what there is, or find a faster supplier."
            yield broken(at, (late, "weeks before the cutoff at most", 0.0), rows, remedy)
        if units < least - 2 * HALF:
            yield broken(at, (units, "at least", least), rows, "Order minimum_order, or nothing.")
        if total > limit + SOLVER:
            yield broken(at, (total, "arriving in one week at most", limit), rows, "Spread it over the weeks before.")
        judged = [("cost", row["cost"], units * rule["unit_cost"], HALF * (rule["unit_cost"] + 2))]
        yield from unequal(at, judged, rows, f"{units:,.10g} units cost {rule['unit_cost']:,.10g} each: plan again.")


def projection(facts: Facts, plan: Plan, of: Supply | None = None) -> Iterator[Breach]:
    """Yield breaches of the balance, and of what goes into it; weeks in which nothing is there or moves have no row.

    Of a plan over a network (``of``) the stock of components is known too, all sites together.
    """
    if "projection" not in facts.tables:
        return
    none = dict.fromkeys(("start", "received", "used", "scrapped", "end"), 0.0)
    rows = {(row["item"], row["week"]): row for row in rows_of(facts.tables, "projection")}
    flows = _flows(facts, plan) if of is None else projected(of)
    opening = facts.on_hand if of is None else of.on_hand
    for item in sorted({item for item, _ in (*rows, *flows)}):
        is_counted = of is not None or item in plan.products
        before = opening.get(item, 0.0 if is_counted else None)
        if not is_counted and item not in facts.materials:
            before = None  # stock of components is not counted
        for number, week in enumerate(plan.weeks):
            row, at, where = rows.get((item, week), none), ("projection", item, week), f"table 'projection', {item}"
            balance = row["start"] + row["received"] - row["used"] - row["scrapped"]
            judged = [("end", row["end"], balance, 5 * HALF)]
            if before is not None:
                judged.append(("start", row["start"], before, 4 * HALF))
            for name, (least, most), slack in flows.get((item, week), ()):
                judged.append((name, row[name], min(max(row[name], least), most), slack))
            yield from unequal(at, judged, where, AGAIN)
            if row["end"] < -2 * HALF * (number + 2):
                remedy = "More is used than there is: buy or make more before, or use less."
                yield broken(at, (row["end"], "at least", 0.0), f"{where}, column 'end'", remedy)
            before = row["end"]


def _flows(facts: Facts, plan: Plan) -> dict[tuple[str, date], list[tuple[str, Bounds, float]]]:
    """Return what goes into and out of products and materials by the other tables: column, bounds and slack."""
    found: dict[tuple[str, date], list[tuple[str, Bounds, float]]] = {}
    bought: dict[tuple[str, date], float] = defaultdict(float)
    for row in rows_of(facts.tables, "purchases", "material", "arrives", "units"):
        bought[row["material"], row["arrives"]] += row["units"]
    for name, load in loads(plan).items():
        for week, (used, slack) in zip(plan.weeks, load, strict=True) if name in facts.materials else ():
            found[name, week] = [("used", (used, used), slack + 4 * HALF)]
            if "purchases" in facts.tables:
                found[name, week].append(("received", (bought[name, week],) * 2, 4 * HALF))
    for at, row in plan.rows.items():
        found[at] = [("received", (row["units"],) * 2, 4 * HALF), ("used", (row["sold"],) * 2, 4 * HALF)]
    return found
