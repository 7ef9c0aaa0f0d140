"""What rises or falls: the slope of the last weeks, and whether it is chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from lotwise.mine.trends.levels import carried, longer

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST = 6
"""Weeks from which a slope can be told."""


@dataclass(frozen=True)
class Slope:
    """A slope.

    Parameters
    ----------
    change, low, high
        Change over all the weeks on the scale of the series, with its 90 % interval.
    p_value
        Chance of as much order were there no trend.
    weeks
        Weeks it was told from.
    """

    change: float
    low: float
    high: float
    p_value: float
    weeks: int


def slope(series: NDArray[np.float64]) -> Slope | None:
    """Return the trend of weekly values: Sen's slope with the test of Mann and Kendall; None for fewer than six weeks.

    The variance of the test counts ties and is made larger where weeks go with the weeks before them.

    Parameters
    ----------
    series
        Weekly values, ``(n_weeks,)``; absent weeks (nan) do not count.

    References
    ----------
    Sen (1968), Estimates of the regression coefficient based on Kendall's tau, JASA 63. Hamed and Rao (1998), A modified
    Mann-Kendall trend test for autocorrelated data, Journal of Hydrology 204 (here with a first-order correction).
    """
    week = np.flatnonzero(np.isfinite(series))
    values = series[week]
    count = len(values)
    if count < FEWEST:
        return None
    first, second = np.triu_indices(count, 1)
    rise = values[second] - values[first]
    score = float(np.sign(rise).sum())
    _, ties = np.unique(values, return_counts=True)
    variance = (count * (count - 1) * (2 * count + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    slopes = np.sort(rise / (week[second] - week[first]))
    middle = float(np.median(slopes))
    residual = values - middle * week
    variance *= max(longer(residual - residual.mean()), carried(residual))
    if variance <= 0:
        return Slope(0.0, 0.0, 0.0, 1.0, count)
    z = max(abs(score) - 1, 0.0) / np.sqrt(variance)
    reach = float(ndtri(0.95)) * np.sqrt(variance)
    low = slopes[max(int((len(slopes) - reach) / 2), 0)]
    high = slopes[min(int((len(slopes) + reach) / 2) + 1, len(slopes) - 1)]
    span = float(week[-1] - week[0])
    return Slope(middle * span, float(low) * span, float(high) * span, float(2 * ndtr(-z)), count)
