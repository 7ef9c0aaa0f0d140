"""A weekly pattern unfolded."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lotwise.schedule.reading.weekly import WEEK, pattern, unfold

NONE = np.zeros(0, np.int64)


def openings_of(rows):
    days, starts, lengths = (np.array(part) for part in zip(*rows, strict=True))
    return pattern(days, starts, (starts + lengths) % 1440, np.zeros(len(rows), bool))


ROWS = st.lists(
    st.tuples(st.integers(1, 7), st.integers(0, 1439), st.integers(1, 1440)),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[0],
)


@given(ROWS, st.integers(0, WEEK - 1), st.integers(1, 5))
def test_whole_weeks_conserve_open_minutes(rows, monday, weeks):
    """Wherever the horizon begins, so many whole weeks are open so many times the minutes of one week."""
    week = openings_of(rows)
    found = unfold(week, monday, weeks * WEEK, NONE, lambda _row, _begins: -1)
    assert (found.closes - found.opens).sum() == round(weeks * WEEK * week.share)
    assert (found.opens[1:] > found.closes[:-1]).all()
    assert (found.opens.min(initial=0), found.closes.max(initial=0) <= weeks * WEEK) == (0, True)


@given(ROWS, st.integers(0, WEEK - 1))
def test_each_minute_is_open_as_the_week_says(rows, monday):
    """A minute is open if an opening of the pattern, of its week or the one before, reaches over it."""
    week = openings_of(rows)
    found = unfold(week, monday, WEEK, NONE, lambda _row, _begins: -1)
    is_open = np.zeros(WEEK, bool)
    for opens, closes in zip(found.opens, found.closes, strict=True):
        is_open[opens:closes] = True
    expected = np.zeros(WEEK, bool)
    for begins, minutes in zip(week.begins, week.minutes, strict=True):
        expected[(np.arange(begins, begins + minutes) - monday) % WEEK] = True
    assert (is_open == expected).all()


@given(ROWS, ROWS)
def test_overtime_adds_to_regular_hours(regular, extra):
    """With overtime a week is open as long as both patterns together, and no minute is in two openings."""
    both = openings_of([*regular, *extra])
    overtime = both._replace(overtime=np.arange(len(both.begins)) >= len(regular))
    together = unfold(both, 0, WEEK, NONE, lambda _row, _begins: -1)
    found = unfold(overtime, 0, WEEK, NONE, lambda row, _begins: row)
    assert (found.closes - found.opens).sum() == (together.closes - together.opens).sum()
    assert (found.opens[1:] >= found.closes[:-1]).all()
    alone = unfold(openings_of(regular), 0, WEEK, NONE, lambda _row, _begins: -1)
    assert (found.closes - found.opens)[found.period < 0].sum() == (alone.closes - alone.opens).sum()
