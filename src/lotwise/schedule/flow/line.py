"""A permutation flow shop in arrays: every order visits the same machines in the same order, in one and the same sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from lotwise.schedule.shop import Shop

MOST = 30_000_000
"""Set-ups between orders, over all machines, above which a shop does not fit."""


class Line(NamedTuple):
    """A permutation flow shop of n orders on m machines. Row n of the set-ups is what comes before the first order.

    Parameters
    ----------
    operation
        ``(n, m)`` operations of an order, in the order it visits the machines.
    minutes, ready, lag
        ``(n, m)`` how long each takes, minute before which it cannot start, minutes after the end of the one before.
    setup
        ``(n + 1, n, m)`` minutes from one order to the next.
    money
        ``(n + 1, n)`` what set-ups from one order to the next come to, over all machines.
    free
        ``(m,)`` minute from which a machine is free.
    due, weight
        ``(n,)``.
    goal
        ``(3,)`` money for a minute of makespan, of weighted tardiness, and of weighted flow.
    """

    operation: np.ndarray
    minutes: np.ndarray
    ready: np.ndarray
    lag: np.ndarray
    setup: np.ndarray
    money: np.ndarray
    free: np.ndarray
    due: np.ndarray
    weight: np.ndarray
    goal: np.ndarray


def fits(shop: Shop) -> bool:
    """Return whether a shop is a permutation flow shop: one mode each, always open, no batches, tools or changes.

    Set-ups between orders, releases, lags and due times may be there. On a machine with set-ups every operation has a state.
    """
    if not shop.same_sequence or shop.size == 0 or len(np.unique(shop.operations.order)) != len(shop.orders.name):
        return False
    n, operations, machines = len(shop.orders.name), shop.operations, shop.machines
    opened, before, goal = np.diff(shop.calendars.offsets) > 0, shop.before, shop.goal
    closes = bool(opened[shop.modes.calendar].any()) if len(opened) else False
    batches = bool((operations.family >= 0).any() and (machines.room > 0).any())
    changes = before is not None and (bool(before.fixed.any()) or goal.machine_change > 0 or goal.sequence_change > 0)
    if closes or batches or changes or len(operations.tool) or len(shop.modes.machine) != shop.size:
        return False
    chain = _chain(shop)
    if chain is None or len(np.unique(shop.modes.machine[chain], axis=0)) != 1:
        return False
    route = shop.modes.machine[chain[0]]
    states = operations.state[chain][:, machines.setups[route] >= 0]
    return len(set(route.tolist())) == len(route) and bool((states >= 0).all()) and len(route) * (n + 1) * n <= MOST


def _chain(shop: Shop) -> np.ndarray | None:
    """Return the operations of each order in turn, ``(n, m)``; none where they are no chains of one length."""
    operations, n = shop.operations, len(shop.orders.name)
    counts = np.diff(operations.before_offsets)
    owner = np.repeat(np.arange(shop.size), counts)
    sons = np.bincount(operations.before, minlength=shop.size)
    alike = len(np.unique(np.bincount(operations.order, minlength=n))) == 1
    if counts.max() > 1 or sons.max() > 1 or not alike or (counts == 0).sum() != n or (operations.lag < 0).any():
        return None
    if (operations.order[owner] != operations.order[operations.before]).any():
        return None
    after = np.full(shop.size, -1, dtype=np.int64)
    after[operations.before] = owner
    first = np.flatnonzero(counts == 0)
    column, columns = first[np.argsort(operations.order[first])], []
    while (column >= 0).all():
        columns.append(column)
        column = after[column]
    return np.stack(columns, axis=1)


def line(shop: Shop) -> Line:
    """Return a shop that ``fits`` in arrays."""
    chain = _chain(shop)
    assert chain is not None  # noqa: S101 - the shop fits
    n, m = chain.shape
    operations, modes, orders, goal = shop.operations, shop.modes, shop.orders, shop.goal
    route = modes.machine[chain[0]]
    lags = np.zeros(shop.size, dtype=np.int64)
    lags[np.repeat(np.arange(shop.size), np.diff(operations.before_offsets))] = operations.lag
    ready = np.maximum(operations.release[chain], orders.release[:, None])
    setup, money = np.zeros((n + 1, n, m), dtype=np.int64), np.zeros((n + 1, n))
    for at, machine in enumerate(route):
        matrix = shop.machines.setups[machine]
        if matrix >= 0:
            states = operations.state[chain[:, at]]
            rows = np.append(states, shop.machines.state[machine])
            setup[:, :, at] = shop.setups.minutes[matrix][rows][:, states]
            money += shop.setups.cost[matrix][rows][:, states] + goal.setup_minute * setup[:, :, at]
    minutes = (modes.minutes + modes.added)[modes.offsets[chain]]
    free, weights = np.maximum(shop.machines.free[route], 0), np.array([goal.makespan, goal.tardiness, goal.flow], dtype=float)
    whole = [np.ascontiguousarray(each, dtype=np.int64) for each in (chain, minutes, ready, lags[chain])]
    due, weight = orders.due.astype(np.int64), orders.weight.astype(float)
    return Line(whole[0], whole[1], whole[2], whole[3], setup, money, free.astype(np.int64), due, weight, weights)
