"""Which sets say all the others do: closed ones and maximal ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.itemsets.lookup import Lookup

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.itemsets.found import Itemsets


def condense(itemsets: Itemsets) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which sets are closed and which are maximal; ``(n_sets,)`` each.

    A set is closed when no larger set that was found has the same count, and maximal when no larger set was found at all.
    Both are relative to the sets found: where sets of a longest size were searched, those of that size are always both,
    although a larger set, which nobody looked for, might hold them; the same goes for sets that a cap has cut.

    A larger set with the same count exists only if one with a single item more does (Pasquier and others, ICDT 1999), so that
    each set is compared with those it becomes without one of its items.
    """
    closed = np.ones(len(itemsets), dtype=np.bool_)
    maximal = np.ones(len(itemsets), dtype=np.bool_)
    lookup = Lookup(itemsets)
    for size in range(2, int(itemsets.sizes.max(initial=0)) + 1):
        numbers, places = itemsets.of_size(size)
        for place in range(size):
            less = lookup.find(np.delete(places, place, axis=1))
            held = less >= 0
            maximal[less[held]] = False
            same = held & (itemsets.counts[less] == itemsets.counts[numbers])
            closed[less[same]] = False
    return closed, maximal
