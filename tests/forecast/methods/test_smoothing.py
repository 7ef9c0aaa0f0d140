import numpy as np
import pytest

from lotwise.forecast.methods import smoothing


def test_exponential_smoothing_by_hand():
    """With weight 0.5: 10, then 10 + 0.5 * (20 - 10) = 15, then 15 + 0.5 * (5 - 15) = 10."""
    np.testing.assert_allclose(smoothing.smoothed(np.array([[10.0, 20.0, 5.0]]), (0.5,)), [[10, 15, 10]])


def test_a_week_that_is_not_known_moves_nothing():
    """The level waits through a gap, and begins with the first demand."""
    found = smoothing.smoothed(np.array([[np.nan, 10.0, np.nan, 20.0]]), (0.5,))
    np.testing.assert_array_equal(found, [[np.nan, 10, 10, 15]])


def test_smoothing_takes_the_weight_that_erred_least():
    """A series that jumps once and stays is followed best by the largest weight."""
    units = np.array([[0.0] * 5 + [10.0] * 15])
    np.testing.assert_allclose(smoothing.smoothed(units)[0, -1], smoothing.smoothed(units, (0.5,))[0, -1])


def test_holt_by_hand():
    """Weights 0.5 and 0.5 of 10, 14, 20.

    Level 10, trend 0. Error 4: level 12, trend 0.5 * 0.5 * 4 = 1. Expected 13, error 7: level 16.5, trend
    1 + 0.25 * 7 = 2.75. Two weeks on: 16.5 + 2.75 = 19.25 and 22.
    """
    found = smoothing.holt(np.array([[10.0, 14.0, 20.0]]), 2, 1, [(0.5, 0.5, 1.0)])
    np.testing.assert_allclose(found[0], [[10, 10], [13, 14], [19.25, 22]])


def test_damped_by_hand():
    """The same, a fifth of the trend lost each week.

    Error 4: level 12, trend 1. Expected 12.8, error 7.2: level 16.4, trend 0.8 + 0.25 * 7.2 = 2.6. Two weeks on:
    16.4 + 0.8 * 2.6 = 18.48 and 18.48 + 0.64 * 2.6 = 20.144.
    """
    found = smoothing.holt(np.array([[10.0, 14.0, 20.0]]), 2, 1, [(0.5, 0.5, 0.8)])
    np.testing.assert_allclose(found[0, -1], [18.48, 20.144])


def test_a_trend_never_leads_below_nothing():
    """What falls fast is expected to stop at 0."""
    assert smoothing.holt(np.linspace(40, 1, 14)[None], 9, 1).min() == 0


def test_a_straight_line_is_continued_by_holt_and_left_by_damping():
    """On a line of slope 2 the trend found is 2 within a tenth; damped, it goes on for less."""
    units = 10 + 2 * np.arange(60.0)[None]
    line, damped = (make(units, 4, 1)[0, -1] for make in (smoothing.holt, smoothing.damped))
    np.testing.assert_allclose(line, 128 + 2 * np.arange(1, 5), rtol=0.01)
    assert (damped[1:] < line[1:]).all()


def test_simple_smoothing_agrees_with_statsforecast():
    """With one weight, the forecast is that of statsforecast."""
    models = pytest.importorskip("statsforecast.models")
    units = np.random.default_rng(2).poisson(9, (3, 50)).astype(float)
    theirs = [models.SimpleExponentialSmoothing(alpha=0.3).forecast(y=own, h=1)["mean"][0] for own in units]
    np.testing.assert_allclose(smoothing.smoothed(units, (0.3,))[:, -1], theirs, rtol=1e-6)


@pytest.mark.parametrize("damped", [False, True])
def test_trends_agree_with_statsforecast(damped):
    """Given the weights, the damping and the start that statsforecast fitted, level and trend end where its end."""
    models = pytest.importorskip("statsforecast.models")
    units = 20 + np.arange(40.0) + np.random.default_rng(3).normal(0, 4, 40)
    fitted = models.AutoETS(season_length=1, model="AAN", damped=damped).fit(units).model_
    weight, trend_weight = fitted["par"][:2]
    damping = fitted["par"][3] if damped else 1.0
    begin = fitted["states"][0]
    setting = (weight, trend_weight / weight, damping)
    level, trend, _ = smoothing.states(units[None], setting, (begin[0], begin[1]))
    np.testing.assert_allclose([level[0, -1], trend[0, -1]], fitted["states"][-1][:2], rtol=1e-4)
