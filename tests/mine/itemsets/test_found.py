from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.itemsets.baskets import Baskets
from lotwise.mine.itemsets.frequent import frequent


@pytest.fixture
def three_baskets():
    """Return the sets in at least two of: bread and butter, bread and jam, bread and butter."""
    baskets = Baskets.of([0, 0, 1, 1, 2, 2], [0, 1, 0, 2, 0, 1], ["bread", "butter", "jam"])
    return frequent(baskets, minimum=2)


def test_sets_tell_their_names_sizes_and_support(three_baskets):
    """Bread is in 3 of 3 baskets, butter in 2, and both in 2: sets stand after their subsets, the most frequent first."""
    assert [three_baskets[n] for n in range(3)] == [("bread",), ("butter",), ("bread", "butter")]
    assert three_baskets.counts.tolist() == [3, 2, 2]
    assert three_baskets.sizes.tolist() == [1, 1, 2]
    np.testing.assert_allclose(three_baskets.support, [1, 2 / 3, 2 / 3])
    assert three_baskets.sentence == "3 sets are in at least 2 of 3 baskets; the search was finished."
    with pytest.raises(IndexError, match="set 3 of 3"):
        three_baskets.places(3)


def test_the_fingerprint_ignores_order_but_not_counts(three_baskets):
    """The same sets in another order have the same hash; another count has another."""
    from dataclasses import replace

    turned = replace(
        three_baskets,
        items=np.array([0, 1, 1, 0], dtype=np.int32),
        pointers=np.array([0, 2, 3, 4]),
        counts=np.array([2, 2, 3]),
    )
    assert turned.fingerprint() == three_baskets.fingerprint()
    assert replace(turned, counts=np.array([2, 3, 2])).fingerprint() != three_baskets.fingerprint()


def test_no_sets_are_a_table_without_rows():
    """Where nothing is frequent, everything is empty."""
    nothing = frequent(Baskets.of([0], [0], ["a"]), minimum=2)
    assert len(nothing) == 0
    assert nothing.table().num_rows == 0
    assert nothing.sentence.startswith("0 sets are")
