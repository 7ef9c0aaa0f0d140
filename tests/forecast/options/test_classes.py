import numpy as np
import pytest

from lotwise.forecast.options import classes
from lotwise.forecast.options.choices import even

SIZES = np.array([2, 3, 4])


@pytest.fixture
def codes():
    """Return 2,000 rows of two kinds of buyers: one takes the first values, the other the last, nine times of ten."""
    rng = np.random.default_rng(1)
    kind = rng.random(2000) < 0.3
    usual = np.where(kind[:, None], 0, SIZES - 1)
    return np.where(rng.random((2000, 3)) < 0.9, usual, rng.integers(0, SIZES, (2000, 3)))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_likelihood_never_falls(codes, count):
    """Each round of EM raises the log posterior or leaves it."""
    found = classes.fit(codes, np.ones(len(codes)), even(SIZES), count=count, seed=0)
    assert (np.diff(found.path) >= -1e-7).all()


def test_two_kinds_of_buyers_are_found(codes):
    """The classes' shares are 0.3 and 0.7, within 0.03."""
    found = classes.fit(codes, np.ones(len(codes)), even(SIZES), count=2, seed=0)
    assert sorted(found.share) == pytest.approx([0.3, 0.7], abs=0.03)


def test_probabilities_sum_to_one_and_pairs_are_their_sums(codes):
    """24 configurations enumerated: total 1, shares of two options agree with brute force."""
    found = classes.fit(codes, np.ones(len(codes)), even(SIZES), count=3, seed=0)
    every = np.stack(np.meshgrid(*(np.arange(size) for size in SIZES), indexing="ij"), axis=-1).reshape(-1, 3)
    chance = np.exp(found.log_prob(every))
    assert chance.sum() == pytest.approx(1)
    for first, second in ((0, 2), (2, 1), (1, 1)):
        brute = np.zeros((SIZES[first], SIZES[second]))
        np.add.at(brute, (every[:, first], every[:, second]), chance)
        np.testing.assert_allclose(found.pair(first, second), brute)
    for option, alone in enumerate(found.marginals()):
        np.testing.assert_allclose(alone, np.bincount(every[:, option], chance))


def test_samples_and_draws_have_the_classes_shares(codes):
    """Shares of 20,000 samples, of the mixture and of one draw counted anew, within 0.02."""
    found = classes.fit(codes, np.ones(len(codes)), even(SIZES), count=2, seed=0)
    again = found.redrawn(codes, np.ones((1, len(codes))), [alone[None] for alone in even(SIZES)])
    rng = np.random.default_rng(2)
    for drawn in (found.sample(20_000, rng), again.sample(np.zeros(20_000, np.int64), rng)):
        for option, alone in enumerate(found.marginals()):
            assert abs(np.bincount(drawn[:, option], minlength=len(alone)) / 20_000 - alone).max() < 0.02
    for one, other in zip(found.marginals(), again.marginals(), strict=True):
        np.testing.assert_allclose(one, other[0], atol=2e-3)
