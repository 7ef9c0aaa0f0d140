"""What the plan to carry out costs: standard costs and ``charges`` are all there is between revenue and profit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lotwise.plan.check.breach import AGAIN, HALF, unequal
from lotwise.plan.check.published import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.plan.check.breach import Breach
    from lotwise.plan.check.facts import Facts, Plan
    from lotwise.plan.check.published import Row


def charged(facts: Facts, plan: Plan) -> Iterator[Breach]:
    """Yield the plan whose profit is not what its sales bring, less standard costs, less all ``charges``.

    Not judged where products go off and move between sites: no table says which of them went off on the way.
    """
    if "charges" not in facts.tables:
        return
    perish = any(_weeks_kept(facts, product) < len(plan.weeks) for product in plan.products)
    if perish and ("projection" not in facts.tables or "lanes" in facts.tables):
        return
    above = [row["money"] for row in rows_of(facts.tables, "charges")]
    parts = [_earned(facts, plan, product) for product in plan.products]
    expected = math.fsum(earned for earned, _ in parts) - math.fsum(above)
    slack = math.fsum(off for _, off in parts) + HALF * (len(above) + len(plan.rows) + 2)
    profit = math.fsum(row["profit"] for row in plan.rows.values())
    where = "table 'plans' (revenue less standard costs and table 'charges')"
    yield from unequal(("charges", plan.name, None), [("profit", profit, expected, slack)], where, AGAIN)


def _weeks_kept(facts: Facts, product: str) -> float:
    shelf = facts.economics.get(product, {}).get("shelf_weeks")
    return math.inf if shelf is None else math.floor(shelf)


def _earned(facts: Facts, plan: Plan, product: str) -> tuple[float, float]:
    """Return what a product brings less its standard costs, carrying and delay, and how far that may be off."""
    money = facts.economics[product]
    price, cost, holding = money["unit_price"], money["unit_cost"], money["holding_cost"]
    salvage = min(money["salvage"], price, cost)
    delay = _delay(facts, product, price) if facts.waits(product) else 0.0
    scrapped = _scrapped(facts, product) if _weeks_kept(facts, product) < len(plan.weeks) else {}
    waiting, found, off = 0.0, [], 0.0
    nothing = dict.fromkeys(("units", "demand", "sold", "lost", "left"), 0.0)
    for number, week in enumerate(plan.weeks, start=1):
        row = plan.rows.get((product, week), nothing)
        gone = row["left"] if number == len(plan.weeks) else min(scrapped.get(week, 0.0), row["left"])
        waiting += row["demand"] - row["sold"] - row["lost"]
        found += [price * row["sold"], salvage * gone, -holding * (row["left"] - gone), -cost * row["units"], -delay * waiting]
        off += HALF * (abs(price) + abs(salvage) + 2 * abs(holding) + abs(cost) + 3 * number * abs(delay))
    return math.fsum(found), off


def _delay(facts: Facts, product: str, price: float) -> float:
    """Return what a unit costs each week it waits: as the product says itself, else the share of its price the settings say."""
    own: list[Row] = [row for row in rows_of(facts.tables, "products") if row["product"] == product]
    said = own[0].get("late_cost") if own else None
    return float(facts.settings.backorder_share * price if said is None else said)


def _scrapped(facts: Facts, product: str) -> dict[object, float]:
    rows = rows_of(facts.tables, "projection")
    return {row["week"]: row["scrapped"] for row in rows if row["item"] == product and row["kind"] == "product"}
