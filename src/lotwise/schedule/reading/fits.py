"""Modes in which an operation fits: within the hours of its machine and tools, and within the room of its batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.reading.faults import SHOWN, listed
from lotwise.schedule.reading.intervals import cut, longest, openings, shared, united
from lotwise.schedule.shop import INSIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.schedule.reading.faults import Faults
    from lotwise.schedule.reading.hours import Calendar, Hours
    from lotwise.schedule.reading.plant import Plant
    from lotwise.schedule.reading.tools import Needs, Out
    from lotwise.schedule.reading.work import Work


@dataclass(frozen=True)
class Timed:
    """Work without the modes that fit nowhere, and the calendar of each mode that is left."""

    work: Work
    calendar: np.ndarray


def mode_calendars(
    work: Work, of_machine: np.ndarray, needs: Needs, windows: dict[int, tuple[np.ndarray, np.ndarray]], calendar: Calendar
) -> tuple[np.ndarray, np.ndarray]:
    """Return the calendar of each mode, and whether it leaves no time: the machine's hours cut to those of its tools.

    Parameters
    ----------
    windows
        Stretches in which each tool with hours of its own is there.
    """
    has_hours = np.isin(needs.tool, list(windows))
    holder = np.repeat(np.arange(len(work.order)), np.diff(needs.offsets))
    groups: dict[int, tuple[int, ...]] = {}
    for operation, tool in zip(holder[has_hours].tolist(), needs.tool[has_hours].tolist(), strict=True):
        groups[operation] = (*groups.get(operation, ()), tool)
    kinds: dict[tuple[int, ...], int] = {(): 0}
    kind = np.zeros(len(work.order), np.int64)
    for operation, own in groups.items():
        kind[operation] = kinds.setdefault(own, len(kinds))
    operation = np.repeat(np.arange(len(work.order)), np.diff(work.offsets))
    pairs, place = np.unique(of_machine[work.machine] * len(kinds) + kind[operation], return_inverse=True)
    sets = list(kinds)
    split = [divmod(pair, len(kinds)) for pair in pairs.tolist()]
    found = np.array([_cut(base, sets[which], windows, calendar) for base, which in split], np.int64)
    is_empty = np.array([not len(one.opens) for one in calendar.made], bool)
    empty = is_empty[found] & (pairs % len(kinds) != 0)
    return found[place], empty[place]


def _cut(base: int, own: tuple[int, ...], windows: dict[int, tuple[np.ndarray, np.ndarray]], calendar: Calendar) -> int:
    if not own:
        return base
    found = calendar.made[base]
    if not len(found.opens):
        found = openings(np.array([0]), np.array([calendar.horizon]))
    for tool in own:
        found = shared(found, *windows[tool])
    return calendar.keep((base, own), found)


def tool_windows(
    names: tuple[str, ...], hours: Hours, outs: dict[int, Out], calendar: Calendar
) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Return when each tool with hours or outages is there. Overtime in a tool's shifts is time it is there."""
    found = {}
    for place, name in enumerate(names):
        away = outs[place].all_out if place in outs else (np.zeros(0, np.int64), np.zeros(0, np.int64))
        if name not in hours.patterns and not len(away[0]):
            continue
        there = calendar.tool(name) if name in hours.patterns else calendar.pattern(None, "")
        left = cut(there, *away)
        found[place] = united(left.opens, left.closes)
    return found


def fitting(timed: Timed, empty: np.ndarray, room: np.ndarray, made: Calendar, plant: Plant, faults: Faults) -> Timed:
    """Return the work without modes that cannot be, with a remark; an operation without any other is refused.

    Parameters
    ----------
    empty
        Whether each mode has no working time.
    room
        Of each machine.
    """
    work, calendar = timed.work, timed.calendar
    operation = np.repeat(np.arange(len(work.order)), np.diff(work.offsets))
    span = np.array([longest(one) for one in made.made], np.int64)[calendar]
    always = np.array([not len(one.opens) for one in made.made], bool)[calendar]
    minutes, size = work.minutes + work.added, np.nan_to_num(work.size, nan=1.0)[operation]
    long = (work.crossing[operation] == INSIDE) & (minutes > span) & ~always
    in_batch = work.family.is_valid().to_numpy(zero_copy_only=False)[operation]
    big = in_batch & (room[work.machine] > 0) & (size > room[work.machine])
    kept = ~(empty | long | big)
    left = np.bincount(operation[kept], minlength=len(work.order))
    nowhere = ((left == 0) & (np.diff(work.offsets) > 0))[operation]

    def who(at: int) -> str:
        return f"{work.key[int(operation[at])]} on {plant.name[work.machine[at]]}"

    def longer(at: int) -> str:
        return f"{who(at)} takes {minutes[at]} minutes, its longest opening is {span[at]}"

    def larger(at: int) -> str:
        return f"{who(at)} takes {size[at]:g} of a room of {room[work.machine[at]]:g}"

    _say(empty, nowhere, who, "its tools are never there while the machine is open; change the shifts of either", faults)
    _say(long & ~empty, nowhere, longer, "it never fits inside; set closed = pauses, split it, or lengthen the shift", faults)
    _say(big, nowhere, larger, "it is larger than the oven; split it, or give it a machine with more room", faults)
    modes = {name: getattr(work, name)[kept] for name in ("machine", "minutes", "added", "cost", "row")}
    return Timed(replace(work, offsets=np.concatenate([[0], np.cumsum(left)]), **modes), calendar[kept])


def _say(wrong: np.ndarray, nowhere: np.ndarray, tell: Callable[[int], str], what: str, faults: Faults) -> None:
    """Say which modes cannot be: a breach where an operation has no other, else a remark."""
    for places, add in ((wrong & nowhere, faults.add), (wrong & ~nowhere, faults.remark)):
        at = np.flatnonzero(places)
        if len(at):
            ending = what if add == faults.add else "this machine is left out, others fit"
            add(f"The operations: {listed([tell(int(one)) for one in at[:SHOWN]], len(at))}: {ending}")
