import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lotwise.config import Forecast
from lotwise.forecast import conformal
from lotwise.forecast.design import bare
from lotwise.forecast.methods import empirical, means
from lotwise.forecast.task import Task
from lotwise.tables.forecasted import LEVELS

MIDDLE = LEVELS.index(0.5)


@given(arrays.arrays(float, (4, 9), elements=st.floats(0, 1000, width=32)), st.integers(0, 8))
def test_history_quantiles_are_numpys(units, begin):
    """Quantiles of own history are numpy's over the weeks that exist."""
    units = units.copy()
    units[0, :begin] = np.nan
    found = empirical.history(units)
    np.testing.assert_allclose(found[1:], np.quantile(units[1:], LEVELS, axis=1).T, atol=1e-9)
    np.testing.assert_allclose(found[0], np.quantile(units[0, begin:], LEVELS), atol=1e-9)


def test_a_series_without_history_gets_zeros():
    """Nothing known is nothing expected."""
    assert empirical.history(np.full((1, 3), np.nan)).max() == 0
    assert empirical.average(np.full((1, 3), np.nan))[0] == 0


def test_quantiles_around_a_point_are_its_past_errors():
    """Naive forecasts of 0, 1, 3, 6 erred by 1, 2, 3 one week ahead: the median is 6 + 2, and by 3, 5 two weeks ahead."""
    units = np.array([[0.0, 1.0, 3.0, 6.0]])
    found = empirical.around(units, empirical.flat(means.naive)(units, 2, 1))
    np.testing.assert_allclose(found[0, :, MIDDLE], [8, 10])
    assert (np.diff(found, axis=2) >= 0).all()


def test_a_horizon_without_errors_takes_those_of_the_one_before():
    """Of 0, 1, 3 no forecast four weeks ahead can be judged: its median stays that of two weeks ahead, 3 + 3."""
    units = np.array([[0.0, 1.0, 3.0]])
    found = empirical.around(units, empirical.flat(means.naive)(units, 4, 1))
    np.testing.assert_allclose(found[0, :, MIDDLE], [4.5, 6, 6, 6])


def test_weeks_before_a_series_begins_are_no_errors():
    """A series that begins with 100 and stays there has never been forecast wrongly."""
    units = np.array([[np.nan, np.nan, 100.0, 100.0, 100.0]])
    found = empirical.curve(units, empirical.flat(means.naive)(units, 1, 1))
    np.testing.assert_allclose(found.quantiles, 100)


def test_error_paths_are_scaled_and_end_where_the_horizon_is_known():
    """Of 1, 2, 4, 8 the origins with two known weeks ahead are the first two: errors 1, 3 and 2, 6."""
    units = np.array([[1.0, 2.0, 4.0, 8.0]])
    found = empirical.paths(units, empirical.flat(means.naive)(units, 2, 1))
    expected = np.array([[1, 2], [3, 6]]) / conformal.scale(np.array([1.0, 2.0]))
    np.testing.assert_allclose(found[0], expected)


@pytest.mark.parametrize("name", ["mean", "quantiles", "errors"])
def test_series_in_parts_are_as_series_at_once(name, monkeypatch):
    """How many series are looked at together changes nothing."""
    units = np.random.default_rng(0).poisson(4, (7, 30)).astype(float)
    task = Task(bare(units, 3, season=4), 29, (), Forecast(horizon=3))
    make = empirical.calibrated(means.seasonal)
    at_once = getattr(make(task), name)
    monkeypatch.setattr(empirical, "CHUNK", 2)
    np.testing.assert_array_equal(getattr(make(task), name), at_once)
