"""The way to look for a schedule follows from the shape of the shop; what a method cannot take it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.schedule.bounds import bound
from lotwise.schedule.check import breaches
from lotwise.schedule.formats.instance import shop as classical
from lotwise.schedule.jobs import Budget
from lotwise.schedule.shop import Goal, Tools
from lotwise.schedule.solve import METHODS, SMALL, choose, solve
from lotwise.schedule.value import value
from tests.schedule.search.draws import same
from tests.schedule.shops import make_shop, previous_of, random_shop

BUDGET = Budget(moves=2_000)


def job_shop(*, orders=5, machines=3, **parts):
    """Return a job shop with a makespan, and what is said otherwise."""
    rng = np.random.default_rng(orders)
    shop = classical(
        [[[(int(k), int(rng.integers(1, 20)))] for k in rng.permutation(machines)] for _ in range(orders)], machines
    )
    return replace(shop, **parts)


def flow_shop(**parts):
    """Return a permutation flow shop with a makespan, and what is said otherwise."""
    rng = np.random.default_rng(1)
    shop = classical([[[(k, int(rng.integers(1, 20)))] for k in range(3)] for _ in range(5)], 3)
    return replace(shop, same_sequence=True, **parts)


def with_tools(shop):
    """Return the shop with a tool that all operations hold."""
    tool = {"tool_offsets": np.arange(shop.size + 1), "tool": np.zeros(shop.size, int), "tool_count": np.ones(shop.size, int)}
    return replace(shop, operations=replace(shop.operations, **tool), tools=Tools(("jig",), np.array([2])))


def many():
    """Return a shop with everything in it and more operations than can be proven."""
    return random_shop(np.random.default_rng(1), orders=12)


@pytest.mark.parametrize(
    ("shop", "method", "why"),
    [
        (job_shop(), "tabu", "a job shop with a makespan"),
        (job_shop(orders=6, goal=Goal(flow=1.0)), "list", "sequences are searched"),
        (with_tools(job_shop()), "list", "sequences are searched"),
        (flow_shop(), "flow", "a permutation flow shop"),
        (with_tools(flow_shop()), "exact", "only CP-SAT keeps both"),
        (many(), "list", "sequences are searched"),
        (make_shop([[(0, 5)], [(0, 3)]], due=[1, 2]), "exact", f"at most {SMALL} operations"),
        (make_shop([[]], machines=1), "dispatch", "there is nothing to schedule"),
        (replace(make_shop([[]], machines=1), same_sequence=True), "dispatch", "there is nothing to schedule"),
    ],
)
def test_the_method_follows_from_the_shape(shop, method, why):
    """Each kind of shop has its method, and a reason in words."""
    pytest.importorskip("ortools")
    assert choose(shop, Budget())[0] == method
    assert why in choose(shop, Budget())[1]


@pytest.mark.parametrize("budget", [Budget(moves=0), Budget(seconds=0.0)])
def test_without_time_there_is_a_schedule(budget):
    """With no moves and no seconds it is the dispatch rules'; a plain flow shop keeps its one sequence."""
    for shop, method in ((many(), "dispatch"), (job_shop(), "dispatch"), (flow_shop(), "flow")):
        assert choose(shop, budget)[0] == method
        found = solve(shop, budget)
        assert found.method == method
        assert breaches(shop, found.schedule) == []
        assert found.moves == 0


@pytest.mark.parametrize("budget", [Budget(moves=0), Budget(seconds=0.0)])
@pytest.mark.parametrize(("method", "shop"), [("list", many()), ("tabu", job_shop()), ("flow", flow_shop())])
def test_a_method_without_time_gives_its_first_schedule(method, shop, budget):
    """A method that is asked for and has no time gives a schedule that keeps the rules."""
    found = solve(shop, budget, method=method)
    assert breaches(shop, found.schedule) == []
    assert (found.method, found.why) == (method, "it was asked for")


@pytest.mark.parametrize("shop", [many(), job_shop(), flow_shop(), with_tools(job_shop()), make_shop([[], []], machines=1)])
def test_what_is_found_is_whole(shop):
    """Schedule, value, reason and bound belong together, and the bound is not above the total."""
    found = solve(shop, BUDGET)
    assert breaches(shop, found.schedule) == []
    assert found.value == value(shop, found.schedule)
    assert found.why == choose(shop, BUDGET)[1]
    assert found.bound is None or found.bound <= found.value.total
    assert (found.bound is None) == (shop.before is not None)


def test_the_bound_of_a_schedule_before_is_left_out():
    """Where something has happened there is no time for a bound; otherwise it is that of the shop, or the total."""
    shop = random_shop(np.random.default_rng(2), orders=8, fixed=False)
    assert solve(shop, BUDGET, method="dispatch").bound == pytest.approx(bound(shop))
    again = replace(shop, before=previous_of(shop.size, fixed={}))
    assert solve(again, BUDGET, method="dispatch").bound is None


@pytest.mark.parametrize(
    ("method", "shop", "words"),
    [
        ("tabu", many(), "Method 'tabu' takes .flexible. job shops with a makespan and nothing else.*Take method 'list'"),
        ("flow", job_shop(), "Method 'flow' takes permutation flow shops: same_sequence.*Take method 'list'"),
        ("flow", with_tools(flow_shop()), "Method 'flow' takes permutation flow shops"),
        ("list", flow_shop(), "Method 'list' does not keep same_sequence. Take 'flow' or 'exact'"),
        ("dispatch", flow_shop(), "Method 'dispatch' does not keep same_sequence"),
    ],
)
def test_what_a_method_cannot_take_it_refuses(method, shop, words):
    """The message says what it takes and what to take instead."""
    with pytest.raises(InputError, match=words):
        solve(shop, BUDGET, method=method)


def test_a_method_that_is_not_there_is_refused():
    """The message names the one that is meant, and all there are."""
    with pytest.raises(InputError, match="There is no method 'lst'; did you mean 'list'.*" + ", ".join(METHODS)):
        solve(job_shop(), BUDGET, method="lst")


def test_a_start_is_never_made_worse():
    """Whichever method takes it, what is found comes to no more than the schedule it began from."""
    for shop, method in ((many(), "list"), (job_shop(), "tabu"), (flow_shop(), "flow")):
        begin = solve(shop, Budget(moves=5_000, seed=9), method=method).schedule
        for budget in (Budget(moves=0), Budget(moves=50)):
            for name in (method, "auto"):
                found = solve(shop, budget, method=name, begin=begin)
                assert found.value.total <= value(shop, begin).total + 1e-9, (method, name)


def test_the_same_seed_gives_the_same_schedule():
    """The method chosen by itself is the one asked for by name, and the same budget finds the same."""
    shop = many()
    assert same(solve(shop, BUDGET).schedule, solve(shop, BUDGET, method="list").schedule)
