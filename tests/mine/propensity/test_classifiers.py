from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.propensity import classifiers
from lotwise.mine.propensity.classifiers import Budget, Lesson, learn
from lotwise.mine.propensity.scores import auc, log_loss

NAMES = [*classifiers.ALONE, "boosting"]


def lesson(rows=600, seed=0, weights=(1.5, -1.0, 0.0, 0.0)):
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.normal(size=(rows, 3)), np.ones(rows)]).astype(np.float32)  # the last feature is constant
    return Lesson(x, (rng.random(rows) < 1 / (1 + np.exp(-(x @ np.array(weights))))).astype(float))


@pytest.mark.parametrize("name", NAMES)
def test_each_learns_what_is_there_and_says_the_same_again(name):
    """On other rows each ranks well above chance and loses less than the share; the same seed gives the same chances."""
    new = lesson(seed=1)
    one, two = (learn(name, [lesson()], np.random.default_rng(4), Budget())[0].chance(new.rows) for _ in range(2))
    assert np.array_equal(one, two)
    assert auc(new.happened, one) > 0.75  # the true chances reach .85
    assert log_loss(new.happened, one) < log_loss(new.happened, np.full(600, new.happened.mean()))


@pytest.mark.parametrize("name", NAMES)
def test_perfect_separation_gives_chances_and_no_warning(name):
    """Where one feature parts them wholly, chances stay within 0 and 1 and rank rightly."""
    x = np.linspace(-2, 2, 200)[:, None].astype(np.float32)
    found = learn(name, [Lesson(x, (x[:, 0] > 0).astype(float))], np.random.default_rng(0), Budget())[0]
    chance = found.chance(x)
    assert ((chance >= 0) & (chance <= 1)).all()
    assert chance[150] > chance[50]


@pytest.mark.parametrize("name", NAMES)
def test_constant_features_give_about_the_share(name):
    """With nothing to tell customers apart, all get one chance, near the share of .3."""
    happened = (np.arange(400) % 10 < 3).astype(float)
    found = learn(name, [Lesson(np.ones((400, 3), np.float32), happened)], np.random.default_rng(0), Budget())[0]
    chance = found.chance(np.ones((5, 3), np.float32))
    assert np.ptp(chance) < 1e-9
    assert abs(chance[0] - 0.3) < 0.1


def test_boosting_tells_targets_apart():
    """Two targets that turn on the same feature the opposite way are both learned by the one pooled model."""
    lessons = [lesson(3000, 0, (2.0, 0, 0, 0)), lesson(3000, 2, (-2.0, 0, 0, 0))]
    found = learn("boosting", lessons, np.random.default_rng(0), Budget())
    high = np.array([[2.0, 0, 0, 1]], np.float32)
    assert found[0].chance(high) > 0.6  # the truth is .98; half of the trees see the feature
    assert found[1].chance(high) < 0.4


def test_a_search_that_does_not_end_is_said_and_warns_nobody(monkeypatch):
    """One pass of the network is not enough: it is marked, and no warning of convergence escapes."""
    monkeypatch.setattr(classifiers, "PASSES", 1)
    assert not learn("mlp", [lesson(rows=60)], np.random.default_rng(0), Budget())[0].converged


def test_a_sample_keeps_both_outcomes():
    """One who did in a thousand is not lost when 100 rows are drawn."""
    rare = Lesson(np.arange(1000, dtype=np.float32)[:, None], (np.arange(1000) == 0).astype(float))
    assert np.isfinite(learn("tree", [rare], np.random.default_rng(0), Budget(rows=100))[0].chance(rare.rows)).all()
