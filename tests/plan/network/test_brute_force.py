"""Small factories are planned as well as by trying everything."""

import numpy as np
import pytest

from benchmarks.quality._plan_brute import best_lots, best_switches, newsvendor, small, whole_lots
from benchmarks.quality._plan_program import solve, write
from benchmarks.quality._plan_value import value
from lotwise.plan.inventory.newsvendor import normal
from lotwise.plan.network.made import Options, make
from tests.plan.network.rules import breaches

SAME = 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_set_ups_and_orders_are_the_best_of_all_settings(seed):
    """With a few set-ups and orders the plan earns what the best of all their settings earns, and no bound is below that."""
    problem, network = small(seed)

    plan, flow = make(problem, network, Options(gap=0.0))

    optimum = best_switches(problem, network)
    assert value(problem, network, flow.level, flow.times) == pytest.approx(optimum, rel=SAME)
    assert plan.bound >= optimum * (1 - SAME)
    assert breaches(problem, network, plan, flow) == []


@pytest.mark.parametrize("seed", range(3))
def test_whole_lots_are_the_best_of_all_numbers_of_lots(seed):
    """With whole lots the plan earns what the best of all numbers of lots earns."""
    problem, network = whole_lots(seed)

    plan, flow = make(problem, network, Options(gap=0.0))

    assert value(problem, network, flow.level, flow.times) == pytest.approx(best_lots(problem, network), rel=SAME)
    assert breaches(problem, network, plan, flow) == []


def test_newsvendor_is_a_plan_of_one_week():
    """One product, one week, N(120, 10), 2 over and 18 short: 132.8155 units cost 35.0997, within what 10,000 shares allow."""
    problem, network = newsvendor(10_000)

    plan, _ = make(problem, network, Options(breakpoints=10_000))

    closed = normal(120.0, 10.0, 2.0, 18.0)
    assert plan.supply[0, 0] == pytest.approx(132.8155, abs=0.01)
    assert 18 * 120 - plan.objective == pytest.approx(35.0997, abs=0.005)  # profit is 18 a unit of mean demand less the cost
    assert (np.round(closed.quantity, 4), np.round(closed.cost, 4)) == (132.8155, 35.0997)


def test_the_two_exact_programs_and_the_judge_agree():
    """Pieces between scenarios, one stock a scenario, and the judge's own arithmetic give the same money."""
    problem, network = small(7)

    (values, pieces, _), (_, scenarios, _) = (solve(write(problem, network, form)) for form in ("curves", "scenarios"))

    assert pieces == pytest.approx(scenarios, rel=1e-9)
    assert value(problem, network, values["level"], np.rint(values["times"])) == pytest.approx(pieces, rel=1e-9)
