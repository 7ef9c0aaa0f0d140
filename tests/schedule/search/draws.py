"""Random sequences, choices and overtime for any shop, and what a schedule comes to without what cannot be changed."""

from __future__ import annotations

import numpy as np

from lotwise.schedule.search.decode import OPENS
from lotwise.schedule.value import order_ends, value


def draw(shop, rng):
    """Return a sequence of what is not fixed, a choice of modes (left open, taken, batches of their own), and overtime."""
    fixed = np.zeros(shop.size, dtype=bool) if shop.before is None else shop.before.fixed
    choice = np.full(shop.size, -1, dtype=np.int64)
    for o in np.flatnonzero(rng.random(shop.size) < 0.5):
        choice[o] = rng.integers(shop.modes.offsets[o], shop.modes.offsets[o + 1])
    alone = (rng.random(shop.size) < 0.3) & (shop.operations.family >= 0)
    choice = np.where(alone, OPENS - choice, choice)
    return rng.permutation(np.flatnonzero(~fixed)), choice, rng.random(len(shop.calendars.periods)) < 0.5


def changeable(shop, schedule):
    """Return the total without what no search can change: modes of fixed operations, their sequence, ends before minute 0."""
    total, goal = value(shop, schedule).total, shop.goal
    if shop.before is None:
        return total
    fixed = shop.before.fixed
    other = fixed & (shop.before.behind != -2) & (shop.before.behind != schedule.behind)
    total -= shop.modes.cost[schedule.mode[fixed]].sum() + goal.sequence_change * other.sum()
    ends, orders = order_ends(shop, schedule), shop.orders
    late = np.maximum(np.maximum(ends, 0) - orders.due, 0) - np.maximum(ends - orders.due, 0)
    total += (orders.weight * (goal.flow * np.maximum(-ends, 0) + goal.tardiness * late)).sum()
    return total + goal.makespan * max(0, -int(schedule.end.max()) if shop.size else 0)


def same(one, other):
    """Return whether two schedules are the same, byte by byte."""
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in vars(one))
