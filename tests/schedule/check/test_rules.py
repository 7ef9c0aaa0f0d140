"""Tests of the rules a schedule has to keep: feasible ones keep them all, and each way to break one is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lotwise.errors import LotwiseError
from lotwise.schedule.check import breaches, check
from lotwise.schedule.shop import INSIDE, PAUSES, RUNS_ON
from tests.schedule.brute import random_schedule
from tests.schedule.shops import make_schedule, make_shop, previous_of, random_shop


def changed(part, at, to):
    part = part.copy()
    part[at] = to
    return part


@pytest.mark.parametrize("seed", range(40))
def test_feasible_schedules_pass(seed):
    """A schedule placed minute by minute by the rules keeps all of them."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=2 + seed % 4)
    assert breaches(shop, random_schedule(shop, rng)) == []


@pytest.mark.parametrize("seed", range(25))
def test_an_operation_that_starts_earlier_is_found(seed):
    """As everything starts as early as it can, whatever starts and ends a minute earlier breaks a rule."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=3)
    schedule = random_schedule(shop, rng)
    for o in range(shop.size):
        start, end = (changed(part, o, part[o] - 1) for part in (schedule.start, schedule.end))
        assert breaches(shop, replace(schedule, start=start, end=end)), shop.operations.name[o]


@pytest.mark.parametrize("seed", range(25))
def test_an_operation_of_another_length_is_found(seed):
    """Whatever ends a minute earlier or later than it must breaks a rule."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=3)
    schedule = random_schedule(shop, rng)
    for o in range(shop.size):
        for by in (-1, 1):
            assert breaches(shop, replace(schedule, end=changed(schedule.end, o, schedule.end[o] + by)))


@pytest.mark.parametrize("seed", range(25))
def test_a_wrong_setup_start_or_behind_is_found(seed):
    """What is said about set-ups and sequences is what they are."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=3, fixed=False)
    schedule = random_schedule(shop, rng)
    o = int(rng.integers(0, shop.size))
    assert breaches(shop, replace(schedule, setup_start=changed(schedule.setup_start, o, schedule.setup_start[o] - 1)))
    for other in {-1, *range(shop.size)} - {int(schedule.behind[o])}:
        assert breaches(shop, replace(schedule, behind=changed(schedule.behind, o, other)))


def test_arrays_of_another_shape_are_found_first():
    """What cannot be read is said, and nothing else is looked at."""
    shop = make_shop([[(0, 5)], [(0, 5)]])
    good = make_schedule(shop, [0, 1], [0, 5], [5, 10])
    assert "'start' has shape (1,)" in breaches(shop, replace(good, start=good.start[:1]))[0]
    assert breaches(shop, replace(good, mode=np.array([0, 0]))) == [
        "operation 'order 2 step 1' is in mode 0, expected one of its own, 1 to 1"
    ]
    assert "behind operation number 7" in breaches(shop, replace(good, behind=np.array([-1, 7])))[0]


def test_overlap_names_both():
    """Two operations at one time on one machine are both named, with the machine and their minutes."""
    shop = make_shop([[(0, 5)], [(0, 5)]])
    found = breaches(shop, make_schedule(shop, [0, 1], [0, 4], [5, 9]))
    assert (
        "operation 'order 1 step 1' on machine 'machine 1' at minutes 0-5 and operation 'order 2 step 1' on machine "
        "'machine 1' at minutes 4-9 overlap" in found
    )


def test_releases_material_and_machines_are_waited_for():
    """Nothing starts before minute 0, its order's release, its material, or before its machine is free."""
    shop = make_shop([[(0, 5)]], release=[3], ready=[4], free=[6])
    found = breaches(shop, make_schedule(shop, [0], [-1], [4]))
    assert [text.split(": ")[1] for text in found if "too early" in text] == [
        "minute 0, when the schedule begins", "its order is released at minute 3", "its material is there at minute 4",
        "its machine is free at minute 6",
    ]  # fmt: skip


def test_lags_are_waited_for():
    """An operation waits for the lag after the one before it."""
    shop = make_shop([[(0, 5), (1, 5)]], lag=[0, 3])
    assert "and 3 minutes have passed, at minute 8" in breaches(shop, make_schedule(shop, [0, 1], [0, 7], [5, 12]))[0]
    assert not breaches(shop, make_schedule(shop, [0, 1], [0, 8], [5, 13]))


@pytest.mark.parametrize(
    ("crossing", "good", "bad"),
    [
        (INSIDE, [(0, 8), (20, 28), (2, 10)], [(5, 13), (5, 23), (12, 20)]),
        (PAUSES, [(0, 8), (5, 23), (9, 27)], [(5, 13), (12, 28), (10, 28)]),
        (RUNS_ON, [(0, 8), (5, 13), (9, 17)], [(10, 18), (5, 23), (19, 27)]),
    ],
)
def test_closed_hours(crossing, good, bad):
    """Work stays inside an opening, pauses, or runs on, as its ``crossing`` says: 8 minutes, open 0-10 and 20-30."""
    shop = make_shop([[(0, 8)]], crossing=[crossing], calendars=[[(0, 10), (20, 30)]])
    assert [times for times in good if breaches(shop, make_schedule(shop, [0], times[:1], times[1:]))] == []
    assert [times for times in bad if not breaches(shop, make_schedule(shop, [0], times[:1], times[1:]))] == []


def test_overtime_is_open_only_where_it_is_worked():
    """Work runs over the seam into overtime that is worked, and is closed out where it is not."""
    shop = make_shop([[(0, 12)]], crossing=[INSIDE], calendars=[[(0, 10), (10, 14, 0), (20, 40)]])
    assert not breaches(shop, make_schedule(shop, [0], [0], [12], worked=[True]))
    assert breaches(shop, make_schedule(shop, [0], [0], [12], worked=[False]))


def test_a_setup_keeps_to_the_hours_of_its_machine():
    """A set-up of 4 minutes before minute 22 begins at 8, where the machine is open 0-10 and from 20 on."""
    shop = make_shop(
        [[(0, 5)], [(0, 5)]], state=[0, 1], machine_state=[0], setups=[[[0, 4], [4, 0], [4, 4]]],
        calendars=[[(0, 10), (20, 40)]],
    )  # fmt: skip
    assert not breaches(shop, make_schedule(shop, [0, 1], [0, 22], [5, 27], setup_start=[0, 8]))
    assert "expected 8" in breaches(shop, make_schedule(shop, [0, 1], [0, 22], [5, 27], setup_start=[0, 18]))[0]
    assert (
        "would have to begin at minute 4" in breaches(shop, make_schedule(shop, [0, 1], [0, 8], [5, 23], setup_start=[0, 4]))[0]
    )


def test_batches_have_one_family_state_and_time_and_fit():
    """Members of a batch are alike, and together fit into the machine."""
    shop = make_shop([[(0, 5, 1)], [(0, 3, 2)], [(0, 4)]], family=[0, 0, 1], size=[2, 2, 1], room=[4], state=[0, 0, 0])
    assert not breaches(shop, make_schedule(shop, [0, 1, 2], [0, 0, 8], [8, 8, 12], batch=[7, 7, -1], behind=[-1, -1, 0]))
    tight = replace(shop, machines=replace(shop.machines, room=np.array([3])))
    found = breaches(tight, make_schedule(tight, [0, 1, 2], [0, 0, 8], [8, 8, 12], batch=[7, 7, -1], behind=[-1, -1, 0]))
    assert len(found) == 1
    assert "a batch of size 4, more than the room of its machine, 3" in found[0]
    mixed = breaches(shop, make_schedule(shop, [0, 1, 2], [0, 8, 0], [5, 13, 5], batch=[3, -1, 3], behind=[-1, 0, -1]))
    assert any("is of another family" in text for text in mixed)


def test_tools_are_counted_at_every_minute():
    """Two operations cannot hold one tool at a time, and the breach names who holds it."""
    shop = make_shop([[(0, 5)], [(1, 5)]], tools=[1], tool_needs=[[(0, 1)], [(0, 1)]])
    found = breaches(shop, make_schedule(shop, [0, 1], [0, 4], [5, 9]))
    assert found == [
        "at minute 4 2 of tool 'tool 1' are held, there are 1: by operation 'order 1 step 1', operation 'order 2 step 1'"
    ]
    assert not breaches(shop, make_schedule(shop, [0, 1], [0, 5], [5, 10]))


def test_fixed_operations_are_facts():
    """A fixed operation stays where it was, whatever the rules say; moving it is a breach."""
    shop = make_shop([[(0, 5)], [(0, 5)]], calendars=[[(0, 20)]], previous=previous_of(2, fixed={0: (0, -3, 9)}))
    assert not breaches(shop, make_schedule(shop, [0, 1], [-3, 9], [9, 14]))
    assert "is fixed on machine 'machine 1' at minutes -3-9" in breaches(shop, make_schedule(shop, [0, 1], [0, 5], [5, 10]))[0]


def test_a_batch_that_has_begun_is_a_fact():
    """Two fixed operations share a batch; a free one with them in it is a breach, and so is one that overlaps."""
    shop = make_shop(
        [[(0, 5)], [(0, 5)], [(0, 5)]],
        family=[0, 0, 0],
        room=[9],
        previous=previous_of(3, fixed={0: (0, -3, 4), 1: (0, -3, 4)}),
    )
    assert not breaches(shop, make_schedule(shop, [0, 1, 2], [-3, -3, 4], [4, 4, 9], batch=[0, 0, -1], behind=[-1, -1, 0]))
    joined = breaches(shop, make_schedule(shop, [0, 1, 2], [-3, -3, -3], [4, 4, 4], batch=[0, 0, 0], behind=[-1, -1, -1]))
    assert any("one of them is fixed" in text for text in joined)


def test_one_sequence_where_asked_for():
    """A permutation flow shop takes its orders in one sequence on every machine."""
    shop = make_shop([[(0, 2), (1, 2)], [(0, 2), (1, 2)]], same_sequence=True)
    assert not breaches(shop, make_schedule(shop, [0, 1, 2, 3], [0, 2, 2, 4], [2, 4, 4, 6]))
    assert "in another sequence" in breaches(shop, make_schedule(shop, [0, 1, 2, 3], [0, 6, 2, 4], [2, 8, 4, 6]))[0]


def test_check_raises_with_every_breach():
    """The error lists what is broken and says that it is not the user's fault."""
    shop = make_shop([[(0, 5)], [(0, 5)]])
    check(shop, make_schedule(shop, [0, 1], [0, 5], [5, 10]))
    with pytest.raises(
        LotwiseError, match=r"(?s)fault of lotwise.*order 1 step 1.*does not last.*order 2 step 1.*does not last"
    ):
        check(shop, make_schedule(shop, [0, 1], [0, 5], [4, 9]))


def test_an_empty_shop_passes():
    """A shop without operations has an empty schedule."""
    shop = make_shop([[]])
    assert breaches(shop, make_schedule(shop, [], [], [])) == []
