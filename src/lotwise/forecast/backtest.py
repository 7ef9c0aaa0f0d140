"""Forecasts, joint draws and scores at every cutoff and from every state of information."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.config import Forecast
from lotwise.forecast import layout, scores, sources
from lotwise.forecast.information import NONE, NOW, states, windows
from lotwise.forecast.methods import classic
from lotwise.forecast.panel import Facts, dense
from lotwise.forecast.task import Curve
from lotwise.stage import silent
from lotwise.tables import contract
from lotwise.tables.forecasted import JOINED, LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lotwise.config import Source
    from lotwise.forecast.information import Window
    from lotwise.forecast.panel import Array, Panel

BASELINES: dict[str, Callable[[Array], Array]] = {
    "naive": classic.naive,
    "ses": classic.smoothed,
    "croston": classic.croston,
}
HISTORY, POOLED = "history", "pooled"


def backtest(
    demand: pa.Table,
    *,
    tables: Mapping[str, pa.Table] | None = None,
    declared: Sequence[Source] = (),
    params: Forecast | None = None,
    seed: int = 0,
    progress: Callable[[str, float | None], None] = silent,
) -> dict[str, pa.Table]:
    """Return the tables ``forecast``, ``draws`` and ``scores`` for the past cutoffs and the current one.

    Past cutoffs are forecast from every state of information, and scored; the current one from
    ``none`` and ``now`` only. What lies after a cutoff changes nothing at it, except announced plans.

    Parameters
    ----------
    demand
        Columns ``product, region, week, units`` and, where there are any, ``unit_price, discount``.
    tables
        Other tables by name, with the columns of their contracts.
    declared
        Sources; by default one for each table that exists.
    params
        ``[forecast]``; all products given are forecast.
    seed
        Same seed and same data give the same bytes, whatever the number of workers.
    progress
        Told what is done, and what had to be left out.

    Raises
    ------
    ContractError
        There is no demand, its weeks start on no Monday, or a table lacks a column.
    SettingsError
        A source cannot be what it is declared to be.
    """
    params = params or Forecast()
    sources.check(tables or {})
    said: set[str] = set()
    facts = Facts(dense(demand), params.horizon, tables or {}, said.add)
    told = sources.declared(declared, {"demand", *facts.tables})
    found = windows(facts, told, params, seed=seed, progress=progress)
    for message in sorted(said):
        progress(message, None)
    return {
        "forecast": layout.forecast(facts, found),
        "draws": layout.scenarios(facts, found, params.scenarios, seed=seed),
        "scores": _scored(facts.panel, found, [source.name for source in told]),
    }


def predict(
    demand: pa.Table,
    *,
    tables: Mapping[str, pa.Table] | None = None,
    declared: Sequence[Source] = (),
    params: Forecast | None = None,
    seed: int = 0,
) -> pa.Table:
    """Return the forecast of the weeks after the last one, from all that is known; rows as in table ``forecast``.

    Parameters and errors are those of ``backtest``; no past cutoff is forecast.
    """
    current = msgspec.structs.replace(params or Forecast(), cutoffs=0)
    found = backtest(demand, tables=tables, declared=declared, params=current, seed=seed)["forecast"]
    return found.filter(pc.equal(found["information"], NOW))


def _scored(panel: Panel, found: Sequence[Window], names: Sequence[str]) -> pa.Table:
    """Return the ``scores`` table: every model and state at each past cutoff, then over all of them."""
    told = {(POOLED, state): JOINED.join(known) for state, known in states(names, past=True, placebo=True).items()}
    cells: dict[tuple[str, str], list[tuple[str, Window, Curve]]] = {}
    for window in found:
        if window.came is not None:
            for model, state, curve in _models(panel, window):
                cutoff = str(panel.weeks[window.end + 1])
                cells.setdefault((model, state), []).append((cutoff, window, curve))
    rows = []
    for (model, state), settled in sorted(cells.items(), key=lambda item: item[0]):
        spans = [([one], one[0]) for one in settled] + [(settled, "all")]
        same = {"model": model, "information": state, "sources": told.get((model, state))}
        rows += [_row(panel, part) | same | {"cutoff": cutoff} for part, cutoff in spans]
    return pa.Table.from_pylist(rows, schema=contract("scores").schema)


def _models(panel: Panel, window: Window) -> Iterator[tuple[str, str, Curve]]:
    horizon = window.curves[NONE].mean.shape[1]
    known = panel.units[:, : window.end + 1]
    for model, function in BASELINES.items():
        made = function(known)
        mean = np.repeat(made[:, -1:], horizon, axis=1)
        yield model, NONE, Curve(mean, classic.around(known, made, horizon))
    for state, curve in window.curves.items():
        yield (HISTORY if state == NONE else POOLED), state, curve


def _row(panel: Panel, settled: Sequence[tuple[str, Window, Curve]]) -> dict[str, int | float | None]:
    """Return the scores over some cutoffs; a series at one cutoff is a series of its own, scaled by its own past."""
    came = np.concatenate([np.asarray(window.came) for _, window, _ in settled])
    mean = np.concatenate([curve.mean for _, _, curve in settled])
    quantiles = np.concatenate([curve.quantiles for _, _, curve in settled])
    naive = np.concatenate([scores.naive_errors(panel.units[:, : window.end + 1]) for _, window, _ in settled], axis=1)
    scored = np.isfinite(came)
    if not scored.any():
        return {"cells": 0}
    number = np.broadcast_to(np.arange(len(came))[:, None], came.shape)[scored]
    product = number % panel.shape[0]
    found = scores.score(
        came[scored],
        mean[scored],
        quantiles[scored].reshape(-1, len(LEVELS)),
        series=product,
        scaled=number,
        naive=naive[:, number],
    )
    return {"cells": int(scored.sum())} | {name: None if value is None else round(value, 6) for name, value in found.items()}
