from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.mine.itemsets.baskets import Baskets
from lotwise.mine.itemsets.condense import condense
from lotwise.mine.itemsets.frequent import frequent
from lotwise.mine.itemsets.lookup import Lookup

ROWS = st.lists(st.lists(st.integers(0, 8), max_size=7), min_size=1, max_size=12)


def found_in(rows, **how):
    """Return the frequent sets of rows of numbers below 9."""
    lines = np.array([(n, item) for n, row in enumerate(rows) for item in row], dtype=np.int64).reshape(-1, 2)
    return frequent(Baskets.of(lines[:, 0], lines[:, 1], [str(n) for n in range(9)]), method="apriori", **how)


@given(rows=ROWS, minimum=st.integers(1, 3), longest=st.sampled_from([None, 2, 3]))
@settings(max_examples=60, deadline=None)
def test_closed_and_maximal_sets_are_those_of_the_definition(rows, minimum, longest):
    """Closed: no larger set found has the same count; maximal: none was found; by comparing each with each."""
    found = found_in(rows, minimum=minimum, longest=longest)
    sets = {frozenset(found.places(n).tolist()): int(found.counts[n]) for n in range(len(found))}
    closed, maximal = condense(found)
    for number, (one, count) in enumerate(sets.items()):
        larger = [other for other in sets if one < other]
        assert maximal[number] == (not larger)
        assert closed[number] == all(sets[other] != count for other in larger)


def test_sets_are_looked_up_by_their_items():
    """A set found has its number, one that was not found has -1, and so has one of a size that nothing has."""
    found = found_in([[1, 2], [1, 3], [1, 2]], minimum=2)
    lookup = Lookup(found)
    numbers = lookup.find(np.array([[1, 2], [1, 3]], dtype=np.int32))
    assert found[int(numbers[0])] == ("1", "2")
    assert numbers[1] == -1
    assert lookup.find(np.array([[1, 2, 3]], dtype=np.int32)).tolist() == [-1]
