"""Critical operations on their other machines: every place there that makes no cycle, and what it promises.

References
----------
Mastrolilli, Gambardella (2000), Effective neighbourhood functions for the flexible job shop problem, Journal of Scheduling 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

from lotwise.schedule.tabu.graph import link, unlink
from lotwise.schedule.tabu.moves import add, on, promise, ready, rest

if TYPE_CHECKING:
    from lotwise.schedule.tabu.chains import Chains
    from lotwise.schedule.tabu.graph import Graph
    from lotwise.schedule.tabu.moves import Neighbors


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def without(shop: Chains, graph: Graph, found: Neighbors, o: int) -> int:
    """Set heads and tails as they are when an operation off its machine takes no time, and return the makespan then."""
    n, heads, tails, minutes = len(graph.order), found.heads, found.tails, graph.minutes
    for y in range(n):
        heads[y], tails[y] = graph.head[y], graph.tail[y]
    heads[o], tails[o] = ready(shop, graph, o), rest(shop, graph, o)
    for at in range(graph.place[o] + 1, n):
        y = graph.order[at]
        b, w = shop.before[y], graph.left[y]
        heads[y] = max(shop.release[y], heads[b] + minutes[b] + shop.lag[y], heads[w] + minutes[w])
    for at in range(graph.place[o] - 1, -1, -1):
        y = graph.order[at]
        a, w = shop.after[y], graph.right[y]
        tails[y] = max(tails[a] + minutes[a] + shop.lag[a], tails[w] + minutes[w])
    longest = 0
    for y in range(n):
        if shop.after[y] == n:
            longest = max(longest, heads[y] + minutes[y])
    return longest


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def add_elsewhere(shop: Chains, graph: Graph, found: Neighbors, o: int) -> None:
    """Note an operation on its other machines, at every place that can make no cycle."""
    n, k, minutes, heads, tails = len(graph.order), graph.machine[o], graph.minutes, found.heads, found.tails
    a, b, took, back = shop.after[o], shop.before[o], graph.minutes[o], graph.left[o]
    unlink(graph, o)
    minutes[o] = 0
    least = without(shop, graph, found, o)
    a_end, b_start = heads[a] + minutes[a], heads[b]
    for choice in range(shop.offsets[o], shop.offsets[o + 1]):
        to = shop.machine[choice]
        if to == k:
            continue
        until = found.forbidden[on(o, to)]
        w, follower = n, graph.first[to]
        while True:
            if n not in (w, a) and (w == a or heads[w] >= a_end):
                break
            if n in (follower, b) or (follower != b and heads[follower] + minutes[follower] > b_start):
                before, behind = max(heads[o], heads[w] + minutes[w]), max(tails[o], tails[follower] + minutes[follower])
                through = before + shop.minutes[choice] + behind
                add(found, promise(max(through, least), through), o, choice, w, until)
            if follower == n:
                break
            w, follower = follower, graph.right[follower]
    minutes[o] = took
    link(graph, o, k, back)
