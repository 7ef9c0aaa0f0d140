"""The lines of the ledger, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.gap import attribution, verdict
from lotwise.gap.attribution import known
from lotwise.gap.book import book, unmeasured
from lotwise.gap.limits import unmade
from lotwise.gap.line import Line
from lotwise.gap.undone import solver_gap, undone
from lotwise.gap.value import IDEAL, Value, settle
from lotwise.tables.collected import WORK
from lotwise.tables.planned import MONEY, PLANS, PRICES, SOLVES, USES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from lotwise.config import Gap, Source

IDEAL_LINE = "profit without limits, demand known"
UNKNOWN_LINE = "not known in time"
EXECUTED_LINE = "profit as it was"
PLANNED_LINE = "profit of the plan made with what was known"
UNSEEN_LINE = "what customers were not shown"


TABLES = (MONEY, PLANS, PRICES, USES, SOLVES, WORK)
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
        return unmeasured(unsettled(sources, needs="needs settled weeks"))
    return book(value, lines_of(value, tables, sources=sources), rng=rng or np.random.default_rng(0), settings=settings)


def lines_of(
    value: Value, tables: Mapping[str, pa.Table], *, sources: Sequence[Source] = (), lead_weeks: int = 0
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
    """
    plans, prices, uses, solves, work = (tables.get(table.name, table.empty()) for table in TABLES[1:])
    missed = value.gain("perfect", "now") - solver_gap(value, solves)
    return [
        Line("ideal", IDEAL_LINE, "The plan that knows demand and has no limits.", value.profit[IDEAL], verdict=verdict.TOTAL),
        Line("unknown", UNKNOWN_LINE, _UNKNOWN_NOTE, missed, counted=True, stays=True),
        *unmade(value, plans=plans, prices=prices, uses=uses, lead_weeks=lead_weeks),
        *undone(value, work=work, solves=solves),
        _actual(value),
        *known(value, sources),
        unseen(),
    ]


def unseen() -> Line:
    """Return the line of the account ``unseen``, which records alone cannot fill."""
    note = "What customers would have bought had they been shown it: offer it to some and not to others, then compare."
    return Line("unseen", UNSEEN_LINE, note, verdict=verdict.EXPERIMENT)


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
        ("unknown", UNKNOWN_LINE),
        ("unmade", "limits"),
        ("undone", "floor"),
        ("actual", PLANNED_LINE),
    ]
    steps = [attribution.BASE, attribution.METHOD, *map(attribution.name_of, sources), attribution.ALL]
    named = [*accounts, *(("known", name) for name in steps)]
    note = "No past plan could be re-made and settled: the history before the first cutoff is too short."
    return [*(Line(account, name, note, verdict=needs) for account, name in named), unseen()]


def _actual(value: Value) -> Line:
    if "executed" in value.profit:
        note = "The plan lotwise would have made with what was known, as the floor carried out its own work."
        return Line("actual", EXECUTED_LINE, note, value.profit["executed"], verdict=verdict.TOTAL)
    note = "The plan lotwise would have made with what was known, made in full."
    return Line("actual", PLANNED_LINE, note, value.profit["now"], verdict=verdict.TOTAL)


_UNKNOWN_NOTE = (
    "Perfect knowledge less what was known, within the same limits. "
    "Better forecasts and more sources before the cutoff close part of it, earlier orders more; chance stays."
)
