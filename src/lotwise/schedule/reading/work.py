"""Operations and where each can be done, from rows of which several tell one operation's alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import did_you_mean
from lotwise.schedule.reading.clock import EARLY_ENOUGH
from lotwise.schedule.reading.faults import SHOWN, listed, rows
from lotwise.schedule.reading.forms import CLOSED
from lotwise.schedule.reading.orders import whole
from lotwise.schedule.reading.plant import strangers
from lotwise.schedule.shop import PAUSES

if TYPE_CHECKING:
    from lotwise.schedule.reading.columns import Rows
    from lotwise.schedule.reading.draft import Draft
    from lotwise.schedule.reading.faults import Faults
    from lotwise.schedule.reading.plant import Plant
    from lotwise.schedule.shop import Orders

_SHARED = ("state", "family", "size", "closed", "release", "after", "wait_minutes")
"""Columns that tell of the operation, not of one alternative."""


@dataclass(frozen=True)
class Work:
    """The operations, sorted by order and step, with texts where names are matched later.

    Parameters
    ----------
    key
        ``"order/operation"`` of each, in order.
    step
        Name of each within its order.
    order, release, crossing, size, wait
        ``(n,)``; ``wait`` is what passes after it before the next operation starts, ``size`` is NaN where it is not told.
    state, family, after
        Texts.
    offsets, machine, minutes, added, cost
        The modes, as in ``Modes``; ``row`` is the row of the table each is from.
    """

    key: pa.Array
    step: pa.Array
    order: np.ndarray
    release: np.ndarray
    crossing: np.ndarray
    size: np.ndarray
    wait: np.ndarray
    state: pa.Array
    family: pa.Array
    after: pa.Array
    offsets: np.ndarray
    machine: np.ndarray
    minutes: np.ndarray
    added: np.ndarray
    cost: np.ndarray
    row: np.ndarray


def work(draft: Draft, orders: Orders, plant: Plant, faults: Faults) -> Work:
    """Return the operations. A part of a minute counts as one; an operation pauses over closed time unless told otherwise."""
    table = draft.operations
    if not len(table):
        faults.add("The operations: there is no row; give one for each operation and machine")
    order = _orders_of(table["order"], orders, faults)
    operation, first, by_name = _number(table, order)
    _apart(order, operation, first, by_name, faults)
    faults.refuse()
    told = {name: _told(table, name, operation, first, by_name, faults) for name in _SHARED}
    key = by_name.take(pa.array(first))
    row, machine = _machines_of(table, plant, operation, faults)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(operation[row], minlength=len(first)))])
    closed = pc.fill_null(told["closed"], CLOSED[PAUSES])
    return Work(
        key=key,
        step=table["operation"].take(pa.array(first)),
        order=order[first],
        release=whole(told["release"], 0),
        crossing=np.asarray(pc.index_in(closed, value_set=pa.array(CLOSED)).to_numpy(), np.int64),
        size=told["size"],
        wait=whole(up(told["wait_minutes"]), 0),
        state=told["state"],
        family=told["family"],
        after=told["after"],
        offsets=offsets,
        machine=machine,
        minutes=whole(up(table["minutes"]), 0)[row],
        added=whole(up(table["added_minutes"]), 0)[row],
        cost=table["cost"][row],
        row=row,
    )


def up(minutes: np.ndarray) -> np.ndarray:
    """Return minutes rounded up to whole ones."""
    found: np.ndarray = np.ceil(minutes - EARLY_ENOUGH)
    return found


def _orders_of(column: pa.Array, orders: Orders, faults: Faults) -> np.ndarray:
    found = np.asarray(pc.fill_null(pc.index_in(column, value_set=pa.array(orders.name, pa.string())), -1).to_numpy(), np.int64)
    if (found < 0).any():
        strange = strangers(column, set(orders.name))
        known = orders.name if len(strange) <= SHOWN else ()
        told = [f"order '{name}' ({rows(at)}) is not in the orders{did_you_mean(name, known)}" for name, at in strange.items()]
        faults.add_each([f"The operations: {one}; add it there or drop the rows" for one in told], "The operations")
    idle = np.ones(len(orders.name), bool)
    idle[found[found >= 0]] = False
    if idle.any():
        names = listed([orders.name[at] for at in np.flatnonzero(idle)])
        faults.remark(f"The orders: no operation in {rows(idle)} ({names}): they end at their release")
    return found


def steps(column: pa.Array) -> np.ndarray:
    """Return what the operations of an order are sorted by: their numbers, or, of names, the first row each stands in."""
    try:
        return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid:
        return np.zeros(len(column))


def _number(table: Rows, order: np.ndarray) -> tuple[np.ndarray, np.ndarray, pa.Array]:
    """Return the operation of each row, the first row of each operation, and the key of each row."""
    keys = pc.binary_join_element_wise(table["order"], table["operation"], "/")
    codes = np.asarray(pc.index_in(keys, value_set=pc.unique(keys)).to_numpy(), np.int64)
    _, first = np.unique(codes, return_index=True)
    sequence = np.lexsort((first, steps(table["operation"])[first], order[first]))
    place = np.empty(len(first), np.int64)
    place[sequence] = np.arange(len(first))
    return place[codes], first[sequence], keys


def _apart(order: np.ndarray, operation: np.ndarray, first: np.ndarray, keys: pa.Array, faults: Faults) -> None:
    """Refuse names that run together: order A/1 with operation 2 and order A with operation 1/2."""
    wrong = order != order[first][operation]
    if wrong.any():
        names = listed(dict.fromkeys(keys.filter(pa.array(wrong)).to_pylist()))
        faults.add(f"The operations: two are called {names} ({rows(wrong)}); take '/' out of the names of orders or operations")


def _told(
    table: Rows, name: str, operation: np.ndarray, first: np.ndarray, keys: pa.Array, faults: Faults
) -> pa.Array | np.ndarray:
    """Return a column by operation: the first value its rows give; all that give one must give the same."""
    column = table[name]
    is_text = not isinstance(column, np.ndarray)
    filled = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False) if is_text else ~np.isnan(column))
    found = np.full(len(first), -1)
    found[operation[filled[::-1]]] = filled[::-1]
    values = np.asarray(column.dictionary_encode().indices.to_numpy(zero_copy_only=False)) if is_text else column
    wrong = filled[values[filled] != values[found[operation[filled]]]]
    if len(wrong):
        at = np.unique(np.concatenate([wrong, found[operation[wrong]]]))
        names = listed(dict.fromkeys(keys.take(pa.array(wrong)).to_pylist()))
        faults.add(f"The operations: rows of one operation give different '{name}' ({names}: {rows(at)}); give one")
    if is_text:
        return column.take(pa.array(found, mask=found < 0))
    return np.where(found >= 0, column[found], np.nan)


def _machines_of(table: Rows, plant: Plant, operation: np.ndarray, faults: Faults) -> tuple[np.ndarray, np.ndarray]:
    """Return row and machine of each mode, sorted by operation; a row of one machine stands before one of its group."""
    coded = table["machine"].dictionary_encode()
    codes, names = np.asarray(coded.indices.to_numpy(zero_copy_only=False)), coded.dictionary.to_pylist()
    told = [
        f"The operations: machine '{name}' ({rows(at)}) is not known{did_you_mean(name, plant.named)}; "
        "add it to the machines or correct it"
        for name, at in strangers(table["machine"], set(plant.named)).items()
    ]
    faults.add_each(told, "The operations")
    members = [plant.named.get(name, np.zeros(0, np.int64)) for name in names]
    sizes = np.array([len(own) for own in members], np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if len(sizes) else sizes
    flat = np.concatenate(members) if members else np.zeros(0, np.int64)
    row = np.repeat(np.arange(len(codes)), sizes[codes])
    within = np.arange(len(row)) - np.repeat(np.cumsum(sizes[codes]) - sizes[codes], sizes[codes])
    machine = flat[starts[codes[row]] + within]
    sequence = np.lexsort((row, sizes[codes[row]], machine, operation[row]))
    row, machine = row[sequence], machine[sequence]
    again = np.zeros(len(row), bool)
    again[1:] = (operation[row][1:] == operation[row][:-1]) & (machine[1:] == machine[:-1])
    same = again & (sizes[codes[row]] == np.roll(sizes[codes[row]], 1))
    if same.any():
        at = np.unique(np.concatenate([row[same], row[np.flatnonzero(same) - 1]]))
        first = zip(row[same][:SHOWN].tolist(), machine[same][:SHOWN].tolist(), strict=True)
        twice = listed([f"{table['order'][r]}/{table['operation'][r]} on {plant.name[m]}" for r, m in first], int(same.sum()))
        faults.add(
            f"The operations: {twice} stand more than once ({rows(at)}); rows of one operation are alternatives, one a machine"
        )
    return row[~again], machine[~again]
