"""Tools and skills: what each operation holds, when there is one, and those that are out for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import did_you_mean
from lotwise.schedule.reading.faults import listed, rows
from lotwise.schedule.reading.intervals import united
from lotwise.schedule.reading.plant import strangers
from lotwise.schedule.shop import Tools

if TYPE_CHECKING:
    from lotwise.schedule.reading.draft import Draft
    from lotwise.schedule.reading.faults import Faults
    from lotwise.schedule.reading.hours import Hours
    from lotwise.schedule.reading.work import Work


@dataclass(frozen=True)
class Needs:
    """What each operation holds: ``offsets``, ``tool`` and ``count`` as in ``Operations``."""

    offsets: np.ndarray
    tool: np.ndarray
    count: np.ndarray


@dataclass(frozen=True)
class Out:
    """Stretches a tool is out.

    Parameters
    ----------
    all_out
        Stretches, united, in which none is there: the hours of the operations that need it are cut.
    single
        ``(rows, 2)`` stretches in which one is out while others are there.
    """

    all_out: tuple[np.ndarray, np.ndarray]
    single: np.ndarray


def tools(draft: Draft, faults: Faults) -> Tools:
    """Return the tools, each once."""
    table = draft.tools
    counts = pc.value_counts(table["tool"])
    twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if len(twice):
        at = pc.is_in(table["tool"], value_set=twice).to_numpy(zero_copy_only=False)
        faults.add(f"The tools: {listed(twice.to_pylist())} stand more than once ({rows(at)}); give each one row with a count")
    return Tools(tuple(table["tool"].to_pylist()), table["count"].astype(np.int64))


def needs(draft: Draft, work: Work, tools: Tools, faults: Faults) -> Needs:
    """Return what each operation holds.

    A row without an order is for the operation of that name in every order without a row of its own for that tool.
    """
    table = draft.tool_needs
    tool = np.asarray(pc.fill_null(pc.index_in(table["tool"], value_set=pa.array(tools.name, pa.string())), -1).to_numpy())
    for name, at in strangers(table["tool"], set(tools.name)).items():
        hint = did_you_mean(name, tools.name)
        faults.add(f"The tool needs: tool '{name}' ({rows(at)}) is not in the tools{hint}; add it there with its count")
    row, operation = _operations(draft, work, faults)
    kept = tool[row] >= 0
    row, operation = row[kept], operation[kept]
    is_single = np.asarray(table["order"].is_valid().to_numpy(zero_copy_only=False))
    sequence = np.lexsort((~is_single[row], tool[row], operation))
    row, operation = row[sequence], operation[sequence]
    first = np.ones(len(row), bool)
    first[1:] = (operation[1:] != operation[:-1]) | (tool[row][1:] != tool[row][:-1])
    row, operation = row[first], operation[first]
    count = table["count"].astype(np.int64)[row]
    scarce = count > tools.count[tool[row]]
    if scarce.any():
        told = sorted({(tools.name[tool[at]], int(tools.count[tool[at]])) for at in row[scarce]})
        said = listed([f"{name} ({have} of them)" for name, have in told])
        at = np.unique(row[scarce])
        faults.add(f"The tool needs: more is needed than there is of {said} in {rows(at)}; raise the count of the tool")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(operation, minlength=len(work.order)))])
    return Needs(offsets, tool[row].astype(np.int64), count)


def _operations(draft: Draft, work: Work, faults: Faults) -> tuple[np.ndarray, np.ndarray]:
    """Return row and operation of each need."""
    table = draft.tool_needs
    keys = pc.binary_join_element_wise(table["order"], table["operation"], "/")
    single = np.asarray(pc.fill_null(pc.index_in(keys, value_set=work.key), -1).to_numpy(), np.int64)
    whole = table["order"].is_null().to_numpy(zero_copy_only=False)
    names = pc.unique(work.step)
    of_step = np.asarray(pc.index_in(work.step, value_set=names).to_numpy(), np.int64)
    asked = np.asarray(pc.fill_null(pc.index_in(table["operation"], value_set=names), -1).to_numpy(), np.int64)
    wrong = np.where(whole, asked < 0, single < 0)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        name = table["operation"][first].as_py() if whole[first] else keys[first].as_py()
        faults.add(
            f"The tool needs: '{name}' in {rows(wrong)} is no operation; expected order and operation as in the operations"
        )
    row, operation = [np.flatnonzero(single >= 0)], [single[single >= 0]]
    for at in np.flatnonzero(whole & (asked >= 0)):
        own = np.flatnonzero(of_step == asked[at])
        row.append(np.full(len(own), at))
        operation.append(own)
    return np.concatenate(row), np.concatenate(operation)


def outages(tools: Tools, hours: Hours) -> dict[int, Out]:
    """Return when tools are out, by tool: one of them for each row of downtime."""
    found = {}
    for place, own in hours.tool_down.items():
        spans = hours.downtime[own]
        spans = np.stack([np.maximum(spans[:, 0], 0), spans[:, 1]], axis=1)
        found[place] = _out(spans[spans[:, 1] > spans[:, 0]], int(tools.count[place]))
    return found


def _out(spans: np.ndarray, count: int) -> Out:
    points = np.unique(spans)
    if len(points) == 0:
        return Out((points, points), spans)
    begun = np.searchsorted(np.sort(spans[:, 0]), points[:-1], side="right")
    ended = np.searchsorted(np.sort(spans[:, 1]), points[:-1], side="right")
    out = begun - ended
    none = out >= max(count, 1)
    single = [(points[at], points[at + 1]) for at in np.flatnonzero(~none) for _ in range(out[at])]
    return Out(united(points[:-1][none], points[1:][none]), np.array(single, np.int64).reshape(-1, 2))
