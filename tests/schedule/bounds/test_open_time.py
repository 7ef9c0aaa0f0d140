"""Open minutes, against a count minute by minute."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.schedule.bounds.open_time import ALWAYS, merged, of_calendar, together, without
from lotwise.schedule.shop import INSIDE, PAUSES, RUNS_ON
from tests.schedule.brute import Open
from tests.schedule.shops import make_calendars, random_shop


@pytest.mark.parametrize("crossing", [INSIDE, PAUSES, RUNS_ON])
def test_finish_is_the_first_start_that_a_count_minute_by_minute_allows(crossing):
    """Work starts at the first minute at which it can start, and ends when it then does, whatever the calendar."""
    rng = np.random.default_rng(crossing)
    for _ in range(25):
        shop = random_shop(rng)
        worked = np.ones(len(shop.calendars.periods), dtype=bool)
        by_minute = Open(shop, worked)
        for calendar in range(len(shop.calendars.offsets) - 1):
            ready, minutes = int(rng.integers(0, 120)), int(rng.integers(0, 12))
            start = ready
            while by_minute.ended(calendar, start, minutes, crossing) is None:
                start += 1
            expected = start, by_minute.ended(calendar, start, minutes, crossing)
            found = of_calendar(shop.calendars, calendar).finish(np.array([ready]), np.array([minutes]), crossing)
            assert (int(found[0][0]), int(found[1][0])) == expected


def test_open_minutes_can_be_asked_both_ways():
    """The first minute with so many open minutes behind it has just so many behind it."""
    hours = merged([(10, 20), (30, 35), (35, 40), (50, ALWAYS)])
    spent = np.arange(11, 60)
    assert (hours.spent(hours.when(spent)) == spent).all()
    assert hours.opens.tolist() == [10, 30, 50]  # 30-35 and 35-40 touch


def test_what_is_not_worked_is_closed_and_the_end_of_a_calendar_is_open():
    """An overtime opening counts where it is worked; after its last closing a calendar is open without end."""
    calendars = make_calendars([[(0, 10), (10, 15, 0), (20, 30)]])
    assert of_calendar(calendars, 0, np.array([False])).opens.tolist() == [0, 20]
    assert of_calendar(calendars, 0, np.array([True])).closes.tolist() == [15, ALWAYS]


def test_two_machines_together_have_the_minutes_of_both():
    """Until each minute, machines together have worked as long as each of them for itself."""
    first, second = merged([(0, 10), (20, ALWAYS)]), merged([(5, 12), (15, 18), (25, ALWAYS)])
    both = together([first, second])
    minutes = np.arange(60)
    apart = [np.array([sum(any(a <= t < b for a, b in zip(h.opens, h.closes, strict=True)) for t in range(m)) for m in minutes])
             for h in (first, second)]  # fmt: skip
    assert (both.spent(minutes) == apart[0] + apart[1]).all()
    work = np.arange(1, 80)
    expected = [next(m for m in range(100) if both.spent(np.array([m]))[0] >= w) for w in work]
    assert both.when(work).tolist() == expected


def test_what_is_taken_is_left_out():
    """Minutes that are taken are no longer open."""
    left = without(merged([(0, 10), (20, 30)]), [(5, 22), (28, 29)])
    assert list(zip(left.opens.tolist(), left.closes.tolist(), strict=True)) == [(0, 5), (22, 28), (29, 30)]
