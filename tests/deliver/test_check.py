"""Tests of the independent check: it finds every way in which tours can be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest

from lotwise.deliver.check import check, wrong
from lotwise.deliver.effort import Effort
from lotwise.deliver.frames import SOME_DAY
from lotwise.deliver.reading import read
from lotwise.deliver.routes import Found, Tour, solve
from lotwise.deliver.tours import tables
from lotwise.errors import LotwiseError


@pytest.fixture
def problem(stops, van, home):
    """Return three stops with windows, and two vans of six units from eight to noon."""
    asked = stops | {
        "opens": ["08:00", "08:00", "09:00"],
        "closes": ["10:00", "10:00", "10:00"],
        "release": ["08:00", None, None],
    }
    return read(asked, van | {"capacity": [6.0], "count": [2], "starts": ["08:00"], "ends": ["12:00"]}, home)


@pytest.fixture
def made(problem):
    """Return two tours that keep all rules."""
    tours = (Tour(0, 8 * 60_000, ((0, 2),)), Tour(0, 8 * 60_000, ((1,),)))
    return tables(problem, Found(tours, {}, 1), SOME_DAY)


def changed(table, row, **values):
    """Return a table with other values in one row."""
    rows = table.to_pylist()
    rows[row] |= values
    return pa.Table.from_pylist(rows, schema=table.schema)


def test_tours_by_hand_keep_every_rule(problem, made):
    """Home 08:00, a 08:10, c 08:30 waits to 09:00, home 09:30; b 08:20, home 08:40."""
    assert wrong(problem, made, SOME_DAY) == []
    assert [f"{when:%H:%M}" for when in made.tours["arrives"].to_pylist()] == [
        "08:00", "08:10", "08:30", "09:30", "08:00", "08:20", "08:40",
    ]  # fmt: skip
    assert made.tours["waits"].to_pylist() == [0, 0, 30, 0, 0, 0, 0]


def test_what_the_search_finds_keeps_every_rule(problem):
    """Tours of the search pass."""
    pytest.importorskip("pyvrp")
    assert wrong(problem, tables(problem, solve(problem, Effort(100)), SOME_DAY), SOME_DAY) == []


@pytest.mark.parametrize(
    ("row", "values", "said"),
    [
        (1, {"orders": "b", "units": 3.0, "place": "b"}, "on no tour and not undelivered"),
        (1, {"units": 1.0}, "are not asked for, or on two tours"),
        (1, {"kilometers": 11.0}, "11 kilometers, expected 10"),
        (1, {"stop": 7}, "stops are numbered"),
        (1, {"waits": 1.0}, "minutes off its service"),
        (2, {"waits": 0.0}, "outside its hours"),
        (0, {"vehicle": "truck"}, "is not one of the problem's"),
        (0, {"day": SOME_DAY + timedelta(days=1)}, "expected 2000-01-03"),
        (3, {"place": "a"}, "'' at a are not asked for"),
        (3, {"orders": "b", "place": "b", "units": 3.0}, "it starts at home and ends at b"),
    ],
)
def test_a_wrong_stop_is_found(problem, made, row, values, said):
    """Whatever is changed in a row of tours breaks a rule."""
    found = wrong(problem, replace(made, tours=changed(made.tours, row, **values)), SOME_DAY)
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize("name", ["stops", "orders", "units", "kilometers", "hours", "cost"])
def test_a_wrong_cost_is_found(problem, made, name):
    """Whatever is changed in the costs of a tour breaks a rule, and the summary with it."""
    value = made.tour_costs[name][0].as_py() + 1
    found = wrong(problem, replace(made, tour_costs=changed(made.tour_costs, 0, **{name: value})), SOME_DAY)
    assert any(f"{name} {value:g}, expected" in fault for fault in found)


def test_arriving_earlier_than_the_way_takes_is_found(problem, made):
    """A clock set back one minute does not add up with the way."""
    when = made.tours["arrives"][1].as_py() - timedelta(minutes=1)
    found = wrong(problem, replace(made, tours=changed(made.tours, 1, arrives=when)), SOME_DAY)
    assert any("arrives -1 minutes off the way" in fault for fault in found)


@pytest.mark.parametrize(
    ("tours", "said"),
    [
        ((Tour(0, 480_000, ((0, 1, 2),)),), "9 units on one trip, the vehicle takes 6"),
        ((Tour(0, 480_000, ((0,), (1,))), Tour(0, 480_000, ((2,),))), "2 trips, at most 1 are allowed"),
        (tuple(Tour(0, 480_000, ((stop,),)) for stop in range(3)), "3 tours of van, there are 2"),
        ((Tour(0, 470_000, ((1, 2),)), Tour(0, 480_000, ((0,),))), "outside the hours of vehicle or depot"),
        ((Tour(0, 600_000, ((1, 2),)), Tour(0, 480_000, ((0,),))), "outside its hours"),
        ((Tour(0, 480_000, ((0, 1),)),), "order c to c: on no tour and not undelivered"),
    ],
)
def test_wrong_tours_are_found(problem, tours, said):
    """Room, trips, vehicles, hours, windows and stops that are forgotten."""
    found = wrong(problem, tables(problem, Found(tours, {}, 1), SOME_DAY), SOME_DAY)
    assert any(said in fault for fault in found), found


def test_the_summary_and_what_is_left_must_agree(problem, made):
    """A stop on a tour and undelivered, and prizes that were not missed."""
    made = tables(problem, Found((Tour(0, 480_000, ((0, 2),)),), {1: ""}, 1), SOME_DAY)
    assert wrong(problem, made, SOME_DAY) == ["order b: undelivered without a reason"]
    found = wrong(problem, replace(made, summary=replace(made.summary, missed=4.0)), SOME_DAY)
    assert any("missed 4, expected 0" in fault for fault in found)


def test_wrong_tours_are_not_published(problem, made):
    """``check`` raises with every fault, and gives back what is right."""
    assert check(problem, made, SOME_DAY) is made
    with pytest.raises(LotwiseError, match="not published"):
        check(problem, replace(made, tours=changed(made.tours, 1, kilometers=1.0)), SOME_DAY)
