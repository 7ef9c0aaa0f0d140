from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.schedule.tabu.blend import active
from lotwise.schedule.tabu.chains import chains
from lotwise.schedule.tabu.graph import build, makespan, move
from lotwise.schedule.tabu.moves import room
from lotwise.schedule.tabu.neighbors import look
from tests.schedule.tabu.classical import random_shop


def neighbors(seed, **how):
    """Return a shop, an active schedule of it, and its neighbors."""
    shop, state = chains(random_shop(seed, jobs=6, steps=5, machines=4, **how)), np.array([seed + 1], dtype=np.uint64)
    choice, order = active(shop, state)
    graph, found = build(shop, choice, order), room(len(order))
    look(shop, graph, found, makespan(shop, graph), state)
    return shop, (choice, order), found


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_no_neighbor_has_a_cycle(seed):
    """With durations above 0 every neighbor can be built."""
    shop, start, found = neighbors(seed, choices=3, minutes=(1, 9), spread=3)
    for at in range(found.size[0]):
        assert move(shop, build(shop, *start), found.what[at], found.choice[at], found.behind[at])


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_another_machine_keeps_its_promise(seed):
    """On another machine the makespan is what was promised (heads and tails without the operation)."""
    shop, start, found = neighbors(seed, choices=3, minutes=(1, 9))
    for at in range(found.size[0]):
        graph = build(shop, *start)
        if shop.machine[found.choice[at]] != graph.machine[found.what[at]]:
            move(shop, graph, found.what[at], found.choice[at], found.behind[at])
            assert makespan(shop, graph) == found.value[at] >> 30


def test_exchanging_the_only_two_is_promised_exactly():
    """Two operations alone on a machine are exchanged by one move that promises the makespan it makes."""
    # Releases 0 and 4, minutes 5 and 1: in turn 5 + 1 = 6; the other way round 4 + 1 + 5 = 10.
    shop = random_shop(0, jobs=2, steps=1, machines=1, choices=1, minutes=(5, 5))
    packed = chains(shop)
    packed.release[:], packed.minutes[:] = [0, 4, 0], [5, 1]
    graph, found = build(packed, np.array([0, 1, 0]), np.array([0, 1])), room(2)
    look(packed, graph, found, 6, np.array([1], dtype=np.uint64))
    assert {int(value) >> 30 for value in found.value[: found.size[0]]} == {10}
