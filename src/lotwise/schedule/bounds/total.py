"""What no schedule of a shop comes to less than, in money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.bounds.delays import waiting_bound
from lotwise.schedule.bounds.heads import fixed_of, heads
from lotwise.schedule.bounds.loads import completion_bounds, loads, makespan_bound

if TYPE_CHECKING:
    from lotwise.schedule.shop import Shop

LOADS = 8
"""Sets of machines whose waiting is looked at, those with the most work a machine first."""


def bound(shop: Shop) -> float:
    """Return money that no schedule of the shop comes to less than.

    The sum of what each part of the goal comes to at least, each on its own: makespan, lateness and flow of the orders,
    set-ups, modes, and changes. Overtime may be nothing. A sum of least parts is no more than the least sum.

    Parameters
    ----------
    shop
        What is to be scheduled.

    Returns
    -------
    float
        In money, as ``Value.total``.
    """
    makespan = shop.goal.makespan * makespan_bound(shop) if shop.goal.makespan > 0 else 0.0
    return makespan + orders_bound(shop) + setups_bound(shop) + modes_bound(shop) + changes_bound(shop)


def orders_bound(shop: Shop) -> float:
    """Return what lateness and flow of all orders come to at least.

    Each order ends no sooner than its longest path; where orders wait for the same machines, the larger bound of
    ``waiting_bound`` stands instead for those it counts. No order is counted twice, so the parts may be added.
    """
    ends, goal = completion_bounds(shop), shop.goal
    alone = shop.orders.weight * (goal.tardiness * np.maximum(ends - shop.orders.due, 0) + goal.flow * ends)
    if not shop.size or not (shop.orders.weight > 0).any() or (goal.tardiness <= 0 and goal.flow <= 0):
        return float(alone.sum())
    known, busy = heads(shop), loads(shop)
    busy.sort(key=lambda load: -load.minutes.sum() / len(load.machines))
    open_orders = np.ones(len(ends), dtype=bool)
    found = []
    for load in busy[:LOADS]:
        money, counted = waiting_bound(shop, known, load, open_orders)
        found.append((money - float(alone[counted].sum()), counted, load))
    found.sort(key=lambda one: -one[0])
    total = float(alone.sum())
    for most, first, load in found:
        gain, counted = most, first
        if most <= 0:
            break
        if (first & ~open_orders).any():
            money, counted = waiting_bound(shop, known, load, open_orders)
            gain = money - float(alone[counted].sum())
        if gain > 0:
            total += gain
            open_orders &= ~counted
    return total


def setups_bound(shop: Shop) -> float:
    """Return what set-ups cost at least: each state that is needed is entered once.

    An operation with state s is on a machine that comes into s from another state at least once, unless it begins in s, fixed
    operations bring it there, or it changes over at no cost. Entries into different states are different set-ups.
    """
    if not shop.size or not len(shop.setups.states):
        return 0.0
    money = shop.setups.cost + shop.goal.setup_minute * shop.setups.minutes
    state, fixed = shop.operations.state, fixed_of(shop)
    least = np.zeros(len(shop.setups.states))
    owner = np.repeat(np.arange(shop.size), np.diff(shop.modes.offsets))
    begins = {(k, int(s)) for k, s in enumerate(shop.machines.state)}
    if shop.before is not None:
        begins |= set(zip(shop.before.machine[fixed].tolist(), state[fixed].tolist(), strict=True))
    for s in np.unique(state[(state >= 0) & ~fixed]).tolist():
        enter = [
            0.0 if matrix < 0 or (k, s) in begins else float(np.delete(money[matrix, :, s], s).min())
            for k, matrix in enumerate(shop.machines.setups.tolist())
        ]
        asks = (state[owner] == s) & ~fixed[owner]
        each = np.full(shop.size, np.inf)
        np.minimum.at(each, owner[asks], np.array(enter)[shop.modes.machine[asks]])
        least[s] = each[np.unique(owner[asks])].max()
    return float(least.sum())


def modes_bound(shop: Shop) -> float:
    """Return what modes cost at least: each operation's cheapest."""
    return float(np.minimum.reduceat(shop.modes.cost, shop.modes.offsets[:-1]).sum()) if shop.size else 0.0


def changes_bound(shop: Shop) -> float:
    """Return what changes cost at least: of operations that can no longer be done where they were, each one."""
    if shop.before is None or not shop.size:
        return 0.0
    owner = np.repeat(np.arange(shop.size), np.diff(shop.modes.offsets))
    stays = np.zeros(shop.size, dtype=bool)
    np.logical_or.at(stays, owner, shop.modes.machine == shop.before.machine[owner])
    return shop.goal.machine_change * float(((shop.before.machine >= 0) & ~stays & ~fixed_of(shop)).sum())
