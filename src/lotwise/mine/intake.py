"""Frames of one's own, taken column by column: pandas, Polars, Arrow and the like, every fault at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches, did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMED = 3
"""Rows named as examples of a fault."""


@dataclass
class Frame:
    """A frame, and what was found wrong with it so far; ``done`` raises all of it together.

    Parameters
    ----------
    what
        What it is called in messages, such as ``"The order lines"``.
    table
        Its columns.
    faults
        What was found wrong.
    """

    what: str
    table: pa.Table
    faults: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, frame: Any, what: str) -> Frame:  # noqa: ANN401  any frame there is
        """Return a frame of pandas, Polars, Arrow or the like, or a dict of columns.

        Raises
        ------
        ContractError
            It is no frame, two of its columns have one name, or its columns differ in length or mix types.
        """
        if not hasattr(frame, "__arrow_c_stream__") and not isinstance(frame, (pa.Table, pa.RecordBatch, dict)):
            found = f"{what}: found a {type(frame).__name__}"
            raise ContractError(
                f"{found}; expected pandas, Polars, Arrow or another frame with __arrow_c_stream__, or a dict of columns"
            )
        try:
            table = pa.table({str(name): values for name, values in frame.items()} if isinstance(frame, dict) else frame)
            columns = [_plain(column) for column in table.columns]
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            found = f"{what}: its columns cannot be read ({str(error).splitlines()[0]})"
            raise ContractError(f"{found}; expected one name and one type a column, and as many rows in each") from error
        names = [str(name) for name in table.column_names]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ContractError(f"{what}: two columns or more have the name {', '.join(twice)}; expected one of each name")
        return cls(what, pa.table(columns, names=names))

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.table.num_rows)

    def has(self, column: str) -> bool:
        """Whether there is such a column; it is a fault if not."""
        return self._found(column) is not None

    def texts(self, column: str, *, empty: bool = False) -> pa.Array:
        """Return a column as text; numbers are written out. ``empty``: whether values may be absent."""
        found = self._found(column)
        if found is None:
            return pa.array([""] * len(self), pa.string())
        if pa.types.is_floating(found.type):
            found = _named(found)
        try:
            found = found.cast(pa.string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            self.faults.append(f"column '{column}' holds {found.type}; expected text")
            return pa.array([""] * len(self), pa.string())
        if not empty:
            self._absent(column, pc.is_null(found))
        return found

    def numbers(self, column: str, *, low: float | None = None, empty: bool = False) -> NDArray[np.float64]:
        """Return a column as numbers; absent ones are nan. ``low``: the least allowed; ``empty``: some may be absent."""
        found = self._found(column)
        if found is None:
            return np.zeros(len(self))
        try:
            values = np.asarray(found.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            self.faults.append(f"column '{column}' holds {found.type}; expected numbers ({str(error).splitlines()[0]})")
            return np.zeros(len(self))
        missing = np.isnan(values)
        if not empty:
            self._bad(column, missing, "empty or not a number (nan)")
        self._bad(column, np.isinf(values), "infinite")
        if low is not None:
            self._bad(column, values < low, f"below {low:g}", values)
        return values

    def days(self, column: str) -> NDArray[np.int64]:
        """Return a column of dates or times as days from 1970-01-01; text is read as year-month-day.

        A time with a zone counts as the day it is in that zone. Numbers are no dates: nobody knows what they count.
        """
        found = self._found(column)
        if found is None:
            return np.zeros(len(self), dtype=np.int64)
        self._absent(column, pc.is_null(found))
        if pa.types.is_integer(found.type):
            self.faults.append(f"column '{column}' holds {found.type}; expected dates (make dates of the numbers first)")
            return np.zeros(len(self), dtype=np.int64)
        try:
            if pa.types.is_timestamp(found.type) and found.type.tz is not None:
                found = pc.local_timestamp(found)
            if not pa.types.is_temporal(found.type):
                found = found.cast(pa.timestamp("us"))
            days = found.cast(pa.date32(), safe=False).fill_null(0).cast(pa.int32())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            self.faults.append(f"column '{column}' holds {found.type}; expected dates ({str(error).splitlines()[0]})")
            return np.zeros(len(self), dtype=np.int64)
        return np.asarray(days.to_numpy(), dtype=np.int64)

    def done(self) -> None:
        """Raise what was found wrong.

        Raises
        ------
        ContractError
            Every fault, with the columns and rows it is in.
        """
        if self.faults:
            raise ContractError(breaches(f"{self.what} cannot be used", self.faults))

    def _found(self, column: str) -> pa.Array | None:
        if column in self.table.column_names:
            return self.table[column].combine_chunks()
        hint = did_you_mean(column, self.table.column_names)
        self.faults.append(f"column '{column}' is missing{hint}; the columns are: {', '.join(self.table.column_names)}")
        return None

    def _absent(self, column: str, is_absent: pa.Array) -> None:
        self._bad(column, np.asarray(is_absent.to_numpy(zero_copy_only=False)), "empty")

    def _bad(self, column: str, fault: NDArray[np.bool_], reason: str, values: NDArray[np.float64] | None = None) -> None:
        rows = np.flatnonzero(fault)
        if not len(rows):
            return
        shown = ", ".join(str(row) if values is None else f"{row} ({values[row]:g})" for row in rows[:NAMED])
        more = f" and {len(rows) - NAMED:,} more" if len(rows) > NAMED else ""
        self.faults.append(f"column '{column}' is {reason} in row {shown}{more}")


def _named(values: pa.Array) -> pa.Array:
    """Return numbers that name things: whole ones without a decimal point, nan as absent."""
    values = pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)
    is_whole = pc.and_(pc.equal(pc.round(values), values), pc.less(pc.abs(values), 2.0**53))
    return values.cast(pa.int64()) if pc.all(is_whole, min_count=0).as_py() else values


def _plain(values: pa.ChunkedArray) -> pa.Array:
    """Return values without categories, views and large offsets, in one piece."""
    if pa.types.is_dictionary(values.type):
        chunks = [_text(chunk.dictionary).take(chunk.indices) for chunk in values.chunks]
        return pa.concat_arrays(chunks) if chunks else _text(pa.array([], values.type.value_type))
    return _text(values.combine_chunks())


def _text(values: pa.Array) -> pa.Array:
    is_other = pa.types.is_string_view(values.type) or pa.types.is_large_string(values.type)
    return values.cast(pa.string()) if is_other else values
