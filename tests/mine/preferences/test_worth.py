"""Tests of worth in money."""

import numpy as np
import pytest

from lotwise.mine.preferences.worth import delta, fieller, trust


def test_the_ratio_is_part_worth_over_worth_of_money():
    """A part-worth of 1 at -0.5 a unit of money is worth 2."""
    covariance = np.diag([0.01, 0.0001])
    assert delta(1.0, -0.5, covariance).value == pytest.approx(2)
    assert fieller(1.0, -0.5, covariance).value == pytest.approx(2)


def test_both_intervals_agree_where_the_price_is_sure():
    """With a price known almost exactly the interval is that of the part-worth, times 2: 2 -+ 1.96 x 0.2."""
    covariance = np.diag([0.01, 1e-12])
    for worth in (delta(1.0, -0.5, covariance), fieller(1.0, -0.5, covariance)):
        assert (worth.low, worth.high) == pytest.approx((2 - 0.39199, 2 + 0.39199), abs=1e-4)


def test_fieller_ends_are_where_the_part_worth_meets_its_error():
    """At both ends part_worth + t price is 1.96 standard errors from 0, by definition."""
    covariance = np.array([[0.04, 0.005], [0.005, 0.01]])
    worth = fieller(0.8, -0.5, covariance)
    for end in (worth.low, worth.high):
        distance = 0.8 + end * -0.5
        error = np.sqrt(np.array([1, end]) @ covariance @ np.array([1, end]))
        assert abs(distance) / error == pytest.approx(1.959964)


def test_fieller_covers_the_truth_where_delta_does_not_promise_to():
    """With a weak price (t = -3) Fieller's interval holds the truth in 95 % of 4,000 draws."""
    rng = np.random.default_rng(1)
    covariance = np.array([[0.04, 0.0], [0.0, 0.0278]])
    draws = rng.multivariate_normal([1.0, -0.5], covariance, 4000)
    held = [worth.low <= 2 <= worth.high for worth in (fieller(a, b, covariance) for a, b in draws if b**2 > 3.85 * 0.0278)]
    assert 0.93 < np.mean(held) < 0.975


def test_a_price_that_hardly_matters_has_no_bounds():
    """Where the price's part-worth does not differ from 0 at 5 % no end is finite."""
    assert fieller(1.0, -0.1, np.diag([0.01, 0.01])).high == np.inf


@pytest.mark.parametrize(
    ("price", "variance", "word"), [(0.2, 0.001, "liked"), (-0.1, 0.01, "uncertain"), (-0.5, np.nan, "could not")]
)
def test_doubts_are_told_in_words(price, variance, word):
    """A price of the wrong sign, an unsure one and one without error give no worth, with the reason."""
    assert word in trust(price, variance)


def test_a_sure_price_is_trusted():
    """A price's part-worth five errors below 0 is trusted."""
    assert trust(-0.5, 0.01) == ""
