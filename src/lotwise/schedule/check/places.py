"""Every operation is done once, in one of its modes, when it may be; fixed ones as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.schedule.check.seen import Seen
    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop


def shapes(shop: Shop, schedule: Schedule) -> list[str]:
    """Return what keeps the schedule from being read: parts of the wrong length, modes and operations that do not exist."""
    found = []
    for name in ("mode", "start", "end", "setup_start", "behind", "batch"):
        part = getattr(schedule, name)
        if part.shape != (shop.size,) or part.dtype.kind != "i":
            found.append(
                f"'{name}' has shape {part.shape} of {part.dtype}, expected {(shop.size,)} whole numbers, one an operation"
            )
    periods = len(shop.calendars.periods)
    if schedule.worked.shape != (periods,):
        found.append(f"'worked' has shape {schedule.worked.shape}, expected {(periods,)}, one an overtime period")
    if found:
        return found
    low, high = shop.modes.offsets[:-1], shop.modes.offsets[1:]
    for o in np.flatnonzero((schedule.mode < low) | (schedule.mode >= high)):
        name, mode = shop.operations.name[o], schedule.mode[o]
        found.append(f"operation '{name}' is in mode {mode}, expected one of its own, {low[o]} to {high[o] - 1}")
    for o in np.flatnonzero((schedule.behind < -1) | (schedule.behind >= shop.size)):
        name = shop.operations.name[o]
        found.append(f"operation '{name}' is behind operation number {schedule.behind[o]}, expected -1 to {shop.size - 1}")
    return found


def facts(seen: Seen) -> Iterator[str]:
    """Yield fixed operations that are not where and when they were."""
    before = seen.shop.before
    if before is None:
        return
    moved = (seen.machine != before.machine) | (seen.schedule.start != before.start) | (seen.schedule.end != before.end)
    for o in np.flatnonzero(seen.fixed & moved):
        machine = seen.shop.machines.name[before.machine[o]]
        yield f"{seen.where(o)} is fixed on machine '{machine}' at minutes {before.start[o]}-{before.end[o]}"


def releases(seen: Seen) -> Iterator[str]:
    """Yield operations that start before minute 0, their order's release, their own, or before their machine is free."""
    shop, start, free = seen.shop, seen.schedule.start, ~seen.fixed
    limits = (
        (np.zeros(shop.size, dtype=np.int64), "minute 0, when the schedule begins: {}"),
        (shop.orders.release[shop.operations.order], "its order is released at minute {}"),
        (shop.operations.release, "its material is there at minute {}"),
        (shop.machines.free[seen.machine], "its machine is free at minute {}"),
    )
    for limit, words in limits:
        for o in np.flatnonzero(free & (start < limit)):
            yield f"{seen.where(o)} starts {limit[o] - start[o]} minutes too early: {words.format(limit[o])}"


def precedence(seen: Seen) -> Iterator[str]:
    """Yield operations that start before one they follow has ended and its lag is over."""
    operations = seen.shop.operations
    then = np.repeat(np.arange(seen.shop.size), np.diff(operations.before_offsets))
    earliest = seen.schedule.end[operations.before] + operations.lag
    for at in np.flatnonzero((seen.schedule.start[then] < earliest) & ~seen.fixed[then]):
        o, p, lag = then[at], operations.before[at], operations.lag[at]
        rest = f" and {lag} minutes have passed" if lag else ""
        yield f"{seen.where(o)} starts before {seen.where(p)} has ended{rest}, at minute {earliest[at]}"
