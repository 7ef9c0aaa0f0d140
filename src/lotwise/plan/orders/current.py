"""The current plan with all it rests on, and what starts in it: lots, purchases and shipments, each with its number."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.plan.materials import projection
from lotwise.plan.orders.numbers import lot_prefix, purchase_number, routes_of, shipment_number
from lotwise.plan.orders.sizes import sizes

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray
    from scipy.sparse import csc_array, csr_array

    from lotwise.plan.lots import Plan
    from lotwise.plan.network.flow import Flow
    from lotwise.plan.network.labels import Labels
    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

DIGITS = 6
LEAST = 1e-6
"""Fewer units than this are rounding."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Started:
    """What is started, in the order of activity, week and size; arrays of shape ``(n_started,)``.

    Parameters
    ----------
    activity, week
        Number of the activity, and of the week it is started in.
    level
        Level; the levels of one activity and week add up to that of the flow.
    number
        Number of the lot, purchase or shipment; empty where units only pass through: a replacement, or a move
        within one site.
    """

    activity: NDArray[np.int64]
    week: NDArray[np.int64]
    level: NDArray[np.float64]
    number: tuple[str, ...]

    @cached_property
    def passes(self) -> NDArray[np.bool_]:
        """Whether units only pass through."""
        return np.array([not number for number in self.number], dtype=bool)


@dataclass(frozen=True)
class Current:
    """One plan over a network, with its problem and its names."""

    problem: Problem
    network: Network
    labels: Labels
    plan: Plan
    flow: Flow

    @cached_property
    def gives(self) -> csc_array:
        """Units given by activity; ``(n_items, n_activities)``, by column."""
        return self.network.activities.gives.tocsc()

    @cached_property
    def takes(self) -> csc_array:
        """Units taken by activity; ``(n_items, n_activities)``, by column."""
        return self.network.activities.takes.tocsc()

    @cached_property
    def uses(self) -> csc_array:
        """Hours by activity; ``(n_machines, n_activities)``, by column."""
        return self.network.activities.uses.tocsc()

    @cached_property
    def givers(self) -> csr_array:
        """Units given by item; ``(n_items, n_activities)``, by row."""
        return self.network.activities.gives.tocsr()

    @cached_property
    def out(self) -> NDArray[np.float64]:
        """Units of its own item that one unit of level gives; ``(n_activities,)``."""
        gives = self.network.activities.gives.tocoo()
        own = gives.row == self.labels.item[gives.col]
        found = np.zeros(len(self.labels.item))
        found[gives.col[own]] = gives.data[own]
        return found

    @cached_property
    def into(self) -> NDArray[np.float64]:
        """Units of its origin that one unit of level of a move or a replacement takes, 0 for others; ``(n_activities,)``."""
        takes = self.network.activities.takes.tocoo()
        own = takes.row == self.labels.origin[takes.col]
        found = np.zeros(len(self.labels.origin))
        found[takes.col[own]] = takes.data[own]
        return found

    @cached_property
    def is_real(self) -> NDArray[np.bool_]:
        """Whether each item is a thing: what neither keeps nor is sold is a step or a choice; ``(n_items,)``."""
        return self.network.items.keeps | (self.network.items.product >= 0)

    @cached_property
    def shown(self) -> NDArray[np.int64]:
        """Number of the item each item is called after: itself, or the one thing it stands for; ``(n_items,)``."""
        found = np.arange(len(self.network.items.names))
        behind: dict[int, set[int]] = {}
        for item, origin in zip(self.labels.item.tolist(), self.labels.origin.tolist(), strict=True):
            if origin >= 0 and not self.is_real[item]:
                behind.setdefault(item, set()).add(origin)
        for item, origins in behind.items():
            if len(origins) == 1:
                found[item] = origins.pop()
        return found

    @cached_property
    def is_shipment(self) -> NDArray[np.bool_]:
        """Whether each activity moves units between sites, or to customers at a cost or over time; ``(n_activities,)``."""
        items, activities = self.network.items, self.network.activities
        found = np.zeros(len(activities.names), dtype=bool)
        for number, kind in enumerate(activities.kinds):
            origin, target = int(self.labels.origin[number]), int(self.labels.item[number])
            if kind == "move" and origin >= 0 and items.sites[origin] != items.sites[target]:
                free = self.labels.unit_price[number] == 0 and activities.lead[number] == 0
                found[number] = not (free and items.product[target] >= 0)
        return found

    @cached_property
    def is_purchase(self) -> NDArray[np.bool_]:
        """Whether each activity buys something that is kept or sold; ``(n_activities,)``."""
        buys = np.array([kind == "buy" for kind in self.network.activities.kinds], dtype=bool)
        return np.asarray(buys & self.is_real[self.labels.item], dtype=bool)

    @cached_property
    def is_granted(self) -> NDArray[np.bool_]:
        """Whether each activity only says that something uncounted is taken to be there; ``(n_activities,)``."""
        buys = np.array([kind == "buy" for kind in self.network.activities.kinds], dtype=bool)
        return np.asarray(buys & ~self.is_real[self.labels.item], dtype=bool)

    @cached_property
    def passes(self) -> NDArray[np.bool_]:
        """Whether units only pass through each activity: at most one item in, one out; ``(n_activities,)``."""
        kinds = np.array([kind in ("move", "replace") for kind in self.network.activities.kinds], dtype=bool)
        single = (np.diff(self.takes.indptr) <= 1) & (np.diff(self.gives.indptr) == 1)
        return np.asarray(kinds & single & ~self.is_shipment, dtype=bool)

    @cached_property
    def is_lot(self) -> NDArray[np.bool_]:
        """Whether each activity is work of its own; ``(n_activities,)``."""
        return np.asarray(~(self.passes | self.is_purchase | self.is_granted | self.is_shipment), dtype=bool)

    @cached_property
    def sale_item(self) -> NDArray[np.int64]:
        """Number of the item each product is sold from, -1 for none; ``(n_products,)``."""
        found = np.full(len(self.problem.products), -1)
        sold = np.flatnonzero(self.network.items.product >= 0)
        found[self.network.items.product[sold]] = sold
        return found

    @cached_property
    def opening(self) -> NDArray[np.float64]:
        """Units of each item on hand before the first week, those for sale left out; ``(n_items,)``."""
        arriving = self.network.items.arriving
        first = arriving[:, 0] if arriving.shape[1] else np.zeros(len(arriving))
        return np.minimum(self.labels.opening, first)

    @cached_property
    def receipts(self) -> NDArray[np.float64]:
        """Units that arrive without any activity, the opening stock left out; ``(n_items, n_weeks)``."""
        found = self.network.items.arriving.copy()
        found[:, :1] -= self.opening[:, None]
        return found

    @cached_property
    def given(self) -> NDArray[np.float64]:
        """Units of each item that activities give, by the week they are there; ``(n_items, n_weeks)``."""
        return arrived(self.network.activities.gives, self.flow.level, self.network.activities.lead)

    @cached_property
    def taken(self) -> NDArray[np.float64]:
        """Units of each item that activities take; ``(n_items, n_weeks)``."""
        return np.asarray(self.network.activities.takes @ self.flow.level)

    @cached_property
    def sold_from(self) -> NDArray[np.float64]:
        """Units that become ready for sale of each product; ``(n_products, n_weeks)``."""
        found = self.plan.supply.copy()
        has = self.sale_item >= 0
        item = self.sale_item[has]
        found[has] = self.given[item] + self.network.items.arriving[item] - self.taken[item]
        return np.maximum(found, 0.0)

    @cached_property
    def sales(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Units sold, and units that perish within the plan, on average; ``(n_products, n_weeks)`` each.

        What is assembled once it is ordered is sold in the outcomes it is ordered in: its average is that of the plan, and none
        of it perishes.
        """
        sold, expired = projection(self.problem, self.sold_from)
        if self.flow.expected is not None and self.problem.on_order is not None:
            waits = self.problem.on_order[:, None]
            sold, expired = np.where(waits, self.plan.outcome.sold, sold), np.where(waits, 0.0, expired)
        return sold, expired

    @cached_property
    def resource(self) -> tuple[str, ...]:
        """What each item is called in ``prices``: its code, with its site where several sites keep it; ``(n_items,)``."""
        items = self.network.items
        kept = Counter(items.names[n] for n in np.flatnonzero(items.keeps))
        return tuple(
            f"{name} {site}" if keeps and kept[name] > 1 else name
            for name, site, keeps in zip(items.names, items.sites, items.keeps.tolist(), strict=True)
        )

    @cached_property
    def routes(self) -> dict[int, int]:
        """How many routes each item is made on."""
        return routes_of(self)

    @cached_property
    def started(self) -> Started:
        """What is started, with its number."""
        return _started(self)

    def day(self, week: int) -> date:
        """Return the Monday of a week by its number; weeks before and after the plan have one too."""
        return week_day(self.problem, week)


def week_day(problem: Problem, week: int) -> date:
    """Return the Monday of a week of a problem by its number."""
    first = problem.weeks[0]
    return first.fromordinal(first.toordinal() + 7 * int(week))


def arrived(gives: csr_array, level: NDArray[np.float64], lead: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return units given by levels, ``lead`` weeks after their start; ``(n_items, n_weeks)``."""
    weeks = level.shape[1]
    found = np.zeros((gives.shape[0], weeks))
    for wait in np.unique(lead[lead < weeks]):
        chosen = np.flatnonzero(lead == wait)
        found[:, wait:] += gives[:, chosen] @ level[chosen, : weeks - wait]
    return found


def _started(current: Current) -> Started:
    """Return every start of more than rounding, lots of a largest size split."""
    level, parts = current.flow.level, sizes(current)
    used = {receipt.number for receipt in current.labels.receipts}
    activity, week, units, number = [], [], [], []
    for a, w in np.argwhere(level > LEAST).tolist():
        for name, part in parts.get((a, w), [("", float(level[a, w]))]):
            activity.append(a)
            week.append(w)
            units.append(part)
            number.append(name or _number(current, a, w, used))
    return Started(np.array(activity, np.int64), np.array(week, np.int64), np.array(units, dtype=float), tuple(number))


def _number(current: Current, activity: int, week: int, used: set[str]) -> str:
    """Return the number of what is started; lots whose numbers would be used already are counted on."""
    if current.passes[activity]:
        return ""
    if current.is_granted[activity]:
        return f"stock {current.network.items.names[current.shown[current.labels.item[activity]]]}"
    if current.is_purchase[activity]:
        return purchase_number(current, activity, week)
    if current.is_shipment[activity]:
        return shipment_number(current, activity, week)
    prefix = lot_prefix(current, activity, week)
    number = next(number for count in itertools.count(1) if (number := f"{prefix}/{count}") not in used)
    used.add(number)
    return number
