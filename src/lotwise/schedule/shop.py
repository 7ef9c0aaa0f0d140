"""What is to be scheduled: orders, their operations, where each can be done, and what a minute, a set-up and a delay cost.

All times are whole minutes after the shop's ``start`` (in classical instances: whole units of time). Indices are 0-based;
-1 stands for "none". Lists of different length a row are kept as ``values[offsets[i]:offsets[i + 1]]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datetime import datetime

NEVER = 1 << 40
"""Minutes that no schedule reaches: the due time of an order without one."""
INSIDE, PAUSES, RUNS_ON = 0, 1, 2
"""How an operation takes closed time: it fits between opening and closing, it pauses meanwhile, or it runs on unattended
(only its start needs an open machine)."""


def _whole(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@dataclass(frozen=True)
class Orders:
    """The orders: a customer's, or a lot of the plan.

    Parameters
    ----------
    name
        Order numbers, each once.
    release
        ``(n_orders,)`` minute before which nothing of it can start.
    due
        ``(n_orders,)`` minute by which its last operation should end; ``NEVER`` for none.
    weight
        ``(n_orders,)`` money lost with each minute it is late.
    """

    name: tuple[str, ...]
    release: np.ndarray
    due: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True)
class Operations:
    """The operations, each done once and without interruption (but see ``crossing``).

    Parameters
    ----------
    name
        As shown to people, such as ``"A17 sewing"``; each once.
    order
        ``(n,)`` order it belongs to.
    release
        ``(n,)`` minute before which it cannot start: its material is not there.
    state
        ``(n,)`` set-up state it needs on its machine; -1: any, and it leaves the machine in the state it was in.
    family
        ``(n,)`` operations of one family can share a batch on a machine that has room; -1: always alone.
    size
        ``(n,)`` room it takes in a batch: trays, kilograms, bed area.
    crossing
        ``(n,)`` ``INSIDE``, ``PAUSES`` or ``RUNS_ON``.
    before_offsets, before, lag
        Operations that end at least ``lag`` minutes before it starts (transport, drying, cooling).
    tool_offsets, tool, tool_count
        Tools and skills it holds from start to end, and how many of each. A batch holds what its most demanding member needs.
    """

    name: tuple[str, ...]
    order: np.ndarray
    release: np.ndarray
    state: np.ndarray
    family: np.ndarray
    size: np.ndarray
    crossing: np.ndarray
    before_offsets: np.ndarray
    before: np.ndarray
    lag: np.ndarray
    tool_offsets: np.ndarray
    tool: np.ndarray
    tool_count: np.ndarray


@dataclass(frozen=True)
class Modes:
    """Where each operation can be done. Mode m of operation o has ``offsets[o] <= m < offsets[o + 1]``.

    Parameters
    ----------
    offsets
        ``(n + 1,)``.
    machine
        ``(n_modes,)`` the machine.
    minutes
        ``(n_modes,)`` working minutes; a batch lasts as long as its longest member ...
    added
        ``(n_modes,)`` ... plus the sum of these over its members (scanning a part on a print bed); otherwise added too.
    cost
        ``(n_modes,)`` money for doing it here.
    calendar
        ``(n_modes,)`` when it can be done: the machine's calendar cut to that of its tools and skills.
    """

    offsets: np.ndarray
    machine: np.ndarray
    minutes: np.ndarray
    added: np.ndarray
    cost: np.ndarray
    calendar: np.ndarray


@dataclass(frozen=True)
class Machines:
    """The machines, each doing one operation or one batch at a time.

    Parameters
    ----------
    name
        Each once.
    group
        The machine group of the plan it belongs to.
    calendar
        ``(n_machines,)`` when it works; set-ups keep to it, and pause over closed time.
    setups
        ``(n_machines,)`` its set-up matrix; -1: no set-ups.
    state
        ``(n_machines,)`` set-up state it is in; -1: not known, see ``Setups``.
    room
        ``(n_machines,)`` room of one batch; 0: it does not batch.
    free
        ``(n_machines,)`` minute from which it is free.
    minute_cost
        ``(n_machines,)`` money for each minute of set-up or work in an overtime opening.
    """

    name: tuple[str, ...]
    group: tuple[str, ...]
    calendar: np.ndarray
    setups: np.ndarray
    state: np.ndarray
    room: np.ndarray
    free: np.ndarray
    minute_cost: np.ndarray


@dataclass(frozen=True)
class Calendars:
    """Openings ``[opens, closes)`` in rising order, without overlap. A calendar without openings of its own is always open.

    Openings may touch where one is regular and the next is overtime; an operation that stays ``INSIDE`` may run over such a
    seam when both are worked. After the last opening a machine is always open, without overtime, so that every order ends.

    Parameters
    ----------
    offsets
        ``(n_calendars + 1,)``.
    opens, closes
        Minutes.
    overtime
        Which overtime period an opening belongs to; -1: regular hours. A period is worked or not, as a whole.
    periods
        Names of the overtime periods, such as ``"cutting Saturday 2026-11-07"``.
    """

    offsets: np.ndarray = field(default_factory=lambda: _whole(0, 0))
    opens: np.ndarray = field(default_factory=_whole)
    closes: np.ndarray = field(default_factory=_whole)
    overtime: np.ndarray = field(default_factory=_whole)
    periods: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setups:
    """What changing a machine over takes and costs, between the end of one operation and the start of the next.

    Parameters
    ----------
    states
        Names of the set-up states.
    minutes, cost
        ``(n_matrices, n_states + 1, n_states)`` working minutes and money from the row's state to the column's; the last row
        (-1) is from a state that is not known. The diagonal is what follows within one state, mostly 0.
    """

    states: tuple[str, ...] = ()
    minutes: np.ndarray = field(default_factory=lambda: np.zeros((0, 1, 0), dtype=np.int64))
    cost: np.ndarray = field(default_factory=lambda: np.zeros((0, 1, 0)))


@dataclass(frozen=True)
class Tools:
    """Tools and people: how many of each there are. Their hours are in the calendars of the modes."""

    name: tuple[str, ...] = ()
    count: np.ndarray = field(default_factory=_whole)


@dataclass(frozen=True)
class Goal:
    """What is added up, in money; the smallest sum is looked for.

    Parameters
    ----------
    makespan
        For each minute until the last operation ends.
    tardiness
        Times each order's weight and the minutes it is late.
    flow
        For each minute until each order ends, times its weight.
    setup_minute
        For each minute of set-up, beside its cost.
    machine_change
        For each operation on another machine than before.
    sequence_change
        For each operation behind another one on its machine than before.
    """

    makespan: float = 0.0
    tardiness: float = 1.0
    flow: float = 0.0
    setup_minute: float = 0.0
    machine_change: float = 0.0
    sequence_change: float = 0.0


@dataclass(frozen=True)
class Before:
    """The schedule before, told in the operations of this shop.

    Parameters
    ----------
    machine
        ``(n,)`` machine it was on; -1: it was not in that schedule.
    behind
        ``(n,)`` operation it was directly behind on its machine; -1: it was the first; -2: not known.
    fixed
        ``(n,)`` whether it stays: it has begun, or it starts within the frozen fence.
    start, end
        ``(n,)`` minutes; facts where it is fixed (an operation that has begun may start before minute 0).
    """

    machine: np.ndarray
    behind: np.ndarray
    fixed: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class Shop:
    """A whole problem. It is checked when it is read, not here.

    Parameters
    ----------
    start
        What minute 0 is; none in classical instances.
    same_sequence
        Whether every machine takes the orders in one and the same sequence (a permutation flow shop).
    """

    orders: Orders
    operations: Operations
    modes: Modes
    machines: Machines
    calendars: Calendars = field(default_factory=Calendars)
    setups: Setups = field(default_factory=Setups)
    tools: Tools = field(default_factory=Tools)
    goal: Goal = field(default_factory=Goal)
    before: Before | None = None
    start: datetime | None = None
    same_sequence: bool = False

    @property
    def size(self) -> int:
        """How many operations there are."""
        return len(self.operations.name)
