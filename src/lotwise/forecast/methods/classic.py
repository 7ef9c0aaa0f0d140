"""Simple forecasts of each series from itself: the base every model has to beat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array

LEARNING = 0.1
"""Smoothing of Croston's method, as in the paper."""


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


def naive(units: Array) -> Array:
    """Return the forecast made after each week for all later ones: that week's demand; ``(n_series, n_weeks)``."""
    return np.nan_to_num(units)


def smoothed(units: Array, weights: tuple[float, ...] = (0.05, 0.1, 0.2, 0.3, 0.5)) -> Array:
    """Return simple exponential smoothing's forecast made after each week; ``(n_series, n_weeks)``.

    The level starts at the first week's demand and moves by ``weight * (demand - level)``; each series
    uses at each week the weight whose one-step squared errors have been smallest so far.
    """
    levels = np.stack([_ses(units, weight) for weight in weights])
    error = np.zeros_like(levels)
    error[:, :, 1:] = np.nan_to_num((levels[:, :, :-1] - units[None, :, 1:]) ** 2)
    best = np.argmin(np.cumsum(error, axis=2), axis=0)
    return np.asarray(np.take_along_axis(levels, best[None], axis=0)[0])


def _ses(units: Array, weight: float) -> Array:
    level = np.full(len(units), np.nan)
    found = np.empty_like(units)
    for week in range(units.shape[1]):
        now = units[:, week]
        level = np.where(np.isnan(level), now, level + weight * np.nan_to_num(now - level))
        found[:, week] = level
    return np.nan_to_num(found)


def croston(units: Array, weight: float = LEARNING) -> Array:
    """Return Croston's forecast made after each week: smoothed size over smoothed interval; ``(n_series, n_weeks)``.

    Both start at the first week with demand (its size, and the weeks up to it) and move only in weeks
    with demand. Without any demand so far the forecast is 0.

    References
    ----------
    Croston (1972), Forecasting and stock control for intermittent demands, Operational Research Quarterly 23.
    """
    size, interval = np.zeros(len(units)), np.zeros(len(units))
    waited = np.zeros(len(units))
    found = np.zeros_like(units)
    for week in range(units.shape[1]):
        now = np.nan_to_num(units[:, week])
        waited = waited + np.isfinite(units[:, week])
        sold, first = now > 0, size == 0
        size = np.where(sold, np.where(first, now, size + weight * (now - size)), size)
        interval = np.where(sold, np.where(first, waited, interval + weight * (waited - interval)), interval)
        waited = np.where(sold, 0.0, waited)
        found[:, week] = np.divide(size, interval, out=np.zeros_like(size), where=interval > 0)
    return found


def around(units: Array, forecasts: Array, horizon: int) -> Array:
    """Return quantiles of point forecasts from their own past errors, each horizon its own.

    Parameters
    ----------
    units
        Demand up to the cutoff; ``(n_series, n_weeks)``.
    forecasts
        The forecast made after each week; ``(n_series, n_weeks)``.
    horizon
        Weeks ahead.

    Returns
    -------
    Array
        ``(n_series, horizon, n_levels)``, never negative.
    """
    last = forecasts[:, -1]
    found = np.repeat(last[:, None], len(LEVELS), axis=1)[:, None, :].repeat(horizon, axis=1)
    for step in range(1, min(horizon, units.shape[1] - 1) + 1):
        found[:, step - 1] += history(units[:, step:] - forecasts[:, :-step])
    return np.maximum(found, 0.0)
