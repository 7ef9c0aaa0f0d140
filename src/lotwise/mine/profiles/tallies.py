"""Counts and sums by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Index = NDArray[np.int64]

DENSE, SPARE = 8, 1_000_000
"""Keys up to 8 times their number and a million more are counted in place, which is far faster than sorting them."""


def tally(key: Index, *values: Reals) -> tuple[Index, Index, list[Reals]]:
    """Return the different keys in order, how often each stands, and the sum of each of ``values`` over them.

    Parameters
    ----------
    key
        Whole numbers, 0 or more, ``(n,)``.
    values
        Numbers to be added up, ``(n,)`` each.
    """
    if not len(key):
        return np.empty(0, np.int64), np.empty(0, np.int64), [np.empty(0) for _ in values]
    sums: list[Reals]
    if key.max() < DENSE * len(key) + SPARE:
        count = np.bincount(key)
        used = np.flatnonzero(count)
        sums = [np.bincount(key, weights=value)[used].astype(np.float64) for value in values]
        return used, count[used], sums
    used, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
    sums = [np.bincount(inverse, weights=value).astype(np.float64) for value in values]
    return used, count, sums
