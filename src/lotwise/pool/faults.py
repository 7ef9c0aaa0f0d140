"""What a row may not hold: empty required columns, values out of range, values not among the choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import ibis
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.tables import Column, Table

LARGEST = 1e12
"""No amount is larger: sums of such amounts are still exact."""

NO = ibis.literal(value=False)
"""What an unknown condition counts as."""

YEARS = (1900, 2200)
"""Days before or after are misread."""


class Fault(NamedTuple):
    """One thing that is wrong with some rows.

    Parameters
    ----------
    column
        Column at fault.
    reason
        Why, in words.
    where
        Condition that holds for the rows at fault; where it is unknown the row is not at fault.
    """

    column: str
    reason: str
    where: ibis.Value


def faults(table: Table, rows: ibis.Table, *, required: frozenset[str] = frozenset()) -> list[Fault]:
    """Return everything that may be wrong with the rows of a table.

    Parameters
    ----------
    table
        Contract of the table.
    rows
        Its rows, in the contract's types.
    required
        Columns that must be filled although the contract lets them be absent.
    """
    return [
        Fault(column.name, reason, where)
        for column in table.columns
        for reason, where in _of(column, rows[column.name], required=column.name in required)
    ]


def any_of(found: list[Fault]) -> ibis.Value:
    """Return the condition that a row has at least one of these faults."""
    condition: ibis.Value = ibis.literal(value=False)
    for fault in found:
        condition = condition | fault.where
    return condition.fill_null(NO)


def _of(column: Column, value: ibis.Value, *, required: bool) -> Iterator[tuple[str, ibis.Value]]:
    if required or not column.nullable:
        yield "empty", value.isnull()
    if pa.types.is_temporal(column.type):
        first, end = (ibis.date(year, 1, 1) for year in YEARS)
        yield f"outside the years {YEARS[0]} to {YEARS[1] - 1}", (value < first) | (value >= end)
    if column.low is not None and column.high is not None:
        yield f"outside {column.low:g} to {column.high:g}", (value < column.low) | (value > column.high)
        return
    if column.low is not None:
        yield f"below {column.low:g}", value < column.low
    if pa.types.is_floating(column.type):
        # not a number is larger than every number, on every engine
        large = value > LARGEST
        yield "not a finite amount", large if column.low is not None else large | (value < -LARGEST)
    if column.choices:
        yield f"other than {', '.join(column.choices)}", value.notin(column.choices)
