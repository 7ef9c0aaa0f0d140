"""Finished orders put together into stops that a vehicle can take."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from lotwise.deliver.ready import Finished

LEAST = 1e-9
"""Units below which nothing is left of an order."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one stop brings.

    Parameters
    ----------
    place
        Where.
    orders
        Orders and the units of each.
    late_money
        What it costs to bring it a day later.
    """

    place: str
    orders: tuple[tuple[str, float], ...]
    late_money: float

    @property
    def units(self) -> float:
        """Units in all."""
        return sum(units for _, units in self.orders)


def loads(waiting: Iterable[Finished], left: Mapping[str, float], day: date, *, room: float) -> list[Load]:
    """Return the loads of one day by place: orders of one place share a stop as far as the largest vehicle has room.

    Those whose delay costs most come first; an order that is larger than every vehicle is brought in several loads.

    Parameters
    ----------
    waiting
        Orders that are ready and have a place.
    left
        Units of each that are still to be brought.
    day
        The day; what is due later can wait for nothing.
    room
        Units the largest vehicle takes.
    """
    by_place: dict[str, list[Finished]] = defaultdict(list)
    for order in waiting:
        by_place[str(order.place)].append(order)
    found = []
    for place, orders in sorted(by_place.items()):
        ranked = sorted(orders, key=lambda order: (-_today(order, day), order.due, order.order))
        bins: list[list[tuple[Finished, float]]] = []
        free: list[float] = []
        for order in ranked:
            rest = left[order.order]
            while rest > room + LEAST and room > LEAST:
                bins.append([(order, room)])
                free.append(0.0)
                rest -= room
            if rest <= LEAST and left[order.order] > LEAST:
                continue
            fitting = next((number for number, space in enumerate(free) if space >= rest - LEAST and space > 0), None)
            if fitting is None:
                bins.append([])
                free.append(room)
                fitting = len(bins) - 1
            bins[fitting].append((order, rest))
            free[fitting] -= rest
        found += [_load(place, part, day) for part in bins]
    return found


def _today(order: Finished, day: date) -> float:
    """Return what it costs to bring an order tomorrow and not today."""
    return order.late_money if order.due <= day else 0.0


def _load(place: str, part: list[tuple[Finished, float]], day: date) -> Load:
    money = sum(_today(order, day) * (units / order.units if order.units else 1.0) for order, units in part)
    return Load(place, tuple((order.order, units) for order, units in part), money)
