"""Simulated annealing over sequences, modes and overtime periods; every neighbor is decoded anew.

Insertions and swaps within a span that shrinks, moves aimed at orders that are late, redrawn modes and overtime periods
switched on and off; worse neighbors are accepted with probability exp(-worse / temperature), the temperature falling
(Kirkpatrick, Gelatt and Vecchi, Science 220, 1983). The threshold is drawn first, so that a decoder can stop when it is passed.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from lotwise.schedule.chance import bits
from lotwise.schedule.chance import share as chance
from lotwise.schedule.search.decode import OPENS, begin, hold, place_all, place_from, release
from lotwise.schedule.search.pack import Packed

PERIODS, MODES, ALONE, AIMED, LATE, SWAPS = 0.05, 0.1, 0.13, 0.2, 0.5, 0.9
"""Shares of the moves, added up: overtime periods, redrawn modes, operations that open a batch of their own from now on or no
longer (where machines batch), what a late order waits for, any operation of a late order; the rest are insertions anywhere,
the last of them swaps. Chosen on generated orders apart from the benchmark's."""
FARTHER, TURNED, LEFT_OPEN = 0.3, 0.2, 0.6
"""Shares: of aimed moves that go farther than one place, or push back what is in front; of redrawn modes left open."""
WIDEST = 60
"""Places an operation is moved at most."""
COOLED = 0.003
"""Last temperature / the first one."""
SAME, LEAST = 1e-9, 1e-300
_OPENS = OPENS


class State(NamedTuple):
    """One search: the current and the best sequence, choice and overtime, and the current schedule.

    ``mode`` to ``batch`` are the current schedule, ``trail`` its operations in the order they were placed, so many before each
    turn as ``placed_at`` says, at a cost of ``spent_at``. ``late`` are the orders that are late, ``own`` the operations order
    by order.
    ``totals`` are of the current and the best schedule; ``counts`` hold how many orders are late and machines batch.
    """

    sequence: np.ndarray
    choice: np.ndarray
    worked: np.ndarray
    best_sequence: np.ndarray
    best_choice: np.ndarray
    best_worked: np.ndarray
    mode: np.ndarray
    start: np.ndarray
    end: np.ndarray
    setup: np.ndarray
    behind: np.ndarray
    batch: np.ndarray
    trail: np.ndarray
    placed_at: np.ndarray
    spent_at: np.ndarray
    late: np.ndarray
    own: np.ndarray
    random: np.ndarray
    totals: np.ndarray
    counts: np.ndarray


def new_state(p: Packed, sequence: np.ndarray, choice: np.ndarray, worked: np.ndarray, seed: int) -> State:
    """Return a search that starts from a sequence."""
    total = place_all(p, sequence, choice, worked, np.inf)
    free = np.flatnonzero(~p.operations["fixed"])
    by_order = free[np.argsort(p.operations["order"][free], kind="stable")]
    random = np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % (1 << 64)], dtype=np.uint64)
    random[0] |= np.uint64(1)
    n = len(p.operations)
    own = [array.copy() for _ in range(2) for array in (sequence, choice, worked)]
    kept = [p.operations[name].copy() for name in ("mode", "start", "end", "setup", "behind", "batch")]
    turns = [np.zeros(n + 1, dtype=np.int64), np.zeros(n + 1)]
    late, totals = np.zeros(len(p.orders), dtype=np.int64), np.array([total, total])
    counts = np.array([0, np.count_nonzero(p.machines["room"])])
    state = State(*[*own, *kept, np.zeros(n, dtype=np.int64), *turns, late, by_order, random, totals, counts])
    remember(p, state, 0)
    return state


@numba.njit(cache=True, nogil=True, _nrt=False)
def _below(random: np.ndarray, high: int) -> int:
    return np.int64((bits(random) >> np.uint64(11)) % np.uint64(high))  # type: ignore[return-value]  # int() gives a real here


@numba.njit(cache=True, nogil=True, _nrt=False)
def remember(p: Packed, state: State, first: int) -> None:
    """Keep the schedule just decoded; what was placed before the turn ``first`` is kept already."""
    operations = p.operations
    for turn in range(first, len(state.sequence)):
        state.placed_at[turn] = p.placed_at[turn]
        state.spent_at[turn] = p.spent_at[turn]
    for place in range(state.placed_at[first], len(state.sequence)):
        o = p.trail[place]
        state.trail[place] = o
        state.mode[o] = operations[o].mode
        state.start[o] = operations[o].start
        state.end[o] = operations[o].end
        state.setup[o] = operations[o].setup
        state.behind[o] = operations[o].behind
        state.batch[o] = operations[o].batch
    count = 0
    for order in range(len(p.orders)):
        if p.orders[order].end > p.orders[order].due and p.orders[order].weight > 0.0:
            state.late[count] = order
            count += 1
    state.counts[0] = count


@numba.njit(cache=True, nogil=True, _nrt=False)
def replay(p: Packed, state: State, first: int) -> float:
    """Set up the shop as it was before the turn ``first`` of the current schedule; return what was lost by then.

    Where a machine batches, ``first`` is 0: who is in a batch depends on what comes later.
    """
    begin(p)
    operations, machines, orders = p.operations, p.machines, p.orders
    for place in range(state.placed_at[first]):
        o = state.trail[place]
        operations[o].mode = state.mode[o]
        operations[o].start = state.start[o]
        operations[o].end = state.end[o]
        operations[o].setup = state.setup[o]
        operations[o].behind = state.behind[o]
        operations[o].placed = True
        k = p.modes[state.mode[o]].machine
        machines[k].end = state.end[o]
        machines[k].last = o
        if operations[o].state >= 0:
            machines[k].state = operations[o].state
        if operations[o].need_to > operations[o].need_from:
            p.members[0] = o
            hold(operations, p.needs, p.units, p.members, 0, state.start[o], state.end[o])
        release(operations, p.links, o, p.stack, 0)
        orders[operations[o].order].left -= 1
        orders[operations[o].order].end = max(orders[operations[o].order].end, state.end[o])
        p.trail[place] = o
    if state.placed_at[first] < first:
        for turn in range(first):
            operations[state.sequence[turn]].waiting = True
    for k in range(len(machines)):
        while p.openings[machines[k].cursor].closes <= machines[k].end:
            machines[k].cursor += 1
    p.placed_at[first] = state.placed_at[first]
    return state.spent_at[first]


@numba.njit(cache=True, nogil=True, _nrt=False)
def _cause(p: Packed, state: State, order: int, random: np.ndarray) -> int:
    """Return an operation on the path that makes an order late, one that waits for its machine; -1 where none does."""
    operations = p.operations
    o, latest = -1, -1
    for place in range(p.orders[order].own_from, p.orders[order].own_to):
        if state.end[state.own[place]] > latest:
            latest, o = state.end[state.own[place]], state.own[place]
    chosen, seen = -1, 0
    while o >= 0 and not operations[o].fixed:
        ready, before = max(0, operations[o].release), -1
        for link in range(operations[o].before_from, operations[o].before_to):
            earlier = p.links_before[link].operation
            if state.end[earlier] + p.links_before[link].lag > ready:
                ready, before = state.end[earlier] + p.links_before[link].lag, earlier
        behind = state.behind[o]
        if behind >= 0 and state.end[behind] + state.setup[o] > ready:
            if not operations[behind].fixed:
                seen += 1
                if _below(random, seen) == 0:
                    chosen = o
            before = behind
        o = before
    return chosen


@numba.njit(cache=True, nogil=True, _nrt=False)
def _insert(sequence: np.ndarray, a: int, b: int) -> None:
    """Take the operation at place a and put it at place b."""
    o = sequence[a]
    if a < b:
        for place in range(a, b):
            sequence[place] = sequence[place + 1]
    else:
        for place in range(a, b, -1):
            sequence[place] = sequence[place - 1]
    sequence[b] = o


@numba.njit(cache=True, nogil=True, _nrt=False)
def _copy(source: np.ndarray, target: np.ndarray) -> None:
    for place in range(len(source)):
        target[place] = source[place]


@numba.njit(cache=True, nogil=True, _nrt=False)
def _place_of(sequence: np.ndarray, o: int) -> int:
    for place in range(len(sequence)):
        if sequence[place] == o:
            return place
    return -1


@numba.njit(cache=True, nogil=True, _nrt=False)
def _aimed(p: Packed, state: State, span: int, random: np.ndarray) -> tuple[int, int]:
    """Return places to take an operation from and put it to: before, or behind, what a late order waits for."""
    o = _cause(p, state, state.late[_below(random, state.counts[0])], random)
    if o < 0:
        return 0, 0
    a = _place_of(state.sequence, o)
    b = _place_of(state.sequence, state.behind[o])
    if chance(random) < FARTHER:
        b = max(0, b - _below(random, span))
    return (b, a) if chance(random) < TURNED else (a, b)


@numba.njit(cache=True, nogil=True, _nrt=False)
def _earlier(p: Packed, state: State, span: int, random: np.ndarray) -> tuple[int, int]:
    """Return places to take any operation of a late order from and put it to: earlier."""
    order = state.late[_below(random, state.counts[0])]
    low, high = p.orders[order].own_from, p.orders[order].own_to
    if low == high:
        return 0, 0
    a = _place_of(state.sequence, state.own[low + _below(random, high - low)])
    return a, max(0, a - 1 - _below(random, span))


@numba.njit(cache=True, nogil=True, _nrt=False)
def _redraw(p: Packed, state: State, o: int, random: np.ndarray) -> bool:
    """Draw another mode for an operation, or leave it to the decoder; return whether anything changed."""
    low, high = p.operations[o].mode_from, p.operations[o].mode_to
    old = state.choice[o]
    if high - low == 1:
        return False
    given = old if old >= -1 else _OPENS - old
    drawn = -1 if (given >= 0 and chance(random) < LEFT_OPEN) else low + _below(random, high - low)
    state.choice[o] = drawn if old >= -1 else _OPENS - drawn
    return drawn != given


@numba.njit(cache=True, nogil=True, _nrt=False)
def anneal(p: Packed, state: State, moves: int, done: float, todo: float, heat: float) -> int:
    """Try so many neighbors; return how many of them were the best so far.

    Meanwhile the share done of the whole search goes from ``done`` to ``todo``. ``heat`` is the temperature at its start.
    """
    n = len(state.sequence)
    random = state.random
    batches = state.counts[1] > 0
    several = len(p.modes) > len(p.operations)
    better = 0
    for move in range(moves if n > 0 else 0):
        share = done + (todo - done) * move / moves
        cooled = (1.0 - share) * (1.0 - share)
        span = max(2, min(WIDEST, int(n * (0.5 * cooled + 0.03))))
        kind = chance(random)
        a, b, flipped, redrawn, old = 0, 0, -1, -1, -1
        swap = False
        if len(state.worked) > 0 and kind < PERIODS:
            flipped = _below(random, len(state.worked))
            state.worked[flipped] = not state.worked[flipped]
        elif several and kind < MODES:
            a = _below(random, n)
            redrawn = state.sequence[a]
            old = state.choice[redrawn]
            if not _redraw(p, state, redrawn, random):
                continue
            b = a
        elif batches and kind < ALONE:
            redrawn = state.sequence[_below(random, n)]
            if p.operations[redrawn].family < 0:
                continue
            old = state.choice[redrawn]
            state.choice[redrawn] = _OPENS - old
        else:
            if state.counts[0] > 0 and kind < AIMED:
                a, b = _aimed(p, state, span, random)
            elif state.counts[0] > 0 and kind < LATE:
                a, b = _earlier(p, state, span, random)
            else:
                a = _below(random, n)
                b = min(n - 1, max(0, a + _below(random, 2 * span + 1) - span))
                swap = kind > SWAPS
            if a == b:
                continue
            if swap:
                state.sequence[a], state.sequence[b] = state.sequence[b], state.sequence[a]
            else:
                _insert(state.sequence, a, b)
        first = 0 if batches or flipped >= 0 else min(a, b)
        threshold = state.totals[0] - heat * COOLED**share * np.log(max(chance(random), LEAST))
        total = replay(p, state, first)
        total = place_from(p, state.sequence, state.choice, state.worked, threshold, first, total)
        if total <= threshold:
            better += _accept(p, state, first, total)
        elif flipped >= 0:
            state.worked[flipped] = not state.worked[flipped]
        elif redrawn >= 0:
            state.choice[redrawn] = old
        elif swap:
            state.sequence[a], state.sequence[b] = state.sequence[b], state.sequence[a]
        else:
            _insert(state.sequence, b, a)
    return better


@numba.njit(cache=True, nogil=True, _nrt=False)
def _accept(p: Packed, state: State, first: int, total: float) -> int:
    """Make the neighbor the current schedule; return 1 where it is the best so far, otherwise 0."""
    state.totals[0] = total
    remember(p, state, first)
    if total >= state.totals[1] - SAME:
        return 0
    state.totals[1] = total
    _copy(state.sequence, state.best_sequence)
    _copy(state.choice, state.best_choice)
    _copy(state.worked, state.best_worked)
    return 1
