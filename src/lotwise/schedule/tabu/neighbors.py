"""Critical operations moved within their block, or to another machine.

References
----------
Zhang, Li, Guan, Rao (2007), A tabu search algorithm with a new neighborhood structure for the job shop scheduling problem,
Computers & Operations Research 34 (N6, N7). Balas, Vazacopoulos (1998), Guided local search with shifting bottleneck for job
shop scheduling, Management Science 44 (conditions and estimates).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

from lotwise.schedule.tabu.critical import critical
from lotwise.schedule.tabu.elsewhere import add_elsewhere
from lotwise.schedule.tabu.moves import add, pair, promise, ready, rest

if TYPE_CHECKING:
    import numpy as np

    from lotwise.schedule.tabu.chains import Chains
    from lotwise.schedule.tabu.graph import Graph
    from lotwise.schedule.tabu.moves import Neighbors


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def add_later(shop: Chains, graph: Graph, found: Neighbors, u: int, v: int) -> None:
    """Note u directly behind v, where v is somewhere behind u on the same machine and no cycle can come of it."""
    head, tail, minutes, heads = graph.head, graph.tail, graph.minutes, found.heads
    n, a = len(graph.order), shop.after[u]
    if a == v or not (a == n or minutes[v] + tail[v] >= minutes[a] + tail[a] or head[v] < head[a] + minutes[a]):
        return
    w = graph.left[u]
    end, until = head[w] + minutes[w], 0
    w = graph.right[u]
    while True:
        heads[w] = max(ready(shop, graph, w), end)
        end = heads[w] + minutes[w]
        until = max(until, found.forbidden[pair(w, u)])
        if w == v:
            break
        w = graph.right[w]
    follower = graph.right[v]
    start = max(ready(shop, graph, u), end)
    path = minutes[u] + max(rest(shop, graph, u), tail[follower] + minutes[follower])
    longest, w = start + path, v
    while w != u:
        path = minutes[w] + max(rest(shop, graph, w), path)
        longest = max(longest, heads[w] + path)
        w = graph.left[w]
    add(found, promise(longest, longest), u, graph.choice[u], v, until)


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def add_sooner(shop: Chains, graph: Graph, found: Neighbors, u: int, v: int) -> None:
    """Note v directly ahead of u, where v is somewhere behind u on the same machine and no cycle can come of it."""
    head, tail, minutes, heads = graph.head, graph.tail, graph.minutes, found.heads
    n, b = len(graph.order), shop.before[v]
    if b == u or not (b == n or head[u] + minutes[u] >= head[b] + minutes[b] or tail[u] < tail[b] + minutes[b]):
        return
    w = graph.left[u]
    heads[v] = max(ready(shop, graph, v), head[w] + minutes[w])
    end, until, w = heads[v] + minutes[v], 0, u
    while w != v:
        heads[w] = max(ready(shop, graph, w), end)
        end = heads[w] + minutes[w]
        until = max(until, found.forbidden[pair(v, w)])
        w = graph.right[w]
    follower = graph.right[v]
    path, longest, w = tail[follower] + minutes[follower], 0, graph.left[v]
    while True:
        path = minutes[w] + max(rest(shop, graph, w), path)
        longest = max(longest, heads[w] + path)
        if w == u:
            break
        w = graph.left[w]
    path = minutes[v] + max(rest(shop, graph, v), path)
    longest = max(longest, heads[v] + path)
    add(found, promise(longest, longest), v, graph.choice[v], graph.left[u], until)


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def add_block(shop: Chains, graph: Graph, found: Neighbors, begin: int, end: int) -> None:
    """Note the moves of N7 in one block of the critical path, ``path[begin:end]`` (last operation first)."""
    path, last, first = found.path, found.path[begin], found.path[end - 1]
    for at in range(begin + 1, end):
        add_later(shop, graph, found, path[at], last)
    for at in range(begin, end - 1):
        add_sooner(shop, graph, found, first, path[at])
    for at in range(begin + 1, end - 1):
        add_later(shop, graph, found, first, path[at])
        add_sooner(shop, graph, found, path[at], last)


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def look(shop: Chains, graph: Graph, found: Neighbors, longest: int, state: np.ndarray) -> None:
    """Find the neighbors along one critical path."""
    found.size[0] = 0
    length = critical(shop, graph, longest, found.path, state)
    path, begin = found.path, 0
    while begin < length:
        end = begin + 1
        while end < length and graph.left[path[end - 1]] == path[end]:
            end += 1
        if end - begin > 1:
            add_block(shop, graph, found, begin, end)
        begin = end
    for at in range(length):
        if shop.offsets[path[at] + 1] - shop.offsets[path[at]] > 1:
            add_elsewhere(shop, graph, found, path[at])
