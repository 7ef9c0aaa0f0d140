import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lotwise.forecast import windows

PANELS = arrays.arrays(float, (3, 20), elements=st.one_of(st.floats(0, 100, width=32), st.just(np.nan)))


@given(PANELS, st.integers(2, 19), st.integers(2, 30))
def test_means_and_medians_are_numpys_over_the_last_weeks(values, week, span):
    """Every window equals the plain computation over its own weeks."""
    part = values[:, max(week - span + 1, 0) : week + 1]
    for row, inside in enumerate(part):
        known = inside[np.isfinite(inside)]
        expected = [known.mean(), np.median(known), known.max()] if len(known) else [np.nan] * 3
        found = [windows.mean(values, span)[row, week]]
        found += (
            [windows.median(values, span)[row, week], windows.largest(values, span)[row, week]] if span > 1 else expected[1:]
        )
        np.testing.assert_allclose(found, expected, atol=1e-9)


@given(PANELS, st.integers(1, 18))
def test_what_comes_later_changes_nothing(values, week):
    """The first weeks of every window are the same bytes when all later weeks are other."""
    other = values.copy()
    other[:, week:] = 17.0
    for function in (
        windows.mean, windows.deviation, windows.filled, windows.total,
        lambda x: windows.mean(x, 4), lambda x: windows.smooth(x, 0.7), lambda x: windows.median(x, 8),
        lambda x: windows.since(x > 3),
    ):  # fmt: skip
        assert function(values)[:, :week].tobytes() == function(other)[:, :week].tobytes()


def test_since_counts_weeks_from_the_last_time():
    """It is 0 in the week itself and counts on; before the first time it is the weeks so far."""
    happened = np.array([[False, True, False, False, True]])
    np.testing.assert_array_equal(windows.since(happened), [[1, 0, 1, 2, 0]])


def test_smoothing_keeps_its_share():
    """By hand: 4, then 0.75 * 4 + 0.25 * 8 = 5, then unchanged by an absent week."""
    np.testing.assert_allclose(windows.smooth(np.array([[4.0, 8.0, np.nan]]), 0.75), [[4, 5, 5]])


@pytest.mark.parametrize(("shift", "expected"), [(0, [[1, 2], [2, 3]]), (-1, [[0, 1], [1, 2]])])
def test_target_weeks_follow_their_origin(shift, expected):
    """Origin t and h weeks ahead is week t + h."""
    np.testing.assert_array_equal(windows.ahead(np.arange(4.0)[None], 2, 2, shift=shift)[0], expected)


def test_delay_shows_earlier_weeks():
    """Values of two weeks before, absent at the start."""
    np.testing.assert_array_equal(windows.delay(np.array([[1.0, 2.0, 3.0]]), 2), [[np.nan, np.nan, 1]])
    assert np.isnan(windows.delay(np.array([[1.0, 2.0]]), 5)).all()
