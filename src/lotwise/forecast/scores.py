"""How good forecasts were: point, quantile, coverage and money scores over settled weeks; arrays in, figures out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Index

Loss = Literal["mean", "median", "mape"]
"""What a point forecast is judged by."""
HALF = (LEVELS.index(0.25), LEVELS.index(0.75))
NINE = (LEVELS.index(0.05), LEVELS.index(0.95))


def score(
    units: Array, mean: Array, quantiles: Array, *, series: Index, scaled: Index, naive: Array, weight: Array | None = None
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
    weight
        Weight of each cell's group in ``wrmsse``, the same in all its cells, such as ``revenue`` gives it;
        ``(n_cells,)``. Without it there is no ``wrmsse``.

    References
    ----------
    Hyndman & Koehler (2006) for MASE; Makridakis, Spiliotis & Assimakopoulos (2022), M5, for RMSSE and WRMSSE;
    Gneiting & Raftery (2007) for the continuous ranked probability score as twice the integral of the pinball loss.
    """
    error = mean - units
    square = float((error**2).mean())
    within = np.bincount(series, weights=units) / np.maximum(np.bincount(series), 1)
    around = float(((units - within[series]) ** 2).sum())
    total = float(units.sum())
    return {
        "mse": square,
        "rmse": float(np.sqrt(square)),
        "mae": float(np.abs(error).mean()),
        "r2": r2(units, mean),
        "r2_within": 1 - float((error**2).sum()) / around if around > 0 else None,
        "rmsse": _scaled(error**2, naive[0], scaled, root=True),
        "wrmsse": None if weight is None else _scaled(error**2, naive[0], scaled, root=True, weight=weight),
        "mase": _scaled(np.abs(error), naive[1], scaled, root=False),
        "smape": smape(units, mean),
        "scrps": float(crps(units, quantiles).sum()) / total if total > 0 else None,
        "coverage50": inside(units, quantiles, HALF),
        "coverage90": inside(units, quantiles, NINE),
        "bias": float(error.sum()) / total if total > 0 else None,
    }


def r2(units: Array, mean: Array) -> float:
    """Return the share of the variance of all cells that is explained.

    A forecast of the mean of all cells has 0, and so has any forecast of demand that never varies: there is
    nothing to explain. Products of unlike size flatter it, see ``r2_within``.
    """
    around = float(((units - units.mean()) ** 2).sum())
    return 1 - float(((mean - units) ** 2).sum()) / around if around > 0 else 0.0


def smape(units: Array, mean: Array) -> float:
    """Return the mean of twice the absolute error over the sum of demand and forecast: 0 to 2, and 0 where both are 0.

    References
    ----------
    Makridakis & Hibon (2000), The M3-Competition, International Journal of Forecasting 16.
    """
    size = np.abs(units) + np.abs(mean)
    return float((2 * np.abs(mean - units) / np.where(size > 0, size, 1)).mean())


def mape(units: Array, point: Array) -> float | None:
    """Return the mean of the absolute error over demand, among cells with any demand; None where there is none.

    It punishes a forecast that is too high more than one too low by as much: ``point`` gives the one it likes best.
    """
    some = units > 0
    return float((np.abs(point - units)[some] / units[some]).mean()) if some.any() else None


def point(quantiles: Array, *, loss: Loss = "mean", least: float = 1.0) -> Array:
    """Return the one figure to give for each cell so that the loss expected of it is least; ``(n_cells,)``.

    Of squared error that is the mean, of absolute error the median, and of the absolute percentage error the median of
    the distribution of density proportional to p(y) / y, which lies below the median of p. Between the levels kept,
    quantiles lie on straight lines; beyond them they stay where they are.

    Parameters
    ----------
    quantiles
        Rising; ``(n_cells, n_levels)``.
    loss
        ``"mean"``, ``"median"`` or ``"mape"``.
    least
        Units below which demand counts as none, which has no percentage error. Where all of a cell's demand is below, it
        is given its median.

    References
    ----------
    Gneiting (2011), Making and evaluating point forecasts, Journal of the American Statistical Association 106,
    theorem 5: absolute percentage error and the median of order -1.
    """
    levels = np.concatenate([[0.0], LEVELS, [1.0]])
    found = quantiles[:, LEVELS.index(0.5)]
    if loss == "median":
        return found
    curve = np.concatenate([quantiles[:, :1], quantiles, quantiles[:, -1:]], axis=1)
    low, high, mass = curve[:, :-1], curve[:, 1:], np.diff(levels)
    if loss == "mean":
        return np.asarray(((low + high) / 2) @ mass)
    start = np.maximum(low, least)
    rise = np.maximum(high - start, 0.0)
    kept = np.where(high >= least, np.divide(rise, high - low, out=np.ones_like(rise), where=high > low), 0.0)
    slope = np.divide(rise, start)
    # The integral of dy / y along a straight line, and its limit where the line is level.
    flat = slope < 1e-9  # noqa: PLR2004  below it the logarithm has lost its digits
    weight = mass * kept / start * np.where(flat, 1.0, np.log1p(slope) / np.where(flat, 1.0, slope))
    until = np.cumsum(weight, axis=1)
    half = until[:, -1] / 2
    cell, place = np.arange(len(curve)), np.minimum((until < half[:, None]).sum(axis=1), len(mass) - 1)
    share = 1 - (until[cell, place] - half) / np.where(half > 0, weight[cell, place], 1.0)
    return np.where(half > 0, start[cell, place] * (1 + slope[cell, place]) ** share, found)


def owa(smape: float, mase: float, *, rival_smape: float, rival_mase: float) -> float | None:
    """Return the overall weighted average: the mean of both scores, each over that of a rival such as Naive2.

    References
    ----------
    Makridakis, Spiliotis & Assimakopoulos (2020), The M4 Competition, International Journal of Forecasting 36.
    """
    if rival_smape <= 0 or rival_mase <= 0:
        return None
    return (smape / rival_smape + mase / rival_mase) / 2


def value_added(loss: Array, rival: Array) -> float | None:
    """Return the share of a rival's loss that is removed, below 0 where some is added; None where it lost nothing.

    Parameters
    ----------
    loss, rival
        Losses of the same cells, such as absolute errors or ``crps``; the rival is usually the naive forecast.

    References
    ----------
    Gilliland (2002), Is forecasting a waste of time?, Supply Chain Management Review 6 (forecast value added).
    """
    lost = float(rival.sum())
    return 1 - float(loss.sum()) / lost if lost > 0 else None


def stability(mean: Array, units: Array, *, series: Index, week: Index, origin: Index) -> float | None:
    """Return how far forecasts of the same week move from one origin to the next, over mean demand.

    0 is a forecast that never changes; None where no week was forecast twice, or nothing was asked for.

    Parameters
    ----------
    mean, units
        What was expected and what came; ``(n_cells,)``.
    series, week, origin
        Series, target week and last known week of each cell; ``(n_cells,)``.

    References
    ----------
    Godahewa et al. (2023), On forecast stability, arXiv:2310.17332: the mean absolute change, here over mean
    demand, for the change of a small forecast as a share of itself says little.
    """
    order = np.lexsort((origin, week, series))
    same = (np.diff(series[order]) == 0) & (np.diff(week[order]) == 0)
    demand = float(units[order][1:][same].sum())
    return float(np.abs(np.diff(mean[order]))[same].sum()) / demand if demand > 0 else None


def at(quantiles: Array, ratio: Array) -> Array:
    """Return the quantile of each cell at its own level, straight between the levels kept; ``(n_cells,)``.

    Beyond the first and last level it is that level's quantile.

    Parameters
    ----------
    quantiles
        ``(n_cells, n_levels)``.
    ratio
        Level of each cell; ``(n_cells,)``.
    """
    place = np.interp(ratio, LEVELS, np.arange(len(LEVELS)))
    low = np.minimum(place.astype(np.int64), len(LEVELS) - 2)
    share = place - low
    cell = np.arange(len(quantiles))
    return np.asarray(quantiles[cell, low] * (1 - share) + quantiles[cell, low + 1] * share)


def money_loss(units: Array, quantiles: Array, ratio: Array, worth: Array) -> Array:
    """Return what each cell's plan loses against knowing demand, if the quantile at its critical ratio is made.

    Price-weighted pinball loss at the critical ratio is the regret of a newsvendor who sells at price p what costs
    c and is left at salvage s: (p - s) x pinball.

    Parameters
    ----------
    units
        What came; ``(n_cells,)``.
    quantiles
        ``(n_cells, n_levels)``.
    ratio
        Critical ratio (p - c) / (p - s); ``(n_cells,)``.
    worth
        p - s, in money per unit; ``(n_cells,)``.

    Returns
    -------
    Array
        In money; ``(n_cells,)``.
    """
    over = units - at(quantiles, ratio)
    return np.asarray(worth * np.maximum(ratio * over, (ratio - 1) * over))


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


def naive_errors(units: Array, season: int = 1) -> Array:
    """Return each series' mean square and mean absolute error of the naive forecast; ``(2, n_series)``.

    Parameters
    ----------
    units
        Demand up to the cutoff; absent weeks are left out; ``(n_series, n_weeks)``.
    season
        Weeks after which the naive forecast repeats a value: 1 is the week before, as M5 scales; M4 takes the season.
    """
    step = units[:, season:] - units[:, : max(units.shape[1] - season, 0)]
    count = np.maximum(np.isfinite(step).sum(axis=1), 1)
    step = np.nan_to_num(step)
    return np.stack([(step**2).sum(axis=1) / count, np.abs(step).sum(axis=1) / count])


def revenue(units: Array, price: Array, span: int = 4) -> Array:
    """Return each series' revenue of the last weeks known, the weight it has in ``wrmsse``; ``(n_series,)``.

    Parameters
    ----------
    units, price
        Demand and unit price up to the cutoff; absent ones count as 0; ``(n_series, n_weeks)``.
    span
        Weeks.
    """
    return np.asarray(np.nan_to_num(units * price)[:, -span:].sum(axis=1))


def _scaled(error: Array, naive: Array, group: Index, *, root: bool, weight: Array | None = None) -> float | None:
    """Return the (weighted) mean over groups of the mean scaled error; cells whose naive error is 0 have no scale."""
    usable = naive > 0
    if weight is not None:
        usable &= weight > 0
    if not usable.any():
        return None
    place = group[usable]
    count = np.bincount(place)
    seen = count > 0
    means = np.bincount(place, weights=error[usable] / naive[usable])[seen] / count[seen]
    each = np.sqrt(means) if root else means
    if weight is None:
        return float(each.mean())
    return float(np.average(each, weights=np.bincount(place, weights=weight[usable])[seen] / count[seen]))
