import numpy as np
import pytest

from lotwise.forecast import scores
from lotwise.tables.forecasted import LEVELS


def test_scores_by_hand():
    """Two series of two weeks, every figure worked out beside it."""
    units = np.array([1.0, 3.0, 10.0, 10.0])
    mean = np.array([2.0, 3.0, 8.0, 11.0])
    series = np.array([0, 0, 1, 1])
    naive = np.array([[4.0, 4.0, 1.0, 1.0], [2.0, 2.0, 1.0, 1.0]])
    quantiles = np.repeat(mean[:, None], len(LEVELS), axis=1)
    found = scores.score(units, mean, quantiles, series=series, scaled=series, naive=naive)
    assert found["rmse"] == pytest.approx(np.sqrt((1 + 0 + 4 + 1) / 4))
    assert found["mae"] == pytest.approx(1.0)  # (1 + 0 + 2 + 1) / 4
    assert found["r2_within"] == pytest.approx(1 - 6 / 2)  # around own means 2 and 10: 1 + 1 + 0 + 0
    assert found["rmsse"] == pytest.approx((np.sqrt(0.5 / 4) + np.sqrt(2.5)) / 2)  # mean squares 0.5 and 2.5
    assert found["mase"] == pytest.approx((0.5 / 2 + 1.5 / 1) / 2)
    assert found["bias"] == pytest.approx(0.0)  # 1 + 0 - 2 + 1
    assert found["coverage50"] == pytest.approx(0.25)


def test_the_continuous_score_of_a_point_is_its_absolute_error():
    """With all quantiles equal the score is |error|, but for the tails beyond 1 % and 99 % that no level stands for."""
    found = scores.crps(np.array([5.0]), np.full((1, len(LEVELS)), 3.0))
    # twice the integral of level * 2 from 0.01 to 0.99
    assert found[0] == pytest.approx(2 * 2 * (0.99**2 - 0.01**2) / 2)


def test_scores_that_are_not_defined_are_absent():
    """No demand has no scaled score, and a flat past no scale."""
    zeros = np.zeros(3)
    found = scores.score(
        zeros, zeros, np.zeros((3, len(LEVELS))), series=np.arange(3), scaled=np.arange(3), naive=np.zeros((2, 3))
    )
    assert [found[name] for name in ("scrps", "bias", "rmsse", "mase", "r2_within")] == [None] * 5
    assert found["rmse"] == 0


def test_naive_errors_leave_out_weeks_before_the_series():
    """Steps 2 and -4: mean square 10, mean absolute 3."""
    np.testing.assert_allclose(scores.naive_errors(np.array([[np.nan, 1.0, 3.0, -1.0]])), [[10], [3]])
