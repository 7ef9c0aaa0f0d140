"""Tests of shares and favorites."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.mine.profiles import shares


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=60))
def test_favorites_are_those_of_counting(pairs):
    """Ranks, counts and totals are those of a Counter; of equal ones the first item stands first."""
    customer, item = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    found = shares.favorites(customer, item, most=2)
    expected = []
    for who in sorted({pair[0] for pair in pairs}):
        counted = Counter(pair[1] for pair in pairs if pair[0] == who)
        best = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:2]
        expected += [(who, rank, what, n, counted.total()) for rank, (what, n) in enumerate(best) if n >= 2]
    assert list(zip(found.who, found.rank, found.item, found.count, found.total, strict=True)) == expected


def test_the_interval_of_a_share():
    """Wilson's 90 % interval of 9 of 10 is 0.652 to 0.978 (by its formula, z = 1.645), and holds the share at both ends."""
    low, high = shares.interval(np.array([9, 0, 5]), np.array([10, 10, 5]))
    # middle (0.9 + 2.7055 / 20) / 1.27055 = 0.81482; half 1.64485 sqrt(0.009 + 2.7055 / 400) / 1.27055 = 0.16253
    assert (low[0], high[0]) == pytest.approx((0.6523, 0.9773), abs=2e-4)
    assert (low[1], high[2]) == pytest.approx((0, 1), abs=1e-12)
