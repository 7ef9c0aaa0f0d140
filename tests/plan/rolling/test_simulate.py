"""Tests of plan/rolling/simulate.py: nothing is lost, money is right, and knowing everything is as good as planning once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.errors import InputError
from lotwise.plan import rolling
from lotwise.plan.inventory import BaseStock
from lotwise.plan.inventory import simulate as play
from lotwise.plan.network.made import make
from lotwise.plan.rolling.execute import EDGE
from tests.plan.rolling.conftest import FLOUR, build_bakery, build_network, without_switches


def random_planner(seed):
    """Return a planner that wants anything, cut to the limits."""
    rng = np.random.default_rng(seed)
    return lambda state: rolling.ration(state.network, rng.uniform(0, 60, 3) * (rng.random(3) < 0.7))


def idle(state):
    """Decide nothing."""
    return rolling.Decision(level=np.zeros((len(state.network.activities.names), 1)))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_units_that_come_in_are_sold_or_in_stock_in_every_week(seed):
    """Of every product, stock at the start is what was left and what came in; what is asked is sold, owed or lost."""
    bakery = build_bakery()
    found = rolling.simulate(bakery, random_planner(seed), weeks=10, rng=np.random.default_rng(seed))
    sold, lost, left = found.outcome.sold, found.outcome.lost, found.outcome.left
    before = np.column_stack([bakery.opening, left[:, :-1]])
    owed_after = np.column_stack([found.owed[:, 1:], np.zeros(2)])  # what is owed after the last week is lost
    assert np.allclose(found.on_hand, before + found.made)
    assert np.allclose(left, found.on_hand - sold)
    assert np.allclose(found.owed + bakery.demand[:, :10], sold + lost + owed_after)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_material_in_is_material_out_and_stock_in_every_week(seed):
    """Flour on hand is what came in less what the breads took, and breads come in a lead time after their start."""
    bakery = build_bakery()
    found = rolling.simulate(bakery, random_planner(seed), weeks=10, rng=np.random.default_rng(seed))
    bought = np.concatenate([[0.0, 0.0], found.level[2, :-2]])
    came = bakery.network.items.arriving[FLOUR, :10] + bought
    taken = 2 * found.level[0] + 3 * found.level[1]
    assert np.allclose(found.stock[FLOUR], np.cumsum(came - taken))
    assert np.allclose(found.made[:, 1:], found.level[:2, :-1])
    assert np.allclose(found.due, [found.level[0, -1], found.level[1, -1], found.level[2, -2:].sum()])


def test_profit_by_hand():
    """One week's decision, two weeks: sales, making, holding, delay, set-up, overtime and salvage add up as by hand."""
    bakery = build_bakery(2, network=build_network(2, hours=20.0), demand=[[30, 10], [5, 25]], backorder=(True, False))
    wish = np.array([[10.0], [7.0], [0.0]])  # 10 + 14 oven hours and 4 of the set-up: 8 of overtime
    found = rolling.simulate(
        bakery,
        lambda state: rolling.Decision(wish) if state.week == 0 else idle(state),
        weeks=2,
        rng=np.random.default_rng(0),
    )
    # White: 25 on hand, 30 asked: 5 owed (delay 5 x 1). Then 10 come, 15 wanted: 10 sold, 5 lost at the end.
    # Rye: 20 on hand, 5 sold, 15 kept (15 x 0.08). Then 7 come, 25 asked: 22 sold.
    products = 35 * 10 - 10 * 6 - 5 * 1 + 27 * 15 - 7 * 8 - 15 * 0.08
    # Flour: 300 - 20 - 21 = 259 kept for a week at 0.01. Set-up 5, overtime 8 x 3.
    assert found.profit == pytest.approx(products - 2.59 - 5 - 24)


def test_perfect_knowledge_earns_what_one_plan_earns():
    """With everything known and windows that reach the end, planning again every week earns what the first plan says."""
    network = without_switches(build_network(6, hours=45.0))
    bakery = build_bakery(6, network=network, horizon=6, backorder=(True, True))
    promised = []

    def planner(state):
        if state.week == 0:
            promised.append(make(state.problem(rolling.perfect(bakery)(state)), state.network)[0].objective)
        return rolling.planned(rolling.perfect(bakery))(state)

    found = rolling.simulate(bakery, planner, weeks=6, rng=np.random.default_rng(1))
    assert found.profit == pytest.approx(promised[0], rel=1e-6)


def test_set_ups_leave_perfect_knowledge_near_the_first_plan():
    """With set-ups every plan may fall short of the best, and so may planning again: near the first plan, below its bound."""
    bakery = build_bakery(6, network=build_network(6, hours=45.0, least=120.0), horizon=6, backorder=(True, True))
    plans = []

    def planner(state):
        plans.append(make(state.problem(rolling.perfect(bakery)(state)), state.network))
        return rolling.Decision(plans[-1][1].level, plans[-1][1].times[:, 0])

    found = rolling.simulate(bakery, planner, weeks=6, rng=np.random.default_rng(1))
    assert 0.99 * plans[0][0].objective <= found.profit <= plans[0][0].bound + 1e-6


def test_a_base_stock_planner_plays_as_the_inventory_simulation():
    """With room for everything, stock on hand under a level is the same as in ``plan.inventory.simulate``."""
    network = without_switches(build_network(40, hours=1e6))
    network.items.arriving[FLOUR, 0] = 1e6
    bakery = build_bakery(40, network=network, backorder=(True, True))
    level = np.array([55.0, 40.0, 0.0])
    planner = rolling.stocked(lambda _: BaseStock(level))
    found = rolling.simulate(bakery, planner, weeks=40, rng=np.random.default_rng(0))
    told = play(BaseStock(level[:2]), bakery.demand, lead=1, opening=bakery.opening)
    assert np.allclose(found.outcome.left[:, 1:].mean(axis=1), told.stock)


def test_lost_sales_and_backorders_are_planned_side_by_side(bakery):
    """The planner over scenarios of both kinds of products keeps every limit for some weeks."""
    found = rolling.simulate(bakery, rolling.planned(), weeks=2, rng=np.random.default_rng(3))
    assert found.level[:2].sum() > 0


def test_the_same_seed_gives_the_same_bytes():
    """Two runs with one seed do the same thing to the last bit."""
    bakery = build_bakery(backorder=(True, True))
    first, second = (rolling.simulate(bakery, rolling.planned(), weeks=3, rng=np.random.default_rng(3)) for _ in range(2))
    assert first.level.tobytes() == second.level.tobytes()
    assert first.profit == second.profit


def test_planners_are_shown_the_same_scenarios_wherever_they_got_to(bakery):
    """What is drawn depends on the seed and the week, not on what was decided."""
    seen = []

    def watched(planner):
        return lambda state: (seen.append(state.scenarios), planner(state))[1]

    rolling.simulate(bakery, watched(idle), weeks=3, rng=np.random.default_rng(3))
    rolling.simulate(bakery, watched(random_planner(1)), weeks=3, rng=np.random.default_rng(3))
    assert all(np.array_equal(one, other) for one, other in zip(seen[:3], seen[3:], strict=True))


def test_a_planner_sees_what_came_and_nothing_of_what_will(bakery):
    """The past grows by the demand of the week before, and windows shrink at the end."""
    seen = []
    rolling.simulate(bakery, lambda state: (seen.append(state), idle(state))[1], weeks=12, rng=np.random.default_rng(0))
    assert seen[5].past.shape == (2, 35)
    assert np.array_equal(seen[5].past[:, 30:], bakery.demand[:, :5])
    assert [len(state.mondays) for state in seen[-4:]] == [4, 3, 2, 1]


def test_a_decision_beyond_the_limits_is_refused_with_every_breach(bakery):
    """Too many hours and too much flour are named, with the week."""
    too_much = np.array([[200.0], [50.0], [0.0]])
    with pytest.raises(InputError, match=r"Week 0 \(2025-01-06\)(.|\n)*oven: 304 hours(.|\n)*flour: 550 units"):
        rolling.simulate(bakery, lambda _: rolling.Decision(too_much), weeks=2, rng=np.random.default_rng(0))


@pytest.mark.parametrize("weeks", [0, 13])
def test_more_weeks_than_there_are_are_refused(bakery, weeks):
    """The environment's weeks are the limit."""
    with pytest.raises(InputError, match="weeks: found"):
        rolling.simulate(bakery, idle, weeks=weeks, rng=np.random.default_rng(0))


@settings(max_examples=40, deadline=None)
@given(wanted=st.lists(st.floats(0, 500), min_size=3, max_size=3), seed=st.integers(0, 100))
def test_a_rationed_wish_is_never_refused(wanted, seed):
    """Whatever is wanted, in whatever order, ``ration`` finds a decision within every limit, and no more than was wanted."""
    bakery = build_bakery(6, network=build_network(6, hours=70.0, least=50.0))
    order = np.random.default_rng(seed).permutation(3)
    found = rolling.simulate(
        bakery,
        lambda state: rolling.ration(state.network, np.array(wanted), order=order),
        weeks=3,
        rng=np.random.default_rng(0),
    )
    assert (found.level[:2] <= np.array(wanted)[:2, None] + EDGE).all()
    assert ((found.level[2] == 0) | (found.level[2] >= 50 - EDGE)).all()
