"""Tables in, tables out: a shop is drafted, a schedule found, compared and checked, and its rows written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.schedule.check import check
from lotwise.schedule.jobs import Budget, Found
from lotwise.schedule.search.dispatch import dispatch
from lotwise.schedule.solve import solve
from lotwise.schedule.stage.begin import begin
from lotwise.schedule.stage.draft import draft
from lotwise.schedule.stage.given import Given
from lotwise.schedule.stage.tables import nothing, tables
from lotwise.schedule.value import value
from lotwise.schedule.why import lateness_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa

    from lotwise.config import Settings
    from lotwise.schedule.stage.draft import Draft

EFFORT, REPAIR = 10_000_000, 1_000_000
"""Operations placed by all neighbors together, where ``schedule.moves`` says nothing; fewer where work has begun."""
LEAST, MOST = 1_000, 200_000
"""Least and most neighbors then."""
HELPED, HELPED_SOON = 20, 3
"""Late orders of which it is worked out what would help, the dearest; fewer where work has begun."""


def made_of(given: Mapping[str, pa.Table], settings: Settings, say: Callable[[str], None] | None = None) -> dict[str, pa.Table]:
    """Return the tables of the stage, made of the tables it takes and ``jobs`` as published last.

    Raises
    ------
    ContractError
        Tables do not fit together; every breach is listed.
    LotwiseError
        The schedule found breaks a rule.
    """
    told = say or (lambda _: None)
    made = draft(Given(given, settings, told))
    if made is None:
        told("no lot of the coming weeks has a routing: there is nothing to schedule")
        return nothing()
    return _published(made, told)


def _published(made: Draft, say: Callable[[str], None]) -> dict[str, pa.Table]:
    """Return the tables of the schedule that is found for a shop, checked, beside what the dispatch rule comes to."""
    shop, said = made.shop, made.given.settings.schedule
    simple = dispatch(shop)
    rule = Found(simple, value(shop, simple), "dispatch", "the rule's, for comparison")
    say(f"{len(made.parts)} orders, {shop.size} operations: the dispatch rule comes to {rule.value.total:,.0f}")
    effort = REPAIR if made.has_begun else EFFORT
    moves = said.moves if said.moves is not None else min(max(effort // max(shop.size, 1), LEAST), MOST)
    budget = Budget(moves=moves, starts=said.starts, seed=made.given.settings.project.seed)
    found = solve(shop, budget, method=said.method if moves else "dispatch", begin=begin(made, simple))
    check(shop, found.schedule)
    late = f"{found.value.late} orders late" if found.value.late else "every order in time"
    say(f"{found.method}: {found.value.total:,.0f}, {late}")
    why = lateness_rows(shop, found.schedule, tried=HELPED_SOON if made.has_begun else HELPED)
    return tables(made, found, rule, why)
