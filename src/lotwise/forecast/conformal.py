"""Quantiles from expectations: the scaled errors of weeks the model had not seen, by class and by group.

Two steps. A class is a size and a dispersion of expected demand, and gives the shape of the errors. A group is a
week ahead and a state of promotion, and says how far the intervals of a class must be widened or narrowed there;
it moves both ends of an interval and never its middle, for errors of one promotion week lean to one side that the
next one does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.forecast.design import Design, Rows
    from lotwise.forecast.panel import Array, Index

BINS = 3
"""Bins of size, and of dispersion inside each: few enough to hold many weeks' errors."""
PER_BIN = 100
"""Errors a class needs; with fewer in all there are fewer bins."""
PRIOR = 20
"""Errors of all that stand beside those of a class or a group, so that a small one is like all others."""
STEPS = np.arange(1, 400) / 400
"""Levels at which the errors of a class are kept."""
OVER_USUAL = "planned, over usual"
"""What ends the name of a feature that compares the plan of a target week with the product's usual one."""
PROMOTED = 0.05
"""A target week is promoted where any such feature is above this share."""


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
        Quantiles of the scaled errors by size, dispersion and group, the last group for those never seen;
        ``(n_bins, n_bins, n_groups + 1, n_levels)``.
    """

    sizes: Array
    dispersions: Array
    errors: Array

    def quantiles(self, mean: Array, dispersion: Array, group: Index | None = None) -> Array:
        """Return the 23 quantiles of each row, rising and never negative; ``(n_rows, n_levels)``.

        Parameters
        ----------
        mean, dispersion
            As in ``calibrate``; ``(n_rows,)``.
        group
            Group of each row; without it, and for a group never seen, the quantiles of the class.
        """
        size, spread = _classes(self.sizes, self.dispersions, mean, dispersion)
        unseen = self.errors.shape[2] - 1
        place = np.full(len(mean), unseen) if group is None else np.minimum(group, unseen)
        return np.asarray(np.maximum(mean[:, None] + self.errors[size, spread, place] * scale(mean)[:, None], 0.0))


def scale(mean: Array) -> Array:
    """Return the standard deviation of a negative binomial of dispersion 0.1, kept above 0."""
    return np.asarray(np.sqrt(mean + 0.1 * mean**2 + 0.1))


def groups(design: Design, rows: Rows, names: Sequence[str]) -> Index:
    """Return the group of each row: its week ahead, apart for weeks more promoted than usual; ``(n_rows,)``.

    Parameters
    ----------
    design
        Features and demand.
    rows
        Places in the panel.
    names
        Sources whose plans may be looked at.
    """
    shape = (*design.units.shape, design.horizon)
    promoted = np.zeros(len(rows.series), bool)
    for name in names:
        for feature, values in design.columns[name].items():
            if feature.endswith(OVER_USUAL):
                promoted |= np.broadcast_to(values, shape)[rows.series, rows.origin, rows.ahead - 1] > PROMOTED
    return np.asarray(promoted * design.horizon + rows.ahead - 1, np.int64)


def calibrate(units: Array, mean: Array, dispersion: Array, group: Index | None = None) -> Calibration:
    """Return the quantiles of the scaled errors by class, their central intervals stretched to hold in each group.

    Split conformal prediction with a scaled score, conditional on bins of equal count (Mondrian); the k-th of n
    errors stands at level k / (n + 1), which makes coverage exact where errors are exchangeable. Then, in each
    group, the central interval that held a share of its errors stands for that share (nested sets). Both are
    shrunk towards all errors as if ``PRIOR`` of them stood beside its own. Where no error is known at all, they are
    taken to be normal.

    Parameters
    ----------
    units
        What came; ``(n_rows,)``.
    mean
        What was expected by a model that had not seen it; ``(n_rows,)``.
    dispersion
        Past spread of each row's series; ``(n_rows,)``.
    group
        Group of each row, from 0, as ``groups`` gives it; None where all are one group.

    References
    ----------
    Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World, 2nd ed., section 4.6; Lei et al. (2018),
    Distribution-free predictive inference for regression, JASA 113; Gupta, Kuchibhotla & Ramdas (2022), Nested
    conformal prediction and quantile out-of-bag ensemble methods, Pattern Recognition 127.
    """
    bins = int(np.clip(np.sqrt(len(units) / PER_BIN), 1, BINS))
    error = (units - mean) / scale(mean)
    sizes = _edges(mean, bins)
    size = np.searchsorted(sizes, mean, side="right")
    dispersions = np.stack([_edges(dispersion[size == row], bins) for row in range(bins)])
    _, spread = _classes(sizes, dispersions, mean, dispersion)
    everywhere = np.quantile(error, STEPS, method="weibull") if len(error) else np.asarray(ndtri(STEPS))
    shapes = np.empty((bins, bins, len(STEPS)))
    level = np.empty(len(error))
    for row, column in np.ndindex(bins, bins):
        chosen = (size == row) & (spread == column)
        shapes[row, column] = _shrunk(error[chosen], STEPS, everywhere)
        level[chosen] = _level(error[chosen], shapes[row, column])
    return Calibration(sizes, dispersions, _stretched(shapes, level, group))


def _stretched(shapes: Array, level: Array, group: Index | None) -> Array:
    """Return the errors of every class at the levels that hold in each group."""
    asked = np.asarray(LEVELS)
    width = np.abs(2 * asked - 1)
    count = 0 if group is None else int(group.max(initial=-1)) + 1
    held = [_shrunk(np.abs(2 * level[group == number] - 1), width, width) for number in range(count)]
    levels = 0.5 + np.sign(asked - 0.5) * np.stack([*held, width]) / 2
    flat = [np.interp(levels, STEPS, shape) for shape in shapes.reshape(-1, len(STEPS))]
    return np.stack(flat).reshape(*shapes.shape[:2], *levels.shape)


def _shrunk(values: Array, levels: Array, prior: Array) -> Array:
    """Return the quantiles of some values, as if ``PRIOR`` values with the quantiles of all stood beside them."""
    if len(values) == 0:
        return prior
    own = np.quantile(values, levels, method="weibull")
    return np.asarray((len(values) * own + PRIOR * prior) / (len(values) + PRIOR))


def _level(error: Array, shape: Array) -> Array:
    """Return the level of each error in a class; one that many levels share stands at their middle."""
    upper = np.interp(error, shape, STEPS)
    lower = 1 - np.interp(-error, -shape[::-1], STEPS)
    return np.asarray((upper + lower) / 2)


def _classes(sizes: Array, dispersions: Array, mean: Array, dispersion: Array) -> tuple[Index, Index]:
    size = np.searchsorted(sizes, mean, side="right")
    return size, (dispersion[:, None] >= dispersions[size]).sum(axis=1)


def _edges(values: Array, bins: int) -> Array:
    if len(values) == 0:
        return np.full(bins - 1, np.inf)
    return np.asarray(np.quantile(values, np.arange(1, bins) / bins))
