"""The shifts of machines: the hours of their usual week, by weekday."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from lotwise.collect.frepple.calendars import clock, usual_shifts, weekly_hours
from lotwise.collect.frepple.machines import calendars_of, members_of
from lotwise.collect.frepple.rows import or_, some
from lotwise.tables.weeks import monday

if TYPE_CHECKING:
    from lotwise.collect.frepple.calendars import Calendar, Shift
    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation

FULL = 100.0
"""Efficiency, in percent, of a resource whose hours are those of the clock."""


def take_shifts(models: dict[str, list[Row]], made: Translation) -> None:
    """Take when machines work, where a calendar says so and all machines of a resource work at the same hours.

    The schedule spreads the weekly hours of the others over Monday to Friday.
    """
    resources = {row["name"]: row for row in models["input.resource"]}
    groups, calendars = members_of(models["input.resource"]), calendars_of(models)
    open_in = {row["name"]: row["available"] for row in models["input.location"]}
    made.tables["shifts"], without = [], []
    for machine in made.tables["machines"]:
        found: list[list[Shift]] = []
        for leaf in groups[machine["machine"]]:
            shifts = _shifts(resources[leaf], open_in, calendars, made)
            count = max(1, round(or_(resources[leaf]["maximum"], 1.0))) if shifts is None else shifts[1]
            found += [shifts[0] if shifts else []] * count
        name = machine["machine"]
        if not all(found) or len(found) != machine["count"]:
            without.append(name)
            continue
        same = all(shifts == found[0] for shifts in found)
        for number, shifts_of_one in enumerate(found[:1] if same else found, start=1):
            called = name if same else f"{name} {number}"
            made.tables["shifts"] += [
                {"machine": called, "weekday": day, "starts": clock(start), "ends": clock(end)}
                for day, start, end in shifts_of_one
            ]
    if without:
        made.notes.append(
            f"input.calendar: no shifts of {some(without)}; the schedule spreads weekly hours over Monday to Friday"
        )


def _shifts(
    one: Row, open_in: dict[str, str | None], calendars: dict[str, Calendar], made: Translation
) -> tuple[list[Shift], int] | None:
    """Return the shifts of one resource and how many work by them; none where nobody says or it is no full hour they work."""
    when = [calendars[c] for c in dict.fromkeys((one["available"], open_in.get(one["location"]))) if c in calendars]
    level = calendars[one["maximum_calendar"]] if one["maximum_calendar"] in calendars else ([], or_(one["maximum"], 1.0))
    week = monday(made.today)
    since = made.today if made.today > week + timedelta(days=1) else week
    hours, most = weekly_hours(level, when, since)
    if not (when or level[0]) or or_(one["efficiency"], FULL) != FULL or not math.isclose(most, round(most)):
        return None
    shifts = usual_shifts(level, when, since, hours)
    return (shifts, round(most)) if shifts else None
