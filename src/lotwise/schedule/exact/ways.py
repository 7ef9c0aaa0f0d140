"""Calendars as whole numbers: in which stretches of time an operation can start, and how long it then takes.

How long an operation is under way depends on its start only through the closed minutes it spans, and these are the same for
whole stretches of starts. So one mode becomes a few ways of fixed length, each with the starts it holds for; likewise set-ups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lotwise.schedule.bounds.heads import fixed_of, heads
from lotwise.schedule.bounds.open_time import ALWAYS, merged, of_calendar, without
from lotwise.schedule.exact.overtime import choices, openings_of, pieces
from lotwise.schedule.shop import INSIDE, RUNS_ON

if TYPE_CHECKING:
    from lotwise.schedule.bounds.open_time import OpenTime
    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop


class Way(NamedTuple):
    """One mode at starts within ``stretches`` (first and last minute), from start to end in ``minutes``.

    It holds where the calendar's overtime is worked by its ``choice``; then ``constant`` + ``slope`` x start of the minutes are
    overtime.
    """

    mode: int
    machine: int
    minutes: int
    stretches: tuple[tuple[int, int], ...]
    choice: tuple[int, int]
    constant: int
    slope: int


def horizon(shop: Shop, begin: Schedule | None) -> int:
    """Return a minute by which some best schedule has ended.

    After every release, in time that is open by all calendars, a schedule in which nothing can be earlier never idles:
    something runs, is set up or dries, but for the end of an opening into which nothing fits. So it ends by the time such
    minutes add up to all the work, set-ups and lags there are. Overtime can be worth waiting for: then all of that comes after
    all calendars. Where the makespan alone counts, no later than what was found before.
    """
    modes, goal, free = shop.modes, shop.goal, ~fixed_of(shop)
    owner = np.repeat(np.arange(shop.size), np.diff(modes.offsets))
    longest = np.zeros(shop.size, dtype=np.int64)
    np.maximum.at(longest, owner, modes.minutes + modes.added)
    first = [0, *shop.operations.release, *shop.orders.release, *shop.machines.free]
    if shop.before is not None:
        first += shop.before.end[~free].tolist()
    setup = int(shop.setups.minutes.max()) if shop.setups.minutes.size else 0
    changeovers = setup * int((free & (shop.operations.state >= 0)).sum())
    work = int(longest[free].sum()) + int(np.maximum(shop.operations.lag, 0).sum()) + changeovers
    if len(shop.calendars.periods):
        whole = max(int(max(first)), int(shop.calendars.closes.max(initial=0))) + work
    else:
        whole = _over(shop, int(max(first)), work, int(longest.max(initial=0)))
    others = goal.tardiness, goal.flow, goal.setup_minute, goal.machine_change, goal.sequence_change
    only_makespan = not any(others) and not shop.setups.cost.any() and not modes.cost.any()
    return min(whole, max(0, int(begin.end.max()))) if only_makespan and begin is not None and goal.makespan > 0 else whole


def _over(shop: Shop, first: int, work: int, longest: int) -> int:
    """Return by when so much work is over after the first minute, the last ``longest`` minutes of each opening left idle."""
    common = merged([(first, ALWAYS)])
    for c in np.unique(np.concatenate((shop.modes.calendar, shop.machines.calendar))).tolist():
        hours = of_calendar(shop.calendars, c)
        gaps = zip([-ALWAYS, *hours.closes[:-1].tolist()], hours.opens.tolist(), strict=True)
        common = without(common, [gap for gap in gaps if gap[0] < gap[1]])
    used = np.cumsum(np.maximum(common.closes - common.opens - longest, 0))
    last = int(np.searchsorted(used, work))
    return int(common.opens[last]) + work - (int(used[last - 1]) if last else 0) + longest


def floors(shop: Shop) -> np.ndarray:
    """Return the minute from which each machine can be set up or used: it is free, and its fixed operations are over."""
    floor: np.ndarray = np.maximum(shop.machines.free, 0)
    if shop.before is not None:
        fixed = fixed_of(shop)
        np.maximum.at(floor, shop.before.machine[fixed], shop.before.end[fixed])
    return floor


def fixed_modes(shop: Shop) -> dict[int, int]:
    """Return the mode of each fixed operation: its first on the machine it is on."""
    if shop.before is None:
        return {}
    owner = np.repeat(np.arange(shop.size), np.diff(shop.modes.offsets))
    facts = np.flatnonzero(fixed_of(shop)[owner] & (shop.modes.machine == shop.before.machine[owner]))
    owners, first = np.unique(owner[facts], return_index=True)
    return dict(zip(owners.tolist(), facts[first].tolist(), strict=True))


def ways_of(shop: Shop, latest: int) -> list[list[Way]]:
    """Return the ways in which each operation can be done by the minute ``latest``; none for fixed operations."""
    fixed, floor, known = fixed_of(shop), floors(shop), heads(shop)
    found: list[list[Way]] = []
    for o in range(shop.size):
        ways: list[Way] = []
        for mode in range(shop.modes.offsets[o], shop.modes.offsets[o + 1]) if not fixed[o] else ():
            first = max(int(known.start[o]), int(floor[shop.modes.machine[mode]]))
            ways += _ways(shop, mode, int(shop.operations.crossing[o]), first, latest)
        found.append(ways)
    return found


def _ways(shop: Shop, mode: int, crossing: int, first: int, latest: int) -> list[Way]:
    """Return the ways of one mode with starts from ``first`` on."""
    machine, minutes = int(shop.modes.machine[mode]), int(shop.modes.minutes[mode] + shop.modes.added[mode])
    calendar, found = int(shop.modes.calendar[mode]), []
    for number, worked in enumerate(choices(shop.calendars, calendar)):
        extra = openings_of(shop.calendars, calendar, worked) if shop.machines.minute_cost[machine] > 0 and minutes else []
        lengths = _lengths(of_calendar(shop.calendars, calendar, worked), minutes, crossing)
        parts: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
        for length, stretches in sorted(lengths.items()):
            for a, b in stretches:
                stretch = max(a, first), min(b, latest - length)
                for constant, slope, part in pieces(extra, stretch, length) if stretch[0] <= stretch[1] else ():
                    parts.setdefault((length, constant, slope), []).append(part)
        for (length, constant, slope), stretches in parts.items():
            found.append(Way(mode, machine, length, tuple(stretches), (calendar, number), constant, slope))
    return found


def open_times(shop: Shop, worked: np.ndarray) -> list[OpenTime]:
    """Return the open time of each calendar, with the overtime that is worked."""
    return [of_calendar(shop.calendars, c, worked) for c in range(len(shop.calendars.offsets) - 1)]


def _lengths(hours: OpenTime, minutes: int, crossing: int) -> dict[int, list[tuple[int, int]]]:
    """Return, by minutes from start to end, the stretches of starts."""
    openings = list(zip(hours.opens.tolist(), hours.closes.tolist(), strict=True))
    if minutes == 0:
        return {0: [(openings[0][0] if len(openings) == 1 else 0, openings[-1][1])]}
    if crossing == RUNS_ON:
        return {minutes: [(a, b - 1) for a, b in openings]}
    if crossing == INSIDE:
        return {minutes: [(a, b - minutes) for a, b in openings if b - a >= minutes]}
    found: dict[int, list[tuple[int, int]]] = {}
    sizes, before = (hours.closes - hours.opens).tolist(), hours.before.tolist()
    for i, (opens, _) in enumerate(openings):
        for j in range(i, len(openings)):
            first = max(before[i], before[j] + 1 - minutes)
            last = min(before[i] + sizes[i] - 1, before[j] + sizes[j] - minutes)
            if first > before[i] + sizes[i] - 1:
                break
            if first <= last:
                closed = (openings[j][0] - before[j]) - (opens - before[i])
                found.setdefault(minutes + closed, []).append((first - before[i] + opens, last - before[i] + opens))
    return found


def setup_lengths(hours: OpenTime, minutes: int, latest: int) -> dict[int, list[tuple[int, int]]]:
    """Return, by minutes from its latest begin to its end, the stretches of ends of a set-up of so many open minutes."""
    found: dict[int, list[tuple[int, int]]] = {}
    sizes, before, opens = (hours.closes - hours.opens).tolist(), hours.before.tolist(), hours.opens.tolist()
    for i in range(len(opens)):
        for j in range(i, -1, -1):
            first = max(before[i], before[j] + minutes)
            last = min(before[i] + sizes[i], before[j] + sizes[j] - 1 + minutes)
            if last < before[i]:
                break
            if first <= last:
                closed = (opens[i] - before[i]) - (opens[j] - before[j])
                stretch = max(first - before[i] + opens[i], 0), min(last - before[i] + opens[i], latest)
                if stretch[0] <= stretch[1]:
                    found.setdefault(minutes + closed, []).append(stretch)
    return found
