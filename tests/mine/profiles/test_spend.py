"""Tests of the Gamma-Gamma model."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from lotwise.errors import ContractError
from lotwise.mine.profiles import spend
from lotwise.mine.profiles.estimates import Estimates

CDNOW = (6.25, 3.74, 15.44)


def model(*values):
    """Return a model with these parameters."""
    return Estimates(spend.NAMES, np.array(values, float), np.full((3, 3), np.nan), 0.0, 100, ())


def simulated(rng, customers, values=CDNOW):
    """Return orders and the mean money of one, drawn order by order."""
    p, q, gamma = values
    orders = 1 + rng.poisson(3, customers)
    rate = rng.gamma(q, 1 / gamma, customers)
    mean = np.array([rng.gamma(p, 1 / nu, count).mean() for count, nu in zip(orders, rate, strict=True)])
    return orders.astype(float), mean


def test_the_published_customers():
    """With CDNOW's parameters, means 22.35 of 2 orders and 11.77 of 1 foretell 24.66 and 18.91 (Fader & Hardie, 2013)."""
    found = spend.expected(model(*CDNOW), np.array([2.0, 1.0]), np.array([22.35, 11.77]))
    # p (gamma + x z) / (p x + q - 1): 6.25 (15.44 + 44.70) / 15.24 = 24.66; 6.25 (15.44 + 11.77) / 8.99 = 18.92
    assert found == pytest.approx([24.66, 18.91], abs=0.01)


def test_the_gradient_is_that_of_the_likelihood():
    """The analytic gradient equals finite differences."""
    orders, mean = simulated(np.random.default_rng(1), 200)
    near = approx_fprime(np.array(CDNOW), lambda at: spend.log_likelihood(at, orders, mean)[0], 1e-7)
    assert spend.log_likelihood(np.array(CDNOW), orders, mean)[1] == pytest.approx(near, rel=1e-3, abs=1e-3)


def test_parameters_are_found_again():
    """Over 10 simulated shops, at least 26 of the 30 intervals hold the truth (28.5 are expected to)."""
    held = 0
    for seed in range(10):
        low, high = spend.fit(*simulated(np.random.default_rng(seed), 1000)).interval()
        held += ((low <= CDNOW) & (high >= CDNOW)).sum()
    assert held >= 26


def test_the_unit_of_money_changes_gamma_alone():
    """Cents for units give gamma times 100 and the other parameters alike."""
    orders, mean = simulated(np.random.default_rng(2), 500)
    units, cents = spend.fit(orders, mean), spend.fit(orders, 100 * mean)
    assert cents.values == pytest.approx(units.values * [1, 1, 100], rel=1e-4)


def test_expected_money_lies_between_ones_own_and_everybodys():
    """The next order's money is a weighted mean of the customer's and all customers', nearer one's own with more orders."""
    everybody = 6.25 * 15.44 / 2.74
    few, many = spend.expected(model(*CDNOW), np.array([1.0, 50.0]), np.array([100.0, 100.0]))
    assert everybody < few < many < 100
    assert spend.expected(model(*CDNOW), np.zeros(1), np.array([np.nan]))[0] == pytest.approx(everybody)


def test_drawn_money_has_the_expected_mean():
    """Sums drawn over 3 orders have three times the mean the closed form expects."""
    orders, mean = np.array([4.0, 9.0]), np.array([30.0, 12.0])
    one, total = spend.draw(model(*CDNOW), orders, mean, np.full((2, 40_000), 3), np.random.default_rng(3))
    expected = spend.expected(model(*CDNOW), orders, mean)
    assert one.mean(axis=1) == pytest.approx(expected, rel=0.02)
    assert total.mean(axis=1) == pytest.approx(3 * expected, rel=0.02)


def test_no_order_brings_no_money():
    """Where no order is drawn, the sum is exactly 0."""
    _, total = spend.draw(model(*CDNOW), np.ones(1), np.ones(1), np.zeros((1, 50), np.int64), np.random.default_rng(4))
    assert not total.any()


def test_whether_money_and_frequency_go_together_is_said():
    """The correlation is 1 where money rises with orders, and NaN where there is nothing to tell it from."""
    orders = np.arange(2.0, 12)
    assert spend.together(orders, orders**2) == pytest.approx(1)
    assert np.isnan(spend.together(np.full(10, 2.0), orders))


def test_money_below_0_and_too_few_customers():
    """Negative money and too few customers are one error that lists both."""
    with pytest.raises(ContractError) as error:
        spend.fit(np.array([2.0, 1.0]), np.array([-5.0, 3.0]))
    for word in ("no money above 0, such as row 1", "2 customers in all; at least 20", "1 customers with more than one order"):
        assert word in str(error.value)
