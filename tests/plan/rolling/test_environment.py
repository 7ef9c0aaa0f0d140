"""Tests of plan/rolling/environment.py."""

import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.plan import rolling
from tests.plan.rolling.conftest import build_bakery, build_network


def test_what_is_owed_is_asked_for_in_the_first_week(bakery):
    """A planner's problem adds the units that wait to every scenario's first week, and leaves the scenarios alone."""
    seen = []

    def planner(state):
        seen.append((state, state.scenarios.copy(), state.problem()))
        return rolling.Decision(level=np.zeros((3, 1)))

    rolling.simulate(bakery, planner, weeks=3, rng=np.random.default_rng(0))
    state, scenarios, problem = seen[2]
    assert state.owed[0] > 0
    assert np.array_equal(problem.demand[:, :, 0], scenarios[:, :, 0] + state.owed)
    assert np.array_equal(state.scenarios, scenarios)


def test_a_window_shows_what_is_on_its_way_and_the_plan_before(bakery):
    """Loaves started last week are on hand, flour ordered is arriving, and the last plan's later weeks are ``before``."""
    seen = []
    level = np.array([[10.0, 1, 2, 3], [0, 4, 5, 6], [40, 7, 8, 9]])

    def planner(state):
        seen.append(state)
        return rolling.Decision(level=level)

    rolling.simulate(bakery, planner, weeks=2, rng=np.random.default_rng(0))
    network = seen[1].network
    assert np.array_equal(network.items.arriving[:, :2], [[0, 0], [0, 0], [300 - 20 + 100, 40]])
    assert np.array_equal(network.activities.before[:, :3], level[:, 1:])
    assert np.isnan(network.activities.before[:, 3]).all()


def test_what_would_come_after_the_window_cannot_be_started(bakery):
    """Levels whose output would come too late have no room."""
    seen = []
    rolling.simulate(
        bakery, lambda state: (seen.append(state), rolling.Decision(np.zeros((3, 1))))[1], weeks=1, rng=np.random.default_rng(0)
    )
    assert np.array_equal(seen[0].network.activities.high > 0, [[1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 0, 0]])


def test_arrays_that_do_not_fit_are_refused_together():
    """Both wrong shapes are named."""
    with pytest.raises(InputError, match=r"demand: found shape \(2, 5\)(.|\n)*"):
        build_bakery(6, network=build_network(6), demand=np.ones((2, 5)))
    with pytest.raises(InputError, match="horizon: found 0"):
        build_bakery(6, horizon=0)
