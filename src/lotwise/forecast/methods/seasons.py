"""Seasons: whether a series has one, what it looks like, and the series without it.

Everything is multiplicative: a season is a factor for each place in the cycle, estimated as in the classical
decomposition by ratios to a centered moving average, then shrunk towards 1 as far as the years disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Index, Mask

NINETY = 1.645
"""Quantile of the normal distribution for a two-sided test at 90 %."""
FEWEST_CYCLES = 3
"""With fewer cycles than this no season is looked for."""
DOUBT = 2.0
"""How much the noise in the factors counts when they are shrunk; 1 is the positive-part James-Stein estimator."""


def filled(units: Array, season: int) -> Array:
    """Return the series with each gap closed from its own past; absent only before a series begins.

    Demand below 0 counts as none. A missing value moves from the value before it as the series did one season
    ago, and is that value where there is no such past.

    Parameters
    ----------
    units
        ``(n_series, n_weeks)``.
    season
        Weeks after which a season comes again; 1 where there is none.
    """
    found = np.maximum(units, 0.0)
    for week in range(1, units.shape[1]):
        gap = np.isnan(found[:, week]) & ~np.isnan(found[:, week - 1])
        if not gap.any():
            continue
        move = found[gap, week - season] - found[gap, week - season - 1] if week > season > 1 else np.zeros(gap.sum())
        found[gap, week] = np.maximum(found[gap, week - 1] + np.nan_to_num(move), 0.0)
    return found


def are_seasonal(values: Array, season: int, ends: Index, threshold: float = NINETY) -> Mask:
    """Return which series correlate with themselves a season ago; ``(n_series,)``.

    The autocorrelation at lag ``season`` is tested against Bartlett's standard error; the M4 competition's test is
    this one at 90 %. A series shorter than three cycles, or constant, has no season.

    Parameters
    ----------
    values
        Without gaps, absent before a series begins; ``(n_series, n_weeks)``.
    season
        Weeks after which a season comes again.
    ends
        Weeks of each series' row that are read: the first ``ends[i]``; ``(n_series,)``.
    threshold
        Standard errors beyond which a correlation is a season.

    References
    ----------
    Assimakopoulos & Nikolopoulos (2000), The theta model, International Journal of Forecasting 16, section 3.
    """
    return np.asarray(_tested(values, begins(values), ends, season, threshold))


def factors(values: Array, season: int, ends: Index, *, doubt: float = DOUBT) -> Array:
    """Return the factor of each place in the cycle, counted from week 0 of the panel; ``(n_series, season)``.

    Factors are geometric means of the ratios to a centered moving average. With S their sum of squared logarithms
    and V the variance of one of them, their logarithms are multiplied by ``max(0, 1 - doubt (season - 1) V / S)``.

    Parameters
    ----------
    values
        Above 0, without gaps, absent before a series begins; ``(n_series, n_weeks)``.
    season
        Weeks after which a season comes again; with 1 all factors are 1.
    ends
        Weeks of each series' row that are read: the first ``ends[i]``; ``(n_series,)``.
    doubt
        0 leaves the factors as they are.

    References
    ----------
    Miller & Williams (2003), Shrinkage estimators of time series seasonal factors, International Journal of
    Forecasting 19.
    """
    if season == 1:
        return np.ones((len(values), 1))
    return np.asarray(_factors(values, begins(values), ends, season, doubt))


def along(factor: Array, weeks: Index) -> Array:
    """Return the factors of some weeks of the panel, also later ones; ``(n_series, *weeks.shape)``."""
    return np.asarray(factor[:, weeks % factor.shape[1]])


def begins(values: Array) -> Index:
    """Return the first known week of each series, the number of weeks where there is none; ``(n_series,)``."""
    known = np.isfinite(values)
    return np.asarray(np.where(known.any(axis=1), known.argmax(axis=1), values.shape[1]))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _tested(values: Array, begin: Index, ends: Index, season: int, threshold: float) -> Mask:
    found = np.zeros(len(values), np.bool_)
    for row in range(len(values)):
        y = values[row, begin[row] : max(ends[row], begin[row])]
        n = len(y)
        if season == 1 or n < FEWEST_CYCLES * season:
            continue
        d = y - y.mean()
        whole = (d * d).sum()
        if whole <= 0:
            continue
        spread, r = 1.0, 0.0
        for lag in range(1, season + 1):
            r = (d[lag:] * d[: n - lag]).sum() / whole
            if lag < season:
                spread += 2 * r * r
        found[row] = abs(r) / np.sqrt(spread / n) > threshold
    return found


@njit(cache=True)  # type: ignore[untyped-decorator]
def _factors(values: Array, begin: Index, ends: Index, season: int, doubt: float) -> Array:
    found = np.ones((len(values), season))
    half = season // 2
    for row in range(len(values)):
        first, last = begin[row], ends[row]
        if last - first < FEWEST_CYCLES * season:
            continue
        ratio = np.empty(last - first - 2 * half)
        total, count = np.zeros(season), np.zeros(season)
        for t in range(first + half, last - half):
            around = values[row, t - half : t + half + 1].sum()
            if season % 2 == 0:
                around -= 0.5 * (values[row, t - half] + values[row, t + half])
            here = np.log(values[row, t] / (around / season))
            ratio[t - first - half] = here
            total[t % season] += here
            count[t % season] += 1
        mean = total / count
        noise = 0.0
        for t in range(first + half, last - half):
            noise += (ratio[t - first - half] - mean[t % season]) ** 2
        noise /= max(len(ratio) - season, 1) * (len(ratio) / season)
        mean -= mean.mean()
        square = (mean * mean).sum()
        if square > 0:
            found[row] = np.exp(mean * max(0.0, 1 - doubt * (season - 1) * noise / square))
    return found
