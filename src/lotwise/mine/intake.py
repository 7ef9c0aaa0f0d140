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
            It is no frame, or a column of it mixes types.
        """
        if not hasattr(frame, "__arrow_c_stream__") and not isinstance(frame, (pa.Table, pa.RecordBatch, dict)):
            found = f"{what}: found a {type(frame).__name__}"
            raise ContractError(
                f"{found}; expected pandas, Polars, Arrow or another frame with __arrow_c_stream__, or a dict of columns"
            )
        try:
            table = pa.table(frame)
        except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError, ValueError) as error:
            message = f"{what}: a column mixes values of different types; expected one type a column ({error})"
            raise ContractError(message) from error
        return cls(what, pa.table({str(name): _plain(table[name]) for name in table.column_names}))

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
        if pa.types.is_floating(found.type) and not found.null_count and bool(pc.all(pc.equal(pc.round(found), found)).as_py()):
            found = found.cast(pa.int64())
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
        """Return a column of dates or times as days from 1970-01-01; text is read as year-month-day."""
        found = self._found(column)
        if found is None:
            return np.zeros(len(self), dtype=np.int64)
        self._absent(column, pc.is_null(found))
        try:
            if pa.types.is_timestamp(found.type) and found.type.tz is not None:
                found = pc.local_timestamp(found)
            days = found.cast(pa.timestamp("us")).cast(pa.date32(), safe=False).fill_null(0).cast(pa.int32())
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


def _plain(values: pa.ChunkedArray) -> pa.Array:
    """Return values without categories, views and large offsets, in one piece."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _plain(values.cast(kind.value_type))
    if pa.types.is_string_view(kind) or pa.types.is_large_string(kind):
        values = values.cast(pa.string())
    return values.combine_chunks()
