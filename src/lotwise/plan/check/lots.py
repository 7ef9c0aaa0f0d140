"""Lots, lead weeks, products and weeks: what the units of one plan keep, row by row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lotwise.plan.check.breach import AGAIN, HALF, broken
from lotwise.plan.check.facts import WEEK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.plan.check.breach import Breach
    from lotwise.plan.check.facts import Facts, Plan


def products(facts: Facts, plan: Plan) -> Iterator[Breach]:
    """Yield products without economics, and weeks a plan leaves out."""
    weeks = [plan.cutoff + WEEK * number for number in range(len(plan.weeks))]
    for product in plan.products:
        units = math.fsum(plan.units(product, week) for week in plan.weeks)
        if units > HALF and product not in facts.economics:
            remedy = "Give the product price and cost in products or [economics], or leave it out of the plan."
            yield broken(("economics", product, None), (units, "at most", 0.0), plan.name, remedy)
        gaps = [week for week in weeks if (product, week) not in plan.rows]
        if gaps:
            there = (len(weeks) - len(gaps), "exactly", len(weeks))
            yield broken(("weeks", product, gaps[0]), there, f"the weeks of {plan.name}", AGAIN)


def lots(facts: Facts, plan: Plan) -> Iterator[Breach]:
    """Yield units that are less than the smallest lot, or no whole lots."""
    for (product, week), row in sorted(plan.rows.items()):
        units, (minimum, multiple) = row["units"], facts.lots.get(product, (0.0, 0.0))
        at, slack = ("lots", product, week), 4 * HALF + 1e-12 * units
        if slack < units < minimum - slack:
            yield broken(
                at, (units, "0 or at least", minimum), plan.name, "Make the smallest lot or none, or lower lot_minimum."
            )
        whole = round(units / multiple) * multiple if multiple > 2 * HALF else units
        if abs(units - whole) > slack:
            remedy = f"Lots are multiples of {multiple:,.10g}: make whole ones, or change lot_multiple."
            yield broken(at, (units, "such as", whole), plan.name, remedy)


def lead(_: Facts, plan: Plan) -> Iterator[Breach]:
    """Yield units that are for sale before anything made from the cutoff on can be ready."""
    for product in plan.products:
        for week in plan.weeks[: plan.lead]:
            if (units := plan.units(product, week)) > HALF:
                remedy = f"Nothing made now is ready before {plan.cutoff + WEEK * plan.lead}: sell from stock until then."
                yield broken(("lead weeks", product, week), (units, "at most", 0.0), plan.name, remedy)
