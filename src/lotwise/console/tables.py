"""Tables and their contracts, for people and for machines."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from rich.markup import escape

from lotwise.console.screen import console, grid

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from lotwise.tables import Table

MANY_COLUMNS = 12


def show(table: pa.Table, *, form: str, rows: int, stream: TextIO | None = None) -> None:
    """Write a table to a stream: the first ``rows`` as a grid, or all of it as csv, json or parquet."""
    stream = stream or sys.stdout
    if form == "csv":
        writer = csv.writer(stream)
        writer.writerow(table.column_names)
        writer.writerows(tuple(_cell(value) for value in row.values()) for row in _rows(table))
    elif form == "json":
        for row in _rows(table):
            print(json.dumps(row, default=str, ensure_ascii=False), file=stream)
    elif form == "parquet":
        pq.write_table(table, pa.PythonFile(stream.buffer, mode="w"))
    else:
        _grid(table, rows, stream)


def contracts(tables: Iterable[Table], stream: TextIO | None = None) -> None:
    """Write contracts for people: each table's meaning, key and columns."""
    out = console(stream)
    for table in tables:
        key = f"  key: {', '.join(table.key)}" if table.key else ""
        out.print(f"\n[bold]{table.name}[/]: {table.meaning}{key}")
        rows = grid(("column", "type", "unit", "empty?", "meaning"))
        for column in table.columns:
            limits = f" ({', '.join(column.choices)})" if column.choices else ""
            rows.add_row(
                column.name, str(column.type), column.unit, "may be" if column.nullable else "", column.meaning + limits
            )
        out.print(rows)


def _grid(table: pa.Table, rows: int, stream: TextIO) -> None:
    shown = table.column_names if table.num_columns <= MANY_COLUMNS else [*table.column_names[: MANY_COLUMNS - 1], "..."]
    numbers = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    found = grid(shown, right=numbers)
    for row in table.slice(0, rows).to_pylist():
        found.add_row(*(escape(_text(row[name])) if name in row else "" for name in shown))
    out = console(stream)
    out.print(found)
    if table.num_rows > rows:
        out.print(f"{rows:,} of {table.num_rows:,} rows; all of them with --format csv, json or parquet")


def _rows(table: pa.Table) -> Iterable[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"  # noqa: PLR2004  where decimals stop to matter
    return str(value)


def _cell(value: object) -> object:
    """Return a value for a CSV cell; text that a spreadsheet would run as a formula is disarmed."""
    if isinstance(value, list):
        return json.dumps(value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
