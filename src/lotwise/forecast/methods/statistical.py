"""State-space and ARIMA models chosen for each series by statsforecast, with the models' own intervals.

One series is fitted after another, so these take the time the others do not. Weeks that are not known are
interpolated between their neighbors, for the models need them; those before a series begins are left out.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.extras import need
from lotwise.forecast.methods import empirical
from lotwise.forecast.methods.smoothing import smoothed
from lotwise.forecast.task import Curve
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.forecast.panel import Array
    from lotwise.forecast.task import Task

FEWEST = 8
"""Weeks a series must have had; with fewer it is smoothed exponentially."""
LONGEST = 24
"""Longest season that states are kept for; with a longer one there is none."""
WIDTHS = [round(100 * (1 - 2 * level)) for level in LEVELS if level < 0.5]  # noqa: PLR2004  the lower half
"""Central intervals, in percent, whose ends are the quantiles below and above the median."""


def ets(task: Task) -> Curve:
    """Return exponential smoothing whose error, trend and season are chosen by AICc.

    References
    ----------
    Hyndman & Khandakar (2008), Automatic time series forecasting: the forecast package for R, Journal of Statistical
    Software 27.

    Raises
    ------
    MissingPackageError
        statsforecast is not installed.
    """
    models = need("statsforecast.models", extra="classic")
    return _each(task, lambda season: models.AutoETS(season_length=season if season <= LONGEST else 1))


def arima(task: Task) -> Curve:
    """Return the ARIMA model whose orders are chosen stepwise by AICc; slow. References and errors as of ``ets``."""
    models = need("statsforecast.models", extra="classic")
    return _each(task, lambda season: models.AutoARIMA(season_length=season if season <= LONGEST else 1))


def theta(task: Task) -> Curve:
    """Return the dynamic optimized Theta model; its intervals are simulated with a fixed seed.

    References
    ----------
    Fiorucci et al. (2016), Models for optimising the theta method and their relationship to state space models,
    International Journal of Forecasting 32.

    Raises
    ------
    MissingPackageError
        statsforecast is not installed.
    """
    models = need("statsforecast.models", extra="classic")
    return _each(task, lambda season: models.DynamicOptimizedTheta(season_length=season))


def _each(task: Task, model: Callable[[int], Any]) -> Curve:
    """Return the forecasts of a model of a season; those it cannot make are those of exponential smoothing."""
    units, horizon = task.units, task.horizon
    plain = empirical.curve(units, empirical.flat(smoothed)(units, horizon, task.season))
    mean, quantiles = plain.mean.copy(), plain.quantiles.copy()
    for row, own in enumerate(units):
        series = interpolated(own)
        if len(series) < FEWEST or np.ptp(series) == 0:
            continue
        season = task.season if len(series) >= 2 * task.season else 1
        points, curve = _one(model(season), series, horizon)
        if np.isfinite(points).all() and np.isfinite(curve).all():
            mean[row], quantiles[row] = np.maximum(points, 0.0), np.sort(np.maximum(curve, 0.0), axis=1)
    return Curve(mean, quantiles, plain.errors)


def interpolated(units: Array) -> Array:
    """Return one series from its first known week on, unknown weeks on the line between their neighbors."""
    known = np.flatnonzero(np.isfinite(units))
    if len(known) == 0:
        return units[:0]
    return np.interp(np.arange(known[0], len(units)), known, units[known])


def _one(model: Any, series: Array, horizon: int) -> tuple[Array, Array]:  # noqa: ANN401  statsforecast brings no types
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = model.forecast(y=series, h=horizon, level=WIDTHS)
    low = [np.asarray(found[f"lo-{width}"], float) for width in WIDTHS]
    high = [np.asarray(found[f"hi-{width}"], float) for width in reversed(WIDTHS)]
    mean = np.asarray(found["mean"], float)
    return mean, np.stack([*low, mean, *high], axis=1)
