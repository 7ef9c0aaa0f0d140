"""The files of one mapping as relations: files with the same columns are one batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from lotwise.collect import files, frames
from lotwise.collect.excel import read_excel
from lotwise.collect.text import Text, read_csv, read_jsonl
from lotwise.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Container

    import ibis

    from lotwise.collect.files import File
    from lotwise.config import Mapping
    from lotwise.stage import Inputs


@dataclass(frozen=True)
class Read:
    """One file that was read: its name, format, rows and SHA-256."""

    name: str
    format: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Batch:
    """Files that have the same columns.

    Parameters
    ----------
    relation
        Their columns (those that are wanted), ``source_file`` and ``source_row``.
    columns
        Every column of theirs, wanted or not.
    files
        What was read.
    is_text
        Whether every value is text that must be read; else columns have types of their own.
    misfits
        File, row and reason of each row that does not fit; they are not in the relation.
    """

    relation: ibis.Table
    columns: tuple[str, ...]
    files: tuple[Read, ...]
    is_text: bool
    misfits: tuple[tuple[str, int, str], ...] = field(default=())


def open_batches(mapping: Mapping, inputs: Inputs, wanted: Container[str] | None) -> list[Batch]:
    """Return the files of a mapping in batches, with the wanted columns of text files (all when None).

    Raises
    ------
    InputError
        A file is missing or cannot be read.
    """
    patterns = [mapping.files] if isinstance(mapping.files, str) else mapping.files
    named = [pattern.removeprefix(files.FRAME) for pattern in patterns if pattern.startswith(files.FRAME)]
    on_disk = [pattern for pattern in patterns if not pattern.startswith(files.FRAME)]
    batches = [_frame(name, inputs) for name in named]
    found = files.find(on_disk, inputs.folder, format=mapping.format) if on_disk else []
    batches += _parquet([file for file in found if file.format == "parquet"], inputs)
    batches += _texts([file for file in found if file.format != "parquet"], mapping, inputs, wanted)
    return batches


def _frame(name: str, inputs: Inputs) -> Batch:
    table = frames.read_frame(name, inputs.frames)
    columns = tuple(table.column_names[:-1])
    read = Read(files.FRAME + name, "frame", table.num_rows, frames.digest(table))
    place = pa.array([read.name] * table.num_rows, pa.string())
    return Batch(inputs.engine.from_arrow(table.append_column("source_file", place)), columns, (read,), is_text=False)


def _parquet(found: list[File], inputs: Inputs) -> list[Batch]:
    """Return Parquet files, by schema; nothing but their footers is read here."""
    described = [(_footer(file), file) for file in found]
    batches = []
    for schema, group in groupby(sorted(described, key=lambda pair: str(pair[0][1])), key=lambda pair: pair[0][1]):
        members = list(group)
        relation = inputs.engine.read_parquet([file.path for _, file in members], [file.name for _, file in members])
        read = tuple(Read(file.name, "parquet", rows, files.digest(file.path)) for (rows, _), file in members)
        batches.append(Batch(relation, tuple(schema.names), read, is_text=False))
    return batches


def _footer(file: File) -> tuple[int, pa.Schema]:
    try:
        footer = pq.read_metadata(file.path)
        schema = footer.schema.to_arrow_schema().remove_metadata()
    except (pa.ArrowException, OSError) as error:
        message = f"{file.name} is not a whole Parquet file: {str(error).splitlines()[0]}. Copy it again from where it was made"
        raise InputError(message) from error
    if footer.num_rows == 0:
        message = f"{file.name} has no row. Its columns are: {', '.join(schema.names)}"
        raise InputError(message)
    return footer.num_rows, schema


def _texts(found: list[File], mapping: Mapping, inputs: Inputs, wanted: Container[str] | None) -> list[Batch]:
    held = [(read_text(file, mapping, wanted), file) for file in found]
    batches = []
    for columns, group in groupby(sorted(held, key=lambda pair: pair[0].columns), key=lambda pair: pair[0].columns):
        members = list(group)
        tables = [_placed(text.table, file.name) for text, file in members]
        relation = inputs.engine.from_arrow(pa.concat_tables(tables, promote_options="default"))
        read = tuple(Read(file.name, file.format, text.rows, files.digest(file.path)) for text, file in members)
        misfits = tuple((file.name, row, reason) for text, file in members for row, reason in text.misfits)
        batches.append(Batch(relation, columns, read, is_text=True, misfits=misfits))
    return batches


def read_text(file: File, mapping: Mapping, wanted: Container[str] | None) -> Text:
    """Return a file of text (CSV, JSON Lines, Excel) by its format.

    Raises
    ------
    InputError
        It cannot be read.
    """
    if file.format == "excel":
        return read_excel(file.path, file.name, wanted, sheet=mapping.sheet)
    if file.format == "jsonl":
        return read_jsonl(file.path, file.name, wanted, encoding=mapping.encoding)
    return read_csv(file.path, file.name, wanted, delimiter=mapping.delimiter, encoding=mapping.encoding, quote=mapping.quote)


def _placed(table: pa.Table, name: str) -> pa.Table:
    """Return the table with its file's name beside every row, and without columns of theirs named as ours for that."""
    kept = [column for column in table.column_names if column != "source_file"]
    return table.select(kept).append_column("source_file", pa.array([name] * table.num_rows, pa.string()))
