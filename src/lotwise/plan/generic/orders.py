"""Personal orders that may share batches, batches of them, and what these cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError, breaches
from lotwise.plan.inventory.bounds import above, at_least, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME = 1e-9
"""Money, or capacity, that is rounding."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders to be batched; every array ``(n_orders,)`` but ``options``.

    Parameters
    ----------
    options
        Which options each order has; ``(n_orders, n_options)``.
    size
        Capacity it takes, above 0.
    release, due
        Weeks, whole, from 0.
    late, early
        Money by week after and before ``due``, at least 0.
    capacity
        Of a batch.
    setup
        Money by batch, at least 0.
    option
        Money by batch in which an option occurs, at least 0; ``(n_options,)``.
    weeks
        Weeks there are.
    weekly
        Most batches a week; 0 for no limit.
    mixed
        Whether orders with different sets of options may share a batch.

    Raises
    ------
    InputError
        Shapes do not fit, a value is out of range, an order does not fit a batch, or all batches there may be are too few.
    """

    options: NDArray[np.bool_]
    size: NDArray[np.float64]
    release: NDArray[np.int64]
    due: NDArray[np.int64]
    late: NDArray[np.float64]
    early: NDArray[np.float64]
    capacity: float
    setup: float
    option: NDArray[np.float64]
    weeks: int
    weekly: int = 0
    mixed: bool = False

    def __post_init__(self) -> None:
        options = np.asarray(self.options, bool)
        given = {"size": above("size", self.size), "late": at_least("late", self.late), "early": at_least("early", self.early)}
        times = {"release": whole("release", self.release), "due": whole("due", self.due)}
        weeks, weekly = int(whole("weeks", self.weeks, 1)), int(whole("weekly", self.weekly))
        option = at_least("option", self.option)
        at_least("setup", self.setup)
        capacity = float(above("capacity", self.capacity))
        count = len(given["size"])
        found = [
            f"{name} has shape {array.shape}; expected ({count},)"
            for name, array in (given | times).items()
            if array.shape != (count,)
        ]
        if options.ndim != 2 or options.shape != (count, len(option)):  # noqa: PLR2004 - orders and options
            found.append(f"options has shape {options.shape}; expected ({count}, {len(option)})")
        large = np.flatnonzero(given["size"] > capacity + SAME)
        if len(large):
            found.append(f"size: order {large[0]} takes {given['size'][large[0]]:g}; a batch holds {capacity:g}: split it")
        if not found and (times["release"] >= weeks).any():
            first = int(np.flatnonzero(times["release"] >= weeks)[0])
            found.append(f"release: order {first} may be made from week {times['release'][first]}; the last is {weeks - 1}")
        if found:
            raise InputError(breaches("The orders break their contract", found))
        for name, value in (given | times | {"options": options, "option": option, "weeks": weeks, "weekly": weekly}).items():
            object.__setattr__(self, name, value)

    @property
    def time_cost(self) -> NDArray[np.float64]:
        """Money for making each order in each week, infinite before its release; ``(n_orders, weeks)``."""
        week = np.arange(self.weeks)[None, :]
        off = week - self.due[:, None]
        found = np.where(off > 0, off * self.late[:, None], -off * self.early[:, None])
        return np.where(week >= self.release[:, None], found, np.inf)

    @property
    def kinds(self) -> NDArray[np.int64]:
        """Number of each order's set of options."""
        return np.asarray(np.unique(self.options, axis=0, return_inverse=True)[1], np.int64).ravel()


@dataclass(frozen=True, slots=True)
class Batches:
    """Which batch each order is in, and when that is made.

    Attributes
    ----------
    batch
        ``(n_orders,)``, from 0.
    week
        ``(n_batches,)``, never falling.
    cost, setups, timing
        Money: all, for set-ups and options, for weeks too late and too early.
    bound
        No batches cost less.
    """

    batch: NDArray[np.int64]
    week: NDArray[np.int64]
    cost: float
    setups: float
    timing: float
    bound: float


def too_few(orders: Orders) -> InputError:
    """Return the error that the batches a week do not hold all orders."""
    return InputError(
        f"weekly: found {orders.weekly} batches a week for {orders.weeks} weeks; they do not hold all orders from their "
        "release on. Allow more batches or weeks."
    )


Groups = list[tuple[int, list[int]]]
"""Batches as (week, orders)."""


def set_up(orders: Orders, lot: list[int]) -> float:
    """Return the set-up of one batch of these orders, money."""
    return orders.setup + float(orders.option[orders.options[lot].any(axis=0)].sum())


def total(orders: Orders, groups: Groups) -> float:
    """Return what groups cost: set-ups, and weeks too late and too early."""
    timing = orders.time_cost
    return sum(set_up(orders, lot) + float(timing[lot, week].sum()) for week, lot in groups)


def counted(orders: Orders, groups: Groups, bound: float) -> Batches:
    """Return groups, the earliest first, with what they cost."""
    groups = sorted((week, sorted(lot)) for week, lot in groups if lot)
    batch = np.zeros(len(orders.size), np.int64)
    for place, (_, lot) in enumerate(groups):
        batch[lot] = place
    setups = sum(set_up(orders, lot) for _, lot in groups)
    cost = total(orders, groups)
    return Batches(batch, np.array([week for week, _ in groups], np.int64), cost, setups, cost - setups, bound)


def groups_of(found: Batches) -> Groups:
    """Return batches as groups."""
    return [(int(week), np.flatnonzero(found.batch == place).tolist()) for place, week in enumerate(found.week)]
