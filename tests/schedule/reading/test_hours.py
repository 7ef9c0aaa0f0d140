"""Calendars: weekly patterns, holidays, downtime, tools."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from lotwise.schedule.reading import is_stand_in, read
from lotwise.schedule.shop import RUNS_ON

MONDAY = datetime(2026, 11, 2, 6)  # noqa: DTZ001  wall-clock time
ORDERS = {"order": ["A"]}
OPERATIONS = {"order": ["A"], "operation": [1], "machine": ["saw"], "minutes": [30]}
WORKDAYS = {"machine": ["all"] * 5, "weekday": [1, 2, 3, 4, 5], "starts": ["06:00"] * 5, "ends": ["14:00"] * 5}
CLAMPS = {"tools": {"tool": ["clamp"], "count": [2]}, "tool_needs": {"operation": [1], "tool": ["clamp"]}}


def openings(shop, calendar):
    part = slice(shop.calendars.offsets[calendar], shop.calendars.offsets[calendar + 1])
    return list(zip(shop.calendars.opens[part].tolist(), shop.calendars.closes[part].tolist(), strict=True))


def test_a_week_is_unfolded_from_the_start():
    """From Monday 06:00 the days open at 0, 1440, ... and the Monday after at 10080; without shifts there are no openings."""
    shop = read(ORDERS, OPERATIONS, shifts=WORKDAYS, start=MONDAY)
    found = openings(shop, shop.machines.calendar[0])
    assert found[:6] == [(day * 1440, day * 1440 + 480) for day in (0, 1, 2, 3, 4, 7)]
    assert openings(read(ORDERS, OPERATIONS), 0) == []


def test_without_a_start_minute_0_is_a_monday():
    """The first opening is at 06:00 of the first day, minute 360; with now = 400 it has begun."""
    shop = read(ORDERS, OPERATIONS, shifts=WORKDAYS)
    assert openings(shop, 0)[:2] == [(360, 840), (1800, 2280)]
    assert openings(read(ORDERS, OPERATIONS, shifts=WORKDAYS, now=400), 0)[:2] == [(0, 440), (1400, 1880)]


def test_a_night_shift_ends_the_next_day():
    """22:00 to 06:00 on Sunday reaches into the Monday the horizon begins on."""
    shifts = {"machine": ["saw"], "weekday": [7], "starts": ["22:00"], "ends": ["06:00"]}
    assert openings(read(ORDERS, OPERATIONS, shifts=shifts), 0)[:2] == [(0, 360), (9960, 10440)]


def test_the_most_specific_shifts_count():
    """A machine's own before its group's before those of all; a calendar told by name before them all."""
    machines = {
        "machine": ["saw", "mill", "lathe", "drill"],
        "group": ["cut", "cut", None, None],
        "calendar": [None] * 3 + ["late"],
    }
    shifts = {
        "machine": ["saw", "cut", "all", "late", "drill"], "weekday": [1] * 5, "ends": ["24:00"] * 5,
        "starts": ["01:00", "02:00", "03:00", "04:00", "05:00"],
    }  # fmt: skip
    shop = read(ORDERS, OPERATIONS, machines, shifts=shifts)
    assert [openings(shop, at)[0][0] for at in shop.machines.calendar] == [60, 120, 180, 240]


def test_overtime_is_what_it_adds():
    """Overtime from 12:00 to 18:00 beside a shift until 14:00 is 14:00 to 18:00; each day of a group is a period of its own."""
    shifts = {
        "machine": ["all", "all"], "weekday": [1, 1], "starts": ["06:00", "12:00"], "ends": ["14:00", "18:00"],
        "overtime": [False, True],
    }  # fmt: skip
    shop = read(ORDERS, OPERATIONS, {"machine": ["saw", "mill"]}, shifts=shifts, start=MONDAY)
    assert openings(shop, 0)[:2] == [(0, 480), (480, 720)]
    assert shop.calendars.overtime[:2].tolist() == [-1, 0]
    assert shop.calendars.periods[0] == "saw Monday 2026-11-02 12:00"
    assert {name.split()[0] for name in shop.calendars.periods} == {"saw", "mill"}


def test_no_shift_begins_on_a_holiday():
    """Tuesday off: the second opening is on Wednesday; a day is a date or a text."""
    shop = read(ORDERS, OPERATIONS, shifts=WORKDAYS, start=MONDAY, holidays=[date(2026, 11, 3)])
    assert openings(shop, 0)[1] == (2880, 3360)
    assert openings(read(ORDERS, OPERATIONS, shifts=WORKDAYS, start=MONDAY, holidays=["2026-11-03"]), 0)[1] == (2880, 3360)


def test_downtime_splits_openings():
    """Down from 07:00 to 08:00 and again to 08:30; of machines of one group only the one that is named."""
    down = {"machine": ["saw 1", "saw 1"], "starts": [MONDAY + timedelta(minutes=60), MONDAY + timedelta(minutes=100)]}
    down["ends"] = [MONDAY + timedelta(minutes=120), MONDAY + timedelta(minutes=150)]
    machines = {"machine": ["saw"], "count": [2]}
    shop = read(ORDERS, OPERATIONS, machines, shifts=WORKDAYS, downtime=down, start=MONDAY)
    assert openings(shop, shop.machines.calendar[0])[:3] == [(0, 60), (150, 480), (1440, 1920)]
    assert openings(shop, shop.machines.calendar[1])[0] == (0, 480)
    assert shop.modes.calendar.tolist() == shop.machines.calendar.tolist()


def test_a_machine_that_is_always_open_is_down_too():
    """Without shifts it is open up to the breakdown and from its end on."""
    shop = read(ORDERS, OPERATIONS, downtime={"machine": ["saw"], "starts": [10], "ends": [25]})
    found = openings(shop, 0)
    assert (found[0], found[1][0], len(found)) == ((0, 10), 25, 2)


def test_the_calendar_reaches_over_all_work():
    """1,000 operations of 60 minutes on one machine with 40 hours a week are 25 weeks: they end before the calendar does."""
    rows = {"order": ["A"] * 1000, "operation": np.arange(1000), "machine": ["saw"] * 1000, "minutes": [60] * 1000}
    shop = read(ORDERS, rows, shifts=WORKDAYS, start=MONDAY)
    assert (shop.calendars.closes - shop.calendars.opens).sum() >= 60_000
    assert shop.calendars.closes[-1] >= 25 * 7 * 1440


def test_work_keeps_to_the_hours_of_its_tool():
    """A saw that is always open is used while its clamp is there; other operations of the saw are not bound."""
    rows = {"order": ["A", "A"], "operation": [1, 2], "machine": ["saw"] * 2, "minutes": [30] * 2}
    shifts = WORKDAYS | {"machine": ["clamp"] * 5}
    shop = read(ORDERS, rows, shifts=shifts, **CLAMPS)
    assert shop.operations.tool.tolist() == [0]
    assert openings(shop, shop.modes.calendar[0])[:2] == [(360, 840), (1800, 2280)]
    assert openings(shop, shop.modes.calendar[1]) == openings(shop, shop.machines.calendar[0]) == []


def test_hours_are_cut_where_all_of_a_tool_are_out():
    """Two clamps out from 10 to 30 and from 20 to 40: none is there from 20 to 30, one is out before and after."""
    down = {"machine": ["clamp", "clamp"], "starts": [10, 20], "ends": [30, 40]}
    shop = read(ORDERS, OPERATIONS, downtime=down, **CLAMPS)
    assert [part[0] for part in openings(shop, shop.modes.calendar[0])] == [0, 30]
    stands = is_stand_in(shop)
    assert stands.tolist() == [False, True, True]
    assert (shop.before.start[stands].tolist(), shop.before.end[stands].tolist()) == ([10, 30], [20, 40])
    assert shop.before.fixed.tolist() == [False, True, True]
    assert shop.operations.tool_count[1:].tolist() == [1, 1]
    assert (shop.operations.crossing[1:] == RUNS_ON).all()


def test_tool_needs_of_one_order_count_before_those_of_all():
    """Two clamps for A's first operation, one for that of every other order."""
    rows = {"order": ["A", "B"], "operation": [1, 1], "machine": ["saw"] * 2, "minutes": [30] * 2}
    needs = {"order": [None, "A"], "operation": [1, 1], "tool": ["clamp"] * 2, "count": [None, 2]}
    shop = read({"order": ["A", "B"]}, rows, tools=CLAMPS["tools"], tool_needs=needs)
    assert shop.operations.tool_offsets.tolist() == [0, 1, 2]
    assert shop.operations.tool_count.tolist() == [2, 1]


@pytest.mark.parametrize("minutes", [480, 481])
def test_inside_means_within_the_longest_opening(minutes):
    """Eight hours fit a shift of eight; a minute more goes to the machine that is always open, with a remark."""
    rows = {
        "order": ["A"] * 2,
        "operation": [1] * 2,
        "machine": ["saw", "mill"],
        "minutes": [minutes] * 2,
        "closed": ["inside"] * 2,
    }
    shop = read(ORDERS, rows, shifts=WORKDAYS | {"machine": ["saw"] * 5})
    assert shop.modes.machine.tolist() == ([0, 1] if minutes == 480 else [1])
