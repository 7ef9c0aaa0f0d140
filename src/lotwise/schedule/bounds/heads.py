"""The earliest an operation can start and end, and the least that follows it: paths through the shop as if it were empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lotwise.schedule.bounds.open_time import OpenTime, of_calendar

if TYPE_CHECKING:
    from lotwise.schedule.shop import Shop

_FAR = np.int64(1) << 50


class Heads(NamedTuple):
    """What bounds rest on, in minutes, ``(n,)`` each.

    ``start`` and ``end``: no schedule has the operation sooner. ``tail``: from its end to that of the last operation at least;
    ``order_tail``: to the end of its own order at least.
    """

    start: np.ndarray
    end: np.ndarray
    tail: np.ndarray
    order_tail: np.ndarray


def fixed_of(shop: Shop) -> np.ndarray:
    """Return which operations are facts, ``(n,)``."""
    return np.zeros(shop.size, dtype=bool) if shop.before is None else np.asarray(shop.before.fixed, dtype=bool)


def heads(shop: Shop) -> Heads:
    """Return earliest starts and ends and least tails.

    Valid since no operation starts before its own release, its order's, its machine's and the ends of its predecessors with
    their lags; machines are empty, all overtime is worked, set-ups take nothing, and each operation takes its quickest mode.
    Tails count working minutes only, as if nothing ever closed. (Head and tail: Carlier 1982, EJOR 11, 42-47.)
    """
    start, end = _forward(shop)
    tail, order_tail = _backward(shop)
    return Heads(start, end, tail, order_tail)


def least_minutes(shop: Shop) -> np.ndarray:
    """Return the working minutes of each operation in its quickest mode, ``(n,)``."""
    least: np.ndarray = np.minimum.reduceat(shop.modes.minutes + shop.modes.added, shop.modes.offsets[:-1])
    return least


def levels(shop: Shop) -> list[np.ndarray]:
    """Return the operations in layers: each operation's predecessors stand in layers before its own."""
    before, count = shop.operations.before, np.diff(shop.operations.before_offsets)
    later = np.repeat(np.arange(shop.size), count)
    by_first = np.argsort(before, kind="stable")
    after, offsets = later[by_first], np.concatenate(([0], np.cumsum(np.bincount(before, minlength=shop.size))))
    missing, found = count.copy(), []
    layer = np.flatnonzero(missing == 0)
    while len(layer):
        found.append(layer)
        reached = np.concatenate([after[offsets[o] : offsets[o + 1]] for o in layer])
        np.subtract.at(missing, reached, 1)
        layer = np.unique(reached[missing[reached] == 0])
    return found


def _forward(shop: Shop) -> tuple[np.ndarray, np.ndarray]:
    operations, modes, fixed = shop.operations, shop.modes, fixed_of(shop)
    hours = {int(c): of_calendar(shop.calendars, int(c)) for c in np.unique(modes.calendar)}
    ready = np.maximum(np.maximum(operations.release, shop.orders.release[operations.order]), 0)
    start, end = np.full(shop.size, _FAR), np.full(shop.size, _FAR)
    for layer in levels(shop):
        place, owner = _slots(operations.before_offsets, layer)
        np.maximum.at(ready, owner, end[operations.before[place]] + operations.lag[place])
        place, owner = _slots(modes.offsets, layer)
        begins = np.maximum(ready[owner], shop.machines.free[modes.machine[place]])
        starts, ends = _in_modes(shop, hours, place, owner, begins)
        np.minimum.at(start, owner, starts)
        np.minimum.at(end, owner, ends)
        held = layer[fixed[layer]]
        if shop.before is not None:
            start[held], end[held] = shop.before.start[held], shop.before.end[held]
    return start, end


def _slots(offsets: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where the values of some rows stand in a ragged list, and the row of each."""
    count = offsets[rows + 1] - offsets[rows]
    owner = np.repeat(rows, count)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    return offsets[owner] + within, owner


def _in_modes(
    shop: Shop, hours: dict[int, OpenTime], place: np.ndarray, owner: np.ndarray, begins: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the earliest start and end in each mode."""
    minutes = (shop.modes.minutes + shop.modes.added)[place]
    calendar, crossing = shop.modes.calendar[place], shop.operations.crossing[owner]
    starts, ends = begins.copy(), begins + minutes
    for number, open_time in hours.items():
        for way in np.unique(crossing[calendar == number]):
            some = (calendar == number) & (crossing == way)
            starts[some], ends[some] = open_time.finish(begins[some], minutes[some], int(way))
    return starts, ends


def _backward(shop: Shop) -> tuple[np.ndarray, np.ndarray]:
    operations, fixed, least = shop.operations, fixed_of(shop), least_minutes(shop)
    tail, order_tail = np.zeros(shop.size, dtype=np.int64), np.zeros(shop.size, dtype=np.int64)
    for layer in reversed(levels(shop)):
        place, owner = _slots(operations.before_offsets, layer[~fixed[layer]])
        first, step = operations.before[place], operations.lag[place] + least[owner]
        np.maximum.at(tail, first, step + tail[owner])
        own = operations.order[first] == operations.order[owner]
        np.maximum.at(order_tail, first[own], (step + order_tail[owner])[own])
    return tail, order_tail
