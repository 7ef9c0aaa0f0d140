"""Tests of plan/rolling/planners.py: what planners are told, and how they are steadied."""

import numpy as np
import pytest

from lotwise.plan import rolling
from tests.plan.rolling.conftest import build_bakery


@pytest.fixture
def state(bakery):
    """Return what a planner sees in the first week."""
    seen = []
    rolling.simulate(
        bakery, lambda state: (seen.append(state), rolling.Decision(np.zeros((3, 1))))[1], weeks=1, rng=np.random.default_rng(0)
    )
    return seen[0]


def test_the_quantile_path_is_the_quantile_of_cumulative_demand(state):
    """Its sum up to each week is that quantile over the scenarios."""
    total = np.cumsum(rolling.quantile(0.8)(state)[0], axis=1)
    assert np.allclose(total, np.quantile(np.cumsum(state.scenarios, axis=2), 0.8, axis=0))


def test_revised_scenarios_leave_open_the_last_weeks_only(state):
    """Up to week k they vary as the demand of weeks k - 1 and k does, about the same mean."""
    total = np.cumsum(rolling.revised(1)(state), axis=2)
    last_two = state.scenarios[:, :, 1:] + state.scenarios[:, :, :-1]
    assert np.allclose(total[:, :, 1:].std(axis=0), last_two.std(axis=0), rtol=0.2)
    assert np.allclose(total.mean(axis=0), np.cumsum(state.scenarios.mean(axis=0), axis=1), rtol=0.05)
    assert np.array_equal(rolling.revised(9)(state), state.scenarios)


def test_perfect_is_what_comes(state):
    """The only scenario is the demand that comes."""
    bakery = build_bakery()
    assert np.array_equal(rolling.perfect(bakery)(state), bakery.demand[None, :, :4])


def test_frozen_weeks_are_carried_out_as_planned():
    """With two frozen weeks, each decision's first two weeks are those of the plan before, where it had them."""
    bakery = build_bakery(backorder=(True, True))
    found = rolling.simulate(bakery, rolling.planned(frozen_weeks=2), weeks=4, rng=np.random.default_rng(0))
    for old, new in zip(found.plans, found.plans[1:], strict=False):
        assert np.allclose(new[:, :2], old[:, 1:3], atol=1e-5)


def test_a_dear_change_changes_less():
    """Fewer lots change from plan to plan when changes cost much."""
    bakery = build_bakery(backorder=(True, True))
    share = {
        cost: rolling.changes(
            rolling.simulate(bakery, rolling.planned(change_cost=cost), weeks=5, rng=np.random.default_rng(0))
        ).share
        for cost in (0.0, 1.0)
    }
    assert share[1.0] < 0.7 * share[0.0]
