"""A feasible schedule at once: the next operation is always the most urgent of those that compete for the machine free first.

Giffler and Thompson's active schedules (Operations Research 8, 1960) with the apparent tardiness cost with set-ups as priority
(Lee, Bhaskaran and Pinedo, IIE Transactions 29, 1997); where nothing is due, the most work remaining. Beside it the lists by
due time and by latest start; the best of all is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np

from lotwise.schedule.search.decode import as_schedule, begin, ended, place, place_all, release, setup_of, when
from lotwise.schedule.search.pack import Packed, pack
from lotwise.schedule.shop import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop

MOST = 8_000
"""Operations up to which the rule looks at every competitor; above, orders are taken by their due times."""
FEW = 5_000
"""Operations up to which it looks less and farther ahead, too."""
SLACKS, SETUPS = (8.0, 2.0, 40.0), 1.0
"""Look-ahead of the rule: slack in mean operations, set-ups in mean set-ups."""
_NEVER = NEVER


def dispatch(shop: Shop, worked: np.ndarray | None = None) -> Schedule:
    """Return the best schedule of the dispatch rules; no overtime is worked where nothing else is said."""
    p = pack(shop)
    free = np.full(shop.size, -1, dtype=np.int64)
    worked = np.zeros(len(shop.calendars.periods), dtype=np.bool_) if worked is None else worked
    best = min(first_sequences(p, worked), key=lambda sequence: float(place_all(p, sequence, free, worked, np.inf)))
    place_all(p, best, free, worked, np.inf)
    return as_schedule(p, worked)


def first_sequences(p: Packed, worked: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the operations that are not fixed in the order each rule takes them.

    By apparent tardiness cost, seeing more or less far ahead; by the due time of their orders; by their own latest start.
    """
    n = len(p.operations)
    room = np.zeros((6, n), dtype=np.int64)
    tails(p, room[0], room[1:])
    tail, open_choice = room[0], np.full(n, -1, dtype=np.int64)
    scale = np.array([max(part["minutes"].mean() if part.size else 1.0, 1.0) for part in (p.modes, p.setups)])
    for ahead in SLACKS if n <= FEW else SLACKS[:1] if n <= MOST else ():
        sequence = np.zeros(n - len(p.fixed), dtype=np.int64)
        take_by_rule(p, tail, worked, scale * (ahead, SETUPS), open_choice, room[1:], sequence)
        yield sequence
    free = np.flatnonzero(~p.operations["fixed"])
    due, later = p.orders["due"][p.operations["order"][free]], -tail[free]
    yield np.ascontiguousarray(free[np.lexsort((later, p.operations["order"][free], due))])
    yield np.ascontiguousarray(free[np.lexsort((later, due + later))])


@numba.njit(cache=True, nogil=True, _nrt=False)
def tails(p: Packed, tail: np.ndarray, room: np.ndarray) -> None:
    """Fill in, for each operation, the least minutes from its start to the end of what follows it."""
    operations, modes, links = p.operations, p.modes, p.links
    length = 0
    for o in range(len(operations)):
        least = _NEVER
        for mode in range(operations[o].mode_from, operations[o].mode_to):
            least = min(least, modes[mode].minutes + modes[mode].added)
        tail[o] = least
        room[0, o] = operations[o].predecessors
        if room[0, o] == 0:
            room[1, length] = o
            length += 1
    done = 0
    while done < length:
        o = room[1, done]
        done += 1
        for link in range(operations[o].after_from, operations[o].after_to):
            later = links[link].operation
            room[0, later] -= 1
            if room[0, later] == 0:
                room[1, length] = later
                length += 1
    for place_of in range(length - 1, -1, -1):
        o = room[1, place_of]
        longest = 0
        for link in range(operations[o].after_from, operations[o].after_to):
            longest = max(longest, links[link].lag + tail[links[link].operation])
        tail[o] += longest


@numba.njit(cache=True, nogil=True, _nrt=False)
def take_by_rule(
    p: Packed,
    tail: np.ndarray,
    worked: np.ndarray,
    scale: np.ndarray,
    choice: np.ndarray,
    room: np.ndarray,
    sequence: np.ndarray,
) -> None:
    """Fill in the sequence in which the rule takes the operations, while it places them.

    ``room`` is where it notes what is ready, on which machine it would end first, from when to when, and what is stale.
    """
    operations, modes, machines, orders, openings = p.operations, p.modes, p.machines, p.orders, p.openings
    needs, setups, goal, units, members = p.needs, p.setups, p.goal, p.units, p.members
    ready, machine, begins, ends, stale = room[0], room[1], room[2], room[3], room[4]
    begin(p)
    waiting = 0
    for o in range(len(operations)):
        stale[o] = 1
        if operations[o].missing == 0 and not operations[o].placed:
            ready[waiting] = o
            waiting += 1
    taken = 0
    while taken < len(sequence):
        first_end, first = _NEVER << 4, -1
        for place_of in range(waiting):
            o = ready[place_of]
            if stale[o]:
                best = _NEVER << 4
                for mode in range(operations[o].mode_from, operations[o].mode_to):
                    k = modes[mode].machine
                    setup = setup_of(operations, machines, setups, o, k)[0]
                    early, end = when(operations, modes, machines, openings, needs, units, o, mode, setup, worked)
                    if end + setup < best:
                        best = end + setup
                        machine[o], begins[o], ends[o] = k, early, end
                stale[o] = 0
            if ends[o] < first_end:
                first_end, first = ends[o], o
        k = machine[first]
        chosen, highest = -1, -np.inf
        for place_of in range(waiting):
            o = ready[place_of]
            if machine[o] == k and begins[o] < max(first_end, begins[first] + 1):
                setup = setup_of(operations, machines, setups, o, k)[0]
                urgency = _urgency(orders, goal, operations[o].order, begins[o], ends[o], tail[o], setup, scale)
                if urgency > highest:
                    highest, chosen = urgency, o
        _, placed = place(
            operations, modes, machines, orders, openings, needs, setups, goal, units, members,
            chosen, 0, ready[:waiting], choice, worked,
        )  # fmt: skip
        for member in range(placed):
            sequence[taken] = members[member]
            taken += 1
        waiting = _refresh(p, placed, waiting, k, ready, machine, stale)


@numba.njit(cache=True, nogil=True, _nrt=False)
def _urgency(
    orders: np.ndarray, goal: np.ndarray, order: int, begins: int, ends: int, tail: int, setup: int, scale: np.ndarray
) -> float:
    """Return the priority of an operation: money a minute saved by taking it now, less as it has slack or needs a set-up."""
    if orders[order].weight <= 0.0 or orders[order].due >= _NEVER or goal[0].tardiness <= 0.0:
        return float(tail) if goal[0].makespan > 0.0 else float(tail) * 1e-12
    slack = max(0.0, float(orders[order].due - begins - tail))
    index = orders[order].weight / max(1, ends - begins)
    return index * np.exp(-slack / scale[0]) * np.exp(-setup / scale[1])


@numba.njit(cache=True, nogil=True, _nrt=False)
def _refresh(p: Packed, placed: int, waiting: int, k: int, ready: np.ndarray, machine: np.ndarray, stale: np.ndarray) -> int:
    """Take what was placed out of the list, add what it made ready, and mark whose times are to be found again."""
    operations = p.operations
    kept = 0
    for place_of in range(waiting):
        o = ready[place_of]
        if operations[o].placed:
            continue
        ready[kept] = o
        kept += 1
        flexible = operations[o].mode_to - operations[o].mode_from > 1 or operations[o].need_to > operations[o].need_from
        if flexible or machine[o] == k:
            stale[o] = 1
    for member in range(placed):
        o = p.members[member]
        release(operations, p.links, o, p.stack, 0)
        ended(operations, p.orders, p.goal, o)
        for link in range(operations[o].after_from, operations[o].after_to):
            later = p.links[link].operation
            if operations[later].missing == 0 and not operations[later].placed and not operations[later].waiting:
                operations[later].waiting = True
                ready[kept] = later
                kept += 1
    return kept
