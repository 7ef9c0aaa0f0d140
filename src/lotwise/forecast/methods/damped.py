"""The damped trend, averaged over its settings by likelihood."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from lotwise.forecast.methods import seasons
from lotwise.forecast.methods.theta import FEWEST, likelihood, stay

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Index

WEIGHTS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.99)
"""Weights of the newest error in the level."""
TREND_WEIGHTS = (0.0, 0.05, 0.1, 0.2)
"""Weights of the newest error in the trend, as shares of that in the level."""
DAMPINGS = (0.8, 0.9, 0.95, 0.98)
"""Share of the trend that is left after a week."""
EXACT_LINES = 1e-9
"""Below this the first level and the first trend cannot be told apart."""
SETTINGS = np.array([(a, a * b, damping) for a, b, damping in product(WEIGHTS, TREND_WEIGHTS, DAMPINGS)])


def average(values: Array, ends: Index, origins: Index, horizon: int) -> Array:
    """Return exponential smoothing with a damped trend, averaged over settings by their likelihood, no seasons.

    One choice of parameters is a hard bet on short series; the average is what a flat prior over the settings
    makes of the evidence. For each setting the first level and trend are those of least squares, which the
    errors are linear in.

    Parameters
    ----------
    values
        Without gaps, absent before a series begins; ``(n_series, n_weeks)``.
    ends
        Weeks the parameters of each series are fitted on: the first ``ends[i]``; ``(n_series,)``.
    origins
        Last known week of each forecast, rising; ``(n_origins,)``.
    horizon
        Weeks ahead.

    Returns
    -------
    Array
        ``(n_series, n_origins, horizon)``, absent where a series has not begun.

    References
    ----------
    Gardner & McKenzie (1985), Forecasting trends in time series, Management Science 31; Hyndman et al. (2008),
    Forecasting with exponential smoothing, chapter 2, for the form with one error.
    """
    return np.asarray(_average(values, seasons.begins(values), ends, origins, horizon, SETTINGS))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _average(values: Array, begin: Index, ends: Index, origins: Index, horizon: int, settings: Array) -> Array:
    found = np.full((len(values), len(origins), horizon), np.nan)
    errors, starts = np.empty(len(settings)), np.empty((len(settings), 2))
    for row in range(len(values)):
        y = values[row, begin[row] :]
        n = ends[row] - begin[row]
        stay(y, begin[row], origins, found[row])
        if n < FEWEST:
            continue
        for number in range(len(settings)):
            errors[number] = start(y[:n], settings[number], starts[number])
        share = likelihood(errors, n, (y[:n] ** 2).sum())
        found[row] *= 0
        for likely in np.flatnonzero(share):
            level, trend = run(y, settings[likely], starts[likely])
            gain = np.cumsum(settings[likely, 2] ** np.arange(1, horizon + 1))
            for place in range(len(origins)):
                t = origins[place] - begin[row]
                if t >= 0:
                    found[row, place] += share[likely] * (level[t] + gain * trend[t])
    return found


@njit(cache=True)  # type: ignore[untyped-decorator]
def run(y: Array, setting: Array, first: Array) -> tuple[Array, Array]:
    """Return the level and the trend after each week."""
    a, b, damping = setting
    level, trend = first
    levels, trends = np.empty(len(y)), np.empty(len(y))
    for t in range(len(y)):
        expected = level + damping * trend
        error = y[t] - expected
        level, trend = expected + a * error, damping * trend + b * error
        levels[t], trends[t] = level, trend
    return levels, trends


@njit(cache=True)  # type: ignore[untyped-decorator]
def start(y: Array, setting: Array, found: Array) -> float:
    """Write the first level and trend of least squares, and return the squared errors they leave."""
    a, b, damping = setting
    level, trend = 0.0, 0.0
    of_level, slope_of_level, of_trend, slope_of_trend = 1.0, 0.0, 0.0, 1.0
    ee, ll, lt, tt, le, te = 0.0, 1e-9, 0.0, 1e-9, 0.0, 0.0
    for now in y:
        expected = level + damping * trend
        first, second = of_level + damping * slope_of_level, of_trend + damping * slope_of_trend
        error = now - expected
        ee += error * error
        ll += first * first
        lt += first * second
        tt += second * second
        le += first * error
        te += second * error
        level, trend = expected + a * error, damping * trend + b * error
        of_level, slope_of_level = first - a * first, damping * slope_of_level - b * first
        of_trend, slope_of_trend = second - a * second, damping * slope_of_trend - b * second
    determinant = ll * tt - lt * lt
    found[0], found[1] = le / ll, 0.0
    if determinant > EXACT_LINES * ll * tt:
        found[0], found[1] = (le * tt - te * lt) / determinant, (te * ll - le * lt) / determinant
    return float(ee - found[0] * le - found[1] * te)
