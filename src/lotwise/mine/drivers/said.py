"""What a feature does, in a direction and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.drivers.cases import Cases, Feature, Scale

CLEAR = 0.3
"""Rank correlation of a feature with what it adds from which more of it does more, or less."""

NAMED, FEWEST = 2, 10
"""Values of words named at each end, and rows a value needs to be named."""


def direction(feature: Feature, values: NDArray[np.float64], added: NDArray[np.float64]) -> str:
    """Return what more of a feature does: more, less, both ways; or that it differs by value."""
    if feature.levels:
        return "differs by value"
    from scipy import stats  # noqa: PLC0415  slow to import

    known = np.isfinite(values)
    if not known.any() or np.ptp(values[known]) == 0 or np.ptp(added[known]) == 0:
        return "both ways"
    rank = float(stats.spearmanr(values[known], added[known]).statistic)
    return "more" if rank > CLEAR else "less" if rank < -CLEAR else "both ways"


def words(feature: Feature, values: NDArray[np.float64], added: NDArray[np.float64], cases: Cases) -> str:
    """Return what a feature does, such as ``"18 % less at 1.2 and above than at 0.8 and below"``."""
    mean = float(cases.values.mean())
    return _values(feature, values, added, cases.scale, mean) if feature.levels else _ends(values, added, cases.scale, mean)


def _ends(values: NDArray[np.float64], added: NDArray[np.float64], scale: Scale, mean: float) -> str:
    known = np.isfinite(values)
    if not known.any():
        return "hardly varies"
    values, added = values[known], added[known]
    low, high = np.quantile(values, [0.2, 0.8])
    if low == high:
        low, high = float(values.min()), float(values.max())
    below, above = added[values <= low], added[values >= high]
    if not len(below) or not len(above) or low == high:
        return "hardly varies"
    size = _size(float(above.mean() - below.mean()), scale, mean)
    if (low, high) == (0, 1) and np.isin(values, (0, 1)).all():
        return f"{size} with it than without"
    return f"{size} at {_number(float(high))} and above than at {_number(float(low))} and below"


def _values(feature: Feature, values: NDArray[np.float64], added: NDArray[np.float64], scale: Scale, mean: float) -> str:
    found = []
    for code, level in enumerate(feature.levels):
        mine = added[values == code]
        if len(mine) >= FEWEST:
            found.append((float(mine.mean()), level))
    if len(found) < 2:  # noqa: PLR2004  nothing to compare
        return "hardly varies"
    found.sort()
    ends = [*found[::-1][:NAMED], *found[: min(NAMED, len(found) - NAMED)][::-1]]
    return "; ".join(f"{level}: {_size(effect, scale, mean)}" for effect, level in ends)


def _size(effect: float, scale: Scale, mean: float) -> str:
    """Return the size of an effect: in percent of units, in points of a share, or in the target's unit."""
    if scale == "log":
        share = float(np.expm1(effect))
        return f"{abs(share):.0%} {'more' if share >= 0 else 'less'}".replace("%", " %")
    if scale == "yes or no":
        odds = np.log(mean / (1 - mean)) + effect
        points = 100 * (1 / (1 + np.exp(-odds)) - mean)
        digits = 1 if abs(points) >= 1 else 2
        return f"{abs(points):.{digits}f} points {'more' if points >= 0 else 'less'}"
    return f"{_number(abs(effect))} {'more' if effect >= 0 else 'less'}"


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"  # noqa: PLR2004  whole above a thousand
