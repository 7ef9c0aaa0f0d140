"""Tests of substitution."""

import numpy as np
import pytest

from lotwise.mine.preferences.models import logit_of
from lotwise.mine.preferences.substitution import diverted, elasticities


def test_buyers_leave_in_proportion_under_a_logit(drawn):
    """Without an attribute that varies and with all on offer, diversion is in proportion to shares: the logit's IIA."""
    sets = drawn([0.5, -0.5, 0.0]).keep(("product: b", "product: c"))
    sets = sets.select(sets.set >= 10)
    shares = sets.shares
    found = diverted(logit_of(sets), sets)
    assert found[0] == pytest.approx([0, shares[1] / (1 - shares[0]), shares[2] / (1 - shares[0])], abs=1e-6)


def test_rows_of_diversion_sum_to_one(drawn):
    """All buyers of what is missing go somewhere else, and none to what is missing."""
    sets = drawn([[1.0, -1.0, -0.4], [-1.5, 1.0, -1.2]])
    found = diverted(logit_of(sets), sets)
    assert found.sum(axis=1) == pytest.approx(np.ones(3))
    assert (np.diag(found) == 0).all()


def test_elasticities_of_a_logit_follow_their_formula(drawn):
    """In one set own elasticity is b p (1 - P) and cross elasticity -b p P (Train, 2009, 3.6)."""
    sets = drawn([0.5, -0.5, -0.5])
    model = logit_of(sets)
    one = sets.select(sets.set == sets.set[-1])
    price = one.offered[one.set[0], :, 2]
    chance = model.probabilities(one)[one.set[0]]
    slope = model.groups[0].part_worths[2]
    found = elasticities(model, one)
    if one.available[one.set[0]].all():
        assert found[0, 0] == pytest.approx(slope * price[0] * (1 - chance[0]), rel=1e-3)
        assert found[0, 1] == pytest.approx(-slope * price[0] * chance[0], rel=1e-3)
    else:
        assert np.isnan(found[0, 2])


def test_without_a_price_there_are_no_elasticities(drawn):
    """A model that reads no price tells none."""
    sets = drawn([0.5, -0.5, -0.5]).keep(("product: b", "product: c"))
    assert np.isnan(elasticities(logit_of(sets), sets)).all()
