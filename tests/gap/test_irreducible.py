"""What was not known in time, split into what could be known and chance."""

import numpy as np
import pytest

from lotwise.gap import settle
from lotwise.gap.irreducible import unknown

PROFITS = {"ideal": [[60.0, 50.0]], "perfect": [[50.0, 40.0]], "now": [[30.0, 20.0]]}
NOTHING = np.zeros((1, 2))


def split(build, profits, left=NOTHING):
    """Return line -> (cells, formula)."""
    return {line.name: (line.cells.tolist(), line.formula) for line in unknown(settle(build.money(profits)), left=left)}


def test_foresight_splits_the_unknown(build):
    """Of 20 and 20, foresight would have closed 6 and -1: the rest, 14 and 21, is chance."""
    found = split(build, PROFITS | {"foresight": [[36.0, 19.0]]})
    assert found == {
        "not known in time": ([[6, -1]], "V(foresight) - V(now)"),
        "chance: the irreducible part": ([[14, 21]], "V(perfect) - V(foresight)"),
    }


@pytest.mark.parametrize("foresight", [[[30.0, 20.0]], [[36.0, 13.0]]])
def test_foresight_that_earns_no_more_leaves_chance_only(build, foresight):
    """Where the facts of the target weeks would not have helped, all of it is chance by this model."""
    assert split(build, PROFITS | {"foresight": foresight}) == {
        "chance: the irreducible part": ([[20, 20]], "V(perfect) - V(now)")
    }


def test_without_foresight_nothing_is_split(build):
    """One line, as long as nobody asked what the facts of the target weeks are worth."""
    assert list(split(build, PROFITS)) == ["not known in time"]


def test_what_solving_left_is_taken_off_once(build):
    """2 in each week are booked under undone: they leave the part that could be known, and the formula says so."""
    found = split(build, PROFITS | {"foresight": [[36.0, 29.0]]}, left=NOTHING + 2)
    assert found["not known in time"] == ([[4, 7]], "V(foresight) - V(now) - L(solver's own gap)")
    assert found["chance: the irreducible part"][0] == [[14, 11]]
