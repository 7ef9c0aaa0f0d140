"""Tests of price elasticities."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.profiles import elasticity


def shop(rng, customers=400, products=30, weeks=52, mean=-2.0, spread=1.0):
    """Return lines of customers with known elasticities: Poisson purchases at weekly prices and busier weeks."""
    price = np.where(rng.random((products, weeks)) < 0.3, rng.uniform(0.6, 0.9, (products, weeks)), 1.0)
    beta = rng.normal(mean, spread, customers)
    busy = rng.uniform(0.5, 1.5, weeks)
    rate = 0.06 * busy * price[None] ** beta[:, None, None] * rng.gamma(1, 1, (customers, products, 1))
    count = rng.poisson(rate)
    customer, cell, week = (np.repeat(place, count.ravel()) for place in np.indices(count.shape).reshape(3, -1))
    return customer, cell, week, price, busy, beta


def found_of(bought, customers=400):
    customer, cell, week, price, busy, _ = bought
    told = elasticity.prices(cell, week, (np.ones(len(cell)), price[cell, week]), busy[None])
    return elasticity.elasticities(told, (customer, cell, week), np.zeros(customers, np.int64), np.ones(customers, bool))


def test_elasticities_are_found_again():
    """Mean and variance over customers are found, single ones correlate, and 90 % intervals hold 85 % or more."""
    bought = shop(np.random.default_rng(1))
    found, truth = found_of(bought), bought[-1]
    assert found.mean == pytest.approx(truth.mean(), abs=0.2)
    assert 0.5 <= found.variance <= 1.6
    assert np.corrcoef(found.value, truth)[0, 1] > 0.75
    assert 0.85 <= np.mean((truth >= found.low) & (truth <= found.high)) <= 0.97


def test_shrunk_figures_are_nearer_than_the_customers_own():
    """The squared error is below that of everybody's mean and below that of each customer's own estimate."""
    bought = shop(np.random.default_rng(2), mean=-1.5, spread=0.7)
    found, truth = found_of(bought), bought[-1]
    own = found_of(bought)
    weight = own.variance / (own.variance + ((own.high - own.low) / (2 * 1.645)) ** 2)
    alone = own.mean + (own.value - own.mean) / np.maximum(weight, 1e-9)
    error = np.mean((found.value - truth) ** 2)
    assert error < np.mean((found.mean - truth) ** 2)
    assert error < np.mean((alone - truth) ** 2)


def test_customers_who_are_alike_are_drawn_together():
    """Where all customers have one elasticity, the figures spread far less than by chance alone."""
    found = found_of(shop(np.random.default_rng(3), spread=0.0))
    assert found.variance < 0.15
    assert found.value.std() < 0.2


def test_few_orders_and_constant_prices_tell_nothing():
    """Customers below the least orders have no figure; without a change of price nobody has."""
    customer, cell, week, price, busy, _ = shop(np.random.default_rng(4))
    told = elasticity.prices(cell, week, (np.ones(len(cell)), price[cell, week]), busy[None])
    enough = np.arange(400) < 200
    some = elasticity.elasticities(told, (customer, cell, week), np.zeros(400, np.int64), enough)
    assert np.isnan(some.value[200:]).all()
    flat = elasticity.prices(cell, week, (np.ones(len(cell)), np.ones(len(cell))), busy[None])
    none = elasticity.elasticities(flat, (customer, cell, week), np.zeros(400, np.int64), enough)
    assert np.isnan(none.value).all()
    assert np.isnan(none.mean)


def test_prices_carry_over_weeks_without_a_sale():
    """A week without a sale has the price of the week before; weeks before the first sale count for nothing."""
    week = np.array([1, 2, 4, 5, 6, 7, 8, 9, 10])
    paid = np.array([2.0, 1, 2, 2, 2, 2, 2, 2, 2])
    told = elasticity.prices(np.zeros(9, np.int64), week, (np.ones(9), paid), np.ones((1, 12)))
    assert told.log_price[0, 3] == told.log_price[0, 2]
    assert told.log_price[0, 1] - told.log_price[0, 2] == pytest.approx(np.log(2))
    assert list(told.orders[0]) == [0] + [1] * 10 + [0]
