import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotwise.plan import expect, settle
from tests.plan.conftest import build_terms
from tests.plan.simulator import simulate

QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


FIELDS = ("sold", "lost", "left", "expired", "revenue", "cost")


@st.composite
def businesses(draw):
    """Return terms, supply, demand of two scenarios, opening stock and charges of up to four unlike products."""
    products, weeks = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    money = dict(zip(("price", "cost", "salvage", "holding", "delay"), rng.uniform(0, 10, (5, products)), strict=True))
    waits = draw(st.lists(st.booleans(), min_size=products, max_size=products))
    terms = build_terms(products, **money, shelf=rng.integers(1, weeks + 2, products), backorder=waits)
    scale = draw(st.sampled_from([1, 4, 12]))
    supply, opening = rng.integers(0, scale + 1, (products, weeks)), rng.integers(0, scale + 1, products)
    demand, charges = rng.integers(0, scale + 1, (2, products, weeks)), rng.uniform(0, 5, (products, weeks))
    return terms, supply.astype(float), demand.astype(float), opening.astype(float), charges


@QUIET
@given(business=businesses())
def test_settle_equals_one_unit_at_a_time(business):
    """The vectorized rule brings, product by product and week by week, what a shop that moves single units brings."""
    terms, supply, demand, opening, charges = business
    found = settle(supply, demand, terms, opening=opening, charges=charges)
    for scenario, asked in enumerate(demand):
        for product in range(len(supply)):
            weeks = simulate(supply[product], asked[product], terms, product, opening[product])
            for name in FIELDS:
                expected = np.array([getattr(week, name) for week in weeks]) + (charges[product] if name == "cost" else 0.0)
                assert np.abs(getattr(found, name)[scenario, product] - expected).max() <= 1e-9, name


@QUIET
@given(business=businesses())
def test_each_product_is_settled_for_itself(business):
    """Products settled together, some waiting and some lost, are settled to the last bit as each is alone."""
    terms, supply, demand, opening, charges = business
    together = settle(supply, demand, terms, opening=opening, charges=charges)
    for product in range(len(supply)):
        one = slice(product, product + 1)
        alone = settle(supply[one], demand[:, one], terms.part(one), opening=opening[one], charges=charges[one])
        assert all(np.array_equal(getattr(together, name)[:, one], getattr(alone, name)) for name in FIELDS)


@QUIET
@given(seed=st.integers(0, 1000), backorder=st.sampled_from([False, True, None]))
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
