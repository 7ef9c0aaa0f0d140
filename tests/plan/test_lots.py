from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotwise.plan import expect, make, settle

QUIET = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SHELVES = pytest.mark.parametrize(
    ("shelf", "backorder"), [(1, False), (2, False), (99, False), (2, True), (99, True), (None, None)]
)


def more_hours(problem, resource, week, hours):
    capacity = problem.resources.capacity.copy()
    capacity[resource, week] += hours
    return replace(problem, resources=replace(problem.resources, capacity=capacity))


@SHELVES
def test_grid_search_finds_nothing_better(terms, machines, problem, shelf, backorder):
    """No supply on a grid of whole units within the hours earns more than the plan."""
    rng = np.random.default_rng(7)
    demand = rng.integers(0, 5, (3, 2, 2)).astype(float)
    shelf, backorder = (2, [True, False]) if shelf is None else (shelf, backorder)
    mine = problem(demand, terms(2, price=[10, 8], shelf=shelf, backorder=backorder), machines([[1.0, 0.5]], 3.0, weeks=2))
    grid = np.array(list(product(range(5), repeat=4)), dtype=float).reshape(-1, 2, 2)
    within = [supply for supply in grid if (mine.resources.used(supply) <= 3).all()]
    best = max(expect(mine, supply).profit.sum() for supply in within)
    assert make(mine, form="scenarios").objective >= best - 1e-6
    assert make(mine).objective >= best - 0.01 * abs(best)


@QUIET
@given(seed=st.integers(0, 10_000), backorder=st.sampled_from([False, True, None]))
def test_one_scenario_is_exact(random_problem, seed, backorder):
    """With one scenario the program's optimum is the settled profit, and no other supply within the limits beats it."""
    known = random_problem(seed, scenarios=1, backorder=backorder)
    plan = make(known)
    assert plan.bound == pytest.approx(plan.objective, rel=1e-6, abs=1e-5)
    rng = np.random.default_rng(seed)
    for _ in range(5):
        supply = rng.uniform(0, 30, known.shape)
        capacity = np.maximum(known.resources.capacity, 1e-9)
        over = np.cumsum(known.resources.used(supply), axis=1) / np.cumsum(capacity, axis=1)
        weekly = known.resources.used(supply) / capacity
        supply = supply / max(1.0, over[2].max(), weekly[:2].max())
        assert expect(known, supply).profit.sum() <= plan.objective + 1e-5


@SHELVES
def test_plan_is_close_to_the_exact_program(random_problem, shelf, backorder):
    """Curves and tangents lose at most 0.5 % against the program that holds every scenario, and the bound holds."""
    for seed in range(3):
        mine = random_problem(seed, products=10, weeks=4, scenarios=20, shelf=shelf, backorder=backorder)
        exact, plan = make(mine, form="scenarios"), make(mine)
        assert plan.objective >= 0.995 * exact.objective
        assert plan.bound >= exact.objective - 1e-5 * exact.objective


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_one_budget_equals_bisection(terms, machines, problem, share):
    """With one budget, quantiles at (p - c - dual a) / (p - s) bisected on the dual earn the same at the same price."""
    rng = np.random.default_rng(1)
    demand = rng.gamma(4, 5, (50, 8, 1))
    mine = terms(8, price=rng.uniform(8, 12, 8), cost=rng.uniform(3, 6, 8), salvage=2)
    use = rng.uniform(0.5, 2, 8)
    ordered = np.sort(demand[:, :, 0], axis=0)

    def amounts(dual):
        ratio = (mine.price - mine.cost - dual * use) / (mine.price - mine.salvage)
        place = np.clip(np.ceil(ratio * 50 - 1e-9).astype(int) - 1, -1, 49)
        return np.where(place >= 0, ordered[place, np.arange(8)], 0.0)

    budget = share * use @ amounts(0.0)
    low, high = 0.0, ((mine.price - mine.cost) / use).max()
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if use @ amounts(middle) > budget else (low, middle)
    above, below = amounts(low), amounts(high)
    blend = (budget - use @ below) / (use @ above - use @ below)
    best = settle((blend * above + (1 - blend) * below)[:, None], demand, mine).profit.sum(axis=(1, 2)).mean()
    plan = make(problem(demand, mine, machines(use, budget)), breakpoints=64)
    assert plan.objective == pytest.approx(best, rel=1e-6)
    assert plan.bound == pytest.approx(best, rel=1e-6)
    assert plan.price[0, 0] == pytest.approx(high, abs=1e-5)


@pytest.mark.parametrize("resource", [0, 1, 2])
def test_price_is_what_one_more_unit_earns(random_problem, resource):
    """A resource's price lies between what the last unit earned and what one more earns."""
    mine = random_problem(11, products=12, scenarios=1, weeks=3)
    plan = make(mine)
    for week in range(3):
        step = 1e-3
        gain = (make(more_hours(mine, resource, week, step)).bound - plan.bound) / step
        loss = (plan.bound - make(more_hours(mine, resource, week, -step)).bound) / step
        assert gain - 1e-3 <= plan.price[resource, week] <= loss + 1e-3
    assert (plan.price >= 0).all()


def test_more_hours_never_earn_less(random_problem):
    """Profit rises with capacity, up to the plan without limits."""
    mine = random_problem(12, scenarios=1, shelf=2)
    earned = [
        make(replace(mine, resources=replace(mine.resources, capacity=mine.resources.capacity * f))).objective
        for f in (0, 0.3, 0.6, 1, 3)
    ]
    earned.append(make(mine.without_limits()).objective)
    assert earned[0] == 0
    assert all(after >= before - 1e-5 for before, after in pairwise(earned))


@SHELVES
def test_limits_are_kept(random_problem, shelf, backorder):
    """No plan takes more hours than there are with overtime, or material before it can arrive."""
    mine = random_problem(13, shelf=shelf, backorder=backorder, scarce=0.5)
    used, resources = mine.resources.used(make(mine).supply), mine.resources
    assert (used[:2] <= resources.capacity[:2] + resources.overtime[:2, None] + 1e-4).all()
    assert (np.cumsum(used[2]) <= np.cumsum(resources.capacity[2]) + 1e-4).all()


def test_lead_weeks_sell_from_stock(terms, machines, problem):
    """With two weeks' lead, weeks one and two have only the opening stock, and hours are used two weeks before."""
    demand = np.full((1, 1, 4), 10.0)
    mine = problem(demand, terms(shelf=99), machines([[1.0]], 6.0, weeks=4), opening=np.array([5.0]), lead=2)
    plan = make(mine)
    assert plan.supply.ravel() == pytest.approx([0, 0, 6, 6])
    assert mine.resources.used(plan.supply, 2).ravel() == pytest.approx([6, 6, 0, 0])
    assert plan.outcome.sold.ravel() == pytest.approx([5, 0, 6, 6])


def test_promises_that_fit_are_kept(terms, machines, problem):
    """Units promised for week two are made although they earn less than what else the hours could make."""
    demand = np.full((4, 2, 2), 10.0)
    firm = np.array([[0.0, 0.0], [0.0, 6.0]])
    mine = problem(demand, terms(2, price=[20, 7], shelf=99), machines([[1.0, 1.0]], 5.0, weeks=2), firm=firm)
    plan = make(mine)
    assert plan.is_feasible
    assert plan.supply[1].sum() == pytest.approx(6)


def test_promises_that_do_not_fit_leave_the_best_plan(terms, machines, problem):
    """Of 14 units promised for week two and 10 that fit, 4 are missing and the machine stands in the way."""
    firm = np.array([[0.0, 14.0]])
    mine = problem(np.full((3, 1, 2), 7.0) + firm, terms(shelf=99), machines([[1.0]], 5.0, weeks=2), firm=firm)
    plan = make(mine)
    assert not plan.is_feasible
    assert plan.missing == pytest.approx([4])
    assert plan.supply.sum() == pytest.approx(10, abs=1e-4)
    assert plan.needs.all()


def test_no_hours_means_no_plan_and_a_price(terms, machines, problem):
    """With capacity 0 nothing is made, and the first hour is worth a whole margin."""
    plan = make(problem(np.full((5, 1, 1), 8.0), terms(), machines([[2.0]], 0.0)))
    assert plan.supply.sum() == 0
    assert plan.price[0, 0] == pytest.approx(4 / 2)


def test_no_products_is_a_plan(terms, problem):
    """A problem without products has a plan that earns nothing."""
    assert make(problem(np.zeros((3, 0, 2)), terms(0))).objective == 0


def test_no_demand_is_a_plan(terms, machines, problem):
    """Where nothing is asked for in any scenario nothing is made."""
    assert make(problem(np.zeros((3, 2, 2)), terms(2, shelf=[1, 9]), machines([[1.0, 1.0]], 5.0, weeks=2))).supply.sum() == 0


@QUIET
@given(seed=st.integers(0, 10_000), backorder=st.sampled_from([False, True, None]))
def test_what_is_decided_stays(random_problem, seed, backorder):
    """A plan whose first week is decided keeps it, is no worse than the one that decided it, and below a free one's bound."""
    early, late = (random_problem(seed, scenarios=scenarios, backorder=backorder) for scenarios in (4, 8))
    late = replace(early, demand=late.demand)
    decided = make(early).supply
    fixed = np.where(np.arange(decided.shape[1]) < 1, decided, np.nan)
    plan = make(late, fixed=fixed)
    assert np.abs(plan.supply[:, 0] - decided[:, 0]).max() <= 1.1e-5
    assert plan.objective >= expect(late, decided).profit.sum() * 0.98 - 0.5
    assert plan.objective <= make(late).bound + 1e-5
