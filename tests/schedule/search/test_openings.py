"""Open time against a walk through it, minute by minute."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.schedule.search.openings import back, fit, overtime_between
from lotwise.schedule.search.pack import _openings
from lotwise.schedule.shop import INSIDE, PAUSES, RUNS_ON
from tests.schedule.shops import make_calendars

HORIZON = 400
LENGTHS = st.integers(0, 12)
MINUTES = st.integers(0, 15)


@st.composite
def calendars(draw):
    """Return the openings of a calendar as the decoder has them, which periods are worked, and what each minute is.

    Openings may touch or lie apart, and some are overtime; there are up to 12, more than are looked at one by one.
    """
    now, rows = draw(LENGTHS), []
    for gap, length, period in draw(
        st.lists(st.tuples(st.integers(0, 6), st.integers(1, 12), st.integers(-3, 2)), min_size=0, max_size=12)
    ):
        rows.append((now + gap, now + gap + length, max(period, -1)))
        now += gap + length
    worked = np.array(draw(st.lists(st.booleans(), min_size=3, max_size=3)))
    is_open = np.zeros(HORIZON, dtype=bool)
    is_extra = np.zeros(HORIZON, dtype=bool)
    for opens, closes, period in rows:
        is_open[opens:closes] = period < 0 or worked[period]
        is_extra[opens:closes] = period >= 0 and worked[period]
    is_open[rows[-1][1] if rows else 0 :] = True
    openings, offsets = _openings(make_calendars([[(0, 1)], rows]))  # another calendar before it: places do not begin at 0
    return openings, offsets[1], offsets[2], worked, is_open, is_extra


def walked(is_open, minute, minutes, crossing):
    """Return start and end of work, found by trying minute after minute."""
    if minutes == 0:
        return minute, minute
    while not is_open[minute] or (crossing == INSIDE and not is_open[minute : minute + minutes].all()):
        minute += 1
    if crossing != PAUSES:
        return minute, minute + minutes
    return minute, minute + int(np.flatnonzero(np.cumsum(is_open[minute:]) == minutes)[0]) + 1


@given(calendars(), LENGTHS.map(lambda minute: 12 * minute), MINUTES, st.sampled_from((INSIDE, PAUSES, RUNS_ON)), st.data())
@settings(max_examples=300, deadline=None)
def test_work_fits_where_a_walk_puts_it(calendar, minute, minutes, crossing, data):
    """Start and end are those of a walk, from wherever before the minute the look-out begins."""
    openings, first, last, worked, is_open, _ = calendar
    over = int((openings["closes"][first : last - 1] <= minute).sum())
    cursor = first + data.draw(st.integers(0, over))
    assert fit(openings, cursor, last, minute, minutes, crossing, worked) == walked(is_open, minute, minutes, crossing)


@given(calendars(), st.integers(1, 150), MINUTES)
@settings(max_examples=300, deadline=None)
def test_a_set_up_begins_as_late_as_can_be(calendar, minute, minutes):
    """Where there is open time enough before a minute, it begins at the minute with exactly as many open ones up to it."""
    openings, first, last, worked, is_open, _ = calendar
    before = np.cumsum(is_open[:minute][::-1])
    if minutes == 0 or before[-1] < minutes:
        return
    expected = minute - 1 - int(np.flatnonzero(before == minutes)[0])
    assert back(openings, first, last, minute, minutes, worked) == expected


@given(calendars(), LENGTHS, st.integers(0, 150))
@settings(max_examples=200, deadline=None)
def test_overtime_is_counted_minute_by_minute(calendar, start, minutes):
    """The minutes of worked overtime between two minutes are those a walk counts."""
    openings, first, last, worked, _, is_extra = calendar
    expected = int(is_extra[start : start + minutes].sum())
    assert overtime_between(openings, first, last, start, start + minutes, worked) == expected
