"""Where people read: a console as wide as the terminal, and rows in columns."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TextIO

    import pyarrow as pa

PLAIN_WIDTH = 140


def console(stream: TextIO | None = None) -> Console:
    """Return a console for a stream: as wide as the terminal, or 140 columns where there is none."""
    stream = stream or sys.stdout
    return Console(file=stream, width=None if stream.isatty() else PLAIN_WIDTH, highlight=False)


def grid(columns: Sequence[str], *, right: Sequence[str] = (), whole: Sequence[str] = ()) -> Grid:
    """Return an empty table with these columns; those in ``right`` hold numbers, those in ``whole`` are never broken."""
    found = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        found.add_column(name, justify="right" if name in right else "left", overflow="fold", no_wrap=name in whole)
    return found


def called(products: pa.Table | None) -> Callable[[str], str]:
    """Return a function that puts a product's name behind its code, where it has one of its own."""
    known: dict[str, str] = {}
    if products is not None:
        known = {row["product"]: row["name"] for row in products.select(["product", "name"]).to_pylist() if row["name"]}
    return lambda code: f"{code} {known[code]}" if known.get(code, code) != code else code


def rows_of(header: Iterable[str], rows: Iterable[Iterable[object]], stream: TextIO | None = None) -> None:
    """Write rows for people."""
    found = grid(list(header))
    for row in rows:
        found.add_row(*(escape(str(value)) for value in row))
    console(stream).print(found)
