"""A few scenarios that stand for many: fast forward selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial.distance import cdist

if TYPE_CHECKING:
    from numpy.typing import NDArray


def reduce(scenarios: NDArray[np.float64], count: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the numbers of the scenarios that are kept, ascending, and the probability of each.

    One scenario after the other is kept: the one with which the others lie nearest to a kept one. Each of the others gives its
    probability to the kept one nearest to it. Ties go to the lower number, so the same scenarios give the same choice.

    Parameters
    ----------
    scenarios
        ``(n_scenarios, n_numbers)``, equally likely; the distance of two is the sum of the differences of their numbers.
    count
        How many are kept at most.

    References
    ----------
    Heitsch and Roemisch (2003), scenario reduction algorithms in stochastic programming, algorithm 2.4.
    """
    number = len(scenarios)
    if count >= number:
        return np.arange(number), np.full(number, 1.0 / number)
    distance = cdist(scenarios, scenarios, "cityblock")
    nearest, kept = np.full(number, np.inf), np.zeros(number, dtype=bool)
    for _ in range(count):
        left = np.minimum(distance, nearest[:, None]).sum(axis=0)
        best = int(np.argmin(np.where(kept, np.inf, left)))
        kept[best] = True
        nearest = np.minimum(nearest, distance[:, best])
    chosen = np.flatnonzero(kept)
    owner = distance[:, chosen].argmin(axis=1)
    owner[chosen] = np.arange(len(chosen))
    return chosen, np.bincount(owner, minlength=len(chosen)) / number
