"""What each operation comes after: the one before it in its order, or those it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse
from scipy.sparse import csgraph

from lotwise.errors import did_you_mean
from lotwise.schedule.reading.faults import SHOWN

if TYPE_CHECKING:
    from lotwise.schedule.reading.faults import Faults
    from lotwise.schedule.reading.work import Work

MANY = 20_000
"""Names among which no likely one is looked for: it takes its time."""
AT_ONCE = "none"
"""In ``after``: it comes after no operation."""


def precedence(work: Work, order_names: tuple[str, ...], faults: Faults) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return offsets, predecessors and lags. Without ``after`` an operation comes after the one before it in its order."""
    told = work.after.is_valid().to_numpy(zero_copy_only=False)
    place = np.arange(len(work.order))
    chained = np.flatnonzero(np.concatenate([[False], work.order[1:] == work.order[:-1]]) & ~told)
    later, earlier = _named(work, np.flatnonzero(told), order_names, faults)
    later, earlier = np.concatenate([chained, later]), np.concatenate([place[chained] - 1, earlier])
    sequence = np.lexsort((earlier, later))
    later, earlier = later[sequence], earlier[sequence]
    new = np.ones(len(later), bool)
    new[1:] = (later[1:] != later[:-1]) | (earlier[1:] != earlier[:-1])
    later, earlier = later[new], earlier[new]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(later, minlength=len(place)))])
    _acyclic(offsets, earlier, work, faults)
    return offsets, earlier, work.wait[earlier]


def _named(work: Work, places: np.ndarray, order_names: tuple[str, ...], faults: Faults) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs that ``after`` names: ``A/1; B/2``, or 1 for an operation of the same order."""
    parts = pc.split_pattern_regex(work.after.take(pa.array(places)), r"\s*;\s*")
    at = places[np.asarray(pc.list_parent_indices(parts).to_numpy(), np.int64)]
    names = pc.list_flatten(parts)
    spoken = pc.and_(pc.not_equal(names, ""), pc.not_equal(names, AT_ONCE)).to_numpy(zero_copy_only=False)
    at, names = at[spoken], names.filter(pa.array(spoken))
    own = pc.binary_join_element_wise(pa.array(order_names, pa.string()).take(pa.array(work.order[at])), names, "/")
    found = pc.coalesce(pc.index_in(names, value_set=work.key), pc.index_in(own, value_set=work.key), pa.scalar(-1, pa.int32()))
    before = np.asarray(found.to_numpy(zero_copy_only=False), np.int64)
    strange = np.flatnonzero(before < 0)
    known = work.key.to_pylist() if 0 < len(strange) <= SHOWN and len(work.key) < MANY else []
    told = [
        f"The operations: {work.key[int(at[wrong])]} comes after '{name}', which is no operation{did_you_mean(name, known)}; "
        "write order/operation, several with ';' between"
        for wrong, name in zip(strange.tolist(), names.take(pa.array(strange)).to_pylist(), strict=True)
    ]
    faults.add_each(told, "The operations")
    return at[before >= 0], before[before >= 0]


def _acyclic(offsets: np.ndarray, earlier: np.ndarray, work: Work, faults: Faults) -> None:
    """Refuse circles, each named by its operations."""
    later = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    if (earlier < later).all():
        return
    size = len(offsets) - 1
    graph = sparse.csr_array((np.ones(len(earlier), np.int8), earlier, offsets), shape=(size, size))
    _, part = csgraph.connected_components(graph, connection="strong")
    left = np.bincount(part)[part] > 1
    left[later[earlier == later]] = True
    seen: set[int] = set()
    for first in np.flatnonzero(left):
        circle = _circle(int(first), offsets, earlier, left)
        if circle and not seen & set(circle):
            names = " after ".join(str(work.key[at]) for at in [*circle, circle[0]])
            faults.add(f"The operations: circular precedence: {names}; take one of these out of 'after'")
        seen |= set(circle)
        if len(seen) > SHOWN * SHOWN:
            break


def _circle(first: int, offsets: np.ndarray, earlier: np.ndarray, left: np.ndarray) -> list[int]:
    """Return the circle met when walking back from an operation that is in one."""
    path: dict[int, int] = {}
    at = first
    while at not in path:
        path[at] = len(path)
        own = earlier[offsets[at] : offsets[at + 1]]
        at = int(own[left[own]][0])
    return list(path)[path[at] :]
