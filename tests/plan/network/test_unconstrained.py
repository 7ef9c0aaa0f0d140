"""What demand asks for, whatever limits there are."""

from dataclasses import replace

import numpy as np
import pytest

from lotwise.plan import make as make_aggregated
from lotwise.plan.network.made import Options, make
from lotwise.plan.network.unconstrained import times_of, unlimited
from tests.plan.network.plain import drawn, factory

FREE = Options(mode="unconstrained")


@pytest.mark.parametrize("many", [{}, {"setup": 8.0}, {"lot": 7.0}])
def test_supply_is_what_demand_asks_for(many):
    """Hours, set-ups and lots make no difference to what is made: it is the plan without limits."""
    problem = drawn(4, shelf=None)

    plan, _ = make(problem, factory(problem, hours=5.0, **many), FREE)

    assert plan.supply == pytest.approx(make_aggregated(problem).supply, abs=1.0)
    assert float(plan.supply.sum()) == pytest.approx(float(make_aggregated(problem).supply.sum()), rel=0.02)


def test_the_flow_says_the_hours_it_takes():
    """Hours used are those of all units and of one set-up for each product that is made, more than the machine has."""
    problem = drawn(4)
    network = factory(problem, hours=5.0, setup=8.0)

    plan, flow = make(problem, network, FREE)

    made = plan.supply > 0
    load = network.activities.uses @ flow.level + network.switches.hours @ flow.times
    assert flow.times == pytest.approx(made.astype(float))
    assert load[0] == pytest.approx(plan.supply.sum(axis=0) + made.sum(axis=0))
    assert (load > 5.0).all()
    assert flow.charges["setup"].sum() == pytest.approx(8.0 * made.sum())
    assert not flow.machine_price.any()


def test_lead_times_and_what_is_decided_stay():
    """With a week from starting to having nothing is for sale in the first week, and a decided level is as it was."""
    problem = drawn(4, weeks=4)
    network = factory(problem, hours=5.0, lead=1)
    low, high = network.activities.low.copy(), network.activities.high.copy()
    low[0, 1] = high[0, 1] = 3.0
    network = replace(network, activities=replace(network.activities, low=low, high=high))

    plan, flow = make(problem, network, FREE)

    assert not plan.supply[:, 0].any()
    assert plan.supply[0, 2] == pytest.approx(3.0)
    assert flow.level[0, 1] == pytest.approx(3.0)


def test_no_plan_earns_more():
    """No plan within the limits earns more than the one without them, nor than its bound where set-ups cost money."""
    problem = drawn(6, shelf=None)
    network = factory(problem, hours=40.0)

    free, real = (make(problem, network, options)[0] for options in (FREE, Options()))
    paid, _ = make(problem, factory(problem, hours=40.0, setup=8.0), FREE)

    assert free.objective >= real.objective - 1e-6
    assert paid.objective < free.objective
    assert paid.bound == pytest.approx(free.bound)


def test_times_are_the_fewest_that_carry_the_levels():
    """Orders of 10 at most for 25 units are 3, and none for nothing; what has no members is never on."""
    network = factory(drawn(0, products=2, weeks=2), hours=1.0, setup=1.0)
    network = replace(network, switches=replace(network.switches, largest=np.array([10.0, np.inf])))

    times = times_of(network, np.array([[25.0, 0.0], [25.0, 1e-9]]))

    assert times.tolist() == [[3.0, 0.0], [1.0, 0.0]]


def test_only_limits_are_taken_away():
    """Weeks in which an activity is not effective stay, and the network that was given is as it was."""
    network = factory(drawn(0, weeks=3), hours=1.0, lead=1, lot=2.0)

    free = unlimited(network)

    assert np.isinf(free.activities.high[:, :2]).all()
    assert not free.activities.high[:, 2].any()
    assert not free.activities.multiple.any()
    assert network.activities.high[0, 0] == 1e4
