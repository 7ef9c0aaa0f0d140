import pyarrow as pa
import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import load
from lotwise.report.words import Words
from lotwise.tables import TABLES


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return load.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_the_fullest_machine_comes_first(shown):
    """Machines come by their fullest week; one without hours that is set up all the same counts as full."""
    # M1: (80 x 1.15 + 2.25) / 80 = 118 %; M2 has 8 hours of shifts more: (138 + 2.25) / 128 = 110 %
    rows = shown()["machines"]
    assert [(row["name"].striptags(), str(row["most"])) for row in rows] == [
        ("Bakery line", "118\u00a0%"), ("Dairy line", "110\u00a0%"), ("Cannery", "100\u00a0%")
    ]  # fmt: skip
    assert all(row["is_full"] for row in rows)


def test_hours_of_all_weeks_are_added_up(shown):
    """M2 has four weeks of 8 hours of shifts, and four set-ups of 2.25 hours."""
    mine = shown()["machines"][1]
    assert (mine["shifts"].value, mine["setup"].value, mine["hours"].value) == (32.0, 9.0, 480.0)


def test_many_machines_stay_readable(shown, made_up):
    """Of 400 machines 30 are listed and 9 drawn."""
    rows = [row | {"machine": f"{row['machine']}-{k}"} for row in made_up["loads"].to_pylist() for k in range(134)]
    found = shown("zh", loads=pa.Table.from_pylist(rows, schema=TABLES["loads"].schema))
    assert (len(found["machines"]), len(found["charts"]), found["all"].value, found["is_cut"]) == (30, 9, 402, True)
