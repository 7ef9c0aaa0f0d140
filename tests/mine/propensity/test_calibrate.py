from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from lotwise.mine.propensity.calibrate import KINDS, calibrator, choose
from lotwise.mine.propensity.scores import calibration_error, log_loss


def said(distort, rows=6000, seed=0):
    rng = np.random.default_rng(seed)
    odds = rng.normal(0, 1.5, rows)
    return expit(distort(odds)), (rng.random(rows) < expit(odds)).astype(float)


@pytest.mark.parametrize(
    ("kind", "distort"),
    [
        ("temperature", lambda odds: 3 * odds),
        ("Platt", lambda odds: 2 * odds + 1),
        ("beta", lambda odds: 0.4 * odds - 0.7),
        ("isotonic", lambda odds: np.sign(odds) * np.abs(odds) ** 2),
    ],
)
def test_a_known_distortion_is_undone(kind, distort):
    """On other rows the calibrated chances come true to 2 % and lose less than those as they were."""
    curve = calibrator(kind, *said(distort))
    chance, happened = said(distort, seed=1)
    assert calibration_error(happened, curve(chance)) < 0.025  # ten groups of 600: standard error about .015
    assert log_loss(happened, curve(chance)) < log_loss(happened, chance)


@pytest.mark.parametrize("kind", KINDS)
def test_ranking_is_kept(kind):
    """No calibration turns two customers round."""
    chance, happened = said(lambda odds: odds)
    after = calibrator(kind, chance, happened)(np.sort(chance))
    assert (np.diff(after) >= -1e-12).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_classifier_that_ranks_the_wrong_way_is_not_turned_round(kind):
    """Chances that fall with what comes end near the share, still rising."""
    chance, happened = said(lambda odds: -odds)
    after = calibrator(kind, chance, happened)(np.array([0.1, 0.5, 0.9]))
    assert (np.diff(after) >= 0).all()
    assert ((after > 0) & (after < 1)).all()


def test_too_few_outcomes_leave_chances_as_they_are():
    """With fewer than 20 who did nothing is learned."""
    chance = np.linspace(0.1, 0.9, 100)
    assert np.array_equal(calibrator("isotonic", chance, np.r_[np.ones(5), np.zeros(95)])(chance), chance)


def test_the_kind_is_chosen_by_later_weeks():
    """A pure scaling is found to be one, and well calibrated chances are left alone or nearly so."""
    assert choose(said(lambda odds: 3 * odds), said(lambda odds: 3 * odds, seed=1)) != "none"
    before, after = said(lambda odds: odds), said(lambda odds: odds, seed=1)
    kind = choose(before, after)
    assert log_loss(after[1], calibrator(kind, *before)(after[0])) <= log_loss(after[1], after[0])
