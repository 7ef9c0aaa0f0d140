"""A sheet of an Excel or OpenDocument file as an Arrow table of text."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lotwise.collect.text import Text
from lotwise.errors import InputError, did_you_mean
from lotwise.extras import need

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path


def read_excel(path: Path, name: str, wanted: Container[str] | None, *, sheet: str) -> Text:
    """Return the wanted columns of a sheet (the first when empty), every value as text, dates in ISO form.

    The first row that holds anything is the header.

    Raises
    ------
    InputError
        It is no spreadsheet, the sheet does not exist, or it holds no row of data.
    """
    calamine = need("python_calamine", extra="connect")
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        sheets = list(book.sheet_names)
        if sheet and sheet not in sheets:
            message = f"{name} has no sheet '{sheet}'{did_you_mean(sheet, sheets)}. It has: {', '.join(sheets)}"
            raise InputError(message)
        cells = book.get_sheet_by_name(sheet or sheets[0]).to_python(skip_empty_area=False)
    except calamine.CalamineError as error:
        message = f"{name} cannot be read as a spreadsheet: {error}. Save it again as .xlsx or .csv"
        raise InputError(message) from error
    start = next((number for number, row in enumerate(cells) if any(_text(cell) for cell in row)), len(cells))
    body = [(number, row) for number, row in enumerate(cells[start + 1 :], start=1) if any(_text(cell) for cell in row)]
    if not body:
        message = f"{name} (sheet '{sheet or sheets[0]}') holds no row of data below its header"
        raise InputError(message)
    header = [(_text(cell) or f"column {place}").strip() for place, cell in enumerate(cells[start], start=1)]
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        message = f"{name} has more than one column named {', '.join(twice)}. Rename them in its header"
        raise InputError(message)
    data = {
        column: pa.array([_text(row[place]) for _, row in body], pa.string())
        for place, column in enumerate(header)
        if wanted is None or column in wanted
    }
    rows = pa.array([number for number, _ in body], pa.int64())
    return Text(pa.table(data | {"source_row": rows}), tuple(header), len(body))


def _text(cell: Any) -> str | None:  # noqa: ANN401  a cell holds anything
    """Return a cell as text, None where it is empty."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip() or None
