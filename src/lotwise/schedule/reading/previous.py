"""The schedule before, told in the operations of this shop, and what of it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import did_you_mean
from lotwise.schedule.reading.faults import SHOWN, listed, rows
from lotwise.schedule.reading.intervals import united
from lotwise.schedule.reading.orders import whole
from lotwise.schedule.shop import Before

if TYPE_CHECKING:
    from lotwise.schedule.reading.draft import Draft
    from lotwise.schedule.reading.faults import Faults
    from lotwise.schedule.reading.hours import Hours
    from lotwise.schedule.reading.plant import Plant
    from lotwise.schedule.reading.work import Work
    from lotwise.schedule.shop import Operations

_FAR = np.int64(1) << 42
_REPLAN = "it is scheduled anew"


def before(draft: Draft, work: Work, plant: Plant, operations: Operations, hours: Hours, faults: Faults) -> Before | None:
    """Return the schedule before; none where there was none.

    An operation that has begun before now stays as a fact. One that starts before ``frozen`` stays, unless it cannot: its
    machine or a tool is down then, the machine is no longer offered, its material comes later, or something before it is not
    done; then it is scheduled anew.
    """
    table = draft.previous
    if not len(table):
        return None
    operation, machine, row = _matched(draft, work, plant, faults)
    starts, ends = whole(table["starts"], 0)[row], whole(table["ends"], 0)[row]
    size = len(work.order)
    found = Before(
        machine=np.full(size, -1, np.int64),
        behind=np.full(size, -2, np.int64),
        fixed=np.zeros(size, bool),
        start=np.full(size, -1, np.int64),
        end=np.full(size, -1, np.int64),
    )
    found.machine[operation], found.start[operation], found.end[operation] = machine, starts, ends
    found.behind[operation] = _behind(operation, machine, starts, ends, table["batch"].take(pa.array(row)))
    found.fixed[operation] = starts < max(draft.frozen, 0)
    begun = np.zeros(size, bool)
    begun[operation] = starts < 0
    found.fixed[begun] = True
    _thaw(found, begun, work, operations, hours, faults)
    return found


def _matched(draft: Draft, work: Work, plant: Plant, faults: Faults) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return operation, machine and row of what can be found again."""
    table = draft.previous
    keys = pc.binary_join_element_wise(table["order"], table["operation"], "/")
    operation = np.asarray(pc.fill_null(pc.index_in(keys, value_set=work.key), -1).to_numpy(), np.int64)
    machine = np.asarray(
        pc.fill_null(pc.index_in(table["machine"], value_set=pa.array(plant.name, pa.string())), -1).to_numpy(), np.int64
    )
    strange = machine < 0
    if strange.any():
        names = list(dict.fromkeys(table["machine"].filter(pa.array(strange)).to_pylist()))
        if strange.all():
            hint = did_you_mean(names[0], plant.name)
            faults.add(
                f"The previous schedule: none of its machines ({listed(names)}) is among the machines ({listed(plant.name)})"
                f"{hint}; it is of another plant: give the schedule of this one, or none"
            )
        else:
            faults.remark(f"The previous schedule: machine {listed(names)} in {rows(strange)} is not known: {_REPLAN}")
    gone = (operation < 0) & ~strange
    if gone.any():
        faults.remark(f"The previous schedule: {rows(gone)} are of no operation that is to be done: left out")
    row = np.flatnonzero((operation >= 0) & ~strange)
    twice = np.bincount(operation[row], minlength=1)[operation[row]] > 1
    if twice.any():
        told = listed(dict.fromkeys(keys.take(pa.array(row[twice])).to_pylist()))
        faults.add(f"The previous schedule: {told} stand more than once ({rows(row[twice])}); give each operation one row")
    return operation[row], machine[row], row


def _behind(operation: np.ndarray, machine: np.ndarray, starts: np.ndarray, ends: np.ndarray, batch: pa.Array) -> np.ndarray:
    """Return the operation each was directly behind; what starts and ends together on a machine is a batch."""
    number = np.asarray(pc.fill_null(batch.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False), np.int64)
    sequence = np.lexsort((operation, number, ends, starts, machine))
    m, s, e, b = machine[sequence], starts[sequence], ends[sequence], number[sequence]
    same = np.zeros(len(sequence), bool)
    together = (e > s) | (b >= 0)
    same[1:] = (m[1:] == m[:-1]) & (s[1:] == s[:-1]) & (e[1:] == e[:-1]) & (b[1:] == b[:-1]) & together[1:]
    group = np.cumsum(~same) - 1
    leader = sequence[~same]
    ahead = np.concatenate([[-1], operation[leader[:-1]]]) if len(leader) else np.zeros(0, np.int64)
    opens = np.concatenate([[True], machine[leader][1:] != machine[leader][:-1]]) if len(leader) else np.zeros(0, bool)
    found = np.empty(len(operation), np.int64)
    found[sequence] = np.where(opens, -1, ahead)[group]
    return found


def _thaw(found: Before, begun: np.ndarray, work: Work, operations: Operations, hours: Hours, faults: Faults) -> None:
    """Take from what is fixed whatever cannot stay; refuse facts that cannot be."""
    operation = np.repeat(np.arange(len(work.order)), np.diff(work.offsets))
    offered = np.zeros(len(work.order), bool)
    offered[operation[work.machine == found.machine[operation]]] = True
    late = (operations.release > found.start) | _down(found, operations, hours)
    later = np.repeat(np.arange(len(work.order)), np.diff(operations.before_offsets))
    earlier = operations.before
    loose: np.ndarray = found.fixed & ~begun & (~offered | late)
    kept = found.fixed.copy()
    while True:
        found.fixed[loose] = False
        broken = ~found.fixed[earlier] | (found.end[earlier] + operations.lag > found.start[later])
        loose = np.zeros(len(kept), bool)
        loose[later[broken]] = True
        loose |= _overlaps(found)
        loose &= found.fixed & ~begun
        if not loose.any():
            break
    thawed = kept & ~found.fixed
    if thawed.any():
        names = listed(work.key.filter(pa.array(thawed)).to_pylist())
        faults.remark(f"The previous schedule: {names} cannot stay although within the frozen fence: {_REPLAN}")
    missing = begun & ~offered
    if missing.any():
        names = listed(work.key.filter(pa.array(missing)).to_pylist())
        faults.add(f"The previous schedule: {names} have begun on a machine the operations do not offer them; add these rows")
    for at in np.flatnonzero(begun[later] & ~found.fixed[earlier])[:SHOWN]:
        faults.add(
            f"The previous schedule: {work.key[int(later[at])]} has begun, but {work.key[int(earlier[at])]} before it has not; "
            "add when that was done, or drop it from the operations"
        )


def _down(found: Before, operations: Operations, hours: Hours) -> np.ndarray:
    """Return whether the machine or a tool of each operation that is fixed is down at some time while it lasts."""
    wrong = np.zeros(len(found.machine), bool)

    def mark(own: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> None:
        at = np.searchsorted(ends, found.start[own], side="right")
        inside = at < len(starts)
        wrong[own[inside]] |= starts[at[inside]] < found.end[own[inside]]

    for machine, (starts, ends) in hours.down.items():
        mark(np.flatnonzero(found.fixed & (found.machine == machine)), starts, ends)
    holder = np.repeat(np.arange(len(wrong)), np.diff(operations.tool_offsets))
    for tool, rows_of in hours.tool_down.items():
        own = holder[operations.tool == tool]
        mark(own[found.fixed[own]], *united(*hours.downtime[rows_of].T))
    return wrong


def _overlaps(found: Before) -> np.ndarray:
    """Return which fixed operations begin before another one on their machine, which begins earlier, has ended."""
    own = np.flatnonzero(found.fixed)
    own = own[np.lexsort((found.end[own], found.start[own], found.machine[own]))]
    m, s, e = found.machine[own], found.start[own], found.end[own]
    reach = np.maximum.accumulate(m * _FAR + e)
    wrong = np.zeros(len(found.fixed), bool)
    if len(own) > 1:
        batch = (m[1:] == m[:-1]) & (s[1:] == s[:-1]) & (e[1:] == e[:-1])
        wrong[own[1:]] = (reach[:-1] > m[1:] * _FAR + s[1:]) & ~batch
    return wrong
