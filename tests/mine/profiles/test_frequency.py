"""Tests of the BG/NBD model: the published figures, a simulator, quadrature, and the model's own laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import approx_fprime
from scipy.stats import beta

from lotwise.errors import ContractError
from lotwise.mine.profiles import frequency
from lotwise.mine.profiles.estimates import Estimates

CDNOW = (0.243, 4.414, 0.793, 2.426)


def model(*values):
    """Return a model with these parameters."""
    return Estimates(frequency.NAMES, np.array(values, float), np.full((4, 4), np.nan), 0.0, 100, ())


def one(*values):
    """Return values as arrays of one customer."""
    return [np.array([float(value)]) for value in values]


def test_the_published_customer_is_expected_to_order_as_published():
    """With CDNOW's parameters, x = 2, t_x = 30.43 and T = 38.86, 1.226 orders come in 39 weeks (Fader, Hardie & Lee, 2005)."""
    assert frequency.expected(model(*CDNOW), *one(2, 30.43, 38.86), 39.0)[0] == pytest.approx(1.226, abs=5e-4)


def test_the_gradient_is_that_of_the_likelihood(simulated):
    """The analytic gradient equals finite differences at several places."""
    x, t_x, age, _ = simulated(np.random.default_rng(1), 200)
    for values in ([0.243, 4.414, 0.793, 2.426], [2.0, 1.0, 0.1, 30.0]):
        near = approx_fprime(np.array(values), lambda at: frequency.log_likelihood(at, x, t_x, age)[0], 1e-7)
        assert frequency.log_likelihood(np.array(values), x, t_x, age)[1] == pytest.approx(near, rel=1e-3, abs=1e-3)


def test_the_likelihood_is_the_integral_over_rate_and_chance():
    """The likelihood of one customer equals the model's own integral over the rate and the chance of leaving."""
    r, alpha, a, b = 0.8, 3.0, 1.2, 2.0
    x, t_x, age = 3, 8.0, 12.0

    def rate(power, upto):  # int lambda^power exp(-lambda upto) over the gamma distribution
        whole = quad(lambda u: u ** (r - 1 + power) * np.exp(-u * (alpha + upto)), 0, np.inf)[0]
        return whole / quad(lambda u: u ** (r - 1) * np.exp(-u * alpha), 0, np.inf)[0]

    stays = beta.expect(lambda p: (1 - p) ** x, (a, b))
    leaves = beta.expect(lambda p: p * (1 - p) ** (x - 1), (a, b))
    expected = np.log(stays * rate(x, age) + leaves * rate(x, t_x))
    assert frequency.log_likelihood(np.array([r, alpha, a, b]), *one(x, t_x, age))[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "values", [CDNOW, (1.0, 2.0, 1.0, 3.0), (2.0, 1.0, 0.3, 0.7), (400.0, 500.0, 0.5, 9.0), (0.5, 2.0, 1e-3, 900.0)]
)
@pytest.mark.parametrize("x", [0, 1, 7, 300])
def test_expected_orders_are_the_integral_over_the_chance(values, x):
    """Orders expected of a customer who is there equal E[(1 - E exp(-lambda p t)) / p], also where the series is 0 / 0."""
    r, alpha, a, b = values
    age, ahead = 40.0, 13.0

    def inner(p):
        return -np.expm1(-(r + x) * np.log1p(p * ahead / (alpha + age))) / p

    # Over the quantiles of p: the density is infinite at 0 where a < 1.
    law = beta(a, b + x)
    expected = quad(lambda u: inner(max(law.ppf(u), 1e-300)), 0, 1, epsabs=1e-10, limit=400)[0]
    found = frequency.expected(model(*values), *one(x, 39.99 if x else 0, age), ahead)
    chance = frequency.alive(model(*values), *one(x, 39.99 if x else 0, age))
    assert (found / chance)[0] == pytest.approx(expected, rel=2e-5)


def test_parameters_are_found_again(simulated):
    """In at least 7 of 8 simulated shops of 3,000 customers every one of the four 95 % intervals but one holds the truth."""
    held = []
    for seed in range(8):
        x, t_x, age, _ = simulated(np.random.default_rng(seed), 3000)
        low, high = frequency.fit(x, t_x, age).interval()
        held.append(((low <= CDNOW) & (high >= CDNOW)).sum())
    assert sum(count >= 3 for count in held) >= 7
    assert sum(held) >= 28  # 32 intervals, of which 30.4 are expected to hold


def test_the_unit_of_time_changes_nothing_but_alpha(simulated):
    """Days for weeks give alpha times seven and the other parameters, errors and chances alike."""
    x, t_x, age, _ = simulated(np.random.default_rng(2), 500)
    weeks, days = frequency.fit(x, t_x, age), frequency.fit(x, 7 * t_x, 7 * age)
    assert days.values == pytest.approx(weeks.values * [1, 7, 1, 1], rel=1e-5)
    assert days.standard_errors == pytest.approx(weeks.standard_errors * [1, 7, 1, 1], rel=1e-3)
    assert days.log_likelihood == pytest.approx(frequency.log_likelihood(days.values, x, 7 * t_x, 7 * age)[0], rel=1e-9)


def test_expected_orders_come(simulated):
    """Over 20,000 customers, orders expected in the time ahead are those that come, within 4 standard errors."""
    x, t_x, age, later = simulated(np.random.default_rng(4), 20_000, ahead=13.0)
    expected = frequency.expected(model(*CDNOW), x, t_x, age, 13.0)
    assert abs(expected.mean() - later.mean()) < 4 * (later - expected).std() / np.sqrt(len(x))


def test_drawn_orders_have_the_expected_mean_and_hold_what_comes(simulated):
    """Draws have the closed form's mean, and 90 % intervals of draws hold 88 % or more of what comes (counts are whole)."""
    x, t_x, age, later = simulated(np.random.default_rng(5), 3000, ahead=26.0)
    drawn = frequency.draw(model(*CDNOW), (x, t_x, age), 26.0, 300, np.random.default_rng(6))
    expected = frequency.expected(model(*CDNOW), x, t_x, age, 26.0)
    assert drawn.mean() == pytest.approx(expected.mean(), rel=0.02)
    low, high = np.quantile(drawn, [0.05, 0.95], axis=1)
    assert np.mean((later >= low) & (later <= high)) >= 0.88


@given(
    values=st.tuples(*[st.floats(0.05, 20)] * 4), x=st.integers(0, 200), share=st.floats(0.01, 0.98), age=st.floats(0.2, 300)
)
@settings(max_examples=60, deadline=None)
def test_the_laws_of_the_model(values, x, share, age):
    """P(alive) is a chance, rises with a later last order, and expected orders lie between 0 and those of who stays."""
    some = model(*values)
    early, late = (frequency.alive(some, *one(x, at * age if x else 0, age))[0] for at in (share, share + 0.02))
    assert 0 <= early <= late <= 1
    found = frequency.expected(some, *one(x, share * age if x else 0, age), 13.0)[0]
    assert 0 <= found <= (values[0] + x) / (values[1] + age) * 13.0 * (1 + 1e-9)


@given(values=st.tuples(*[st.floats(0.05, 20)] * 4), x=st.integers(1, 200), age=st.floats(1, 300))
@settings(max_examples=60, deadline=None)
def test_who_orders_more_is_expected_to_order_more(values, x, age):
    """Of customers whose last order is today's, expected orders rise with x (long after it, the model says otherwise)."""
    some = model(*values)
    fewer, more = (frequency.expected(some, *one(count, age, age), 13.0)[0] for count in (x, x + 1))
    assert more >= fewer * (1 - 1e-7)


def test_expected_of_a_new_customer_is_the_mean_of_the_simulator(simulated):
    """Orders after the first, averaged over simulated customers, are what the model expects of a new one."""
    x, _, age, _ = simulated(np.random.default_rng(8), 40_000)
    expected = np.mean([frequency.expected_new(model(*CDNOW), at) for at in np.quantile(age, np.linspace(0.005, 0.995, 100))])
    assert abs(x.mean() - expected) < 4 * x.std() / 200


def test_customers_who_are_all_alike():
    """Equal customers end at the end of the range: these letters are named and have no standard error; chances stay finite."""
    x, t_x, age = np.full(50, 4.0), np.full(50, 30.0), np.full(50, 35.0)
    found = frequency.fit(x, t_x, age)
    assert {"r", "alpha"} & set(found.on_bound)
    assert np.isfinite(frequency.expected(found, x, t_x, age, 13.0)).all()
    assert np.isnan(found.standard_errors[[letter in found.on_bound for letter in found.names]]).all()


def test_one_customer_and_customers_with_one_order_are_too_few():
    """One customer, or nobody who ordered again, is an error that says how many are needed."""
    with pytest.raises(ContractError, match="1 customers in all; at least 20") as error:
        frequency.fit(*one(0, 0, 10))
    assert "0 customers who ordered on a second day; at least 5" in str(error.value)


def test_a_summary_that_contradicts_itself():
    """Every breach is listed, with a row it stands in."""
    with pytest.raises(ContractError) as error:
        frequency.check(np.array([1.5, 0, 2, np.nan]), np.array([3.0, 2, 0, 1]), np.array([9.0, 1, 0, 5]))
    for word in ("not finite, such as row 4", "not whole", "t_x above T", "x = 0 and t_x above 0", "T at or below 0"):
        assert word in str(error.value)
