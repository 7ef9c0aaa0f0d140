"""Tests of the stage: tours of several days, what waits for room, and what is missing."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from lotwise import config
from lotwise.deliver import days, run
from lotwise.errors import ContractError
from lotwise.stage import Inputs
from lotwise.tables import contract
from tests.deliver.test_ready import at, line, rows, sale

MONDAY = date(2026, 11, 2)
PLACES = (
    {"place": "works", "latitude": 0.0, "longitude": 0.0},
    {"place": "N1", "latitude": 10.0, "longitude": 0.0, "opens": "08:00", "closes": "12:00", "service_minutes": 5.0},
    {"place": "far", "latitude": 4000.0, "longitude": 0.0},
)
VAN = {"vehicle": "van", "depot": "works", "count": 1, "capacity": 4.0}
SETTINGS = {"project": {"today": MONDAY}, "deliver": {"plane": True, "iterations": 50, "days": 2}}


@pytest.fixture
def tables():
    """Return four orders of two units from stock, three of them for a shop, and a van of four units."""
    numbers = ("1", "2", "3", "4")
    peg = {"item": "coat", "site": "all", "week": MONDAY, "units": 2.0}
    where = {"4": {"location": "moon", "region": "moon"}}
    due = {"3": {"due": MONDAY}}
    return {
        "places": rows("places", *PLACES),
        "vehicles": rows("vehicles", VAN),
        "deliveries": rows("deliveries", *map(line, numbers)),
        "orders": rows("orders", *(sale(number, **where.get(number, {}), **due.get(number, {})) for number in numbers)),
        "pegging": rows("pegging", *({"demand": f"order {number}/1", "supply": "stock coat", **peg} for number in numbers)),
    }


def ran(tables, said=None, **settings):
    """Return what the stage gives."""
    told = config.build({**SETTINGS, **settings})
    say = (lambda message, _: said.append(message)) if said is not None else (lambda *_: None)
    given = run(Inputs(told, None, Path(), load=tables.__getitem__, present=frozenset(tables), progress=say))
    return {name: contract(name).check(table) for name, table in given.items()}


def brought(given):
    """Return order -> day."""
    return {order: row["day"] for row in given["tours"].to_pylist() for order in filter(None, row["orders"].split(", "))}


def test_what_finds_no_room_today_goes_tomorrow(tables):
    """Three orders of two units for a van of four: the one that is due goes first, one waits for Tuesday, one has no place."""
    pytest.importorskip("pyvrp")
    given = ran(tables)
    found = brought(given)
    assert found["3"] == MONDAY
    assert sorted(found.values()) == [MONDAY, MONDAY, date(2026, 11, 3)]
    assert given["undelivered"].select(["order", "reason"]).to_pylist() == [{"order": "4", "reason": days.NOWHERE}]
    # there and back is 20 kilometers
    assert given["tour_costs"]["kilometers"].to_pylist() == [20.0, 20.0]


def test_what_never_finds_room_is_left_with_a_reason(tables):
    """In one day one of the three stays, and the table says why and how often it was tried."""
    pytest.importorskip("pyvrp")
    given = ran(tables, deliver={**SETTINGS["deliver"], "days": 1})
    left = {row["order"]: row["reason"] for row in given["undelivered"].to_pylist()}
    assert len(left) == 2
    assert "the vehicles have no room or time left; days tried: 1" in left.values()


def test_an_order_out_of_reach_stays_with_its_reason(tables):
    """4,000 kilometers there and back do not fit a day; the others are brought nevertheless."""
    pytest.importorskip("pyvrp")
    tables["orders"] = rows("orders", sale("1", location="far"), sale("2"), sale("3"), sale("4"))
    given = ran(tables)
    assert sorted(brought(given)) == ["2", "3", "4"]
    assert given["undelivered"]["reason"].to_pylist()[0].startswith("no vehicle that could take it can be there")


def test_an_order_larger_than_the_van_comes_in_parts(tables):
    """Nine units with a van of four and three trips a day: 4, 4 and 1 in one tour."""
    pytest.importorskip("pyvrp")
    tables["deliveries"] = rows("deliveries", line("1", units=9.0))
    given = ran(tables, deliver={**SETTINGS["deliver"], "trips": 3})
    assert sorted(row["units"] for row in given["tours"].to_pylist() if row["orders"]) == [1.0, 4.0, 4.0]
    assert given["undelivered"].num_rows == 0
    assert given["tour_costs"]["orders"].to_pylist() == [1]


def test_vehicles_drive_on_working_days_only(tables):
    """From a Saturday on, the first two days are Monday and Tuesday."""
    pytest.importorskip("pyvrp")
    given = ran(tables, project={"today": date(2026, 10, 31)})
    assert set(brought(given).values()) == {MONDAY, date(2026, 11, 3)}


def test_tours_start_with_the_schedule(tables):
    """The first day is that of the schedule, not today."""
    pytest.importorskip("pyvrp")
    schedule = dict.fromkeys(contract("schedules").names) | {"starts": at("2026-11-04 06:00")}
    tables["schedules"] = pa.Table.from_pylist([schedule], schema=contract("schedules").schema)
    assert min(brought(ran(tables)).values()) == date(2026, 11, 4)


@pytest.mark.parametrize("name", ["places", "vehicles", "deliveries"])
def test_without_places_or_vehicles_there_are_no_tours(tables, name):
    """Three empty tables, and a sentence that names what is missing."""
    for empty in ({**tables, name: contract(name).empty()}, {key: table for key, table in tables.items() if key != name}):
        said = []
        assert [table.num_rows for table in ran(empty, said).values()] == [0, 0, 0]
        assert f"nothing in {name} (" in said[0]


def test_without_pyvrp_there_are_no_tours(tables, monkeypatch):
    """Three empty tables, and the command that installs it."""
    said = []
    monkeypatch.setitem(sys.modules, "pyvrp", None)
    assert [table.num_rows for table in ran(tables, said).values()] == [0, 0, 0]
    assert "pip install 'lotwise[routes]'" in said[0]


def test_wrong_vehicles_are_named(tables):
    """A depot that is no place stops the stage with its row."""
    pytest.importorskip("pyvrp")
    tables["vehicles"] = rows("vehicles", {**VAN, "depot": "work"})
    with pytest.raises(ContractError, match=r"the depot is no place that is known: van \(row 1\)"):
        ran(tables)


def test_the_same_tables_give_the_same_tours(tables):
    """Two runs give equal tables."""
    pytest.importorskip("pyvrp")
    one, other = ran(tables), ran(tables)
    assert all(one[name].equals(other[name]) for name in one)
