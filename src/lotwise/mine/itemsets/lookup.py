"""Which set of those found is which: sets by their items, all at once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.itemsets.found import item_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.itemsets.found import Itemsets


class Lookup:
    """Finds sets by their items.

    Sets of one size are sorted by the sum of their items' keys; what is found is compared item by item, so that answers are
    exact.

    Parameters
    ----------
    itemsets
        Where sets are looked for.
    """

    def __init__(self, itemsets: Itemsets) -> None:
        self.itemsets = itemsets
        self._keys: NDArray[np.uint64]
        self._sizes: dict[int, tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint64]]] = {}

    def find(self, sets: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the number of each set, or -1 where it was not found.

        Parameters
        ----------
        sets
            Places of the items, ascending in a row; ``(n, size)``.
        """
        sums = self._items[sets].sum(axis=1, dtype=np.uint64)
        numbers, places, keys = self._of(sets.shape[1])
        if not len(keys):
            return np.full(len(sets), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(keys, sums), len(keys) - 1)
        return np.where(np.all(places[at] == sets, axis=1), numbers[at], -1)

    @cached_property
    def _items(self) -> NDArray[np.uint64]:
        """Keys of the items under which no two sets of one size have the same sum."""
        seed = 3
        while True:
            seed += 1
            self._sizes.clear()
            items = item_keys(len(self.itemsets.names), seed=seed)
            if all(self._sort(size, items) for size in np.unique(self.itemsets.sizes).tolist()):
                return items

    def _sort(self, size: int, items: NDArray[np.uint64]) -> bool:
        """Sort the sets of a size by key, and return whether no two have the same."""
        numbers, places = self.itemsets.of_size(size)
        keys = items[places].sum(axis=1, dtype=np.uint64)
        order = np.argsort(keys)
        self._sizes[size] = numbers[order], places[order], keys[order]
        return bool(np.all(np.diff(self._sizes[size][2]) > 0))

    def _of(self, size: int) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint64]]:
        empty = np.empty(0, dtype=np.int64), np.empty((0, size), dtype=np.int32), np.empty(0, dtype=np.uint64)
        return self._sizes.get(size, empty)
