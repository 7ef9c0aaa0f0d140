import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotwise.plan import settle
from lotwise.plan.tangents import tangent

QUIET = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def earnings(supply, problem):
    outcome = settle(supply, problem.demand, problem.terms)
    return outcome.profit.sum(axis=-1).mean(axis=0) + (problem.terms.cost[:, None] * supply).sum(axis=1)


@QUIET
@given(seed=st.integers(0, 10_000), backorder=st.sampled_from([False, True, None]))
def test_planes_lie_above_all_earnings(random_problem, seed, backorder):
    """Whatever supply a plane was made for, no supply of any shelf life earns more than the plane says."""
    problem = random_problem(seed, backorder=backorder, weeks=4, scenarios=3)
    rng = np.random.default_rng(seed)
    here, there = (np.round(rng.uniform(0, 30, problem.shape)) for _ in range(2))
    _, slopes, height = tangent(here, problem.demand, problem.terms)
    assert (height + (slopes * there).sum(axis=1) >= earnings(there, problem) - 1e-6).all()


@QUIET
@given(seed=st.integers(0, 10_000), backorder=st.sampled_from([False, True, None]), shelf=st.sampled_from([1, 99]))
def test_planes_touch_where_they_were_made(random_problem, seed, backorder, shelf):
    """For goods that perish at once or keep, the plane gives exactly the settled earnings of its own supply."""
    problem = random_problem(seed, backorder=backorder if shelf == 99 else False, weeks=4, scenarios=3, shelf=shelf)
    here = np.round(np.random.default_rng(seed).uniform(0, 30, problem.shape))
    found, slopes, height = tangent(here, problem.demand, problem.terms)
    assert found == pytest.approx(earnings(here, problem))
    assert height + (slopes * here).sum(axis=1) == pytest.approx(found)
