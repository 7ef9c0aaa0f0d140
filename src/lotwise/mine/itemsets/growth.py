"""FP-growth: baskets folded into a tree, searched item by item (Han, Pei and Yin, SIGMOD 2000)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.itemsets.ranked import Sets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lotwise.mine.itemsets.caps import Ending, Meter
    from lotwise.mine.itemsets.ranked import Ranked

NODE = 200
"""Bytes of a node of the tree, by and large."""
SET = 60
"""Bytes of a set before it is written into arrays, without its items, by and large."""
CHECKED = 50_000
"""Nodes between two looks at the caps."""
ITEM = 8
"""Bytes of an item of it."""


class Tree:
    """Baskets that begin alike share their nodes; each node knows its parent, its item and its weight.

    Parameters
    ----------
    baskets
        Items of each basket, the most frequent first, and how often it counts.
    meter
        Caps of the search; a tree that one of them ends tells so, and holds nothing of use.
    """

    def __init__(self, baskets: Iterable[tuple[list[int], int]], meter: Meter) -> None:
        self.ended: Ending | None = None
        self.item = [-1]
        self.parent = [0]
        self.weight = [0]
        self.nodes: dict[int, list[int]] = {}
        child: dict[tuple[int, int], int] = {}
        checked = 0
        for items, weight in baskets:
            if len(self.item) > checked + CHECKED:
                checked = len(self.item)
                self.ended = meter.exceeded(size=self.size)
            if self.ended:
                return
            at = 0
            for item in items:
                node = child.get((at, item))
                if node is None:
                    node = child[at, item] = len(self.item)
                    self.item.append(item)
                    self.parent.append(at)
                    self.weight.append(0)
                    self.nodes.setdefault(item, []).append(node)
                self.weight[node] += weight
                at = node

    @property
    def size(self) -> int:
        """Bytes it takes, by and large."""
        return NODE * len(self.item)

    def before(self, item: int) -> list[tuple[list[int], int]]:
        """Return what stands before an item in its baskets (its conditional base), and how often."""
        item_of, parent = self.item, self.parent
        base = []
        for node in self.nodes.get(item, ()):
            path = []
            at = parent[node]
            while at:
                path.append(item_of[at])
                at = parent[at]
            if path:
                base.append((path[::-1], self.weight[node]))
        return base


class Growth:
    """The search: sets are written as they are found, until a cap ends it."""

    def __init__(self, ranked: Ranked, meter: Meter) -> None:
        self.ranked = ranked
        self.meter = meter
        self.items: list[int] = []
        self.pointers = [0]
        self.counts: list[int] = []
        self.ended: Ending | None = None

    def grow(self, tree: Tree, counts: Mapping[int, int], suffix: tuple[int, ...] = ()) -> None:
        """Write each frequent item of a tree with the suffix, and what grows from it, the most frequent first."""
        self.ended = (
            self.ended or tree.ended or self.meter.exceeded(size=SET * len(self.counts) + ITEM * len(self.items) + tree.size)
        )
        for item in sorted(counts):
            if not self.ended and len(self.counts) == self.meter.caps.itemsets:
                self.ended = "itemsets"
            if self.ended:
                return
            whole = (item, *suffix)
            self.items += whole
            self.pointers.append(len(self.items))
            self.counts.append(counts[item])
            if len(whole) < self.ranked.longest:
                base = tree.before(item)
                more = self._frequent(base)
                if more:
                    kept = (([i for i in items if i in more], weight) for items, weight in base)
                    self.grow(Tree(kept if len(more) > 1 else (), self.meter), more, whole)

    def _frequent(self, base: list[tuple[list[int], int]]) -> dict[int, int]:
        counts: dict[int, int] = {}
        for items, weight in base:
            for item in items:
                counts[item] = counts.get(item, 0) + weight
        return {item: count for item, count in counts.items() if count >= self.ranked.minimum}

    def sets(self) -> Sets:
        """Return what was found, in arrays."""
        places = self.ranked.places[np.array(self.items, dtype=np.int64)]
        pointers = np.array(self.pointers, dtype=np.int64)
        order = np.lexsort((places, np.repeat(np.arange(len(self.counts)), np.diff(pointers))))
        return Sets(places[order], pointers, np.array(self.counts, dtype=np.int64), self.ended or "whole")


def growth(ranked: Ranked, meter: Meter) -> Sets:
    """Return the frequent sets, grown item by item from trees of the baskets that hold them."""
    x = ranked.matrix
    weights = np.ones(x.shape[0], dtype=np.int64) if ranked.weights is None else ranked.weights
    starts, items = x.indptr.tolist(), x.indices.tolist()
    baskets = ((items[a:b], w) for a, b, w in zip(starts, starts[1:], weights.tolist(), strict=False))
    search = Growth(ranked, meter)
    counts = dict(enumerate(ranked.counts.tolist()))
    search.grow(Tree(baskets, meter), counts)
    return search.sets()
