"""What operations that only some machines can do need of the hours of those machines: bounds of the makespan."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lotwise.schedule.bounds.heads import fixed_of, heads
from lotwise.schedule.bounds.open_time import ALWAYS, OpenTime, Together, merged, of_calendar, together, without
from lotwise.schedule.shop import RUNS_ON

if TYPE_CHECKING:
    from lotwise.schedule.bounds.heads import Heads
    from lotwise.schedule.shop import Shop

TAILS = 50
"""Tails tried a set of machines; any choice of them is valid."""
SETS = 200
"""Sets of machines looked at, those with the most work first."""


class Load(NamedTuple):
    """Machines, and the operations that have to be done on one of them, ``(n,)`` each."""

    machines: tuple[int, ...]
    operations: np.ndarray
    minutes: np.ndarray


def makespan_bound(shop: Shop) -> int:
    """Return a makespan that no schedule is below, in minutes; 0 without operations.

    The largest of: the longest path through each order; and, for each set of machines and all operations with head >= r and
    tail >= q that only these can do, the first minute by which so many open minutes have passed since r, plus q. Over all r and
    q that is, for one machine always open, the value of Jackson's preemptive schedule.

    Returns
    -------
    int
        Minutes from the shop's start.

    References
    ----------
    Carlier, J. (1982). The one-machine sequencing problem. EJOR 11, 42-47. Sets of machines: Carlier, J. (1987). Scheduling
    jobs with release dates and tails on identical machines. EJOR 29, 298-306.
    """
    if not shop.size:
        return 0
    known = heads(shop)
    longest = int((known.end + known.tail).max())
    return max([longest, *(_load_bound(shop, known, load) for load in loads(shop))])


def completion_bounds(shop: Shop) -> np.ndarray:
    """Return the minute before which each order cannot end, ``(n_orders,)``; of an order without operations its release.

    The longest path through its operations in their quickest modes on empty machines, with calendars, releases and lags.
    """
    ends = np.full(len(shop.orders.name), -ALWAYS, dtype=np.int64)
    if shop.size:
        known = heads(shop)
        np.maximum.at(ends, shop.operations.order, known.end + known.order_tail)
    nothing = ends == -ALWAYS
    ends[nothing] = shop.orders.release[nothing]
    return ends


def loads(shop: Shop) -> list[Load]:
    """Return sets of machines with what only they can do: each set some operation has, and all machines together."""
    free = np.flatnonzero(~fixed_of(shop))
    minutes = _share(shop)
    able: dict[tuple[int, ...], list[int]] = {}
    for o in free.tolist():
        part = slice(shop.modes.offsets[o], shop.modes.offsets[o + 1])
        able.setdefault(tuple(np.unique(shop.modes.machine[part]).tolist()), []).append(o)
    sets = sorted(able, key=lambda machines: (-minutes[able[machines]].sum(), machines))[:SETS]
    everything = tuple(sorted({k for machines in able for k in machines}))
    if everything and everything not in sets:
        sets.append(everything)
    found = []
    for machines in sets:
        wide = set(machines)
        inside = np.sort(np.concatenate([able[other] for other in able if wide.issuperset(other)])).astype(np.int64)
        found.append(Load(machines, inside, minutes[inside]))
    return found


def _share(shop: Shop) -> np.ndarray:
    """Return the least minutes each operation takes of a machine for itself; of a batch its part of the room."""
    owner = np.repeat(np.arange(shop.size), np.diff(shop.modes.offsets))
    room, minutes = shop.machines.room[shop.modes.machine], shop.modes.minutes
    batched = (room > 0) & (shop.operations.family[owner] >= 0)
    part = minutes * np.minimum(shop.operations.size[owner], room) // np.maximum(room, 1)
    least: np.ndarray = np.minimum.reduceat(np.where(batched, part, minutes) + shop.modes.added, shop.modes.offsets[:-1])
    return least


def machine_hours(shop: Shop, load: Load) -> tuple[list[OpenTime], list[OpenTime]]:
    """Return when each machine of a load can work at most: by its calendars, and if nothing ever closed.

    Both begin when the machine is free and leave out what fixed operations take.
    """
    fixed, by_calendar, by_clock = fixed_of(shop), [], []
    owner = np.repeat(np.arange(shop.size), np.diff(shop.modes.offsets))
    used = np.isin(owner, load.operations)
    for k in load.machines:
        numbers = {int(shop.machines.calendar[k]), *shop.modes.calendar[used & (shop.modes.machine == k)].tolist()}
        hours = [of_calendar(shop.calendars, c) for c in numbers]
        union = merged([opening for h in hours for opening in zip(h.opens.tolist(), h.closes.tolist(), strict=True)])
        taken = [(-ALWAYS, max(0, int(shop.machines.free[k])))]
        if shop.before is not None and shop.machines.room[k] == 0:
            here = np.flatnonzero(fixed & (shop.before.machine == k))
            taken += list(zip(shop.before.start[here].tolist(), shop.before.end[here].tolist(), strict=True))
        by_calendar.append(without(union, taken))
        by_clock.append(without(merged([(-ALWAYS, ALWAYS)]), taken))
    return by_calendar, by_clock


def _load_bound(shop: Shop, known: Heads, load: Load) -> int:
    by_calendar, by_clock = machine_hours(shop, load)
    head, tail = known.start[load.operations], known.tail[load.operations]
    state = _states(shop, load)
    clock = together(by_clock)
    if len(load.machines) == 1 and (state < 0).all():
        least = jackson(np.maximum(head, clock.at[0]), load.minutes, tail)
    else:
        least = _subsets(clock, load, head, tail, _entering(shop, load, state))
    working = np.where(shop.operations.crossing[load.operations] == RUNS_ON, 0, load.minutes)
    if any(len(hours.opens) > 1 or hours.opens[0] > free.opens[0] for hours, free in zip(by_calendar, by_clock, strict=True)):
        entering = _entering(shop, load, state)
        least = max(least, _subsets(together(by_calendar), load._replace(minutes=working), head, tail, entering))
    return least


def jackson(head: np.ndarray, minutes: np.ndarray, tail: np.ndarray) -> int:
    """Return the value of Jackson's preemptive schedule: no sequence on one machine ends all tails sooner.

    At each moment the operation with the longest tail among those that are ready is worked on; a preemptive schedule can do all
    that an uninterrupted one can (Carlier 1982).

    Parameters
    ----------
    head, minutes, tail
        ``(n,)`` earliest starts, working minutes, and what follows at least.
    """
    by_head = np.argsort(head, kind="stable").tolist()
    left = minutes.tolist()
    waiting: list[tuple[int, int]] = []
    now, latest, place = 0, 0, 0
    while waiting or place < len(by_head):
        if not waiting:
            now = max(now, int(head[by_head[place]]))
        while place < len(by_head) and head[by_head[place]] <= now:
            heappush(waiting, (-int(tail[by_head[place]]), by_head[place]))
            place += 1
        longest, o = waiting[0]
        until = int(head[by_head[place]]) if place < len(by_head) else ALWAYS
        step = min(left[o], until - now)
        now, left[o] = now + step, left[o] - step
        if left[o] == 0:
            heappop(waiting)
            latest = max(latest, now - longest)
    return latest


def _subsets(hours: Together, load: Load, head: np.ndarray, tail: np.ndarray, entering: np.ndarray) -> int:
    """Return the most that follows from the operations with head >= r and tail >= q, over r and q.

    ``entering`` holds ``(n,)`` states, and minutes to enter each in a second row. On each machine, every state of these
    operations but the one it is in when the first of them starts is entered after r.
    """
    least = 0
    by_head = np.argsort(-head, kind="stable")
    tails = np.unique(tail)
    for q in tails[np.linspace(0, len(tails) - 1, min(TAILS, len(tails))).astype(int)]:
        kept = by_head[tail[by_head] >= q]
        work = np.cumsum(load.minutes[kept]) + _changeovers(entering[:, kept], len(load.machines))
        ends = hours.when(hours.spent(np.maximum(head[kept], hours.at[0])) + work)
        least = max(least, int(ends.max()) + int(q))
    return least


def _changeovers(entering: np.ndarray, machines: int) -> np.ndarray:
    """Return, for the first 1, 2, ... operations, the set-up minutes there are at least: all states' but the longest few."""
    minutes = np.zeros(entering.shape[1], dtype=np.int64)
    _, first = np.unique(entering[0], return_index=True)
    seen: list[int] = []
    for place in np.sort(first):
        if entering[0, place] < 0:
            continue
        seen.append(int(entering[1, place]))
        minutes[place:] = sum(sorted(seen)[: max(len(seen) - machines, 0)])
    return minutes


def _states(shop: Shop, load: Load) -> np.ndarray:
    """Return the state each operation needs; -1 where a machine of the load changes over in no time."""
    state: np.ndarray = shop.operations.state[load.operations]
    return state if (shop.machines.setups[list(load.machines)] >= 0).all() else np.full(len(state), -1)


def _entering(shop: Shop, load: Load, state: np.ndarray) -> np.ndarray:
    """Return the states, and the least minutes in which a machine of the load comes into each from another one, ``(2, n)``."""
    minutes = np.zeros(len(state), dtype=np.int64)
    matrices = shop.setups.minutes[shop.machines.setups[list(load.machines)]] if (state >= 0).any() else None
    for s in np.unique(state[state >= 0]):
        if matrices is not None:
            minutes[state == s] = np.delete(matrices[:, :, s], s, axis=1).min()
    return np.stack((state, minutes))
