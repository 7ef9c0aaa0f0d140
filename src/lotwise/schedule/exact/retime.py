"""A schedule from the modes and the order of operations: everything as early as it can be in that order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.bounds.heads import fixed_of, levels
from lotwise.schedule.exact.ways import floors, open_times
from lotwise.schedule.jobs import Schedule

if TYPE_CHECKING:
    from lotwise.schedule.bounds.open_time import OpenTime
    from lotwise.schedule.shop import Shop


@dataclass
class _Machine:
    """What a machine has done last."""

    end: int
    state: int
    last: int = -1


@dataclass
class _Laid:
    """Operations laid so far and what they hold: for each tool, lists of (start, end, count)."""

    start: np.ndarray
    end: np.ndarray
    setup_start: np.ndarray
    behind: np.ndarray
    held: list[list[tuple[int, int, int]]] = field(default_factory=list)


def retime(shop: Shop, mode: np.ndarray, start: np.ndarray, worked: np.ndarray, *, early: bool = True) -> Schedule:
    """Return the schedule in which operations keep their modes and their order by start, each as early as it can be.

    Nothing starts later than it did, if the starts given were feasible: by induction over the order, at its old start an
    operation's predecessors, machine and tools are free no later than before.

    Parameters
    ----------
    mode, start
        ``(n,)`` of each operation; of fixed ones only the mode is used.
    worked
        ``(n_periods,)`` overtime that is worked.
    early
        Otherwise nothing starts earlier than it did: to wait can save overtime.
    """
    fixed, hours = fixed_of(shop), open_times(shop, worked)
    starts, ends, setup_starts, behind = (np.zeros(shop.size, dtype=np.int64) for _ in range(4))
    laid = _Laid(starts, ends, setup_starts, behind, [[] for _ in shop.tools.name])
    rows = [_Machine(int(end), int(state)) for end, state in zip(floors(shop), shop.machines.state, strict=True)]
    layer = np.zeros(shop.size, dtype=np.int64)
    for number, members in enumerate(levels(shop)):
        layer[members] = number
    if shop.before is not None:
        facts = np.flatnonzero(fixed)
        for o in facts[np.lexsort((facts, shop.before.end[facts], shop.before.start[facts]))].tolist():
            laid.start[o], laid.end[o] = shop.before.start[o], shop.before.end[o]
            _lay(shop, o, rows[shop.modes.machine[mode[o]]], laid)
            laid.setup_start[o] = laid.start[o]
    free = np.flatnonzero(~fixed)
    minutes = (shop.modes.minutes + shop.modes.added)[mode[free]]
    for o in free[np.lexsort((free, layer[free], minutes > 0, start[free]))].tolist():
        least = 0 if early else int(start[o])
        _place(shop, o, int(mode[o]), rows[shop.modes.machine[mode[o]]], laid, hours, least)
    batch = np.full(shop.size, -1, dtype=np.int64)
    return Schedule(mode.copy(), laid.start, laid.end, laid.setup_start, laid.behind, batch, worked.copy())


def _lay(shop: Shop, o: int, row: _Machine, laid: _Laid) -> None:
    laid.behind[o] = row.last
    row.last, row.end = o, max(row.end, int(laid.end[o]))
    if shop.operations.state[o] >= 0:
        row.state = int(shop.operations.state[o])
    for need in range(shop.operations.tool_offsets[o], shop.operations.tool_offsets[o + 1]):
        taken = int(laid.start[o]), int(laid.end[o]), int(shop.operations.tool_count[need])
        laid.held[shop.operations.tool[need]].append(taken)


def _place(shop: Shop, o: int, mode: int, row: _Machine, laid: _Laid, hours: list[OpenTime], least: int) -> None:
    operations, machine = shop.operations, int(shop.modes.machine[mode])
    setup = _setup(shop, o, machine, row.state)
    own = hours[int(shop.machines.calendar[machine])]
    ready = int(own.when(own.spent(row.end) + setup)) if setup else row.end
    ready = max(ready, int(operations.release[o]), int(shop.orders.release[operations.order[o]]), least)
    part = slice(operations.before_offsets[o], operations.before_offsets[o + 1])
    ready = max([ready, *(laid.end[operations.before[part]] + operations.lag[part]).tolist()])
    minutes = int(shop.modes.minutes[mode] + shop.modes.added[mode])
    calendar, crossing = hours[int(shop.modes.calendar[mode])], int(operations.crossing[o])
    while True:
        starts, ends = calendar.finish(np.array([ready]), np.array([minutes]), crossing)
        laid.start[o], laid.end[o] = starts[0], ends[0]
        later = _tools_wait(shop, o, laid)
        if later <= laid.start[o]:
            break
        ready = later
    laid.setup_start[o] = laid.start[o] if not setup else latest_begin(own, int(laid.start[o]), setup)
    _lay(shop, o, row, laid)


def _setup(shop: Shop, o: int, machine: int, state: int) -> int:
    matrix = shop.machines.setups[machine]
    if matrix < 0 or shop.operations.state[o] < 0:
        return 0
    return int(shop.setups.minutes[matrix, state, shop.operations.state[o]])


def latest_begin(hours: OpenTime, end: int, minutes: int) -> int:
    """Return the latest minute to begin work of so many open minutes, at least one, that is over by ``end``."""
    spent = int(hours.spent(end)) - minutes
    place = max(int(np.searchsorted(hours.before, spent, side="right")) - 1, 0)
    return int(hours.opens[place]) + spent - int(hours.before[place])


def _tools_wait(shop: Shop, o: int, laid: _Laid) -> int:
    """Return the minute to look at next where tools are short while the operation runs, else its start."""
    first, last, later = int(laid.start[o]), int(laid.end[o]), int(laid.start[o])
    for need in range(shop.operations.tool_offsets[o], shop.operations.tool_offsets[o + 1]):
        kind, count = int(shop.operations.tool[need]), int(shop.operations.tool_count[need])
        meets = [held for held in laid.held[kind] if held[0] < last and held[1] > first and held[0] < held[1]]
        moments = [first, *(held[0] for held in meets if held[0] > first)] if last > first else []
        for moment in moments:
            running = [held for held in meets if held[0] <= moment < held[1]]
            if sum(held[2] for held in running) + count > shop.tools.count[kind]:
                later = max(later, min(held[1] for held in running))
    return later
