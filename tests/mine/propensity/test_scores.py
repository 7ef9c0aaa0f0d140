from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.mine.propensity.scores import auc, brier, calibration_error, log_loss, report

ROWS = st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.sampled_from([0.1, 0.25, 0.5, 0.9])), min_size=1, max_size=40)


@given(ROWS)
def test_scores_equal_those_of_scikit_learn(rows):
    """Log loss, Brier and AUC equal a second implementation."""
    metrics = pytest.importorskip("sklearn.metrics")
    happened, chance = np.array(rows).T
    assert np.isclose(log_loss(happened, chance), metrics.log_loss(happened, chance, labels=[0, 1]))
    assert np.isclose(brier(happened, chance), np.mean((happened - chance) ** 2))
    if len(set(happened)) == 2:
        assert np.isclose(auc(happened, chance), metrics.roc_auc_score(happened, chance))
    else:
        assert auc(happened, chance) is None


@given(ROWS, st.randoms(use_true_random=False))
def test_calibration_error_does_not_depend_on_the_order_of_rows(rows, random):
    """Rows of one chance share their outcomes, so shuffling changes nothing."""
    happened, chance = np.array(rows).T
    order = list(range(len(rows)))
    random.shuffle(order)
    assert np.isclose(calibration_error(happened, chance), calibration_error(happened[order], chance[order]))


def test_calibration_error_by_hand():
    """Two groups: .2 said and 0 came, .6 said and 1 came: (.2 + .4) / 2."""
    assert np.isclose(calibration_error(np.array([0, 0, 1, 1.0]), np.array([0.2, 0.2, 0.6, 0.6]), groups=2), 0.3)


def test_precision_recall_and_f1_by_hand():
    """Three foreseen, two of them rightly, of four who did: 2/3, 1/2, 4/7."""
    found = report(np.array([1, 1, 0, 1, 1.0]), np.array([0.9, 0.8, 0.7, 0.2, 0.1]), 0.5)
    assert (found["precision"], found["recall"], found["f1"]) == pytest.approx((2 / 3, 1 / 2, 4 / 7))


def test_nobody_foreseen_has_no_precision():
    """A chance that is nowhere above the threshold foresees nobody."""
    found = report(np.array([1.0, 0.0]), np.array([0.5, 0.5]), 0.5)
    assert found["precision"] is None
    assert found["recall"] == 0
    assert found["f1"] is None
