from dataclasses import replace

import numpy as np
import pytest

from lotwise.plan import make
from lotwise.plan.publish import solve_row


@pytest.mark.parametrize(
    ("more", "missing", "status"), [(0, 0, "optimal"), (1e-4, 0, "optimal"), (1, 0, "bounded"), (1, 2, "infeasible")]
)
def test_the_status_says_how_good_the_plan_is(random_problem, more, missing, status):
    """A plan within a millionth of its bound is optimal, a plan below it bounded, one that misses a promise infeasible."""
    problem = random_problem(1, scenarios=1)  # it earns 300: a ten-thousandth below the bound is rounding
    plan = make(problem)
    row = solve_row(problem, replace(plan, bound=plan.objective + more, missing=np.array([float(missing)])))
    assert (row["status"], row["bound"]) == (status, pytest.approx(plan.objective + more))
    assert plan.objective > 200
