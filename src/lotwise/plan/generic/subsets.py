"""The best batches of all for a few orders, by dynamic programming over sets of orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.generic.orders import SAME, counted, set_up, too_few

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.generic.orders import Batches, Groups, Orders


def exact(orders: Orders) -> Batches:
    """Return the best batches of all: what is made each week, and how that is split into batches; work ``3^n``.

    Parameters
    ----------
    orders
        A dozen at most; eight take a tenth of a second.

    Raises
    ------
    InputError
        The batches a week are too few for all orders.
    """
    count = len(orders.size)
    members = [[one for one in range(count) if some >> one & 1] for some in range(1 << count)]
    most = orders.weekly or count
    packed, taken = _split(np.array([_alone(orders, lot) for lot in members]), most)
    timing = orders.time_cost
    weekly = np.array([[timing[lot, week].sum() for lot in members] for week in range(orders.weeks)]) + packed[most]
    least, chosen = _by_week(weekly)
    left = (1 << count) - 1
    if not np.isfinite(least[0, left]):
        raise too_few(orders)
    groups: Groups = []
    bound = float(least[0, left])
    for week in range(orders.weeks):
        now, number = int(chosen[week, left]), most
        left ^= now
        while now:
            part = int(taken[number, now])
            groups.append((week, members[part]))
            now, number = now ^ part, number - 1
    return counted(orders, groups, bound)


def _split(alone: NDArray[np.float64], most: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the least set-up cost of each set in up to so many batches, and the batch that holds its lowest order."""
    packed = np.full((most + 1, len(alone)), np.inf)
    taken = np.zeros(packed.shape, np.int64)
    packed[:, 0] = 0.0
    for number in range(1, most + 1):
        for some in range(1, len(alone)):
            lowest, part = some & -some, some
            while part:
                cost = alone[part] + packed[number - 1, some ^ part]
                if part & lowest and cost < packed[number, some]:
                    packed[number, some], taken[number, some] = cost, part
                part = (part - 1) & some
    return packed, taken


def _by_week(weekly: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the least cost of each set left from a week on, and what of it is made in that week."""
    weeks, sets = weekly.shape
    least = np.full((weeks + 1, sets), np.inf)
    chosen = np.zeros(weekly.shape, np.int64)
    least[weeks, 0] = 0.0
    for week in range(weeks - 1, -1, -1):
        for some in range(sets):
            part = some
            while part >= 0:
                cost = weekly[week, part] + least[week + 1, some ^ part]
                if cost < least[week, some] - SAME:
                    least[week, some], chosen[week, some] = cost, part
                part = (part - 1) & some if part else -1
    return least, chosen


def _alone(orders: Orders, lot: list[int]) -> float:
    """Return what one batch of these orders costs to set up, infinite where they may not share one."""
    if not lot:
        return 0.0
    if orders.size[lot].sum() > orders.capacity + SAME:
        return np.inf
    if not orders.mixed and (orders.options[lot] != orders.options[lot[0]]).any():
        return np.inf
    return set_up(orders, lot)
