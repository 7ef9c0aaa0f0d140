"""Tabu search from one schedule: always to the most promising neighbor that does not bring back what was just left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

from lotwise.schedule.chance import draw
from lotwise.schedule.tabu.graph import build, makespan, move
from lotwise.schedule.tabu.moves import on, pair, room
from lotwise.schedule.tabu.neighbors import look

if TYPE_CHECKING:
    import numpy as np

    from lotwise.schedule.tabu.chains import Chains
    from lotwise.schedule.tabu.graph import Graph
    from lotwise.schedule.tabu.moves import Neighbors

OUT = 1 << 62
"""What a move promises that would make a cycle."""


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def walk(
    shop: Chains, choice: np.ndarray, order: np.ndarray, state: np.ndarray, limits: np.ndarray
) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Return the best choices and topological order seen, their makespan, and how many neighbors were tried.

    Parameters
    ----------
    shop, choice, order
        Where to begin.
    state
        Random numbers, see ``draw``.
    limits
        Steps without a better schedule, neighbors to try, makespan that is good enough, steps something stays forbidden,
        and up to how many more.
    """
    graph, found = build(shop, choice, order), room(len(order))
    patience, budget, enough, tenure, more = limits[0], limits[1], limits[2], limits[3], limits[4]
    now = makespan(shop, graph)
    best, best_choice, best_order = now, graph.choice.copy(), graph.order.copy()
    tried, step, last = 0, 0, 0
    while step - last < patience and tried < budget and best > enough:
        step += 1
        look(shop, graph, found, now, state)
        tried += found.size[0]
        if not take(shop, graph, found, step, best, step + tenure + draw(state, more), state):
            break
        now = makespan(shop, graph)
        if now < best:
            best, last = now, step
            best_choice[:], best_order[:] = graph.choice, graph.order
    return best_choice, best_order, best, tried


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def take(shop: Chains, graph: Graph, found: Neighbors, step: int, best: int, until: int, state: np.ndarray) -> bool:
    """Make the move picked and forbid up to a step what would undo it; false where no move can be made."""
    while True:
        at = pick(found, step, best, state)
        if at < 0:
            return False
        o = found.what[at]
        k, back = graph.machine[o], graph.left[o]
        if move(shop, graph, o, found.choice[at], found.behind[at]):
            forbid(graph, found.forbidden, o, k, back, until)
            return True
        found.value[at] = OUT


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def pick(found: Neighbors, step: int, best: int, state: np.ndarray) -> int:
    """Return the most promising of the moves that are allowed, or that promise a new best; any where none is; -1: no move."""
    chosen, least, ties, other, others = -1, OUT, 0, -1, 0
    for at in range(found.size[0]):
        value = found.value[at]
        if value == OUT:
            continue
        if found.until[at] > step and value >> 30 >= best:
            others += 1
            if draw(state, others) == 0:
                other = at
        elif value <= least:
            ties = ties + 1 if value == least else 1
            if value < least or draw(state, ties) == 0:
                chosen, least = at, value
    return chosen if chosen >= 0 else other


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def forbid(graph: Graph, forbidden: np.ndarray, o: int, k: int, back: int, until: int) -> None:
    """Forbid up to a step what would undo the move of o from behind another on machine k."""
    n = len(graph.order)
    if graph.machine[o] != k:
        forbidden[on(o, k)] = until
        return
    if back == n or graph.place[back] < graph.place[o]:
        w = graph.left[o]
        while w != back:
            forbidden[pair(o, w)] = until
            w = graph.left[w]
        return
    w = back
    while w != o:
        forbidden[pair(w, o)] = until
        w = graph.left[w]
