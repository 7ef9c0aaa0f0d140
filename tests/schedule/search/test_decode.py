"""The list decoder: whatever the sequence, the schedule can be carried out, and it comes to what the decoder says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lotwise.schedule.check import breaches
from lotwise.schedule.search.decode import OPENS, as_schedule, decode, place_all
from lotwise.schedule.search.pack import pack
from lotwise.schedule.shop import INSIDE, Goal
from tests.schedule.search.draws import changeable, draw, same
from tests.schedule.shops import make_shop, previous_of, random_shop


@pytest.mark.parametrize("seed", range(120))
def test_any_sequence_can_be_carried_out(seed):
    """It keeps every rule of the checker, and the total is what ``value`` adds up, without what fixed operations cost."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=int(rng.integers(1, 9)), steps=4)
    p = pack(shop)
    for _ in range(4):
        sequence, choice, worked = draw(shop, rng)
        total = place_all(p, sequence, choice, worked, np.inf)
        schedule = as_schedule(p, worked)
        assert breaches(shop, schedule) == []
        assert total == pytest.approx(changeable(shop, schedule))
        assert same(schedule, decode(shop, sequence, choice, worked))
        assert place_all(p, sequence, choice, worked, total - 0.01) == np.inf


def test_modes_that_are_chosen_are_kept():
    """A mode that is chosen is taken, also where the operation opens a batch of its own."""
    shop = random_shop(np.random.default_rng(7), orders=8, steps=4, fixed=False)
    sequence, choice, worked = draw(shop, np.random.default_rng(1))
    schedule = decode(shop, sequence, choice, worked)
    wanted = np.where(choice < -1, OPENS - choice, choice)
    assert (schedule.mode == wanted)[wanted >= 0].all()


def test_an_operation_waits_for_what_comes_later_in_the_sequence():
    """Taken before what it follows, it is placed right after it, before what comes next in the sequence."""
    shop = make_shop([[(0, 3), (1, 2), (0, 4)], [(0, 5)]])
    schedule = decode(shop, np.array([2, 1, 0, 3]))
    assert schedule.start.tolist() == [0, 3, 5, 9]


def test_the_mode_that_ends_first_is_taken():
    """A set-up counts twice, money by what a minute of the order is worth."""
    # machine 1 ends at 4 + 4 for its set-up, machine 2 at 7: 2 is taken, until it costs more than a minute's 1
    setups = {"state": [0], "setups": [[[0], [4]], [[0], [0]]], "machine_setups": [0, 1]}
    assert decode(make_shop([[[(0, 4), (1, 7)]]], **setups), np.array([0])).mode.tolist() == [1]
    assert decode(make_shop([[[(0, 4), (1, 7, 0, 9.0)]]], **setups), np.array([0])).mode.tolist() == [0]


def test_a_set_up_is_placed_as_late_as_can_be():
    """It ends when the operation starts, and pauses over closed time before it."""
    # open 0-10 and 20-60; ready at 23: 5 minutes of set-up are 8-10 and 20-23
    hours = [[(0, 10), (20, 60)]]
    shop = make_shop([[(0, 6)]], ready=[23], state=[0], setups=[[[0], [5]]], calendars=hours, crossing=[INSIDE])
    schedule = decode(shop, np.array([0]))
    assert (schedule.setup_start[0], schedule.start[0]) == (8, 23)


def test_batches_are_filled_to_the_room_and_not_over():
    """Of four of size 2 in a room of 5 two go together, each pair as long as its longest and what each adds."""
    shop = make_shop([[(0, 3, 1)], [(0, 5, 1)], [(0, 2, 1)], [(0, 4, 1)]], family=[0] * 4, size=[2] * 4, room=[5])
    schedule = decode(shop, np.arange(4))
    assert schedule.batch.tolist() == [0, 0, 2, 2]
    assert schedule.end.tolist() == [7, 7, 13, 13]  # max(3, 5) + 2, then max(2, 4) + 2


def test_an_operation_can_be_kept_out_of_a_batch():
    """One that opens a batch of its own is not taken into another's, and takes those after it."""
    shop = make_shop([[(0, 2)], [(0, 9)], [(0, 8)]], family=[0] * 3, room=[3])
    schedule = decode(shop, np.arange(3), np.array([-1, OPENS + 1, OPENS + 1]))
    assert schedule.batch.tolist() == [-1, -1, -1]
    assert schedule.end.tolist() == [2, 11, 19]
    assert decode(shop, np.arange(3), np.array([-1, OPENS + 1, -1])).batch.tolist() == [0, -1, 0]


def test_those_not_ready_stay_out_of_a_batch():
    """A batch starts when its opener can; one that is ready later opens it, where it is taken first."""
    shop = make_shop([[(0, 5)], [(0, 5)]], family=[0, 0], ready=[0, 2], room=[2])
    assert decode(shop, np.array([0, 1])).end.tolist() == [5, 10]
    assert decode(shop, np.array([1, 0])).end.tolist() == [7, 7]


def test_a_batch_that_fits_inside_later_only_is_not_formed():
    """Its opener is done at once and the other next time; neither ends later than together."""
    # open 0-10 and 20-60; together 5 + 4 + 4 = 13 minutes, from 20 to 33
    hours = [[(0, 10), (20, 60)]]
    shop = make_shop([[(0, 5, 4)], [(0, 5, 4)]], family=[0, 0], room=[2], crossing=[INSIDE] * 2, calendars=hours)
    assert decode(shop, np.arange(2)).end.tolist() == [9, 29]


def test_a_batch_holds_what_each_member_needs():
    """Members that need different tools go together where all are free, and hold all of them until the end."""
    # 0 and 1 share machine 1 and hold tools 1 and 2 to minute 5; so 2 and 3, on machines 2 and 3, start at 5
    needs = [[(0, 1)], [(1, 1)], [(0, 1)], [(1, 1)]]
    shop = make_shop(
        [[(0, 5)], [(0, 5)], [(1, 1)], [(2, 1)]], family=[0, 0, -1, -1], room=[2, 0, 0], tools=[1, 1], tool_needs=needs
    )
    schedule = decode(shop, np.arange(4))
    assert schedule.batch.tolist() == [0, 0, -1, -1]
    assert schedule.start.tolist() == [0, 0, 5, 5]
    assert decode(shop, np.array([3, 0, 1, 2])).batch.tolist() == [-1, -1, -1, -1]  # tool 2 is away until minute 1


def test_a_batch_holds_a_shared_tool_once():
    """Two members with one piece each leave the second piece to others; a fixed batch does, too."""
    needs, fixed = [[(0, 1)], [(0, 1)], [(0, 1)]], {0: (0, 0, 5), 1: (0, 0, 5)}
    for previous in (None, previous_of(3, fixed=fixed)):
        shop = make_shop(
            [[(0, 5)], [(0, 5)], [(1, 1)]], family=[0, 0, -1], room=[2, 0], tools=[2], tool_needs=needs, previous=previous
        )
        schedule = decode(shop, np.arange(3) if previous is None else np.array([2]))
        assert schedule.batch.tolist() == [0, 0, -1]
        assert schedule.start.tolist() == [0, 0, 0]
        assert breaches(shop, schedule) == []


def test_tools_are_waited_for():
    """One tool for two machines: one after the other; two of them: at once."""
    for count, starts in ((1, [0, 5]), (2, [0, 0])):
        shop = make_shop([[(0, 5)], [(1, 5)]], tools=[count], tool_needs=[[(0, 1)], [(0, 1)]])
        assert decode(shop, np.arange(2)).start.tolist() == starts


def test_what_takes_no_time_holds_no_tool():
    """An operation of no minutes is done while another holds its tool, and takes the tool from nobody."""
    needs = [[(0, 1)], [(0, 1)], [(0, 1)]]
    shop = make_shop([[(0, 5)], [(1, 0)], [(2, 4)]], tools=[1], tool_needs=needs, ready=[0, 3, 0])
    for sequence, starts in (((0, 1, 2), [0, 3, 5]), ((1, 0, 2), [0, 3, 5]), ((1, 2, 0), [4, 3, 0])):
        schedule = decode(shop, np.array(sequence))
        assert schedule.start.tolist() == starts
        assert breaches(shop, schedule) == []


def test_overtime_is_used_and_paid_where_it_is_worked():
    """Four of six minutes fit into regular hours; the rest is done in overtime, or the next day."""
    shop = make_shop([[(0, 6)]], calendars=[[(0, 4), (4, 10, 0), (20, 40)]], minute_cost=[3], weight=[1], due=[6])
    p = pack(shop)
    assert place_all(p, np.array([0]), np.array([-1]), np.array([True]), np.inf) == 6.0  # 2 minutes of overtime at 3
    assert p.operations["end"].tolist() == [6]
    assert place_all(p, np.array([0]), np.array([-1]), np.array([False]), np.inf) == 16.0  # ends at 22, due at 6
    assert p.operations["end"].tolist() == [22]


def test_an_order_without_operations_hides_no_makespan():
    """It ends at its release, but what it is paid for is when the last operation ends."""
    shop = make_shop([[(0, 4)], []], release=[0, 90], goal=Goal(makespan=2.0, tardiness=0.0))
    p = pack(shop)
    total = place_all(p, np.array([0]), np.array([-1]), np.zeros(0, dtype=bool), np.inf)
    assert total == 8.0 == changeable(shop, as_schedule(p, np.zeros(0, dtype=bool)))


def test_machines_that_are_free_later_are_waited_for():
    """Nothing starts before its machine is free, nor before what is fixed on it is over."""
    shop = make_shop([[(0, 4)], [(0, 1)]], free=[3], previous=previous_of(2, fixed={0: (0, -2, 8)}))
    assert decode(shop, np.array([1])).start.tolist() == [-2, 8]
    assert decode(replace(shop, before=None), np.arange(2)).start.tolist() == [3, 7]
