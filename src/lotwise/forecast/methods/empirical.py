"""Own history and own past errors: the distributions that need no model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import conformal
from lotwise.forecast.direct import PATHS
from lotwise.forecast.panel import Array
from lotwise.forecast.task import Curve, Make
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from lotwise.forecast.task import Task

CHUNK = 4096
"""Series looked at together: what a method lays out over weeks and weeks ahead stays small."""

Rolling = Callable[[Array, int, int], Array]
"""The forecast made after each week for each week ahead, from demand ``(n_series, n_weeks)``, the horizon and the
season; ``(n_series, n_weeks, horizon)``. Absent where a series has not begun; column t reads columns 0..t only. The
last column is the forecast, the earlier ones give the errors that calibrate it."""


def flat(level: Callable[[Array], Array]) -> Rolling:
    """Return the rolling forecast that expects each week's level in all weeks ahead."""

    def rolling(units: Array, horizon: int, season: int) -> Array:  # noqa: ARG001  one shape for all
        found = level(units)
        return np.broadcast_to(found[:, :, None], (*found.shape, horizon))

    return rolling


def calibrated(rolling: Rolling) -> Make:
    """Return the method of a rolling forecast: its last column, with quantiles from its own past errors."""

    def make(task: Task) -> Curve:
        units = task.units
        parts = [units[start : start + CHUNK] for start in range(0, max(len(units), 1), CHUNK)]
        curves = [curve(part, rolling(part, task.horizon, task.season)) for part in parts]
        mean, quantiles = (np.concatenate([getattr(one, name) for one in curves]) for name in ("mean", "quantiles"))
        errors = [one.errors for one in curves if one.errors is not None]
        return Curve(mean, quantiles, np.concatenate(errors) if errors else None)

    return make


def curve(units: Array, forecasts: Array) -> Curve:
    """Return the last of some rolling forecasts as a curve calibrated by the earlier ones.

    Parameters
    ----------
    units
        Demand up to the cutoff; ``(n_series, n_weeks)``.
    forecasts
        Made after each week for each week ahead; ``(n_series, n_weeks, horizon)``.
    """
    return Curve(last(forecasts), around(units, forecasts), paths(units, forecasts))


def last(forecasts: Array) -> Array:
    """Return the forecast made after the last week, 0 where a series has not begun; ``(n_series, horizon)``."""
    return np.asarray(np.maximum(np.nan_to_num(forecasts[:, -1]), 0.0))


def history(units: Array, levels: Array | tuple[float, ...] = LEVELS) -> Array:
    """Return the quantiles of each series' own history: the sample average approximation.

    Parameters
    ----------
    units
        ``(n_series, n_weeks)``; absent weeks are left out. A series without any week gets zeros.
    levels
        Quantile levels.

    Returns
    -------
    Array
        ``(n_series, n_levels)``, interpolated as ``numpy.quantile`` does.
    """
    ordered = np.sort(units, axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    place = np.maximum(count - 1, 0)[:, None] * np.asarray(levels)[None, :]
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, np.maximum(count - 1, 0)[:, None])
    below, above = (np.take_along_axis(ordered, index, axis=1) for index in (low, high))
    return np.asarray(np.nan_to_num(below + (place - low) * (above - below)))


def average(units: Array) -> Array:
    """Return the mean of each series' own history, 0 where it has none."""
    count = np.isfinite(units).sum(axis=1)
    return np.asarray(np.nan_to_num(units).cumsum(axis=1)[:, -1] / np.maximum(count, 1))


def around(units: Array, forecasts: Array) -> Array:
    """Return quantiles of the last forecasts from the past errors of the same series, each horizon its own.

    A horizon longer than any past error takes the errors of the one before it; a series without any error
    keeps to its mean.

    Parameters
    ----------
    units
        Demand up to the cutoff; ``(n_series, n_weeks)``.
    forecasts
        Made after each week for each week ahead; ``(n_series, n_weeks, horizon)``.

    Returns
    -------
    Array
        ``(n_series, horizon, n_levels)``, rising, never negative.
    """
    mean = last(forecasts)
    found = np.repeat(mean[:, :, None], len(LEVELS), axis=2)
    spread = np.zeros((len(units), len(LEVELS)))
    for step in range(1, forecasts.shape[2] + 1):
        errors = units[:, step:] - forecasts[:, :-step, step - 1]
        known = np.isfinite(errors).any(axis=1)
        spread[known] = history(errors[known])
        found[:, step - 1] += spread
    return np.maximum(found, 0.0)


def paths(units: Array, forecasts: Array) -> Array | None:
    """Return the scaled errors from the last origins whose whole horizon is known; None where there is none.

    Returns
    -------
    Array
        ``(n_series, horizon, n_origins)``.
    """
    horizon = forecasts.shape[2]
    origins = np.arange(units.shape[1] - horizon)[-PATHS:]
    if len(origins) == 0:
        return None
    made = forecasts[:, origins].swapaxes(1, 2)
    came = units[:, origins[None, :] + np.arange(1, horizon + 1)[:, None]]
    return np.asarray((came - made) / conformal.scale(np.maximum(made, 0.0)))
