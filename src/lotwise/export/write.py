"""Rows as a CSV, Excel or JSON file that another system reads: ISO dates, plain numbers, all or nothing.

A file is written beside its place and renamed when it is whole. The same rows give the same bytes.
"""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from lotwise.errors import InputError, StoreError, did_you_mean
from lotwise.extras import need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyarrow as pa

VERSION = 1
"""Version of the columns; it rises when one is renamed or taken away."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BATCH = 10_000
MADE = datetime(2000, 1, 1)  # noqa: DTZ001  a constant, so that the same rows give the same bytes


def write(table: pa.Table, file: Path, *, name: str) -> Path:
    """Return the file, after writing rows to it in the form its ending names.

    CSV: UTF-8, a header, text that a spreadsheet would run as a formula disarmed by an apostrophe in front. Excel: one sheet,
    dates and numbers as such, written row by row. JSON: ``{"schema": "lotwise/NAME", "version": 1, "rows": [...]}``, one
    object a row, on a line of its own.

    Parameters
    ----------
    table
        The rows; numbers, dates and text.
    file
        Where to: it ends in ``.csv``, ``.xlsx`` or ``.json``. A file that is there is replaced.
    name
        What the rows are, such as ``"work-orders"``: the name of the sheet and of the schema.

    Raises
    ------
    InputError
        The ending is another one.
    StoreError
        The file cannot be written.
    MissingPackageError
        Excel is asked for and xlsxwriter is not installed.
    """
    ending = file.suffix.lower()
    if ending not in FORMS:
        hint = did_you_mean(ending, FORMS)
        raise InputError(f"'{file}' ends in '{ending}'{hint}; expected a name that ends in {', '.join(FORMS)}")
    aside = file.with_name(f".{file.name}.part")
    try:
        FORMS[ending](table, aside, name)
        aside.replace(file)
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror or error}. Choose another place; a file there is as it was"
        raise StoreError(message) from error
    finally:
        aside.unlink(missing_ok=True)
    return file


def _csv(table: pa.Table, file: Path, _: str) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(table.column_names)
        writer.writerows([_safe(value) for value in row] for row in _rows(table))


def _json(table: pa.Table, file: Path, name: str) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(f'{{"schema": "lotwise/{name}", "version": {VERSION}, "rows": [')
        between = "\n"
        for row in _rows(table):
            named = dict(zip(table.column_names, row, strict=True))
            stream.write(between + json.dumps(named, ensure_ascii=False, default=_iso))
            between = ",\n"
        stream.write("\n]}\n")


def _excel(table: pa.Table, file: Path, name: str) -> None:
    xlsxwriter = need("xlsxwriter", extra="connect")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with file.open("wb") as stream, xlsxwriter.Workbook(stream, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
            book.set_properties({"created": MADE})
            sheet, clock = book.add_worksheet(name), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            sheet.write_row(0, 0, table.column_names)
            for number, row in enumerate(_rows(table), start=1):
                for column, value in enumerate(row):
                    _fill(sheet, number, column, value, clock)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(str(error)) from error


def _fill(sheet: Any, row: int, column: int, value: Any, clock: Any) -> None:  # noqa: ANN401  a worksheet, a cell of any type
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value, clock)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Yield rows, some at a time."""
    for batch in table.to_batches(max_chunksize=BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _iso(value: date) -> str:
    """Return a day, or a time with its clock."""
    return value.isoformat()


def _safe(value: Any) -> Any:  # noqa: ANN401  a cell of any type
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


FORMS: dict[str, Callable[[pa.Table, Path, str], None]] = {".csv": _csv, ".xlsx": _excel, ".json": _json}
"""How a file is written, by its ending."""
