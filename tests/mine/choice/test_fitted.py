from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.choice.choices import lay
from lotwise.mine.choice.fitted import p_values, softmax
from lotwise.mine.choice.logit import logit


def test_p_values_are_the_normal_ones():
    """1.96 errors away is 5 %, none is 1, and an estimate without an error has no p-value."""
    found = p_values(np.array([1.959964, 0.0, 1.0]), np.array([1.0, 1.0, np.nan]))
    assert found[:2] == pytest.approx([0.05, 1.0], abs=1e-6)
    assert np.isnan(found[2])


def test_softmax_leaves_out_what_is_not_available():
    """Probabilities are of what is there; with nothing there all are 0."""
    utility, there = np.log([[1.0, 2.0, 5.0], [1.0, 1.0, 1.0]]), np.array([[True, True, False], [False, False, False]])
    assert softmax(utility, there) == pytest.approx(np.array([[1 / 3, 2 / 3, 0.0], [0.0, 0.0, 0.0]]))


def test_probabilities_do_not_read_what_is_not_available():
    """An absent number of something not on offer does not spoil the others."""
    rng = np.random.default_rng(0)
    attributes = rng.normal(size=(100, 3, 1))
    found = logit(lay(attributes, (attributes[:, :, 0] + rng.gumbel(size=(100, 3))).argmax(axis=1), ["x"]))
    offered = np.array([[[0.0], [1.0], [np.nan]]])
    chance = found.probabilities(offered, np.array([[True, True, False]]))
    assert chance[0] == pytest.approx([1 / (1 + np.exp(found["x"])), 1 / (1 + np.exp(-found["x"])), 0.0])
