"""What operations share: batches, and tools and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.schedule.check.seen import Seen

SLACK = 1e-9
"""Share of a machine's room that sizes, which may be fractions, can exceed it by when they are added up."""


def batches(seen: Seen) -> Iterator[str]:
    """Yield members that do not belong into their batch, and batches that are larger than their machine's room."""
    operations, schedule, leader = seen.shop.operations, seen.schedule, seen.leader
    alike = (
        (seen.machine, "is on another machine"),
        (schedule.start, "starts at another minute"),
        (schedule.end, "ends at another minute"),
        (operations.family, "is of another family"),
        (operations.state, "needs another set-up state"),
        (seen.fixed, "one of them is fixed"),
    )
    for part, words in alike:
        for o in np.flatnonzero(part != part[leader]):
            yield f"{seen.where(o)} shares batch {schedule.batch[o]} with {seen.where(leader[o])}, but {words}"
    room = seen.shop.machines.room[seen.machine]
    size = np.bincount(seen.group, weights=operations.size, minlength=1)[seen.group]
    free = ~seen.fixed
    for o in np.flatnonzero(free & (leader != np.arange(seen.shop.size)) & ((operations.family < 0) | (room == 0))):
        yield f"{seen.where(o)} shares batch {schedule.batch[o]}, but it has no family, or its machine does not batch"
    for o in np.flatnonzero(free & seen.leads & (operations.family >= 0) & (room > 0) & (size > room * (1 + SLACK))):
        yield f"{seen.where(o)} begins a batch of size {size[o]:.10g}, more than the room of its machine, {room[o]:.10g}"


def tools(seen: Seen) -> Iterator[str]:
    """Yield minutes at which more of a tool is held than there is; where only fixed operations hold it, that is a fact."""
    operations, schedule = seen.shop.operations, seen.schedule
    if not len(operations.tool):
        return
    holder = np.repeat(np.arange(seen.shop.size), np.diff(operations.tool_offsets))
    width = len(seen.shop.tools.name)
    key, which = np.unique(seen.leader[holder] * width + operations.tool, return_inverse=True)
    held = np.zeros(len(key), dtype=np.int64)
    np.maximum.at(held, which.reshape(-1), operations.tool_count)
    o, tool = key // width, key % width
    lasts = schedule.end[o] > schedule.start[o]
    o, tool, held = o[lasts], tool[lasts], held[lasts]
    minute = np.concatenate((schedule.start[o], schedule.end[o]))
    both, change = np.concatenate((tool, tool)), np.concatenate((held, -held))
    free = np.concatenate((~seen.fixed[o], ~seen.fixed[o])) * np.sign(change)
    order = np.lexsort((change, minute, both))
    both, minute = both[order], minute[order]
    in_use, by_free = np.cumsum(change[order]), np.cumsum(free[order])
    settled = np.append((both[1:] != both[:-1]) | (minute[1:] != minute[:-1]), True)
    over = settled & (in_use > seen.shop.tools.count[both]) & (by_free > 0)
    for at in np.flatnonzero(over & ~np.append(False, over[:-1] & (both[1:] == both[:-1]))):
        t, running = both[at], o[(tool == both[at]) & (schedule.start[o] <= minute[at]) & (schedule.end[o] > minute[at])]
        who = ", ".join(seen.name(one) for one in running)
        count = seen.shop.tools.count[t]
        yield f"at minute {minute[at]} {in_use[at]} of tool '{seen.shop.tools.name[t]}' are held, there are {count}: by {who}"
