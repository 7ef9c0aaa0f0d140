"""Tests of plan/rolling/execute.py: what a week's decision takes and costs, and what it may not do."""

from dataclasses import replace

import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.plan.rolling import Decision
from lotwise.plan.rolling.execute import execute, times_for
from tests.plan.rolling.conftest import build_network


def test_a_decision_takes_and_costs_what_it_says():
    """By hand: 10 white and 40 rye take 10 + 80 + 4 hours, 20 + 120 kg; at 80 regular hours 14 are overtime at 3."""
    done = execute(build_network(3, hours=80.0), Decision(np.array([[10.0], [40.0], [0.0]])))
    assert done.taken.tolist() == [0.0, 0.0, 140.0]
    assert done.overtime.tolist() == [14.0]
    assert (done.charges["setup"], done.charges["overtime"]) == (5.0, 42.0)
    assert done.given.tolist() == [0.0, 0.0, 0.0]  # bread comes a week later


def test_what_has_no_lead_time_is_there_at_once():
    """Bread without lead time is given in its week."""
    done = execute(build_network(3, lead=0), Decision(np.array([[10.0], [0.0], [0.0]])))
    assert done.given.tolist() == [10.0, 0.0, 0.0]


def test_a_planner_may_set_up_without_making():
    """Times that are given are kept, and cost."""
    done = execute(build_network(3), Decision(np.zeros((3, 1)), times=np.array([1.0, 0.0])))
    assert done.charges["setup"] == 5.0


def test_switches_are_on_as_few_times_as_levels_need():
    """With at most 50 units a time, 0, 50 and 51 units need 0, 1 and 2 times."""
    switches = replace(build_network(2).switches, largest=np.array([50.0, np.inf]))
    assert [times_for(switches, np.array([units, 0.0]))[0] for units in (0.0, 50.0, 51.0)] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("level", "message"),
    [
        ([0, 0, 30], r"order flour: on 1 times \(at most 1\) with 30 units; expected 50 to inf"),
        ([-1, 0, 0], "bake white: found -1; expected 0 to inf"),
        ([7, 0, 0], "bake white: found 7; expected a whole multiple of 5"),
        ([0, 0, np.nan], "buy flour: found nan"),
        ([0, 8, 0], r"set-up rye: on 1 times \(at most 1\) with 8 units; expected 0 to inf each time, in an open week"),
    ],
)
def test_what_breaks_a_limit_is_named(level, message):
    """Orders too small, negative levels, broken multiples, levels that are no numbers, weeks that are closed."""
    network = build_network(3, least=50.0)
    network.activities.multiple[0] = 5.0
    network.switches.open[0] = False
    with pytest.raises(InputError, match=message):
        execute(network, Decision(np.array(level, dtype=float)[:, None]))


def test_levels_of_another_shape_are_refused():
    """A row for each activity is expected."""
    with pytest.raises(InputError, match=r"found shape \(2, 1\); expected \(3, weeks\)"):
        execute(build_network(3), Decision(np.zeros((2, 1))))
