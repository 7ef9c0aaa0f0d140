"""Tests of the whole numbers a search works in."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.deliver.problem import LATEST
from lotwise.deliver.reading import read
from lotwise.deliver.units import NEVER, scale


def units(van, home, **vehicle):
    """Return the units of one stop ten kilometers away."""
    stops = {"order": ["a"], "x": [10.0], "y": [0.0], "opens": ["08:00"]}
    return scale(read(stops, van | vehicle, home), np.array([np.nan]))


def test_a_plane_of_whole_kilometers_is_as_coarse_as_it_can_be(van, home):
    """Ten kilometers in ten minutes at 1 a kilometer: distances count in 10 kilometers, times in ten minutes, money in ones."""
    found = units(van, home)
    assert (found.meters, found.ticks, found.money) == (10_000, 10_000, 1)


@pytest.mark.parametrize(("kilometer", "hour"), [(0.35, 0.0), (1.0, 30.0), (1.8, 45.0), (0.123, 7.77), (0.0, 0.0)])
def test_costs_are_whole_to_within_a_ten_thousandth(van, home, kilometer, hour):
    """A unit of distance and of time costs a whole number of units of money, as nearly as promised."""
    found = units(van, home, kilometer_cost=[kilometer], hour_cost=[hour])
    for cost in (kilometer * found.meters / 1000 * found.money, hour * found.ticks / 60_000 * found.money):
        assert abs(cost - round(cost)) <= 1e-4 * cost + 1e-12


def test_fixed_costs_and_prizes_are_kept(van, home):
    """12.5 a tour needs tenths at least."""
    assert (units(van, home, fixed_cost=[12.5]).money * 12.5).is_integer()


def test_a_time_that_never_comes_is_no_limit(van, home):
    """The last tick of all is the search's own."""
    found = units(van, home)
    assert (found.time(LATEST), found.time(480_000)) == (NEVER, 48)
