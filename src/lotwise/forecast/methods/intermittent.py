"""Demand that comes now and then: how often, and how much when it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array

WEIGHT = 0.1
"""Weight of the newest size and interval, as in Croston's paper."""


def croston(units: Array, weight: float = WEIGHT) -> Array:
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
    return _begun(units, found)


def sba(units: Array, weight: float = WEIGHT) -> Array:
    """Return Croston's forecast times ``1 - weight / 2``, which takes most of its bias away; ``(n_series, n_weeks)``.

    References
    ----------
    Syntetos & Boylan (2005), The accuracy of intermittent demand estimates, International Journal of Forecasting 21,
    equation 2.
    """
    return (1 - weight / 2) * croston(units, weight)


def tsb(units: Array, weight: float = WEIGHT, size_weight: float = WEIGHT) -> Array:
    """Return the smoothed probability of demand times its smoothed size, made after each week; ``(n_series, n_weeks)``.

    The probability moves every week, so that what stops selling fades; the size moves in weeks with demand.

    Parameters
    ----------
    units
        ``(n_series, n_weeks)``.
    weight
        Of the newest week in the probability, which starts at whether the first week had demand.
    size_weight
        Of the newest size.

    References
    ----------
    Teunter, Syntetos & Babai (2011), Intermittent demand: linking forecasting to inventory obsolescence, European
    Journal of Operational Research 214.
    """
    size, chance = np.zeros(len(units)), np.full(len(units), np.nan)
    found = np.zeros_like(units)
    for week in range(units.shape[1]):
        now = units[:, week]
        sold = np.nan_to_num(now) > 0
        size = np.where(sold, np.where(size == 0, now, size + size_weight * (now - size)), size)
        moved = np.where(np.isnan(chance), sold, chance + weight * (sold - chance))
        chance = np.where(np.isfinite(now), moved, chance)
        found[:, week] = np.nan_to_num(chance) * size
    return _begun(units, found)


def _begun(units: Array, found: Array) -> Array:
    return np.where(np.maximum.accumulate(np.isfinite(units), axis=1), found, np.nan)
