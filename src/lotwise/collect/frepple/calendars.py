"""Hours of a week and closures, from calendars and their buckets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from lotwise.collect.frepple.rows import EVER, HOUR, NEVER, or_
from lotwise.collect.frepple.schema import WEEKDAYS, Row
from lotwise.tables.weeks import WEEK, monday

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lotwise.collect.frepple.translation import Translation

Calendar = tuple[list[Row], float]
"""Buckets, the one that counts first, and the value where there is none."""
Shift = tuple[int, float, float]
"""Weekday from 1, and the hours between which it is worked."""
DAY_HOURS = 24.0
YEAR_WEEKS = 52
"""Weeks from today on whose most frequent hours are a machine's working week."""
SPECIAL_DAYS = 62
"""A closure of more days is the rule, not a special period."""


def weekly_hours(level: Calendar, when: list[Calendar], since: date) -> tuple[list[float], float]:
    """Return the hours of each week of the coming year (all machines), and the most machines at once.

    The first week is that of ``since``; its hours are those from that day on.
    """
    week = monday(since)
    hours: list[float] = []
    most = 0.0
    for number in range(YEAR_WEEKS):
        total = 0.0
        for day in range(7):
            today = week + number * WEEK + timedelta(days=day)
            if today < since:
                continue
            for start, end, size, is_open in _stretches(level, when, today):
                most = max(most, size)
                total += size * (end - start) * is_open
        hours.append(round(total, 6))
    return hours, most


def _stretches(level: Calendar, when: list[Calendar], day: date) -> Iterator[tuple[float, float, float, bool]]:
    """Yield the stretches of a day: from and to which hour, machines at once, and whether they work."""
    sizes, *opens = (_on(calendar, day) for calendar in (level, *when))
    cuts = sorted({0.0, DAY_HOURS, *(cut for rows, _ in (sizes, *opens) for row in rows for cut in _cuts(row, day))})
    for start, end in pairwise(cuts):
        at = datetime.combine(day, time()) + timedelta(hours=(start + end) / 2)
        yield start, end, max(_value(sizes, at), 0.0), all(_value(calendar, at) > 0 for calendar in opens)


def usual_shifts(level: Calendar, when: list[Calendar], since: date, hours: list[float]) -> list[Shift] | None:
    """Return the shifts of the usual week of the coming year; none where not all machines work at the same hours.

    Parameters
    ----------
    level, when, since
        As for ``weekly_hours``.
    hours
        What that returned.
    """
    number = next(n for n in range(len(hours) - 1, -1, -1) if hours[n] == usual(hours))
    first = monday(since) + number * WEEK
    found: list[Shift] = []
    sizes = set()
    for weekday in range(7):
        for start, end, size, is_open in _stretches(level, when, first + timedelta(days=weekday)):
            if not is_open or size <= 0:
                continue
            sizes.add(size)
            if found and found[-1][0] == weekday + 1 and found[-1][2] == start:
                found[-1] = (weekday + 1, found[-1][1], end)
            else:
                found.append((weekday + 1, start, end))
    return found if len(sizes) == 1 else None


def clock(hour: float) -> str:
    """Return an hour of the day as text, such as 06:30."""
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def usual(hours: list[float]) -> float:
    """Return the most frequent hours of a week; of two as frequent, the longer."""
    return max(hours, key=lambda each: (hours.count(each), each))


def _on(calendar: Calendar, day: date) -> Calendar:
    """Return a calendar with the buckets that reach into a day only."""
    start = datetime.combine(day, time())
    end = start + timedelta(days=1)
    return [row for row in calendar[0] if (row["startdate"] or EVER) < end and start < (row["enddate"] or NEVER)], calendar[1]


def _cuts(bucket: Row, day: date) -> Iterator[float]:
    """Yield the hours of the day at which a bucket may begin or end."""
    yield from (hour for hour in (bucket["starttime"], bucket["endtime"]) if hour is not None)
    for edge in (bucket["startdate"], bucket["enddate"]):
        if edge is not None and edge.date() == day:
            yield (edge.hour * 3600 + edge.minute * 60 + edge.second) / HOUR


def _value(calendar: Calendar, at: datetime) -> float:
    """Return a calendar's value at a moment: that of the bucket in effect with the lowest priority number."""
    buckets, default = calendar
    hour = at.hour + at.minute / 60 + at.second / HOUR
    for row in buckets:
        inside = (row["startdate"] or EVER) <= at < (row["enddate"] or NEVER)
        on_time = or_(row["starttime"], 0.0) <= hour < or_(row["endtime"], DAY_HOURS)
        if inside and on_time and or_(row[WEEKDAYS[at.weekday()]], True):  # noqa: FBT003  the field's default
            return float(or_(row["value"], 0.0))
    return default


def closures(names: Iterable[str], calendars: dict[str, Calendar], week: date, today: date) -> Iterator[Row]:
    """Yield the days of the coming year on which a site's calendar closes it for a while."""
    days: dict[date, str] = {}
    for name in names:
        for row in calendars[name][0]:
            if row["startdate"] is None or row["enddate"] is None or or_(row["value"], 0.0) > 0:
                continue
            length = (row["enddate"] - row["startdate"]).days
            for number in range(length if length <= SPECIAL_DAYS else 0):
                day = row["startdate"].date() + timedelta(days=number)
                noon = datetime.combine(day, time(12))
                if today <= day < week + YEAR_WEEKS * WEEK and _value(calendars[name], noon) <= 0:
                    days.setdefault(day, f"closed ({name})")
    for day in sorted(days):
        yield {"day": day, "name": days[day], "working": "false"}


def count_calendars(models: dict[str, list[Row]], taken: set[str | None], week: date, made: Translation) -> None:
    """Count the calendars whose hours are taken, and the buckets of the coming year."""
    for row in models["input.calendar"]:
        made.keep_if("input.calendar", "" if row["name"] in taken else "says the hours of no machine that is used")
    until = week + YEAR_WEEKS * WEEK
    for row in models["input.calendarbucket"]:
        reason = "" if row["calendar"] in taken else "of calendars that are not carried over"
        first, last = row["startdate"] or EVER, row["enddate"] or NEVER
        if not reason and (first.date() >= until or last.date() <= week):
            reason = f"in effect only outside of the year from {week}"
        made.keep_if("input.calendarbucket", reason)
