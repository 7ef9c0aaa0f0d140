"""Delimited text and JSON Lines as Arrow tables of text, with the rows that do not fit named."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from lotwise.collect.dialect import Dialect, detect_encoding, sniff, unclosed
from lotwise.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

BLOCK = 1 << 24
LINES = 1 << 16


@dataclass(frozen=True)
class Text:
    """What a file of text holds.

    Parameters
    ----------
    table
        The wanted columns as text, empty values as nulls, with ``source_row``.
    columns
        Every column the file has.
    rows
        Rows of data in the file, those that do not fit included.
    misfits
        Row and reason of each row that does not fit; they are not in the table.
    """

    table: pa.Table
    columns: tuple[str, ...]
    rows: int
    misfits: tuple[tuple[int, str], ...] = ()


def read_csv(path: Path, name: str, wanted: Container[str] | None, *, delimiter: str, encoding: str, quote: str) -> Text:
    """Return the wanted columns of a CSV file (all when None), every value as text.

    Raises
    ------
    InputError
        It cannot be read: see ``dialect.sniff``; or a quote is never closed.
    """
    dialect = sniff(path, name, delimiter=delimiter, encoding=encoding, quote=quote)
    open_quote = unclosed(path, dialect)
    if open_quote:
        message = f"{name}, row {open_quote}: a quote ({quote}) is opened and never closed, "
        message += "so that all rows below would be lost. Close it"
        raise InputError(message)
    columns = [c for c in dialect.header if wanted is None or c in wanted] or [dialect.header[0]]
    bad: list[pc.InvalidRow] = []
    table = _parse(path, name, dialect, columns, bad, threads=True)
    if bad:  # numbers of rows are known only when one thread reads
        bad.clear()
        table = _parse(path, name, dialect, columns, bad, threads=False)
    misfits = tuple((row.number - dialect.skip, _misfit(row, dialect)) for row in bad)
    total = table.num_rows + len(misfits)
    numbers = np.delete(np.arange(1, total + 1), [row - 1 for row, _ in misfits])
    return Text(table.append_column("source_row", pa.array(numbers, pa.int64())), dialect.header, total, misfits)


def _parse(path: Path, name: str, dialect: Dialect, columns: list[str], bad: list[pc.InvalidRow], *, threads: bool) -> pa.Table:
    def skip(row: pc.InvalidRow) -> str:
        bad.append(row)
        return "skip"

    encoding = "utf-8" if dialect.encoding == "utf-8-sig" else dialect.encoding
    try:
        return pc.read_csv(
            path,
            pc.ReadOptions(
                use_threads=threads, block_size=BLOCK, column_names=dialect.header, skip_rows=dialect.skip, encoding=encoding
            ),
            pc.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote or False,
                newlines_in_values=True,
                invalid_row_handler=skip,
            ),
            pc.ConvertOptions(
                column_types=dict.fromkeys(dialect.header, pa.string()),
                include_columns=columns,
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        message = f"{name} cannot be read as CSV: {str(error).splitlines()[0]}. "
        message += f"Look for a quote ({dialect.quote}) in the wrong place"
        raise InputError(message) from error


def _misfit(row: pc.InvalidRow, dialect: Dialect) -> str:
    return (
        f"the row has {row.actual_columns} fields where the header has {row.expected_columns} (split at {dialect.delimiter!r})"
    )


def read_jsonl(path: Path, name: str, wanted: Container[str] | None, *, encoding: str) -> Text:
    """Return the wanted columns of a file of one JSON object a line, or of one array of objects.

    Values become text as JSON writes them; an object within an object gives columns such as
    ``buyer.city``. Values of one column may differ in type from row to row.

    Raises
    ------
    InputError
        No line is a JSON object, or encodings are mixed.
    """
    columns: dict[str, None] = {}
    misfits: list[tuple[int, str]] = []
    parts: list[pa.Table] = []
    rows = 0
    lines = _lines(path, name, encoding or detect_encoding(path, name))
    while chunk := list(islice(lines, LINES)):
        kept: list[tuple[int, dict[str, str | None]]] = []
        for number, record in enumerate(chunk, start=rows + 1):
            if isinstance(record, dict):
                kept.append((number, _flat(record)))
            else:
                misfits.append((number, "the line is not a JSON object"))
        rows += len(chunk)
        names = dict.fromkeys(key for _, record in kept for key in record)
        columns |= names
        data = {
            key: pa.array([record.get(key) for _, record in kept], pa.string())
            for key in names
            if wanted is None or key in wanted
        }
        parts.append(pa.table(data | {"source_row": pa.array([number for number, _ in kept], pa.int64())}))
    if not columns:
        message = f'{name} holds no JSON object in {rows} lines. Write one object a line, such as {{"order": "1"}}'
        raise InputError(message)
    return Text(pa.concat_tables(parts, promote_options="default"), tuple(columns), rows, tuple(misfits))


def _lines(path: Path, name: str, encoding: str) -> Iterator[Any]:
    """Yield what each line holds; None for a line that is not JSON."""
    decode = msgspec.json.Decoder().decode
    with path.open(encoding=encoding) as stream:
        first = stream.read(1)
        stream.seek(0)
        if first == "[":
            try:
                yield from decode(stream.read())
            except (msgspec.DecodeError, TypeError) as error:
                message = f"{name} is not JSON: {error}. Write one object a line"
                raise InputError(message) from error
            return
        for line in stream:
            if not line.strip():
                continue
            try:
                yield decode(line)
            except msgspec.DecodeError:
                yield None


def _flat(record: dict[str, Any], before: str = "") -> dict[str, str | None]:
    flat: dict[str, str | None] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{key}.")
        elif value is None or isinstance(value, str):
            flat[before + key] = value or None
        else:
            flat[before + key] = msgspec.json.encode(value).decode()
    return flat
