"""The pooled autoregression: each week ahead regressed on the last weeks, every series leaning on all the others.

Values are logarithms relative to the last one, so that growth and seasons of series of any size can be compared.
The least-squares moments of each series are joined by the pool's, as if it had seen some more rows of the average
series: a long series is nearly on its own, a short one lives from the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from lotwise.forecast.methods import seasons

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Index

ROWS = 400
"""Most recent rows of a series that are learned from."""
ROWS_PER_LAG = 10
"""Rows of the whole panel that a lag needs."""
PULL = 8.0
"""Rows of the pool that stand beside a series' own, per lag."""
TAMED = 0.25
"""Power of a series' variance by which its rows weigh less in the pool; 0 is pooled least squares."""
RIDGE = 1e-3
"""Ridge on the pool's moments, as a share of their mean diagonal."""


def spans(lengths: Index, horizon: int, season: int) -> list[int]:
    """Return the numbers of lags to use: one and two seasons (5 and 8 without one), as far as there are rows.

    Parameters
    ----------
    lengths
        Weeks to learn from, of each series; ``(n_series,)``.
    horizon
        Weeks ahead.
    season
        Weeks after which a season comes again.
    """
    wanted = (season, 2 * season) if season > 1 else (4, 7)
    found = []
    for lags in wanted:
        rows = int(np.clip(lengths - lags - horizon, 0, ROWS).sum())
        if rows >= ROWS_PER_LAG * lags:
            found.append(lags)
    if found:
        return found
    short = [lags for lags in range(1, wanted[0]) if (lengths - lags - horizon).clip(0, ROWS).sum() >= ROWS_PER_LAG * lags]
    return short[-1:]


def ahead(values: Array, ends: Index, origins: Index, horizon: int, lags: int) -> Array:
    """Return the direct forecasts of each week ahead.

    Parameters
    ----------
    values
        Logarithms without gaps, absent before a series begins; ``(n_series, n_weeks)``.
    ends
        Weeks of each series learned from: the first ``ends[i]``; ``(n_series,)``.
    origins
        Last known week of each forecast; ``(n_origins,)``.
    horizon
        Weeks ahead.
    lags
        Weeks before the last that are looked at. Before its beginning a series is taken to have stood still.

    Returns
    -------
    Array
        ``(n_series, n_origins, horizon)``, absent where a series has not begun.

    References
    ----------
    Montero-Manso & Hyndman (2021), Principles and algorithms for forecasting groups of time series, International
    Journal of Forecasting 37, for pooled autoregressions; Lindley & Smith (1972), Bayes estimates for the linear
    model, JRSS B 34, for leaning on the average series.
    """
    begin = seasons.begins(values)
    scales = _scales(values, begin, ends)
    squares, products = _pool(values, begin, ends, scales, lags, horizon)
    squares[np.diag_indices(lags)] += RIDGE * max(np.trace(squares) / lags, 1e-12)
    return np.asarray(_ahead(values, begin, ends, origins, scales, squares, products))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _scales(values: Array, begin: Index, ends: Index) -> Array:
    """Return the mean square of each series' weekly changes, kept above 0."""
    found = np.full(len(values), 1e-8)
    for row in range(len(values)):
        y = values[row, begin[row] : max(ends[row], begin[row])]
        if len(y) > 1:
            found[row] += ((y[1:] - y[:-1]) ** 2).mean()
    return found


@njit(cache=True)  # type: ignore[untyped-decorator]
def _pool(values: Array, begin: Index, ends: Index, scales: Array, lags: int, horizon: int) -> tuple[Array, Array]:
    """Return the moments of a row of the average series, in units of the mean square of its changes."""
    squares, products, weight = np.zeros((lags, lags)), np.zeros((lags, horizon)), 1e-300
    own, cross = np.empty((lags, lags)), np.empty((lags, horizon))
    for row in range(len(values)):
        rows = _moments(values[row], begin[row], ends[row], own, cross)
        tamed = scales[row] ** -TAMED
        squares += tamed * own
        products += tamed * cross
        weight += tamed * scales[row] * rows
    return squares / weight, products / weight


@njit(cache=True)  # type: ignore[untyped-decorator]
def _moments(y: Array, begin: int, end: int, squares: Array, products: Array) -> int:
    """Write the sums of squares and products of a series' last rows, and return how many there are."""
    lags, horizon = products.shape
    squares[:] = 0.0
    products[:] = 0.0
    last = end - horizon
    first = max(begin + lags, last - ROWS)
    x, z = np.empty(lags), np.empty(horizon)
    for t in range(first, last):
        for lag in range(lags):
            x[lag] = y[t - 1 - lag] - y[t]
        for step in range(horizon):
            z[step] = y[t + 1 + step] - y[t]
        for lag in range(lags):
            here = x[lag]
            for other in range(lag + 1):
                squares[lag, other] += here * x[other]
            for step in range(horizon):
                products[lag, step] += here * z[step]
    for lag in range(lags):
        for other in range(lag):
            squares[other, lag] = squares[lag, other]
    return int(max(last - first, 0))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _ahead(values: Array, begin: Index, ends: Index, origins: Index, scales: Array, squares: Array, products: Array) -> Array:
    lags, horizon = products.shape
    found = np.full((len(values), len(origins), horizon), np.nan)
    own, cross = np.empty((lags, lags)), np.empty((lags, horizon))
    for row in range(len(values)):
        if begin[row] >= values.shape[1]:
            continue
        _moments(values[row], begin[row], ends[row], own, cross)
        own += PULL * lags * scales[row] * squares
        cross += PULL * lags * scales[row] * products
        _solve(own, cross)
        for place in range(len(origins)):
            t = origins[place]
            if t < begin[row]:
                continue
            found[row, place] = values[row, t]
            for lag in range(lags):
                found[row, place] += (values[row, max(t - 1 - lag, begin[row])] - values[row, t]) * cross[lag]
    return found


@njit(cache=True)  # type: ignore[untyped-decorator]
def _solve(squares: Array, products: Array) -> None:
    """Put the solution of the normal equations in place of the products, by Cholesky factors."""
    size = len(squares)
    for i in range(size):
        for j in range(i):
            squares[i, i:] -= squares[j, i] * squares[j, i:]
        squares[i, i:] /= np.sqrt(max(squares[i, i], 1e-300))
    for i in range(size):
        for j in range(i):
            products[i] -= squares[j, i] * products[j]
        products[i] /= squares[i, i]
    for i in range(size - 1, -1, -1):
        for j in range(i + 1, size):
            products[i] -= squares[i, j] * products[j]
        products[i] /= squares[i, i]
