"""Tests of why an order is late: what it waited for adds up, and each kind of waiting is told."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.schedule.shop import INSIDE
from lotwise.schedule.value import order_ends
from lotwise.schedule.why.reasons import KINDS, reasons
from tests.schedule.brute import random_schedule
from tests.schedule.shops import make_schedule, make_shop, previous_of, random_shop


def only(shop, schedule):
    """Return the reason of the only late order."""
    (found,) = reasons(shop, schedule)
    return found


def told(found):
    """Return kind, operation and minutes of each wait."""
    return [(step.kind, step.operation, step.waited) for step in found.chain if step.waited]


@pytest.mark.parametrize("seed", range(40))
def test_waiting_and_working_add_up(seed):
    """From minute 0 to an order's end, what it did not wait it worked: the sum of its operations' minutes."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=4, fixed=False, lags=False, batches=False)
    schedule = random_schedule(shop, rng)
    minutes = (shop.modes.minutes + shop.modes.added)[schedule.mode]
    for found in reasons(shop, schedule):
        if any(step.kind == "material" and step.start > 0 for step in found.chain):
            continue  # the walk ends at material that comes last, in the middle of the order
        assert found.working == minutes[shop.operations.order == found.order].sum()


@pytest.mark.parametrize("seed", range(30))
def test_every_late_order_has_its_reason(seed):
    """All late orders are told, the most expensive first; no wait is negative, and its kind is a known one."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=5)
    schedule = random_schedule(shop, rng)
    late = np.maximum(order_ends(shop, schedule) - shop.orders.due, 0)
    found = reasons(shop, schedule)
    assert sorted(one.order for one in found) == np.flatnonzero(late).tolist()
    money = [float(late[one.order] * shop.orders.weight[one.order]) for one in found]
    assert money == sorted(money, reverse=True)
    assert all(one.working >= 0 for one in found)
    steps = [step for one in found for step in one.chain]
    assert all(step.kind in KINDS and 0 <= step.waited <= step.end - step.start for step in steps)


def test_a_busy_machine():
    """The order waits for the machine while two others are on it."""
    shop = make_shop([[(0, 4)], [(0, 3)], [(0, 5)]], due=[99, 99, 5])
    found = only(shop, make_schedule(shop, [0, 1, 2], [0, 4, 7], [4, 7, 12]))
    assert (found.waited_for, found.waited, found.working) == (("machine", 0), 7, 5)
    assert found.chain[0].others == (0, 1)


def test_material_then_setup():
    """Material comes at minute 6; the set-up, placed as late as can be, is over by then, so nothing else is waited for."""
    shop = make_shop([[(0, 4)]], due=[5], ready=[6], state=[0], setups=[[[0], [3]]])
    found = only(shop, make_schedule(shop, [0], [6], [10], setup_start=[3]))
    assert told(found) == [("material", 0, 6)]


def test_setup_after_a_busy_machine():
    """A set-up after another order's operation is waiting of its own."""
    shop = make_shop([[(0, 4)], [(0, 3)]], due=[99, 5], state=[0, 1], machine_state=[0], setups=[[[0, 2], [2, 0], [9, 9]]])
    found = only(shop, make_schedule(shop, [0, 1], [0, 6], [4, 9], setup_start=[0, 4]))
    assert told(found) == [("machine", 1, 4), ("setup", 1, 2)]


def test_release_and_lag():
    """An order that is released late and dries between its steps is told so, in time."""
    shop = make_shop([[(0, 4), (1, 3)]], due=[5], release=[2], lag=[0, 6])
    found = only(shop, make_schedule(shop, [0, 1], [2, 12], [6, 15]))
    assert (told(found), found.working) == ([("release", 0, 2), ("lag", 1, 6)], 7)


def test_closed_hours_before_and_within():
    """Closed hours count where an operation pauses in them, and where it cannot begin before they are over."""
    shop = make_shop([[(0, 8), (0, 6)]], due=[5], crossing=[1, INSIDE], calendars=[[(0, 5), (10, 15), (20, 40)]])
    found = only(shop, make_schedule(shop, [0, 1], [0, 20], [13, 26]))
    # the first pauses from 5 to 10; the second finds 2 open minutes, too few for its 6, then 5 closed ones
    assert told(found) == [("closed", 0, 5), ("closed", 1, 2), ("closed", 1, 5)]


def test_a_tool_held_elsewhere():
    """An operation on a free machine waits for the tool another one holds."""
    shop = make_shop([[(0, 4)], [(1, 3)]], due=[99, 5], tools=[1], tool_needs=[[(0, 1)], [(0, 1)]])
    found = only(shop, make_schedule(shop, [0, 1], [0, 4], [4, 7]))
    assert told(found) == [("tool", 1, 4)]
    assert found.chain[0].others == (0,)


def test_a_batch_waits_for_its_last_member():
    """A member that was there early waits for the order its batch is shared with."""
    shop = make_shop([[(0, 4)], [(0, 4)]], due=[5, 99], release=[0, 6], family=[0, 0], room=[2])
    found = only(shop, make_schedule(shop, [0, 1], [6, 6], [10, 10], behind=[-1, -1], batch=[0, 0]))
    assert found.waited_for == ("batch", 1)


def test_another_order_that_comes_first():
    """An assembly waits for the part that is another order's: for the work on it, and for what that waited for."""
    shop = make_shop([[(0, 4)], [(1, 3)]], due=[99, 5], before=[[], [(0, 2)]])
    found = only(shop, make_schedule(shop, [0, 1], [0, 6], [4, 9]))
    assert (told(found), found.working) == ([("order", 1, 4), ("lag", 1, 2)], 3)
    shop = make_shop([[(0, 4)], [(1, 3)]], due=[99, 5], before=[[], [(0, 0)]], free=[9, 0])
    found = only(shop, make_schedule(shop, [0, 1], [9, 13], [13, 16]))
    assert told(found) == [("machine", 0, 9), ("order", 1, 4)]


def test_a_fixed_operation_ends_the_walk():
    """Before what has begun nothing is asked."""
    shop = make_shop([[(0, 4), (1, 3)]], due=[5], previous=previous_of(2, fixed={0: (0, -2, 4)}))
    found = only(shop, make_schedule(shop, [0, 1], [-2, 4], [4, 7]))
    assert [step.kind for step in found.chain] == ["fixed"]
    assert (found.waited_for, found.working) == (None, 9)


def test_nothing_late_has_no_reasons():
    """Orders in time are not told."""
    shop = make_shop([[(0, 4)]], due=[4])
    assert reasons(shop, make_schedule(shop, [0], [0], [4])) == []
