"""Baskets without their infrequent items, the rest ranked by count: what every search begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from lotwise.mine.itemsets.caps import ENDINGS
from lotwise.mine.itemsets.found import Itemsets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.itemsets.baskets import Baskets
    from lotwise.mine.itemsets.caps import Caps

Found = tuple["NDArray[np.int32]", "NDArray[np.int64]"]
"""Sets of one size: ranks, ``(n_sets, size)``, and counts."""

WORD = 64
"""Baskets in one word of a bitset."""


@dataclass(frozen=True)
class Ranked:
    """Frequent items and the baskets that hold two or more of them.

    Parameters
    ----------
    matrix
        Baskets by items, 1 where a basket holds an item; column 0 is the most frequent item; rows are sorted.
    weights
        How often each basket counts; absent: once each; ``(n_rows,)``.
    counts, places
        Count of each frequent item, and its place in the names; ``(n_items,)``.
    minimum, longest
        Least count of a set; most items of a set, never more than the longest basket holds.
    """

    matrix: csr_array
    weights: NDArray[np.int64] | None
    counts: NDArray[np.int64]
    places: NDArray[np.int32]
    minimum: int
    longest: int

    @property
    def density(self) -> float:
        """Items that baskets hold, for each word of a bitset of all items and baskets."""
        rows, items = self.matrix.shape
        return float(self.matrix.nnz / max(items * -(-rows // WORD), 1))


def rank(baskets: Baskets, minimum: int, longest: int | None) -> Ranked:
    """Return the frequent items, ranked by count (then place), and the baskets that hold two or more of them."""
    counts = weigh(baskets)
    places = np.flatnonzero(counts >= minimum)
    places = places[np.argsort(-counts[places], kind="stable")]
    ranks = np.full(len(baskets.names), -1, dtype=np.int32)
    ranks[places] = np.arange(len(places), dtype=np.int32)
    item = ranks[baskets.items]
    kept = item >= 0
    ends = np.concatenate([[0], np.cumsum(kept)])[baskets.pointers]
    sizes = np.diff(ends)
    rows = (sizes > 1) & (baskets.weights > 0)
    if not rows.all():
        kept &= np.repeat(rows, np.diff(baskets.pointers))
    pointers = np.concatenate([[0], np.cumsum(sizes[rows])])
    weights = baskets.weights[rows]
    item = item[kept]
    small = np.int32 if len(item) < 2**31 else np.int64
    matrix = csr_array(
        (np.ones(len(item), dtype=np.int32), item.astype(small, copy=False), pointers.astype(small)),
        shape=(len(weights), len(places)),
    )
    matrix = matrix.tocsc().tocsr()
    most = int(sizes.max()) if len(sizes) else 0
    return Ranked(
        matrix,
        None if np.all(weights == 1) else weights,
        counts[places],
        places.astype(np.int32),
        minimum,
        most if longest is None else min(longest, most),
    )


def weigh(baskets: Baskets) -> NDArray[np.int64]:
    """Return the weight of the baskets that hold each item; ``(n_names,)``."""
    if np.all(baskets.weights == 1):
        return np.bincount(baskets.items, minlength=len(baskets.names))
    # doubles hold whole numbers below 2^53 exactly, and the weights add up to less
    each = np.repeat(baskets.weights, np.diff(baskets.pointers)).astype(np.float64)
    return np.bincount(baskets.items, weights=each, minlength=len(baskets.names)).astype(np.int64)


@dataclass(frozen=True)
class Sets:
    """Sets as a search leaves them, in the order of ``Itemsets``.

    Parameters
    ----------
    items
        Places (or ranks) of the items.
    pointers, counts
        As in ``Itemsets``.
    ended
        ``"whole"``, or what ended the search.
    """

    items: NDArray[np.int32]
    pointers: NDArray[np.int64]
    counts: NDArray[np.int64]
    ended: str


def in_order(ranked: Ranked, found: list[Found], ended: str) -> Sets:
    """Return sets in the order of ``Itemsets``.

    Parameters
    ----------
    ranked
        What was searched.
    found
        For each size: ranks, ``(n_sets, size)``, in any order within a set, and counts.
    ended
        How the search ended.
    """
    longest = max((ranks.shape[1] for ranks, _ in found), default=0)
    sizes = np.concatenate([np.empty(0, dtype=np.int64), *(np.full(len(c), r.shape[1]) for r, c in found)])
    counts = np.concatenate([np.empty(0, dtype=np.int64), *(c for _, c in found)])
    padded = np.full((len(sizes), longest), -1, dtype=np.int32)
    start = 0
    for ranks, count in found:
        padded[start : start + len(count), : ranks.shape[1]] = -np.sort(-ranks, axis=1)
        start += len(count)
    order = np.lexsort(padded.T[::-1]) if longest else np.arange(len(sizes))
    padded, sizes = padded[order], sizes[order]
    pointers = np.concatenate([[0], np.cumsum(sizes)])
    last = np.iinfo(np.int32).max
    places = np.sort(np.where(padded >= 0, ranked.places[padded], last) if len(ranked.places) else padded, axis=1)
    return Sets(places[places != last], pointers, counts[order], ended)


def finished(sets: Sets, baskets: Baskets, ranked: Ranked, longest: int | None, how: tuple[str, Caps]) -> Itemsets:
    """Return the sets with all that belongs to them."""
    return Itemsets(
        sets.items,
        sets.pointers,
        sets.counts,
        baskets.total,
        ranked.minimum,
        longest,
        baskets.names,
        how[0],
        ENDINGS[sets.ended],
        how[1],
    )
