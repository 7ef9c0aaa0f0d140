"""Slopes, against a second implementation, closed forms and pure noise."""

import numpy as np
import pytest
from scipy import stats

from lotwise.mine.trends.many import false_discovery
from lotwise.mine.trends.slopes import slope


def test_a_line_is_told_exactly():
    """A line that rises by 2 a week for 13 weeks has risen by 24, whatever its level."""
    found = slope(100 + 2.0 * np.arange(13))
    assert found.change == found.low == found.high == pytest.approx(24)
    assert found.p_value < 0.01


def test_the_slope_is_that_of_scipy():
    """The change is Sen's slope times the weeks between the first and the last."""
    values = np.random.default_rng(1).normal(size=20)
    assert slope(values).change == pytest.approx(stats.theilslopes(values).slope * 19)


def test_kendalls_test_is_that_of_scipy_for_independent_weeks():
    """Without autocorrelation the p-value is Mann and Kendall's: (|S| - 1) / its standard deviation."""
    values = np.array([3.0, 1.0, 4.0, 1.5, 5.0, 2.0, 6.0, 2.5, 7.0, 3.5])  # it goes up and down: nothing carries over
    first, second = np.triu_indices(10, 1)
    score = np.sign(values[second] - values[first]).sum()
    z = (abs(score) - 1) / np.sqrt(10 * 9 * 25 / 18)
    assert slope(values).p_value == pytest.approx(2 * stats.norm.sf(z))


def test_too_few_weeks_tell_nothing():
    """Five known weeks have no slope; a constant has one of 0 that is chance."""
    assert slope(np.array([1.0, np.nan, 2, 3, 4, np.nan, 5])) is None
    assert slope(np.full(10, 3.0)).p_value == 1


def test_noise_has_no_trend():
    """Of 500 series of noise, 6 % at most have a p-value below .05."""
    rng = np.random.default_rng(2)
    assert np.mean([slope(rng.normal(size=13)).p_value < 0.05 for _ in range(500)]) <= 0.06


def test_corrected_p_values_are_those_of_scipy():
    """Benjamini and Hochberg's correction is scipy's, with and without tests that are not listed."""
    p_values = np.random.default_rng(3).random(30) ** 3
    assert false_discovery(p_values) == pytest.approx(stats.false_discovery_control(p_values))
    more = np.concatenate([p_values, np.ones(70)])
    assert false_discovery(p_values, tests=100) == pytest.approx(stats.false_discovery_control(more)[:30])
    assert len(false_discovery(np.empty(0), tests=5)) == 0
