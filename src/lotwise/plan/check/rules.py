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
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.errors import MissingTableError
from lotwise.plan.check.facts import read
from lotwise.plan.check.limits import arrivals, hours, prices
from lotwise.plan.check.lots import lead, lots, products
from lotwise.plan.check.money import money, solves
from lotwise.plan.check.orders import orders
from lotwise.plan.check.published import amounts, rows_of
from lotwise.plan.check.stock import projection, purchases
from lotwise.plan.check.uses import uses

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from lotwise.plan.check.breach import Breach

NEEDED = ("plans", "economics", "demand")
READS = (
    *NEEDED,
    *("purchases", "projection", "prices", "uses", "machines", "materials", "stock", "products", "bom", "routing", "orders"),
    *("conflicts", "money", "solves"),
)
RULES = (
    *("not negative", "economics", "weeks", "machine hours", "material", "lead weeks", "lots", "orders", "purchase"),
    *("projection", "prices", "solves", "money", "uses"),
)


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
    facts = read(tables, lead_weeks, overtime=overtime, backorder=backorder)
    found = [*amounts(tables), *uses(facts), *solves(facts), *money(facts)]
    for plan in facts.plans:
        found += products(facts, plan)
    for plan in facts.real:
        for judge in (hours, arrivals, lots, lead, prices):
            found += judge(facts, plan)
    if facts.current is not None:
        for judge in (orders, purchases, projection):
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
    lines = sum(row["option"] != "always" for row in rows_of(tables, "bom", "option"))
    if lines:
        found.append(f"{lines} rows of 'bom' hold for one value of an option only, as often as orders choose it: uses of their")
        found[-1] += " resources are only held between what is always used and the most that any choice uses."
    setups = sum((row["setup_hours"] or 0.0) > 0 for row in rows_of(tables, "routing", "setup_hours"))
    if setups:
        found.append(
            f"{setups} rows of 'routing' have setup hours: published plans count hours by unit only, and so does this."
        )
    return found
