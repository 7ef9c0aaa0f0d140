"""Carries assembly out, week by week and without foresight, in every scenario: what a plan for components really earns.

In each week what earns most for what it takes of scarce components and hours is assembled first, older orders for a product
before newer ones; then overtime is used where it pays. A component or an hour that something decided here and now needs
later is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_array

    from lotwise.plan.network.pooling.assembly import Assembly

    Array = NDArray[np.float64]

EDGE = 1e-9
"""Fewer units or hours than this are none."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is decided here and now, and what that leaves to assembly.

    Parameters
    ----------
    stock
        Units of each item at the end of each week before anything is assembled; ``(n_items, n_weeks)``.
    hours, overtime
        Regular hours and overtime hours left; ``(n_machines, n_weeks)``.
    ready
        Whether each switch is on; ``(n_switches, n_weeks)``.
    item_price, machine_price
        What one more unit or hour would earn; ``(n_items, n_weeks)``, ``(n_machines, n_weeks)``.
    """

    stock: NDArray[np.float64]
    hours: NDArray[np.float64]
    overtime: NDArray[np.float64]
    ready: NDArray[np.bool_]
    item_price: NDArray[np.float64]
    machine_price: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Served:
    """What is assembled, on average over the scenarios.

    Parameters
    ----------
    way
        Units assembled in each way; ``(n_ways, n_weeks)``.
    sold, lost, late
        Units assembled, never served, and waiting into the next week, of each product; ``(n, n_weeks)``.
    overtime
        Overtime hours of each machine; ``(n_machines, n_weeks)``.
    below
        Units of each item below its safety stock; ``(n_items, n_weeks)``.
    profit
        Money it earns in each scenario, that of components not carried on included; ``(n_scenarios,)``.
    """

    way: NDArray[np.float64]
    sold: NDArray[np.float64]
    lost: NDArray[np.float64]
    late: NDArray[np.float64]
    overtime: NDArray[np.float64]
    below: NDArray[np.float64]
    profit: NDArray[np.float64]

    @property
    def worth(self) -> float:
        """Mean profit over the scenarios."""
        return float(self.profit.mean())


def serve(assembly: Assembly, room: Room, *, reserve: float = 0.0) -> Served:
    """Return what is assembled in the scenarios.

    Parameters
    ----------
    assembly
        What is planned.
    room
        What is decided here and now.
    reserve
        Share of the prices of what it takes that a unit has to earn: 0 serves everybody there is something for, 1 keeps
        components and hours for what is expected to pay more.
    """
    return _Floor(assembly, room).carried_out(reserve)


class _Floor:
    """The assembly floor of all scenarios side by side."""

    def __init__(self, assembly: Assembly, room: Room) -> None:
        self._network, self._room = assembly.network, room
        self._ways, self._orders = ways, orders = assembly.ways, assembly.orders
        self._terms = assembly.problem.terms.part(orders.products)
        self._place = np.searchsorted(orders.products, ways.product)
        self._takes, self._uses = _columns(ways.takes), _columns(ways.uses)
        self._members = [items for items, _ in _columns(ways.member)]
        self._margin = (self._terms.price - self._terms.cost)[self._place] - ways.cost
        items = assembly.network.items
        ahead = np.arange(assembly.network.weeks - 1, -1, -1)
        saved = items.holding[:, None] * ahead + (items.left * items.keeps)[:, None]
        self._saved = np.asarray(ways.takes.T @ saved)  # money of components that are not carried on, by way and week
        self._least = np.minimum.accumulate(room.stock[:, ::-1], axis=1)[:, ::-1]

    def carried_out(self, reserve: float) -> Served:
        """Return what is assembled under one rule."""
        (scenarios, count, weeks), network = self._orders.further.shape, self._network
        found = {name: np.zeros((count, weeks)) for name in ("sold", "lost", "late")}
        way, overtime = np.zeros((len(self._margin), weeks)), np.zeros(network.machines.hours.shape)
        below, drawn = np.zeros(network.items.arriving.shape), np.zeros((len(network.items.names), scenarios))
        waiting, profit = np.zeros((count, scenarios)), np.zeros(scenarios)
        items = network.items
        guarded = np.flatnonzero(items.keeps & (items.safety > 0))
        for week in range(weeks):
            want = waiting + self._orders.further[:, :, week].T
            used, extra, gained = self._of_week(week, want, drawn, reserve)
            for number, units in used.items():
                way[number, week] = units.mean()
                found["sold"][self._place[number], week] += units.mean()
            waiting = np.where((self._terms.backorder & (week < weeks - 1))[:, None], want, 0.0)
            found["late"][:, week] = waiting.mean(axis=1)
            found["lost"][:, week] = (want - waiting).mean(axis=1)
            overtime[:, week] = extra.mean(axis=1)
            left = self._room.stock[guarded, week, None] - drawn[guarded]
            short = np.maximum(items.safety[guarded, None] - left, 0.0)
            below[guarded, week] = short.mean(axis=1)
            profit += gained - self._terms.delay @ waiting
            profit -= network.machines.overtime_cost @ extra + items.safety_cost[guarded] @ short
        return Served(way, found["sold"], found["lost"], found["late"], overtime, below, profit)

    def _of_week(self, week: int, want: Array, drawn: Array, reserve: float) -> tuple[dict[int, Array], Array, Array]:
        """Return units of each way, overtime and money of one week by scenario; want and drawn change with it."""
        regular = np.repeat(self._room.hours[:, week, None], want.shape[1], axis=1)
        extra = np.zeros_like(regular)
        used: dict[int, Array] = {}
        gained = np.zeros(want.shape[1])
        order = self._order(week, reserve)
        for overtime in (False, True) if self._room.overtime[:, week].any() else (False,):
            for way in order:
                for _ in range(len(self._uses[way][0]) + 1 if overtime else 1):
                    units = self._most(way, week, (want, drawn, regular, extra), overtime=overtime)
                    if not units.any():
                        break
                    self._take(way, units, (want, drawn, regular, extra))
                    used[way] = used.get(way, 0.0) + units
                    gained += (self._margin[way] + self._saved[way, week]) * units
        return used, extra, gained

    def _order(self, week: int, reserve: float) -> list[int]:
        """Return the ways that can be had in a week and pay, the one that earns most for what it takes in front."""
        ways, room = self._ways, self._room
        scarce = np.asarray(ways.takes.T @ room.item_price[:, week] + ways.uses.T @ room.machine_price[:, week])
        margin = self._margin + self._saved[:, week]
        is_ready = [bool(room.ready[switches, week].all()) for switches in self._members]
        some = ways.open[:, week] & (margin > EDGE) & (margin >= reserve * scarce - EDGE) & np.array(is_ready, dtype=bool)
        rate = margin / np.maximum(scarce, EDGE * np.abs(margin).max(initial=1.0))
        return [int(way) for way in np.lexsort((np.arange(len(margin)), -margin, -np.round(rate, 6))) if some[way]]

    def _most(self, way: int, week: int, state: tuple[Array, Array, Array, Array], *, overtime: bool) -> Array:
        """Return the most units of a way by scenario; with overtime as many as need it on the same machines, where it pays."""
        want, drawn, regular, extra = state
        (items, takes), (machines, uses) = self._takes[way], self._uses[way]
        units = want[self._place[way]].copy()
        if len(items):
            np.minimum(units, ((self._least[items, week, None] - drawn[items]) / takes[:, None]).min(axis=0), out=units)
        if len(machines):
            hours = regular[machines]
            if overtime:
                full = hours <= EDGE
                hours = np.where(full, self._room.overtime[machines, week, None] - extra[machines], hours)
                paid = (full * (uses * self._network.machines.overtime_cost[machines])[:, None]).sum(axis=0)
                units = np.where(paid < self._margin[way] + self._saved[way, week], units, 0.0)
            np.minimum(units, (hours / uses[:, None]).min(axis=0), out=units)
        return np.where(units > EDGE, units, 0.0)

    def _take(self, way: int, units: Array, state: tuple[Array, Array, Array, Array]) -> None:
        """Take what units of a way need out of what is wanted and what there is."""
        want, drawn, regular, extra = state
        (items, takes), (machines, uses) = self._takes[way], self._uses[way]
        want[self._place[way]] -= units
        drawn[items] += takes[:, None] * units
        over = regular[machines] - uses[:, None] * units
        extra[machines] += np.maximum(-over, 0.0)
        regular[machines] = np.maximum(over, 0.0)


def _columns(table: csc_array) -> list[tuple[NDArray[np.int64], Array]]:
    """Return places and values of each column, zeros left out."""
    found = []
    for number in range(table.shape[1]):
        part = slice(table.indptr[number], table.indptr[number + 1])
        some = table.data[part] > 0
        found.append((table.indices[part][some].astype(np.int64), table.data[part][some].astype(float)))
    return found
