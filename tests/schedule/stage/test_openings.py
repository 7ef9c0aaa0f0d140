from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given as for_all
from hypothesis import settings as rules
from hypothesis import strategies as some

from lotwise.schedule.stage.openings import Hours, Opening, both, cut, tidy
from lotwise.schedule.stage.park import park
from tests.schedule.stage.workshop import MONDAY, NEXT, at, given, workshop

DAY = 1440
spans = some.lists(some.tuples(some.integers(0, 60), some.integers(1, 20)), max_size=6)


def hours(tables, name, group, **schedule):
    told = given(tables, **schedule)
    place = park(told)
    return Hours(told, place, MONDAY).machine(name, place.groups[group])


def regular(openings, week=0):
    return sum(o.closes - o.opens for o in openings if not o.period and week * 7 * DAY <= o.opens < (week + 1) * 7 * DAY) / 60


def minutes(openings):
    return {minute for opening in openings for minute in range(opening.opens, opening.closes)}


def test_without_shifts_the_weekly_hours_are_spread_over_five_days():
    """Two benches of 80 hours together are open eight hours a day from day_starts on, Monday to Friday."""
    found = hours(workshop(), "bench 1", "bench", day_starts="07:00")
    assert found[:5] == [Opening(day * DAY + 7 * 60, day * DAY + 15 * 60) for day in range(5)]
    assert regular(found) == 40.0


def test_a_holiday_takes_its_day_and_machine_weeks_say_what_holds():
    """A closed Wednesday leaves 32 hours, as in the weekly plan; a row of machine_weeks is spread over the days left."""
    calendar = [{"day": date(2026, 11, 4), "region": "all", "name": "holiday", "working": False}]
    assert regular(hours(workshop(calendar=calendar), "saw", "saw")) == 32.0
    weeks = [{"machine": "saw", "week": MONDAY, "hours": 36.0}, {"machine": "saw", "week": NEXT, "hours": 0.0}]
    found = hours(workshop(calendar=calendar, machine_weeks=weeks), "saw", "saw")
    assert (regular(found), regular(found, 1)) == (36.0, 0.0)
    assert not any(2 * DAY <= o.opens < 3 * DAY for o in found)


def test_overtime_is_on_saturday_and_then_in_the_evening():
    """Twenty hours of overtime a week: sixteen on Saturday, the rest after Monday's hours; none where plans use none."""
    machines = [{"machine": "saw", "count": 1, "hours": 40.0, "overtime_hours": 20.0}]
    found = [o for o in hours(workshop(machines=machines), "saw", "saw") if o.period and o.opens < 7 * DAY]
    assert sum(o.closes - o.opens for o in found) == 20 * 60
    assert {o.period for o in found} == {"saw Saturday 2026-11-07", "saw Monday 2026-11-02"}


def test_shifts_hold_and_one_machine_can_have_its_own():
    """Bench 2 works mornings only; shifts past midnight end on the next day."""
    shifts = [
        {"machine": "bench", "weekday": 1, "starts": "22:00", "ends": "06:00"},
        {"machine": "bench 2", "weekday": 1, "starts": "06:00", "ends": "12:00"},
    ]
    tables = workshop(shifts=shifts)
    assert hours(tables, "bench 1", "bench")[0] == Opening(22 * 60, 30 * 60)
    assert hours(tables, "bench 2", "bench")[0] == Opening(6 * 60, 12 * 60)


def test_downtime_of_a_group_is_that_of_all_its_machines():
    """Both benches stand still on Monday from eight to ten."""
    down = [{"machine": "bench", "starts": at(1, 8), "ends": at(1, 10)}]
    found = hours(workshop(downtime=down), "bench 2", "bench")
    assert found[:2] == [Opening(360, 480), Opening(600, 840)]


@pytest.mark.parametrize("weekly", [0.5, 31.0, 79.0, 200.0, 920.0])
def test_a_group_without_a_count_has_its_weekly_hours(weekly):
    """As many machines as are needed, open as long as the plan says."""
    told = given(workshop(machines=[{"machine": "saw", "hours": weekly}, {"machine": "bench", "hours": 10.0}]))
    place = park(told)
    machines = place.groups["saw"].machines
    total = sum(regular(Hours(told, place, MONDAY).machine(name, place.groups["saw"])) for name in machines)
    assert total == pytest.approx(weekly, abs=len(machines) / 60)
    assert weekly / len(machines) <= 80.0


@for_all(first=spans, second=spans, overtime=spans)
@rules(max_examples=80, deadline=None)
def test_openings_are_minutes_that_are_put_together(first, second, overtime):
    """Tidied, cut and intersected openings hold exactly the minutes that sets of minutes do, in order and without overlap."""
    one = [Opening(start, start + length) for start, length in first]
    two = [Opening(start, start + length) for start, length in second]
    over = [Opening(start, start + length, "late") for start, length in overtime]
    tidied = tidy([*one, *over])
    assert minutes(tidied) == minutes(one) | minutes(over)
    assert all(before.closes <= after.opens for before, after in pairwise(tidied))
    assert minutes([o for o in tidied if not o.period]) == minutes(one)
    assert minutes(cut(tidied, [(o.opens, o.closes) for o in two])) == minutes(tidied) - minutes(two)
    assert minutes(both(tidied, tidy(two))) == minutes(tidied) & minutes(two)


def test_a_week_later_is_the_same_again():
    """Every week of the horizon has the same openings where nothing differs."""
    found = hours(workshop(), "saw", "saw")
    week = int(timedelta(days=7).total_seconds() // 60)
    assert [Opening(o.opens + week, o.closes + week) for o in found[:5]] == found[5:10]
