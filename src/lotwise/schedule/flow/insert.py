"""What a sequence comes to, and an order in every place of it.

References
----------
Taillard (1990), Some efficient heuristic methods for the flow shop sequencing problem, European Journal of Operational Research
47: all places of one order at once; with set-ups as in Ruiz, Stutzle (2008), An iterated greedy heuristic for the sequence
dependent setup times flowshop problem with makespan and weighted tardiness objectives, EJOR 187.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from lotwise.schedule.flow.line import Line

    Room = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def follow(line: Line, ends: np.ndarray, before: int, order: int, out: np.ndarray) -> None:
    """Write when an order ends on each machine behind another one (n: none) that ends as given."""
    end = 0
    for k in range(len(ends)):
        start = max(line.ready[order, k], ends[k] + line.setup[before, order, k])
        if k > 0:
            start = max(start, end + line.lag[order, k])
        end = start + line.minutes[order, k]
        out[k] = end


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def price(line: Line, order: int, end: int) -> float:
    """Return what tardiness and flow of an order come to."""
    return float(line.weight[order] * (line.goal[1] * max(0, end - line.due[order]) + line.goal[2] * end))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def total(line: Line, sequence: np.ndarray, count: int) -> float:
    """Return what the first orders of a sequence come to."""
    ends, cost, before, last = line.free.copy(), 0.0, len(line.due), 0
    for at in range(count):
        order = sequence[at]
        cost += line.money[before, order]
        follow(line, ends, before, order, ends)
        last, before = max(last, ends[-1]), order
        cost += price(line, order, ends[-1])
    return float(cost + line.goal[0] * last)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def places(line: Line, sequence: np.ndarray, count: int, order: int, values: np.ndarray) -> None:
    """Write what the first orders of a sequence come to with one more in each of the places between them, ``(count + 1,)``."""
    m = line.minutes.shape[1]
    heads, tails = np.empty((count + 1, m), np.int64), np.zeros((count + 1, m), np.int64)
    heads[0] = line.free
    room = (heads, tails, np.empty(m, np.int64), np.zeros(count + 1), np.zeros(count + 1, np.int64))
    by_heads(line, sequence, count, room)
    if line.goal[1] == 0 and line.goal[2] == 0:
        by_tails(line, sequence, count, order, values, room)
    else:
        by_ends(line, sequence, count, order, values, room)


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def by_heads(line: Line, sequence: np.ndarray, count: int, room: Room) -> None:
    """Write when each order of a sequence ends on each machine, and what the orders up to it come to without makespan."""
    heads, costs = room[0], room[3]
    before = len(line.due)
    for at in range(count):
        o = sequence[at]
        follow(line, heads[at], before, o, heads[at + 1])
        costs[at + 1] = costs[at] + line.money[before, o] + price(line, o, heads[at + 1, -1])
        before = o


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def by_ends(line: Line, sequence: np.ndarray, count: int, order: int, values: np.ndarray, room: Room) -> None:
    """Write the values of all places by following the orders behind each."""
    heads, _, ends, costs, _ = room
    for place in range(count + 1):
        before = sequence[place - 1] if place else len(line.due)
        follow(line, heads[place], before, order, ends)
        cost = costs[place] + line.money[before, order] + price(line, order, ends[-1])
        before = order
        for at in range(place, count):
            o = sequence[at]
            cost += line.money[before, o]
            follow(line, ends, before, o, ends)
            cost += price(line, o, ends[-1])
            before = o
        values[place] = cost + line.goal[0] * ends[-1]


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def by_tails(line: Line, sequence: np.ndarray, count: int, order: int, values: np.ndarray, room: Room) -> None:
    """Write the values of all places by Taillard's tails: the longest path from the start of an operation to the end."""
    n, m = line.minutes.shape
    heads, tails, ends, costs, least = room
    for at in range(count - 1, -1, -1):
        o = sequence[at]
        for k in range(m - 1, -1, -1):
            tail = tails[at + 1, k] + (line.setup[o, sequence[at + 1], k] if at + 1 < count else 0)
            if k + 1 < m:
                tail = max(tail, tails[at, k + 1] + line.lag[o, k + 1])
            tails[at, k] = tail + line.minutes[o, k]
    for at in range(count - 1, -1, -1):
        o = sequence[at]
        least[at] = least[at + 1]
        for k in range(m):
            least[at] = max(least[at], line.ready[o, k] + tails[at, k])
    for place in range(count + 1):
        before = sequence[place - 1] if place else n
        follow(line, heads[place], before, order, ends)
        longest, money = max(ends[-1], least[place]), costs[place] + line.money[before, order]
        if place < count:
            after = sequence[place]
            for k in range(m):
                longest = max(longest, ends[k] + line.setup[order, after, k] + tails[place, k])
            money += line.money[order, after] + costs[count] - costs[place] - line.money[before, after]
        values[place] = money + line.goal[0] * longest
