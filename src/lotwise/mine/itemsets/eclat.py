"""Eclat on bitsets: the search for dense baskets, which pays for every word, filled or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.itemsets import eclat_kernel as kernel
from lotwise.mine.itemsets.lending import Lender
from lotwise.mine.itemsets.merged import merged
from lotwise.mine.itemsets.ranked import WORD, Sets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.itemsets.caps import Meter
    from lotwise.mine.itemsets.ranked import Ranked

FLAGS = 1 << 24
"""Bits that are packed into words at once."""
LEVELS = 2
"""Levels there is room for at first."""


def eclat(ranked: Ranked, meter: Meter) -> Sets:
    """Return the frequent sets, searched depth first by meeting bitsets.

    Equal baskets are one, with their weight. Weights are split into powers of two, and baskets of one power share their words:
    a count is the bits of each power's words, times that power.
    """
    ranked = merged(ranked)
    items = ranked.matrix.shape[1]
    row, power = split(ranked.weights, ranked.matrix.shape[0])
    powers, sizes = np.unique(power, return_counts=True)
    filled = -(-sizes // WORD)
    ends = np.cumsum(filled)
    wide = int(ends[-1])
    if meter.exceeded(size=8 * items * wide):
        return Sets(np.empty(0, np.int32), np.zeros(1, np.int64), np.empty(0, np.int64), "memory")
    begins = np.repeat((ends - filled) * WORD - np.cumsum(sizes) + sizes, sizes)
    words = bitsets(ranked, row, begins + np.arange(len(row)), wide)
    stack = kernel.Stack(
        words=np.concatenate([words, np.empty(min(LEVELS * len(words), 1 << 20), dtype=np.uint64)]),
        label=np.concatenate([ranked.places, np.empty(items, dtype=np.int32)]),
        counts=np.concatenate([ranked.counts, np.empty(items, dtype=np.int64)]),
        ends=ends,
        weight=1 << powers,
        levels=np.zeros((ranked.longest + 2, 5), dtype=np.int64),
    )
    stack.levels[0, kernel.COUNT] = items
    lender = Lender(ranked, meter, fields={kernel.BITSETS: ("words",), kernel.HEADS: ("label", "counts")})
    return lender.run(kernel.search, stack)


def split(weights: NDArray[np.int64] | None, rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows and powers of two, by power, such that a row's powers add up to its weight."""
    if weights is None:
        return np.arange(rows), np.zeros(rows, dtype=np.int64)
    bits = int(weights.max(initial=0)).bit_length()
    power, row = np.nonzero(weights[None, :] >> np.arange(bits)[:, None] & 1)
    return row, power


def bitsets(ranked: Ranked, row: NDArray[np.int64], bit: NDArray[np.int64], wide: int) -> NDArray[np.uint64]:
    """Return a row of words for each item; ``(n_items * wide,)``."""
    x = ranked.matrix[row].tocsc()
    bits = bit[x.indices]
    words = np.zeros((x.shape[1], wide), dtype=np.uint64)
    step = max(FLAGS // max(wide * WORD, 1), 1)
    for first in range(0, x.shape[1], step):
        items = np.arange(first, min(first + step, x.shape[1]))
        flags = np.zeros((len(items), wide * WORD), dtype=np.bool_)
        inside = slice(x.indptr[first], x.indptr[items[-1] + 1])
        flags[np.repeat(items - first, np.diff(x.indptr[first : items[-1] + 2])), bits[inside]] = True
        words[items] = np.packbits(flags, axis=1, bitorder="little").view(np.uint64)
    return words.ravel()
