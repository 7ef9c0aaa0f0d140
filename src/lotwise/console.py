"""What the command line shows: progress, tables and the ledger, for people and for machines."""

from __future__ import annotations

import csv
import json
import re
import sys
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TextIO

    from lotwise.stage import Stage
    from lotwise.tables import Table

PLAIN_WIDTH = 140
MANY_COLUMNS = 12


def console(stream: TextIO | None = None) -> Console:
    """Return a console for a stream: as wide as the terminal, or 140 columns where there is none."""
    stream = stream or sys.stdout
    return Console(file=stream, width=None if stream.isatty() else PLAIN_WIDTH, highlight=False)


class Lines:
    """Shows a run as plain lines, for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._said = ""

    def started(self, stage: Stage, place: int, total: int) -> None:
        """Hear that a stage starts."""
        self._say(f"[{place}/{total}] {stage.name}: {stage.meaning}")

    def progress(self, stage: Stage, message: str, done: float | None) -> None:  # noqa: ARG002  a line needs no share
        """Hear what a stage has to say."""
        kind = re.sub(r"[\d,.]+", "#", message)  # a count that goes up is said once
        if kind != self._said:
            self._said = kind
            self._say(f"      {stage.name}: {message}")

    def finished(self, stage: Stage, record: Mapping[str, Any]) -> None:
        """Hear that a stage has published its tables."""
        self._say(f"      {stage.name}: {record['rows']:,} rows in {record['seconds']:.1f} s")

    def fresh(self, stage: Stage) -> None:
        """Hear that a stage need not run."""
        self._say(f"      {stage.name}: nothing has changed")

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


class JsonLines:
    """Shows a run as one JSON object a line, for machines."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def started(self, stage: Stage, place: int, total: int) -> None:
        """Hear that a stage starts."""
        self._say({"event": "started", "stage": stage.name, "place": place, "total": total})

    def progress(self, stage: Stage, message: str, done: float | None) -> None:
        """Hear what a stage has to say."""
        self._say({"event": "progress", "stage": stage.name, "message": message, "done": done})

    def finished(self, stage: Stage, record: Mapping[str, Any]) -> None:
        """Hear that a stage has published its tables."""
        self._say({"event": "finished", **record, "stage": stage.name})

    def fresh(self, stage: Stage) -> None:
        """Hear that a stage need not run."""
        self._say({"event": "fresh", "stage": stage.name})

    def _say(self, content: Mapping[str, Any]) -> None:
        print(json.dumps(content, default=str), file=self._stream, flush=True)


class Bars:
    """Shows a run as progress bars, for people at a terminal."""

    def __init__(self, stream: TextIO) -> None:
        columns = (TextColumn("{task.fields[name]:>10}"), BarColumn(24), TimeElapsedColumn(), TextColumn("{task.description}"))
        self._progress = Progress(*columns, console=console(stream))
        self._bars: dict[str, Any] = {}

    def __enter__(self) -> Bars:  # noqa: PYI034  nobody derives from it
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def started(self, stage: Stage, place: int, total: int) -> None:  # noqa: ARG002  the bars show the place
        """Hear that a stage starts."""
        self._bars[stage.name] = self._progress.add_task(stage.meaning, name=stage.name, total=None)

    def progress(self, stage: Stage, message: str, done: float | None) -> None:
        """Hear that a stage has done a share of its work."""
        total = None if done is None else 1.0
        self._progress.update(self._bars[stage.name], description=message, total=total, completed=done or 0.0)

    def finished(self, stage: Stage, record: Mapping[str, Any]) -> None:
        """Hear that a stage has published its tables."""
        bar = self._bars[stage.name]
        self._progress.update(bar, description=f"{record['rows']:,} rows", total=1.0, completed=1.0)
        self._progress.stop_task(bar)

    def fresh(self, stage: Stage) -> None:
        """Hear that a stage need not run."""
        self._progress.add_task("nothing has changed", name=stage.name, total=1, completed=1, start=False)


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


def ledger(gap: pa.Table, *, currency: str, stream: TextIO | None = None) -> None:
    """Write the ledger for people: the accounts that add up, then what each source brings."""
    out = console(stream)
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("account", "line"):
        grid.add_column(name)
    for name in (currency, "90 % interval", "share"):
        grid.add_column(name, justify="right")
    grid.add_column("verdict")
    last = ""
    for row in sorted(gap.to_pylist(), key=lambda row: row["order"]):
        if last and row["account"] != last:
            grid.add_section()
        shown = "" if row["account"] == last else row["account"]
        last = row["account"]
        interval = "" if row["low"] is None else f"{row['low']:,.0f} .. {row['high']:,.0f}"
        money = "" if row["money"] is None else f"{row['money']:,.2f}"
        share = "" if row["share"] is None else f"{row['share']:.1%}"
        grid.add_row(shown, escape(row["line"]), money, interval, share, escape(row["verdict"]))
    out.print(grid)


def contracts(tables: Iterable[Table], stream: TextIO | None = None) -> None:
    """Write contracts for people: each table's meaning, key and columns."""
    out = console(stream)
    for table in tables:
        key = f"  key: {', '.join(table.key)}" if table.key else ""
        out.print(f"\n[bold]{table.name}[/]: {table.meaning}{key}")
        grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("column", "type", "unit", "empty?", "meaning"):
            grid.add_column(name)
        for column in table.columns:
            limits = f" ({', '.join(column.choices)})" if column.choices else ""
            grid.add_row(
                column.name, str(column.type), column.unit, "may be" if column.nullable else "", column.meaning + limits
            )
        out.print(grid)


def rows_of(header: Iterable[str], rows: Iterable[Iterable[object]], stream: TextIO | None = None) -> None:
    """Write rows for people."""
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in header:
        grid.add_column(name)
    for row in rows:
        grid.add_row(*(escape(str(value)) for value in row))
    console(stream).print(grid)


def _grid(table: pa.Table, rows: int, stream: TextIO) -> None:
    shown = table.column_names if table.num_columns <= MANY_COLUMNS else [*table.column_names[: MANY_COLUMNS - 1], "..."]
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in shown:
        numeric = name in table.column_names and pa.types.is_floating(table.schema.field(name).type)
        grid.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in table.slice(0, rows).to_pylist():
        grid.add_row(*(escape(_text(row[name])) if name in row else "" for name in shown))
    out = console(stream)
    out.print(grid)
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
