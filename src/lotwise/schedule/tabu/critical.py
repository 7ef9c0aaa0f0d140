"""A critical path, and the chance that takes one of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

from lotwise.schedule.chance import draw

if TYPE_CHECKING:
    import numpy as np

    from lotwise.schedule.tabu.chains import Chains
    from lotwise.schedule.tabu.graph import Graph


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def critical(shop: Chains, graph: Graph, longest: int, path: np.ndarray, state: np.ndarray) -> int:
    """Write a critical path taken at random, last operation first, and return its length."""
    n, head, minutes = len(graph.order), graph.head, graph.minutes
    at, seen = n, 0
    for o in range(n):
        if shop.after[o] == n and head[o] + minutes[o] == longest:
            seen += 1
            if draw(state, seen) == 0:
                at = o
    length = 0
    while at != n:
        path[length] = at
        length += 1
        b, w = shop.before[at], graph.left[at]
        by_chain = b != n and head[b] + minutes[b] + shop.lag[at] == head[at]
        by_machine = w != n and head[w] + minutes[w] == head[at]
        if by_chain and by_machine:
            at = b if draw(state, 2) == 0 else w
        elif by_chain:
            at = b
        elif by_machine:
            at = w
        else:
            at = n
    return length
