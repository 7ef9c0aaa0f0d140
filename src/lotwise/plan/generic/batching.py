"""Which personal orders to make together: batches that share a set-up, none above its capacity, at least cost of time.

An order has a set of options (a color, a fabric), a size, a week from which it may be made, a week it is due, and a cost a
week too late and too early. A batch is made in one week; it costs ``setup`` and, for every option that occurs in it,
``option``. Where options exclude one another (``mixed`` false: a dye lot, an oven at one temperature) all orders of a batch
have the same set. At most ``weekly`` batches are made a week.

The bound leaves packing out: of the orders alike (set, weeks, costs) any number may be made in a week, and with N batches a
week and M_o of them with option o, ``capacity N >= sum of sizes``, ``capacity M_o >= sum of the sizes with o``. ``best`` takes
each order's week from that program and packs the weeks (largest first, where it adds least); from there, from first come
and from single orders it improves by moving orders, merging batches and taking them apart. Up to ``FEW`` orders the best of
all is found by dynamic programming over subsets.

References
----------
Potts and Kovalyov (2000), Scheduling with batching: a review, European Journal of Operational Research 120(2). Martello and
Toth (1990), Knapsack Problems, chapter 8, for packing. Silver, Pyke and Peterson (1998), Inventory Management and Production
Planning and Scheduling, for batch sizes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.generic.orders import SAME, Batches, Orders, counted, groups_of, too_few, total
from lotwise.plan.generic.packing import alone, improved, packed, relaxed
from lotwise.plan.generic.subsets import exact
from lotwise.plan.inventory.bounds import above, at_least, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FEW = 8
"""Orders up to which the best of all is found."""


def best(orders: Orders) -> Batches:
    """Return the batches that cost least: the best of all up to ``FEW`` orders, else near it, with a bound.

    Parameters
    ----------
    orders
        What is to be made.

    Raises
    ------
    InputError
        The batches a week are too few for all orders.
    """
    if len(orders.size) <= FEW:
        return exact(orders)
    least, weeks = relaxed(orders)
    starts = [start for start in (packed(orders, weeks), groups_of(fifo(orders)), alone(orders)) if start]
    groups = min((improved(orders, start) for start in starts), key=lambda some: total(orders, some))
    found = counted(orders, groups, least)
    return Batches(found.batch, found.week, found.cost, found.setups, found.timing, min(least, found.cost))


def fifo(orders: Orders) -> Batches:
    """Return the batches of practice: orders in the order they come, into the open batch of their kind, made when full or due.

    A batch is closed when the next order does not fit, and made as soon as all in it are released, or in the week its
    first one is due if that is later; where the week is full, in the next with room.

    Parameters
    ----------
    orders
        What is to be made.

    Raises
    ------
    InputError
        The batches a week are too few for all orders.
    """
    kinds = np.zeros(len(orders.size), np.int64) if orders.mixed else orders.kinds
    lots: list[list[int]] = []
    open_lots: dict[int, int] = {}
    for order in np.lexsort((np.arange(len(kinds)), orders.due, orders.release)).tolist():
        kind = int(kinds[order])
        lot = open_lots.get(kind)
        if lot is not None:
            first_due = int(orders.due[lots[lot]].min())
            fits = orders.size[lots[lot]].sum() + orders.size[order] <= orders.capacity + SAME
            if fits and orders.release[order] <= max(first_due, int(orders.release[lots[lot]].max())):
                lots[lot].append(order)
                continue
        open_lots[kind] = len(lots)
        lots.append([order])
    used = np.zeros(orders.weeks, np.int64)
    placed: list[tuple[int, list[int]]] = []
    for members in sorted(lots, key=lambda some: (int(orders.due[some].min()), some[0])):
        released, first_due = int(orders.release[members].max()), int(orders.due[members].min())
        week = _room(orders, used, min(max(released, first_due), orders.weeks - 1), released)
        used[week] += 1
        placed.append((week, members))
    return counted(orders, placed, 0.0)


def _room(orders: Orders, used: NDArray[np.int64], first: int, release: int) -> int:
    """Return the first week with room from one on, else the last one before it."""
    if not orders.weekly:
        return first
    weeks = [*range(first, orders.weeks), *range(first - 1, release - 1, -1)]
    for week in weeks:
        if used[week] < orders.weekly:
            return int(week)
    raise too_few(orders)


def unit_cost(
    sizes: ArrayLike, setup: float, *, unit: float = 0.0, rate: float, wait: float = 0.0, hold: float = 0.0
) -> NDArray[np.float64]:
    """Return the cost of a unit by batch size: a share of the set-up, and the wait until the batch is full.

    Orders come at ``rate`` a week and a batch of q is made when the q-th has come, so that on average an order waits
    ``(q - 1) / (2 rate)`` weeks: ``setup / q + unit + (wait + hold) (q - 1) / (2 rate)``. A batch of 1 is a personal order.

    Parameters
    ----------
    sizes
        Units in a batch, whole, from 1.
    setup, unit
        Money by batch and by unit.
    rate
        Orders a week that can share a batch, above 0.
    wait, hold
        Money by order and week of waiting, and of what is held for it meanwhile.

    Raises
    ------
    InputError
        A value is out of range.
    """
    count, rate = whole("sizes", sizes, 1).astype(float), float(above("rate", rate))
    money = [float(at_least(name, value)) for name, value in (("setup", setup), ("unit", unit), ("wait", wait), ("hold", hold))]
    return np.asarray(money[0] / count + money[1] + (money[2] + money[3]) * (count - 1.0) / (2.0 * rate))
