"""Plans that assemble after the order, against closed forms and trying everything."""

from dataclasses import replace
from itertools import product as combinations

import numpy as np
import pytest
from scipy.optimize import linprog

from lotwise.plan.network.made import Options, make
from lotwise.plan.network.pooling import pool, waiting, without_limits
from lotwise.plan.network.pooling.assembly import assembly_of
from lotwise.plan.network.pooling.bound import bound
from tests.plan.network.rules import breaches

UNDER, OVER = 6.0, 3.0
"""Of a product at 10 that costs 4, and a component left over."""


def drawn(seed, scenarios=12, products=3, weeks=2, mean=6.0):
    return np.random.default_rng(seed).poisson(mean, (scenarios, products, weeks)).astype(float)


def fits(problem, network):
    """Return a plan that keeps every rule of a network, overtime's mean money left out."""
    plan, flow = pool(problem, network)
    assert [said for said in breaches(problem, network, plan, flow) if "overtime of" not in said] == []
    return plan, flow


def test_a_shared_component_is_a_newsvendor_of_all_its_demand(shop):
    """Two products of one margin share a component: its stock is the quantile 6 / (6 + 3) of their demand together."""
    demand = drawn(1, scenarios=18, products=2, weeks=1, mean=20.0)
    plan, flow = fits(*shop(demand, [[1, 1]], lost_part=OVER))

    together = np.sort(demand.sum(axis=(1, 2)))
    stock = together[int(np.ceil(18 * UNDER / (UNDER + OVER))) - 1]  # with 18 scenarios the 12th: every stock up to the 13th
    earned = UNDER * np.minimum(stock, together).mean() - OVER * np.maximum(stock - together, 0.0).mean()
    assert plan.objective == pytest.approx(earned)
    assert plan.bound == pytest.approx(earned)
    assert flow.level[2, 0] >= stock - 1e-6


def test_pooling_is_worth_something(shop):
    """A shared component earns more than a stock of its own for each product."""
    demand = drawn(2, scenarios=20, products=2, weeks=1, mean=20.0)
    pooled, _ = pool(*shop(demand, [[1, 1]], lost_part=OVER))
    apart = [pool(*shop(demand[:, [one]], [[1]], lost_part=OVER))[0] for one in (0, 1)]

    assert pooled.objective > sum(plan.objective for plan in apart) + 1.0


@pytest.mark.parametrize("seed", range(3))
def test_components_are_the_best_of_all_stocks(shop, seed):
    """Three products of one margin, a component bought in the first of two weeks: the plan earns what the best stock earns."""
    demand = drawn(seed)
    plan, _ = fits(*shop(demand, [[1, 1, 1]], lost_part=OVER, bought=[True, False]))

    def earned(stock):
        first = np.minimum(demand[:, :, 0].sum(axis=1), stock)
        second = np.minimum(demand[:, :, 1].sum(axis=1), stock - first)
        return (UNDER * (first + second) - OVER * (stock - first - second)).mean()

    assert plan.objective == pytest.approx(max(earned(stock) for stock in range(80)))


@pytest.mark.parametrize("seed", range(2))
def test_the_bound_is_the_best_stock_with_foresight_and_the_plan_close_to_it(shop, seed):
    """Two components, two margins, two weeks: the bound is the best of all stocks, each scenario's best assembly behind it."""
    demand, bill, hours = drawn(seed, scenarios=4, mean=3.0), np.array([[1, 0, 1], [0, 1, 1]]), 9.0
    price = np.array([10.0, 11.0, 14.0])
    problem, network = shop(demand, bill, lost_part=OVER, bought=[True, False], each=1.0, hours=hours, price=price)

    def earned(stocks):
        total = 0.0
        for asked in demand:
            gain = np.repeat(price - 4.0 + OVER * bill.sum(axis=0), 2)
            rows = [np.kron(bill[0], [1, 1]), np.kron(bill[1], [1, 1]), np.tile([1, 0], 3), np.tile([0, 1], 3)]
            found = linprog(-gain, rows, [*stocks, hours, hours], bounds=[(0, units) for units in asked.ravel()])
            total -= found.fun
        return total / len(demand) - OVER * sum(stocks)

    best = max(earned(stocks) for stocks in combinations(range(7, 16), repeat=2))
    plan, _ = fits(problem, network)
    assert plan.bound >= best - 1e-6
    assert plan.bound == pytest.approx(best, rel=2e-3)  # stocks between whole units may be better
    assert 0.95 * best <= plan.objective <= plan.bound + 1e-6


@pytest.mark.parametrize("backorder", [False, True])
def test_sums_are_the_totals(shop, backorder):
    """What is asked for is sold or lost, what is there is sold or left, profits add up, with machines, overtime and set-ups."""
    demand, opening = drawn(5, scenarios=30, products=4, weeks=3), np.array([4.0, 0.0, 2.0, 3.0])
    firm = np.zeros((4, 3))
    firm[1, 1], firm[0, 2] = 5.0, 6.0
    problem, network = shop(
        demand + firm, [[1, 2, 1, 0], [1, 0, 1, 1]], each=1.0, hours=20.0, overtime=(4.0, 1.0), setup=2.0, backorder=backorder,
        opening=opening, firm=firm, on_order=np.array([True, True, True, False]), lost_part=1.0, holding=0.1,
    )  # fmt: skip
    plan, flow = fits(problem, network)
    outcome, waits = plan.outcome, problem.on_order

    asked = problem.demand.mean(axis=0).sum(axis=1)
    assert (outcome.sold + outcome.lost).sum(axis=1) == pytest.approx(asked, abs=1e-4)
    there = opening + plan.supply.sum(axis=1) - outcome.sold.sum(axis=1) - outcome.left[:, -1]
    assert there[waits] == pytest.approx(np.zeros(3), abs=1e-4)
    assert flow.expected[:4].sum() > 0
    assert flow.expected[3].sum() == 0
    assert plan.objective <= plan.bound


def test_promises_are_kept_before_anything_is_expected(shop):
    """Units promised are decided here and now: the part of the level that is not expected has them in time."""
    firm = np.zeros((2, 3))
    firm[0, 1], firm[1, 2] = 7.0, 9.0
    demand = drawn(3, scenarios=10, products=2, weeks=3, mean=10.0) + firm
    plan, flow = fits(*shop(demand, [[1, 1]], each=1.0, hours=8.0, firm=firm, opening=np.array([3.0, 0.0])))

    known = np.cumsum((flow.level - flow.expected)[:2], axis=1)
    assert plan.is_feasible
    assert (known >= np.maximum(np.cumsum(firm, axis=1) - np.array([[3.0], [0.0]]), 0.0) - 1e-6).all()


def test_nothing_waits_where_nobody_asked(shop):
    """Without products to wait, in another mode, or with risk, the plan is the one made ahead, to the last bit."""
    problem, network = shop(drawn(4), [[1, 1, 1]], lost_part=1.0)
    for given, options in (
        (replace(problem, on_order=None), Options()),
        (replace(problem, on_order=np.zeros(3, dtype=bool)), Options()),
        (problem, Options(risk=0.3)),
    ):
        ahead, flow = make(problem, network, options)
        plan, same = pool(given, network, options)
        assert plan.supply.tobytes() == ahead.supply.tobytes()
        assert plan.outcome.profit.tobytes() == ahead.outcome.profit.tobytes()
        assert (plan.bound, same.expected) == (ahead.bound, None)
        assert same.level.tobytes() == flow.level.tobytes()


def test_the_same_problem_gives_the_same_bytes(shop):
    """Planned twice, more scenarios than are kept: supply, profit and bound are the same bytes."""
    problem, network = shop(drawn(6, scenarios=40, products=4), [[1, 1, 2, 1]], each=1.0, hours=20.0, lost_part=1.0)
    (one, _), (two, _) = pool(problem, network), pool(problem, network)

    assert one.supply.tobytes() == two.supply.tobytes()
    assert (one.objective, one.bound) == (two.objective, two.bound)


def test_a_bound_of_parts_is_no_less_than_that_of_the_whole(shop):
    """Scenarios in parts of 1, 4 and 12 bound from above, the larger the closer; the plan stays below all of them."""
    problem, network = shop(drawn(7), [[1, 1, 1]], lost_part=OVER, bought=[True, False])
    assembly = assembly_of(problem, network)
    near = np.zeros(problem.shape)
    bounds = [bound(assembly, near, size=size, breakpoints=12) for size in (1, 4, 12)]

    assert bounds[0] > bounds[1] + 1.0
    assert bounds[1] > bounds[2] + 1.0
    assert pool(problem, network)[0].objective <= bounds[-1] + 1e-6


def test_which_products_wait_is_told_by_name(shop):
    """A product whose making takes a week is left out of those that wait; in another mode none waits."""
    problem, network = shop(drawn(8), [[1, 1, 1]])
    lead = network.activities.lead.copy()
    lead[2] = 1
    network = replace(network, activities=replace(network.activities, lead=lead))

    assert waiting(problem, network, Options()).tolist() == [True, True, False]
    assert waiting(problem, network, Options(mode="unconstrained")) is None


def test_without_limits_everybody_is_served(shop):
    """Products that wait get what is ordered and no more: nothing is lost, nothing is left."""
    problem, network = shop(drawn(9), [[1, 1, 1]])
    plan, _ = make(problem, network)
    served = without_limits(problem, plan, network)

    assert served.supply == pytest.approx(problem.demand.mean(axis=0))
    assert served.outcome.lost.sum() == 0.0
    assert served.objective == pytest.approx(UNDER * problem.demand.mean(axis=0).sum())
