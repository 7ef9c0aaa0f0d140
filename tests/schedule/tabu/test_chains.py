from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lotwise.schedule.jobs import Budget
from lotwise.schedule.shop import Before, Calendars, Goal, Setups, Tools
from lotwise.schedule.tabu import fits
from lotwise.schedule.tabu.chains import chains
from tests.schedule.tabu.classical import classical, random_shop


@pytest.fixture
def shop():
    return random_shop(3, jobs=3, steps=3, machines=3)


def closed(shop):
    one = np.array([5], dtype=np.int64)
    return replace(shop, calendars=Calendars(np.array([0, 1]), one, one + 3, one * 0 - 1))


def with_setups(shop):
    setups = Setups(("a",), np.ones((1, 2, 1), dtype=np.int64), np.zeros((1, 2, 1)))
    operations = replace(shop.operations, state=np.zeros(shop.size, dtype=np.int64))
    return replace(shop, setups=setups, operations=operations, machines=replace(shop.machines, setups=shop.machines.free))


def with_batches(shop):
    family = replace(shop.operations, family=np.zeros(shop.size, dtype=np.int64))
    return replace(shop, operations=family, machines=replace(shop.machines, room=shop.machines.free + 2))


def with_tools(shop):
    offsets = np.append(0, np.ones(shop.size, dtype=np.int64))
    one = np.array([1], dtype=np.int64)
    held = replace(shop.operations, tool_offsets=offsets, tool=one - 1, tool_count=one)
    return replace(shop, operations=held, tools=Tools(("jig",), one))


def with_fixed(shop):
    none = np.full(shop.size, -1, dtype=np.int64)
    return replace(shop, before=Before(none, none - 1, np.arange(shop.size) == 0, none, none))


def with_due(shop):
    return replace(shop, goal=Goal(makespan=1, tardiness=1), orders=replace(shop.orders, due=shop.orders.release + 9))


def with_join(_shop):
    joined = classical([[[(0, 1)], [(1, 1)], [(0, 2)]]], 2)
    arcs = replace(
        joined.operations, before_offsets=np.array([0, 0, 0, 2]), before=np.array([0, 1]), lag=np.zeros(2, dtype=np.int64)
    )
    return replace(joined, operations=arcs)


def busy(shop):
    return replace(shop, machines=replace(shop.machines, free=shop.machines.free + 1))


def costly(shop):
    return replace(shop, modes=replace(shop.modes, cost=shop.modes.cost + 1))


def one_sequence(shop):
    return replace(shop, same_sequence=True)


def no_makespan(shop):
    return replace(shop, goal=Goal(tardiness=1))


ALL = [closed, with_setups, with_batches, with_tools, with_fixed, with_due, with_join, busy, costly, one_sequence, no_makespan]


@pytest.mark.parametrize("change", ALL)
def test_another_shop_does_not_fit(shop, change):
    """Whatever the disjunctive graph cannot hold keeps a shop away from tabu search."""
    assert fits(shop)
    assert not fits(change(shop))


def test_another_shop_is_refused(shop):
    """A shop that does not fit is refused with a message that says what fits."""
    from lotwise.errors import InputError
    from lotwise.schedule.tabu import tabu

    with pytest.raises(InputError, match="classical shops only"):
        tabu(closed(shop), Budget())


def test_due_times_without_weight_fit(shop):
    """Orders that cost nothing when late do not stand in the way."""
    due = with_due(shop)
    assert fits(replace(due, orders=replace(due.orders, weight=due.orders.weight * 0)))


def test_the_slower_of_two_modes_on_one_machine_is_left_out():
    """Of two modes on one machine only the quicker is kept, and stands for the right mode of the shop."""
    shop = chains(classical([[[(0, 7), (1, 4), (0, 5)]]], 2))
    assert list(zip(shop.machine, shop.minutes, shop.mode, strict=True)) == [(0, 5, 2), (1, 4, 1)]
