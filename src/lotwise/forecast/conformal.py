"""Quantiles from expectations: the scaled errors of weeks the model had not seen, by size and dispersion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array

BINS = 4
PER_BIN = 100
"""Errors a bin needs; with fewer in all there are fewer bins."""


@dataclass(frozen=True)
class Calibration:
    """Quantiles of scaled errors.

    Parameters
    ----------
    sizes
        Upper edges of the bins of expected units; ``(n_bins - 1,)``.
    dispersions
        Upper edges of the bins of dispersion, inside each bin of size; ``(n_bins, n_bins - 1)``.
    errors
        Quantiles of the scaled errors; ``(n_bins, n_bins, n_levels)``.
    """

    sizes: Array
    dispersions: Array
    errors: Array

    def quantiles(self, mean: Array, dispersion: Array) -> Array:
        """Return the 23 quantiles of each row, rising and never negative; ``(n_rows, n_levels)``."""
        size = np.searchsorted(self.sizes, mean, side="right")
        spread = (dispersion[:, None] >= self.dispersions[size]).sum(axis=1)
        return np.asarray(np.maximum(mean[:, None] + self.errors[size, spread] * scale(mean)[:, None], 0.0))


def scale(mean: Array) -> Array:
    """Return the standard deviation of a negative binomial of dispersion 0.1, kept above 0."""
    return np.asarray(np.sqrt(mean + 0.1 * mean**2 + 0.1))


def calibrate(units: Array, mean: Array, dispersion: Array) -> Calibration:
    """Return the quantiles of the scaled errors in bins of equal count, sizes first, dispersion inside each.

    Split conformal prediction with a scaled score, conditional on bins (Mondrian); the k-th of n errors stands
    at level k / (n + 1), which makes the coverage exact where errors are exchangeable.

    Parameters
    ----------
    units
        What came; ``(n_rows,)``.
    mean
        What was expected by a model that had not seen it; ``(n_rows,)``.
    dispersion
        Past spread of each row's series; ``(n_rows,)``.

    References
    ----------
    Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World, 2nd ed., section 4.6; Lei et al. (2018),
    Distribution-free predictive inference for regression, JASA 113.
    """
    bins = int(np.clip(np.sqrt(len(units) / PER_BIN), 1, BINS))
    error = (units - mean) / scale(mean)
    sizes = _edges(mean, bins)
    size = np.searchsorted(sizes, mean, side="right")
    dispersions = np.zeros((bins, bins - 1))
    errors = np.zeros((bins, bins, len(LEVELS)))
    everywhere = np.quantile(error, LEVELS, method="weibull")
    for row in range(bins):
        inside = size == row
        dispersions[row] = _edges(dispersion[inside], bins)
        spread = np.searchsorted(dispersions[row], dispersion, side="right")
        for column in range(bins):
            chosen = error[inside & (spread == column)]
            errors[row, column] = np.quantile(chosen, LEVELS, method="weibull") if len(chosen) else everywhere
    return Calibration(sizes, dispersions, errors)


def _edges(values: Array, bins: int) -> Array:
    if len(values) == 0:
        return np.full(bins - 1, np.inf)
    return np.asarray(np.quantile(values, np.arange(1, bins) / bins))
