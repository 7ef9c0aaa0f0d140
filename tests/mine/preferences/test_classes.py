"""Tests of latent classes on shared sets."""

import numpy as np
import pytest

from lotwise.mine.choice.latent import latent
from lotwise.mine.preferences.classes import divide
from lotwise.mine.preferences.sets import apiece

TASTES = [[1.0, -1.0, -0.4], [-1.5, 1.0, -1.2]]


def test_classes_are_those_of_the_general_model(drawn):
    """Counted set by set, likelihood, part-worths, errors and posterior are those of ``choice.latent`` to 3 digits."""
    sets = drawn(TASTES, shares=[0.6, 0.4])
    ours = divide(sets, 2, rng=np.random.default_rng(1))
    theirs = latent(apiece(sets), 2, rng=np.random.default_rng(1), starts=3)
    assert ours.converged
    assert ours.log_likelihood == pytest.approx(theirs.log_likelihood, abs=0.01)
    for one, other in zip(ours.groups, theirs.groups, strict=True):
        assert one.share == pytest.approx(other.share, abs=1e-3)
        assert one.part_worths == pytest.approx(other.part_worths, abs=2e-3)
        assert one.errors == pytest.approx(other.errors, rel=1e-2)
    assert ours.posterior == pytest.approx(theirs.posterior, abs=5e-3)


def test_classes_hold_the_truth(drawn):
    """Each true part-worth lies within 3 standard errors."""
    ours = divide(drawn(TASTES, shares=[0.6, 0.4], seed=3), 2, rng=np.random.default_rng(1))
    for group, truth in zip(ours.groups, TASTES, strict=True):
        assert (np.abs(group.part_worths - truth) < 3 * group.errors).all()


def test_classes_begun_near_the_answer_stay_there(drawn):
    """An estimate begun at its own answer returns it."""
    sets = drawn(TASTES, shares=[0.6, 0.4])
    once = divide(sets, 2, rng=np.random.default_rng(1))
    again = divide(sets, 2, rng=np.random.default_rng(2), near=once.groups)
    assert again.groups[0].part_worths == pytest.approx(once.groups[0].part_worths, abs=1e-4)


def test_one_kind_of_customer_does_no_harm(drawn):
    """Two classes asked of customers who are all alike, and one customer, give finite numbers."""
    for sets in (drawn(TASTES[0]), drawn(TASTES[0], persons=1, each=60)):
        found = divide(sets, 2, rng=np.random.default_rng(1))
        assert np.isfinite([group.part_worths for group in found.groups]).all()
        assert sum(group.share for group in found.groups) == pytest.approx(1)
