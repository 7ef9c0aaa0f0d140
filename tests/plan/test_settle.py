import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotwise.plan import expect, settle

QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def simulate(supply, demand, terms, opening):
    """Return profit, sold, lost and left of one product by moving single cohorts and single waiting orders."""
    price, cost, salvage, holding, delay, shelf = (
        float(getattr(terms, name)[0]) for name in ("price", "cost", "salvage", "holding", "delay", "shelf")
    )
    weeks, profit = len(supply), 0.0
    cohorts, waiting = [], []
    sold, lost, left = [], [], []
    for week in range(weeks):
        profit -= cost * supply[week]
        cohorts.append([week, supply[week] + (opening if week == 0 else 0.0)])
        waiting.append(demand[week])
        served = 0.0
        for order, asked in enumerate(waiting):
            need = asked
            for cohort in cohorts:
                take = min(need, cohort[1])
                cohort[1] -= take
                need -= take
                served += take
            waiting[order] = need
        profit += price * served
        sold.append(served)
        left.append(sum(units for _, units in cohorts))
        last = week == weeks - 1
        for cohort in cohorts:
            if last or week - cohort[0] + 1 >= shelf:
                profit += salvage * cohort[1]
                cohort[1] = 0.0
        profit -= holding * sum(units for _, units in cohorts)
        if not terms.backorder or last:
            lost.append(sum(waiting))
            waiting = []
        else:
            lost.append(0.0)
            profit -= delay * sum(waiting)
    return profit, sold, lost, left


numbers = st.integers(0, 12).map(float)


@QUIET
@given(
    weeks=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=6),
    opening=numbers,
    shelf=st.integers(1, 7),
    backorder=st.booleans(),
)
def test_settle_equals_a_slow_simulator(terms, weeks, opening, shelf, backorder):
    """The vectorized rule brings, week by week, what a loop over cohorts and waiting orders brings."""
    mine = terms(shelf=shelf, backorder=backorder)
    supply, demand = np.array(weeks).T
    found = settle(supply[None], demand[None, None], mine, opening=np.array([opening]))
    profit, sold, lost, left = simulate(supply, demand, mine, opening)
    assert found.profit.sum() == pytest.approx(profit)
    assert found.sold.ravel() == pytest.approx(sold)
    assert found.lost.ravel() == pytest.approx(lost)
    assert found.left.ravel() == pytest.approx(left)


@QUIET
@given(seed=st.integers(0, 1000), backorder=st.booleans())
def test_nothing_is_lost_on_the_way(random_problem, seed, backorder):
    """Units made are sold or taken out, and units asked for are sold or lost."""
    problem = random_problem(seed, backorder=backorder)
    supply = np.random.default_rng(seed).uniform(0, 30, problem.shape)
    found = settle(supply, problem.demand, problem.terms)
    assert (found.sold + found.expired).sum(axis=-1) == pytest.approx(np.broadcast_to(supply.sum(axis=1), found.sold.shape[:2]))
    assert (found.sold + found.lost).sum(axis=-1) == pytest.approx(problem.demand.sum(axis=-1))


def test_a_week_by_hand(terms):
    """Ten made, seven asked for, one day's shelf: 7 x 10 + 3 x 3 - 10 x 6 = 19."""
    assert settle(np.array([[10.0]]), np.array([[7.0]]), terms()).profit.sum() == pytest.approx(19)


def test_overtime_is_shared_by_hours_and_adds_up(terms, machines, problem):
    """Two products that take 30 and 10 of 40 hours, 8 of them overtime at 5, bear 30 and 10 of its cost of 40."""
    resources = machines([[3.0, 1.0]], 32.0, overtime=8.0, overtime_cost=5.0)
    shares = resources.overtime_money(np.array([[10.0], [10.0]]))
    assert shares.ravel() == pytest.approx([30, 10])
    mine = problem(np.full((1, 2, 1), 10.0), terms(2), resources)
    assert expect(mine, np.full((2, 1), 10.0)).profit.sum() == pytest.approx(2 * 10 * 4 - 40)


def test_expectation_is_the_mean_over_scenarios(random_problem):
    """``expect`` is ``settle`` averaged over scenarios, whatever the number of products settled at once."""
    problem = random_problem(3)
    supply = np.full(problem.shape, 9.0)
    charges = problem.resources.overtime_money(supply)
    every = settle(supply, problem.demand, problem.terms, charges=charges)
    assert expect(problem, supply).profit == pytest.approx(every.profit.mean(axis=0))
