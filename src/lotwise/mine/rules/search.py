"""One search of baskets: their itemsets, by our own methods or those of the engine, and the rules these hold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa

from lotwise.mine.itemsets.baskets import Baskets
from lotwise.mine.itemsets.caps import Caps
from lotwise.mine.itemsets.frequent import frequent
from lotwise.mine.itemsets.ranked import Sets, finished, in_order, rank
from lotwise.mine.rules.derive import Bar, derive

if TYPE_CHECKING:
    from lotwise.config.mining import MineRules
    from lotwise.mine.itemsets.found import Itemsets
    from lotwise.mine.rules.derive import Rules
    from lotwise.mine.rules.reading import Bought

LEAST = 5
"""Baskets, lines or customers below which no rule is told in a project, however small the scope."""
SHORT, FEW = 3, 1_000_000
"""Items of a set, and lines, up to which Apriori on sparse matrices is fast enough."""


class Miner(Protocol):
    """An engine that searches itemsets itself."""

    def frequent_itemsets(self, table: pa.Table, minimum: int, longest: int) -> pa.Table:
        """Return ``items`` and ``count`` of the sets of a table ``basket, item``."""


@dataclass(frozen=True)
class Search:
    """How baskets are searched.

    Parameters
    ----------
    bar
        What a rule must reach.
    longest
        Most items of a set.
    caps
        Where a search ends at the latest.
    miner
        Engine that searches in our place; absent: our own methods.
    """

    bar: Bar
    longest: int
    caps: Caps
    miner: Miner | None = None

    def method(self, pairs: int) -> str:
        """Return the method: short sets of not too many lines need nothing compiled; else what fits the baskets."""
        return "apriori" if self.longest <= SHORT and pairs <= FEW else "auto"

    @classmethod
    def of(cls, settings: MineRules, engine: object = None) -> Search:
        """Return how a project's settings, and its engine, want it."""
        bar = Bar(settings.confidence, settings.significance, settings.correction)
        caps = Caps(settings.itemsets, settings.seconds, settings.memory_mb)
        return cls(bar, settings.longest, caps, engine if hasattr(engine, "frequent_itemsets") else None)

    def run(self, bought: Bought, *, minimum: int) -> tuple[Itemsets, Rules]:
        """Return the sets that so many baskets hold, and their rules."""
        baskets = Baskets.of(bought.basket, bought.item, bought.names, np.ones(len(bought.day), dtype=np.int64))
        if self.miner is None:
            method = self.method(len(bought.item))
            itemsets = frequent(baskets, minimum=minimum, longest=self.longest, caps=self.caps, method=method)
        else:
            itemsets = _lent(self.miner, baskets, minimum, self)
        return itemsets, derive(itemsets, self.bar)


def least(share: float, total: int) -> int:
    """Return the least count of a project's rules: a share of all, rounded up, and at least 5."""
    return max(math.ceil(round(share * total, 9)), LEAST)


def _lent(miner: Miner, baskets: Baskets, minimum: int, how: Search) -> Itemsets:
    """Return the sets an engine finds, in the order of our own and cut by the same cap."""
    ranked = rank(baskets, minimum, how.longest)
    basket = np.repeat(np.arange(len(baskets)), np.diff(baskets.pointers))
    table = pa.table({"basket": basket, "item": baskets.items.astype(np.int64)})
    given = miner.frequent_itemsets(table, minimum, how.longest)
    ranks = np.full(len(baskets.names), -1, dtype=np.int32)
    ranks[ranked.places] = np.arange(len(ranked.places), dtype=np.int32)
    lists = given["items"].combine_chunks()
    sizes, counts = np.diff(lists.offsets.to_numpy()), given["count"].to_numpy()
    places, starts = ranks[lists.values.to_numpy()], lists.offsets.to_numpy()[:-1]
    found = []
    for size in range(1, int(sizes.max(initial=0)) + 1):
        rows = np.flatnonzero(sizes == size)
        found.append((places[starts[rows][:, None] + np.arange(size)], counts[rows]))
    sets, most = in_order(ranked, found, "whole"), how.caps.itemsets
    if len(sets.counts) > most:
        sets = Sets(sets.items[: sets.pointers[most]], sets.pointers[: most + 1], sets.counts[:most], "itemsets")
    return finished(sets, baskets, ranked, how.longest, ("spark", how.caps))
