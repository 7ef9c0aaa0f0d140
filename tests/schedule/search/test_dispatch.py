"""The dispatch rules: feasible at once, the same every time, and better than taking what comes first."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.quality._shops import make_to_order
from lotwise.schedule.check import breaches
from lotwise.schedule.search.decode import decode
from lotwise.schedule.search.dispatch import MOST, dispatch, first_sequences, tails
from lotwise.schedule.search.pack import pack
from lotwise.schedule.shop import Goal
from lotwise.schedule.value import value
from tests.schedule.search.draws import same
from tests.schedule.shops import make_shop, previous_of, random_shop


@pytest.mark.parametrize("seed", range(60))
def test_it_can_be_carried_out(seed):
    """Whatever the shop, with no overtime worked or all of it, it keeps every rule, and the second time it is the same."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=int(rng.integers(1, 9)), steps=4)
    for worked in (None, np.ones(len(shop.calendars.periods), dtype=bool)):
        schedule = dispatch(shop, worked)
        assert breaches(shop, schedule) == []
        assert same(schedule, dispatch(shop, worked))


@pytest.mark.parametrize("seed", range(1, 5))
def test_it_beats_first_come_on_orders_made_for_customers(seed):
    """With due times, weights, set-ups and shifts it comes to half of what first come, first served comes to."""
    shop = make_to_order(60, seed)
    first_come = decode(shop, np.arange(shop.size))
    assert value(shop, dispatch(shop)).total < value(shop, first_come).total / 2


def test_large_shops_are_taken_by_time():
    """With more operations than every competitor is looked at, what remains keeps the rules and beats first come."""
    shop = make_to_order(7_000, 1)
    assert shop.size > MOST
    assert len(list(first_sequences(pack(shop), np.zeros(0, dtype=bool)))) == 2
    schedule = dispatch(shop)
    assert breaches(shop, schedule) == []
    assert value(shop, schedule).total < value(shop, decode(shop, np.arange(shop.size))).total / 2


def test_every_rule_takes_each_free_operation_once():
    """The sequences hold what is not fixed, each once."""
    shop = random_shop(np.random.default_rng(3), orders=8)
    free = np.flatnonzero(~shop.before.fixed)
    for sequence in first_sequences(pack(shop), np.zeros(len(shop.calendars.periods), dtype=bool)):
        assert sorted(sequence) == free.tolist()


def test_the_tail_is_the_longest_way_to_the_end():
    """Minutes and lags of the longest chain that follows, each on its fastest machine."""
    # 0 (4) is followed by 1 (2 or 3) after 5 and by 2 (9); 3 (1) follows 1 after 0 and 2 after 1
    shop = make_shop(
        [[(0, 4), [(0, 3), (1, 2)], (1, 9), (0, 1)]], before=[[], [(0, 5)], [(0, 0)], [(1, 0), (2, 1)]]
    )  # fmt: skip
    tail = np.zeros(4, dtype=np.int64)
    tails(pack(shop), tail, np.zeros((5, 4), dtype=np.int64))
    assert tail.tolist() == [4 + 9 + 1 + 1, 2 + 1, 9 + 1 + 1, 1]


def test_nothing_to_schedule_is_scheduled():
    """Orders without operations, and operations that are all fixed, give a schedule of what there is."""
    assert len(dispatch(make_shop([[], []], machines=1)).mode) == 0
    shop = make_shop([[(0, 4)]], previous=previous_of(1, fixed={0: (0, -1, 2)}), goal=Goal(makespan=1.0))
    assert dispatch(shop).end.tolist() == [2]
