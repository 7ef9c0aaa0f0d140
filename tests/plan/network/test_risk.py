"""Plans for the worst scenarios as well as for the mean."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.plan.network.made import Options, make
from lotwise.plan.network.worst import Worst, count_of, earnings
from tests.plan.network.exact import best_at_risk
from tests.plan.network.plain import drawn, factory
from tests.plan.network.rules import breaches

WEIGHTS = (0.0, 0.5, 1.0)


def profits(problem, plan, flow):
    charges = sum(float(money.sum()) for cause, money in flow.charges.items() if cause != "change")
    return np.sort(earnings(problem, plan.supply) - problem.terms.cost @ plan.supply.sum(axis=1) - charges)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("risk", [0.3, 1.0])
def test_weighted_profit_is_that_of_the_exact_program(seed, risk):
    """The plan earns what the program with a profit for every scenario earns, but for a thousandth; no bound is below."""
    problem = drawn(seed, shelf=None)
    network = factory(problem, hours=0.9 * float(problem.demand.mean(axis=(0, 2)).sum()))

    plan, flow = make(problem, network, Options(risk=risk, tail=0.15))

    best = best_at_risk(problem, network, risk=risk, count=6)  # 0.15 of 40
    found = profits(problem, plan, flow)
    weighted = (1 - risk) * found.mean() + risk * found[:6].mean()
    assert 0.998 * best <= weighted <= best * (1 + 1e-9)
    assert weighted + plan.bound - plan.objective >= best * (1 - 1e-9)
    assert breaches(problem, network, plan, flow) == []


@pytest.mark.parametrize("shelf", [None, 99])
def test_more_weight_on_the_worst_never_hurts_them(shelf):
    """Along the frontier the mean falls and the mean of the worst rises."""
    problem = drawn(3, shelf=shelf, waits=None if shelf is None else False)
    network = factory(problem, hours=60.0)

    found = [profits(problem, *make(problem, network, Options(risk=risk))) for risk in WEIGHTS]

    mean, worst = (np.array([line[:count].mean() for line in found]) for count in (40, 4))
    assert (np.diff(mean) <= 2e-3 * mean[0]).all()
    assert (np.diff(worst) >= -2e-3 * mean[0]).all()
    assert worst[-1] > worst[0] + 0.01 * mean[0]


def test_all_scenarios_are_the_mean():
    """With all of them the worst, the plan earns what it earns without any weight on them."""
    problem = drawn(2, shelf=None)
    network = factory(problem, hours=60.0)

    plans = [make(problem, network, Options(risk=risk, tail=1.0))[0] for risk in (0.0, 1.0)]

    assert plans[1].objective == pytest.approx(plans[0].objective, rel=2e-3)


@pytest.mark.parametrize("many", [{"setup": 8.0}, {"lot": 7.0}])
def test_what_comes_whole_is_decided_for_the_worst_too(many):
    """With set-ups and lots the plan keeps all rules, and is worth no less than the plan for the mean."""
    problem = drawn(3, products=3, shelf=None)
    network = factory(problem, hours=40.0, **many)

    plans = [make(problem, network, Options(risk=risk)) for risk in (0.0, 0.5)]

    mean, averse = (profits(problem, *plan) for plan in plans)
    assert averse.mean() + averse[:4].mean() >= mean.mean() + mean[:4].mean() - 1e-6
    assert breaches(problem, network, *plans[1]) == []
    assert plans[1][0].bound >= plans[1][0].objective


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), shelf=st.sampled_from([2, 99]))
def test_cuts_lie_above_the_worst(seed, shelf):
    """Whatever supply a cut was made for, the worst scenarios of no supply earn more than it says."""
    problem = drawn(seed, scenarios=10, shelf=shelf, waits=False)
    here, there = np.round(np.random.default_rng(seed).uniform(0, 30, (2, *problem.shape)))
    worst = Worst(1.0, 3).touching(problem, here)
    plane = worst.cuts[0].planes[0]
    assert (plane.height.sum() + (plane.slopes * there).sum()) >= worst.mean(earnings(problem, there)) - 1e-6
    if shelf == 99:
        assert plane.height.sum() + (plane.slopes * here).sum() == pytest.approx(worst.mean(earnings(problem, here)))


def test_the_worst_are_whole_scenarios():
    """A tenth of 25 is 3, a tenth of 20 is 2, and there is always one."""
    assert [count_of(*case) for case in ((25, 0.1), (20, 0.1), (5, 0.0), (5, 1.0))] == [3, 2, 1, 5]
