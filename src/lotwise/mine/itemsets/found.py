"""Itemsets that were found, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.itemsets.caps import Caps, Ending


@dataclass(frozen=True)
class Itemsets:
    """Sets of items that come together often enough, with their counts.

    The order is the same for every method: items are ranked by count, the most frequent first (then by place); sets are
    compared by their rarest item, then by the next, and a set stands before those that begin like it. So every set stands
    after all its subsets, and what the cap of ``itemsets`` leaves is a beginning of the whole.

    Parameters
    ----------
    items
        Places in ``names``, ascending within a set; ``(n_places,)``.
    pointers
        Where each set begins in ``items``, and the end; ``(n_sets + 1,)``.
    counts
        Weight of the baskets that hold the set; ``(n_sets,)``.
    total
        Weight of all baskets.
    minimum
        Least count of a set.
    longest
        Most items of a set; absent: any.
    names
        Names of the items.
    method
        How they were found.
    ended
        ``"whole"``, or the cap that ended the search; counts are right in any case.
    caps
        The caps of the search.
    """

    items: NDArray[np.int32]
    pointers: NDArray[np.int64]
    counts: NDArray[np.int64]
    total: int
    minimum: int
    longest: int | None
    names: tuple[str, ...]
    method: str
    ended: Ending
    caps: Caps

    def __len__(self) -> int:
        """Return the number of sets."""
        return len(self.counts)

    def __getitem__(self, number: int) -> tuple[str, ...]:
        """Return the names of one set's items, in the order of their places."""
        return tuple(self.names[place] for place in self.places(number))

    def places(self, number: int) -> NDArray[np.int32]:
        """Return the places of one set's items."""
        if not -len(self) <= number < len(self):
            raise IndexError(f"set {number} of {len(self)}")
        number %= len(self)
        return self.items[self.pointers[number] : self.pointers[number + 1]]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Items of each set; ``(n_sets,)``."""
        return np.diff(self.pointers)

    @property
    def support(self) -> NDArray[np.float64]:
        """Share of all baskets, by weight, that hold each set; ``(n_sets,)``."""
        return self.counts / max(self.total, 1)

    @property
    def sentence(self) -> str:
        """What was found, and what a cap cut."""
        sets = "1 set is" if len(self) == 1 else f"{len(self):,} sets are"
        found = f"{sets} in at least {self.minimum:,} of {self.total:,} baskets"
        if self.ended == "whole":
            return f"{found}; the search was finished."
        cap = {
            "itemsets": f"{self.caps.itemsets:,} sets",
            "seconds": f"{self.caps.seconds:g} seconds",
            "memory": f"{self.caps.memory_mb:g} MB of memory",
        }[self.ended]
        return f"{found}; the search ended at its cap of {cap}, so that sets are missing. Raise the cap or the least support."

    def of_size(self, size: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the numbers of the sets with so many items, and their places, ``(n_such_sets, size)``."""
        numbers = np.flatnonzero(self.sizes == size)
        return numbers, self.items[self.pointers[numbers][:, None] + np.arange(size)]

    def table(self) -> pa.Table:
        """Return columns ``items`` (names), ``count`` and ``support``, a row a set."""
        names = pa.array(self.names, pa.string()).take(pa.array(self.items))
        lists = pa.ListArray.from_arrays(pa.array(self.pointers.astype(np.int32)), names)
        return pa.table({"items": lists, "count": pa.array(self.counts), "support": pa.array(self.support)})

    def fingerprint(self) -> str:
        """Return a hash of all (set, count), whatever their order: equal for equal results of any method."""
        keys = keys_of(self.items, self.pointers, len(self.names), seed=1)
        mixed = np.sort(_mix(keys ^ _mix(self.counts.astype(np.uint64))))
        return sha256(mixed.tobytes()).hexdigest()[:16]


def keys_of(items: NDArray[np.int32], pointers: NDArray[np.int64], names: int, *, seed: int) -> NDArray[np.uint64]:
    """Return a number of each set that does not depend on the order of its items: the sum of one number an item."""
    each = item_keys(names, seed=seed)[items]
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(each, dtype=np.uint64)])
    keys: NDArray[np.uint64] = sums[pointers[1:]] - sums[pointers[:-1]]
    return keys


def item_keys(names: int, *, seed: int) -> NDArray[np.uint64]:
    """Return a number of 64 random-looking bits for each item."""
    return _mix(np.arange(1, names + 1, dtype=np.uint64) + np.uint64(seed << 40))


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return well-mixed bits (splitmix64; Steele, Lea and Flood, 2014)."""
    with np.errstate(over="ignore"):
        mixed = values * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    last: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return last
