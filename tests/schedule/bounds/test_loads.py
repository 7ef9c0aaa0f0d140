"""Bounds of the makespan: valid everywhere, equal where they should be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lotwise.schedule.bounds import completion_bounds, makespan_bound
from lotwise.schedule.bounds.loads import jackson
from lotwise.schedule.value import order_ends
from tests.schedule.brute import random_schedule
from tests.schedule.shops import make_shop, random_shop

OPERATIONS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9), st.integers(0, 20)), min_size=1, max_size=7)


@given(OPERATIONS)
def test_jacksons_preemptive_schedule_is_the_worst_subset(operations):
    """Its value is the largest of min head + sum of minutes + min tail over all subsets (Carlier 1982, proposition 1)."""
    head, minutes, tail = (np.array(column) for column in zip(*operations, strict=True))
    worst = max(
        int(r + minutes[(head >= r) & (tail >= q)].sum() + q)
        for r in head for q in tail if ((head >= r) & (tail >= q)).any()
    )  # fmt: skip
    assert jackson(head, minutes, tail) == worst


def test_no_schedule_is_below_the_bounds():
    """Whatever is drawn, no schedule ends before the makespan bound, and no order before its own."""
    rng = np.random.default_rng(7)
    for _ in range(150):
        shop = random_shop(rng, 3, 3)
        schedule = random_schedule(shop, rng)
        assert int(schedule.end.max()) >= makespan_bound(shop)
        assert (order_ends(shop, schedule) >= completion_bounds(shop)).all()


def test_one_machine_is_bounded_exactly():
    """On one machine without tails the bound is the makespan: the work from the first release on, gaps included."""
    # released at 0 and 20: 5 minutes, idle until 20, then 4 + 3
    assert makespan_bound(make_shop([[(0, 5)], [(0, 4)], [(0, 3)]], release=[0, 20, 20])) == 27


def test_machines_in_parallel_share_the_work():
    """Nine minutes of work on either of two machines take five minutes at least."""
    either = [(0, 3), (1, 3)]
    assert makespan_bound(make_shop([[either], [either], [either]])) == 5


def test_closed_time_is_not_worked():
    """Twelve minutes of work in openings of five end in the third one, after two minutes."""
    shop = make_shop([[(0, 4)], [(0, 4)], [(0, 4)]], calendars=[[(0, 5), (10, 15), (20, 25)]])
    assert makespan_bound(shop) == 22


def test_every_state_but_one_is_entered():
    """Three states on one machine need two set-ups, at least the two shortest."""
    minutes = [[0, 2, 4], [3, 0, 4], [3, 2, 0], [9, 9, 9]]
    shop = make_shop([[(0, 5)], [(0, 5)], [(0, 5)]], state=[0, 1, 2], setups=[minutes])
    # states are entered in 3, 2 and 4 minutes at least; 15 + 2 + 3
    assert makespan_bound(shop) == 20


def test_a_shop_of_orders_without_operations_ends_at_once():
    """Without operations the makespan bound is 0 and each order ends at its release."""
    shop = make_shop([[]], release=[7], machines=1)
    assert makespan_bound(shop) == 0
    assert completion_bounds(shop).tolist() == [7]
