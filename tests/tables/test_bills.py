from datetime import date

import pyarrow as pa
import pytest

from lotwise.tables import contract
from lotwise.tables.bills import in_force


def bill(*rows):
    """Return the table bom from rows that hold what differs from a plain line of a coat."""
    plain = {"item": "coat", "option": "always", "value": "always", "version": "always", "quantity": 1.0}
    return pa.Table.from_pylist([plain | row for row in rows], schema=contract("bom").schema)


def found(bom, day=None):
    """Return (component, quantity) of the lines that count."""
    kept = in_force(bom, day)
    return list(zip(kept["component"].to_pylist(), kept["quantity"].to_pylist(), strict=True))


def test_a_plain_bill_stays_as_it_is():
    """Without dates, alternates and losses nothing changes, whatever columns are absent."""
    bom = bill({"component": "cloth", "quantity": 3.0}, {"component": "zip"})
    assert in_force(bom, date(2024, 1, 1)).equals(bom)
    few = bom.select(["item", "component", "quantity"])
    assert in_force(few) is few


@pytest.mark.parametrize(
    ("day", "component"), [(date(2024, 5, 31), "zip"), (date(2024, 6, 1), "button"), (date(2024, 6, 30), "button")]
)
def test_a_line_holds_from_its_first_to_its_last_day(day, component):
    """The zip ends on the last of May; the button starts on the first of June and ends with that month."""
    zips = {"component": "zip", "ends": date(2024, 5, 31)}
    bom = bill(zips, {"component": "button", "version": "2", "starts": date(2024, 6, 1), "ends": date(2024, 6, 30)})
    assert found(bom, day) == [(component, 1.0)]
    assert found(bom, date(2024, 7, 1)) == []
    assert len(found(bom)) == 2


def test_the_first_of_lines_that_stand_in_for_each_other_counts():
    """The first by version, then by component, that holds on the day; lines of another condition are not its alternates."""
    silk = {"component": "silk", "alternate": "lining", "version": "1", "ends": date(2024, 5, 31)}
    nylon, viscose = ({"component": name, "alternate": "lining", "version": "2"} for name in ("nylon", "viscose"))
    warm = {"component": "wool", "alternate": "lining", "version": "3", "option": "lining", "value": "warm"}
    bom = bill({"component": "cloth"}, viscose, nylon, silk, warm)
    assert [name for name, _ in found(bom, date(2024, 5, 1))] == ["cloth", "silk", "wool"]
    assert [name for name, _ in found(bom, date(2024, 6, 1))] == ["cloth", "nylon", "wool"]


def test_what_is_lost_on_the_way_in_is_used_too():
    """Of 4 units of which a fifth is lost, 5 are taken."""
    assert found(bill({"component": "cloth", "quantity": 4.0, "scrap": 0.2})) == [("cloth", 5.0)]
