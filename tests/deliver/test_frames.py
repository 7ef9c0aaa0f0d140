"""Tests of tours for any stops and vehicles: by hand, against brute force, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lotwise.deliver import Rules, deliver
from lotwise.deliver.reading import read
from lotwise.deliver.routes import dearest
from lotwise.errors import ContractError, InputError, SettingsError
from tests.deliver.brute import best

pytest.importorskip("pyvrp")


def test_one_van_goes_out_and_back(stops, van, home):
    """Three stops on a line: 60 kilometers at 60 an hour, in one tour of nine units."""
    found = deliver(stops, van, home, day=date(2026, 11, 2))
    assert found.tours["orders"].to_pylist() in (["", "a", "b", "c", ""], ["", "c", "b", "a", ""], ["", "a", "c", "b", ""]) or (
        found.summary.kilometers == 60.0
    )
    assert found.tour_costs.to_pylist() == [
        {"day": date(2026, 11, 2), "tour": "van 1", "vehicle": "van", "stops": 3, "orders": 3, "units": 9.0, "capacity": 9.0,
         "kilometers": 60.0, "hours": 1.0, "cost": 60.0}
    ]  # fmt: skip
    assert found.undelivered.num_rows == 0


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, pa.table])
def test_any_frame_will_do(frame, stops, van, home):
    """Pandas, Polars and Arrow give the same tours."""
    assert deliver(frame(stops), frame(van), frame(home)).tours.equals(deliver(stops, van, home).tours)


def test_the_same_seed_gives_the_same_tours(van, home):
    """Same frames, iterations and seed, same bytes."""
    rng = np.random.default_rng(5)
    stops = {
        "order": [str(n) for n in range(30)],
        "x": rng.uniform(-20, 20, 30),
        "y": rng.uniform(-20, 20, 30),
        "units": [1] * 30,
    }
    one, other = (deliver(stops, van | {"count": [9]}, home, iterations=200, seed=3) for _ in range(2))
    assert one.tours.equals(other.tours)
    assert one.summary == other.summary


@pytest.mark.parametrize("seed", range(12))
def test_tours_cost_what_the_best_of_all_do(seed):
    """Two depots, two or three kinds, windows, prizes, releases and hours: the cost of brute force over six stops."""
    rng = np.random.default_rng([31, seed])
    count = 6
    opens = rng.integers(7 * 60, 12 * 60, count)
    stops = {
        "order": [f"o{n}" for n in range(count)],
        "x": rng.uniform(0, 40, count).round(1),
        "y": rng.uniform(0, 40, count).round(1),
        "units": rng.integers(1, 6, count).astype(float),
        "opens": opens,
        "closes": opens + rng.integers(60, 300, count),
        "service_minutes": rng.integers(0, 20, count),
        "release": rng.integers(5 * 60, 8 * 60, count),
        "prize": rng.uniform(20, 120, count).round(2),
    }
    vehicles = {
        "vehicle": ["van", "truck", "bike"],
        "depot": ["north", "south", "south"],
        "count": [2, 1, 1],
        "capacity": [6.0, 12.0, 3.0],
        "starts": ["06:00", "06:30", "07:00"],
        "ends": ["18:00", "17:00", "16:00"],
        "fixed_cost": [15.0, 32.5, 2.0],
        "kilometer_cost": [1.0, 1.35, 0.2],
        "hour_cost": [12.0, 18.0, 12.0],
        "speed": [45.0, 40.0, 15.0],
    }
    depots = {"depot": ["north", "south"], "x": [10.0, 25.0], "y": [35.0, 5.0], "service_minutes": [10.0, 0.0]}
    found = deliver(stops, vehicles, depots, iterations=600)
    # costs are rounded to a ten-thousandth inside the search
    assert found.summary.cost + found.summary.missed == pytest.approx(best(read(stops, vehicles, depots)), rel=2e-4)


def test_what_must_be_brought_and_finds_no_room_is_left_with_a_reason(stops, van, home):
    """One van of six units for two, three and four: two stops are brought, the third stays, and why is said."""
    found = deliver(stops, van | {"capacity": [6.0]}, home)
    # 2 + 3 or 2 + 4 fit; nothing else brings two
    assert found.summary.stops == 2
    assert found.undelivered["reason"].to_pylist() == ["the vehicles have no room or time left"]


@pytest.mark.parametrize("seed", range(4))
def test_where_room_lacks_as_much_is_brought_as_can_be(seed):
    """A van and a bike, six stops and room for half: no tours bring more for less, by brute force."""
    rng = np.random.default_rng([9, seed])
    stops = {
        "order": [str(stop) for stop in range(6)],
        "x": rng.uniform(0, 40, 6).round(1),
        "y": rng.uniform(0, 40, 6).round(1),
        "units": rng.integers(2, 6, 6).astype(float),
    }
    vehicles = {"vehicle": ["van", "bike"], "depot": ["home", "home"], "capacity": [7.0, 3.0], "kilometer_cost": [1.0, 0.2]}
    home = {"depot": ["home"], "x": [20.0], "y": [20.0]}
    found = deliver(stops, vehicles, home, iterations=500)
    problem = read(stops, vehicles, home)
    worth = np.ceil(2 * dearest(problem))
    asked = replace(problem, stops=replace(problem.stops, prize=np.full(6, worth)))
    assert found.summary.cost + worth * found.summary.left == pytest.approx(best(asked), rel=2e-4)


def test_a_second_trip_brings_what_one_cannot(stops, van, home):
    """With two trips the same van loads again: the depot stands within the tour, room counts twice."""
    found = deliver(stops, van | {"capacity": [6.0]}, home, rules=Rules(trips=2))
    assert found.undelivered.num_rows == 0
    assert found.tours["place"].to_pylist().count("home") == 3
    assert found.tour_costs["capacity"].to_pylist() == [12.0]


def test_a_prize_too_small_stays(stops, van, home):
    """A stop 30 kilometers out is worth 20 more kilometers for more than 20 of prize, not for less."""
    # without c the tour is 40 kilometers, with it 60
    for prize, left in ((19.0, ["c"]), (21.0, [])):
        found = deliver(stops | {"prize": [None, None, prize]}, van, home)
        assert found.undelivered["order"].to_pylist() == left
    assert deliver(stops | {"prize": [None, None, 19.0]}, van, home).summary.missed == 19.0


def test_nothing_leaves_before_it_is_released(stops, van, home):
    """The last release is 09:30: the only van loads then, for ten minutes, and is at the first stop at 09:50."""
    release = {"release": ["08:00", "09:30", None]}
    found = deliver(stops | release, van, home | {"service_minutes": [10.0]}, day=date(2026, 11, 2))
    assert found.tours["arrives"][0].as_py() >= datetime.fromisoformat("2026-11-02 09:30")
    assert found.tours["leaves"][0].as_py() >= datetime.fromisoformat("2026-11-02 09:40")


def test_a_matrix_takes_the_place_of_coordinates(van):
    """Kilometers and minutes as given, one way longer than the other; no coordinates are needed or shown."""
    ways = {
        "from": ["home", "a", "a", "b", "home", "b"],
        "to": ["a", "home", "b", "a", "b", "home"],
        "kilometers": [5.0, 50.0, 6.0, 70.0, 80.0, 7.0],
        "minutes": [10.0, 11.0, 12.0, 13.0, 14.0, 15.0],
    }
    found = deliver({"order": ["a", "b"]}, van, distances=ways)
    # home -> a -> b -> home: 5 + 6 + 7 kilometers, 10 + 12 + 15 minutes
    assert found.tours["orders"].to_pylist() == ["", "a", "b", ""]
    assert (found.summary.kilometers, round(found.summary.hours * 60, 6)) == (18.0, 37.0)
    assert found.tours["latitude"].null_count == 4


def test_degrees_are_kilometers_of_the_earth_by_road(van):
    """One degree north is 111.195 kilometers, 1.3 times that by road: twice 144.55."""
    found = deliver(
        {"order": ["a"], "latitude": [1.0], "longitude": [0.0]},
        van | {"latitude": [0.0], "longitude": [0.0], "ends": ["24:00"]},
    )
    assert found.summary.kilometers == pytest.approx(2 * 1.3 * 111.195, abs=0.01)
    plain = deliver(
        {"order": ["a"], "latitude": [1.0], "longitude": [0.0]},
        van | {"latitude": [0.0], "longitude": [0.0]},
        rules=Rules(road_factor=1.0),
    )
    assert plain.summary.kilometers == pytest.approx(2 * 111.195, abs=0.01)


def test_no_stop_is_no_tour(van, home):
    """Nothing to bring gives empty tables, not an error."""
    none = pa.schema([("order", pa.string()), ("x", pa.float64()), ("y", pa.float64())]).empty_table()
    found = deliver(none, van, home)
    assert (found.summary.tours, found.tours.num_rows) == (0, 0)


def test_stops_that_cannot_be_brought_are_all_named(stops, van, home):
    """Too large, and out of reach in time: every one with its row, by reason."""
    asked = stops | {"units": [10.0, 3.0, 11.0], "closes": [None, "00:10", None]}
    with pytest.raises(InputError) as refused:
        deliver(asked, van, home)
    assert "larger than every vehicle (9 units): a (row 1), c (row 3)" in str(refused.value)
    assert "be back in time: b (row 2)" in str(refused.value)


def test_a_stop_with_a_prize_that_cannot_be_brought_is_left_out(stops, van, home):
    """With a prize it is undelivered with the reason."""
    found = deliver(stops | {"units": [10.0, 3.0, 4.0], "prize": [5.0, None, None]}, van, home)
    assert found.undelivered["reason"].to_pylist() == ["it is larger than every vehicle"]


@pytest.mark.parametrize(
    ("effort", "said"),
    [({"seconds": 0}, "seconds = 0"), ({"iterations": 0}, "iterations = 0"), ({"seed": -1}, "seed = -1")],
)
def test_no_effort_is_refused(effort, said, stops, van, home):
    """Zero seconds, zero iterations, a seed below zero."""
    with pytest.raises(SettingsError, match=said):
        deliver(stops, van, home, **effort)


def test_every_fault_of_every_frame_is_in_one_message(stops, van, home):
    """Windows, coordinates, repeats, times, depots and columns: all in one list that names rows."""
    asked = stops | {
        "order": ["a", "b", "b"], "x": [None, 20.0, 30.0], "unit": [1, 1, 1],
        "opens": ["10:00", "9am", "08:00"], "closes": ["09:00", None, "12:00"],
    }  # fmt: skip
    with pytest.raises(ContractError) as refused:
        deliver(asked, van | {"depot": ["homme"], "count": [0]}, home)
    said = str(refused.value)
    for part in (
        "column 'unit' is unknown; did you mean 'units'?",
        "order stands more than once: b (row 2), b (row 3)",
        "coordinates are missing: a (row 1)",
        "opens is no time of day such as 08:30, or minutes after midnight: b (row 2)",
        "it closes before it opens: a (row 1)",
        "the depot is no place that is known; did you mean 'home'?: van (row 1)",
        "count is not a finite number of at least 1: van (row 1)",
    ):
        assert part in said


def test_a_matrix_with_holes_names_them(van):
    """Each pair without a number is named; a second number for a pair too."""
    ways = {"from": ["home", "a", "home"], "to": ["a", "b", "a"], "kilometers": [5.0, 6.0, 7.0]}
    with pytest.raises(ContractError) as refused:
        deliver({"order": ["a", "b"]}, van, distances=ways)
    assert "kilometers of 4 pairs are missing" in str(refused.value)
    assert "home -> b, a -> home, b -> home, b -> a" in str(refused.value)
    assert "a pair stands more than once: row 1, row 3" in str(refused.value)


def test_no_vehicle_is_refused(stops, home):
    """A frame of vehicles without a row says what is expected."""
    with pytest.raises(ContractError, match="vehicles: there is none"):
        deliver(stops, {"depot": pa.array([], pa.string())}, home)
