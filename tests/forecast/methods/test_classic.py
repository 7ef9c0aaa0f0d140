import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lotwise.forecast.methods import classic
from lotwise.tables.forecasted import LEVELS


@given(arrays.arrays(float, (4, 9), elements=st.floats(0, 1000, width=32)), st.integers(0, 8))
def test_history_quantiles_are_numpys(units, begin):
    """Quantiles of own history are numpy's over the weeks that exist."""
    units = units.copy()
    units[0, :begin] = np.nan
    found = classic.history(units)
    np.testing.assert_allclose(found[1:], np.quantile(units[1:], LEVELS, axis=1).T, atol=1e-9)
    np.testing.assert_allclose(found[0], np.quantile(units[0, begin:], LEVELS), atol=1e-9)


def test_a_series_without_history_gets_zeros():
    """Nothing known is nothing expected."""
    assert classic.history(np.full((1, 3), np.nan)).max() == 0
    assert classic.average(np.full((1, 3), np.nan))[0] == 0


def test_exponential_smoothing_by_hand():
    """With weight 0.5: 10, then 10 + 0.5 * (20 - 10) = 15, then 15 + 0.5 * (5 - 15) = 10."""
    np.testing.assert_allclose(classic.smoothed(np.array([[10.0, 20.0, 5.0]]), (0.5,)), [[10, 15, 10]])


def test_smoothing_takes_the_weight_that_erred_least():
    """A series that jumps once and stays is followed best by the largest weight."""
    units = np.array([[0.0] * 5 + [10.0] * 15])
    np.testing.assert_allclose(classic.smoothed(units)[0, -1], classic.smoothed(units, (0.5,))[0, -1])


def test_croston_by_hand():
    """Sizes 4 then 4 + 0.1 * (14 - 4) = 5; intervals 2 then 2 + 0.1 * (3 - 2) = 2.1; forecasts 4 / 2 and 5 / 2.1."""
    found = classic.croston(np.array([[0.0, 4.0, 0.0, 0.0, 14.0]]))
    np.testing.assert_allclose(found, [[0, 2, 2, 2, 5 / 2.1]])


def test_croston_of_no_demand_is_zero():
    """A series that never sold is expected not to."""
    assert classic.croston(np.zeros((2, 6))).max() == 0


def test_quantiles_around_a_point_are_its_past_errors():
    """Naive forecasts of 0, 1, 3, 6 erred by 1, 2, 3 one week ahead: the median is 6 + 2, and by 3, 5 two weeks ahead."""
    units = np.array([[0.0, 1.0, 3.0, 6.0]])
    found = classic.around(units, classic.naive(units), 2)
    middle = LEVELS.index(0.5)
    np.testing.assert_allclose(found[0, :, middle], [8, 10])
    assert (np.diff(found, axis=2) >= 0).all()
