"""Shares with their uncertainty, and which item has the largest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.profiles.tallies import tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Index = NDArray[np.int64]

NORMAL_90 = 1.6448536269514722
LEAST = 2
"""Times an item has to come before it is called a favorite: once may be chance."""


@dataclass(frozen=True)
class Favorites:
    """The items that come most often with each customer, by rank and customer.

    Parameters
    ----------
    who, rank, item
        Customer, place from 0, and item; one element a favorite.
    count, total
        Times it came, and times any item came with this customer.
    overall
        Its share over all customers.
    """

    who: Index
    rank: Index
    item: Index
    count: Index
    total: Index
    overall: Reals

    def ranked(self, rank: int) -> Favorites:
        """Return those of one rank."""
        at = self.rank == rank
        return Favorites(self.who[at], self.rank[at], self.item[at], self.count[at], self.total[at], self.overall[at])


def favorites(customer: Index, item: Index, *, most: int) -> Favorites:
    """Return the items that come most often with each customer, at least twice; of equal ones the first item stands first.

    Parameters
    ----------
    customer, item
        Who, and what, of each time an item came.
    most
        Favorites of one customer.
    """
    if not len(item):
        nothing = np.empty(0, np.int64)
        return Favorites(nothing, nothing, nothing, nothing, nothing, np.empty(0))
    width = int(item.max()) + 1
    pair, count, _ = tally(customer * width + item)
    who, what = pair // width, pair % width
    total = np.bincount(customer)
    overall = np.bincount(item) / len(item)
    order = np.lexsort((what, -count, who))
    who, what, count = who[order], what[order], count[order]
    rank = np.arange(len(who)) - np.searchsorted(who, who)
    kept = (rank < most) & (count >= LEAST)
    who, what = who[kept], what[kept]
    return Favorites(who, rank[kept], what, count[kept], total[who], overall[what])


def interval(count: Index, total: Index) -> tuple[Reals, Reals]:
    """Return both ends of the 90 % interval of a share (Wilson, 1927); NaN where the total is 0."""
    n = np.where(total > 0, total, np.nan).astype(np.float64)
    share, square = count / n, NORMAL_90**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = NORMAL_90 * np.sqrt(share * (1 - share) / n + square / (4 * n**2)) / (1 + square / n)
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)
