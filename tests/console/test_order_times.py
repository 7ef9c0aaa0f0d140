"""When an order is made, what it waited for and what would help."""

import pyarrow as pa
import pytest

from lotwise.console import order_times
from lotwise.tables import TABLES
from tests.report.schedules import made_schedule


def pegged(demand, supply):
    return {"demand": demand, "supply": supply, "item": "P1", "site": "all", "week": None, "units": 1.0}


@pytest.fixture(scope="module")
def tables():
    """A schedule in which order O5/1 comes from lot A6, which is made of lot A3, which is made of A6 by mistake."""
    made = made_schedule()
    week = made["order_ends"]["due"][0].as_py()
    rows = [pegged("order O5/1", "A6"), pegged("A6", "A3"), pegged("A3", "A6"), pegged("order O51/1", "A9")]
    pegging = pa.Table.from_pylist([row | {"week": week} for row in rows], schema=TABLES["pegging"].schema)
    return made | {"pegging": pegging}


def test_an_order_is_told_by_its_lots(tables):
    """Number or number and line give the days late, then each lot it is made of with machines, times, reason and remedy."""
    said = order_times(tables, "O5/1")
    assert said == order_times(tables, "O5")
    job = next(row for row in tables["jobs"].to_pylist() if (row["lot"], row["step"]) == ("A6", 1))
    assert said[0].startswith("The schedule has O5/1 ready at 2018-01-0")
    assert said[1].startswith(f"Lot A6, {job['units']:g} of {job['item']}: {job['machine']} {job['starts']:%Y-%m-%d %H:%M} to")
    assert [line for line in said if line.startswith("Lot ")][1].startswith("Lot A3,")
    assert any("It waited longest for machine sewing 1: 5.0 hours." in line for line in said)
    assert any(line.startswith("  Working the overtime of sewing 1") for line in said)
    assert not any("A9" in line for line in said)


def test_a_lot_in_time_says_so(tables):
    """A lot that is not late has when it is due and when it ends."""
    said = order_times(tables, "A3")
    assert any(line.endswith(": in time.") for line in said)
    assert any("at no day" in line for line in order_times(tables, "A1"))


def test_what_the_schedule_does_not_hold_gets_no_answer(tables):
    """Other names, and projects without a schedule, get no line."""
    assert order_times(tables, "nothing") == []
    assert order_times({}, "O5") == []
