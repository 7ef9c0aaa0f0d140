"""The stage: money, plans, prices and forecasts in; the ledger and all that is read beside it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap import attribution, bits, history, notice, states, worth
from lotwise.gap.assume import assumptions
from lotwise.gap.book import WEEKS_A_YEAR, book, unmeasured
from lotwise.gap.cells import cells_of, products_of
from lotwise.gap.choices.unseen import unseen
from lotwise.gap.ledger import TABLES, lines_of, totals, unseen_line, unsettled
from lotwise.gap.sweep import sweep
from lotwise.gap.value import Value, settle
from lotwise.tables import contract
from lotwise.tables.forecasted import SCORES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.config import Source
    from lotwise.stage import Inputs, Relation

SEEN = ("events", "orders", "products", "options", "order_options", "economics")
"""Tables that say what customers were shown and what they chose."""


def run(inputs: Inputs) -> dict[str, Relation]:
    """Return the tables of the stage: the ledger, its cells, sources, notice, sweep, assumptions, history and the unseen."""
    inputs.progress("settled plans", 0.0)
    value = settle(inputs.table("money"))
    scores = SCORES.check(inputs.table("scores")) if inputs.has("scores") else SCORES.empty()
    sources = attribution.told(scores, inputs.settings.source)
    inputs.progress("what customers did not see", 0.1)
    seen = {name: inputs.table(name) for name in SEEN if inputs.has(name)}
    settings = inputs.settings.gap
    found = {"unseen": unseen(seen, rng=inputs.rng("gap", "unseen"), resamples=settings.resamples, interval=settings.interval)}
    inputs.progress("accounts and intervals", 0.2)
    found |= (_ledger if len(value.weeks) else _unsettled)(inputs, value, sources, found["unseen"])
    inputs.progress("sweep over the critical ratio", 0.7)
    demand, economics, forecast = (inputs.table(name) for name in ("demand", "economics", "forecast"))
    found["gap_sweep"] = sweep(forecast, demand, economics, rng=inputs.rng("gap", "sweep"), settings=settings)
    inputs.progress("assumptions", 0.9)
    found["assumptions"] = assumptions(value, economics, demand, settings=inputs.settings, sources=sources)
    return dict(found)


def _ledger(inputs: Inputs, value: Value, sources: Sequence[Source], seen: pa.Table) -> dict[str, pa.Table]:
    """Return the ledger and the tables made with it, all intervals from the same draws."""
    settings = inputs.settings
    tables = {table.name: inputs.table(table.name) for table in TABLES if inputs.has(table.name)}
    demand, forecast = inputs.table("demand"), inputs.table("forecast")
    lines = lines_of(value, tables, sources=sources, lead_weeks=settings.plan.lead_weeks, seen=seen)
    brought, noticed = worth.worths(value, sources), notice.notices(value)
    further = {key: cells for one in brought for key, cells in one.cells(value).items()} | noticed
    known = bits.scores(forecast, demand, value)
    said = {line.key: found for line in lines if (found := states.mean(known.bits, line.states)) is not None}
    booked = book(value, lines, rng=inputs.rng("gap", "ledger"), settings=settings.gap, further=further, bits=said)
    cells = cells_of(value, lines, totals(booked, lines), demand, forecast)
    years, how = len(value.weeks) / WEEKS_A_YEAR, attribution.how(value, sources)
    return {
        "gap": booked.gap,
        "gap_products": products_of(cells),
        "gap_cells": cells,
        "source_values": worth.table(value, brought, booked.ends, years=years, how=how, scores=known),
        "gap_notice": notice.table(value, noticed, booked.ends),
        **_remembered(inputs, booked.gap, cells, value),
    }


def _remembered(inputs: Inputs, gap: pa.Table, cells: pa.Table, value: Value) -> dict[str, pa.Table]:
    """Return the history with this run's lines, and what changed since the run before."""
    before = {name: inputs.table(name) if inputs.has(name) else None for name in ("gap_cells", "gap_history", "runs")}
    return {
        "gap_history": history.history(before["gap_history"], gap, value, inputs.run),
        "gap_changes": history.changes(cells, before["gap_cells"], before["gap_history"], before["runs"], inputs.run),
    }


def _unsettled(inputs: Inputs, value: Value, sources: Sequence[Source], seen: pa.Table) -> dict[str, pa.Table]:
    """Return the same tables where no past plan could be settled: lines that say what is missing."""
    gap = unmeasured([*unsettled(sources, needs=_needs(inputs.table("forecast"))), unseen_line(seen)])
    empty = {name: contract(name).empty() for name in ("gap_products", "gap_cells", "source_values", "gap_notice")}
    return {"gap": gap, **empty, **_remembered(inputs, gap, empty["gap_cells"], value)}


def _needs(forecast: pa.Table) -> str:
    """Return how much more history it takes: the plan made today is settled once its horizon has passed."""
    weeks = pc.max(forecast.filter(pc.equal(forecast["information"], "now"))["horizon"]).as_py()
    if not weeks:
        return "needs more weeks of history"
    return f"needs {weeks} more weeks" if weeks > 1 else "needs 1 more week"
