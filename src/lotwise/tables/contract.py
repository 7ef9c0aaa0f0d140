"""What a table promises: columns with type, unit and meaning, a key, and a check at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_EXAMPLES = 3


class Column(msgspec.Struct, frozen=True):
    """One column of a contract.

    Parameters
    ----------
    name
        As it stands in the table.
    type
        Arrow type the values have, or can be cast to without loss.
    meaning
        What a value says, in words a planner uses.
    unit
        Unit of the values (``"units"``, ``"hours"``, ``"money"``); empty where there is none.
    nullable
        Whether a value may be absent.
    low, high
        Smallest and largest value allowed; numbers must be finite in any case.
    choices
        The only values allowed; empty for any.
    """

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True):
    """The contract of one named table.

    Parameters
    ----------
    name
        The name stages take and give it by.
    meaning
        What one row is.
    key
        Columns whose values together are unique.
    columns
        Every column, in order; no other may be present.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of a table that keeps this contract."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    def empty(self) -> pa.Table:
        """Return a table with these columns and no row."""
        return self.schema.empty_table()

    def check(self, data: pa.Table) -> pa.Table:
        """Return the data with the contract's columns, order and types, sorted by nothing.

        Columns that may be absent and are missing altogether are added as nulls.

        Raises
        ------
        ContractError
            Every breach at once: missing and unknown columns, types, nulls, ranges, choices, key.
        """
        missing, data = self._complete(data)
        found = [*missing, *self._unknown(data)]
        columns = []
        for column in self.columns:
            if column.name in data.column_names:
                values, wrong = _values(column, data.column(column.name))
                found += wrong
                columns.append(values)
        if not found:
            checked = pa.table(dict(zip(self.names, columns, strict=True)), schema=self.schema)
            found += self._repeated(checked)
        if found:
            raise ContractError(breaches(f"Table '{self.name}' breaks its contract", found))
        return checked

    def _complete(self, data: pa.Table) -> tuple[list[str], pa.Table]:
        missing = []
        for column in self.columns:
            if column.name in data.column_names:
                continue
            if column.nullable:
                data = data.append_column(column.name, pa.nulls(data.num_rows, column.type))
                continue
            spare = [name for name in data.column_names if name not in self.names]
            hint = did_you_mean(column.name, spare)
            missing.append(f"column '{column.name}' ({column.meaning}) is missing{hint}")
        return missing, data

    def _unknown(self, data: pa.Table) -> Iterator[str]:
        for name in data.column_names:
            if name not in self.names:
                yield f"column '{name}' is unknown{did_you_mean(name, self.names)}"

    def _repeated(self, data: pa.Table) -> Iterator[str]:
        if not self.key or data.num_rows == 0:
            return
        counts = data.group_by(list(self.key)).aggregate([([], "count_all")])
        if counts.num_rows == data.num_rows:
            return
        twice = counts.filter(pc.greater(counts["count_all"], 1))
        example = ", ".join(f"{name} = {twice[name][0].as_py()}" for name in self.key)
        yield f"key ({', '.join(self.key)}) is not unique: {twice.num_rows} values stand more than once, such as {example}"


def _values(column: Column, values: pa.ChunkedArray) -> tuple[pa.ChunkedArray, list[str]]:
    """Return the values in the column's type, and what is wrong with them."""
    try:
        values = values if values.type == column.type else values.cast(column.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        reason = str(error).splitlines()[0]
        return values, [f"column '{column.name}' has type {values.type}, expected {column.type}: {reason}"]
    found = []
    if not column.nullable and values.null_count:
        found.append(f"column '{column.name}' ({column.meaning}) has {values.null_count} empty values")
    for fault, reason in _faults(column, values):
        bad = values.filter(fault)
        if len(bad):
            shown = ", ".join(str(v) for v in bad.slice(0, MAX_EXAMPLES).to_pylist())
            found.append(f"column '{column.name}' has {len(bad)} values {reason}: {shown}")
    return values, found


def _faults(column: Column, values: pa.ChunkedArray) -> Iterator[tuple[pa.ChunkedArray, str]]:
    if pa.types.is_floating(column.type):
        yield pc.fill_null(pc.invert(pc.is_finite(values)), fill_value=False), "that are not finite"
    if column.low is not None:
        yield pc.fill_null(pc.less(values, column.low), fill_value=False), f"below {column.low:g}"
    if column.high is not None:
        yield pc.fill_null(pc.greater(values, column.high), fill_value=False), f"above {column.high:g}"
    if column.choices:
        known = pc.is_in(values, value_set=pa.array(column.choices, column.type))
        strange = pc.and_(pc.invert(known), pc.is_valid(values))
        yield strange, f"other than {', '.join(column.choices)}"
