import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.plan.orders.fifo import fifo

AMOUNTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=20)


def side(pairs):
    pairs = sorted(pairs, key=lambda pair: pair[0])
    return np.array([pool for pool, _ in pairs], np.int64), np.array([units for _, units in pairs], dtype=float)


@given(AMOUNTS, AMOUNTS)
def test_each_pool_is_matched_unit_by_unit(supply, demand):
    """Units laid end to end in each pool: the k-th unit of supply serves the k-th of demand."""
    supply, demand = side(supply), side(demand)
    want = {}
    for pool in range(4):
        there, asked = (
            [n for n in np.flatnonzero(pools == pool) for _ in range(int(units[n]))] for pools, units in (supply, demand)
        )
        for pair in zip(there, asked, strict=False):
            want[pair] = want.get(pair, 0) + 1
    found = fifo(supply, demand)
    assert {(a, b): units for a, b, units in zip(*found, strict=True)} == want


def test_what_is_without_end_takes_the_rest():
    """A last demand without end takes what is left, and a last supply without end what is missing; never each other."""
    pool = np.zeros(2, np.int64)
    a, b, units = fifo((pool, np.array([5.0, np.inf])), (pool, np.array([7.0, np.inf])))
    assert list(zip(a.tolist(), b.tolist(), units.tolist(), strict=True)) == [(0, 0, 5.0), (1, 0, pytest.approx(2.0))]
