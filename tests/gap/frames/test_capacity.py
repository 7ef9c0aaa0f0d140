"""One capacity shared by many products, against linear programs, closed forms and brute force."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lotwise.gap.frames.capacity import fill, share, whole
from lotwise.gap.frames.newsvendor import Quantiles, Scenarios, Terms
from lotwise.tables.forecasted import LEVELS


def random_case(seed, products=12, scenarios=7):
    rng = np.random.default_rng(seed)
    price = rng.uniform(5, 20, products)
    cost = price * rng.uniform(0.4, 1.1, products)
    terms = Terms(price, cost, np.minimum(price, cost) * rng.uniform(0, 0.95, products), rng.uniform(0, 3, products))
    return Scenarios(np.sort(rng.integers(0, 40, (products, scenarios)).astype(float), axis=1)), terms


def scenario_program(demand, terms, capacity):
    """Return objective and dual of max E[(p - s) w - (c - s) q], w <= D, w <= q, sum a q <= capacity, by scipy's HiGHS."""
    n, count = demand.values.shape
    gain = np.concatenate([-(terms.cost - terms.salvage), np.repeat((terms.price - terms.salvage) / count, count)])
    rows = np.zeros((n * count + 1, n + n * count))
    rows[np.arange(n * count), n + np.arange(n * count)] = 1
    rows[np.arange(n * count), np.repeat(np.arange(n), count)] = -1
    rows[-1, :n] = terms.uses
    upper = np.concatenate([np.full(n, np.inf), demand.values.ravel()])
    found = linprog(
        -gain, rows, np.append(np.zeros(n * count), capacity), bounds=list(zip(np.zeros(len(upper)), upper, strict=True))
    )
    return -found.fun, -found.ineqlin.marginals[-1]


@given(st.integers(0, 10_000), st.floats(0.0, 1.2))
@settings(max_examples=25, deadline=None)
def test_it_earns_what_the_linear_program_earns(seed, part):
    """Objective equals HiGHS's to 1e-6, and the price is the objective's slope to the right, for any capacity."""
    demand, terms = random_case(seed)
    free = share(demand, terms, np.inf).quantity @ terms.uses
    mine = share(demand, terms, part * free)
    objective, _ = scenario_program(demand, terms, part * free)
    more, _ = scenario_program(demand, terms, part * free + 1e-3)
    assert mine.objective == pytest.approx(objective, abs=1e-6)
    assert mine.price >= (more - objective) / 1e-3 - 1e-5
    assert mine.quantity @ terms.uses <= part * free + 1e-9


def test_the_price_is_the_dual():
    """Away from breakpoints the shadow price is the program's dual to 1e-6; scarce capacity is used to the last unit."""
    for seed, part in product(range(6), (0.3, 0.6, 0.9)):
        demand, terms = random_case(seed)
        capacity = part * (share(demand, terms, np.inf).quantity @ terms.uses) + 0.0137
        mine = share(demand, terms, capacity)
        assert mine.price == pytest.approx(scenario_program(demand, terms, capacity)[1], abs=1e-6)
        assert mine.quantity @ terms.uses == pytest.approx(capacity, abs=1e-9)


def test_at_a_breakpoint_the_price_is_that_of_one_unit_more():
    """Of demand 10 or 20 at p = 4, c = 1, s = 0 the first ten units earn 3 each, the next ten 4 x 1/2 - 1 = 1."""
    demand = Scenarios(np.array([[10.0, 20.0]]))
    money = Terms(*(np.array([one]) for one in (4.0, 1.0, 0.0, 1.0)))
    prices = [share(demand, money, capacity).price for capacity in (5.0, 10.0, 15.0, 20.0)]
    assert prices == pytest.approx([3, 1, 1, 0])


def test_uniform_demand_has_the_price_of_its_closed_form():
    """Uniform on 0..100 twice at p = 10, c = 4, s = 0, a = 1 and 100 units: 50 each, price 10 x .5 - 4 = 1."""
    values = np.tile(100 * np.asarray(LEVELS), (2, 1))
    money = Terms(*(np.full(2, one) for one in (10.0, 4.0, 0.0, 1.0)))
    found = share(Quantiles(values), money, 100.0)
    assert found.quantity == pytest.approx([50, 50])
    assert found.price == pytest.approx(1)


def test_nothing_is_made_of_no_capacity():
    """With capacity 0 only what takes none is made, and the price is the best margin of a unit of capacity."""
    demand, terms = random_case(3)
    terms = Terms(terms.price, terms.cost, terms.salvage, np.where(np.arange(12) == 4, 0.0, 1.0))
    found = share(demand, terms, 0.0)
    assert (found.quantity[np.arange(12) != 4] == 0).all()
    assert found.price == pytest.approx(np.delete(terms.price - terms.cost, 4).max())


def test_known_demand_is_a_knapsack():
    """Filling by margin a unit of capacity earns what bisection with one scenario earns, and no whole plan earns more."""
    demand, terms = random_case(5, products=4, scenarios=1)
    units = np.minimum(demand.values[:, 0], 5)
    filled = fill(units, terms, 9.0)
    earned = terms.profit(np.minimum(filled, units), filled).sum()
    tries = np.array(list(product(range(6), repeat=4)), dtype=float)
    tries = tries[(tries @ terms.uses <= 9.0) & (tries <= units).all(axis=1)]
    assert earned == pytest.approx(share(Scenarios(units[:, None]), terms, 9.0).objective)
    assert earned >= max(terms.profit(one, one).sum() for one in tries) - 1e-9


def test_whole_units_fit_and_are_best_where_capacity_is_free():
    """Whole quantities keep to the capacity; without one no other whole quantity is expected to earn more."""
    demand, terms = random_case(8)
    demand = Scenarios(demand.values + 0.4)
    free = whole(demand, terms, share(demand, terms, np.inf).quantity)
    earned = terms.profit(demand.sold(free), free)
    for step in (-1.0, 1.0):
        other = np.maximum(free + step, 0)
        assert (terms.profit(demand.sold(other), other) <= earned + 1e-9).all()
    made = whole(demand, terms, share(demand, terms, 100.0).quantity, 100.0)
    assert made @ terms.uses <= 100 + 1e-9
    assert (made == np.rint(made)).all()
