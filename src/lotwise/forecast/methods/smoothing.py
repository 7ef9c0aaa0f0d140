"""Exponential smoothing: of the level, of a level and its trend, of a trend that dies out."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.forecast.panel import Array

WEIGHTS = (0.05, 0.1, 0.2, 0.3, 0.5)
"""Weights of the newest demand in the level."""
TREND_WEIGHTS = (0.02, 0.1, 0.3)
"""Weights of the newest change of level in the trend."""
DAMPINGS = (0.8, 0.9, 0.98)
"""Share of the trend that is left after a week."""


def smoothed(units: Array, weights: Sequence[float] = WEIGHTS) -> Array:
    """Return simple exponential smoothing's forecast made after each week; ``(n_series, n_weeks)``.

    The level starts at the first week's demand and moves by ``weight * (demand - level)``; each series
    uses at each week the weight whose one-step squared errors have been smallest so far.
    """
    level, _, _ = _best(units, [(weight, 0.0, 1.0) for weight in weights])
    return level


def holt(
    units: Array,
    horizon: int,
    season: int,  # noqa: ARG001  one shape for all
    settings: Sequence[tuple[float, float, float]] = tuple(product(WEIGHTS, TREND_WEIGHTS, (1.0,))),
) -> Array:
    """Return Holt's linear trend, never below 0, made after each week; ``(n_series, n_weeks, horizon)``.

    The trend starts at 0. Each series uses at each week the setting whose one-step squared errors have been
    smallest so far.

    Parameters
    ----------
    units
        ``(n_series, n_weeks)``.
    horizon
        Weeks ahead.
    season
        Not used.
    settings
        Weight of the level, weight of the trend and damping, as many as shall be tried.

    References
    ----------
    Holt (1957), reprinted in International Journal of Forecasting 20 (2004); Gardner & McKenzie (1985),
    Forecasting trends in time series, Management Science 31, for damping.
    """
    level, trend, damping = _best(units, settings)
    found = np.empty((*units.shape, horizon))
    power, gain = np.ones_like(damping), np.zeros_like(damping)
    for step in range(horizon):
        power = power * damping
        gain = gain + power
        found[:, :, step] = np.maximum(level + gain * trend, 0.0)
    return found


def damped(units: Array, horizon: int, season: int) -> Array:
    """Return Holt's trend damped to a constant, made after each week; ``(n_series, n_weeks, horizon)``.

    A week ahead it adds ``damping`` of the trend, two weeks ahead ``damping + damping**2``, and so on.
    """
    return holt(units, horizon, season, tuple(product(WEIGHTS, TREND_WEIGHTS, DAMPINGS)))


def states(
    units: Array, setting: tuple[float, float, float], start: tuple[float, float] | None = None
) -> tuple[Array, Array, Array]:
    """Return the level and the trend after each week, and the error of that week's forecast; ``(n_series, n_weeks)`` each.

    Parameters
    ----------
    units
        ``(n_series, n_weeks)``; in a week that is not known the state moves as expected.
    setting
        Weight of the level, weight of the trend and damping: ``level += damping * trend + weight * error`` and
        ``trend = damping * trend + weight * trend_weight * error``.
    start
        Level and trend before the first week; by default the level starts at the first demand, without trend.
    """
    weight, trend_weight, damping = setting
    level = np.full(len(units), np.nan if start is None else start[0])
    trend = np.full(len(units), 0.0 if start is None else start[1])
    levels, trends, errors = np.empty_like(units), np.empty_like(units), np.zeros_like(units)
    for week in range(units.shape[1]):
        expected = level + damping * trend
        error = np.nan_to_num(units[:, week] - expected)
        level = np.where(np.isnan(expected), units[:, week], expected + weight * error)
        trend = damping * trend + weight * trend_weight * error
        levels[:, week], trends[:, week], errors[:, week] = level, trend, error
    return levels, trends, errors


def _best(units: Array, settings: Sequence[tuple[float, float, float]]) -> tuple[Array, Array, Array]:
    """Return level, trend and damping after each week of the setting that erred least up to it."""
    least = np.full(units.shape, np.inf)
    level, trend, damping = (np.full(units.shape, np.nan) for _ in range(3))
    for setting in settings:
        levels, trends, errors = states(units, setting)
        sums = np.cumsum(errors**2, axis=1)
        better = sums < least
        for kept, new in ((least, sums), (level, levels), (trend, trends), (damping, setting[2])):
            np.copyto(kept, new, where=better)
    return level, trend, damping
