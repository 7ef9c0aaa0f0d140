"""Heads and tails on shops small enough to read them off."""

from __future__ import annotations

import numpy as np

from lotwise.schedule.bounds.heads import heads, levels
from lotwise.schedule.shop import RUNS_ON
from tests.schedule.shops import make_shop, previous_of


def test_heads_and_tails_follow_the_longest_path():
    """An operation starts no sooner than its order, its machine, and those before it with their lags; tails mirror that."""
    shop = make_shop([[(0, 5), [(1, 4), (0, 3)]], [(1, 2)]], release=[2, 0], free=[0, 9], lag=[0, 1, 0])
    found = heads(shop)
    # order 1: 2-7 on machine 1, one minute of lag, then 3 minutes from 8 on (machine 2 is free at 9: 9-13)
    assert found.start.tolist() == [2, 8, 9]
    assert found.end.tolist() == [7, 11, 11]
    assert found.tail.tolist() == [4, 0, 0]


def test_calendars_push_heads_and_fixed_operations_are_facts():
    """Closed time delays what needs open time; a fixed operation ends when it ends."""
    shop = make_shop(
        [[(0, 5), (0, 6), (1, 1)]], calendars=[[(0, 8), (20, 30)], []], machine_calendar=[0, 1], crossing=[RUNS_ON, 0, 1],
        previous=previous_of(3, fixed={0: (0, -1, 7)}),
    )  # fmt: skip
    # the first ends at 7; one open minute is left, so 6 minutes within an opening start at 20
    assert heads(shop).start.tolist() == [-1, 20, 26]
    assert heads(shop).end.tolist() == [7, 26, 27]


def test_layers_hold_every_operation_once_and_predecessors_before():
    """Each operation stands in one layer, behind all its predecessors."""
    shop = make_shop([[(0, 1)] * 4, [(0, 1)] * 2], before=[[], [(0, 0)], [(0, 0)], [(1, 0), (2, 0)], [(3, 0)], []])
    assert [layer.tolist() for layer in levels(shop)] == [[0, 5], [1, 2], [3], [4]]
    assert np.concatenate(levels(shop)).size == shop.size
