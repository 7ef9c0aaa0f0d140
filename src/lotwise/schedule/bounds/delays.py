"""What orders that need the same machines lose at least by waiting for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lotwise.schedule.bounds.open_time import ALWAYS, OpenTime, merged, of_calendar
from lotwise.schedule.shop import RUNS_ON

if TYPE_CHECKING:
    from lotwise.schedule.bounds.heads import Heads
    from lotwise.schedule.bounds.loads import Load
    from lotwise.schedule.shop import Shop

BUCKETS = 120
"""Stretches of time that have a price of their own."""
SEAMS = 400
"""More openings than that are taken as one: as if the machines never closed."""
ROUNDS = 150
PATIENCE = 8
"""Rounds without a better bound after which prices change half as fast."""
CELLS = 20_000_000
"""Places priced over all rounds; large shops take fewer rounds."""


class Items(NamedTuple):
    """Blocks of work on a set of machines, in open minutes, and what each end costs.

    ``start``, ``minutes``: ``(n,)`` earliest start and length. ``due``, ``rate``, ``flow``: money lost after its end as
    ``rate`` x minutes after ``due`` + ``flow`` x minutes until ``tail`` after it.
    """

    start: np.ndarray
    minutes: np.ndarray
    due: np.ndarray
    rate: np.ndarray
    flow: np.ndarray
    tail: np.ndarray

    def cost(self, end: np.ndarray) -> np.ndarray:
        """Return what each block costs if it ends at these minutes of the clock, ``(n, n_places)``."""
        late = np.maximum(end - self.due[:, None], 0)
        money: np.ndarray = self.rate[:, None] * late + self.flow[:, None] * (end + self.tail[:, None])
        return money


def waiting_bound(shop: Shop, known: Heads, load: Load, orders: np.ndarray) -> tuple[float, np.ndarray]:
    """Return what the orders on a set of machines cost at least, and which orders are counted in it.

    Each operation is one block of work, at least as long as its quickest mode, that starts no sooner than its head; at any
    minute no more blocks run than there are machines. That last condition is priced: for any prices of machine minutes >= 0,
    the sum of each block's cheapest place (its order's loss plus the prices of the minutes it covers) less the price of all
    minutes is no more than any schedule costs. Prices are constant over stretches of time, so cheapest places are found
    exactly. Each order's loss is counted at one of its operations; operations that may share a batch are left out. Time is
    counted in open minutes where all of it is done by one calendar.

    Parameters
    ----------
    orders
        ``(n_orders,)`` whether an order's loss may be counted here.

    Returns
    -------
    bound
        Money.
    counted
        ``(n_orders,)`` whether an order's loss is in it.

    References
    ----------
    The dual of the time-indexed relaxation: Dyer, M. and Wolsey, L. (1990), Discrete Applied Mathematics 26, 255-270; prices by
    subgradients: Avella, Boccia and D'Auria (2005), EJOR 166, 19-34.
    """
    hours = _hours(shop, load)
    items, counted = _items(shop, known, load, orders, hours)
    if not len(items.start):
        return 0.0, counted
    free = np.sort(hours.spent(np.maximum(shop.machines.free[list(load.machines)], 0)))
    items = items._replace(start=np.maximum(items.start, free[0]))
    edges = _edges(items, hours, len(free))
    capacity = np.diff(np.maximum(edges[:, None] - free, 0).sum(axis=1))
    return _priced(items, hours, edges, capacity), counted


def _hours(shop: Shop, load: Load) -> OpenTime:
    owner = np.repeat(np.arange(shop.size), np.diff(shop.modes.offsets))
    used = np.unique(shop.modes.calendar[np.isin(owner, load.operations)])
    if len(used) == 1 and (shop.operations.crossing[load.operations] != RUNS_ON).all():
        hours = of_calendar(shop.calendars, int(used[0]))
        if len(hours.opens) <= SEAMS:
            return hours
    return merged([(-ALWAYS, ALWAYS)])


def _items(shop: Shop, known: Heads, load: Load, orders: np.ndarray, hours: OpenTime) -> tuple[Items, np.ndarray]:
    owner = np.repeat(np.arange(shop.size), np.diff(shop.modes.offsets))
    batching = np.unique(owner[(shop.machines.room[shop.modes.machine] > 0) & (shop.operations.family[owner] >= 0)])
    kept = ~np.isin(load.operations, batching) & (load.minutes > 0)
    o, minutes = load.operations[kept], load.minutes[kept]
    order, tail = shop.operations.order[o], known.order_tail[o]
    by_end = np.lexsort((np.arange(len(o)), (known.start[o] + minutes + tail), order))
    last = by_end[np.r_[order[by_end][1:] != order[by_end][:-1], True]] if len(o) else by_end
    charged = np.zeros(len(o), dtype=bool)
    charged[last] = True
    charged &= orders[order]
    counted = np.zeros(len(orders), dtype=bool)
    counted[order[charged]] = True
    weight = np.where(charged, shop.orders.weight[order], 0.0)
    items = Items(
        hours.spent(known.start[o]),
        minutes,
        shop.orders.due[order] - tail,
        shop.goal.tardiness * weight,
        shop.goal.flow * weight,
        tail,
    )
    return items, counted


def _edges(items: Items, hours: OpenTime, machines: int) -> np.ndarray:
    """Return where prices may change, ``(n_stretches + 1,)``: evenly, and at every closing; after the last one all is free."""
    first = int(items.start.min())
    last = int(items.start.max()) + int(items.minutes.sum()) // machines + 2 * int(items.minutes.max()) + 1
    even = np.linspace(first, last, min(BUCKETS, last - first) + 1).astype(np.int64)
    closings = (hours.before + hours.closes - hours.opens)[:-1]
    edges: np.ndarray = np.unique(np.concatenate((even, closings[(closings > first) & (closings < last)])))
    return edges


def _priced(items: Items, hours: OpenTime, edges: np.ndarray, capacity: np.ndarray) -> float:
    """Return the best bound found by raising the prices of minutes that too many blocks want."""
    begin = _places(items, hours, edges)
    end = begin + items.minutes[:, None]
    cost = items.cost(hours.when(end))
    row = np.arange(len(begin))
    sort = _stretch(begin, edges), _stretch(end, edges)
    price = np.zeros(len(capacity))
    best, ceiling, pace, idle = -np.inf, np.inf, 1.0, 0
    for _ in range(max(1, min(ROUNDS, CELLS // begin.size))):
        total = np.concatenate(([0.0], np.cumsum(price * np.diff(edges))))
        whole = cost + _until(total, price, end, edges, sort[1]) - _until(total, price, begin, edges, sort[0])
        pick = whole.argmin(axis=1)
        value = float(whole[row, pick].sum() - price @ capacity)
        idle = 0 if value > best + 1e-9 * abs(best) else idle + 1
        best = max(best, value)
        at = begin[row, pick]
        ceiling = min(ceiling, _listed(items, hours, at, capacity, edges))
        covered = np.clip(edges[:, None] - at, 0, items.minutes)
        excess = np.diff(covered.sum(axis=1)) - capacity
        excess[(price <= 0) & (excess < 0)] = 0
        square = float(excess @ excess)
        if square == 0 or ceiling - value <= 1e-9 * max(1.0, abs(ceiling)):
            break
        if idle == PATIENCE:
            pace, idle = pace / 2, 0
        price = np.maximum(price + pace * (ceiling - value) / square * excess, 0.0)
    return best - 1e-9 * max(1.0, abs(best))


def _places(items: Items, hours: OpenTime, edges: np.ndarray) -> np.ndarray:
    """Return starts among which the cheapest one is: where prices, openings or lateness begin to count differently."""
    minutes = items.minutes[:, None]
    due = np.minimum(hours.spent(items.due), edges[-1])[:, None]
    starts = np.hstack((np.broadcast_to(edges, (len(minutes), len(edges))), edges - minutes, due - minutes))
    begin: np.ndarray = np.maximum(np.hstack((items.start[:, None], starts)), items.start[:, None])
    return begin


def _stretch(at: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.clip(np.searchsorted(edges, at, side="right") - 1, 0, len(edges) - 2)


def _until(total: np.ndarray, price: np.ndarray, at: np.ndarray, edges: np.ndarray, stretch: np.ndarray) -> np.ndarray:
    """Return the sum of prices until each place."""
    inside = np.minimum(at, edges[-1]) - edges[stretch]
    money: np.ndarray = total[stretch] + price[stretch] * inside
    return money


def _listed(items: Items, hours: OpenTime, at: np.ndarray, capacity: np.ndarray, edges: np.ndarray) -> float:
    """Return what the blocks cost one after the other on a machine as fast as all together: what prices are steered by."""
    speed = max(1.0, float(capacity[-1]) / float(edges[-1] - edges[-2]))
    now, ends = 0.0, np.zeros(len(at))
    for j in np.argsort(at, kind="stable").tolist():
        now = max(now, float(items.start[j])) + float(items.minutes[j]) / speed
        ends[j] = max(now, float(items.start[j] + items.minutes[j]))
    return float(items.cost(hours.when(ends.astype(np.int64))[:, None]).sum())
