"""Tests of the files that other systems read."""

from __future__ import annotations

import csv
import json
from datetime import date

import pyarrow as pa
import pytest
import python_calamine

from lotwise.errors import InputError, StoreError
from lotwise.export import write

DAY = date(2024, 7, 29)


@pytest.fixture
def table():
    """Return text with commas, signs and letters of all kinds, numbers large, small and absent, and days."""
    return pa.table(
        {
            "item": ["cake, big", "=1+1", '面包 "fresh"'],
            "week": pa.array([DAY, DAY, date(2025, 1, 6)], pa.date32()),
            "quantity": [0.1, 1e9, 12.0],
            "previous": pa.array([None, 3.0, 0.0], pa.float64()),
            "line": pa.array([1, 2, 3], pa.int64()),
        }
    )


def test_csv_reads_back(table, tmp_path):
    """ISO dates, plain numbers, nothing for what is absent; a formula is disarmed."""
    with write(table, tmp_path / "x.csv", name="work-orders").open(encoding="utf-8", newline="") as stream:
        header, *lines = list(csv.reader(stream))
    assert header == table.column_names
    assert [float(line[2]) for line in lines] == table["quantity"].to_pylist()
    assert [date.fromisoformat(line[1]) for line in lines] == table["week"].to_pylist()
    assert [line[0] for line in lines] == ["cake, big", "'=1+1", '面包 "fresh"']
    assert [line[3] for line in lines] == ["", "3.0", "0.0"]


def test_json_reads_back(table, tmp_path):
    """A list of objects under the name and the version of its columns."""
    found = json.loads(write(table, tmp_path / "x.json", name="work-orders").read_text(encoding="utf-8"))
    assert (found["schema"], found["version"]) == ("lotwise/work-orders", 1)
    assert found["rows"] == [{**row, "week": row["week"].isoformat()} for row in table.to_pylist()]


def test_json_of_nothing_is_json(table, tmp_path):
    """An empty plan is an empty list."""
    assert json.loads(write(table.slice(0, 0), tmp_path / "x.json", name="x").read_text())["rows"] == []


def test_excel_reads_back(table, tmp_path):
    """Dates are dates, numbers are numbers, and text is text whatever it starts with."""
    book = python_calamine.CalamineWorkbook.from_path(write(table, tmp_path / "x.xlsx", name="work-orders"))
    header, *lines = book.get_sheet_by_name("work-orders").to_python()
    assert header == table.column_names
    wanted = [["" if value is None else value for value in row.values()] for row in table.to_pylist()]
    assert lines == wanted


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_the_same_rows_are_the_same_bytes(table, tmp_path, ending):
    """Nothing in a file tells when it was written."""
    first, second = (write(table, tmp_path / f"{name}.{ending}", name="x").read_bytes() for name in "ab")
    assert first == second


def test_another_ending_is_refused(table, tmp_path):
    """The message says which there are."""
    with pytest.raises(InputError, match=r"did you mean '\.xlsx'"):
        write(table, tmp_path / "x.xls", name="x")


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_a_file_that_cannot_be_written_stays_as_it_was(table, tmp_path, ending):
    """A folder in its place, or none to put it in: one message, and nothing is left behind."""
    with pytest.raises(StoreError, match="cannot be written"):
        write(table, tmp_path / "none" / f"x.{ending}", name="x")
    (tmp_path / f"x.{ending}").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        write(table, tmp_path / f"x.{ending}", name="x")
    assert [file.name for file in tmp_path.iterdir()] == [f"x.{ending}"]
