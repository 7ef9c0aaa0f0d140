"""The lines of the ledger, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.gap import attribution, verdict
from lotwise.gap.attribution import known
from lotwise.gap.book import book, unmeasured
from lotwise.gap.cells import cells_of, products_of
from lotwise.gap.choices import unseen
from lotwise.gap.irreducible import CLOSABLE, unknown
from lotwise.gap.limits import unmade
from lotwise.gap.line import Line, difference
from lotwise.gap.undone import solver_gap, undone
from lotwise.gap.value import EXECUTED, FENCED, IDEAL, Value, settle
from lotwise.tables.collected import WORK
from lotwise.tables.forecasted import FORECAST
from lotwise.tables.ledger import GAP_PRODUCTS, UNSEEN
from lotwise.tables.planned import LIMIT_VALUES, MONEY, PLANS, PRICES, SOLVES, USES
from lotwise.tables.pooled import DEMAND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from lotwise.config import Gap, Source
    from lotwise.gap.book import Booked

IDEAL_LINE = "profit without limits, demand known"
FROZEN_LINE = "frozen weeks"
EXECUTED_LINE = "profit as it was"
PLANNED_LINE = "profit of the plan made with what was known"
UNSEEN_LINE = "what customers were not shown"


TABLES = (MONEY, PLANS, PRICES, USES, SOLVES, WORK, LIMIT_VALUES)
"""What the lines are made of."""


def measure(
    tables: Mapping[str, pa.Table],
    *,
    sources: Sequence[Source] = (),
    settings: Gap | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[pa.Table, pa.Table]:
    """Return the tables ``gap`` and ``gap_products`` of settled plans, without a project.

    Parameters
    ----------
    tables
        Tables by name, each keeping its contract: ``money``, and where they exist ``plans``, ``prices`` and ``uses``
        (they split the account unmade), ``solves`` (the solver's own gap) and ``work`` (how the floor's loss is split).
    sources
        The sources added one by one, in their order.
    settings
        Section ``[gap]``; its defaults where absent.
    rng
        Source of the bootstrap's draws; absent: seed 0.
    """
    value = settle(tables["money"])
    if not len(value.weeks):
        return unmeasured([*unsettled(sources, needs="needs settled weeks"), unseen_line(UNSEEN.empty())]), GAP_PRODUCTS.empty()
    lines = lines_of(value, tables, sources=sources)
    booked = book(value, lines, rng=rng or np.random.default_rng(0), settings=settings)
    demand, forecast = (tables.get(table.name, table.empty()) for table in (DEMAND, FORECAST))
    return booked.gap, products_of(cells_of(value, lines, totals(booked, lines), demand, forecast))


def totals(booked: Booked, lines: Sequence[Line]) -> dict[str, int]:
    """Return the printed cents of each counted account."""
    return {account: booked.account(lines, account) for account in ("ideal", "unknown", "unmade", "undone")}


def lines_of(
    value: Value,
    tables: Mapping[str, pa.Table],
    *,
    sources: Sequence[Source] = (),
    lead_weeks: int = 0,
    seen: pa.Table | None = None,
) -> list[Line]:
    """Return every line of the ledger in its order, not rounded and not judged yet.

    Parameters
    ----------
    value
        Settled profits, with one week at least.
    tables
        As for ``measure``.
    sources
        The declared sources, in their order.
    lead_weeks
        Weeks from making a unit to having it for sale.
    seen
        The table ``unseen``.
    """
    plans, prices, uses, solves, work, limits = (tables.get(table.name, table.empty()) for table in TABLES[1:])
    ideal = "The plan that knows demand and has no limits."
    return [
        Line("ideal", IDEAL_LINE, ideal, value.profit[IDEAL], verdict=verdict.TOTAL, formula=f"V({IDEAL})"),
        *unknown(value, left=solver_gap(value, solves)),
        *unmade(value, plans=plans, prices=prices, uses=uses, lead_weeks=lead_weeks, limit_values=limits),
        *_frozen(value),
        *undone(value, work=work, solves=solves),
        _actual(value),
        *known(value, sources),
        unseen_line(UNSEEN.empty() if seen is None else seen),
    ]


def unseen_line(seen: pa.Table) -> Line:
    """Return the line of the account ``unseen``, from the table of this name: never part of the sum."""
    money, said, note = unseen.line(seen)
    return Line("unseen", UNSEEN_LINE, note, verdict=said, amount=money)


def unsettled(sources: Sequence[Source], *, needs: str) -> list[Line]:
    """Return the lines without money, for a history in which no past plan could be settled.

    Parameters
    ----------
    sources
        The declared sources.
    needs
        What is missing, such as ``"needs 4 more weeks"``: the verdict of each line.
    """
    accounts = [
        ("ideal", IDEAL_LINE),
        ("unknown", CLOSABLE),
        ("unmade", "limits"),
        ("undone", "floor"),
        ("actual", PLANNED_LINE),
    ]
    steps = [attribution.BASE, attribution.METHOD_LINE, *map(attribution.name_of, sources), attribution.ALL]
    named = [*accounts, *(("known", name) for name in steps)]
    note = "No past plan could be re-made and settled: the history before the first cutoff is too short."
    return [Line(account, name, note, verdict=needs) for account, name in named]


def _frozen(value: Value) -> list[Line]:
    """Return what fixing the first weeks of a plan early costs, where any are fixed."""
    if FENCED not in value.profit:
        return []
    note = "The plan free to change every week less the plan whose first weeks were fixed earlier, with what was known then."
    cells = value.gain("now", FENCED)
    return [Line("unmade", FROZEN_LINE, note, cells, counted=True, formula=difference("now", FENCED))]


def _actual(value: Value) -> Line:
    state = next(state for state in (EXECUTED, FENCED, "now") if state in value.profit)
    name = EXECUTED_LINE if state == EXECUTED else PLANNED_LINE
    how = "as the floor carried out its own work" if state == EXECUTED else "made in full"
    note = f"The plan lotwise would have made with what was known, {how}."
    return Line("actual", name, note, value.profit[state], verdict=verdict.TOTAL, formula=f"V({state})")
