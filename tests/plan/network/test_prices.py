"""Prices say what one more hour, unit or unit ordered earns, and how far that holds."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.sparse import csr_array

from benchmarks.quality._plan_cases import case
from lotwise.plan import Problem, Terms, no_resources
from lotwise.plan.network.made import Options, make
from lotwise.plan.network.network import Activities, Items, Machines, Network, Switches

FINE = Options(breakpoints=100, gap=0.0)
PLAIN = replace(FINE, prices=False)


def shop(price, cost, hours, demand, *, firm=None, delay=0.0, backorder=False):
    """Return products made in their week, an hour each, on one machine; demand is (n_products, n_weeks) for certain."""
    demand = np.array(demand, dtype=float)
    count, weeks = demand.shape
    shape, zeros = (count, weeks), np.zeros(count)
    names = tuple("ABCDEFGH"[:count])
    items = Items(
        names, ("all",) * count, ("product",) * count, ("units",) * count, np.arange(count), np.zeros(count, bool),
        np.zeros(shape), zeros, zeros, zeros, zeros, zeros,
    )  # fmt: skip
    activities = Activities(
        names, ("make",) * count, csr_array((count, count)), csr_array(np.eye(count)), csr_array(np.ones((1, count))),
        np.zeros(count, np.int64), zeros, np.zeros(shape), np.full(shape, 1e6), zeros, np.full(shape, np.nan), zeros,
    )  # fmt: skip
    machines = Machines(("M",), ("all",), np.array([hours], dtype=float), np.zeros((1, weeks)), np.zeros(1))
    network = Network(items, activities, machines, _no_switches(1, count, weeks))
    terms = Terms(
        np.array(price, dtype=float), np.array(cost, dtype=float), zeros, zeros, np.full(count, delay),
        np.full(count, 99), np.full(count, backorder),
    )  # fmt: skip
    days = tuple(date(2024, 1, 1) + timedelta(weeks=week) for week in range(weeks))
    firm = None if firm is None else np.array(firm, dtype=float)
    return Problem(names, days, demand[None], terms, no_resources(*shape), zeros, firm), network


def _no_switches(machines, activities, weeks):
    none = np.zeros(0)
    return Switches(
        (), (), csr_array((0, activities)), none, none, np.zeros(0, np.int64), csr_array((machines, 0)), none,
        np.zeros((0, weeks), bool),
    )  # fmt: skip


def more_hours(network, cell, hours):
    """Return the network with so many more hours of one machine in one week."""
    there = network.machines.hours.copy()
    there[cell] += hours
    return replace(network, machines=replace(network.machines, hours=there))


def more_items(network, cell, units):
    """Return the network with so many more units of one item arriving in one week."""
    there = network.items.arriving.copy()
    there[cell] += units
    return replace(network, items=replace(network.items, arriving=there))


@pytest.fixture(scope="module")
def factory():
    """A generated factory without set-ups, small orders at will, on 60 scenarios, with its plan."""
    problem, network = case(8, 4, 60)
    network = replace(network, switches=_no_switches(len(network.machines.names), len(network.activities.names), 4))
    return problem, network, *make(problem, network, FINE)


def test_an_hour_earns_the_margin_of_the_product_that_gets_too_little():
    """100 hours for 60 A at 6 and 80 B at 4: an hour earns 4, for 40 fewer (then A suffers) and 40 more (then B is met)."""
    problem, network = shop([10, 9], [4, 5], [100], [[60], [80]])

    _, flow = make(problem, network)

    assert flow.machine_price[0, 0] == pytest.approx(4)
    assert flow.ranges["machines"][:, 0, 0] == pytest.approx([40, 40])
    assert flow.demand_price[:, 0] == pytest.approx([2, 0], abs=1e-6)  # an A displaces a B; one more B is not made


def test_between_two_prices_the_middle_counts_and_holds_for_nothing():
    """60 hours for 60 A at 6 and 80 B at 4: an hour more earns 4, one less costs 6; the price lies between, with no range."""
    problem, network = shop([10, 9], [4, 5], [60], [[60], [80]])

    _, flow = make(problem, network)

    assert 4.5 < flow.machine_price[0, 0] < 5.5
    assert flow.ranges["machines"][:, 0, 0].tolist() == [0, 0]


def test_spare_hours_earn_nothing_until_they_are_used():
    """200 hours for 140 of demand: the price 0 holds for 60 fewer and any number more."""
    problem, network = shop([10, 9], [4, 5], [200], [[60], [80]])

    _, flow = make(problem, network)

    assert flow.machine_price[0, 0] == 0
    assert flow.ranges["machines"][:, 0, 0].tolist() == [60, np.inf]


def test_what_can_never_be_there_has_the_price_of_one_more():
    """A product that cannot be made in a week has the worth of one unit more there, 6, not that of one less than nothing."""
    problem, network = shop([10], [4], [100, 100], [[60, 60]])
    high = np.array([[0.0, 1e6]])
    network = replace(network, activities=replace(network.activities, high=high))

    _, flow = make(problem, network)

    assert flow.item_price[0] == pytest.approx([6, 0], abs=1e-6)


@pytest.mark.parametrize(("backorder", "each"), [(False, 0.5), (True, 0.5)])
def test_a_late_promise_costs_what_lateness_costs(backorder, each):
    """90 hours a week for 100 promised and waiting: an hour more saves half a unit of money a week late, not a penalty.

    The hours of the second week suffice, so a unit promised for the first is one week late: 0.5.
    """
    problem, network = shop([10], [4], [90, 200], [[100, 20]], firm=[[100, 0]], delay=0.5, backorder=backorder)
    if not backorder:
        # Demand that does not wait is lost in its week: an hour more also sells one more, 10 - 4.
        each += 6.0

    _, flow = make(problem, network)

    assert flow.machine_price[0] == pytest.approx([each, 0], abs=1e-4)


def test_a_promise_takes_hours_from_what_earns_more():
    """A promised A at 1 keeps an hour from a B at 4: one more hour makes a B and earns 4, one more A ordered costs nothing."""
    problem, network = shop([5, 9], [4, 5], [50], [[30], [80]], firm=[[30], [0]], delay=0.1)

    _, flow = make(problem, network)

    assert flow.machine_price[0, 0] == pytest.approx(4, abs=1e-4)
    assert flow.ranges["machines"][:, 0, 0] == pytest.approx([20, 60])  # 20 B are made and 60 more wanted


@pytest.mark.parametrize(("block", "more"), [("machines", more_hours), ("items", more_items)])
def test_a_price_holds_within_its_range_and_not_beyond(factory, block, more):
    """Half the range each way, another solve brings what the price says; twice the range, less."""
    problem, network, plan, flow = factory
    price = {"machines": flow.machine_price, "items": flow.item_price}[block]
    held = kept = 0
    for cell in zip(*np.nonzero((flow.ranges[block] > 1e-3).all(axis=0) & (np.abs(price) > 1e-3)), strict=True):
        for side, sign in ((0, -1), (1, 1)):
            width = flow.ranges[block][(side, *cell)]
            if not np.isfinite(width) or held > 40:
                continue
            half, twice = (make(problem, more(network, cell, sign * share * width), PLAIN)[0] for share in (0.5, 2.0))
            said = sign * price[cell] * width
            assert half.objective - plan.objective == pytest.approx(said / 2, rel=1e-3, abs=1e-3)
            held += 1
            kept += twice.objective - plan.objective < 2 * said - 1e-4
    assert held > 5
    assert kept > 0.7 * held  # a range is that of one corner: the next may have the same price


def test_prices_lie_between_a_little_less_and_a_little_more(factory):
    """Of every machine and week the price is at most what an hour less costs and at least what one more earns."""
    problem, network, plan, flow = factory
    for cell in np.ndindex(flow.machine_price.shape):
        earned = [make(problem, more_hours(network, cell, step), PLAIN)[0].objective for step in (-0.01, 0.01)]
        down, up = (plan.objective - earned[0]) / 0.01, (earned[1] - plan.objective) / 0.01
        assert up - 1e-2 <= flow.machine_price[cell] <= down + 1e-2


def test_two_more_units_ordered_bring_what_the_prices_of_demand_say():
    """Two units more of each of 20 products, in one week each: prices say what another solve brings, to 2 % in all."""
    problem, network = case(20, 6, 50)
    network = replace(network, switches=_no_switches(len(network.machines.names), len(network.activities.names), 6))
    plan, flow = make(problem, network, FINE)
    said = solved = 0.0
    for product in range(20):
        week = product % 6
        demand = problem.demand.copy()
        demand[:, product, week] += 2
        solved += make(replace(problem, demand=demand), network, PLAIN)[0].objective - plan.objective
        said += 2 * flow.demand_price[product, week]
    assert said == pytest.approx(solved, rel=0.02)
