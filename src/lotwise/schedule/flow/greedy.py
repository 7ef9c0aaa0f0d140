"""Iterated greedy search: some orders are taken out and put back where they cost least, then every order is tried anew.

References
----------
Ruiz, Stutzle (2007), A simple and effective iterated greedy algorithm for the permutation flowshop scheduling problem, European
Journal of Operational Research 177. Nawaz, Enscore, Ham (1983), A heuristic algorithm for the m-machine, n-job flow-shop
sequencing problem, Omega 11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from lotwise.schedule.chance import draw
from lotwise.schedule.flow.insert import places, total

if TYPE_CHECKING:
    from lotwise.schedule.flow.line import Line

OUT = 4
"""Orders taken out at once."""
SLIGHT = 1e-9


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def put(line: Line, sequence: np.ndarray, count: int, order: int, state: np.ndarray) -> float:
    """Put an order where it costs least (chance decides between equals), and return what all come to then."""
    values = np.empty(count + 1)
    places(line, sequence, count, order, values)
    best, ties = 0, 1
    for place in range(1, count + 1):
        if values[place] < values[best] - SLIGHT:
            best, ties = place, 1
        elif values[place] <= values[best] + SLIGHT:
            ties += 1
            if draw(state, ties) == 0:
                best = place
    for at in range(count, best, -1):
        sequence[at] = sequence[at - 1]
    sequence[best] = order
    return float(values[best])


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def drop(sequence: np.ndarray, count: int, place: int) -> int:
    """Take the order out of a place and return it."""
    order = sequence[place]
    for at in range(place, count - 1):
        sequence[at] = sequence[at + 1]
    return int(order)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def build(line: Line, turn: np.ndarray, state: np.ndarray) -> tuple[np.ndarray, float]:
    """Return a sequence into which orders were put one after another in a given turn, and what it comes to."""
    sequence, cost = turn.copy(), 0.0
    for count in range(len(turn)):
        cost = put(line, sequence, count, turn[count], state)
    return sequence, cost


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def settle(line: Line, sequence: np.ndarray, cost: float, state: np.ndarray, moves: int) -> tuple[float, int]:
    """Put each order anew, in random turn, until none gets better; return the cost, and how many neighbors were tried."""
    n, tried, since = len(sequence), 0, 0
    turn = sequence.copy()
    while since < n and tried < moves:
        for at in range(n):
            other = at + draw(state, n - at)
            turn[at], turn[other] = turn[other], turn[at]
            place = 0
            while sequence[place] != turn[at]:
                place += 1
            order = drop(sequence, n, place)
            new = put(line, sequence, n - 1, order, state)
            tried += n
            since = 0 if new < cost - SLIGHT else since + 1
            cost = min(new, cost)
            if since >= n or tried >= moves:
                break
    return cost, tried


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def iterate(line: Line, sequence: np.ndarray, best: np.ndarray, limits: np.ndarray, state: np.ndarray) -> tuple[float, int]:
    """Search from a sequence, writing it and the best one in place; return the cost of the best, and neighbors tried.

    Parameters
    ----------
    limits
        Neighbors to try, temperature, and a total that is good enough.
    """
    n, moves, heat, enough = len(sequence), limits[0], limits[1], limits[2]
    now, least = total(line, sequence, n), total(line, best, n)
    out, taken, old, tried = min(OUT, n - 1), np.empty(OUT, np.int64), sequence.copy(), 0
    while tried < moves and least > enough + SLIGHT and n > 1:
        old[:] = sequence
        for at in range(out):
            taken[at] = drop(sequence, n - at, draw(state, n - at))
        cost = 0.0
        for at in range(out):
            cost = put(line, sequence, n - out + at, taken[at], state)
        tried += out * n
        cost, more = settle(line, sequence, cost, state, max(0, moves - tried))
        tried += more
        if cost < least - SLIGHT:
            least = cost
            best[:] = sequence
        if cost <= now or draw(state, 1 << 30) < np.exp((now - cost) / max(heat, SLIGHT)) * (1 << 30):
            now = cost
        else:
            sequence[:] = old
    return least, tried
