"""Tests of plan/rolling/policies.py and use.py: levels follow use, all levels down."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from lotwise.plan import rolling
from lotwise.plan.rolling.use import per_unit, sources, use_of
from tests.plan.rolling.conftest import FLOUR, RYE, WHITE, build_bakery, build_network


def ten_and_six(past, weeks, rng):  # noqa: ARG001  the same for all
    """Forecast 10 white and 6 rye, or 20 and 6, every week."""
    return np.stack([np.tile([[white], [6.0]], weeks) for white in (10.0, 20.0)])


@pytest.fixture
def state():
    """Return what a planner sees in the first week of a bakery with two scenarios."""
    seen = []
    bakery = build_bakery(6, network=build_network(6, least=50.0), forecast=ten_and_six)
    rolling.simulate(
        bakery, lambda state: (seen.append(state), rolling.Decision(np.zeros((3, 1))))[1], weeks=1, rng=np.random.default_rng(0)
    )
    return seen[0]


def test_use_follows_the_bill(state):
    """By hand: two weeks of bread; flour for the lots of the two weeks after this one, 2 kg a white and 3 kg a rye."""
    source = sources(state.network)
    use = use_of(state, source, per_unit(state.network, source))
    assert use.mean[[WHITE, RYE, FLOUR]] == pytest.approx([30.0, 12.0, 2 * (2 * 15 + 3 * 6)])
    assert use.spread == pytest.approx([10.0, 0.0, 20.0])  # of 20 and 40 white; of 76 and 116 kg
    assert use.least.tolist() == [0.0, 0.0, 50.0]


def test_a_low_position_is_filled_up_to_the_level(state):
    """White: 25 on hand of a level of 30 + 10; flour: 400 there or coming is enough."""
    decision = rolling.stocked(rolling.base_stock(1.0))(state)
    assert decision.level[:, 0] == pytest.approx([15.0, 0.0, 0.0])


def test_two_safeties_are_those_of_products_and_of_the_rest(state):
    """With 40 deviations of flour wanted, at least one order is placed."""
    decision = rolling.stocked(rolling.base_stock((1.0, 40.0)))(state)
    assert decision.level[0, 0] == pytest.approx(15.0)
    assert decision.level[FLOUR, 0] == pytest.approx(96 + 40 * 20 - (400 - 30))


@pytest.mark.parametrize("levels", [rolling.base_stock(1.0), rolling.min_max(1.0, 1.0), rolling.ddmrp(0.5, 0.5)])
def test_policies_serve_most_of_what_is_asked(bakery, levels):
    """With hours and flour enough, each policy sells at least 90 % of demand."""
    found = rolling.simulate(bakery, rolling.stocked(levels), weeks=8, rng=np.random.default_rng(0))
    assert found.outcome.sold.sum() >= 0.9 * bakery.demand[:, :8].sum()


def test_a_family_is_filled_up_together(state):
    """Where both breads share a set-up, rye below its level is made along with white although it is not due."""
    levels = rolling.min_max((-1.0, 1.0), (3.0, 1.0))  # white 20 + 45, rye 12 + 18: 25 and 20 on hand, neither is due
    low = state.on_hand.copy()
    low[WHITE] = 10.0
    network = replace(state.network, switches=replace(state.network.switches, weight=csr_array([[1.0, 1, 0], [0, 0, 1]])))
    due = replace(state, network=network, on_hand=low)
    assert rolling.stocked(levels)(due).level[:2, 0] == pytest.approx([55.0, 0.0])
    assert rolling.stocked(levels, together=True)(due).level[:2, 0] == pytest.approx([55.0, 10.0])
