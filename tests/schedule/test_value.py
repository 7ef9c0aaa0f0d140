"""Tests of what a schedule comes to."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.schedule.shop import Goal
from lotwise.schedule.value import overtime_between, setup_of, states_before, value
from tests.schedule.brute import plain_value, random_schedule
from tests.schedule.shops import make_schedule, make_shop, previous_of, random_shop


@pytest.mark.parametrize("seed", range(30))
def test_equals_the_plain_sum(seed):
    """The value is what adding up operation by operation and minute by minute gives, in all its parts."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=4)
    schedule = random_schedule(shop, rng)
    found, expected = value(shop, schedule), plain_value(shop, schedule)
    for part in ("total", "tardiness", "setup", "overtime", "change", "modes", "makespan", "late", "changed"):
        assert getattr(found, part) == pytest.approx(getattr(expected, part)), part


def test_adds_up_every_part():
    """Each part of the goal is added once, in money."""
    shop = make_shop(
        [[(0, 10, 0, 3.0)], [(0, 5)]], due=[8, 30], weight=[2, 1], state=[0, 1], setups=[[[0, 4], [2, 0], [1, 1]]],
        setup_cost=[[[0, 7], [0, 0], [5, 0]]], goal=Goal(makespan=1, flow=0.5, setup_minute=0.5, machine_change=9),
        previous=previous_of(2, machine=[0, -1]),
    )  # fmt: skip
    found = value(shop, make_schedule(shop, [0, 1], [1, 15], [11, 20], setup_start=[0, 11]))
    # order 1 is 3 minutes late at 2 a minute; set-ups: 1 minute and 5 (not known -> state 1), 4 minutes and 7 (1 -> 2)
    assert (found.tardiness, found.setup, found.change, found.modes, found.makespan) == (6, 12 + 2.5, 0, 3, 20)
    assert found.total == 20 + 0.5 * (2 * 11 + 20) + 6 + 14.5 + 3


def test_an_order_without_operations_ends_at_its_release():
    """An order with nothing to do is late when it is released after its due minute."""
    shop = make_shop([[], [(0, 5)]], release=[7, 0], due=[4, 9], weight=[2, 1])
    assert value(shop, make_schedule(shop, [0], [0], [5])).tardiness == 6


def test_overtime_counts_worked_openings_only():
    """Minutes of set-up and work count where they lie in overtime that is worked."""
    calendars = [[(0, 10), (10, 14, 0), (20, 30), (30, 36, 1), (40, 50)]]
    shop = make_shop([[(0, 12)]], calendars=calendars, minute_cost=[2.0])
    early = make_schedule(shop, [0], [0], [12], worked=[True, False])
    late = make_schedule(shop, [0], [0], [22], worked=[False, True])
    assert (value(shop, early).overtime, value(shop, late).overtime) == (4, 0)


def test_overtime_between_is_a_count_of_minutes():
    """The minutes between two minutes equal a count one by one, in several calendars at once."""
    shop = make_shop(
        [[(0, 1)]], machines=3, calendars=[[(0, 5), (5, 9, 0), (12, 20)], [], [(3, 6, 1), (8, 11, 0), (15, 30)]],
        machine_calendar=[0, 1, 2],
    )  # fmt: skip
    extra = {0: set(range(5, 9)), 1: set(), 2: set(range(8, 11))}
    for calendar, minutes in extra.items():
        for start in range(-2, 30):
            ends = np.arange(start, 31)
            of, starts = np.full(len(ends), calendar), np.full(len(ends), start)
            found = overtime_between(shop.calendars, np.array([True, False]), of, starts, ends)
            assert found.tolist() == [len(minutes & set(range(start, end))) for end in ends]


def test_operations_without_state_leave_the_machine_as_it_is():
    """The state before is that of the last operation that has one, and the machine's own before the first."""
    shop = make_shop(
        [[(0, 1)], [(0, 1)], [(0, 1)], [(1, 1)]], state=[1, -1, 0, 0], machine_state=[0, -1],
        setups=[[[0, 2], [3, 0], [4, 5]]],
    )  # fmt: skip
    schedule = make_schedule(shop, [0, 1, 2, 3], [2, 3, 7, 4], [3, 4, 8, 5])
    assert states_before(shop, schedule).tolist() == [0, 1, 1, -1]
    assert setup_of(shop, schedule)[0].tolist() == [2, 0, 3, 4]


def test_operations_of_no_minutes_follow_behind():
    """Among operations of no minutes at one minute, ``behind`` says which state is found."""
    shop = make_shop([[(0, 0)], [(0, 0)], [(0, 0)]], state=[0, 1, 1], machine_state=[0], setups=np.zeros((1, 3, 2)))
    schedule = make_schedule(shop, [0, 1, 2], [0, 0, 0], [0, 0, 0], behind=[2, -1, 1])
    assert states_before(shop, schedule).tolist() == [1, 0, 1]


def test_fixed_operations_cost_neither_setup_nor_overtime_nor_machine_changes():
    """What has happened is not paid for again."""
    shop = make_shop(
        [[(0, 5)], [(0, 5)]], state=[1, 1], machine_state=[0], setups=[[[0, 3], [3, 0], [3, 3]]],
        previous=previous_of(2, fixed={0: (0, -2, 3)}), goal=Goal(setup_minute=1, machine_change=5, sequence_change=5),
    )  # fmt: skip
    found = value(shop, make_schedule(shop, [0, 1], [-2, 3], [3, 8]))
    assert (found.setup, found.change) == (0, 0)


def test_counts_what_changed():
    """Each operation on another machine, and each behind another one, is counted once; what was not known is not."""
    shop = make_shop(
        [[[(0, 5), (1, 5)]], [(0, 5)], [(0, 5)]],
        previous=previous_of(3, machine=[1, 0, 0], behind=[-1, -2, 1]), goal=Goal(machine_change=10, sequence_change=1),
    )  # fmt: skip
    found = value(shop, make_schedule(shop, [0, 2, 3], [0, 5, 10], [5, 10, 15]))
    assert (found.changed, found.change) == (1, 10)
    found = value(shop, make_schedule(shop, [0, 2, 3], [0, 10, 5], [5, 15, 10]))
    assert (found.changed, found.change) == (1, 11)
