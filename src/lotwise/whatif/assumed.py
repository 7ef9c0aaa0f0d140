"""What a scenario takes for granted, in sentences that stand below its differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.whatif.scenario import BASE, Addition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.whatif.scenario import Scenario

HOURS = {("machines", "hours"), ("machine_weeks", "hours")}
STANDARD = {("materials", "unit_cost"), ("items", "unit_cost")}
PRICES = {("products", "unit_price"), ("economics", "unit_price")}


def assumed(scenario: Scenario) -> Iterator[str]:
    """Yield what is assumed in the plan of a scenario and in the figures that compare it."""
    yield "Only the plan of the weeks to come is made again, from the same forecast; past weeks and the ledger are not."
    yield f"The plan called '{BASE}' is the unchanged one, made again in the same way."
    columns = set(_columns(scenario))
    if columns & HOURS:
        yield "Regular hours cost nothing in a plan: set the difference against what more of them cost, or fewer save."
    if columns & STANDARD:
        yield (
            "The unit_cost of materials and components is their standard cost, which the products' unit_cost holds: "
            "where what is bought gets dearer, change suppliers.unit_price or the products' unit_cost."
        )
    if columns & PRICES:
        yield "Demand stays as forecast, whatever becomes of prices."
    if scenario.demand:
        yield "Changed demand is each draw of the forecast multiplied; firm orders stay as they are."


def _columns(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield table and column of every value that is changed or added."""
    for change in scenario.change:
        for name in {**change.set, **change.add, **change.times}:
            yield change.table, name
    for addition in scenario.add:
        yield from ((addition.table, name) for name in _named(addition))


def _named(addition: Addition) -> set[str]:
    return {name for row in addition.rows for name in row}
