"""Operations lie in open time and last as long as they must; set-ups are long enough, and as late as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.check.hours import EVER
from lotwise.schedule.shop import INSIDE, PAUSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.schedule.check.seen import Seen


def hours(seen: Seen) -> Iterator[str]:
    """Yield operations that lie in closed time, or last longer or shorter than their minutes.

    Members of a batch whose modes keep different hours are right where the hours of one of them explain their times.
    """
    fault = np.zeros(seen.shop.size, dtype=np.int64)
    start, end, minutes = seen.schedule.start, seen.schedule.end, seen.minutes
    crossing = seen.shop.operations.crossing
    for here, open_ in seen.hours(seen.calendar):
        first = open_.opening(start[here])
        last = open_.opening(np.maximum(end[here] - 1, start[here]))
        pauses = crossing[here] == PAUSES
        worked = np.where(pauses, open_.passed(end[here]) - open_.passed(start[here]), end[here] - start[here])
        closed = (first < 0) | ((last < 0) & pauses) | ((last != first) & (crossing[here] == INSIDE))
        fault[here] = np.where(worked != minutes[here], 2, np.where(closed, 1, 0))
    fault = np.where(minutes == 0, np.where(end != start, 2, 0), fault)
    fault[seen.fixed] = 0
    least = np.full(int(seen.group.max(initial=-1)) + 1, 2)
    np.minimum.at(least, seen.group, fault)
    for o in np.flatnonzero(least[seen.group] > 0):
        how = ("must fit inside one opening", "pauses in closed time", "runs on in closed time")[crossing[o]]
        if fault[o] == 1:
            yield f"{seen.where(o)} starts, ends or lies in closed time; it {how}"
        else:
            yield f"{seen.where(o)} does not last the {minutes[o]} minutes it takes; it {how}"


def setups(seen: Seen) -> Iterator[str]:
    """Yield set-ups that begin too early, too late, or before their machine is free of what is before."""
    schedule, machines = seen.schedule, seen.shop.machines
    need = _needed(seen)
    leaders = np.flatnonzero(seen.leads & ~seen.fixed)
    behind = seen.behind[leaders]
    before = np.maximum(np.maximum(machines.free[seen.machine[leaders]], 0), np.where(behind >= 0, schedule.end[behind], 0))
    latest = schedule.start[leaders].copy()
    for here, open_ in seen.hours(machines.calendar[seen.machine[leaders]]):
        real = here[need[leaders[here]] > 0]
        latest[real] = open_.begun(schedule.start[leaders[real]], need[leaders[real]])
    for at in np.flatnonzero(latest < before):
        o, there = leaders[at], f"its machine is free from minute {before[at]} on"
        needed = f"minute {latest[at]}" if latest[at] > -EVER else "before the machine's first opening"
        yield f"{seen.where(o)} needs a set-up of {need[o]} minutes, which would have to begin at {needed}, but {there}"
    told = schedule.setup_start[leaders]
    for at in np.flatnonzero((told != latest) & (latest >= before)):
        o = leaders[at]
        yield f"{seen.where(o)}: its set-up of {need[o]} minutes is said to begin at minute {told[at]}, expected {latest[at]}"
    for o in np.flatnonzero(schedule.setup_start != schedule.setup_start[seen.leader]):
        yield f"{seen.where(o)}: its set-up is said to begin at another minute than that of the rest of its batch"
    for o in np.flatnonzero(seen.fixed & (schedule.setup_start > schedule.start)):
        yield f"{seen.where(o)}: its set-up is said to begin at minute {schedule.setup_start[o]}, after its start"


def _needed(seen: Seen) -> np.ndarray:
    """Return the minutes of set-up before each operation, following ``behind`` back to the last one that left a state."""
    shop, state = seen.shop, seen.shop.operations.state
    last = np.append(seen.behind, -1)
    stays = np.append(state < 0, False)
    for _ in range(max(shop.size.bit_length(), 1)):
        last = np.where((last >= 0) & stays[last], last[last], last)
    found = np.where(last[:-1] >= 0, state[last[:-1]], shop.machines.state[seen.machine])
    found = np.where((last[:-1] >= 0) & (found < 0), shop.machines.state[seen.machine], found)
    matrix = shop.machines.setups[seen.machine]
    needed = (matrix >= 0) & (state >= 0)
    minutes = np.zeros(shop.size, dtype=np.int64)
    minutes[needed] = shop.setups.minutes[matrix[needed], found[needed], state[needed]]
    return minutes
