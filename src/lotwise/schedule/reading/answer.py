"""A schedule as tables for people, in the times and the order numbers they gave."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.schedule import value as valued
from lotwise.schedule.reading.outages import is_stand_in
from lotwise.schedule.shop import NEVER, Before

if TYPE_CHECKING:
    from lotwise.schedule.jobs import Found, Schedule
    from lotwise.schedule.reading.draft import Draft
    from lotwise.schedule.shop import Shop

HOUR = 60


def jobs(shop: Shop, schedule: Schedule, draft: Draft) -> pa.Table:
    """Return a row an operation: order by order, step by step."""
    orders, steps = _names(shop)
    machine = shop.modes.machine[schedule.mode]
    minutes, _ = valued.setup_of(shop, schedule)
    clock, before = draft.clock, _before(shop)
    columns = {
        "order": _told(orders, draft, "order"),
        "operation": _told(steps, draft, "operation"),
        "machine": _named(shop.machines.name, machine),
        "starts": clock.times(schedule.start),
        "ends": clock.times(schedule.end),
        "setup_starts": clock.times(schedule.setup_start, schedule.setup_start >= schedule.start),
        "from_state": _named(
            shop.setups.states, np.where(shop.operations.state >= 0, valued.states_before(shop, schedule), -1)
        ),
        "to_state": _named(shop.setups.states, shop.operations.state),
        "minutes": pa.array(_minutes(shop, schedule)),
        "setup_minutes": pa.array(minutes),
        "overtime_minutes": pa.array(valued.overtime_minutes(shop, schedule)),
        "batch": pa.array(schedule.batch, mask=schedule.batch < 0),
        "place": pa.array(_places(shop, schedule)),
        "status": _status(before, schedule),
        "before": _named(shop.machines.name, before.machine),
        "changed": pa.array(_changed(before, schedule, machine)),
    }
    return _table(columns, len(steps))


def lateness(shop: Shop, schedule: Schedule, draft: Draft) -> pa.Table:
    """Return a row an order: when it is due, when it ends, and what its delay costs."""
    count = len(shop.orders.name) - int(is_stand_in(shop).sum())
    ends, due = valued.order_ends(shop, schedule), shop.orders.due
    late = np.maximum(ends - due, 0)
    columns = {
        "order": _told(list(shop.orders.name[:count]), draft, "order"),
        "due": draft.clock.times(np.where(due < NEVER, due, 0), due >= NEVER),
        "ends": draft.clock.times(ends),
        "late_hours": pa.array(late / HOUR),
        "money": pa.array(shop.goal.tardiness * shop.orders.weight * late),
    }
    return _table(columns, count)


def summary(shop: Shop, found: Found, draft: Draft) -> pa.Table:
    """Return one row: how the schedule was found and what it comes to."""
    stands = is_stand_in(shop)
    value = found.value
    own = found.schedule.end[~stands]
    last = np.array([own.max() if len(own) else 0])
    columns = {
        "method": [found.method],
        "why": [found.why],
        "orders": [len(shop.orders.name) - int(stands.sum())],
        "operations": [shop.size - int(stands.sum())],
        "moves": [found.moves],
        "total": [value.total],
        "tardiness": [value.tardiness],
        "setup": [value.setup],
        "overtime": [value.overtime],
        "change": [value.change],
        "modes": [value.modes],
        "bound": pa.array([found.bound], pa.float64()),
        "late": [value.late],
        "changed": [value.changed],
        "ends": draft.clock.times(last),
    }
    return pa.table(columns)


def _told(names: list[str], draft: Draft, column: str) -> pa.Array:
    """Return names in the type that the user's column has."""
    kind = (draft.orders if column == "order" else draft.operations).types.get(column, pa.string())
    plain = pa.array(names, pa.string())
    return plain.cast(kind) if pa.types.is_integer(kind) or pa.types.is_floating(kind) else plain


def _names(shop: Shop) -> tuple[list[str], list[str]]:
    """Return order and step of each operation that is no stand-in; stand-ins come last."""
    count = shop.size - int(is_stand_in(shop).sum())
    orders = [shop.orders.name[at] for at in shop.operations.order[:count].tolist()]
    names = shop.operations.name[:count]
    return orders, [name[len(order) + 1 :] for name, order in zip(names, orders, strict=True)]


def _table(columns: dict[str, pa.Array], count: int) -> pa.Table:
    """Return a table of the first rows of its columns."""
    return pa.table({name: values[:count] for name, values in columns.items()})


def _named(names: tuple[str, ...], places: np.ndarray) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(places, mask=places < 0))


def _minutes(shop: Shop, schedule: Schedule) -> np.ndarray:
    """Return the working minutes of each operation; of a batch those of the batch."""
    minutes, added = shop.modes.minutes[schedule.mode], shop.modes.added[schedule.mode]
    own = np.where(schedule.batch >= 0, schedule.batch, schedule.batch.max(initial=-1) + 1 + np.arange(shop.size))
    longest, total = np.zeros(own.max(initial=0) + 1, np.int64), np.zeros(own.max(initial=0) + 1, np.int64)
    np.maximum.at(longest, own, minutes)
    np.add.at(total, own, added)
    found: np.ndarray = (longest + total)[own]
    return found


def _places(shop: Shop, schedule: Schedule) -> np.ndarray:
    """Return 1 for the first operation of each machine, and so on; members of a batch one after another."""
    machine = shop.modes.machine[schedule.mode]
    turn = np.zeros(shop.size, np.int64)
    turn[valued.sequence(shop, schedule)] = np.arange(len(valued.sequence(shop, schedule)))
    batched = schedule.batch >= 0
    first = np.zeros(schedule.batch.max(initial=-1) + 1, np.int64)
    np.maximum.at(first, schedule.batch[batched], turn[batched])
    turn[batched] = first[schedule.batch[batched]]
    sequence = np.lexsort((np.arange(shop.size), turn, machine))
    count = np.bincount(machine, minlength=len(shop.machines.name))
    found = np.empty(shop.size, np.int64)
    found[sequence] = np.arange(shop.size) - np.repeat(np.cumsum(count) - count, count) + 1
    return found


def _status(before: Before, schedule: Schedule) -> pa.Array:
    """Return ``planned``, and of what stays ``frozen``, ``running`` or ``done``."""
    code = np.where(before.fixed, np.where(schedule.start >= 0, 1, np.where(schedule.end > 0, 2, 3)), 0)
    return pa.array(["planned", "frozen", "running", "done"]).take(pa.array(code))


def _before(shop: Shop) -> Before:
    if shop.before is not None:
        return replace(shop.before, fixed=np.asarray(shop.before.fixed, bool))
    none = np.full(shop.size, -1)
    return Before(none, np.full(shop.size, -2), np.zeros(shop.size, bool), none, none)


def _changed(before: Before, schedule: Schedule, machine: np.ndarray) -> np.ndarray:
    moved = (before.machine >= 0) & (before.machine != machine) & ~before.fixed
    behind = (before.behind != -2) & (before.behind != schedule.behind)  # noqa: PLR2004  -2: not known
    found: np.ndarray = moved | behind
    return found
