from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.schedule.tabu.blend import active
from lotwise.schedule.tabu.chains import chains
from lotwise.schedule.tabu.graph import build, makespan, move
from tests.schedule.tabu.classical import random_shop


def moved(seed, tries):
    """Yield a graph after each random move, and whether the move was made."""
    shop = chains(random_shop(seed, jobs=5, steps=5, machines=3, choices=3, minutes=(1, 9), spread=4))
    rng, state = np.random.default_rng(seed), np.array([seed + 1], dtype=np.uint64)
    graph = build(shop, *active(shop, state))
    n = len(graph.order)
    for _ in range(tries):
        o = int(rng.integers(n))
        choice = int(rng.integers(shop.offsets[o], shop.offsets[o + 1]))
        there = [y for y in range(n) if graph.machine[y] == shop.machine[choice] and y != o]
        behind = int(rng.choice([*there, n]))
        before = [column.copy() for column in graph[:-2]]
        yield shop, graph, before, move(shop, graph, o, choice, behind)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_heads_and_tails_follow_a_move(seed):
    """After each move heads, tails and links are those of the graph built anew from its order."""
    for shop, graph, _, _ in moved(seed, 30):
        again = build(shop, graph.choice, graph.order)
        for name in ("minutes", "left", "right", "first", "head", "tail", "place", "machine"):
            n = len(graph.order)
            np.testing.assert_array_equal(getattr(graph, name)[:n], getattr(again, name)[:n], err_msg=name)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_a_cycle_is_refused_and_nothing_changes(seed):
    """A move that would make a cycle leaves the graph as it was."""
    for _, graph, before, made in moved(seed, 30):
        if not made:
            for column, old in zip(graph[:-2], before, strict=True):
                np.testing.assert_array_equal(column, old)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_longest_path_is_the_makespan(seed):
    """Head, minutes and tail add up to the makespan on a critical path, and to less elsewhere."""
    for shop, graph, _, _ in moved(seed, 10):
        n = len(graph.order)
        assert (graph.head + graph.minutes + graph.tail)[:n].max() == makespan(shop, graph)
