"""Choices of options as codes: one row a configured unit, one column an option, one code a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.forecast.panel import Array, Index

NOT_CHOSEN = "(none)"
"""The value of an option that was not chosen or does not apply: an absent cell."""
UNUSABLE = -1
"""The code of a value that can no longer be chosen, or never could."""


@dataclass(frozen=True)
class Levels:
    """The values each option can take.

    Parameters
    ----------
    options
        Names of the options.
    values
        Values of each option, sorted; ``NOT_CHOSEN`` is one where a unit can go without the option.
    """

    options: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]

    @property
    def sizes(self) -> Index:
        """Number of values of each option; ``(n_options,)``."""
        return np.array([len(values) for values in self.values], np.int64)

    def encode(self, frame: Any) -> Index:  # noqa: ANN401  any table
        """Return the codes of a frame's choices, ``UNUSABLE`` where a value is not one of the levels; ``(n_rows, n_options)``.

        Raises
        ------
        InputError
            The frame is no table or lacks an option.
        """
        data = table(frame, self.options)
        found = np.empty((data.num_rows, len(self.options)), np.int64)
        for place, (option, values) in enumerate(zip(self.options, self.values, strict=True)):
            codes = pc.index_in(texts(data, option), value_set=pa.array(values, pa.string()))
            found[:, place] = pc.fill_null(codes, UNUSABLE).to_numpy()
        return found

    def decode(self, codes: Index) -> pa.Table:
        """Return the choices that codes stand for, one column an option; ``NOT_CHOSEN`` is absent again."""
        columns = {}
        for place, (option, values) in enumerate(zip(self.options, self.values, strict=True)):
            named = pa.array([None if value == NOT_CHOSEN else value for value in values], pa.string())
            columns[option] = named.take(pa.array(codes[:, place]))
        return pa.table(columns)


def levels(frame: Any, options: Sequence[str], offered: Mapping[str, Sequence[str]] | None = None) -> Levels:  # noqa: ANN401
    """Return the values each option can take: those offered, or where nothing is said, those in the frame.

    Parameters
    ----------
    frame
        One row a unit sold, one column an option; an absent cell means the option was not chosen.
    options
        Columns that hold options.
    offered
        Values that can be chosen from now on, by option. What was chosen before and is not among them is retired.

    Raises
    ------
    InputError
        The frame is no table, or lacks an option.
    """
    data = table(frame, options)
    found = []
    for option in options:
        seen = set(texts(data, option).unique().to_pylist())
        if offered is not None and option in offered:
            seen = {str(value) for value in offered[option]} | (seen & {NOT_CHOSEN})
        found.append(tuple(sorted(seen)) or (NOT_CHOSEN,))
    return Levels(tuple(options), tuple(found))


def table(frame: Any, columns: Sequence[str]) -> pa.Table:  # noqa: ANN401  any table
    """Return a frame of any kind as an Arrow table of the columns asked for.

    Raises
    ------
    InputError
        It is no table, or lacks columns; all of them are named.
    """
    if not hasattr(frame, "__arrow_c_stream__") and not isinstance(frame, dict):
        message = f"The choices are a {type(frame).__name__}; expected pandas, Polars, Arrow or a dict of columns"
        raise InputError(message)
    data = pa.table(frame)
    columns = list(dict.fromkeys(columns))
    missing = [name for name in columns if name not in data.column_names]
    if missing:
        named = "; ".join(f"'{name}'{did_you_mean(name, data.column_names)}" for name in missing)
        message = f"The choices lack columns: {named}. They have: {', '.join(data.column_names)}"
        raise InputError(message)
    return data.select(columns)


def texts(data: pa.Table, option: str) -> pa.ChunkedArray:
    """Return a column's choices as text, ``NOT_CHOSEN`` where absent."""
    column = data[option]
    column = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    return pc.fill_null(column.cast(pa.string()), NOT_CHOSEN)


def even(sizes: Index) -> list[Array]:
    """Return one unit of each option, spread evenly over its values (Perks, 1947)."""
    return [np.full(size, 1 / size) for size in sizes]


def shares(codes: Index, weight: Array, prior: Sequence[Array]) -> list[Array]:
    """Return the weighted share of each value, by option, the prior's units counted too; unusable codes count for nothing."""
    found = []
    for place, units in enumerate(prior):
        known = codes[:, place] >= 0
        count = np.bincount(codes[known, place], weight[known], minlength=len(units)) + units
        found.append(count / count.sum())
    return found


def distinct(codes: Index, weight: Array) -> tuple[Index, Array]:
    """Return the different rows of codes and the sum of their weights."""
    first, place = alike(codes)
    return codes[first], np.bincount(place, weight, minlength=len(first)).astype(float)


def alike(codes: Index) -> tuple[Index, Index]:
    """Return the first row of each set of equal rows, and the set of every row; sets are in the rows' rising order.

    Columns become digits of one number, which is made small again before it would not fit: many times faster than
    to compare rows.
    """
    first, place = np.zeros(min(len(codes), 1), np.int64), np.zeros(len(codes), np.int64)
    digits, room = 1, np.iinfo(np.int64).max // 2
    for column in codes.T if len(codes) else ():
        values = column - column.min()
        size = int(values.max()) + 1
        if digits > room // size:
            _, place = np.unique(place, return_inverse=True)
            digits = int(place.max()) + 1
        place = place * size + values
        digits *= size
    if len(codes):
        _, first, place = np.unique(place, return_index=True, return_inverse=True)
    return np.asarray(first, np.int64), np.asarray(place, np.int64)
