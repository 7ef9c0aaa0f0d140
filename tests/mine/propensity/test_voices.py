from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

from lotwise.mine.propensity.scores import log_loss
from lotwise.mine.propensity.voices import BASE, BLEND, best, kinds_of, mixture, voice


def heard(seed, rows=3000):
    """Two who each see one half of what moves customers."""
    rng = np.random.default_rng(seed)
    one, two = rng.normal(size=(2, rows))
    happened = (rng.random(rows) < 1 / (1 + np.exp(-1.5 * one - 1.5 * two))).astype(float)
    return {"one": 1 / (1 + np.exp(-1.2 * one)), "two": 1 / (1 + np.exp(-1.2 * two))}, happened


def test_the_mixture_is_the_best_of_all_on_the_line():
    """The weight found equals that of a scalar search."""
    said, happened = heard(0)
    weights = mixture(np.array(list(said.values())), happened)
    line = minimize_scalar(
        lambda weight: log_loss(happened, weight * said["one"] + (1 - weight) * said["two"]), bounds=(0, 1), method="bounded"
    )
    assert np.isclose(weights[0], line.x, atol=0.02)
    assert np.isclose(weights.sum(), 1)


def test_a_useless_classifier_gets_no_weight():
    """Chances that have nothing to do with what comes fall out of the blend."""
    said, happened = heard(0)
    noise = np.random.default_rng(9).random(len(happened)) * 0.98 + 0.01
    true = 0.5 * said["one"] + 0.5 * said["two"]
    assert mixture(np.array([true, noise]), happened)[1] == 0


def test_the_best_in_later_weeks_is_chosen():
    """The blend of two halves beats each, and each beats the share."""
    earlier, later = heard(0), heard(1)
    kinds = kinds_of(earlier, later)
    assert best([BASE, "one", "two", BLEND], earlier, later, kinds, 0.5) == BLEND
    assert best([BASE, "one"], earlier, later, kinds, 0.5) == "one"


def test_the_base_rate_wins_against_noise():
    """A classifier that says nothing true loses to the share."""
    rng = np.random.default_rng(3)
    earlier, later = (({"odd": rng.random(400)}, (np.arange(400) % 4 == 0).astype(float)) for _ in range(2))
    assert best([BASE, "odd"], earlier, later, {"odd": "none"}, 0.25) == BASE
    assert (voice(BASE, *later, {"odd": "none"}, 0.25).chance({}, 3) == 0.25).all()
