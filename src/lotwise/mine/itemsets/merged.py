"""Equal baskets as one, with their weight."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.itemsets.found import item_keys

if TYPE_CHECKING:
    from lotwise.mine.itemsets.ranked import Ranked


def merged(ranked: Ranked) -> Ranked:
    """Return the baskets with equal ones merged.

    Baskets of one size are sorted by the sum of their items' keys, and compared item by item with their neighbor: equal ones
    may at worst be left apart, different ones are never merged.
    """
    x = ranked.matrix
    sizes = np.diff(x.indptr)
    keys = np.concatenate([np.zeros(1, np.uint64), np.cumsum(item_keys(x.shape[1], seed=3)[x.indices], dtype=np.uint64)])
    key = keys[x.indptr[1:]] - keys[x.indptr[:-1]]
    order = np.lexsort((key, sizes))
    same = np.concatenate([[False], (np.diff(key[order]) == 0) & (np.diff(sizes[order]) == 0)]) if len(order) else sizes > 0
    near = np.flatnonzero(same)
    if not len(near):
        return ranked
    here, before = order[near], order[near - 1]
    long = sizes[here]
    step = np.arange(long.sum()) - np.repeat(np.cumsum(long) - long, long)
    differ = x.indices[np.repeat(x.indptr[here], long) + step] != x.indices[np.repeat(x.indptr[before], long) + step]
    same[near[np.unique(np.repeat(np.arange(len(near)), long)[differ])]] = False
    group = np.cumsum(~same) - 1
    weights = np.ones(len(order)) if ranked.weights is None else ranked.weights[order].astype(np.float64)
    return replace(ranked, matrix=x[order[~same]], weights=np.bincount(group, weights=weights).astype(np.int64))
