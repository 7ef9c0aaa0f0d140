"""Modes and set-ups as ways of fixed length, against a count minute by minute."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lotwise.schedule.bounds.open_time import of_calendar
from lotwise.schedule.exact.overtime import choices, periods_of
from lotwise.schedule.exact.ways import horizon, setup_lengths, ways_of
from lotwise.schedule.shop import Goal
from tests.schedule.brute import Open
from tests.schedule.shops import make_schedule, make_shop, random_shop


def test_every_start_has_its_one_way_its_length_and_its_overtime():
    """At each minute the ways of a mode say whether work can start there, when it then ends, and what of it is overtime."""
    rng = np.random.default_rng(6)
    for _ in range(6):
        shop = random_shop(rng, 2, 2, batches=False, fixed=False)
        shop = replace(shop, machines=replace(shop.machines, minute_cost=np.ones(2)))
        worked = rng.random(len(shop.calendars.periods)) < 0.5
        hours = Open(shop, worked)
        for o, ways in enumerate(ways_of(shop, 180)):
            first = min(way.stretches[0][0] for way in ways) + 12
            for mode in {way.mode for way in ways}:
                calendar, minutes = int(shop.modes.calendar[mode]), int(shop.modes.minutes[mode] + shop.modes.added[mode])
                own = periods_of(shop.calendars, calendar)
                number = next(i for i, c in enumerate(choices(shop.calendars, calendar)) if (c[own] == worked[own]).all())
                mine = [way for way in ways if way.mode == mode and way.choice == (calendar, number)]
                for start in range(first, 120):
                    here = [way for way in mine if any(a <= start <= b for a, b in way.stretches)]
                    end = hours.ended(calendar, start, minutes, int(shop.operations.crossing[o]))
                    expected = [] if end is None else [(end - start, hours.overtime(calendar, start, end))]
                    assert [(way.minutes, way.constant + way.slope * start) for way in here] == expected


def test_a_setup_begins_as_late_as_can_be():
    """For each end in open time there is one span, back to the latest begin."""
    rng = np.random.default_rng(9)
    shop = random_shop(rng, 2, 3)
    worked = np.ones(len(shop.calendars.periods), dtype=bool)
    hours = Open(shop, worked)
    for calendar in range(len(shop.calendars.offsets) - 1):
        found = setup_lengths(of_calendar(shop.calendars, calendar, worked), 4, 120)
        for end in range(60, 120):
            if hours.is_open(calendar, end - 1):
                spans = [span for span, stretches in found.items() if any(a <= end <= b for a, b in stretches)]
                assert spans == [end - hours.setup_start(calendar, end, 4)]


def test_the_horizon_is_what_is_known_where_the_makespan_alone_counts():
    """Nothing after the makespan of the schedule to begin with is looked at, but only if that is all that counts."""
    makespan = Goal(makespan=1.0, tardiness=0.0)
    apart, one = make_shop([[(0, 5)], [(1, 4)]], goal=makespan), make_shop([[(0, 5)], [(0, 4)]])
    begin = make_schedule(apart, [0, 1], [0, 0], [5, 4])
    assert horizon(apart, None) == 9 + 5  # one after the other, and what may not fit
    assert horizon(apart, begin) == 5
    assert horizon(one, make_schedule(one, [0, 1], [0, 5], [5, 9])) == 9 + 5
