from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotwise.plan import LotRules, expect, make, rules, settle
from lotwise.plan.limits import promised

QUIET = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KINDS = pytest.mark.parametrize(("shelf", "backorder"), [(1, False), (99, False), (99, True), (99, None)])


def with_rules(problem, seed):
    """Return the problem with lots of a third to all of a week's demand, half of them with a minimum."""
    rng = np.random.default_rng(seed)
    mean, count = problem.demand.mean(axis=(0, 2)), len(problem.products)
    multiple = np.round(2 * mean * rng.choice([0.3, 0.5, 1.0], count)) / 2 + 0.5
    minimum = np.where(rng.random(count) < 0.5, mean * rng.choice([0.5, 1.0, 2.0], count), 0.0)
    return replace(problem, rules=LotRules(minimum, multiple))


def brute_force(problem):
    """Return the highest profit of all lots of two products that keep the limits and promises."""
    most = rules.most_in_lots(problem)
    sizes = [
        [
            [lot for lot in np.arange(round(top / step) + 1) * step if lot in {0, top} or least <= lot + 1e-9 <= top]
            for top in row
        ]
        for row, step, least in zip(most, problem.rules.multiple, problem.rules.least, strict=True)
    ]
    first, second = (np.array(list(product(*size))) for size in sizes)
    earned = []
    for number, lots in enumerate((first, second)):
        terms = problem.terms.part(np.full(len(lots), number))
        demand = np.repeat(problem.demand[:, [number]], len(lots), axis=1)
        earned.append(settle(lots, demand, terms).profit.sum(axis=-1).mean(axis=0))
    every = np.stack([np.repeat(first, len(second), axis=0), np.tile(second, (len(first), 1))], axis=1)
    used = np.einsum("rp,npw->nrw", problem.resources.uses.toarray(), every)
    resources, machine = problem.resources, problem.resources.is_machine[:, None]
    extra = np.where(machine, np.maximum(used - resources.capacity, 0.0), 0.0)
    fits = ((extra <= resources.overtime[:, None] + 1e-9) & machine) | ~machine
    fits &= machine | (np.cumsum(used, axis=2) <= np.cumsum(resources.capacity, axis=1) + 1e-9)
    products, due, owed = promised(problem)
    kept = (np.cumsum(every, axis=2)[:, products, due] >= owed - 1e-9).all(axis=1)
    profit = np.add.outer(*earned).ravel() - (extra.sum(axis=2) * resources.overtime_cost).sum(axis=1)
    return np.where(fits.all(axis=(1, 2)) & kept, profit, -np.inf).max()


@KINDS
@pytest.mark.parametrize("is_promised", [False, True])
def test_one_scenario_earns_what_brute_force_does(random_problem, shelf, backorder, is_promised):
    """With demand known no lots within the limits earn more; where none keep the promises the plan is infeasible."""
    for seed in range(4):
        known = random_problem(seed, products=2, weeks=2, scenarios=1, shelf=shelf, backorder=backorder)
        firm = (
            np.floor(0.7 * known.demand[0]) * (np.random.default_rng(seed).random(known.shape) < 0.4) if is_promised else None
        )
        mine = with_rules(replace(known, firm=firm), seed)
        best, plan = brute_force(mine), make(mine)
        assert plan.is_feasible == np.isfinite(best)
        if plan.is_feasible:
            assert plan.objective == pytest.approx(best, rel=1e-6, abs=1e-6)
            assert plan.bound == pytest.approx(best, rel=1e-5, abs=1e-5)


@KINDS
def test_many_scenarios_come_close_to_brute_force(random_problem, shelf, backorder):
    """Rounded lots of two products that compete lose at most a fifth in the worst case, 5 % on average; bounds hold."""
    shares = []
    for seed in range(8):
        mine = with_rules(random_problem(seed, products=2, weeks=2, scenarios=6, shelf=shelf, backorder=backorder), seed)
        best, plan = brute_force(mine), make(mine)
        assert plan.bound >= best - 1e-6 * abs(best)
        shares.append(plan.objective / best if best > 0 else 1.0)
    assert min(shares) >= 0.8
    assert max(shares) <= 1 + 1e-9
    assert np.mean(shares) >= 0.95


@QUIET
@given(
    seed=st.integers(0, 10_000),
    scenarios=st.sampled_from([1, 7]),
    backorder=st.sampled_from([False, True, None]),
    lead=st.integers(0, 1),
)
def test_rules_limits_and_promises_are_kept(random_problem, seed, scenarios, backorder, lead):
    """Whatever is asked for, each supply is nothing or a lot, within the hours and materials, and what is promised is there."""
    rng = np.random.default_rng(seed)
    some = random_problem(seed, products=5, scenarios=scenarios, backorder=backorder, scarce=rng.choice([0.5, 1.2]))
    firm = np.floor(some.demand.min(axis=0)) * (rng.random(some.shape) < 0.2)
    mine = with_rules(replace(some, firm=firm, lead=lead, opening=rng.choice([0.0, 9.0], 5)), seed)
    free = rng.random(5) < 0.3
    limited = LotRules(np.where(free, 0.0, mine.rules.minimum), np.where(rng.random(5) < 0.3, 0.0, mine.rules.multiple))
    mine = replace(mine, rules=limited)
    plan = make(mine)
    assert rules.is_kept(mine, plan.supply, promised(mine)[2] - plan.missing)
    assert plan.bound >= plan.objective - 1e-5 * max(1.0, abs(plan.objective)) or not plan.is_feasible


@pytest.mark.parametrize("shelf", [1, 99])
def test_lots_cost_and_knowing_pays(random_problem, shelf):
    """Ideal >= no lots >= perfect >= what any plan made from less knowledge brings, all settled against the same demand."""
    for seed in range(4):
        unsure = with_rules(random_problem(seed, products=6, scenarios=8, shelf=shelf), seed)
        came = unsure.demand[:1]
        perfect = replace(unsure, demand=came)
        value = [make(state).objective for state in (perfect.without_limits(), perfect.without_lots(), perfect)]
        less = [make(unsure).supply, make(replace(unsure, demand=unsure.demand[1:])).supply]
        value.append(max(expect(perfect, supply).profit.sum() for supply in less))
        assert all(better >= worse - 1e-6 * abs(better) for better, worse in pairwise(value))


@pytest.mark.parametrize("scenarios", [1, 9])
def test_rules_that_ask_nothing_change_nothing(random_problem, scenarios):
    """With minimum and multiple 0 everywhere the plan has the same bytes as without rules."""
    mine = random_problem(3, scenarios=scenarios)
    plain, ruled = make(mine), make(replace(mine, rules=LotRules(np.zeros(6), np.zeros(6))))
    assert plain.supply.tobytes() == ruled.supply.tobytes()
    assert (plain.bound, plain.price.tobytes()) == (ruled.bound, ruled.price.tobytes())


@pytest.mark.parametrize("scenarios", [1, 4])
@pytest.mark.parametrize(("minimum", "made"), [(20.0, 0.0), (6.0, 6.0)])
def test_a_lot_above_demand_is_made_where_it_pays(terms, problem, scenarios, minimum, made):
    """Of 5 units asked for at 10 (cost 6, left over 3): a lot of 20 loses 50 + 45 - 120, one of 6 earns 50 + 3 - 36."""
    mine = problem(np.full((scenarios, 1, 1), 5.0), terms())
    plan = make(replace(mine, rules=LotRules(np.array([minimum]), np.zeros(1))))
    assert plan.supply.tolist() == [[made]]
    assert plan.objective == pytest.approx(17.0 if made else 0.0)


def test_two_lots_become_one_where_goods_keep(terms, problem):
    """With 6 asked for in each of two weeks and a smallest lot of 12, one lot serves both: 12 x 4 less 6 x 0.1 held."""
    mine = problem(np.full((3, 1, 2), 6.0), terms(shelf=99))
    plan = make(replace(mine, rules=LotRules(np.array([12.0]), np.zeros(1))))
    assert plan.supply.tolist() == [[12.0, 0.0]]
    assert plan.objective == pytest.approx(47.4)


@pytest.mark.parametrize("scenarios", [1, 5])
@pytest.mark.parametrize(("units", "multiple"), [(1e9, 1e8), (3e8, 7.0), (3.2, 0.5), (1.0, 1 / 3)])
def test_lots_of_any_size_are_whole(terms, problem, scenarios, units, multiple):
    """Huge demand, few units and fractions all give whole multiples, within one lot of what is asked for."""
    mine = problem(np.full((scenarios, 2, 2), units), terms(2))
    plan = make(replace(mine, rules=LotRules(np.zeros(2), np.full(2, multiple))))
    count = plan.supply / multiple
    assert count == pytest.approx(np.round(count), rel=1e-9, abs=1e-5)
    assert np.abs(plan.supply - units).max() <= multiple + 1e-3


def test_a_minimum_is_rounded_up_to_a_multiple():
    """A smallest lot of 25 in multiples of 10 is 30; 29 units round to nothing or 30, 44 to 40 or 50."""
    lots = LotRules(np.array([25.0]), np.array([10.0]))
    units = np.array([[29.0, 44.0, 30.0, 0.0]])
    assert lots.least.tolist() == [30]
    assert lots.down(units).tolist() == [[0, 40, 30, 0]]
    assert lots.up(units).tolist() == [[30, 50, 30, 0]]
    assert lots.kept(units).tolist() == [[False, False, True, True]]


def test_parts_planned_one_by_one_stay_below_their_bound(random_problem, monkeypatch):
    """Where one search would be too large, the plan comes within a tenth of the exact one, which keeps its bound."""
    for seed in range(3):
        mine = with_rules(random_problem(seed, products=6, weeks=3, scenarios=1), seed)
        exact = make(mine)
        with monkeypatch.context() as small:
            small.setattr(rules, "TOGETHER", 3)
            small.setattr(rules, "PART", 6)
            parts = make(mine)
        assert rules.is_kept(mine, parts.supply, np.zeros(0))
        assert 0.9 * exact.objective <= parts.objective <= exact.objective + 1e-5 * abs(exact.objective)
        assert parts.bound >= exact.objective - 1e-5 * abs(exact.objective)


@pytest.mark.parametrize("scenarios", [1, 6])
def test_what_is_decided_stays(random_problem, scenarios):
    """With the first week decided already, the plan keeps it and finds lots for the others."""
    mine = with_rules(random_problem(2, products=4, scenarios=scenarios, shelf=99), 2)
    fixed = np.where(np.arange(3) == 0, make(mine).supply, np.nan)
    plan = make(mine, fixed=fixed)
    assert plan.supply[:, 0] == pytest.approx(fixed[:, 0])
    assert rules.is_kept(mine, plan.supply, np.zeros(0))
    assert plan.supply[:, 1:].any()
