"""Forecasts and draws as the tables other stages take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.forecast import draws
from lotwise.forecast.information import PERFECT
from lotwise.forecast.task import counted
from lotwise.tables import contract
from lotwise.tables.forecasted import QUANTILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lotwise.forecast.information import Window
    from lotwise.forecast.panel import Array, Facts

DIGITS = 6
"""Decimals kept, so that the last bits of a fit do not show."""


def forecast(facts: Facts, windows: Sequence[Window]) -> pa.Table:
    """Return the ``forecast`` table; at past cutoffs ``perfect`` holds the demand that came."""
    parts = []
    for state, window in _ordered(windows):
        if state == PERFECT:
            mean = _came(window)
            quantiles = np.repeat(mean[:, :, None], len(QUANTILES), axis=2)
        else:
            mean, quantiles = window.curves[state].mean, window.curves[state].quantiles
        values = np.round(quantiles, DIGITS).reshape(-1, len(QUANTILES))
        ahead = np.broadcast_to(np.arange(1, mean.shape[1] + 1), mean.shape).ravel()
        columns = _key(facts, state, window) | {"horizon": ahead, "mean": np.round(mean, DIGITS).ravel()}
        columns |= {name: np.ascontiguousarray(values[:, place]) for place, name in enumerate(QUANTILES)}
        parts.append(pa.table(columns, schema=contract("forecast").schema))
    return pa.concat_tables(parts).combine_chunks()


def scenarios(facts: Facts, windows: Sequence[Window], count: int, *, seed: int) -> pa.Table:
    """Return the ``draws`` table: ``count`` scenarios of each state, one of ``perfect``.

    All states of a cutoff share their randomness, so that two of them differ by what they know and not by luck.
    """
    parts = []
    for state, window in _ordered(windows):
        drawn = _came(window)[:, :, None] if state == PERFECT else _drawn(facts, window, state, count, seed=seed)
        flat = drawn.astype(np.float32)
        places = np.arange(0, flat.size + 1, flat.shape[2], dtype=np.int32)
        units = pa.ListArray.from_arrays(places, pa.array(flat.ravel()))
        parts.append(pa.table(_key(facts, state, window) | {"units": units}, schema=contract("draws").schema))
    return pa.concat_tables(parts).combine_chunks()


def _drawn(facts: Facts, window: Window, state: str, count: int, *, seed: int) -> Array:
    rng = np.random.default_rng([seed, 2, int(facts.axis[window.end + 1].astype(np.int64))])
    curve = window.curves[state]
    known = facts.panel.units[:, : window.end + 1]
    if curve.errors is None:
        return counted(draws.bootstrap(known, facts.horizon, count, rng), known)
    return counted(draws.paths(curve.quantiles, curve.errors, count, rng), known)


def _ordered(windows: Sequence[Window]) -> Iterator[tuple[str, Window]]:
    """Yield every state and window in the order of the tables' key."""
    known = {(state, window.end): window for window in windows for state in window.curves}
    known |= {(PERFECT, window.end): window for window in windows if window.came is not None}
    for state, end in sorted(known):
        yield state, known[state, end]


def _came(window: Window) -> Array:
    return np.nan_to_num(np.asarray(window.came, np.float64))


def _key(facts: Facts, state: str, window: Window) -> dict[str, pa.Array]:
    panel, horizon = facts.panel, facts.horizon
    rows = panel.shape[0] * horizon
    weeks = facts.axis[window.end + 1 : window.end + 1 + horizon]
    return {
        "information": pa.repeat(pa.scalar(state), rows),
        "cutoff": pa.repeat(pa.scalar(weeks[0].item(), pa.date32()), rows),
        "product": pa.array(np.repeat(panel.products, horizon)),
        "region": pa.array(np.repeat(panel.regions, horizon)),
        "week": pa.array(np.tile(weeks, panel.shape[0]), pa.date32()),
    }
