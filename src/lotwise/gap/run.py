"""The stage: money, plans and prices in; the ledger, its products, its sweep and its assumptions out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from lotwise.gap.assume import assumptions
from lotwise.gap.attribution import told
from lotwise.gap.book import book, unmeasured
from lotwise.gap.ledger import TABLES, lines_of, unsettled
from lotwise.gap.sweep import sweep
from lotwise.gap.value import Value, settle
from lotwise.tables.forecasted import SCORES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from lotwise.config import Source
    from lotwise.stage import Inputs, Relation


def run(inputs: Inputs) -> dict[str, Relation]:
    """Return the tables ``gap``, ``gap_products``, ``gap_sweep`` and ``assumptions``."""
    inputs.progress("settled plans", 0.0)
    value = settle(inputs.table("money"))
    demand, economics, forecast = (inputs.table(name) for name in ("demand", "economics", "forecast"))
    scores = SCORES.check(inputs.table("scores")) if inputs.has("scores") else SCORES.empty()
    sources = told(scores, inputs.settings.source)
    inputs.progress("accounts and intervals", 0.2)
    gap, products = _ledger(inputs, value, forecast, sources)
    inputs.progress("sweep over the critical ratio", 0.7)
    swept = sweep(forecast, demand, economics, rng=inputs.rng("gap", "sweep"), settings=inputs.settings.gap)
    inputs.progress("assumptions", 0.9)
    said = assumptions(value, economics, demand, settings=inputs.settings, sources=sources)
    return {"gap": gap, "gap_products": products, "gap_sweep": swept, "assumptions": said}


def _ledger(inputs: Inputs, value: Value, forecast: pa.Table, sources: Sequence[Source]) -> tuple[pa.Table, pa.Table]:
    settings = inputs.settings
    if not len(value.weeks):
        return unmeasured(unsettled(sources, needs=_needs(forecast)))
    tables = {table.name: inputs.table(table.name) for table in TABLES if inputs.has(table.name)}
    lines = lines_of(value, tables, sources=sources, lead_weeks=settings.plan.lead_weeks)
    return book(value, lines, rng=inputs.rng("gap", "ledger"), settings=settings.gap)


def _needs(forecast: pa.Table) -> str:
    """Return how much more history it takes: the plan made today is settled once its horizon has passed."""
    weeks = pc.max(forecast.filter(pc.equal(forecast["information"], "now"))["horizon"]).as_py()
    if not weeks:
        return "needs more weeks of history"
    return f"needs {weeks} more weeks" if weeks > 1 else "needs 1 more week"
