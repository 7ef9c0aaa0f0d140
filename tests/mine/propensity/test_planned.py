from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.propensity.planned import EMPTY, Planned, Plans


def planned(notice=0):
    """Two customers; item 0 of the category foreseen is promoted from day 14 on, item 1 in a campaign on days 20-30."""
    plans = Plans(
        3, np.array([0, 0]), np.array([14, 21]), np.array([0.5, 0.5]), notice, np.array([1]), np.array([20]), np.array([30])
    )
    lines = np.array([0, 0, 1]), np.array([0, 2, 1]), np.array([9, 9, 9])
    return Planned(plans, 2, ("bread",), *lines, np.array([0, -1, 0]))


def test_habits_meet_plans():
    """The first customer's bread is promoted in two of two weeks at .5, the second's is in a campaign; all: half of two."""
    found = planned().meets(14, 14)
    promoted, campaigned = found["bread"]
    assert promoted == pytest.approx([0.5, 0.0])
    assert campaigned == pytest.approx([0.0, 1.0])
    assert found[""][0] == pytest.approx([0.25, 0.0])


def test_only_what_was_announced_is_known():
    """With one week of notice the second week's promotion is not known: half as much."""
    assert planned(notice=1).meets(14, 14)["bread"][0] == pytest.approx([0.25, 0.0])


def test_lines_of_the_day_or_later_are_no_habit():
    """As of the day of the first line nobody has a habit that a plan could meet."""
    for promoted, campaigned in planned().meets(9, 14).values():
        assert not promoted.any()
        assert not campaigned.any()


def test_without_plans_there_is_nothing_to_meet():
    """A plan without rows says so."""
    assert not Plans(3, EMPTY, EMPTY, EMPTY.astype(float), 0, EMPTY, EMPTY, EMPTY).any
