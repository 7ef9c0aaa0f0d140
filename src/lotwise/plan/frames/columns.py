"""A user's frames as arrays: columns found or named as missing, numbers checked, one value for all spread over the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

SHOWN = 3
"""Rows shown in a message."""


def arrow(frame: Any, what: str) -> pa.Table:  # noqa: ANN401  any frame there is
    """Return a frame of pandas, Polars, Arrow or the like as an Arrow table, its classes as plain texts.

    Raises
    ------
    ContractError
        It is no frame, or has no row.
    """
    if not hasattr(frame, "__arrow_c_stream__") and not isinstance(frame, (pa.Table, pa.RecordBatch, dict)):
        found = f"{what}: found a {type(frame).__name__}"
        raise ContractError(f"{found}; expected pandas, Polars, Arrow or another frame with __arrow_c_stream__.")
    table = pa.table(frame)
    if table.num_rows == 0:
        raise ContractError(f"{what}: there is no row. The columns are: {', '.join(table.column_names)}.")
    return pa.table({name: _plain(table[name]) for name in table.column_names})


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return values without categories and views, which Arrow cannot sort."""
    if pa.types.is_dictionary(values.type):
        return _plain(values.cast(values.type.value_type))
    return values.cast(pa.string()) if pa.types.is_string_view(values.type) else values


def check(table: pa.Table, what: str, needed: Sequence[str], optional: Sequence[str] = (), *, closed: bool = False) -> None:
    """Refuse a table that lacks a column, or, where ``closed``, has one that is not read: it may be misspelled.

    Raises
    ------
    ContractError
        Every column missing or not known is listed.
    """
    names, known = table.column_names, (*needed, *optional)
    found = [f"column '{name}' is missing{did_you_mean(name, names)}" for name in needed if name not in names]
    if closed:
        found += [
            f"column '{name}' is not known{did_you_mean(name, known)}; expected {', '.join(known)}"
            for name in names
            if name not in known
        ]
    if found:
        raise ContractError(breaches(f"{what} breaks its contract", found))


def floats(table: pa.Table, name: str, what: str, *, low: float = -np.inf, blank: bool = False) -> NDArray[np.float64]:
    """Return a column of numbers of at least ``low``; absent ones, where allowed, as not a number.

    Raises
    ------
    ContractError
        It does not hold numbers, or one is absent, infinite or too low: how many, and the first rows.
    """
    try:
        found = np.asarray(table[name].cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise ContractError(f"{what}: column '{name}' is {table[name].type}; expected numbers.") from None
    wrong = ~(np.isfinite(found) & (found >= low)) & ~(np.isnan(found) & blank)
    if wrong.any():
        expected = f"a finite number of at least {low:g}" if np.isfinite(low) else "a finite number"
        rows = "; ".join(f"row {row + 1} is {found[row]:g}" for row in np.flatnonzero(wrong)[:SHOWN])
        raise ContractError(f"{what}: '{name}' is no such value in {wrong.sum()} rows ({rows}); expected {expected}.")
    return found


def numbered(table: pa.Table, name: str, what: str) -> tuple[pa.Array, NDArray[np.int64]]:
    """Return the different values of a column in order, and the place of each row's among them.

    Raises
    ------
    ContractError
        A value is absent.
    """
    column = table[name]
    if column.null_count:
        raise ContractError(f"{what}: '{name}' is empty in {column.null_count} of {len(column)} rows. Fill it or drop them.")
    known = pc.unique(column)
    known = known.take(pc.sort_indices(known))
    return known, np.asarray(pc.index_in(column, value_set=known).to_numpy(), np.int64)


def places(table: pa.Table, name: str, among: pa.Array, what: str, *, of: str) -> NDArray[np.int64]:
    """Return the place of each row's value among others.

    Raises
    ------
    ContractError
        A value is not one of them.
    """
    try:
        column = table[name].cast(among.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise ContractError(f"{what}: '{name}' is {table[name].type}; expected {among.type}, as in {of}.") from None
    found = np.asarray(pc.fill_null(pc.index_in(column, value_set=among), -1).to_numpy(), np.int64)
    strange = np.flatnonzero(found < 0)
    if len(strange):
        first = str(column[int(strange[0])].as_py())
        hint = did_you_mean(first, [str(value) for value in among.to_pylist()])
        raise ContractError(f"{what}: {len(strange)} rows name a {name} that is not in {of}, such as '{first}'{hint}.")
    return found


def unique(ids: pa.ChunkedArray, name: str, what: str) -> pa.Array:
    """Return a key column in its own order.

    Raises
    ------
    ContractError
        A key is absent or stands twice.
    """
    values = ids.combine_chunks()
    counts = pc.value_counts(values)
    twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1)).to_pylist()
    if values.null_count or twice:
        shown = ", ".join(str(value) for value in twice[:SHOWN])
        raise ContractError(f"{what}: '{name}' is empty or stands twice ({shown}); expected one row each.")
    return values


def by_item(items: Any, ids: pa.Array, defaults: Mapping[str, Any], what: str) -> dict[str, list[Any]]:  # noqa: ANN401
    """Return what is given of every item, or its default: a dict of one value for all, or a frame with ``unique_id``.

    Parameters
    ----------
    items
        None, a dict, or a frame with a row for each of ``ids``; rows of others are passed over.
    ids
        The items asked for.
    defaults
        Every column that is read, with what an absent value counts as.

    Raises
    ------
    ContractError
        A column is not known, an item has no row, or two.
    """
    given = dict(defaults)
    if items is None or (isinstance(items, dict) and "unique_id" not in items):
        given |= _known(dict(items or {}), defaults, what)
        return {name: [value] * len(ids) for name, value in given.items()}
    table = arrow(items, what)
    check(table, what, ("unique_id",), tuple(defaults), closed=True)
    theirs = unique(table["unique_id"].cast(ids.type), "unique_id", what)
    place = pc.index_in(ids, value_set=theirs)
    if place.null_count:
        absent = ids.filter(pc.is_null(place)).to_pylist()
        shown = ", ".join(str(one) for one in absent[:SHOWN])
        raise ContractError(f"{what}: {len(absent)} of {len(ids)} have no row, such as {shown}; add one for each.")
    found = {}
    for name, value in defaults.items():
        values = table[name].take(place).to_pylist() if name in table.column_names else [None] * len(ids)
        found[name] = [value if one is None else one for one in values]
    return found


def _known(given: dict[str, Any], defaults: Mapping[str, Any], what: str) -> dict[str, Any]:
    wrong = [f"'{name}' is not known{did_you_mean(name, defaults)}; expected {', '.join(defaults)}" for name in given]
    wrong = [said for name, said in zip(given, wrong, strict=True) if name not in defaults]
    if wrong:
        raise ContractError(breaches(f"{what} breaks its contract", wrong))
    return given
