"""Shares of what limits cost: they add up, they are fair, and a fine grid of shadow prices gives the same."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotwise.plan import expect, make
from lotwise.plan.relax import Piece, Point, best, ideal, shares, wanted

QUIET = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEEDS = st.integers(0, 10_000)


def with_capacity(problem, capacity):
    return replace(problem, resources=replace(problem.resources, capacity=capacity))


def lacking(problem):
    """Return what the ideal plan needs beyond what there is, each week by itself; right where nothing is carried over."""
    return np.maximum(problem.resources.used(wanted(problem)) - problem.resources.capacity, 0.0)


def fresh(problem):
    """Return the problem with machines only and products of one week, so that no week leans on another."""
    uses = problem.resources.uses.toarray() * problem.resources.is_machine[:, None]
    resources = replace(problem.resources, uses=type(problem.resources.uses)(uses))
    return replace(problem, resources=resources, terms=replace(problem.terms, shelf=np.ones_like(problem.terms.shelf)))


@QUIET
@given(seed=SEEDS, backorder=st.sampled_from([False, True, None]), shelf=st.sampled_from([None, 1, 99]))
def test_the_ideal_supply_is_the_best_without_limits(random_problem, seed, backorder, shelf):
    """Each unit made in its own week, where it earns more than it costs, is what the program finds without limits."""
    known = random_problem(seed, scenarios=1, backorder=backorder, shelf=shelf)
    opening = np.random.default_rng(seed).integers(0, 20, len(known.products)).astype(float)
    known = replace(known.without_limits(), opening=opening)
    assert ideal(known) == pytest.approx(make(known).objective, rel=1e-7, abs=1e-4)
    assert ideal(known) == pytest.approx(expect(known, wanted(known)).profit.sum())


@QUIET
@given(seed=SEEDS, backorder=st.sampled_from([False, True, None]), scarce=st.floats(0.0, 1.2))
def test_shares_add_up_and_none_is_below_0(random_problem, seed, backorder, scarce):
    """The shares are the ideal profit less the profit within the limits, to 1e-6, whatever the solver's choice of duals."""
    known = random_problem(seed, scenarios=1, backorder=backorder, weeks=4, scarce=scarce)
    found, loss = shares(known), ideal(known) - best(known).value
    assert found.sum() == pytest.approx(loss, rel=1e-6, abs=1e-6)
    assert found.min() >= -1e-9


@pytest.mark.parametrize("solves", [0, 1, 3])
def test_shares_add_up_with_few_solves(random_problem, solves):
    """Tangents that meet above the optimum still rise from the one end to the other."""
    for seed in range(5):
        known = random_problem(seed, scenarios=1, weeks=4)
        loss = ideal(known) - best(known).value
        assert shares(known, solves=solves).sum() == pytest.approx(loss, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_a_fine_grid_of_shadow_prices_gives_the_same(random_problem, seed):
    """The mean shadow price at the middles of 100 steps of the path, times what is added, is each share to 1 % of the loss."""
    known = fresh(random_problem(seed, scenarios=1, weeks=2))
    lack = lacking(known)
    places = (np.arange(100) + 0.5) / 100
    raised = [with_capacity(known, known.resources.capacity + place * lack) for place in places]
    grid = np.mean([(best(one).price * lack).sum(axis=1) for one in raised], axis=0)
    found = shares(known)
    assert found == pytest.approx(grid, abs=0.01 * found.sum())


def test_two_machines_by_hand(terms, machines, problem):
    """A price counts on the part of the path where its machine is the shorter one.

    10 loaves that earn 4 need an hour of M1 and half an hour of M2 each; 10 rolls that earn 2 need an hour of M1 only. M1
    has 5 of the 20 hours, M2 1 of the 5. With 5 + 15 t and 1 + 4 t hours loaves = min(5 + 15 t, 2 + 8 t): M2 is always the
    shorter, a loaf needs it as 2 + 8 t and takes an hour of M1 from rolls, of which 3 + 7 t are left. So an hour of M1
    earns 2 and an hour of M2 earns (4 - 2) x 2 = 4 all along: 2 x 15 = 30 and 4 x 4 = 16, together 60 - (2 x 4 + 3 x 2).
    """
    mine = problem(np.array([[[10.0], [10.0]]]), terms(2, price=[10, 8]), machines([[1.0, 1.0], [0.5, 0.0]], [5.0, 1.0]))
    assert shares(mine) == pytest.approx([30, 16])


def test_the_shorter_machine_has_it_all(terms, machines, problem):
    """Of two machines in a row, with 4 + 6 t and 7 + 3 t hours for 10 units that earn 4, only the first ever binds."""
    mine = problem(np.array([[[10.0]]]), terms(), machines([[1.0], [1.0]], [4.0, 7.0]))
    assert shares(mine) == pytest.approx([24, 0])


def test_overtime_is_part_of_the_limit(terms, machines, problem):
    """Hours that overtime adds at a cost are relaxed with the rest: the share holds the units lost and overtime paid.

    10 units that earn 4 each need 10 hours. There are 4, and 3 of overtime at 1: 3 units are lost (12) and overtime
    costs 3: 15 in all.
    """
    mine = problem(np.array([[[10.0]]]), terms(), machines([[1.0]], 4.0, overtime=3.0, overtime_cost=1.0))
    assert shares(mine) == pytest.approx([15])


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("overtime", [0.0, 2.0])
def test_equal_machines_in_a_row_cost_the_same(terms, machines, problem, count, overtime):
    """Machines every unit passes with equal hours and needs are short in step: each has an equal share."""
    demand = np.array([[[10.0, 12.0], [5.0, 9.0]]])
    row = machines([[1.0, 0.5]] * count, 6.0, weeks=2, overtime=overtime, overtime_cost=1.0)
    mine = problem(demand, terms(2, price=[10, 9], shelf=99), row)
    loss = ideal(mine) - best(mine).value
    assert shares(mine) == pytest.approx(np.full(count, loss / count), rel=1e-6)


@QUIET
@given(seed=SEEDS)
def test_equal_machines_side_by_side_cost_the_same(random_problem, seed):
    """Two copies of the same products on two copies of the same machine lose the same."""
    one = random_problem(seed, scenarios=1, products=3, weeks=3)
    uses = one.resources.uses.toarray()[:1] + 0.1
    twice = np.kron(np.eye(2), uses)
    both = replace(
        one.resources,
        names=("M1", "M2"),
        kinds=("machine",) * 2,
        units=("hours",) * 2,
        uses=type(one.resources.uses)(twice),
        capacity=np.full((2, 3), 0.6 * (uses @ one.demand[0]).mean()),
        overtime=np.full(2, 1.0),
        overtime_cost=np.full(2, 0.5),
    )
    chosen = np.array([0, 1, 2, 0, 1, 2])
    doubled = replace(
        one,
        products=tuple("ABCDEF"),
        demand=one.demand[:, chosen],
        terms=one.terms.part(chosen),
        opening=np.zeros(6),
        resources=both,
    )
    first, second = shares(doubled)
    assert first == pytest.approx(second, rel=1e-6, abs=1e-6)


@QUIET
@given(seed=SEEDS, factor=st.floats(1.0, 3.0))
def test_a_limit_that_never_binds_costs_nothing(random_problem, seed, factor):
    """A machine with all the hours the ideal plan needs has no share, and takes none from the others."""
    known = fresh(random_problem(seed, scenarios=1, weeks=2))
    capacity = known.resources.capacity.copy()
    capacity[1] = factor * known.resources.used(wanted(known))[1].max() + 1.0
    ample, gone = capacity.copy(), capacity.copy()
    gone[1] = np.inf
    found = shares(with_capacity(known, ample))
    assert found[1] == 0
    assert found == pytest.approx(shares(with_capacity(known, gone)), rel=1e-6, abs=1e-6)


def test_material_left_over_is_no_shortage(terms, machines, problem):
    """What one week leaves of a material serves the next, so a limit below a week's use alone costs nothing."""
    flour = replace(machines([[1.0]], 6.0, weeks=2), kinds=("material",))
    mine = problem(np.array([[[2.0, 10.0]]]), terms(), flour)
    assert shares(mine) == pytest.approx([0])
    assert shares(with_capacity(mine, np.array([[5.0, 5.0]]))) == pytest.approx([8])  # 2 units that earn 4 each


@QUIET
@given(seed=SEEDS, scale=st.floats(0.1, 50.0))
def test_shares_scale_with_money_and_with_hours(random_problem, seed, scale):
    """Another currency multiplies the shares; counting hours in minutes leaves them."""
    known = random_problem(seed, scenarios=1, weeks=3)
    terms, resources = known.terms, known.resources
    money = {name: getattr(terms, name) * scale for name in ("price", "cost", "salvage", "holding", "delay")}
    dearer = replace(
        known,
        terms=replace(terms, **money),
        resources=replace(resources, overtime_cost=resources.overtime_cost * scale),
    )
    minutes = replace(
        resources,
        uses=resources.uses * 60.0,
        capacity=resources.capacity * 60.0,
        overtime=resources.overtime * 60.0,
        overtime_cost=resources.overtime_cost / 60.0,
    )
    found = shares(known)
    assert shares(dearer) == pytest.approx(scale * found, rel=1e-4, abs=1e-5 * scale * (1 + found.sum()))
    assert shares(replace(known, resources=minutes)) == pytest.approx(found, rel=1e-4, abs=1e-5 * (1 + found.sum()))


def test_weeks_apart_cost_apart(terms, machines, problem):
    """Where products perish within their week, the shares of two weeks are those of each by itself, added up."""
    demand = np.array([[[10.0, 4.0], [8.0, 9.0]]])
    uses, mine = [[1.0, 0.5], [0.2, 1.0]], terms(2, price=[10, 12])
    both = shares(problem(demand, mine, machines(uses, [9.0, 6.0], weeks=2)))
    each = [shares(problem(demand[:, :, [week]], mine, machines(uses, [9.0, 6.0]))) for week in (0, 1)]
    assert both == pytest.approx(np.sum(each, axis=0), abs=1e-6)


def test_limits_apart_have_what_every_order_gives_them(random_problem):
    """Where machines share no product and no week leans on another, every order of lifting them gives the same (Shapley)."""
    known = fresh(random_problem(3, scenarios=1, weeks=2))
    lack = lacking(known)

    def value(lifted):
        chosen = np.isin(np.arange(3), list(lifted))[:, None]
        return best(with_capacity(known, known.resources.capacity + chosen * lack)).value

    fair, orders = np.zeros(3), list(permutations(range(2)))
    for order in orders:
        for place, limit in enumerate(order):
            fair[limit] += (value(order[: place + 1]) - value(order[:place])) / len(orders)
    assert shares(known) == pytest.approx(fair, rel=1e-6, abs=1e-6)


def test_tangents_meet_at_the_bend():
    """Slopes 3 and 1 over a path that rises by 2.2 meet at .6, and give 3 x .6 = 1.8 and 1 x .4 = .4."""
    piece = Piece(Point(0.0, 0.0, np.array([3.0, 0.0])), Point(1.0, 2.2, np.array([0.0, 1.0])))
    assert piece.meet == pytest.approx((0.6, 1.8))
    assert piece.shares == pytest.approx([1.8, 0.4])
