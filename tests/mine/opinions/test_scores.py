"""Accuracy, macro F1, calibration error and Wilson's interval against closed forms and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from lotwise.mine.opinions import scores


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_macro_f1_is_scikit_learns(pairs):
    """The mean F1 over the classes that occur is that of scikit-learn."""
    truth, found = np.array(pairs).T
    assert scores.macro_f1(truth, found) == pytest.approx(f1_score(truth, found, average="macro", zero_division=0))


def test_calibration_error_by_hand():
    """Ten texts at 0.8 of which 6 are right and ten at 0.6 that all are, in ten groups of two."""
    certainty = np.repeat([0.8, 0.6], 10)
    right = np.array([True, False, True, False, True, True, False, True, False, True, *[True] * 10])
    # ten groups of two in order of certainty: five all right at 0.6 (gap 0.4); at 0.8 the pairs hold 1, 1, 2, 1, 1 right
    assert scores.calibration_error(right, certainty) == pytest.approx((5 * 0.4 + 4 * 0.3 + 0.2) / 10)


def test_wilson_by_hand():
    """For 9 of 10 and z = 1.96 the interval is 0.596 to 0.982, as in the textbooks; the ends stay within 0 and 1."""
    assert scores.wilson(9, 10, 1.96) == pytest.approx((0.596, 0.982), abs=5e-4)
    assert scores.wilson(0, 3, 1.645)[0] == 0
    assert scores.wilson(3, 3, 1.645)[1] == 1
