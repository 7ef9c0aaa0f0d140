"""The forecast of all series as of one week: fit, calibrate, fit again; several at a time."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import classic, conformal, pooled
from lotwise.forecast.design import YOUNG

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lotwise.config import Forecast
    from lotwise.forecast.design import Design, Rows
    from lotwise.forecast.panel import Array, Mask

UNSEEN_WEEKS = 6
"""Weeks kept from a model to calibrate its quantiles."""
PATHS = 24
"""Past origins whose error paths carry the correlation of the draws."""


@dataclass(frozen=True)
class Curve:
    """A forecast of all series from one cutoff.

    Parameters
    ----------
    mean
        Expected units; ``(n_series, horizon)``.
    quantiles
        ``(n_series, horizon, n_levels)``.
    errors
        Scaled errors of past paths; ``(n_series, horizon, n_origins)``. None where the forecast is the
        series' own history.
    """

    mean: Array
    quantiles: Array
    errors: Array | None = None


def own_history(units: Array, horizon: int) -> Curve:
    """Return the forecast of no information: each series' own unconditional history, at every horizon."""
    mean = np.repeat(classic.average(units)[:, None], horizon, axis=1)
    return Curve(mean, np.repeat(classic.history(units)[:, None], horizon, axis=1))


def whole(units: Array) -> Mask:
    """Return which series have only ever been asked for in whole units; ``(n_series,)``."""
    return np.asarray((np.isnan(units) | (units == np.rint(units))).all(axis=1))


def counted(values: Array, units: Array) -> Array:
    """Return demands of each series, rounded where its own have only ever been whole units.

    Half of a dear unit that sells once a year is no demand, yet a plan in fractions would make it.

    Parameters
    ----------
    values
        ``(n_series, ...)``.
    units
        Demand up to the cutoff; ``(n_series, n_weeks)``.
    """
    rows = whole(units).reshape(-1, *(1,) * (values.ndim - 1))
    return np.where(rows, np.rint(values), values)


def forecast(design: Design, end: int, names: Sequence[str], params: Forecast, *, seed: int) -> Curve | None:
    """Return the pooled model's forecast as of one week, or None where its history is too short or empty.

    Parameters
    ----------
    design
        Features and demand.
    end
        Place of the last known week.
    names
        Sources the model is told.
    params
        ``[forecast]``.
    seed
        Of the fit.
    """
    unseen = min(UNSEEN_WEEKS, (end + 1) // 4)
    early = _taught(design, end - unseen)
    if unseen == 0 or not _teaches(design, early):
        return None
    first = pooled.fit(design, early, names, params, seed=seed)
    held = design.rows(np.arange(max(end - unseen - design.horizon + 1, 0), end))
    held = held.where(design.known(held, end) & (held.target > end - unseen))
    level = design.dispersion
    calibration = conformal.calibrate(
        design.units[held.series, held.target], first.expect(design, held), level[held.series, held.origin]
    )
    errors = _paths(design, end, first)
    last = pooled.fit(design, _taught(design, end), names, params, seed=seed)
    ahead = design.rows([end])
    mean = last.expect(design, ahead)
    quantiles = calibration.quantiles(mean, level[ahead.series, ahead.origin])
    shape = (len(design.units), design.horizon)
    return Curve(mean.reshape(shape), quantiles.reshape(*shape, -1), errors)


def many(
    design: Design,
    wanted: Sequence[tuple[int, tuple[str, ...]]],
    params: Forecast,
    *,
    seed: int,
    progress: Callable[[str, float | None], None],
) -> dict[tuple[int, tuple[str, ...]], Curve | None]:
    """Return the forecast of each cutoff and set of sources, each fitted once, several at a time.

    Parameters
    ----------
    design
        Features and demand.
    wanted
        Place of the last known week, and names of the sources; repeated ones are fitted once.
    params
        ``[forecast]``; ``workers`` changes the time it takes and nothing else.
    seed
        Of every fit.
    progress
        Told the share done.
    """
    jobs = sorted(set(wanted))
    found = {}
    with ThreadPoolExecutor(params.workers or os.cpu_count()) as pool:
        results = pool.map(lambda job: forecast(design, job[0], job[1], params, seed=seed), jobs)
        for done, (job, curve) in enumerate(zip(jobs, results, strict=True), start=1):
            found[job] = curve
            progress(f"model {done} of {len(jobs)}", done / len(jobs))
    return found


def _taught(design: Design, end: int) -> Rows:
    """Return the rows a model may learn from at the end of a week: every second origin, the last one first."""
    young = min(YOUNG, max((end + 1) // 4, 1))
    rows = design.rows(np.arange(end - 1, -1, -2), young=young)
    rows = rows.where(design.known(rows, end))
    step = -(-len(rows.series) // pooled.MOST_ROWS)
    return rows if step <= 1 else rows.where(rows.series % step == 0)


def _teaches(design: Design, rows: Rows) -> bool:
    return len(rows.series) >= pooled.FEWEST_ROWS and bool(design.units[rows.series, rows.target].sum() > 0)


def _paths(design: Design, end: int, model: pooled.Pooled) -> Array:
    """Return the scaled errors from the last origins whose whole horizon is known; ``(n_series, horizon, n_origins)``."""
    last = end - design.horizon
    origins = np.arange(max(last - PATHS + 1, 0), last + 1)
    rows = design.rows(origins)
    mean = model.expect(design, rows)
    error = (design.units[rows.series, rows.target] - mean) / conformal.scale(mean)
    return error.reshape(len(design.units), len(origins), design.horizon).swapaxes(1, 2)
