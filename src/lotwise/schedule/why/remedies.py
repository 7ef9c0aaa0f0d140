"""What would help a late order: one change each, and the money it saves when the rest of the sequence stays as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.why.reasons import Reason, Step, reason
from lotwise.schedule.why.timing import Timing
from lotwise.schedule.why.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop

DAY = 1440
LEAST = 1e-6
"""Money below which a change is none."""
TRIED = 3
"""Steps, the longest first, at which a change of machine or sequence is tried; and overtime periods, the first ones."""


@dataclass(frozen=True)
class Remedy:
    """One change that helps.

    Parameters
    ----------
    kind
        ``"overtime"``, ``"earlier"``, ``"material"``, ``"release"``, ``"tool"``, ``"machine"`` or ``"due"``.
    gain
        Money it saves, its own cost taken off.
    operation
        The operation it is about; -1: none.
    on
        Overtime period, tool or machine, by number, or the due minute; -1: none.
    other
        The operation that lets it go ahead; -1: none.
    """

    kind: str
    gain: float
    operation: int = -1
    on: int = -1
    other: int = -1


def remedies(shop: Shop, schedule: Schedule, order: int) -> list[Remedy]:
    """Return what would help an order, the one that saves most first; a later due date, which needs no work, comes last.

    Parameters
    ----------
    shop
        What was scheduled.
    schedule
        A schedule that keeps the rules.
    order
        Number of the order.
    """
    view = View(shop, schedule)
    return helping(view, Timing(shop, schedule), reason(view, order))


def helping(view: View, timing: Timing, why: Reason) -> list[Remedy]:
    """Return what would help the order of a reason, the one that saves most first."""
    if not view.late(why.order):
        return []
    waits = sorted((step for step in why.chain if step.waited > 0), key=lambda step: -step.waited)
    found: dict[tuple[str, int, int, int], Remedy] = {}
    for remedy in _tried(view, timing, why, waits):
        if remedy.gain > LEAST:
            found.setdefault((remedy.kind, remedy.operation, remedy.on, remedy.other), remedy)
    best = sorted(found.values(), key=lambda one: (-one.gain, one.kind, one.operation, one.on))
    orders, goal = view.shop.orders, view.shop.goal
    paid = goal.tardiness * float(orders.weight[why.order]) * view.late(why.order)
    return [*best, Remedy("due", paid, on=int(view.order_end[why.order]))] if paid > LEAST else best


def _tried(view: View, timing: Timing, why: Reason, waits: list[Step]) -> Iterator[Remedy]:
    """Yield every change that could help, with what it saves or costs."""
    yield from _overtime(view, timing, why)
    for step in [step for step in waits if step.kind == "machine" and step.others][:TRIED]:
        yield from _earlier(view, timing, step)
    for step in [step for step in waits if step.kind in ("machine", "setup", "closed", "idle", "tool")][:TRIED]:
        yield from _machines(view, timing, step)
    for step in waits:
        if step.kind in ("material", "release"):
            yield _a_day(view, timing, step)
        if step.kind == "tool":
            count = view.shop.tools.count.copy()
            count[step.on] += 1
            more = replace(view.shop, tools=replace(view.shop.tools, count=count))
            yield Remedy("tool", timing.gain(shop=more), step.operation, step.on)


def _overtime(view: View, timing: Timing, why: Reason) -> Iterator[Remedy]:
    """Yield working each overtime period of the machines on the order's way that begins before its end."""
    calendars, worked = view.shop.calendars, view.schedule.worked
    operations = {*view.operations_of(why.order), *(step.operation for step in why.chain)}
    used = {int(view.shop.modes.calendar[view.schedule.mode[o]]) for o in operations}
    here = [i for c in sorted(used) for i in range(calendars.offsets[c], calendars.offsets[c + 1])]
    end = int(view.order_end[why.order])
    periods = {
        int(calendars.overtime[i]): int(calendars.opens[i])
        for i in here
        if calendars.overtime[i] >= 0 and not worked[calendars.overtime[i]] and 0 <= calendars.opens[i] < end
    }
    for period in sorted(periods, key=lambda one: (periods[one], one))[: 2 * TRIED]:
        more = worked.copy()
        more[period] = True
        yield Remedy("overtime", timing.gain(worked=more), on=period)


def _earlier(view: View, timing: Timing, step: Step) -> Iterator[Remedy]:
    """Yield taking an operation before the first, the middle and the last one that kept its machine busy."""
    for other in sorted({step.others[0], step.others[len(step.others) // 2], step.others[-1]}):
        if not view.fixed[other]:
            sequence = timing.moved(view.together(step.operation), view.together(other))
            yield Remedy("earlier", timing.gain(sequence=sequence), step.operation, view.machine[other], other)


def _machines(view: View, timing: Timing, step: Step) -> Iterator[Remedy]:
    """Yield doing an operation on another machine."""
    o, modes = step.operation, view.shop.modes
    for mode in range(modes.offsets[o], modes.offsets[o + 1]):
        if mode != view.schedule.mode[o]:
            changed = view.schedule.mode.copy()
            changed[o] = mode
            yield Remedy("machine", timing.gain(mode=changed), o, int(modes.machine[mode]))


def _a_day(view: View, timing: Timing, step: Step) -> Remedy:
    """Return having an operation's material, or its order, a day earlier."""
    shop, o = view.shop, step.operation
    if step.kind == "material":
        release = shop.operations.release.copy()
        release[o] = max(release[o] - DAY, 0)
        changed = replace(shop, operations=replace(shop.operations, release=release))
    else:
        release = shop.orders.release.copy()
        release[view.order[o]] = max(release[view.order[o]] - DAY, 0)
        changed = replace(shop, orders=replace(shop.orders, release=np.asarray(release)))
    return Remedy(step.kind, timing.gain(shop=changed), o)
