from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.schedule.tabu.blend import active, between
from lotwise.schedule.tabu.chains import chains
from tests.schedule.tabu.classical import random_shop


def pairs_apart(order, other):
    """Return how many pairs stand the other way round."""
    turn = np.argsort(other)[order]
    return int((turn[:, None] > turn[None, :])[np.triu_indices(len(turn), 1)].sum())


@given(st.integers(0, 10_000), st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_the_way_between_two_schedules(seed, percent):
    """A schedule on the way is apart from its two ends by what lies between them, shared as told, and keeps to the chains."""
    shop, state = chains(random_shop(seed, jobs=5, steps=4, machines=3)), np.array([seed + 1], dtype=np.uint64)
    (one, first), (other, second) = active(shop, state), active(shop, state)
    choice, order = between((one, other), (first, second), percent, state)
    n, apart = len(order), pairs_apart(first, second)
    assert pairs_apart(first, order) == apart * percent // 100
    assert pairs_apart(order, second) == apart - apart * percent // 100
    assert all((choice[o] in (one[o], other[o])) for o in range(n))
    turn = np.append(np.argsort(order), -1)
    assert (turn[:n] > turn[np.where(shop.before[:n] == n, n, shop.before[:n])]).all()


def test_the_ends_of_the_way():
    """At 0 % a schedule is the first, at 100 % the second."""
    shop, state = chains(random_shop(1, jobs=5, steps=4, machines=3)), np.array([5], dtype=np.uint64)
    (one, first), (other, second) = active(shop, state), active(shop, state)
    assert between((one, other), (first, second), 0, state)[1].tolist() == first.tolist()
    choice, order = between((one, other), (first, second), 100, state)
    assert (choice[:-1].tolist(), order.tolist()) == (other[:-1].tolist(), second.tolist())
