"""The schedule as lists, written and read again."""

import json

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import csv

from lotwise.errors import InputError, MissingTableError
from lotwise.export import dispatch, schedule, write
from lotwise.export.dispatch import DISPATCH
from tests.report.schedules import made_schedule


@pytest.fixture(scope="module")
def tables():
    return made_schedule()


def test_a_dispatch_list_is_in_the_sequence_of_each_machine(tables):
    """Machines come by name, and the jobs of each by their place, from 1 on."""
    table = dispatch(tables)
    for machine in set(table["machine"].to_pylist()):
        mine = table.filter(pc.equal(table["machine"], machine))
        assert mine["place"].to_pylist() == list(range(1, mine.num_rows + 1))
        assert mine["start"].to_pylist() == sorted(mine["start"].to_pylist())


def test_a_dispatch_list_comes_back_from_its_file(tables, tmp_path):
    """What is written as CSV is what is read, times, empty cells and numbers included."""
    table = dispatch(tables)
    file = write(table, tmp_path / "dispatch.csv", name="dispatch")
    options = csv.ConvertOptions(column_types=table.schema, strings_can_be_null=True, null_values=[""])
    assert csv.read_csv(file, convert_options=options).equals(table.combine_chunks())


def test_json_and_excel_hold_times(tables, tmp_path):
    """Times keep their clock: ISO in JSON, a time with its format in Excel."""
    first = schedule(tables).to_pylist()[0]
    rows = json.loads(write(schedule(tables), tmp_path / "s.json", name="schedule").read_text(encoding="utf-8"))["rows"]
    assert rows[0]["starts"] == first["starts"].isoformat()
    calamine = pytest.importorskip("python_calamine")
    book = calamine.CalamineWorkbook.from_path(write(schedule(tables), tmp_path / "s.xlsx", name="schedule"))
    head, row, *_ = book.get_sheet_by_name("schedule").to_python()
    shown = dict(zip(head, row, strict=True))
    assert (shown["starts"], shown["changed"]) == (first["starts"], first["changed"])


def test_one_machine_or_one_group(tables):
    """A machine gives its jobs, a group those of all its machines; lots are in order in a schedule."""
    assert set(dispatch(tables, machine="sewing 1")["machine"].to_pylist()) == {"sewing 1"}
    assert set(dispatch(tables, machine="sewing")["machine"].to_pylist()) == {"sewing 1", "sewing 2", "sewing 3"}
    keys = [(row["lot"], row["part"], row["step"]) for row in schedule(tables).to_pylist()]
    assert keys == sorted(keys)
    assert schedule(tables).num_rows == tables["jobs"].num_rows == dispatch(tables).num_rows


def test_what_is_not_there_is_refused(tables):
    """An unknown machine is named with the closest one, a missing schedule with the command that makes it."""
    with pytest.raises(InputError, match="did you mean 'cutting 1'"):
        dispatch(tables, machine="cuting 1")
    with pytest.raises(MissingTableError, match="lotwise schedule"):
        schedule({"lots": pa.table({})})


def test_columns_are_those_documented(tables):
    """The columns of a dispatch list are a promise."""
    assert dispatch(tables).column_names == list(DISPATCH)
