from datetime import datetime

import pytest
import xlsxwriter

from lotwise.collect.excel import read_excel
from lotwise.errors import InputError


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as workbook:
        workbook.add_worksheet("Notes").write_row(0, 0, ["nothing below"])
        sheet = workbook.add_worksheet("Orders")
        sheet.write_row(1, 0, ["Order", "When", "Units", "Gift"])  # the first row is empty
        sheet.write(2, 0, 1001)
        sheet.write_datetime(2, 1, datetime(2024, 3, 1, 9, 30))  # noqa: DTZ001  a cell has no zone
        sheet.write_row(2, 2, [2.5, True])
        sheet.write_row(4, 0, ["A-7"])  # after an empty row
    return path


def test_cells_become_text(book):
    """Whole numbers lose their point, dates are ISO, empty cells and rows are nothing."""
    text = read_excel(book, "orders.xlsx", None, sheet="Orders")
    assert text.table.to_pylist() == [
        {"Order": "1001", "When": "2024-03-01 09:30:00", "Units": "2.5", "Gift": "True", "source_row": 1},
        {"Order": "A-7", "When": None, "Units": None, "Gift": None, "source_row": 3},
    ]


def test_a_sheet_that_is_not_there_is_told(book):
    """The sheets there are stand in the message."""
    with pytest.raises(InputError, match=r"no sheet 'Order'; did you mean 'Orders'\?. It has: Notes, Orders"):
        read_excel(book, "orders.xlsx", None, sheet="Order")


def test_a_sheet_without_rows_is_refused(book):
    """The first sheet is read where none is named, and it must hold data."""
    with pytest.raises(InputError, match=r"orders.xlsx \(sheet 'Notes'\) holds no row of data"):
        read_excel(book, "orders.xlsx", None, sheet="")


def test_what_is_no_spreadsheet_is_refused(tmp_path):
    """Other bytes under the ending are told as such."""
    (tmp_path / "x.xlsx").write_bytes(b"not a zip at all, but long enough to be looked at")
    with pytest.raises(InputError, match=r"x.xlsx cannot be read as a spreadsheet"):
        read_excel(tmp_path / "x.xlsx", "x.xlsx", None, sheet="")
