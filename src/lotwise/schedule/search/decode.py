"""The list decoder: a sequence of operations becomes a schedule, each placed as early as what is placed already allows.

Every semi-active schedule has a sequence that decodes to it, so nothing is lost by looking at sequences only (Baker,
"Introduction to Sequencing and Scheduling", 1974). An operation whose predecessors are not placed yet waits until they
are. Where the mode is left open the decoder takes the one that ends first, a set-up counted twice and money turned into minutes
by the order's weight. A batch takes what comes after its opener in the sequence, but for what is to open one of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np

from lotwise.schedule.jobs import Schedule
from lotwise.schedule.search.openings import back, fit, overtime_between
from lotwise.schedule.search.pack import FAR, UNKNOWN, Packed, pack
from lotwise.schedule.shop import PAUSES

if TYPE_CHECKING:
    from lotwise.schedule.shop import Shop

LOOK_AHEAD = 256
"""Places of the sequence that are looked through for members of a batch."""
OPENS = -3
"""``OPENS - choice`` is the same choice of a mode, for an operation that opens a batch of its own; and back."""
_PAUSES, _UNKNOWN, _LONG_AGO, _OPENS = PAUSES, UNKNOWN, -FAR, OPENS


def decode(shop: Shop, sequence: np.ndarray, choice: np.ndarray | None = None, worked: np.ndarray | None = None) -> Schedule:
    """Return the schedule a sequence stands for.

    Parameters
    ----------
    sequence
        The operations that are not fixed, each once, in the order they are placed.
    choice
        ``(n,)`` the mode of each operation; -1, the default: the decoder takes one. ``-3 - choice``: the same, and it joins no
        batch that another operation opens.
    worked
        ``(n_periods,)`` whether each overtime period is worked; default: none is.
    """
    p = pack(shop)
    choice = np.full(shop.size, -1, dtype=np.int64) if choice is None else choice
    worked = np.zeros(len(shop.calendars.periods), dtype=np.bool_) if worked is None else worked
    place_all(p, np.ascontiguousarray(sequence, dtype=np.int64), choice, worked, np.inf)
    return as_schedule(p, worked)


def as_schedule(p: Packed, worked: np.ndarray) -> Schedule:
    """Return what a decoder has made, with set-ups placed as late as can be."""
    found = p.operations
    setup_start = np.zeros(len(found), dtype=np.int64)
    _late_setups(found, p.modes, p.machines, p.openings, worked, setup_start)
    mode, start, end, behind, batch = (found[name].copy() for name in ("mode", "start", "end", "behind", "batch"))
    return Schedule(mode, start, end, setup_start, behind, batch, worked.copy())


@numba.njit(cache=True, nogil=True, _nrt=False)
def _late_setups(
    operations: np.ndarray,
    modes: np.ndarray,
    machines: np.ndarray,
    openings: np.ndarray,
    worked: np.ndarray,
    setup_start: np.ndarray,
) -> None:
    """Fill in when each set-up begins: as late as can be."""
    for o in range(len(operations)):
        machine = machines[modes[operations[o].mode].machine]
        setup_start[o] = operations[o].start
        if operations[o].setup > 0:
            first, last = machine.open_from, machine.open_to
            setup_start[o] = back(openings, first, last, operations[o].start, operations[o].setup, worked)


@numba.njit(cache=True, nogil=True, _nrt=False)
def place_all(p: Packed, sequence: np.ndarray, choice: np.ndarray, worked: np.ndarray, limit: float) -> float:
    """Return what the sequence's schedule comes to, in money; above ``limit`` it is left unfinished and infinity is returned.

    What cannot be changed (changes, overtime and set-ups of fixed operations) is left out, and nothing ends before minute 0:
    at 0 nothing is left to win.
    """
    return place_from(p, sequence, choice, worked, limit, 0, begin(p))


@numba.njit(cache=True, nogil=True, _nrt=False)
def place_from(
    p: Packed, sequence: np.ndarray, choice: np.ndarray, worked: np.ndarray, limit: float, first: int, total: float
) -> float:
    """Return the same where what comes before the place ``first`` of the sequence is placed already, at a cost of ``total``."""
    operations, modes, machines, orders, openings = p.operations, p.modes, p.machines, p.orders, p.openings
    links, needs, setups, goal, units, members, stack = p.links, p.needs, p.setups, p.goal, p.units, p.members, p.stack
    trail, placed = p.trail, p.placed_at[first]
    for turn in range(first, len(sequence)):
        p.placed_at[turn] = placed
        p.spent_at[turn] = total
        o = sequence[turn]
        if operations[o].placed:
            continue
        if operations[o].missing > 0:
            operations[o].waiting = True
            continue
        stack[0] = o
        height = 1
        while height > 0:
            height -= 1
            o = stack[height]
            if operations[o].placed:
                continue
            cost, count = place(
                operations, modes, machines, orders, openings, needs, setups, goal, units, members,
                o, turn, sequence, choice, worked,
            )  # fmt: skip
            total += cost
            for member in range(count):
                trail[placed] = members[member]
                placed += 1
                height = release(operations, links, members[member], stack, height)
                total += ended(operations, orders, goal, members[member])
        if total > limit:
            return np.inf
    if goal[0].makespan > 0.0:
        last = 0
        for order in range(len(orders)):
            if orders[order].size > 0:
                last = max(last, orders[order].end)
        total += goal[0].makespan * last
    return total if total <= limit else np.inf


@numba.njit(cache=True, nogil=True, _nrt=False)
def begin(p: Packed) -> float:
    """Set up the shop as it is before anything is placed but the fixed operations; return what is lost already."""
    operations, machines, orders = p.operations, p.machines, p.orders
    for o in range(len(operations)):
        operations[o].ready = max(0, operations[o].release)
        operations[o].missing = operations[o].predecessors
        operations[o].placed = False
        operations[o].waiting = False
        operations[o].batch = -1
        operations[o].setup = 0
    for k in range(len(machines)):
        machines[k].end = max(0, machines[k].free)
        machines[k].cursor = machines[k].open_from
        machines[k].state = machines[k].first_state
        machines[k].last = -1
    for unit in range(len(p.units)):
        p.units[unit] = _LONG_AGO
    p.placed_at[0] = 0
    total = 0.0
    for order in range(len(orders)):
        orders[order].left = orders[order].size
        orders[order].end = 0
        if orders[order].size == 0:
            orders[order].end = orders[order].release
            total += _order_cost(orders, p.goal, order)
    for o in p.fixed:
        k = p.modes[operations[o].mode].machine
        _join_fixed(operations, machines, o, k)
        machines[k].end = max(machines[k].end, operations[o].end)
        if operations[o].state >= 0:
            machines[k].state = operations[o].state
        operations[o].placed = True
        if operations[o].need_to > operations[o].need_from:
            _hold_fixed(p, o)
        release(operations, p.links, o, p.stack, 0)
        total += ended(operations, orders, p.goal, o)
    return total


@numba.njit(cache=True, nogil=True, _nrt=False)
def _join_fixed(operations: np.ndarray, machines: np.ndarray, o: int, k: int) -> None:
    """Put a fixed operation behind the last one of its machine, or into its batch."""
    last = machines[k].last
    if last >= 0 and machines[k].room > 0 and operations[o].family >= 0 and operations[last].family == operations[o].family:
        if operations[last].start == operations[o].start and operations[last].end == operations[o].end:
            operations[last].batch = last
            operations[o].batch = last
            operations[o].behind = operations[last].behind
            return
    operations[o].behind = last
    machines[k].last = o


@numba.njit(cache=True, nogil=True, _nrt=False)
def _hold_fixed(p: Packed, o: int) -> None:
    """Take the tools of a fixed operation, beside those its batch has taken."""
    operations, members, count = p.operations, p.members, 0
    for other in p.fixed:
        if other == o:
            break
        if operations[o].batch >= 0 and operations[other].batch == operations[o].batch:
            members[count] = other
            count += 1
    members[count] = o
    hold(operations, p.needs, p.units, members, count, operations[o].start, operations[o].end)


@numba.njit(cache=True, nogil=True, _nrt=False)
def place(
    operations: np.ndarray,
    modes: np.ndarray,
    machines: np.ndarray,
    orders: np.ndarray,
    openings: np.ndarray,
    needs: np.ndarray,
    setups: np.ndarray,
    goal: np.ndarray,
    units: np.ndarray,
    members: np.ndarray,
    o: int,
    turn: int,
    sequence: np.ndarray,
    choice: np.ndarray,
    worked: np.ndarray,
) -> tuple[float, int]:
    """Place an operation, with others in its batch where its machine has room; return its cost and how many were placed.

    Those placed are the first of ``members``.
    """
    minute = orders[operations[o].order].minute
    first, last = operations[o].mode_from, operations[o].mode_to
    given = choice[o] if choice[o] >= -1 else _OPENS - choice[o]
    if given >= 0:
        first, last = given, given + 1
    least, best, start, end, setup, spent = np.inf, -1, 0, 0, 0, 0.0
    for mode in range(first, last):
        k = modes[mode].machine
        minutes, money = setup_of(operations, machines, setups, o, k)
        money += minutes * goal[0].setup_minute
        begins, ends = when(operations, modes, machines, openings, needs, units, o, mode, minutes, worked)
        extra = money + modes[mode].cost
        if operations[o].before_machine >= 0 and operations[o].before_machine != k:
            extra += goal[0].machine_change
        score = float(ends + minutes)
        if extra > 0.0 and minute > 0.0:
            score += extra / minute
        if score < least:
            least, best, start, end, setup, spent = score, mode, begins, ends, minutes, money
    k = modes[best].machine
    members[0] = o
    count = 1
    if machines[k].room > 0 and operations[o].family >= 0:
        count, end = _fill(
            operations, modes, machines, openings, needs, units, members, o, best, turn, start, end, sequence, choice, worked
        )
    if len(worked) > 0:
        extra = overtime_between(openings, modes[best].open_from, modes[best].open_to, start, end, worked)
        if setup > 0:
            begins = back(openings, machines[k].open_from, machines[k].open_to, start, setup, worked)
            extra += overtime_between(openings, machines[k].open_from, machines[k].open_to, begins, start, worked)
        spent += machines[k].minute_cost * extra
    before = machines[k].last
    leader = o
    for member in range(count):
        leader = min(leader, members[member])
    for member in range(count):
        m = members[member]
        mode = best if m == o else mode_on(operations, modes, m, k)
        operations[m].mode = mode
        operations[m].start = start
        operations[m].end = end
        operations[m].setup = setup
        operations[m].behind = before
        operations[m].batch = leader if count > 1 else -1
        operations[m].placed = True
        spent += modes[mode].cost
        if operations[m].before_machine >= 0 and operations[m].before_machine != k:
            spent += goal[0].machine_change
        if operations[m].before_behind != _UNKNOWN and operations[m].before_behind != before:
            spent += goal[0].sequence_change
    machines[k].end = end
    while openings[machines[k].cursor].closes <= end:
        machines[k].cursor += 1
    machines[k].last = leader
    if operations[o].state >= 0:
        machines[k].state = operations[o].state
    for member in range(count):
        hold(operations, needs, units, members, member, start, end)
    return spent, count


@numba.njit(cache=True, nogil=True, _nrt=False)
def setup_of(operations: np.ndarray, machines: np.ndarray, setups: np.ndarray, o: int, k: int) -> tuple[int, float]:
    """Return minutes and money of the set-up of a machine for an operation."""
    if machines[k].setups < 0 or operations[o].state < 0:
        return 0, 0.0
    row = machines[k].state if machines[k].state >= 0 else setups.shape[1] - 1
    found = setups[machines[k].setups, row, operations[o].state]
    return found.minutes, found.cost


@numba.njit(cache=True, nogil=True, _nrt=False)
def when(
    operations: np.ndarray,
    modes: np.ndarray,
    machines: np.ndarray,
    openings: np.ndarray,
    needs: np.ndarray,
    units: np.ndarray,
    o: int,
    mode: int,
    setup: int,
    worked: np.ndarray,
) -> tuple[int, int]:
    """Return when an operation starts and ends in a mode."""
    k = modes[mode].machine
    earliest = machines[k].end
    if setup > 0:
        earliest = fit(openings, machines[k].cursor, machines[k].open_to, earliest, setup, _PAUSES, worked)[1]
    earliest = max(earliest, operations[o].ready)
    minutes = modes[mode].minutes + modes[mode].added
    if minutes > 0:
        for need in range(operations[o].need_from, operations[o].need_to):
            earliest = max(earliest, _tools_free(units, needs[need].unit_from, needs[need].unit_to, needs[need].count))
    first = machines[k].cursor if modes[mode].open_to == machines[k].open_to else modes[mode].open_from
    return fit(openings, first, modes[mode].open_to, earliest, minutes, operations[o].crossing, worked)


@numba.njit(cache=True, nogil=True, _nrt=False)
def _tools_free(units: np.ndarray, first: int, last: int, count: int) -> int:
    """Return the minute from which so many tools of a kind are free: the count-th smallest of their ends."""
    for unit in range(first, last):
        no_later = 0
        for other in range(first, last):
            if units[other] < units[unit] or (units[other] == units[unit] and other <= unit):
                no_later += 1
        if no_later == count:
            return units[unit]
    return _LONG_AGO


@numba.njit(cache=True, nogil=True, _nrt=False)
def hold(
    operations: np.ndarray, needs: np.ndarray, units: np.ndarray, members: np.ndarray, place: int, start: int, end: int
) -> None:
    """Take the tools a member of a batch needs beside what those before it took: those that were free the shortest time."""
    o = members[place]
    if end == start:
        return
    for need in range(operations[o].need_from, operations[o].need_to):
        held = 0
        for other in range(place):
            held = max(held, _held(operations, needs, members[other], needs[need].unit_from))
        for _ in range(needs[need].count - held):
            best = -1
            for unit in range(needs[need].unit_from, needs[need].unit_to):
                if units[unit] <= start and (best < 0 or units[unit] > units[best]):
                    best = unit
            if best < 0:  # only fixed operations can take more than there are
                best = needs[need].unit_from
                for unit in range(best, needs[need].unit_to):
                    best = unit if units[unit] < units[best] else best
            units[best] = max(units[best], end)


@numba.njit(cache=True, nogil=True, _nrt=False)
def mode_on(operations: np.ndarray, modes: np.ndarray, o: int, k: int) -> int:
    """Return the mode of an operation on a machine; -1 where it has none."""
    for mode in range(operations[o].mode_from, operations[o].mode_to):
        if modes[mode].machine == k:
            return mode
    return -1


@numba.njit(cache=True, nogil=True, _nrt=False)
def _fill(
    operations: np.ndarray,
    modes: np.ndarray,
    machines: np.ndarray,
    openings: np.ndarray,
    needs: np.ndarray,
    units: np.ndarray,
    members: np.ndarray,
    o: int,
    mode: int,
    turn: int,
    start: int,
    end: int,
    sequence: np.ndarray,
    choice: np.ndarray,
    worked: np.ndarray,
) -> tuple[int, int]:
    """Fill the batch an operation opens with those that come after it and are ready; return their number and its end.

    A batch that fits ``INSIDE`` an opening only later than its opener alone is not formed: the opener is done at once, and
    nothing ends later for it. That can come to more only where set-ups within one state, or changes of sequence, cost money.
    """
    room = machines[modes[mode].machine].room - operations[o].size
    longest, added, count = modes[mode].minutes, modes[mode].added, 1
    for place in range(turn, min(len(sequence), turn + LOOK_AHEAD)):
        m = sequence[place]
        if m == o or operations[m].placed or operations[m].missing > 0 or operations[m].family != operations[o].family:
            continue
        if choice[m] < -1:
            continue
        if operations[m].state != operations[o].state or operations[m].size > room or operations[m].ready > start:
            continue
        own = mode_on(operations, modes, m, modes[mode].machine)
        if own < 0 or (choice[m] >= 0 and choice[m] != own) or modes[own].open_from != modes[mode].open_from:
            continue
        minutes = max(longest, modes[own].minutes) + added + modes[own].added
        if minutes > 0 and not _tools_there(operations, needs, units, m, start):
            continue
        if minutes > 0 and longest + added == 0 and not _tools_there(operations, needs, units, o, start):
            continue
        first, last = modes[mode].open_from, modes[mode].open_to
        begins, ends = fit(openings, first, last, start, minutes, operations[o].crossing, worked)
        if begins != start:
            continue
        longest, added, end = max(longest, modes[own].minutes), added + modes[own].added, ends
        room -= operations[m].size
        members[count] = m
        count += 1
    return count, end


@numba.njit(cache=True, nogil=True, _nrt=False)
def _tools_there(operations: np.ndarray, needs: np.ndarray, units: np.ndarray, o: int, start: int) -> bool:
    """Whether the tools an operation needs are free when a batch starts; what other members need is not taken yet."""
    for need in range(operations[o].need_from, operations[o].need_to):
        if _tools_free(units, needs[need].unit_from, needs[need].unit_to, needs[need].count) > start:
            return False
    return True


@numba.njit(cache=True, nogil=True, _nrt=False)
def _held(operations: np.ndarray, needs: np.ndarray, o: int, unit_from: int) -> int:
    """Return how many of a tool an operation needs."""
    for need in range(operations[o].need_from, operations[o].need_to):
        if needs[need].unit_from == unit_from:
            return needs[need].count
    return 0


@numba.njit(cache=True, nogil=True, _nrt=False)
def release(operations: np.ndarray, links: np.ndarray, o: int, stack: np.ndarray, height: int) -> int:
    """Tell the operations after one that it is placed; put those that waited for it only on the stack."""
    for link in range(operations[o].after_from, operations[o].after_to):
        later = links[link].operation
        operations[later].ready = max(operations[later].ready, operations[o].end + links[link].lag)
        operations[later].missing -= 1
        if operations[later].missing == 0 and operations[later].waiting and not operations[later].placed:
            stack[height] = later
            height += 1
    return height


@numba.njit(cache=True, nogil=True, _nrt=False)
def ended(operations: np.ndarray, orders: np.ndarray, goal: np.ndarray, o: int) -> float:
    """Return what an order costs when an operation was its last to be placed, otherwise 0."""
    order = operations[o].order
    orders[order].left -= 1
    orders[order].end = max(orders[order].end, operations[o].end)
    return _order_cost(orders, goal, order) if orders[order].left == 0 else 0.0


@numba.njit(cache=True, nogil=True, _nrt=False)
def _order_cost(orders: np.ndarray, goal: np.ndarray, order: int) -> float:
    late = max(0, orders[order].end - orders[order].due)
    return orders[order].weight * (goal[0].tardiness * late + goal[0].flow * orders[order].end)
