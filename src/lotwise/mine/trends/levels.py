"""Weeks from which the level of a series is another one, and stays so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri, stdtr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SHORTEST = 5
"""Weeks a level must hold to be one."""

MOST_TRIES = 25.0
"""Looks that a search of 20 weeks or more is worth."""


@dataclass(frozen=True)
class Step:
    """A change of level.

    Parameters
    ----------
    week
        First week of the new level.
    begin, end
        First week of the level before, and the week after the last one of the new level.
    change, error
        New level - level before on the scale of the series, and its standard error.
    p_value
        Chance of a change as large somewhere in these weeks were there none.
    """

    week: int
    begin: int
    end: int
    change: float
    error: float
    p_value: float


def steps(series: NDArray[np.float64], *, significance: float = 0.05) -> list[Step]:
    """Return the changes of level of one series, first to last; an empty list where it keeps its level.

    The levels that describe the series best at a cost for each are found exactly (optimal partitioning); of these the
    least certain change is taken back, and its neighbors are judged again, until each of those left is certain enough.
    A change is judged by Student's t of the two levels it parts, with the variance of a mean of first-order
    autocorrelated weeks, and corrected for having been looked for in every week.

    Parameters
    ----------
    series
        Weekly values, ``(n_weeks,)``; absent weeks (nan) do not count.
    significance
        Largest p-value of a change that is kept.

    References
    ----------
    Jackson et al. (2005), An algorithm for optimal partitioning of data on an interval, IEEE Signal Processing Letters 12.
    Andrews (1993), Tests for parameter instability and structural change with unknown change point, Econometrica 61.
    """
    known = np.flatnonzero(np.isfinite(series))
    values = series[known]
    if len(values) < 2 * SHORTEST or np.ptp(values) == 0:
        return []
    edges = [0, *_partition(values), len(values)]
    while len(edges) > 2:  # noqa: PLR2004  both ends
        found = [_judged(values, edges, place) for place in range(1, len(edges) - 1)]
        worst = max(range(len(found)), key=lambda place: found[place].p_value)
        if found[worst].p_value <= significance:
            ends = [*known, known[-1] + 1]
            return [Step(int(ends[s.week]), int(ends[s.begin]), int(ends[s.end]), s.change, s.error, s.p_value) for s in found]
        del edges[worst + 1]
    return []


def _partition(values: NDArray[np.float64]) -> list[int]:
    """Return where levels part so that squared distances and a cost for each level together are least."""
    count = len(values)
    sums, squares = np.concatenate([[0], np.cumsum(values)]), np.concatenate([[0], np.cumsum(values**2)])
    noise = np.median(np.abs(np.diff(values))) / (np.sqrt(2) * ndtri(0.75))
    cost = 3 * np.log(count) * max(noise**2 * carried(values), 1e-12 + 1e-6 * values.var())
    best, before = np.full(count + 1, np.inf), np.zeros(count + 1, dtype=int)
    best[0] = -cost
    for end in range(SHORTEST, count + 1):
        begin = np.arange(end - SHORTEST + 1)
        length = end - begin
        total = squares[end] - squares[begin] - (sums[end] - sums[begin]) ** 2 / length + best[begin] + cost
        before[end] = int(np.argmin(total))
        best[end] = total[before[end]]
    edges = []
    end = int(before[count])
    while end > 0:
        edges.append(end)
        end = int(before[end])
    return edges[::-1]


def _judged(values: NDArray[np.float64], edges: Sequence[int], place: int) -> Step:
    begin, week, end = edges[place - 1], edges[place], edges[place + 1]
    first, second = values[begin:week], values[week:end]
    change = float(second.mean() - first.mean())
    residual = np.concatenate([first - first.mean(), second - second.mean()])
    freedom = len(residual) - 2
    width = max(longer(residual), carried(values[begin:end]))
    error = float(np.sqrt(residual @ residual / freedom * width * (1 / len(first) + 1 / len(second))))
    if error == 0:
        return Step(week, begin, end, change, 0.0, 0.0 if change else 1.0)
    single = 2 * float(stdtr(freedom, -abs(change) / error))
    return Step(week, begin, end, change, error, min(1.0, tries(end - begin) * single))


def longer(residual: NDArray[np.float64]) -> float:
    """Return the variance of a mean of these weeks over that of independent ones: (1 + r) / (1 - r), at least 1.

    r is the first autocorrelation, with its bias in short series put right by (1 + 4 r) / n (Kendall 1954).
    """
    power = float(residual @ residual)
    if power == 0:
        return 1.0
    lag = float(residual[1:] @ residual[:-1]) / power
    lag = min(max(lag + (1 + 4 * lag) / len(residual), 0.0), 0.9)
    return (1 + lag) / (1 - lag)


def carried(values: NDArray[np.float64]) -> float:
    """Return the same from differences of one and of two weeks, which a few changes of level hardly touch.

    For first-order autocorrelation r their squares stand as 1 + r; the largest tenth is left out of both.
    """
    if len(values) < 2 * SHORTEST:
        return 1.0
    one, two = np.sort(np.diff(values) ** 2), np.sort((values[2:] - values[:-2]) ** 2)
    near, far = one[: int(0.9 * len(one))].mean(), two[: int(0.9 * len(two))].mean()
    lag = min(max(far / near - 1, 0.0), 0.9) if near > 0 else 0.0
    return (1 + lag) / (1 - lag)


def tries(weeks: int) -> float:
    """Return how many looks the search for the best split of so many weeks is worth.

    The factor that makes the best split's p-value right, or too large, on noise of which three tenths carry over to
    the next week, as in sales of real products; learned by simulation, which the tests repeat.
    """
    return float(np.interp(weeks, (2 * SHORTEST, 4 * SHORTEST), (1.0, MOST_TRIES)))
