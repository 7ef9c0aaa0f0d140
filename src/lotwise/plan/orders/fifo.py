"""First in, first out: which supply serves which demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Served = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.float64]"]
EDGE = 1e-9
"""Fewer units than this are rounding."""


def fifo(
    supply: tuple[NDArray[np.int64], NDArray[np.float64]], demand: tuple[NDArray[np.int64], NDArray[np.float64]]
) -> Served:
    """Return which supplies serve which demands, and by how much: the first of each pool the first of the same pool.

    Parameters
    ----------
    supply, demand
        Number of the pool and units of each, by pool, the first in front; units may be infinite. What one side has more of
        serves nothing. Time and memory grow with the sum of both.

    Returns
    -------
    supply, demand, units
        Places in both lists, and units; ``(n_pairs,)``, one for each pair that meets.
    """
    pool, there, asked, want = (part.tolist() for part in (*supply, *demand))
    first, second, units = [], [], []
    i = j = 0
    while i < len(pool) and j < len(asked):
        if pool[i] != asked[j]:
            i, j = (i + 1, j) if pool[i] < asked[j] else (i, j + 1)
            continue
        moved = min(there[i], want[j])
        if moved == np.inf:
            i, j = i + 1, j + 1
            continue
        if moved > EDGE:
            first.append(i)
            second.append(j)
            units.append(moved)
        there[i] -= moved
        want[j] -= moved
        if there[i] <= EDGE:
            i += 1
        if want[j] <= EDGE:
            j += 1
    return np.array(first, np.int64), np.array(second, np.int64), np.array(units, dtype=float)
