"""Annealing: what is decoded in part is what is decoded in full; the search never loses what it has."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.schedule.bounds import bound
from lotwise.schedule.check import breaches
from lotwise.schedule.search.anneal import anneal, new_state, replay
from lotwise.schedule.search.decode import as_schedule, place_all, place_from
from lotwise.schedule.search.pack import pack
from lotwise.schedule.shop import Goal
from lotwise.schedule.value import value
from tests.schedule.search.draws import changeable, draw
from tests.schedule.shops import make_shop, random_shop

KEPT = ("mode", "start", "end", "setup", "behind", "batch")


def begun(shop, seed):
    """Return the arrays of a shop, and a search from a random sequence."""
    p, rng = pack(shop), np.random.default_rng(seed)
    return p, new_state(p, *draw(shop, rng), seed)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_kept_is_what_a_full_decode_gives(seed):
    """After each of many moves, taken or not, total and times kept are those of the current sequence decoded anew."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=int(rng.integers(2, 9)), steps=4, batches=seed % 2 == 0)
    p, state = begun(shop, seed)
    full = p.copy()
    for move in range(40):
        anneal(p, state, 5, 0.1, 0.2, 3.0 * (move % 3))
        assert place_all(full, state.sequence, state.choice, state.worked, np.inf) == pytest.approx(state.totals[0])
        for name in KEPT:
            np.testing.assert_array_equal(getattr(state, name), full.operations[name], err_msg=name)


@pytest.mark.parametrize("seed", range(40))
def test_replaying_the_front_and_placing_the_rest_is_a_full_decode(seed):
    """From any turn on, tools, overtime, fixed operations and all; where a machine batches, from the first turn."""
    rng = np.random.default_rng(1000 + seed)
    shop = random_shop(rng, orders=int(rng.integers(2, 9)), steps=4, batches=seed % 4 == 0)
    p, state = begun(shop, seed)
    full = p.copy()
    anneal(p, state, 50, 0.1, 0.2, 5.0)
    turns = range(1 if shop.machines.room.any() else len(state.sequence))
    for first in turns:
        changed = state.sequence.copy()
        changed[first:] = rng.permutation(changed[first:])
        spent = replay(p, state, first)
        total = place_from(p, changed, state.choice, state.worked, np.inf, first, spent)
        assert total == pytest.approx(place_all(full, changed, state.choice, state.worked, np.inf))
        for name in KEPT:
            np.testing.assert_array_equal(p.operations[name], full.operations[name], err_msg=name)


@pytest.mark.parametrize("seed", range(15))
def test_it_is_never_worse_than_its_start_nor_better_than_the_bound(seed):
    """The best total only falls, belongs to the best sequence, and stays at or above the bound."""
    rng = np.random.default_rng(2000 + seed)
    shop = random_shop(rng, orders=6, fixed=seed % 3 == 0)
    p, state = begun(shop, seed)
    last = state.totals[1]
    for chunk in range(10):
        better = anneal(p, state, 100, chunk / 10, (chunk + 1) / 10, 5.0)
        assert (state.totals[1] < last) == (better > 0)
        last = state.totals[1]
    total = place_all(p, state.best_sequence, state.best_choice, state.best_worked, np.inf)
    schedule = as_schedule(p, state.best_worked)
    assert total == pytest.approx(state.totals[1])
    assert breaches(shop, schedule) == []
    assert total == pytest.approx(changeable(shop, schedule))
    assert bound(shop) <= value(shop, schedule).total + 1e-6


def test_the_same_seed_gives_the_same_search():
    """Two searches with one seed are the same byte by byte, with another seed they differ."""
    shop = random_shop(np.random.default_rng(5), orders=8)
    runs = []
    for seed in (1, 1, 2):
        p = pack(shop)
        state = new_state(p, *draw(shop, np.random.default_rng(0)), seed)
        anneal(p, state, 500, 0.0, 1.0, 5.0)
        runs.append(b"".join(array.tobytes() for array in state))
    assert runs[0] == runs[1] != runs[2]


def test_a_lone_operation_is_tried_in_all_its_modes():
    """One operation, due late: the cheap machine is found, though the decoder by itself takes the fast one."""
    shop = make_shop([[[(0, 5, 0, 9.0), (1, 6, 0, 0.0)]]], due=[100], weight=[100.0])
    p = pack(shop)
    state = new_state(p, np.array([0]), np.array([-1]), np.zeros(0, dtype=bool), 1)
    anneal(p, state, 200, 0.0, 1.0, 0.0)
    assert state.totals.tolist() == [0.0, 0.0]


def test_operations_are_kept_out_of_batches_that_hold_up_others():
    """Short and urgent beside long and not: alone and after it, though both would fit into one batch."""
    shop = make_shop([[(0, 2)], [(0, 10)]], family=[0, 0], room=[4], due=[2, 100], weight=[5, 1])
    p = pack(shop)
    state = new_state(p, np.array([1, 0]), np.array([-1, -1]), np.zeros(0, dtype=bool), 1)
    assert state.totals[0] == 40.0  # together both end at 10, 8 minutes late at 5
    anneal(p, state, 500, 0.0, 1.0, 1.0)
    assert state.totals[1] == 0.0
    assert state.best_choice.min() < -1


def test_with_nothing_to_move_nothing_is_tried():
    """A shop whose operations are all placed, or that has none, stays as it is."""
    shop = make_shop([[]], machines=1, goal=Goal(makespan=1.0))
    p = pack(shop)
    state = new_state(p, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool), 1)
    assert anneal(p, state, 100, 0.0, 1.0, 1.0) == 0
