"""The theta method: half the line through a series, and the series smoothed with its curvature doubled.

``classic`` is the method that won M3, in its form as exponential smoothing with drift; ``dynamic`` lets the
line move with each week and averages over smoothing weight and theta by likelihood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from lotwise.forecast.methods import holdout, seasons

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Index
    from lotwise.forecast.task import Curve, Task

FEWEST = 6
"""A series shorter than this is expected to stay where it is."""
FINE = np.linspace(0.01, 0.99, 50)
"""Smoothing weights the classic method chooses from."""
WEIGHTS = np.array([0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9, 0.99])
"""Smoothing weights that are averaged."""
THETAS = np.array([1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0])
"""Factors of the curvature that are averaged."""
LEAST = 1e-3
"""A setting this much less likely than the best is left out."""
EXACT = 1e-10
"""Squared errors below this share of the squared values are none."""


def theta(task: Task) -> Curve:
    """Return the classic theta method's forecast, calibrated on weeks its first fit had not seen."""
    return holdout.curve(task, ahead)


def ahead(units: Array, ends: Index, origins: Index, horizon: int, season: int) -> Array:
    """Return the classic method's forecasts, seasons taken out by classical decomposition where the test finds one.

    Parameters
    ----------
    units
        Demand, absent before a series begins; ``(n_series, n_weeks)``.
    ends
        Weeks the parameters of each series are fitted on: the first ``ends[i]``; ``(n_series,)``.
    origins
        Last known week of each forecast, rising; ``(n_origins,)``.
    horizon
        Weeks ahead.
    season
        Weeks after which a season comes again.

    Returns
    -------
    Array
        ``(1, n_series, n_origins, horizon)``, absent where a series has not begun.
    """
    filled = seasons.filled(units, season)
    usual = (np.nan_to_num(filled, nan=1.0) > 0).all(axis=1) & seasons.are_seasonal(filled, season, ends)
    factor = np.ones((len(units), season))
    factor[usual] = seasons.factors(filled[usual], season, ends[usual], doubt=0.0)
    made = classic(filled / seasons.along(factor, np.arange(units.shape[1])), ends, origins, horizon)
    return np.asarray(made * seasons.along(factor, holdout.targets(origins, horizon)))[None]


def classic(values: Array, ends: Index, origins: Index, horizon: int) -> Array:
    """Return simple exponential smoothing plus half the slope of the regression line, no seasons.

    The mean of theta lines 0 and 2 equals smoothing with drift: step h adds ``b / 2 (h - 1 + (1 - (1 - a)^n) / a)``.
    The weight a and the first level minimize the one-step squared errors.

    Parameters
    ----------
    values
        Without gaps, absent before a series begins; ``(n_series, n_weeks)``.
    ends, origins, horizon
        As in ``ahead``.

    Returns
    -------
    Array
        ``(n_series, n_origins, horizon)``.

    References
    ----------
    Assimakopoulos & Nikolopoulos (2000), The theta model; Hyndman & Billah (2003), Unmasking the theta method;
    International Journal of Forecasting 16 and 19.
    """
    return np.asarray(_classic(values, seasons.begins(values), ends, origins, horizon, FINE))


def dynamic(values: Array, ends: Index, origins: Index, horizon: int) -> Array:
    """Return the dynamic theta model averaged over its settings, each weighted by its likelihood, no seasons.

    Arguments and result are those of ``classic``. For each setting the first level is the one of least squares.

    References
    ----------
    Fiorucci et al. (2016), Models for optimising the theta method and their relationship to state space models,
    International Journal of Forecasting 32, equations 13-20 (DOTM).
    """
    return np.asarray(_dynamic(values, seasons.begins(values), ends, origins, horizon, (WEIGHTS, THETAS)))


@njit(cache=True)  # type: ignore[untyped-decorator]
def likelihood(errors: Array, count: int, square: float) -> Array:
    """Return the weight of each setting from its squared errors, adding up to 1; ``(n_settings,)``."""
    least = np.maximum(errors, EXACT * square + 1e-300)
    found = np.exp(-0.5 * count * np.log(least / least.min()))
    found = np.where(found < LEAST, 0.0, found)
    return np.asarray(found / found.sum())


@njit(cache=True)  # type: ignore[untyped-decorator]
def stay(y: Array, begin: int, origins: Index, found: Array) -> None:
    """Write each origin's last value as its forecast."""
    for place in range(len(origins)):
        if origins[place] >= begin:
            found[place] = y[origins[place] - begin]


@njit(cache=True)  # type: ignore[untyped-decorator]
def _classic(values: Array, begin: Index, ends: Index, origins: Index, horizon: int, weights: Array) -> Array:
    found = np.full((len(values), len(origins), horizon), np.nan)
    for row in range(len(values)):
        y = values[row, begin[row] :]
        n = ends[row] - begin[row]
        if n < FEWEST:
            stay(y, begin[row], origins, found[row])
            continue
        best, weight, start = np.inf, 1.0, 0.0
        for a in weights:
            first, error = first_level(y[:n], a)
            if error < best:
                best, weight, start = error, a, first
        level, slope = smooth(y, weight, start)[0], lines(y)[1]
        for place in range(len(origins)):
            t = origins[place] - begin[row]
            if t >= 0:
                reach = (1 - (1 - weight) ** (t + 1)) / weight
                for step in range(horizon):
                    found[row, place, step] = level[t] + slope[t] / 2 * (step + reach)
    return found


@njit(cache=True)  # type: ignore[untyped-decorator]
def first_level(y: Array, a: float) -> tuple[float, float]:
    """Return the first level of least squares, and the squared errors it leaves."""
    level, power, ee, xe, xx = 0.0, 1.0, 0.0, 0.0, 0.0
    for now in y:
        error = now - level
        ee += error * error
        xe += power * error
        xx += power * power
        level += a * error
        power *= 1 - a
    return xe / xx, ee - xe * xe / xx


@njit(cache=True)  # type: ignore[untyped-decorator]
def smooth(y: Array, a: float, start: float) -> tuple[Array, Array]:
    """Return the level after each week, and how much of the first level is left in it."""
    levels, powers = np.empty(len(y)), np.empty(len(y))
    level, power = start, 1.0
    for t in range(len(y)):
        level += a * (y[t] - level)
        power *= 1 - a
        levels[t], powers[t] = level, power
    return levels, powers


@njit(cache=True)  # type: ignore[untyped-decorator]
def lines(y: Array) -> tuple[Array, Array]:
    """Return the mean and the slope of the regression line after each week."""
    mean, slope = np.empty(len(y)), np.empty(len(y))
    mean[0], slope[0] = y[0], 0.0
    for t in range(2, len(y) + 1):
        slope[t - 1] = ((t - 2) * slope[t - 2] + 6.0 / t * (y[t - 1] - mean[t - 2])) / (t + 1)
        mean[t - 1] = ((t - 1) * mean[t - 2] + y[t - 1]) / t
    return mean, slope


@njit(cache=True)  # type: ignore[untyped-decorator]
def _dynamic(values: Array, begin: Index, ends: Index, origins: Index, horizon: int, grid: tuple[Array, Array]) -> Array:
    weights, thetas = grid
    found = np.full((len(values), len(origins), horizon), np.nan)
    errors, starts = np.empty((len(weights), len(thetas))), np.empty((len(weights), len(thetas)))
    for row in range(len(values)):
        y = values[row, begin[row] :]
        n = ends[row] - begin[row]
        stay(y, begin[row], origins, found[row])
        if n < FEWEST:
            continue
        line = lines(y)
        for number in range(len(weights)):
            errors[number], starts[number] = settings(y[:n], line, weights[number], thetas)
        share = likelihood(errors.ravel(), n, (y[:n] ** 2).sum())
        found[row] *= 0
        for setting in np.flatnonzero(share):
            a, theta = weights[setting // len(thetas)], thetas[setting % len(thetas)]
            level, power = smooth(y, a, starts.ravel()[setting])
            for place in range(len(origins)):
                t = origins[place] - begin[row]
                if t >= 0:
                    state = (level[t], power[t], line[0][t], line[1][t])
                    found[row, place] += share[setting] * on(t + 1, state, a, 1 - 1 / theta, horizon)
    return found


@njit(cache=True)  # type: ignore[untyped-decorator]
def settings(y: Array, line: tuple[Array, Array], a: float, thetas: Array) -> tuple[Array, Array]:
    """Return the squared errors and the best first level with each theta, from moments: the errors are linear in both."""
    mean, slope = line
    level, power = 0.0, 1.0
    ee, xe, xx, eg, xg, gg = 0.0, 0.0, 1e-300, 0.0, 0.0, 0.0
    for t in range(len(y) - 1):
        level += a * (y[t] - level)
        power *= 1 - a
        g = power * (mean[t] - slope[t] * (t + 2) / 2) + (1 - power * (1 - a)) / a * slope[t]
        e = y[t + 1] - level
        ee += e * e
        xe += power * e
        xx += power * power
        eg += e * g
        xg += power * g
        gg += g * g
    w = 1 - 1 / thetas
    both = xe - w * xg
    return ee - 2 * w * eg + w * w * gg - both * both / xx, both / xx


@njit(cache=True)  # type: ignore[untyped-decorator]
def on(t: int, state: tuple[float, float, float, float], a: float, w: float, horizon: int) -> Array:
    """Return the forecasts after t weeks, each taken as the next week's value."""
    level, power, mean, slope = state
    found = np.empty(horizon)
    for step in range(horizon):
        y = level + w * (power * (mean - slope * (t + 1) / 2) + (1 - power * (1 - a)) / a * slope)
        found[step] = y
        t += 1
        slope = ((t - 2) * slope + 6.0 / t * (y - mean)) / (t + 1)
        mean = ((t - 1) * mean + y) / t
        level += a * (y - level)
        power *= 1 - a
    return found
