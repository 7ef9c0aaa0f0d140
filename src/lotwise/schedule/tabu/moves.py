"""Moves to neighbors of a schedule: what they promise, and whether they are forbidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from lotwise.schedule.tabu.chains import Chains
    from lotwise.schedule.tabu.graph import Graph

MOST = 8192
"""Neighbors looked at in one step at most."""
BITS = (1 << 16) - 1
"""Places for what is forbidden; two things meet in one of them now and then, which forbids a little more."""


class Neighbors(NamedTuple):
    """Moves and their promises.

    Parameters
    ----------
    value
        ``(MOST,)`` see ``promise``; the smaller the better.
    what, choice, behind
        ``(MOST,)`` the operation, how it is then done, and directly behind which.
    until
        ``(MOST,)`` the last step at which the move is forbidden.
    size
        ``(1,)`` how many there are.
    path
        ``(n,)`` a critical path, last operation first.
    heads, tails
        ``(n + 1,)`` scratch.
    forbidden
        ``(BITS + 1,)`` the last step at which one operation may not come ahead of another, or on a machine.
    """

    value: np.ndarray
    what: np.ndarray
    choice: np.ndarray
    behind: np.ndarray
    until: np.ndarray
    size: np.ndarray
    path: np.ndarray
    heads: np.ndarray
    tails: np.ndarray
    forbidden: np.ndarray


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def room(n: int) -> Neighbors:
    """Return room for the neighbors of a schedule of n operations."""
    columns = np.zeros((5, MOST), np.int64)
    return Neighbors(
        columns[0],
        columns[1],
        columns[2],
        columns[3],
        columns[4],
        np.zeros(1, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n + 1, np.int64),
        np.zeros(n + 1, np.int64),
        np.zeros(BITS + 1, np.int64),
    )


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def promise(longest: int, through: int) -> int:
    """Return one number for the makespan estimated and, where that is the same, the longest path through what was moved."""
    return (longest << 30) + through


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def add(found: Neighbors, value: int, what: int, choice: int, behind: int, until: int) -> None:
    """Note a move."""
    at = found.size[0]
    if at < MOST:
        found.value[at], found.what[at], found.choice[at] = value, what, choice
        found.behind[at], found.until[at] = behind, until
        found.size[0] = at + 1


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def pair(ahead: int, o: int) -> int:
    """Return the place in what is forbidden of one operation ahead of another."""
    return (ahead * 7919 + o) & BITS


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def on(o: int, k: int) -> int:
    """Return the place in what is forbidden of an operation on a machine."""
    return -(o * 4099 + k + 1) & BITS


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def ready(shop: Chains, graph: Graph, o: int) -> int:
    """Return when an operation's release and chain let it start."""
    b = shop.before[o]
    return int(max(shop.release[o], graph.head[b] + graph.minutes[b] + shop.lag[o]))


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def rest(shop: Chains, graph: Graph, o: int) -> int:
    """Return the longest path from the end of an operation through its chain."""
    a = shop.after[o]
    return int(graph.tail[a] + graph.minutes[a] + shop.lag[a])
