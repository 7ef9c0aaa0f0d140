"""The least cost at which every product is served as asked."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.plan.network.made import Options, make
from lotwise.plan.network.served import Served, at_cost, in_units, service_of
from lotwise.plan.network.service import ABOVE, EDGE
from lotwise.plan.settle import expect, settle
from tests.plan.network.exact import least_cost
from tests.plan.network.plain import drawn, factory
from tests.plan.network.rules import breaches

SHARES = np.array([0.9, 0.95, 0.8, 0.98])
KINDS = {"curves": (None, None), "keeps": (99, False), "ages": (2, False), "ages and waits": (2, True)}


def cost_of(problem, plan, flow):
    cheap = replace(problem, terms=at_cost(problem.terms))
    charges = sum(float(money.sum()) for cause, money in flow.charges.items() if cause != "change")
    return charges - float(expect(cheap, plan.supply, charges=np.zeros(problem.shape)).profit.sum())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("setup", [0.0, 8.0])
def test_service_is_reached_and_hardly_exceeded(kind, setup):
    """With hours enough every product is served as asked, settled, and no more than a tenth of a point above."""
    shelf, waits = KINDS[kind]
    problem = drawn(3, shelf=shelf, waits=waits)
    network = factory(problem, hours=1e4, setup=setup)

    plan, flow = make(problem, network, Options(mode="service", service=SHARES))

    above = service_of(problem, plan.supply) - SHARES
    assert (above >= -10 * EDGE).all()
    assert (above <= ABOVE + 10 * EDGE).all()
    assert breaches(problem, network, plan, flow) == []


@pytest.mark.parametrize("seed", range(3))
def test_cost_is_the_least_of_the_exact_program(seed):
    """The plan costs what the program over all scenarios says it must, but for the tenth of a point, and no bound is above."""
    problem = drawn(seed, shelf=None)
    share = np.array([0.7, 0.8, 0.75, 0.6])
    hours = 1.1 * float(problem.demand.mean(axis=(0, 2)).sum())
    network = factory(problem, hours=hours)

    plan, flow = make(problem, network, Options(mode="service", service=share))

    least = least_cost(problem, network, share)
    cost = cost_of(problem, plan, flow)
    assert (service_of(problem, plan.supply) >= share - 10 * EDGE).all()
    assert least * (1 - 1e-7) <= cost <= 1.005 * least
    assert cost - (plan.bound - plan.objective) <= least * (1 + 1e-7)


def test_more_service_costs_more():
    """The cost never falls as the service rises, and price makes no difference to it."""
    problem = drawn(5, shelf=None)
    network = factory(problem, hours=1e4)
    dear = replace(problem, terms=replace(problem.terms, price=3 * problem.terms.price))

    plans = [make(problem, network, Options(mode="service", service=np.full(4, share))) for share in (0.6, 0.8, 0.9, 0.99)]
    same, _ = make(dear, network, Options(mode="service", service=np.full(4, 0.9)))

    costs = [cost_of(problem, plan, flow) for plan, flow in plans]
    assert costs == sorted(costs)
    assert same.supply == pytest.approx(plans[2][0].supply, abs=0.05)


@pytest.mark.parametrize("kind", ["curves", "keeps"])
def test_lots_are_the_cheapest_that_serve(kind):
    """With hours enough products do not meet: each has the cheapest numbers of lots that serve it, of all there are."""
    shelf, waits = KINDS[kind]
    problem = drawn(3, shelf=shelf, waits=waits)
    plan, _ = make(problem, factory(problem, hours=1e4, lot=7.0), Options(mode="service", service=SHARES))

    cheap, least = replace(problem, terms=at_cost(problem.terms)), np.full(4, np.inf)
    for lots in itertools.product(range(8), repeat=3):
        supply = 7.0 * np.tile(np.array(lots, dtype=float), (4, 1))
        cost = -expect(cheap, supply, charges=np.zeros(problem.shape)).profit.sum(axis=1)
        least = np.where(service_of(problem, supply) >= SHARES, np.minimum(least, cost), least)
    cost = -expect(cheap, plan.supply, charges=np.zeros(problem.shape)).profit.sum(axis=1)
    assert (service_of(problem, plan.supply) >= SHARES - 10 * EDGE).all()
    assert cost == pytest.approx(least, rel=1e-3)


def test_what_is_out_of_reach_is_served_as_far_as_it_goes():
    """Where hours are short they are all used, and no product is served more than asked."""
    problem = drawn(3, shelf=1, waits=False)
    network = factory(problem, hours=20.0)

    plan, flow = make(problem, network, Options(mode="service", service=np.ones(4)))

    assert flow.level.sum(axis=0) == pytest.approx(20.0)  # one hour a unit, and even so every demand is missed in part
    assert (service_of(problem, plan.supply) < 1).all()
    assert plan.bound >= plan.objective


def test_one_outcome_is_served_exactly():
    """With one scenario a service of one half is half of the demand, made as late as it may be."""
    problem = drawn(1, scenarios=1, shelf=1, waits=False)

    plan, _ = make(problem, factory(problem, hours=1e4), Options(mode="service", service=np.full(4, 0.5)))

    assert plan.supply.sum(axis=1) == pytest.approx(0.5 * problem.demand[0].sum(axis=1), rel=2 * ABOVE + 1e-6)


def test_service_counts_what_waits_in_every_week():
    """Demand 10, 0, 0 and supply 4, 3, 3: 6, 3 and 0 units wait, so that 1 - 9/10 is served where demand waits, 4/10 else."""
    for waits, share in ((True, 0.1), (False, 0.4)):
        problem = drawn(0, products=1, scenarios=2, shelf=99, waits=waits)
        problem = replace(problem, demand=np.tile([10.0, 0.0, 0.0], (2, 1, 1)))
        assert service_of(problem, np.array([[4.0, 3.0, 3.0]])) == pytest.approx([share])


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), waits=st.booleans())
def test_planes_lie_above_what_is_served(seed, waits):
    """Whatever supply the planes touch at, no supply serves more or costs less than they say."""
    problem = drawn(seed, scenarios=4, shelf=2, waits=waits)
    here, there = np.round(np.random.default_rng(seed).uniform(0, 30, (2, *problem.shape)))
    served = Served(np.ones(4), np.ones(4)).touching(problem, here)
    for plane, terms in ((served.money[0], at_cost(problem.terms)), (served.units[0], in_units(problem.terms))):
        outcome = settle(there, problem.demand, terms, opening=problem.opening)
        earned = outcome.profit.sum(axis=-1).mean(axis=0) + terms.cost * there.sum(axis=1)
        assert (plane.height + (plane.slopes * there).sum(axis=1) >= earned - 1e-6).all()


def test_a_service_has_to_be_given():
    """The mode without a share of demand is refused."""
    problem = drawn(0)
    with pytest.raises(ValueError, match="give 'service'"):
        make(problem, factory(problem, hours=10.0), Options(mode="service"))
