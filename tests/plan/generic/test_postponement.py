from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.special import ndtri

from lotwise.errors import InputError
from lotwise.plan.generic.postponement import ORDER, Choice, hold, settle


def shop(demand, **changes):
    """Return finished products at 10, one common item at 8, finishing at 3, units left bring 4, short 20."""
    products = demand.shape[1]
    given = {
        "cost": np.append(np.full(products, 10.0), 8.0),
        "left": np.full(products + 1, -4.0),
        "item": np.append(np.arange(products), np.full(products, products)),
        "product": np.tile(np.arange(products), 2),
        "finish": np.append(np.zeros(products), np.full(products, 3.0)),
        "uses": np.append(np.zeros(products), np.ones(products)),
        "short": np.full(products, 20.0),
    }
    return Choice(demand=demand, **(given | changes))


def recourse(choice, stock, demand):
    """Return the least cost of finishing late in one scenario, by a linear program of its own."""
    ways, items = len(choice.item), len(stock)
    gain = -choice.finish + choice.short[choice.product] + choice.left[choice.item]
    rows = [(choice.product == one).astype(float) for one in range(len(demand))]
    rows += [(choice.item == one).astype(float) for one in range(items)]
    found = linprog(-gain, np.vstack([*rows, choice.uses]), [*demand, *stock, choice.capacity], bounds=[(0, None)] * ways)
    return found.fun + choice.short @ demand + choice.left @ stock


def test_tiny_cases_equal_brute_force():
    """With whole demand, the stock found costs no more than any of all whole stocks, and the same as the best of them."""
    rng = np.random.default_rng(2)
    for _ in range(2):
        choice = shop(rng.integers(0, 4, (3, 2)).astype(float), capacity=3.0)
        least = min(
            choice.cost @ stock + np.mean([recourse(choice, np.array(stock, float), row) for row in choice.demand])
            for stock in product(range(4), range(4), range(6))
        )
        assert hold(choice).cost == pytest.approx(least, abs=1e-6)


def test_one_common_item_is_the_pooled_newsvendor():
    """Eppen (1979): four independent N(100, 30) held in common cost (h + p) sd sqrt(4) phi(z) beside the units sold."""
    rng = np.random.default_rng(0)
    draws = rng.normal(100, 30, (300, 4))
    demand = np.maximum(np.vstack([draws, 200 - draws]), 0.0)  # antithetic: the mean is exact
    choice = shop(demand, cost=np.array([10.0] * 4 + [10.0]), finish=np.zeros(8))
    found = hold(choice, only=np.array([False] * 4 + [True]))
    over, under = 6.0, 10.0  # a unit left loses 10 - 4, a unit short 20 - 10
    z = ndtri(under / (over + under))
    cost = 10 * 400 + (over + under) * 60 * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    assert found.cost == pytest.approx(cost, rel=0.01)
    assert found.stock[4] == pytest.approx(400 + 60 * z, rel=0.02)


def test_pure_stock_at_a_service_is_the_newsvendor_of_each():
    """One product alone: the least stock that serves the target of its demand, and the price at which it just pays."""
    demand = np.array([[10.0], [20.0], [30.0], [40.0]])
    # at 38 units the fourth scenario lacks 2 of a demand of 100 in all: 98 %
    found = hold(shop(demand), target=0.98, only=np.array([True, False]))
    assert found.stock[0] == pytest.approx(38.0)
    # one more unit costs 10 and brings 4 in three of four: 10 - 3 = 7 for 0.25 units served
    assert found.price == pytest.approx(28.0)


def test_a_mix_costs_no_more_than_either_part():
    """Stock and common item together cost no more, at equal service, than each alone."""
    choice = shop(np.random.default_rng(3).gamma(4, 10, (60, 3)), capacity=80.0)
    both = hold(choice, target=0.95)
    stock = hold(choice, target=0.95, only=np.array([True, True, True, False]))
    assert both.cost < stock.cost
    assert both.service == pytest.approx(0.95) == stock.service


def test_made_to_order_needs_no_stock():
    """Where making to order is cheap, nothing is held."""
    choice = shop(np.array([[3.0, 4.0], [5.0, 0.0]]), item=np.array([0, 1, ORDER, ORDER]), finish=np.array([0.0, 0, 5, 5]))
    found = hold(choice, target=0.99)
    assert found.stock == pytest.approx(np.zeros(3))
    assert found.cost == pytest.approx(0.99 * 6 * 5)


def test_settling_on_the_same_scenarios_gives_the_same():
    """What was decided costs on its own scenarios what the decision said."""
    choice = shop(np.random.default_rng(4).gamma(4, 10, (40, 3)), capacity=60.0)
    for target in (None, 0.9):
        found = hold(choice, target=target)
        assert settle(choice, found, target=target).cost == pytest.approx(found.cost, rel=1e-6)


def test_what_cannot_be_reached_is_said():
    """A target beyond the late capacity has no answer."""
    choice = shop(np.full((4, 2), 10.0), capacity=5.0)
    assert hold(choice, target=0.9, only=np.array([False, False, True])) is None


@pytest.mark.parametrize("wrong", [{"item": np.array([0, 1, 7, 2])}, {"left": np.full(3, -99.0)}, {"short": np.ones(3)}])
def test_bad_input_is_refused(wrong):
    """Ways from nowhere, units left that earn, and shapes that do not fit are refused."""
    with pytest.raises(InputError, match="breaks its contract"):
        shop(np.ones((2, 2)), **wrong)
