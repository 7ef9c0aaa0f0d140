"""Random numbers inside compiled searches: xorshift64 (Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8, 2003).

The state is an array of one number that is not 0, so that each search draws its own numbers whatever the threads do.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def bits(state: np.ndarray) -> np.uint64:
    """Return 64 random bits."""
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return x  # type: ignore[no-any-return]


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def draw(state: np.ndarray, below: int) -> int:
    """Return a whole number from 0 to ``below``, that one left out; ``below`` is small beside 2 to the 31st."""
    return int(np.int64((bits(state) >> np.uint64(33)) % np.uint64(below)))


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def share(state: np.ndarray) -> float:
    """Return a number from 0 to 1, that one left out."""
    return float(bits(state) >> np.uint64(11)) / 9007199254740992.0
