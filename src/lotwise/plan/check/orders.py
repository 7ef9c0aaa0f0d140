"""Promised orders: in the plan's demand, and supplied by their week or named in ``conflicts``."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.plan.check.breach import HALF, SOLVER, broken, few
from lotwise.plan.check.published import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lotwise.plan.check.breach import Breach
    from lotwise.plan.check.facts import Facts, Plan
    from lotwise.plan.check.published import Row


TO_ORDER = {"order", "assemble", "configure"}


def firm_lines(facts: Facts, plan: Plan) -> list[Row]:
    """Return the firm order lines due in the weeks of a plan, with the Monday of each: sales of what is made to order."""
    if "orders" not in facts.tables or "products" not in facts.tables:
        return []
    to_order = {row["product"] for row in rows_of(facts.tables, "products", "product", "make") if row["make"] in TO_ORDER}
    orders = facts.tables["orders"].select(["order", "line", "product", "units", "unit_price", "due", "kind"])
    found = []
    for row in orders.filter(pc.greater_equal(orders["due"], pa.scalar(plan.cutoff))).to_pylist():
        monday = row["due"] - timedelta(days=row["due"].weekday())
        if row["kind"] == "sale" and row["product"] in to_order and monday in plan.weeks:
            found.append(row | {"monday": monday})
    return found


def _due(facts: Facts, plan: Plan) -> dict[tuple[str, date], tuple[float, list[str]]]:
    """Return units and order numbers of what is due in each week of a plan, of products made to order."""
    found: dict[tuple[str, date], tuple[float, list[str]]] = {}
    for row in firm_lines(facts, plan):
        at = (row["product"], row["monday"])
        units, names = found.get(at, (0.0, []))
        found[at] = (units + row["units"], sorted({*names, row["order"]}))
    return found


def orders(facts: Facts, plan: Plan) -> Iterator[Breach]:
    """Yield orders that the plan does not know, or does not supply in time without saying so in ``conflicts``.

    Where ``deliveries`` say how late each line is, also of what is not planned, they are judged in place of ``conflicts``.
    """
    planned = set(plan.products)
    missing = {row["row"]: (row["needed"] or 0.0) - (row["available"] or 0.0) for row in rows_of(facts.tables, "conflicts")}
    owed: dict[str, float] = defaultdict(float)
    for (product, week), (units, names) in sorted(_due(facts, plan).items()):
        at, rows = ("orders", product, week), f"orders {few(names)} beside {plan.name}"
        asked = plan.rows[product, week]["demand"] if (product, week) in plan.rows else 0.0
        if "deliveries" in facts.tables and product not in planned:
            continue
        if asked < units - SOLVER:
            remedy = "The plan does not know all these orders: give the product economics and history, and plan again."
            yield broken(at, (asked, "a demand of at least", units), rows, remedy)
            continue
        if "deliveries" in facts.tables:
            continue
        owed[product] += units
        made = math.fsum(plan.units(product, day) for day in plan.weeks if day <= week) + facts.on_hand.get(product, 0.0)
        allowed = owed[product] - missing.get(f"orders for {product} due in the week of {week}", 0.0)
        if made < allowed - SOLVER - HALF * (len(plan.weeks) + 2):
            remedy = "What cannot be kept has to stand in conflicts: make more by this week, or promise a later day."
            yield broken(at, (made, "supplied by then at least", allowed), rows, remedy)
