"""The last demand, the demand of a season ago, and means of the last weeks: the base every model has to beat."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array

SPANS = (4, 8, 13)
"""Weeks of the moving means that are listed: a month, two, a quarter."""


def naive(units: Array) -> Array:
    """Return the forecast made after each week for all later ones: the last known demand; ``(n_series, n_weeks)``."""
    return windows.filled(units)


def seasonal(units: Array, horizon: int, season: int) -> Array:
    """Return the demand of the same week a season ago, the last known demand where there is none.

    Returns
    -------
    Array
        ``(n_series, n_weeks, horizon)``.
    """
    plain = naive(units)
    found = np.empty((*units.shape, horizon))
    for step in range(1, horizon + 1):
        back = -step % season
        before = windows.delay(units, min(back, units.shape[1]))
        found[:, :, step - 1] = np.where(np.isfinite(before), before, plain)
    return found


def drift(units: Array, horizon: int, season: int) -> Array:  # noqa: ARG001  one shape for all
    """Return the line from the first known demand through the last, never below 0; ``(n_series, n_weeks, horizon)``.

    References
    ----------
    Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., section 5.2.
    """
    known = np.isfinite(units)
    place = np.arange(units.shape[1])
    first = np.argmax(known, axis=1)[:, None]
    latest = np.maximum.accumulate(np.where(known, place, -1), axis=1)
    end = windows.filled(units)
    rise = (end - np.take_along_axis(units, first, axis=1)) / np.maximum(latest - first, 1)
    weeks = (place - latest)[:, :, None] + np.arange(1, horizon + 1)
    return np.asarray(np.maximum(end[:, :, None] + rise[:, :, None] * weeks, 0.0))


def moving(units: Array, span: int | None = None) -> Array:
    """Return the mean of the last ``span`` weeks (all weeks so far when None), made after each week; ``(n_series, n_weeks)``.

    Where none of those weeks is known, the last mean there was stands.
    """
    return windows.filled(windows.mean(units, span))


MOVING = {span: partial(moving, span=span) for span in SPANS}
"""The moving mean of each span."""
