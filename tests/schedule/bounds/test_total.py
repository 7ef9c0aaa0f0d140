"""The bound of the total: below brute force on hundreds of shops, equal where nothing is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lotwise.schedule.bounds import bound
from lotwise.schedule.bounds.delays import waiting_bound
from lotwise.schedule.bounds.heads import heads
from lotwise.schedule.bounds.loads import loads
from lotwise.schedule.shop import Goal
from lotwise.schedule.value import value
from tests.schedule.brute import best, random_schedule
from tests.schedule.shops import make_shop, previous_of, random_shop


def pressed(shop):
    """Return the shop with due dates that cannot all be kept."""
    return replace(shop, orders=replace(shop.orders, due=shop.orders.due // 4))


def test_no_schedule_costs_less_than_the_bound():
    """The bound is below what random schedules of random shops with everything in them come to."""
    rng = np.random.default_rng(11)
    for _ in range(200):
        shop = pressed(random_shop(rng, 4, 2, steps=2))
        assert bound(shop) <= value(shop, random_schedule(shop, rng)).total + 1e-6


@pytest.mark.parametrize("batches", [False, True])
def test_the_best_schedule_costs_no_less_than_the_bound(batches):
    """The bound is below the best of all schedules, tried one after the other."""
    rng = np.random.default_rng(3)
    for _ in range(60):
        shop = pressed(random_shop(rng, 2, 2, steps=2, batches=batches, overtime=False))
        assert bound(shop) <= best(shop)[1].total + 1e-6


def test_orders_that_do_not_meet_are_bounded_exactly():
    """Where every order has machines of its own, the bound is what the best schedule comes to."""
    shop = make_shop([[(0, 5), (1, 4)], [(2, 8)]], due=[3, 6], weight=[2.0, 1.0], goal=Goal(makespan=1.0, flow=0.5))
    # they end at 9 and 8: makespan 9, late 2 x 6 + 1 x 2, flow (2 x 9 + 8) / 2
    assert bound(shop) == pytest.approx(9 + 14 + 13)


def test_equal_orders_that_wait_for_one_machine_are_bounded_exactly():
    """Four equal jobs due at once on one machine: the prices of its minutes close the gap to the best sequence."""
    shop = make_shop([[(0, 5)]] * 4, due=[0] * 4)
    # whatever comes first, they are late by 5 + 10 + 15 + 20
    assert bound(shop) == pytest.approx(50, rel=1e-3)
    assert best(shop)[1].total == 50


def test_waiting_counts_shifts():
    """In openings of five minutes a night apart, waiting for one machine costs the nights too."""
    shop = make_shop([[(0, 5)]] * 3, due=[0] * 3, calendars=[[(0, 5), (100, 105), (200, 205)]])
    known, (load, *_) = heads(shop), loads(shop)
    money, counted = waiting_bound(shop, known, load, np.ones(3, dtype=bool))
    # they end at 5, 105 and 205
    assert counted.all()
    assert money == pytest.approx(315, rel=0.02)
    assert money <= 315


def test_states_modes_and_lost_machines_are_paid_for():
    """Each state is entered once, each operation pays its cheapest mode, and what cannot stay where it was is a change."""
    shop = make_shop(
        [[[(0, 5, 0, 3.0), (1, 5, 0, 2.0)]], [(1, 5)]], state=[0, 1],
        setups=[[[0, 9], [9, 0], [4, 6]]], setup_cost=[[[0, 1], [1, 0], [7, 8]]],
        goal=Goal(tardiness=0.0, machine_change=10.0), previous=previous_of(2, machine=[1, 0]),
    )  # fmt: skip
    # entering each state costs 1 at least; the cheapest mode of the first is 2; only the second has lost its machine
    assert bound(shop) == pytest.approx(1 + 1 + 2 + 10)
