"""A plan over a plain network is the plan over machines; bounds are never too small."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from benchmarks.quality._plan_brute import best_switches, small
from benchmarks.quality._plan_cases import case
from lotwise.plan.lots import make as make_aggregated
from lotwise.plan.network.charges import NOT_PAID, shared_out
from lotwise.plan.network.fix import Search, relaxed_bounds
from lotwise.plan.network.follow import follow, worth
from lotwise.plan.network.made import make
from lotwise.plan.network.most import most_levels
from lotwise.plan.network.sale import View
from lotwise.plan.problem import Resources
from lotwise.plan.settle import expect
from tests.plan.network.plain import drawn, factory
from tests.plan.network.rules import breaches


def aggregated(problem, hours):
    """Return the same problem with one machine of which every unit takes an hour."""
    products, weeks = problem.shape
    one = Resources(
        ("M",),
        ("machine",),
        ("hours",),
        csr_array(np.ones((1, products))),
        np.full((1, weeks), hours),
        np.zeros(1),
        np.zeros(1),
    )
    return replace(problem, resources=one)


@pytest.mark.parametrize("seed", range(5))
def test_without_switches_it_is_the_plan_over_machines(seed):
    """Products on one machine, exact curves: both ways of planning earn the same to a ten-thousandth."""
    problem = drawn(seed, shelf=None)
    hours = 0.7 * float(problem.demand.mean(axis=0).sum(axis=0).mean())

    plan, _ = make(problem, factory(problem, hours=hours))

    assert plan.objective == pytest.approx(make_aggregated(aggregated(problem, hours)).objective, rel=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_goods_that_keep_and_are_lost_come_close_to_the_plan_over_machines(seed):
    """Without exact curves both search from the same guess: neither is more than half a percent behind."""
    problem = drawn(seed, shelf=99, waits=False)
    hours = 0.7 * float(problem.demand.mean(axis=0).sum(axis=0).mean())

    plan, _ = make(problem, factory(problem, hours=hours))

    assert plan.objective >= make_aggregated(aggregated(problem, hours)).objective * 0.995
    assert plan.bound >= plan.objective


def test_known_demand_is_planned_exactly():
    """Scenarios that are all the same are one: nothing is left to the bound."""
    problem = drawn(1, shelf=99, waits=False)
    problem = replace(problem, demand=np.repeat(problem.demand[:1], 7, axis=0))

    plan, _ = make(problem, factory(problem, hours=60.0))

    assert plan.bound == pytest.approx(plan.objective, abs=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_inequalities_cut_off_no_plan(seed):
    """The bound of the closer program is at least the best of all settings of the set-ups, and at most the plain one's."""
    problem, network = small(seed)
    search = Search(problem, network, 12, View())
    relaxed = search.solve(relaxed_bounds(problem, network))

    strong = search.solve_strong(relaxed_bounds(problem, network), relaxed)

    optimum = best_switches(problem, network)
    assert strong.solution.objective + strong.slack >= optimum * (1 - 1e-6)
    assert strong.solution.objective <= relaxed.solution.objective * (1 + 1e-6)


def test_a_larger_factory_keeps_its_rules_and_its_gap():
    """40 products over two levels, set-ups and smallest orders: no rule is broken and the bound is within 3 %."""
    problem, network = case(40, 6, 20, seed=3)

    plan, flow = make(problem, network)

    assert breaches(problem, network, plan, flow) == []
    assert plan.objective <= plan.bound <= plan.objective + 0.03 * abs(plan.objective)


def test_charges_are_shared_out_to_the_cent():
    """What products are charged adds up, week by week, to what the network costs above standard."""
    problem, network = case(25, 6, 10, seed=4)

    plan, flow = make(problem, network)

    paid = sum(money for cause, money in flow.charges.items() if cause not in NOT_PAID)
    assert shared_out(problem, plan.supply, flow.charges).sum(axis=0) == pytest.approx(paid)
    earned = expect(problem, plan.supply, charges=np.zeros(problem.shape)).profit.sum()
    assert plan.objective == pytest.approx(earned - paid.sum())


def test_the_measure_that_is_maximized_is_what_is_settled():
    """Where nothing is late and nothing changes, a solution's worth is its expected profit."""
    problem = drawn(2, shelf=None)
    network = factory(problem, hours=50.0)
    search = Search(problem, network, 12, View())
    found = search.solve(relaxed_bounds(problem, network))

    plan, _ = make(problem, network)

    assert worth(search, follow(search, found)) == pytest.approx(plan.objective, abs=1e-3)


def test_levels_need_never_be_more_than_all_that_depends_on_them():
    """With 12 hours a week no level reaches more than 12 units, whatever demand is."""
    problem = drawn(0, products=2, shelf=None)
    network = factory(problem, hours=12.0)

    most, reach = most_levels(problem, network)

    assert (reach <= 12.0 + 1e-9).all()
    assert (most >= reach).all()
    assert (most.sum(axis=1) > 0).all()


def test_the_same_problem_gives_the_same_plan():
    """Two plans of one problem are equal to the last bit."""
    problem, network = case(20, 5, 10, seed=5)

    (first, flow), (second, again) = make(problem, network), make(problem, network)

    assert np.array_equal(first.supply, second.supply)
    assert np.array_equal(flow.level, again.level)
    assert first.bound == second.bound
