"""Typed columns as the arrays of a shop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.schedule.reading.columns import MINUTE_DAY
from lotwise.schedule.reading.faults import listed
from lotwise.schedule.reading.fits import Timed, fitting, mode_calendars, tool_windows
from lotwise.schedule.reading.hours import Calendar, Hours, hours
from lotwise.schedule.reading.orders import MINUTES, orders, whole
from lotwise.schedule.reading.outages import stand_ins
from lotwise.schedule.reading.plant import Plant, plant
from lotwise.schedule.reading.precedence import precedence
from lotwise.schedule.reading.previous import before
from lotwise.schedule.reading.setups import Matrices, matrices
from lotwise.schedule.reading.tools import Needs, needs, outages, tools
from lotwise.schedule.reading.weekly import WEEK
from lotwise.schedule.reading.work import Work, work
from lotwise.schedule.shop import NEVER, Calendars, Goal, Machines, Modes, Operations, Orders, Shop

if TYPE_CHECKING:
    from lotwise.schedule.reading.draft import Draft
    from lotwise.schedule.reading.faults import Faults
    from lotwise.schedule.shop import Tools

SPARE_WEEKS = 2
THOUSANDTHS = 1000
STAYS = 8.0
"""Hours of lateness of a usual order that an operation on another machine than before counts as, unless the goal says so."""


@dataclass(frozen=True)
class _Parts:
    """What was read, before it is a shop."""

    orders: Orders
    plant: Plant
    hours: Hours
    tools: Tools
    work: Work
    needs: Needs
    matrices: Matrices
    before: tuple[np.ndarray, np.ndarray, np.ndarray]


def build(draft: Draft, faults: Faults) -> Shop:
    """Return the shop that typed columns describe.

    Raises
    ------
    ContractError
        Every breach found, in two rounds: names and values first, then what does not fit.
    """
    parts = _parts(draft, faults)
    faults.refuse()
    calendar = Calendar(parts.hours, draft.clock, _horizon(draft, parts))
    of_machine = np.array([calendar.of_machine(place, group) for place, group in enumerate(parts.plant.group)], np.int64)
    _working(of_machine, parts, calendar, faults)
    outs = outages(parts.tools, parts.hours)
    windows = tool_windows(parts.tools.name, parts.hours, outs, calendar)
    each, empty = mode_calendars(parts.work, of_machine, parts.needs, windows, calendar)
    room = _of_machines(draft, parts.plant, "room", 0.0)
    timed = fitting(Timed(parts.work, each), empty, room, calendar, parts.plant, faults)
    operations, room = _operations(parts, timed.work, room, faults)
    faults.refuse()
    ready = np.maximum(operations.release, parts.orders.release[operations.order])
    earlier = before(draft, timed.work, parts.plant, replace(operations, release=ready), parts.hours, faults)
    faults.refuse()
    w = timed.work
    modes = Modes(w.offsets, w.machine, w.minutes, w.added, w.cost, timed.calendar)
    shop = Shop(
        orders=parts.orders,
        operations=operations,
        modes=modes,
        machines=_machines(draft, parts, of_machine, room),
        calendars=_calendars(calendar),
        setups=parts.matrices.setups,
        tools=parts.tools,
        goal=draft.goal or _goal(parts.orders, rescheduled=earlier is not None),
        before=earlier,
        start=draft.clock.zero,
    )
    return stand_ins(shop, outs)


def _parts(draft: Draft, faults: Faults) -> _Parts:
    found_orders, found_plant, found_tools = orders(draft, faults), plant(draft, faults), tools(draft, faults)
    found_hours = hours(draft, found_plant, found_tools.name, faults)
    found_work = work(draft, found_orders, found_plant, faults)
    return _Parts(
        orders=found_orders,
        plant=found_plant,
        hours=found_hours,
        tools=found_tools,
        work=found_work,
        needs=needs(draft, found_work, found_tools, faults),
        matrices=matrices(draft, found_plant, found_work, faults),
        before=precedence(found_work, found_orders.name, faults),
    )


def _horizon(draft: Draft, parts: _Parts) -> int:
    """Return a minute by which all is done with room to spare, in regular hours: calendars are unfolded up to it.

    It is the last release, end of downtime or of what is fixed, plus twice the work of the busiest machine or tool
    (operations spread evenly over their machines, each with the longest set-up) and the work of the longest order, in the hours
    that are open.
    """
    w, h = parts.work, parts.hours
    share = np.array([h.share(place) for place in range(len(parts.plant.name))])
    longest = parts.matrices.setups.minutes.max(axis=(1, 2), initial=0)
    matrix = parts.matrices.machine
    setup = np.where(matrix >= 0, longest[matrix], 0) if len(longest) else np.zeros(len(matrix))
    minutes = (w.minutes + w.added) + setup[w.machine]
    count = np.diff(w.offsets)
    operation = np.repeat(np.arange(len(w.order)), count)
    load = np.bincount(w.machine, minutes / np.maximum(count, 1)[operation], minlength=len(share)) / np.maximum(share, 1e-3)
    chain = np.zeros(len(w.order))
    held = np.bincount(
        parts.needs.tool, _held(parts, minutes / np.maximum(count, 1)[operation], operation), len(parts.tools.name)
    )
    np.maximum.at(chain, operation, minutes / np.maximum(share, 1e-3)[w.machine])
    order = np.bincount(w.order, chain + w.wait, minlength=1)
    told = {"orders": "release", "operations": "release", "machines": "free", "downtime": "ends", "previous": "ends"}
    facts = [getattr(draft, table)[column] for table, column in told.items()]
    last = max([0.0, *(float(np.nan_to_num(one).max(initial=0.0)) for one in facts)])
    shut = len(draft.holidays) * MINUTE_DAY
    until = last + shut + 2 * max(load.max(initial=0.0), held.max(initial=0.0)) + order.max(initial=0.0)
    return int(np.ceil(until / WEEK) + SPARE_WEEKS) * WEEK


def _held(parts: _Parts, minutes: np.ndarray, operation: np.ndarray) -> np.ndarray:
    """Return the minutes that each need takes of the hours that all of its tool are there."""
    each = np.bincount(operation, minutes, minlength=len(parts.work.order))
    patterns = parts.hours.patterns
    share = np.array([patterns[name].share if name in patterns else 1.0 for name in parts.tools.name])
    needs, there = parts.needs, share * np.maximum(parts.tools.count, 1)
    found: np.ndarray = np.repeat(each, np.diff(needs.offsets)) * needs.count / np.maximum(there[needs.tool], 1e-3)
    return found


def _working(of_machine: np.ndarray, parts: _Parts, calendar: Calendar, faults: Faults) -> None:
    """Refuse machines whose calendar has rows and no working time left."""
    is_empty = np.array([not len(one.opens) for one in calendar.made], bool)[of_machine]
    is_cut = np.array(
        [name is not None or place in parts.hours.down for place, name in enumerate(parts.hours.of_machine)], bool
    )
    if (is_empty & is_cut).any():
        never = listed([parts.plant.name[place] for place in np.flatnonzero(is_empty & is_cut)])
        faults.add(
            f"The machines: {never} have no working time: holidays and downtime leave nothing of their shifts; "
            "correct them, or take these machines out"
        )


def _of_machines(draft: Draft, plant: Plant, name: str, absent: float) -> np.ndarray:
    values: np.ndarray = draft.machines[name]
    return values[plant.row] if len(draft.machines) else np.full(len(plant.name), absent)


def _operations(parts: _Parts, work: Work, room: np.ndarray, faults: Faults) -> tuple[Operations, np.ndarray]:
    """Return the operations, and the room of each machine in the same whole units as their sizes."""
    names = pc.unique(pc.drop_null(work.family))
    family = np.asarray(pc.fill_null(pc.index_in(work.family, value_set=names), -1).to_numpy(), np.int64)
    size = np.where(np.isnan(work.size), np.where(family >= 0, 1.0, 0.0), work.size)
    _alike(family, work.crossing, names, faults)
    if (size != np.floor(size)).any() or (room != np.floor(room)).any():
        size, room = size * THOUSANDTHS, room * THOUSANDTHS
    offsets, earlier, lag = parts.before
    operations = Operations(
        name=tuple(work.key.to_pylist()),
        order=work.order,
        release=np.maximum(work.release, 0),
        state=parts.matrices.state,
        family=family,
        size=np.ceil(size - 1e-9).astype(np.int64),
        crossing=work.crossing,
        before_offsets=offsets,
        before=earlier,
        lag=lag,
        tool_offsets=parts.needs.offsets,
        tool=parts.needs.tool,
        tool_count=parts.needs.count,
    )
    return operations, np.floor(room + 1e-9).astype(np.int64)


def _alike(family: np.ndarray, crossing: np.ndarray, names: pa.Array, faults: Faults) -> None:
    own = np.flatnonzero(family >= 0)
    first = np.full(len(names), -1)
    first[family[own[::-1]]] = crossing[own[::-1]]
    wrong = np.unique(family[own[crossing[own] != first[family[own]]]])
    if len(wrong):
        told = listed(names.take(pa.array(wrong)).to_pylist())
        faults.add(
            f"The operations: 'closed' differs within the family {told}; a batch needs one, give all of a family the same"
        )


def _machines(draft: Draft, parts: _Parts, of_machine: np.ndarray, room: np.ndarray) -> Machines:
    return Machines(
        name=parts.plant.name,
        group=parts.plant.group,
        calendar=of_machine,
        setups=parts.matrices.machine,
        state=parts.matrices.machine_state,
        room=room,
        free=np.maximum(whole(_of_machines(draft, parts.plant, "free", np.nan), 0), 0),
        minute_cost=_of_machines(draft, parts.plant, "overtime_cost", 0.0) / MINUTES,
    )


def _calendars(calendar: Calendar) -> Calendars:
    made = calendar.made
    if not made:
        return Calendars()
    return Calendars(
        offsets=np.concatenate([[0], np.cumsum([len(one.opens) for one in made])]).astype(np.int64),
        opens=np.concatenate([one.opens for one in made]),
        closes=np.concatenate([one.closes for one in made]),
        overtime=np.concatenate([one.period for one in made]),
        periods=calendar.period_names(),
    )


def _goal(orders: Orders, *, rescheduled: bool) -> Goal:
    """Return lateness; the makespan where nothing is due. A schedule before counts with hours of a usual order."""
    dued = orders.due < NEVER
    if not dued.any():
        return Goal(makespan=1.0, tardiness=0.0)
    usual = float(np.median(orders.weight[dued])) * MINUTES * STAYS if rescheduled else 0.0
    return Goal(tardiness=1.0, machine_change=usual, sequence_change=usual / 8)
