from __future__ import annotations

import os
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.schedule.check import breaches
from lotwise.schedule.flow import fits, flow
from lotwise.schedule.flow.insert import places, total
from lotwise.schedule.flow.line import line
from lotwise.schedule.formats.instance import shop as classical
from lotwise.schedule.jobs import Budget
from lotwise.schedule.shop import Goal, Setups

GOALS = {
    "makespan": Goal(makespan=1, tardiness=0),
    "tardiness": Goal(makespan=0, tardiness=1),
    "all": Goal(makespan=2, tardiness=1, flow=0.5, setup_minute=0.25),
}


def flow_shop(seed, *, orders=5, machines=3, setups=True, goal="makespan", spread=6):
    """Return a flow shop with releases, lags, machines free later, due times and, where wanted, set-ups of three states."""
    rng = np.random.default_rng(seed)
    shop = classical([[[(k, int(rng.integers(0, 10)))] for k in range(machines)] for _ in range(orders)], machines)
    whole = np.int64
    due, weight = rng.integers(5, 30, orders), rng.integers(1, 5, orders).astype(float)
    release, lag = rng.integers(0, spread + 1, shop.size), rng.integers(0, spread // 2 + 1, len(shop.operations.lag))
    operations = replace(shop.operations, release=release, lag=lag)
    machine = replace(shop.machines, free=rng.integers(0, spread + 1, machines))
    if setups:
        minutes, cost = rng.integers(0, 6, (1, 4, 3)), rng.integers(0, 3, (1, 4, 3)).astype(float)
        shop = replace(shop, setups=Setups(("a", "b", "c"), minutes, cost))
        operations = replace(operations, state=rng.integers(0, 3, shop.size))
        machine = replace(machine, setups=np.zeros(machines, whole), state=rng.integers(-1, 3, machines))
    owed = replace(shop.orders, due=due, weight=weight)
    return replace(shop, orders=owed, operations=operations, machines=machine, goal=GOALS[goal], same_sequence=True)


def plain(shop, sequence):
    """Return what a sequence of orders comes to, told operation by operation."""
    m = len(shop.machines.name)
    free, state, last, cost = shop.machines.free.tolist(), shop.machines.state.tolist(), 0, 0.0
    for order in sequence:
        end = 0
        for k in range(m):
            o = order * m + k
            need = 0
            if shop.machines.setups[k] >= 0:
                need = int(shop.setups.minutes[0, state[k], shop.operations.state[o]])
                cost += shop.setups.cost[0, state[k], shop.operations.state[o]] + shop.goal.setup_minute * need
                state[k] = shop.operations.state[o]
            lag = shop.operations.lag[order * (m - 1) + k - 1] if k else 0
            end = max(free[k] + need, end + lag, shop.operations.release[o]) + shop.modes.minutes[o]
            free[k] = end
        last = max(last, end)
        cost += shop.orders.weight[order] * (shop.goal.tardiness * max(0, end - shop.orders.due[order]) + shop.goal.flow * end)
    return cost + shop.goal.makespan * last


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("setups", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_small_flow_shops_are_solved(seed, setups, goal):
    """The total is that of the best of all permutations, the bound is not above it, and the checker finds nothing wrong."""
    shop = flow_shop(seed, goal=goal, setups=setups)
    found = flow(shop, Budget(moves=4000))
    assert found.value.total == pytest.approx(min(plain(shop, sequence) for sequence in permutations(range(5))))
    assert found.bound <= found.value.total
    assert breaches(shop, found.schedule) == []


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("seed", range(10))
def test_every_place_is_priced_as_the_whole_sequence(seed, goal):
    """All insertions of an order cost what the sequences they make cost, told operation by operation."""
    shop = flow_shop(seed, orders=6, goal=goal)
    packed, others, values = line(shop), np.random.default_rng(seed).permutation(5), np.empty(6)
    places(packed, others, 5, 5, values)
    made = [np.insert(others, place, 5) for place in range(6)]
    np.testing.assert_allclose(values, [plain(shop, sequence.tolist()) for sequence in made])
    np.testing.assert_allclose(values, [total(packed, sequence, 6) for sequence in made])


def test_the_same_on_one_core_and_on_many(monkeypatch):
    """The same seed and moves give the same schedule, moves and trace, whatever the number of cores."""
    shop, found = flow_shop(2, orders=20, machines=5, goal="tardiness"), []
    for cores in (1, 4):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        found.append(flow(shop, Budget(moves=20_000, starts=3)))
    assert found[0].trace == found[1].trace
    assert found[0].moves == found[1].moves
    assert all(a.tobytes() == b.tobytes() for a, b in zip(*(vars(one.schedule).values() for one in found), strict=True))


def test_never_worse_than_where_it_begins():
    """With no moves at all, the schedule given is not made worse."""
    shop = flow_shop(4, orders=20, machines=5, goal="tardiness")
    best = flow(shop, Budget(moves=50_000))
    assert flow(shop, Budget(moves=0), begin=best.schedule).value.total <= best.value.total


def test_johnson_s_rule_is_met():
    """On two machines without set-ups the makespan is that of Johnson's rule, which is optimal."""
    shop = flow_shop(8, orders=30, machines=2, setups=False, spread=0)
    minutes = shop.modes.minutes.reshape(30, 2)
    early = sorted((o for o in range(30) if minutes[o, 0] < minutes[o, 1]), key=lambda o: minutes[o, 0])
    late = sorted((o for o in range(30) if minutes[o, 0] >= minutes[o, 1]), key=lambda o: -minutes[o, 1])
    assert flow(shop, Budget(moves=100_000)).value.makespan == plain(shop, early + late)


def test_another_shop_is_refused():
    """A shop without one sequence, or whose orders go other ways, does not fit and is refused."""
    shop = flow_shop(1)
    crossed = replace(classical([[[(0, 1)], [(1, 1)]], [[(1, 1)], [(0, 1)]]], 2), same_sequence=True)
    assert fits(shop)
    for other in (replace(shop, same_sequence=False), crossed):
        assert not fits(other)
        with pytest.raises(InputError, match="permutation flow shops only"):
            flow(other, Budget())
