"""Schedules to begin from: built at random, or on the way from one good schedule to another.

References
----------
Giffler, Thompson (1960), Algorithms for solving production-scheduling problems, Operations Research 8. Peng, Lu, Cheng (2015),
A tabu search/path relinking algorithm to solve the job shop scheduling problem, Computers & Operations Research 53.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from lotwise.schedule.chance import draw

if TYPE_CHECKING:
    from lotwise.schedule.tabu.chains import Chains


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def active(shop: Chains, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return choices and order of an active schedule: whoever can end first names the machine, chance who gets it."""
    n = len(shop.before) - 1
    free, ends = np.zeros(shop.machines[0], np.int64), np.zeros(n + 1, np.int64)
    choice, order = np.zeros(n + 1, np.int64), np.zeros(n, np.int64)
    nexts = np.array([o for o in range(n) if shop.before[o] == n])
    starts, finishes, count = np.zeros(len(nexts), np.int64), np.zeros(len(nexts), np.int64), len(nexts)
    for at in range(n):
        first = 0
        for each in range(count):
            o = nexts[each]
            b = shop.before[o]
            ready = max(shop.release[o], ends[b] + shop.lag[o])
            finishes[each], ties = -1, 1
            for c in range(shop.offsets[o], shop.offsets[o + 1]):
                start = max(ready, free[shop.machine[c]])
                end = start + shop.minutes[c]
                ties = ties + 1 if end == finishes[each] else 1
                if finishes[each] < 0 or end < finishes[each] or (end == finishes[each] and draw(state, ties) == 0):
                    starts[each], finishes[each], choice[o] = start, end, c
            if finishes[each] < finishes[first]:
                first = each
        taken, seen, k = first, 0, shop.machine[choice[nexts[first]]]
        for each in range(count):
            if shop.machine[choice[nexts[each]]] == k and starts[each] < finishes[first]:
                seen += 1
                if draw(state, seen) == 0:
                    taken = each
        o = nexts[taken]
        order[at], ends[o], free[k] = o, finishes[taken], finishes[taken]
        nexts[taken] = shop.after[o]
        if shop.after[o] == n:
            count -= 1
            nexts[taken] = nexts[count]
    return choice, order


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def between(
    choices: tuple[np.ndarray, np.ndarray], orders: tuple[np.ndarray, np.ndarray], percent: int, state: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return choices and order a share of the way from the first schedule to the second.

    Neighbors in the first order that stand the other way round in the second are exchanged at random places. Both orders keep
    to the chains, so every order between them does.
    """
    choice, order, rank = choices[0].copy(), orders[0].copy(), np.zeros(len(choices[0]), np.int64)
    n = len(order)
    for at in range(n):
        rank[orders[1][at]] = at
        if draw(state, 100) < percent:
            choice[at] = choices[1][at]
    wrong = 0
    for at in range(n):
        for other in range(at + 1, n):
            wrong += rank[order[at]] > rank[order[other]]
    left = wrong * percent // 100
    while left > 0:
        at = draw(state, n - 1)
        for _ in range(n):
            if rank[order[at]] > rank[order[at + 1]]:
                order[at], order[at + 1] = order[at + 1], order[at]
                left -= 1
                break
            at = at + 1 if at + 2 < n else 0
    return choice, order
