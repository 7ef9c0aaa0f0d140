import numpy as np
import pytest

from lotwise.forecast.methods import means


def test_the_last_known_week_stands():
    """After 3 and a week that is not known, 3 is expected; before a series begins, nothing is."""
    found = means.naive(np.array([[np.nan, 3.0, np.nan, 5.0]]))
    np.testing.assert_array_equal(found, [[np.nan, 3, 3, 5]])


def test_a_season_ago_by_hand():
    """Season 3 after 1..5: weeks 6, 7, 8 repeat 3, 4, 5 and week 9 is 3 again; after week 2 no season is whole."""
    found = means.seasonal(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]]), 4, 3)
    np.testing.assert_array_equal(found[0, -1], [3, 4, 5, 3])
    np.testing.assert_array_equal(found[0, 1], [2, 1, 2, 2])


def test_a_season_of_one_week_is_naive():
    """Where nothing comes again, a season ago is last week."""
    units = np.random.default_rng(0).poisson(3, (4, 9)).astype(float)
    np.testing.assert_array_equal(means.seasonal(units, 2, 1), np.repeat(means.naive(units)[:, :, None], 2, axis=2))


def test_drift_by_hand():
    """From 2 to 8 in three weeks is 2 a week: 10 and 12; downwards it stops at 0."""
    np.testing.assert_allclose(means.drift(np.array([[2.0, 9.0, 1.0, 8.0]]), 2, 1)[0, -1], [10, 12])
    np.testing.assert_allclose(means.drift(np.array([[9.0, 5.0, 3.0]]), 3, 1)[0, -1], [0, 0, 0])


def test_drift_counts_the_weeks_that_are_not_known():
    """1 and 3 two weeks apart rise by 1 a week; a week after the last known one, two weeks on is 3 + 1 + 1."""
    found = means.drift(np.array([[np.nan, 1.0, np.nan, 3.0, np.nan]]), 1, 1)
    np.testing.assert_array_equal(found[0, :, 0], [np.nan, 1, 1, 4, 5])


def test_moving_means_by_hand():
    """Of 2, 4, 9: the mean of two weeks is 2, 3, 6.5 and of all 2, 3, 5; a window without any week keeps the last mean."""
    np.testing.assert_allclose(means.moving(np.array([[2.0, 4.0, 9.0]]), 2), [[2, 3, 6.5]])
    np.testing.assert_allclose(means.moving(np.array([[2.0, 4.0, 9.0]])), [[2, 3, 5]])
    np.testing.assert_allclose(means.moving(np.array([[6.0, np.nan, np.nan, np.nan]]), 2), [[6, 6, 6, 6]])


def test_they_agree_with_statsforecast():
    """Naive, seasonal naive, drift and moving means are those of statsforecast."""
    models = pytest.importorskip("statsforecast.models")
    units = np.random.default_rng(1).poisson(30, (3, 40)).astype(float)
    for own in units:
        row = own[None]
        found = {
            models.Naive(): np.repeat(means.naive(row)[0, -1], 5),
            models.SeasonalNaive(season_length=4): means.seasonal(row, 5, 4)[0, -1],
            models.RandomWalkWithDrift(): means.drift(row, 5, 1)[0, -1],
            models.WindowAverage(window_size=8): np.repeat(means.MOVING[8](row)[0, -1], 5),
            models.HistoricAverage(): np.repeat(means.moving(row)[0, -1], 5),
        }
        for model, ours in found.items():
            np.testing.assert_allclose(ours, model.forecast(y=own, h=5)["mean"], rtol=1e-6)
