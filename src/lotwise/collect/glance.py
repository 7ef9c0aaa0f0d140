"""A glance at a file nobody has described: its columns, and what their values look like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from lotwise import config
from lotwise.collect import dates
from lotwise.collect.amounts import looks_like_number
from lotwise.collect.batches import read_text
from lotwise.collect.values import FALSE, TRUE
from lotwise.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.collect.files import File

SAMPLE = 5000
MOST = 0.97
"""Share of values that must look alike: real files hold some that do not."""
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", re.IGNORECASE)
YEAR_FIRST = re.compile(r"^(19[89]|20[0-9])[0-9]")


@dataclass(frozen=True)
class Look:
    """What the values of one column look like.

    Parameters
    ----------
    name
        The column.
    kind
        date, integer, number, flag, email, text or empty.
    filled
        Share of rows with a value.
    distinct
        Different values / values.
    formats
        Date formats that fit; empty for ISO dates and for columns that are dates already.
    decimal
        Decimal mark of a number.
    example
        The first value.
    """

    name: str
    kind: str
    filled: float
    distinct: float
    formats: tuple[str, ...] = ()
    decimal: str = "."
    example: str = ""


@dataclass(frozen=True)
class Glance:
    """A file, its columns and its decimal mark."""

    file: File
    columns: tuple[Look, ...]

    @property
    def decimal(self) -> str:
        """The decimal mark of most of its columns with decimals."""
        marks = [column.decimal for column in self.columns if column.kind == "number"]
        return "," if marks.count(",") > marks.count(".") else "."


def glance(file: File) -> Glance:
    """Return what the first rows of a file look like.

    Raises
    ------
    InputError
        It cannot be read.
    """
    if file.format == "parquet":
        try:
            first = next(pq.ParquetFile(file.path).iter_batches(SAMPLE), None)
        except (pa.ArrowException, OSError) as error:
            message = f"{file.name} is not a whole Parquet file: {str(error).splitlines()[0]}"
            raise InputError(message) from error
        table = pa.table({}) if first is None else pa.Table.from_batches([first])
    else:
        text = read_text(file, config.Mapping(table="orders", files=file.name), None).table
        table = text.select([name for name in text.column_names if name != "source_row"]).slice(0, SAMPLE)
    return Glance(file, tuple(_look(name, table.column(name)) for name in table.column_names))


def _look(name: str, column: pa.ChunkedArray) -> Look:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    values = [str(value).strip() for value in column.to_pylist() if value is not None and str(value).strip()]
    if not values:
        return Look(name, "empty", 0.0, 0.0)
    filled, distinct = len(values) / len(column), len(set(values)) / len(values)
    if pa.types.is_temporal(kind):
        return Look(name, "date", filled, distinct, example=values[0])
    if pa.types.is_boolean(kind):
        return Look(name, "flag", filled, distinct, example=values[0])
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        whole = all(re.fullmatch(r"-?[0-9]+(\.0+)?", value) for value in values)
        return Look(name, "integer" if whole else "number", filled, distinct, example=values[0])
    if pa.types.is_integer(kind) and not all(YEAR_FIRST.match(value) and len(value) == 8 for value in values):  # noqa: PLR2004
        return Look(name, "integer", filled, distinct, example=values[0])
    found, formats, decimal = _of_text(values)
    return Look(name, found, filled, distinct, formats, decimal, values[0])


def _of_text(values: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """Return the kind of values in text, their date formats and their decimal mark."""
    some = list(dict.fromkeys(values))[:500]
    least = MOST * len(some)
    if sum(re.search(dates.ISO, value) is not None for value in some) >= least:
        return "date", (), "."
    formats = dates.formats_that_fit(some[:100])
    fitting = [known for known in formats if sum(_fits(value, known) for value in some) >= least]
    if fitting:
        return "date", tuple(fitting), "."
    reads = {mark: sum(looks_like_number(value, mark) for value in some) for mark in (".", ",")}
    if max(reads.values()) >= least:
        whole = all(re.fullmatch(r"[+-]?[0-9]+(\.0+)?", value) for value in some)
        return "integer" if whole else "number", (), "," if reads[","] > reads["."] else "."
    emails = sum(EMAIL.match(value) is not None for value in some) >= least
    flags = all(value.lower() in TRUE + FALSE for value in some)
    return "email" if emails else "flag" if flags else "text", (), "."


def _fits(value: str, known: str) -> bool:
    return re.search(dates.compile_format(known).pattern, value) is not None and (
        known != "%Y%m%d" or YEAR_FIRST.match(value) is not None
    )
