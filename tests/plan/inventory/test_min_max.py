import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lotwise.errors import InputError
from lotwise.plan.inventory import MinMax, min_max, simulate


def poisson(mean):
    """Return the probabilities of 0, 1, 2, ... units."""
    chances = stats.poisson.pmf(np.arange(int(mean + 12 * np.sqrt(mean) + 10)), mean)
    return chances / chances.sum()


def pair(reorder, up_to):
    """Return the policy of two numbers."""
    return MinMax(np.asarray(float(reorder)), np.asarray(float(up_to)))


@pytest.mark.parametrize(("mean", "pair", "cost"), [(10, (6, 40), 35.0216), (20, (14, 62), 49.1730)])
def test_best_gives_the_known_pairs(mean, pair, cost):
    """Poisson demand, K = 64, h = 1, p = 9, no lead time: the pairs and costs other programs of the same method give."""
    policy, found = min_max.best(min_max.Item(poisson(mean), 64.0, 1.0, 9.0))
    assert (policy.reorder, policy.up_to) == pair
    assert found == pytest.approx(cost, abs=1e-4)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    order_cost=st.sampled_from([0.0, 1.0, 5.0, 30.0]),
    penalty=st.sampled_from([0.5, 4.0, 20.0]),
    lead=st.integers(0, 2),
)
def test_best_costs_no_more_than_any_pair(seed, order_cost, penalty, lead):
    """Of all pairs on a wide grid none costs less than the one found, whatever the demand."""
    rng = np.random.default_rng(seed)
    item = min_max.Item(rng.dirichlet(np.full(5, 0.5)) * 0.9 + 0.02, order_cost, 1.0, penalty, lead)
    policy, cost = min_max.best(item)
    every = [min_max.cost(pair(low, high), item) for low in range(-25, 14) for high in range(low + 1, 40)]
    assert cost == pytest.approx(min(every))
    assert min_max.cost(policy, item) == pytest.approx(cost)


def by_chain(reorder, up_to, item):
    """Return the cost a period from the stationary distribution of the position after ordering (no lead time)."""
    places = np.arange(reorder + 1, up_to + 1)
    moves = np.zeros((len(places), len(places)))
    for start, place in enumerate(places):
        for units, chance in enumerate(item.demand):
            after = place - units
            moves[start, (after if after > reorder else up_to) - reorder - 1] += chance
    balance = np.vstack([moves.T - np.eye(len(places)), np.ones(len(places))])
    share = np.linalg.lstsq(balance, np.append(np.zeros(len(places)), 1.0), rcond=None)[0]
    units = np.arange(len(item.demand))
    carried = [
        item.demand @ (item.holding * np.maximum(place - units, 0) + item.penalty * np.maximum(units - place, 0))
        for place in places
    ]
    ordering = [item.demand[place - reorder :].sum() for place in places]
    return share @ (np.array(carried) + item.order_cost * np.array(ordering))


@pytest.mark.parametrize(("reorder", "up_to"), [(0, 1), (2, 9), (-3, 5), (6, 40)])
def test_cost_is_that_of_the_markov_chain(reorder, up_to):
    """The renewal equation gives what the stationary distribution of the chain gives."""
    item = min_max.Item(poisson(5), 20.0, 1.0, 9.0)
    assert min_max.cost(pair(reorder, up_to), item) == pytest.approx(by_chain(reorder, up_to, item))


def test_cost_and_orders_come_true_when_simulated():
    """With a lead time, exact cost and order frequency are the simulated ones within 1 %."""
    item = min_max.Item(poisson(6), 30.0, 1.0, 9.0, lead=3)
    policy, cost = min_max.best(item)
    demand = np.random.default_rng(8).poisson(6, (300, 1_100)) + 0.0
    found = simulate(policy, demand, lead=3, warmup=100)
    money = item.order_cost * found.orders + item.holding * found.stock + item.penalty * found.owed
    assert money.mean() == pytest.approx(cost, rel=0.01)
    assert found.orders.mean() == pytest.approx(min_max.orders(policy, item), rel=0.01)


def test_without_an_order_cost_it_is_base_stock():
    """With K = 0 every demand is ordered at once, up to the newsvendor quantile of the protection."""
    # P(D <= 13) = 0.8645, P(D <= 14) = 0.9165 for Poisson(10): the quantile at 9 / 10 is 14
    policy, _ = min_max.best(min_max.Item(poisson(10), 0.0, 1.0, 9.0))
    assert (policy.reorder, policy.up_to) == (13, 14)


def test_orders_only_at_or_below_s():
    """At s it orders up to S; above it orders nothing."""
    assert pair(3, 8).order(np.array([-2.0, 3.0, 4.0])).tolist() == [10.0, 5.0, 0.0]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: pair(5, 5), "found s not below S"),
        (lambda: MinMax(np.array([1.0, 9.0]), np.array([2.0, 8.0])), r"not below S at \[1\]"),
        (lambda: min_max.Item([0.5, 0.4], 1, 1, 1), "sum to 0.9; expected 1"),
        (lambda: min_max.Item([1.5, -0.5], 1, 1, 1), r"demand: found -0.5 at \[1\]"),
        (lambda: min_max.Item([1.0, 0.0], 1, 1, 1), "no demand above 0"),
        (lambda: min_max.Item([0.5, 0.5], -1, 1, 1), "order_cost: found -1"),
        (lambda: min_max.Item([0.5, 0.5], 1, 0, 1), "holding: found 0"),
        (lambda: min_max.Item([0.5, 0.5], 1, 1, 1, lead=-2), "lead: found -2"),
        (lambda: min_max.cost(pair(0.5, 3), min_max.Item([0.5, 0.5], 1, 1, 1)), "reorder: found 0.5"),
        (lambda: min_max.cost(pair(0, 10**9), min_max.Item([0.5, 0.5], 1, 1, 1)), "Count demand in a larger unit"),
    ],
)
def test_bad_input_is_named(act, message):
    """Whatever cannot be is refused with what was found."""
    with pytest.raises(InputError, match=message):
        act()
