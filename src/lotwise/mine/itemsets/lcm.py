"""LCM: the search for sparse baskets, which pays for each item that is there and for none that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.itemsets import lcm_kernel as kernel
from lotwise.mine.itemsets.lending import MOST, Lender
from lotwise.mine.itemsets.output import BITS
from lotwise.mine.itemsets.ranked import Sets

if TYPE_CHECKING:
    from lotwise.mine.itemsets.caps import Meter
    from lotwise.mine.itemsets.ranked import Ranked

BYTES = 15
"""Bytes of an item of a basket: itself, its occurrence, and a quarter more."""
LEAST = 1024
"""Room to begin with beyond what the baskets take."""


def lcm(ranked: Ranked, meter: Meter) -> Sets:
    """Return the frequent sets, searched depth first with occurrence deliver."""
    x = ranked.matrix
    items = x.shape[1]
    weighted = ranked.weights is not None
    if not meter.fits(BYTES * x.nnz) or x.nnz > MOST // 2:
        return Sets(np.empty(0, np.int32), np.zeros(1, np.int64), np.empty(0, np.int64), "memory")
    stack = kernel.Stack(
        items=np.concatenate([x.indices, np.empty(x.nnz // 4 + LEAST, dtype=np.int32)]).astype(np.int32, copy=False),
        begins=np.empty(x.nnz + x.nnz // 4 + LEAST, dtype=np.int32),
        ends=np.empty(x.nnz + x.nnz // 4 + LEAST, dtype=np.int32),
        weigh=np.empty((x.nnz + x.nnz // 4 + LEAST) * weighted, dtype=np.int64),
        rows=x.indptr.astype(np.int32),
        heavy=np.array(ranked.weights) if weighted else np.empty(0, dtype=np.int64),
        label=np.concatenate([ranked.places, np.empty(items + LEAST, dtype=np.int32)]),
        counts=np.concatenate([ranked.counts, np.empty(items + LEAST, dtype=np.int64)]),
        first=np.empty(2 * items + LEAST, dtype=np.int64),
        levels=np.zeros((ranked.longest + 2, 4), dtype=np.int64),
    )
    stack.levels[0] = items, 0, 0, x.nnz
    room = kernel.Room(
        counter=np.zeros(items, dtype=np.int64),
        number=np.full(items, -1, dtype=np.int32),
        candidate=np.empty(items, dtype=np.int32),
        value=np.empty(items, dtype=np.int64),
        histogram=np.empty(1 << BITS, dtype=np.int64),
    )
    lender = Lender(ranked, meter, fields={
        kernel.ITEMS: ("items",), kernel.OCCURRENCES: ("begins", "ends", "weigh"), kernel.HEADS: ("label", "counts", "first"),
    })  # fmt: skip
    return lender.run(kernel.search, stack, room)
