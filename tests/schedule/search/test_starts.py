"""Several starts: the same on any machine, within the time that is given, and never worse than what there was."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.quality._shops import make_to_order
from lotwise.schedule.bounds import bound
from lotwise.schedule.check import breaches
from lotwise.schedule.jobs import Budget
from lotwise.schedule.search import decode, dispatch, search
from lotwise.schedule.search.pack import pack
from lotwise.schedule.search.starts import candidates
from lotwise.schedule.shop import Before, Goal
from lotwise.schedule.value import value
from tests.schedule.brute import best, random_schedule
from tests.schedule.search.draws import same
from tests.schedule.shops import make_shop, previous_of, random_shop


def as_before(shop, schedule, fixed=()):
    """Return the shop with a schedule as the one before, some of it fixed, and a change of machine or sequence dear."""
    stays = np.isin(np.arange(shop.size), fixed)
    machine = shop.modes.machine[schedule.mode]
    before = Before(machine, schedule.behind, stays, schedule.start, schedule.end)
    goal = replace(shop.goal, machine_change=50.0, sequence_change=20.0)
    return replace(shop, before=before, goal=goal)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_found_keeps_the_rules(seed):
    """Whatever the shop, the schedule can be carried out, and lies between the bound and the dispatch rules."""
    shop = random_shop(np.random.default_rng(seed), orders=7)
    found = search(shop, Budget(moves=2_000))
    assert breaches(shop, found.schedule) == []
    assert found.value == value(shop, found.schedule)
    assert bound(shop) - 1e-6 <= found.value.total <= value(shop, dispatch(shop)).total + 1e-6
    assert found.trace[-1][1] <= found.trace[0][1]


def test_the_number_of_cores_changes_nothing(monkeypatch):
    """With the same moves and seed, one core, two and eight find the same schedule in the same steps; another seed does not."""
    shop = make_to_order(20, 1, load=0.6)
    found = []
    for cores in (1, 2, 8, None):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        found.append(search(shop, Budget(moves=6_000, starts=4)))
    for other in found[1:]:
        assert same(found[0].schedule, other.schedule)
        assert (found[0].trace, found[0].moves) == (other.trace, other.moves)
    assert search(shop, Budget(moves=6_000, starts=4, seed=2)).trace != found[0].trace


def test_seconds_are_kept_to_with_many_operations():
    """With 20,000 operations it stops soon after the time is over, however many searches there are to be."""
    shop = make_to_order(7_000, 1)
    search(make_to_order(5, 1), Budget(seconds=0.01))  # compiled by now
    started = time.perf_counter()
    least = search(shop, Budget(seconds=0.0))
    overhead = time.perf_counter() - started
    started = time.perf_counter()
    found = search(shop, Budget(seconds=0.5, starts=16))
    assert time.perf_counter() - started < 2 * overhead + 4 * 0.5
    assert least.moves == 0 < found.moves
    assert found.value.total <= least.value.total
    assert breaches(shop, found.schedule) == []


def test_one_search_for_each_core_where_time_is_given(monkeypatch):
    """More searches than cores would take more than the time."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    started = time.perf_counter()
    search(make_to_order(10, 1, load=0.2), Budget(seconds=0.1, starts=50))
    assert time.perf_counter() - started < 2.0  # 50 searches would take 5 seconds


@pytest.mark.parametrize("budget", [Budget(moves=4_000_000_000), Budget(seconds=60.0)])
def test_it_stops_where_nothing_is_left_to_win(budget):
    """Where nothing costs anything any more, or there is nothing to move, it does not go on."""
    in_time = make_to_order(20, 1, load=50.0)
    free = replace(in_time, goal=Goal())
    alone = make_shop([[(0, 5)]], due=[1])
    started = time.perf_counter()
    assert search(free, budget).value.total == 0.0
    assert search(alone, replace(budget, moves=1_000_000)).value.total == 4.0
    assert time.perf_counter() - started < 5.0


@pytest.mark.parametrize("seed", range(25))
def test_a_schedule_given_is_never_made_worse(seed):
    """What is found from any feasible schedule, also one no sequence decodes to, comes to no more than it."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=3)
    begin = random_schedule(shop, rng)
    for moves in (0, 200):
        found = search(shop, Budget(moves=moves), begin=begin)
        assert found.value.total <= value(shop, begin).total + 1e-9
        assert breaches(shop, found.schedule) == []
        assert found.value == value(shop, found.schedule)


@pytest.mark.parametrize("seed", range(25))
def test_a_schedule_given_is_started_from(seed):
    """The sequence of a schedule that is as early as it can be decodes to it, batches and all."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=3, overtime=False, fixed=False)
    begin = decode(shop, rng.permutation(shop.size))
    p = pack(shop)
    last = list(candidates(shop, p, begin))[-1]
    assert value(shop, decode(shop, last.sequence, last.choice)).total <= value(shop, begin).total + 1e-9


def test_waiting_for_a_batch_is_kept():
    """The best schedule waits for the member that is ready last; begun from it without a single move, it is kept."""
    shop = make_shop([[(0, 9)], [(0, 9)]], family=[0, 0], ready=[0, 2], room=[2], due=[0, 0])
    begin, least = best(shop)
    assert begin.start.tolist() == [2, 2]
    assert search(shop, Budget(moves=0), begin=begin).value.total == least.total == 22.0


@pytest.mark.parametrize("seed", range(5))
def test_most_of_a_schedule_is_kept_when_something_happens(seed):
    """A machine is down for a while: nearly every operation stays on its machine, and what is frozen is not moved."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=12, fixed=False, overtime=False, batches=False)
    schedule = search(shop, Budget(moves=3_000)).schedule
    frozen = np.flatnonzero(schedule.start < np.quantile(schedule.start, 0.2))
    late = replace(shop.machines, free=shop.machines.free + np.array([0, 0, 30]))
    again = as_before(replace(shop, machines=late), schedule, frozen)
    found = search(again, Budget(moves=4_000))
    assert breaches(again, found.schedule) == []
    for name in ("mode", "start", "end"):
        np.testing.assert_array_equal(getattr(found.schedule, name)[frozen], getattr(schedule, name)[frozen])
    assert found.value.changed <= shop.size / 5


def test_without_an_event_the_schedule_before_is_found_again():
    """Where nothing happened and every change is dear, nothing is changed."""
    shop = random_shop(np.random.default_rng(3), orders=10, fixed=False, overtime=False, batches=False)
    schedule = search(shop, Budget(moves=3_000)).schedule
    again = search(as_before(shop, schedule), Budget(moves=2_000))
    assert again.value.change == 0.0
    np.testing.assert_array_equal(again.schedule.behind, schedule.behind)


def test_it_says_when_it_became_better():
    """Each total it says is less than the one before, and the last is the best."""
    heard = []
    shop = make_to_order(20, 1, load=0.5)
    found = search(shop, Budget(moves=10_000), say=lambda _, total: heard.append(total))
    assert heard == sorted(set(heard), reverse=True)
    assert heard[-1] == pytest.approx(found.value.total)
    assert found.trace[-1][1] == pytest.approx(found.value.total)


@pytest.mark.parametrize("budget", [Budget(), Budget(moves=0), Budget(seconds=0.0), Budget(starts=0)])
def test_little_to_do_is_done(budget):
    """No operations, none that are free, and a single one, with any budget."""
    fixed = previous_of(1, fixed={0: (0, 2, 7)})
    for shop in (make_shop([[]], machines=1), make_shop([[(0, 5)]], previous=fixed), make_shop([[(0, 5)]])):
        found = search(shop, budget)
        assert breaches(shop, found.schedule) == []
        assert found.moves >= 0
