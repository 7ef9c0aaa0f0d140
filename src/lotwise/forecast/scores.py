"""How good forecasts were: point, quantile and coverage scores over settled weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Index

HALF = (LEVELS.index(0.25), LEVELS.index(0.75))
NINE = (LEVELS.index(0.05), LEVELS.index(0.95))


def score(
    units: Array, mean: Array, quantiles: Array, *, series: Index, scaled: Index, naive: Array
) -> dict[str, float | None]:
    """Return the scores of the ``scores`` table; None where one is not defined, as when all demand is 0.

    Parameters
    ----------
    units, mean
        What came and what was expected; ``(n_cells,)``.
    quantiles
        ``(n_cells, n_levels)``.
    series
        Series of each cell, around whose mean over the cells ``r2_within`` is measured.
    scaled
        Group of each cell that scaled errors are means over: a series at a cutoff.
    naive
        In-sample one-step naive errors of each cell's group: mean square and mean absolute; ``(2, n_cells)``.

    References
    ----------
    Hyndman & Koehler (2006) for MASE; Makridakis, Spiliotis & Assimakopoulos (2022), M5, for RMSSE; Gneiting &
    Raftery (2007) for the continuous ranked probability score as twice the integral of the pinball loss.
    """
    error = mean - units
    within = np.bincount(series, weights=units) / np.maximum(np.bincount(series), 1)
    around = float(((units - within[series]) ** 2).sum())
    total = float(units.sum())
    return {
        "rmse": float(np.sqrt((error**2).mean())),
        "mae": float(np.abs(error).mean()),
        "r2_within": 1 - float((error**2).sum()) / around if around > 0 else None,
        "rmsse": _scaled(error**2, naive[0], scaled, root=True),
        "mase": _scaled(np.abs(error), naive[1], scaled, root=False),
        "scrps": float(crps(units, quantiles).sum()) / total if total > 0 else None,
        "coverage50": inside(units, quantiles, HALF),
        "coverage90": inside(units, quantiles, NINE),
        "bias": float(error.sum()) / total if total > 0 else None,
    }


def pinball(units: Array, quantiles: Array) -> Array:
    """Return the pinball loss at each level; ``(n_cells, n_levels)``."""
    over = units[:, None] - quantiles
    level = np.asarray(LEVELS)
    return np.asarray(np.maximum(level * over, (level - 1) * over))


def crps(units: Array, quantiles: Array) -> Array:
    """Return twice the pinball loss, integrated over the levels by trapezoids; ``(n_cells,)``."""
    level = np.asarray(LEVELS)
    loss = pinball(units, quantiles)
    return np.asarray((np.diff(level) * (loss[:, 1:] + loss[:, :-1])).sum(axis=1))


def inside(units: Array, quantiles: Array, ends: tuple[int, int]) -> float:
    """Return the share of cells between two quantiles, both ends counted."""
    return float(((units >= quantiles[:, ends[0]]) & (units <= quantiles[:, ends[1]])).mean())


def naive_errors(units: Array) -> Array:
    """Return each series' mean square and mean absolute one-step naive error; ``(2, n_series)``."""
    step = np.diff(units, axis=1)
    count = np.maximum(np.isfinite(step).sum(axis=1), 1)
    step = np.nan_to_num(step)
    return np.stack([(step**2).sum(axis=1) / count, np.abs(step).sum(axis=1) / count])


def _scaled(error: Array, naive: Array, group: Index, *, root: bool) -> float | None:
    """Return the mean over groups of the mean scaled error; cells whose naive error is 0 have no scale."""
    usable = naive > 0
    if not usable.any():
        return None
    place = group[usable]
    count = np.bincount(place)
    sums = np.bincount(place, weights=error[usable] / naive[usable])
    means = sums[count > 0] / count[count > 0]
    return float((np.sqrt(means) if root else means).mean())
