"""Decisions whose demand is known."""

import numpy as np
import pytest

from lotwise.gap.frames.long import read
from lotwise.gap.frames.settled import settled_decisions, steps

MARGINS = {"price": 10.0, "cost": 4.0, "salvage": 2.0}


def test_demand_is_scored_in_steps_of_its_size(long_frame):
    """Whole demand in units; demand around 45.2 in tenths, around .3 in thousandths, none at all in units."""
    y = np.array([[3.0, 40.0], [40.4, 50.0], [0.3, 0.3], [0.0, 0.0]])
    found = steps(read(long_frame(np.ones((4, 2, 23)), y)))
    assert found.tolist() == pytest.approx([1, 1, 0.1, 0.1, 0.001, 0.001, 1, 1])


def test_a_sharper_forecast_has_more_bits(long_frame):
    """Of quantiles around what came, half as wide is one bit more: the chance of one unit doubles.

    But for the one part in a hundred that every forecast shares, worth about .01 bits here.
    """
    level = np.linspace(-1, 1, 23)
    wide, sharp = (np.broadcast_to(1000 + width * level, (4, 4, 23)) for width in (200, 100))
    rows = read(long_frame(wide, np.full((4, 4), 1000.0)))
    settled = settled_decisions(rows, MARGINS, base=None, history=None, capacity=None, uses=None)
    other = read(long_frame(sharp, np.full((4, 4), 1000.0)))
    assert settled.bits(other.demand) - settled.bits(rows.demand) == pytest.approx(np.ones(16), abs=0.02)


def test_a_row_the_base_lacks_is_left_out(long_frame):
    """Rows without demand, and rows the base has nothing for, are not settled, and the notes count them."""
    y = np.ones((2, 3))
    y[0, 0] = np.nan
    frame = long_frame(np.ones((2, 3, 23)), y)
    found = settled_decisions(read(frame), MARGINS, base=frame.slice(0, 4), history=None, capacity=None, uses=None)
    assert len(found.rows.y) == 3
    assert found.notes[1:] == ("1 rows are not settled: y is not known", "2 rows are left out: the base has nothing for them")
