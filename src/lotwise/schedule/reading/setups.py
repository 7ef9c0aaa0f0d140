"""Set-up matrices from rows with wildcards; what no row tells of is refused, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import did_you_mean
from lotwise.schedule.reading.faults import SHOWN, listed, rows
from lotwise.schedule.reading.plant import ALL, first_of, strangers
from lotwise.schedule.reading.work import up
from lotwise.schedule.shop import Setups

if TYPE_CHECKING:
    from lotwise.schedule.reading.draft import Draft
    from lotwise.schedule.reading.faults import Faults
    from lotwise.schedule.reading.plant import Plant
    from lotwise.schedule.reading.work import Work

NEW = "new"
"""In ``from_state``: the state is not known."""


@dataclass(frozen=True)
class Matrices:
    """Set-ups, the matrix and the state of each machine, and the state of each operation."""

    setups: Setups
    machine: np.ndarray
    machine_state: np.ndarray
    state: np.ndarray


def matrices(draft: Draft, plant: Plant, work: Work, faults: Faults) -> Matrices:
    """Return the set-up matrices of the machines.

    The rows of a machine are those of its ``setups``, else of its own name, its group, or all. For a pair of states the row
    that names both counts, then ``all`` to the state, then the state to ``all``, then ``all`` to ``all``. Within one state
    there is no set-up unless a row names it twice. From a state that is not known the rows ``new`` count; without one, the
    longest set-up to the state.
    """
    states, state, machine_state = _states(draft, plant, work)
    own = _matrix_of(draft, plant, faults)
    names = list(dict.fromkeys(name for name in own if name is not None))
    matrix = np.array([-1 if name is None else names.index(name) for name in own], np.int64)
    table = draft.setups
    minutes = _minutes(draft, faults)
    _once(draft, faults)
    index = {name: place for place, name in enumerate(states)}
    of_name = np.array(table["machine"].to_pylist(), dtype=object)
    found_minutes = np.zeros((len(names), len(states) + 1, len(states)), np.int64)
    found_cost = np.zeros(found_minutes.shape)
    pair = _coded(table["from_state"], index), _coded(table["to_state"], index)
    for place, name in enumerate(names):
        at = np.flatnonzero(of_name == name)
        chosen = _chosen(pair[0][at], pair[1][at], len(states))
        used = _used(work, matrix, place, state, machine_state)
        _holes(name, chosen, used, states, faults)
        told = chosen >= 0
        found_minutes[place][told] = minutes[at[chosen[told]]]
        found_cost[place][told] = table["cost"][at[chosen[told]]]
        blank = ~told[-1]
        found_minutes[place, -1, blank] = found_minutes[place, :-1, blank].max(axis=1, initial=0)
        found_cost[place, -1, blank] = found_cost[place, :-1, blank].max(axis=1, initial=0)
    return Matrices(Setups(tuple(states), found_minutes, found_cost), matrix, machine_state, state)


def _states(draft: Draft, plant: Plant, work: Work) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return the states that occur, and those of the operations and the machines."""
    initial = draft.machines["state"].take(pa.array(plant.row)) if len(plant.row) else pa.nulls(len(plant.name), pa.string())
    initial = pc.if_else(pc.equal(initial, NEW), None, initial)
    known = pc.unique(pc.drop_null(pa.concat_arrays([work.state, initial])))

    def places(column: pa.Array) -> np.ndarray:
        return np.asarray(pc.fill_null(pc.index_in(column, value_set=known, skip_nulls=True), -1).to_numpy(), np.int64)

    return known.to_pylist(), places(work.state), places(initial)


def _matrix_of(draft: Draft, plant: Plant, faults: Faults) -> list[str | None]:
    table = draft.setups
    given = set(table["machine"].to_pylist())
    told = draft.machines["setups"].to_pylist()
    wrong = np.array([name is not None and name not in given for name in told], bool)
    if wrong.any():
        names = list(dict.fromkeys(name for name in told if name is not None and name not in given))
        hint = did_you_mean(names[0], given)
        faults.add(f"The machines: set-ups {listed(names)} in {rows(wrong)} have no rows in the set-ups{hint}; add them there")
    known = {*plant.named, *(name for name in told if name), ALL}
    for name, at in strangers(table["machine"], known).items():
        hint = did_you_mean(name, known)
        faults.add(f"The set-ups: '{name}' ({rows(at)}) is no machine, group or name in the machines' 'setups'{hint}")
    found = []
    for place, titles in enumerate(plant.titles):
        named = told[plant.row[place]] if len(told) else None
        found.append(named if named in given else first_of(titles, given))
    return found


def _minutes(draft: Draft, faults: Faults) -> np.ndarray:
    minutes, hours = draft.setups["minutes"], draft.setups["hours"]
    wrong = np.isnan(minutes) == np.isnan(hours)
    if wrong.any():
        faults.add(
            f"The set-ups: both or neither of 'minutes' and 'hours' are given in {rows(wrong)}; give one of them in each row"
        )
    found: np.ndarray = np.nan_to_num(up(np.where(np.isnan(minutes), hours * 60, minutes))).astype(np.int64)
    return found


_EVERY, _UNKNOWN, _OTHER = -1, -2, -3


def _once(draft: Draft, faults: Faults) -> None:
    table = draft.setups
    key = pc.binary_join_element_wise(table["machine"], table["from_state"], table["to_state"], " / ")
    counts = pc.value_counts(key)
    twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if len(twice):
        at = pc.is_in(key, value_set=twice).to_numpy(zero_copy_only=False)
        faults.add(f"The set-ups: {listed(twice.to_pylist())} stand more than once ({rows(at)}); keep one row for each")


def _coded(column: pa.Array, index: dict[str, int]) -> np.ndarray:
    codes = {ALL: _EVERY, NEW: _UNKNOWN}
    return np.array([index.get(name, codes.get(name, _OTHER)) for name in column.to_pylist()], np.int64)


def _chosen(origin: np.ndarray, target: np.ndarray, count: int) -> np.ndarray:
    """Return the row that counts for each pair of states, the last one for a state not known; -1: none."""
    found = np.full((count + 1, count), -1)
    at = np.arange(len(origin))
    known = np.where(origin == _UNKNOWN, count, origin)

    def rows_of(mask: np.ndarray) -> np.ndarray:
        picked: np.ndarray = at[mask][::-1]
        return picked

    for row in rows_of((origin == _EVERY) & (target == _EVERY)):
        found[:-1] = row
    for row in rows_of((known >= 0) & (target == _EVERY)):
        found[known[row]] = row
    for row in rows_of((origin == _EVERY) & (target >= 0)):
        found[:count, target[row]] = row
    found[np.arange(count), np.arange(count)] = -1
    exact = rows_of((known >= 0) & (target >= 0))
    found[known[exact], target[exact]] = exact
    return found


def _used(work: Work, matrix: np.ndarray, place: int, state: np.ndarray, initial: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the states that machines of a matrix can be in and can be changed to."""
    operation = np.repeat(np.arange(len(state)), np.diff(work.offsets))
    to = np.unique(state[operation[matrix[work.machine] == place]])
    to = to[to >= 0]
    begun = initial[(matrix == place) & (initial >= 0)]
    return np.union1d(to, begun).astype(np.int64), to.astype(np.int64)


def _holes(name: str, chosen: np.ndarray, used: tuple[np.ndarray, np.ndarray], states: list[str], faults: Faults) -> None:
    origin, target = used
    empty = (chosen[np.ix_(origin, target)] < 0) & (origin[:, None] != target)
    if empty.any():
        pairs = [f"{states[origin[a]]} to {states[target[b]]}" for a, b in np.argwhere(empty)[:SHOWN]]
        faults.add(
            f"The set-ups: '{name}' says nothing of {listed(pairs, int(empty.sum()))}; add rows for these pairs, "
            f"or one from '{ALL}' to '{ALL}'"
        )
