"""Tests of counts and sums by key."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.mine.profiles import tallies


@given(keys=st.lists(st.integers(0, 30), max_size=40), far=st.booleans())
def test_counts_and_sums_are_those_of_a_dictionary(keys, far):
    """Near keys, counted in place, and far ones, sorted, both give what a Counter does, in order."""
    key = np.array(keys, np.int64) * (10**9 if far else 1)
    value = np.arange(len(key), dtype=float)
    used, count, (total,) = tallies.tally(key, value)
    expected = Counter(key.tolist())
    assert used.tolist() == sorted(expected)
    assert count.tolist() == [expected[name] for name in used.tolist()]
    assert total == pytest.approx([value[key == name].sum() for name in used])
