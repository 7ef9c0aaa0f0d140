from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.schedule.check import breaches
from lotwise.schedule.jobs import Budget
from lotwise.schedule.tabu import tabu
from lotwise.schedule.tabu.blend import active
from lotwise.schedule.tabu.chains import chains
from lotwise.schedule.tabu.elite import good
from lotwise.schedule.tabu.search import _timed
from lotwise.schedule.value import value
from tests.schedule.tabu.classical import optimum, random_shop, wrong

SMALL = [{"jobs": 2, "steps": 4}, {"jobs": 3, "steps": 2}, {"jobs": 6, "steps": 1}, {"jobs": 4, "steps": 2, "choices": 1}]


@pytest.mark.parametrize("shape", SMALL)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("spread", [0, 5])
def test_small_shops_are_solved(shape, seed, spread):
    """On shops of up to 8 operations the makespan is that of trying everything, with releases and lags too."""
    shop = random_shop(seed, machines=3, spread=spread, **shape)
    found = tabu(shop, Budget(moves=4000))
    assert found.value.makespan == optimum(shop)
    assert found.bound <= found.value.total


@given(st.integers(0, 10_000), st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_every_schedule_keeps_the_rules(seed, spread):
    """Two independent checks find nothing wrong, operations of 0 minutes and machines that come again included."""
    shop = random_shop(seed, jobs=5, steps=5, machines=3, choices=3, spread=spread)
    schedule = tabu(shop, Budget(moves=2000, seed=seed)).schedule
    assert wrong(shop, schedule) == []
    assert breaches(shop, schedule) == []


def test_nothing_can_start_earlier():
    """Each operation starts at its release, or right after what is before it in its chain or on its machine."""
    shop = random_shop(11, jobs=6, steps=5, machines=3, spread=4)
    packed, schedule = chains(shop), tabu(shop, Budget(moves=3000)).schedule
    ends, n = np.append(schedule.end, 0), shop.size
    chain = ends[packed.before[:n]] + packed.lag[:n]
    machine = ends[np.where(schedule.behind < 0, n, schedule.behind)]
    np.testing.assert_array_equal(schedule.start, np.maximum(np.maximum(packed.release[:n], chain), machine))


def test_the_same_on_one_core_and_on_many(monkeypatch):
    """The same seed and moves give the same schedule, moves and trace, whatever the number of cores."""
    shop = random_shop(5, jobs=8, steps=6, machines=4, choices=3)
    found = []
    for cores in (1, 4):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        found.append(tabu(shop, Budget(moves=60_000, starts=4, seed=3)))
    assert found[0].moves == found[1].moves
    assert found[0].trace == found[1].trace
    assert all(a.tobytes() == b.tobytes() for a, b in zip(*(vars(one.schedule).values() for one in found), strict=True))


def test_never_worse_than_where_it_begins():
    """With no moves at all, the schedule given comes back."""
    shop = random_shop(7, jobs=8, steps=5, machines=3, choices=2, spread=3)
    best = tabu(shop, Budget(moves=40_000))
    again = tabu(shop, Budget(moves=0), begin=best.schedule)
    assert again.value.makespan <= best.value.makespan


def test_a_poor_beginning_is_made_better():
    """From a random active schedule the search goes down, and every step of the trace is lower than the one before."""
    shop = random_shop(9, jobs=10, steps=8, machines=5, choices=1, minutes=(1, 9))
    packed, state = chains(shop), np.array([1], dtype=np.uint64)
    poor = _timed(packed, good(packed, 0, *active(packed, state)), 0)
    heard = []
    found = tabu(shop, Budget(moves=20_000, starts=1), begin=poor, say=lambda _, total: heard.append(total))
    totals = [total for _, total in found.trace]
    assert found.value.total < value(shop, poor).total
    assert totals == sorted(totals, reverse=True) == heard


def test_seconds_are_kept():
    """A search under a clock ends soon after its time, and says how many neighbors it tried."""
    import time

    shop = random_shop(13, jobs=10, steps=10, machines=6, choices=1, minutes=(1, 40))
    tabu(shop, Budget(moves=10))
    begun = time.perf_counter()
    found = tabu(shop, Budget(seconds=0.3))
    assert found.moves > 0
    assert time.perf_counter() - begun < 3
