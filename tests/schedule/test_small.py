"""Small shops of every kind: each way to look for a schedule finds what trying every schedule finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.schedule.bounds import bound
from lotwise.schedule.check import breaches
from lotwise.schedule.jobs import Budget
from lotwise.schedule.shop import NEVER, Goal
from lotwise.schedule.solve import METHODS, solve
from lotwise.schedule.value import value
from tests.schedule.brute import best, plain_value
from tests.schedule.shops import random_shop

PLAIN = dict.fromkeys(("setups", "calendars", "tools", "batches", "fixed", "overtime", "lags", "alternatives"), False)
KINDS = {
    "job shop": {},
    "makespan": {"alternatives": True},
    "alternatives": {"alternatives": True},
    "set-ups": {"setups": True, "alternatives": True},
    "calendars": {"calendars": True, "lags": True},
    "overtime": {"calendars": True, "overtime": True},
    "tools": {"tools": True, "lags": True},
    "batches": {"batches": True, "setups": True},
    "re-scheduling": {"fixed": True, "setups": True, "alternatives": True},
    "everything": dict.fromkeys(PLAIN, True),
}
PROVEN = ("set-ups", "overtime", "re-scheduling")
"""Kinds the exact method is tried on, once each: it starts a process of its own every time."""
SEEDS = range(6)
MOST = 8
BUDGET = Budget(moves=20_000, starts=16, seed=1)
"""Many short searches: on a shop this small a search is soon at a local best, and another start helps more than more moves."""
SLACK = 1e-6


def small_shop(kind, seed):
    """Return a shop of a kind with 4 to 8 operations."""
    rng = np.random.default_rng([seed, *kind.encode()])
    while True:
        shop = random_shop(rng, orders=int(rng.integers(2, 5)), **PLAIN | KINDS[kind])
        if 4 <= shop.size <= MOST:
            return classical(shop) if kind == "makespan" else shop


def classical(shop):
    """Return a shop with a makespan and nothing else."""
    orders = replace(shop.orders, release=shop.orders.release * 0, due=np.full(len(shop.orders.name), NEVER))
    return replace(
        shop,
        orders=orders,
        operations=replace(shop.operations, release=shop.operations.release * 0),
        modes=replace(shop.modes, cost=shop.modes.cost * 0),
        machines=replace(shop.machines, free=shop.machines.free * 0),
        goal=Goal(makespan=1.0, tardiness=0.0),
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_method_finds_the_best(kind, seed):
    """What is found keeps the rules and comes to what the best of all schedules comes to; dispatch never to less.

    Only where overtime is paid by the minute can waiting pay, which not every method considers; there, less is right too.
    """
    shop = small_shop(kind, seed)
    schedule, least = best(shop)
    assert breaches(shop, schedule) == []
    assert bound(shop) <= least.total + SLACK
    for method in METHODS[1:]:  # the first, "auto", is one of the others
        if method == "exact" and (seed > 0 or kind not in PROVEN):
            continue
        try:
            found = solve(shop, BUDGET, method=method)
        except InputError:
            continue  # it does not take shops of this kind
        assert breaches(shop, found.schedule) == [], method
        assert found.value.total == pytest.approx(plain_value(shop, found.schedule).total), method
        assert found.value == value(shop, found.schedule)
        assert found.bound is None or found.bound <= min(found.value.total, least.total) + SLACK, method
        if not len(shop.calendars.periods):
            assert found.value.total >= least.total - SLACK, f"{method} found less than brute force"
        if method != "dispatch":
            assert found.value.total <= least.total + SLACK, method
