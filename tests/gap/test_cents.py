"""Whole cents that add up."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lotwise.gap.cents import apportion, cents

amounts = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12)


@given(amounts)
def test_parts_sum_to_the_total_and_stay_within_a_cent(parts):
    """Nothing is lost in rounding, and no part moves by more than a cent."""
    shared = apportion(parts, cents(sum(parts)))
    assert shared.sum() == cents(sum(parts))
    assert np.abs(shared - np.array(parts) * 100).max() <= 1 + 1e-6


def test_the_largest_remainder_gets_the_cent():
    """0.333, 0.333 and 0.334 to 1.00: the third has the largest remainder."""
    assert apportion([0.333, 0.333, 0.334], 100).tolist() == [33, 33, 34]


def test_halves_round_upwards():
    """0.125 is 12.5 cents and -0.125 is -12.5 cents."""
    assert (cents(0.125), cents(-0.125)) == (13, -12)
