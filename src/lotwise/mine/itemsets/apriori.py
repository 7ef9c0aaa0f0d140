"""Apriori: level by level, a set is counted only when all its subsets are frequent (Agrawal and Srikant, VLDB 1994)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.sparse import hstack

from lotwise.mine.itemsets.found import item_keys
from lotwise.mine.itemsets.pairs import count_pairs
from lotwise.mine.itemsets.ranked import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from scipy.sparse import csc_array

    from lotwise.mine.itemsets.caps import Ending, Meter
    from lotwise.mine.itemsets.ranked import Ranked, Sets

Halted = Literal["work"]
"""What ended a search that had only so much work."""

CANDIDATES = 500_000
"""Candidates made at once."""
CHUNK = 4_000_000
"""Numbers of baskets compared at once."""
CELL = 8
"""Bytes of a basket's number and its 1."""


def apriori(ranked: Ranked, meter: Meter, *, work: int | None = None) -> Sets:
    """Return the frequent sets, level by level.

    Pairs come from X'X. From then on a candidate is two sets of the level before that differ in their last item; it is
    dropped unless all its subsets are frequent, and counted by comparing the baskets of the two.

    Parameters
    ----------
    ranked, meter
        What is searched, and its caps.
    work
        Most numbers of baskets compared; beyond, the search ends and says ``"work"``. Absent: any.
    """
    search = _Levels(ranked, meter, work)
    while search.ended is None and search.size < ranked.longest and len(search.sets) > 1:
        search.climb()
    return in_order(ranked, search.found, search.ended or "whole")


class _Levels:
    """The search: the sets of the last level, in order, and the two sets of the level before that make each.

    Parameters
    ----------
    ranked, meter, work
        As for ``apriori``.
    """

    def __init__(self, ranked: Ranked, meter: Meter, work: int | None) -> None:
        self.ranked, self.meter, self.work = ranked, meter, work
        most = meter.caps.itemsets
        couples, ended = count_pairs(ranked, meter)
        order = np.lexsort(-couples[0].T[::-1])
        self.sets = couples[0][order]
        self.makers = self.sets[:, 0].astype(np.int64), self.sets[:, 1].astype(np.int64)
        self.found = [
            (np.arange(min(len(ranked.counts), most), dtype=np.int32)[:, None], ranked.counts[:most]),
            (self.sets, couples[1][order]),
        ]
        self.known = sum(len(counts) for _, counts in self.found)
        self.holds = ranked.matrix.tocsc()
        self.ended: Ending | Halted | None = None if ended == "whole" else ended

    @property
    def size(self) -> int:
        """Items of a set of the last level."""
        return int(self.sets.shape[1])

    def climb(self) -> None:
        """Find the sets of the next level, as many as the caps leave."""
        one, two = self.makers
        sizes = np.diff(self.holds.indptr)
        self.ended = self.meter.exceeded(size=CELL * int(np.minimum(sizes[one], sizes[two]).sum()))
        if self.ended:
            return
        parts = []
        for some in _runs(np.cumsum(sizes[one] + sizes[two]), CHUNK):
            parts.append(_both(self.holds, one[some], two[some]))
            self.ended = self.meter.exceeded()
            if self.ended:
                return
        self.holds = hstack(parts, format="csc")
        self._count_next()

    def _count_next(self) -> None:
        """Count the candidates of the next level."""
        keys = item_keys(len(self.ranked.counts), seed=2)
        parts = [(np.empty((0, self.size + 1), dtype=np.int32), *(np.empty(0, dtype=np.int64) for _ in range(3)))]
        for first, second in _candidates(self.sets):
            ranks = np.concatenate([self.sets[first], self.sets[second][:, -1:]], axis=1)
            likely = np.flatnonzero(_supported(ranks, self.sets, keys))
            parts += self._counted(ranks[likely], first[likely], second[likely])
            if self.ended:
                break
        room = max(self.meter.caps.itemsets - sum(len(counts) for _, counts in self.found), 0)
        ranks, counts, one, two = (np.concatenate(part)[:room] for part in zip(*parts, strict=True))
        self.sets, self.makers = ranks, (one, two)
        self.found.append((ranks, counts))

    def _counted(
        self, ranks: NDArray[np.int32], one: NDArray[np.int64], two: NDArray[np.int64]
    ) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
        """Yield the frequent ones of some candidates: their ranks, counts and makers."""
        sizes = np.diff(self.holds.indptr)
        done = np.cumsum(sizes[one] + sizes[two])
        for some in _runs(done, CHUNK):
            counts = _count(self.holds, one[some], two[some], self.ranked.weights)
            keep = counts >= self.ranked.minimum
            yield ranks[some][keep], counts[keep], one[some][keep], two[some][keep]
            self.known += int(keep.sum())
            self.ended = self.meter.exceeded(itemsets=self.known)
            if self.work is not None:
                self.work -= int(done[some.stop - 1] - (done[some.start - 1] if some.start else 0))
                self.ended = self.ended or ("work" if self.work < 0 else None)
            if self.ended:
                return


def _candidates(sets: NDArray[np.int32]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield pairs of sets that differ in their last item only; the sets stand in order."""
    new = np.any(sets[1:, :-1] != sets[:-1, :-1], axis=1)
    ends = np.append(np.flatnonzero(new) + 1, len(sets))
    later = np.repeat(ends, np.diff(np.concatenate([[0], ends]))) - np.arange(len(sets)) - 1
    for some in _runs(np.cumsum(later), CANDIDATES):
        each = later[some]
        one = np.repeat(np.arange(some.start, some.stop), each)
        yield one, one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(each) - each, each)


def _runs(done: NDArray[np.int64], most: int) -> Iterator[slice]:
    """Yield runs of a cumulated sum, each of about ``most``."""
    first = 0
    while first < len(done):
        before = done[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(done, before + most, side="right")))
        yield slice(first, last)
        first = last


def _supported(ranks: NDArray[np.int32], sets: NDArray[np.int32], keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return for each candidate whether all its subsets with one item less are among the sets.

    Sets are compared by the sum of their items' keys: should two ever meet, a candidate too many is counted, no more.
    """
    known = np.sort(keys[sets].sum(axis=1, dtype=np.uint64))
    whole = keys[ranks].sum(axis=1, dtype=np.uint64)
    likely = np.ones(len(ranks), dtype=np.bool_)
    for place in range(ranks.shape[1] - 2):  # those without one of the last two items are what made it
        less = whole[likely] - keys[ranks[likely, place]]
        at = np.minimum(np.searchsorted(known, less), len(known) - 1)
        likely[likely] = known[at] == less
    return likely


def _both(holds: csc_array, one: NDArray[np.int64], two: NDArray[np.int64]) -> csc_array:
    """Return the baskets that hold both of two sets: baskets by pairs of sets."""
    return holds[:, one].multiply(holds[:, two]).tocsc()


def _count(
    holds: csc_array, one: NDArray[np.int64], two: NDArray[np.int64], weights: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Return the weight of the baskets that hold both of two sets."""
    both = _both(holds, one, two)
    if weights is None:
        counts: NDArray[np.int64] = np.diff(both.indptr).astype(np.int64)
        return counts
    return np.asarray(weights @ both.astype(np.int64), dtype=np.int64)
