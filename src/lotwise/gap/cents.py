"""Money in whole cents, so that what is printed adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_DIGITS = 6
"""Digits of a cent that are trusted: beyond them is the noise of floating point."""


def cents(money: float) -> int:
    """Return money in whole cents, halves upwards."""
    return int(np.floor(np.round(money * 100, _DIGITS) + 0.5))


def apportion(money: ArrayLike, total: int) -> NDArray[np.int64]:
    """Return whole cents for each part that sum to a total, each within a cent of its part.

    The method of largest remainders (Hamilton): every part is rounded down, and the cents that are
    left go to the largest remainders, the first of equals first.

    Parameters
    ----------
    money
        The parts, ``(n,)``, with at least one; any sign.
    total
        What they must sum to, in cents: at most one cent away from their sum.
    """
    exact = np.round(np.asarray(money, dtype=np.float64) * 100, _DIGITS)
    whole = np.floor(exact)
    left = total - int(whole.sum())
    order = np.argsort(whole - exact, kind="stable")
    if left < 0:
        order = order[::-1]
    turns = np.bincount(order[np.arange(abs(left)) % len(order)], minlength=len(order))
    return whole.astype(np.int64) + int(np.sign(left)) * turns.astype(np.int64)
