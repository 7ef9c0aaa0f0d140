"""What the report shows of tours."""

from math import hypot

import pytest

from lotwise.config import build
from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import tours
from lotwise.report.words import Words
from tests.report.schedules import made_tours


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", settings=settings, **changed):
        return tours.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_each_tour_has_its_stops(shown):
    """Two tours of four places each: six stops with the depot at both ends; one without a capacity has no share."""
    found = shown()
    assert [len(row["way"]) for row in found["rows"]] == [6, 6]
    assert (found["all"].value, found["orders"].value) == (2, 16)
    # 24 units of 40
    assert [str(row["full"]) for row in found["rows"]] == ["60\u00a0%", "–"]


def test_the_drawing_keeps_distances(made_up):
    """Places are as far apart in the drawing as on the globe: 0.1 degrees north are 11.12 km, east 9.51 km at 31.2 degrees."""
    rows = [row for row in made_up["tours"].to_pylist() if row["tour"] == "van 1"]
    first, second = tours.on_plane(
        [row | {"latitude": 31.2 + a, "longitude": 121.4 + b} for row, a, b in zip(rows[:2], (0, 0.1), (0, 0.1), strict=True)],
        [row | {"latitude": 31.2, "longitude": 121.4} for row in rows],
        flat=False,
    )
    # 111.195 x cos(31.2 degrees) = 95.11
    assert (second[0] - first[0], second[1] - first[1]) == pytest.approx((9.511, 11.12), abs=0.005)


def test_a_plane_of_the_user_s_own_is_drawn_as_it_is(shown, made_up):
    """Where places lie on a plane, x and y are longitude and latitude as given."""
    stops = shown(settings=build({"deliver": {"plane": True}}))["charts"]["tours"].spec["data"]["values"]
    given = made_up["tours"].to_pylist()
    assert [(stop["x"], stop["y"]) for stop in stops] == [(row["longitude"], row["latitude"]) for row in given]


def test_of_many_tours_the_first_are_drawn(shown):
    """Of 40 tours 8 are drawn, each in a color of its own, and 30 are listed; depots are the ends of each."""
    found = shown(**made_tours(40))
    spec = found["charts"]["tours"].spec
    stops = spec["data"]["values"]
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    assert (len({stop["tour"] for stop in stops}), len(set(scale["range"])), len(found["rows"])) == (8, 8, 30)
    assert sum(stop["depot"] for stop in stops) == 16
    assert all(hypot(stop["x"], stop["y"]) < 100 for stop in stops)


def test_without_tours_the_section_says_what_they_need(shown):
    """A project without places and vehicles misses nothing, and is told what tours are made from."""
    found = shown(tours=None, tour_costs=None, undelivered=None)
    assert (found["missing"], found["is_made"], found["charts"]) == ([], False, {})
