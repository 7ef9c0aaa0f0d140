"""The honest record of past accuracy: every method and state of information over the weeks that are settled."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.config import Forecast
from lotwise.forecast import scores
from lotwise.forecast.design import bare
from lotwise.forecast.registry import METHODS
from lotwise.forecast.states import NONE, RECENT
from lotwise.forecast.task import Curve, Task
from lotwise.tables import contract
from lotwise.tables.forecasted import JOINED, LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.forecast.auto import Worth
    from lotwise.forecast.information import Made, Window
    from lotwise.forecast.panel import Array, Facts, Mask, Panel

BASELINES = ("naive", "seasonal-naive", "ses", "croston")
"""Simple methods that stand beside the one in use."""
NAIVE, HISTORY, ALL = "naive", "history", "all"


@dataclass(frozen=True)
class Settled:
    """One method's forecasts from some cutoffs, beside what came; a series at one cutoff is a series of its own.

    Parameters
    ----------
    cutoffs
        Monday after the last week known.
    windows
        Where they were made.
    came
        What came; ``(n_series, horizon)`` each.
    curves
        The forecasts.
    """

    cutoffs: list[str]
    windows: list[Window]
    came: list[Array]
    curves: list[Curve]

    def part(self, place: int) -> Settled:
        """Return the forecasts of one cutoff."""
        return Settled([self.cutoffs[place]], [self.windows[place]], [self.came[place]], [self.curves[place]])


def scored(facts: Facts, made: Made, worth: Worth | None) -> pa.Table:
    """Return the ``scores`` table: every method and state at each past cutoff, then over all of them.

    Weeks in which a product was out of stock are left out: what was sold says only that no less was asked for.
    """
    method = made.choice.method.name
    told = {(method, state): JOINED.join(known) for state, known in made.told.items()}
    cells: dict[tuple[str, str], Settled] = {}
    for window in made.windows:
        if window.came is not None:
            for model, state, curve in _models(facts.panel, window, method):
                settled = cells.setdefault((model, state), Settled([], [], [], []))
                settled.cutoffs.append(str(facts.panel.weeks[window.end + 1]))
                settled.windows.append(window)
                settled.came.append(facts.came(window.end, scored=True))
                settled.curves.append(curve)
    rival = cells.get((NAIVE, NONE))
    rows = []
    for (model, state), settled in sorted(cells.items(), key=itemgetter(0)):
        same = {"model": model, "information": state, "sources": told.get((model, state))}
        spans = [(settled.part(place), rival and rival.part(place), cutoff) for place, cutoff in enumerate(settled.cutoffs)]
        for part, beside, cutoff in [*spans, (settled, rival, ALL)]:
            rows.append(_row(facts.panel, part, beside, worth) | same | {"cutoff": cutoff})
    return pa.Table.from_pylist(rows, schema=contract("scores").schema)


def _models(panel: Panel, window: Window, method: str) -> Iterator[tuple[str, str, Curve]]:
    plain = bare(panel.units[:, : window.end + 1], window.curves[NONE].mean.shape[1])
    for name in BASELINES:
        curve = METHODS[name].make(Task(plain, window.end, (), Forecast()))
        if curve is not None and name != method:
            yield name, NONE, curve
    for state, curve in window.curves.items():
        yield (HISTORY if state in (NONE, RECENT) else method), state, curve


def _row(panel: Panel, settled: Settled, rival: Settled | None, worth: Worth | None) -> dict[str, int | float | None]:
    """Return the scores over some cutoffs."""
    came = np.concatenate(settled.came)
    scored = np.isfinite(came)
    if not scored.any():
        return {"cells": 0}
    mean, quantiles = _cells(settled, scored)
    units = came[scored]
    number = np.broadcast_to(np.arange(len(came))[:, None], came.shape)[scored]
    product = number % panel.shape[0]
    naive = np.concatenate([scores.naive_errors(panel.units[:, : window.end + 1]) for window in settled.windows], axis=1)
    price = panel.measures.get("unit_price")
    weight = None
    if price is not None:
        earned = [scores.revenue(panel.units[:, : w.end + 1], price[:, : w.end + 1]) for w in settled.windows]
        weight = np.concatenate(earned)[number]
    found = scores.score(units, mean, quantiles, series=product, scaled=number, naive=naive[:, number], weight=weight)
    if rival is not None and len(rival.curves) == len(settled.curves):
        other, others = _cells(rival, scored)
        found["value_added"] = scores.value_added(np.abs(mean - units), np.abs(other - units))
        found["value_added_scrps"] = scores.value_added(scores.crps(units, quantiles), scores.crps(units, others))
    if worth is not None:
        lost = scores.money_loss(units, quantiles, worth.ratio[product], worth.value[product])
        found["money"] = float(lost.mean())
    return {"cells": int(scored.sum())} | {name: None if value is None else round(value, 6) for name, value in found.items()}


def _cells(settled: Settled, scored: Mask) -> tuple[Array, Array]:
    """Return the means and quantiles of the cells that are scored."""
    mean = np.concatenate([curve.mean for curve in settled.curves])
    quantiles = np.concatenate([curve.quantiles for curve in settled.curves])
    return mean[scored], quantiles[scored].reshape(-1, len(LEVELS))
