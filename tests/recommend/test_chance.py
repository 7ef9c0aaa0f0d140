"""From score to chance."""

import numpy as np
import pytest

from lotwise.recommend import chance


def test_chances_are_those_the_purchases_were_drawn_with():
    """Where a pair is bought with chance score^2 / 2, the map says so within 3 percentage points."""
    rng = np.random.default_rng(5)
    scores = rng.random((300, 200))
    fitted = chance.fit(scores, rng.random(scores.shape) < scores**2 / 2)
    at = np.linspace(0.1, 0.9, 9)
    assert np.abs(fitted.of(at) - at**2 / 2).max() < 0.03


def test_chances_never_fall_with_the_score_and_stay_shares():
    """However noisy the purchases, the map rises and lies between 0 and 1."""
    rng = np.random.default_rng(6)
    scores = rng.normal(size=500)
    chances = chance.fit(scores, rng.random(500) < 0.3).of(np.linspace(-9, 9, 200))
    assert (np.diff(chances) >= 0).all()
    assert 0 <= chances.min() <= chances.max() <= 1


def test_chances_sum_to_what_was_bought():
    """Over the pairs it was fitted on, the map expects as many purchases as there were, within 2 %."""
    rng = np.random.default_rng(8)
    scores = rng.exponential(size=(200, 100))
    bought = rng.random(scores.shape) < np.minimum(0.05 * scores, 1)
    assert chance.fit(scores, bought).of(scores).sum() == pytest.approx(bought.sum(), rel=0.02)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_all_or_none_bought_is_a_constant(share):
    """Without a difference to learn from, every score stands for the same chance."""
    scores = np.arange(12.0)
    assert chance.fit(scores, np.full(12, bool(share))).of(scores) == pytest.approx(share)
