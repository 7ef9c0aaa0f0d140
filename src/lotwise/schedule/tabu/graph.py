"""The disjunctive graph of a selection: sequences on machines, longest paths, and moving one operation elsewhere.

An operation's head is when it starts; its tail is the longest path from its end to the end of the schedule. A topological
order is kept: a move reorders only the piece of it between the old and the new place, and finds a cycle there if it makes one.

Kernels that allocate nothing are compiled with ``_nrt=False``: numba then counts no references, and the search is 2 to 4 times
as fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from lotwise.schedule.tabu.chains import Chains


class Graph(NamedTuple):
    """Where each operation is done and behind which; n stands for none, as in ``Chains``.

    Parameters
    ----------
    choice, machine, minutes
        ``(n + 1,)`` what is chosen, its machine and how long it takes there.
    left, right
        ``(n + 1,)`` the operation before and after it on its machine.
    first
        ``(n_machines,)`` the first operation on a machine.
    order, place
        ``(n,)`` and ``(n + 1,)`` a topological order, and where in it an operation stands.
    head, tail
        ``(n + 1,)`` minutes.
    mark, spare
        ``(n + 2,)`` and ``(n,)`` scratch; ``mark[n + 1]`` counts.
    """

    choice: np.ndarray
    machine: np.ndarray
    minutes: np.ndarray
    left: np.ndarray
    right: np.ndarray
    first: np.ndarray
    order: np.ndarray
    place: np.ndarray
    head: np.ndarray
    tail: np.ndarray
    mark: np.ndarray
    spare: np.ndarray


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def build(shop: Chains, choice: np.ndarray, order: np.ndarray) -> Graph:
    """Return the graph in which each machine takes its operations in the given topological order."""
    n = len(order)
    graph = Graph(
        np.zeros(n + 1, np.int64),
        np.zeros(n + 1, np.int64),
        np.zeros(n + 1, np.int64),
        np.full(n + 1, n, np.int64),
        np.full(n + 1, n, np.int64),
        np.full(shop.machines[0], n, np.int64),
        order.copy(),
        np.zeros(n + 1, np.int64),
        np.zeros(n + 1, np.int64),
        np.zeros(n + 1, np.int64),
        np.zeros(n + 2, np.int64),
        np.zeros(n, np.int64),
    )
    last = np.full(shop.machines[0], n, np.int64)
    for at in range(n):
        o = order[at]
        k = shop.machine[choice[o]]
        graph.choice[o], graph.machine[o], graph.minutes[o], graph.place[o] = choice[o], k, shop.minutes[choice[o]], at
        graph.left[o] = last[k]
        if last[k] == n:
            graph.first[k] = o
        else:
            graph.right[last[k]] = o
        last[k] = o
    set_heads(shop, graph, 0)
    set_tails(shop, graph, n - 1)
    return graph


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def set_heads(shop: Chains, graph: Graph, begin: int) -> None:
    """Set heads from a place in the topological order on."""
    head, minutes = graph.head, graph.minutes
    for at in range(begin, len(graph.order)):
        o = graph.order[at]
        b, w = shop.before[o], graph.left[o]
        head[o] = max(shop.release[o], head[b] + minutes[b] + shop.lag[o], head[w] + minutes[w])


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def set_tails(shop: Chains, graph: Graph, begin: int) -> None:
    """Set tails from a place in the topological order down to the first."""
    tail, minutes = graph.tail, graph.minutes
    for at in range(begin, -1, -1):
        o = graph.order[at]
        a, w = shop.after[o], graph.right[o]
        tail[o] = max(tail[a] + minutes[a] + shop.lag[a], tail[w] + minutes[w])


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def makespan(shop: Chains, graph: Graph) -> int:
    """Return when the last operation ends."""
    n, longest = len(graph.order), 0
    for o in range(n):
        if shop.after[o] == n:
            longest = max(longest, graph.head[o] + graph.minutes[o])
    return longest


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def link(graph: Graph, o: int, k: int, behind: int) -> None:
    """Put an operation on machine k directly behind another; n: as the first."""
    n = len(graph.order)
    follower = graph.first[k] if behind == n else graph.right[behind]
    graph.machine[o], graph.left[o], graph.right[o] = k, behind, follower
    if behind == n:
        graph.first[k] = o
    else:
        graph.right[behind] = o
    if follower != n:
        graph.left[follower] = o


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def unlink(graph: Graph, o: int) -> None:
    """Take an operation off its machine."""
    n = len(graph.order)
    w, follower = graph.left[o], graph.right[o]
    if w == n:
        graph.first[graph.machine[o]] = follower
    else:
        graph.right[w] = follower
    if follower != n:
        graph.left[follower] = w


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def later(shop: Chains, graph: Graph, o: int, behind: int) -> bool:
    """Move o and all that must follow it behind another in the topological order; false where that one must follow o."""
    order, place, mark, spare = graph.order, graph.place, graph.mark, graph.spare
    n = len(order)
    mark[n + 1] += 1
    now, kept = mark[n + 1], 0
    mark[o] = now
    for at in range(place[o] + 1, place[behind] + 1):
        y = order[at]
        if mark[shop.before[y]] == now or mark[graph.left[y]] == now:
            mark[y] = now
    if mark[behind] == now:
        return False
    end, to = place[behind], place[o]
    for at in range(place[o], end + 1):
        y = order[at]
        if mark[y] == now:
            spare[kept] = y
            kept += 1
        else:
            order[to] = y
            place[y] = to
            to += 1
    for each in range(kept):
        order[to] = spare[each]
        place[spare[each]] = to
        to += 1
    return True


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def sooner(shop: Chains, graph: Graph, o: int, ahead: int) -> bool:
    """Move o and all it must follow ahead of another in the topological order; false where o must follow that one."""
    order, place, mark, spare = graph.order, graph.place, graph.mark, graph.spare
    n = len(order)
    mark[n + 1] += 1
    now, kept = mark[n + 1], 0
    mark[o] = now
    for at in range(place[o] - 1, place[ahead] - 1, -1):
        y = order[at]
        if mark[shop.after[y]] == now or mark[graph.right[y]] == now:
            mark[y] = now
    if mark[ahead] == now:
        return False
    end, to = place[ahead], place[o]
    for at in range(place[o], end - 1, -1):
        y = order[at]
        if mark[y] == now:
            spare[kept] = y
            kept += 1
        else:
            order[to] = y
            place[y] = to
            to -= 1
    for each in range(kept):
        order[to] = spare[each]
        place[spare[each]] = to
        to -= 1
    return True


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def move(shop: Chains, graph: Graph, o: int, choice: int, behind: int) -> bool:
    """Do o as chosen, directly behind another operation, and bring the graph up to date; false, and no change, on a cycle."""
    n, old, back, where = len(graph.order), graph.machine[o], graph.left[o], graph.place[o]
    k = shop.machine[choice]
    unlink(graph, o)
    link(graph, o, k, behind)
    follower, fine = graph.right[o], True
    if behind != n and graph.place[behind] > where:
        fine = later(shop, graph, o, behind)
    elif follower != n and graph.place[follower] < where:
        fine = sooner(shop, graph, o, follower)
    if not fine:
        unlink(graph, o)
        link(graph, o, old, back)
        return False
    graph.choice[o], graph.minutes[o] = choice, shop.minutes[choice]
    set_heads(shop, graph, min(where, graph.place[o]))
    set_tails(shop, graph, max(where, graph.place[o]))
    return True
