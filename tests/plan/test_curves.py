import numpy as np
import pytest
from scipy.stats import norm

from lotwise.plan import expect, make, settle
from lotwise.plan.curves import cumulative, curves_of, newsvendor


def test_newsvendor_reaches_the_closed_form(terms, problem):
    """Demand N(120, 10), overage 2, underage 18: make 132.8155, at an expected cost of 35.0997."""
    # Price 20, cost 2, salvage 0: underage 18, overage 2; quantile .9; cost = 20 x 10 x pdf(1.28155).
    demand = norm.ppf((np.arange(4000) + 0.5) / 4000, 120, 10).reshape(-1, 1, 1)
    mine = problem(demand, terms(price=20, cost=2, salvage=0))
    plan = make(mine, breakpoints=4000)
    assert plan.supply[0, 0] == pytest.approx(132.8155, abs=0.05)
    assert 18 * 120 - plan.objective == pytest.approx(35.0997, abs=0.05)
    assert 18 * 120 - make(mine, breakpoints=12).objective == pytest.approx(35.0997, abs=0.1)


def test_curve_is_what_settlement_says(random_problem):
    """A newsvendor curve at any scenario's demand is the settled mean earnings of that supply."""
    problem = random_problem(1, shelf=1)
    curves = newsvendor(problem.demand, problem.terms)
    values = curves.at_scenarios()
    for scenario in (0, 3, 7):
        supply = curves.sorted[scenario]
        earned = settle(supply, problem.demand, problem.terms)
        assert values[scenario] == pytest.approx(earned.revenue.mean(axis=0))


def test_cumulative_curves_are_exact_for_backorders(random_problem):
    """For goods that keep and demand that waits, the curves of cumulative supply add up to the settled profit."""
    problem = random_problem(2, shelf=99, backorder=True)
    supply = np.random.default_rng(0).uniform(0, 25, problem.shape)
    total = np.cumsum(supply, axis=1)
    curves = cumulative(problem.demand, problem.terms)
    below = np.minimum(np.cumsum(problem.demand, axis=2), total).mean(axis=0)
    earned = (curves.constant + curves.up * below + curves.down * (total - below)).sum()
    settled = settle(supply, problem.demand, problem.terms)
    assert earned - (problem.terms.cost[:, None] * supply).sum() == pytest.approx(settled.profit.sum(axis=(1, 2)).mean())


def test_curves_of_both_kinds_are_each_kind_s_own(random_problem):
    """Curves of lost and waiting demand together are, product by product, those of its kind alone."""
    problem = random_problem(3, backorder=None)
    waits = problem.terms.backorder
    found = curves_of(problem.demand, problem.terms, carried=True)
    for kind, alone in (
        (waits, cumulative(problem.demand, problem.terms)),
        (~waits, newsvendor(problem.demand, problem.terms, carried=True)),
    ):
        assert kind.any()
        for name in ("sorted", "below", "up", "down", "constant"):
            assert (getattr(found, name)[..., kind, :] == getattr(alone, name)[..., kind, :]).all()


@pytest.mark.parametrize("breakpoints", [2, 5, 12, 64])
def test_chords_are_concave_and_below_the_curve(random_problem, breakpoints):
    """Slopes fall from price to salvage, and the chords end where the curve ends."""
    curves = newsvendor(random_problem(4, shelf=1, scenarios=20).demand, random_problem(4, shelf=1).terms)
    widths, slopes = curves.chords(breakpoints)
    assert (np.diff(slopes, axis=0) <= 1e-12).all()
    assert (widths[:-1] * slopes[:-1]).sum(axis=0) == pytest.approx(curves.at_scenarios()[-1])


def test_bound_is_never_below_the_best_plan(random_problem):
    """With few breakpoints the plan is worse and the bound still above the exact optimum."""
    problem = random_problem(5, shelf=1, scenarios=30)
    exact = make(problem, form="scenarios")
    rough = make(problem, breakpoints=3)
    assert rough.objective <= exact.objective + 1e-6 <= rough.bound + 2e-6
    assert expect(problem, rough.supply).profit.sum() == pytest.approx(rough.objective)
