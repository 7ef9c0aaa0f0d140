"""Pairs by one product of sparse matrices: no search, and nothing to compile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from lotwise.mine.itemsets.ranked import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lotwise.mine.itemsets.caps import Ending, Meter
    from lotwise.mine.itemsets.ranked import Found, Ranked, Sets

BLOCK = 4_000_000
"""Increments of one product; its result has no more cells."""
CELL = 24
"""Bytes of a cell of the product while it is read."""


def pairs(ranked: Ranked, meter: Meter) -> Sets:
    """Return the frequent items and pairs: the upper triangle of X'X, X being baskets by items.

    X'X is made in blocks of items, each with the more frequent items only, which halves the work and bounds the memory.
    """
    couples, ended = count_pairs(ranked, meter)
    most = meter.caps.itemsets
    singles = np.arange(min(len(ranked.counts), most), dtype=np.int32)[:, None]
    return in_order(ranked, [(singles, ranked.counts[:most]), couples], ended)


def count_pairs(ranked: Ranked, meter: Meter) -> tuple[Found, Ending]:
    """Return the frequent pairs with their counts, as many as the caps leave beside the single items."""
    sets = len(ranked.counts)
    found = [(np.empty((0, 2), dtype=np.int32), np.empty(0, dtype=np.int64))]
    ended = meter.exceeded(itemsets=sets)
    for first, last in blocks(ranked) if ranked.longest > 1 else ():
        ended = ended or meter.exceeded(itemsets=sets, size=_size(ranked, first, last) + 16 * sets)
        if ended:
            break
        found.append(_block(ranked, first, last))
        sets += len(found[-1][1])
    ended = ended or meter.exceeded(itemsets=sets)
    room = max(meter.caps.itemsets - len(ranked.counts), 0)
    ranks, counts = (np.concatenate(parts)[:room] for parts in zip(*found, strict=True))
    return (ranks, counts), ended or "whole"


def blocks(ranked: Ranked) -> Iterator[tuple[int, int]]:
    """Yield ranges of items, from the most frequent, whose products are of bounded size."""
    if not ranked.matrix.nnz:
        return
    done = np.cumsum(work(ranked))
    first = 0
    while first < len(done):
        before = done[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(done, before + BLOCK, side="right")))
        yield first, last
        first = last


def work(ranked: Ranked) -> NDArray[np.int64]:
    """Return the increments that counting the pairs of each item takes, its own included; ``(n_items,)``."""
    x = ranked.matrix
    place = np.arange(x.nnz) - np.repeat(x.indptr[:-1], np.diff(x.indptr)) + 1
    return np.bincount(x.indices, weights=place, minlength=x.shape[1]).astype(np.int64)


def _size(ranked: Ranked, first: int, last: int) -> int:
    """Return a bound of the bytes that the product of a block takes."""
    return int(min(CELL * BLOCK, CELL * (last - first) * last) + 8 * ranked.matrix.nnz)


def _block(ranked: Ranked, first: int, last: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the frequent pairs of a range of items with more frequent ones, and their counts."""
    x = ranked.matrix
    rows, their = _those(x, first, last)
    if ranked.weights is not None:
        their = their.multiply(ranked.weights[rows][:, None]).tocsr()
    product = (their.T.tocsr() @ _cut(x, rows, last)).tocoo()
    item, other = product.coords
    keep = (product.data >= ranked.minimum) & (other < item + first)
    couples = np.stack([item[keep] + first, other[keep]], axis=1).astype(np.int32)
    return couples, product.data[keep].astype(np.int64)


def _those(x: csr_array, first: int, last: int) -> tuple[NDArray[np.int64], csr_array]:
    """Return the baskets that hold any of a range of items, and these items of theirs, counted from the first."""
    inside = (x.indices >= first) & (x.indices < last)
    ends = np.concatenate([[0], np.cumsum(inside)])[x.indptr]
    rows = np.flatnonzero(np.diff(ends))
    pointers = np.concatenate([[0], np.cumsum(np.diff(ends)[rows])])
    items = x.indices[inside] - first
    return rows, csr_array((np.ones(len(items), dtype=np.int32), items, pointers), shape=(len(rows), last - first))


def _cut(x: csr_array, rows: NDArray[np.int64], last: int) -> csr_array:
    """Return some baskets without the items from ``last`` on."""
    few = x[rows]
    if last == x.shape[1]:
        return few
    kept = few.indices < last
    pointers = np.concatenate([[0], np.cumsum(kept)])[few.indptr]
    items = few.indices[kept]
    return csr_array((np.ones(len(items), dtype=np.int32), items, pointers), shape=(len(rows), last))
