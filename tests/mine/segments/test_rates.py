import numpy as np
import pytest

from lotwise.mine.segments.rates import rate, returned


def test_a_rate_is_a_ratio_of_sums():
    """Two orders with 1 of 2 and 3 of 8 make 4 / 10, and weigh (10^2) / (4 + 64) orders."""
    found = rate(np.array([0, 0]), np.array([1.0, 3.0]), np.array([2.0, 8.0]), 1)
    assert found.value[0] == pytest.approx(0.4)
    assert found.evidence[0] == pytest.approx(100 / 68)


def simulate(spread, customers=800):
    """Return coin-like shares of customers whose own chances spread about one half."""
    rng = np.random.default_rng(4)
    orders = 2 + rng.poisson(8, customers)
    whose = np.repeat(np.arange(customers), orders)
    own = np.clip(0.5 + spread * rng.normal(size=customers), 0, 1)
    return own, rate(whose, (rng.random(len(whose)) < own[whose]).astype(float), np.ones(len(whose)), customers)


def test_chance_alone_is_nobodys_own():
    """Where all customers have the same chance, next to nothing of what is seen is held to be their own."""
    assert simulate(0.0)[1].own(logs=False).mean() < 0.05


def test_the_shrunk_rate_is_nearer_to_the_truth():
    """Going from the mean as far as the rate is one's own errs less than taking the rate as seen."""
    own, found = simulate(0.15)
    weight = found.own(logs=False)
    shrunk = found.value.mean() + weight * (found.value - found.value.mean())
    assert ((shrunk - own) ** 2).mean() < 0.8 * ((found.value - own) ** 2).mean()
    # with b = .0225 and v = .2275 a customer of n = 10 orders has n / (n + v / b) = 10 / 20.1
    assert weight[found.evidence == 10].mean() == pytest.approx(0.5, abs=0.1)


def test_customers_without_evidence_stand_at_the_mean():
    """Who has nothing below the line gets the mean of the others, and nothing of it is their own."""
    found = rate(np.array([0, 0, 1, 1, 2]), np.array([1.0, 0, 1, 1, 0]), np.array([1.0, 1, 1, 1, 0]), 3)
    assert found.value[2] == pytest.approx(0.75)
    assert found.own(logs=False)[2] == 0


def test_returns_are_shares_of_units():
    """Two of eight units back are a quarter; who bought nothing stands at the mean."""
    found = returned(np.array([2.0, 0, 0]), np.array([8.0, 4.0, 0]))
    assert found.value.tolist() == [0.25, 0.0, 0.125]
