"""CP-SAT beside brute force on small random shops, in a process of its own: ``python -m tests.schedule.exact.against 0 40``.

OR-Tools stays out of the process of the tests. Prints one line a difference and ends with status 1 where there is one.
"""

from __future__ import annotations

import sys

import numpy as np
from ortools.sat.python import cp_model

from lotwise.schedule.bounds import bound
from lotwise.schedule.check import breaches
from lotwise.schedule.exact.child import answer_of
from lotwise.schedule.exact.goal import set_goal
from lotwise.schedule.exact.model import program
from lotwise.schedule.exact.retime import retime
from lotwise.schedule.value import value
from tests.schedule.brute import best, random_schedule
from tests.schedule.shops import random_shop


def solved(shop, begin, *, hinted=False):
    """Return the best schedules CP-SAT finds, as early as can be and as they are, and its own total.

    Where ``hinted``, nothing but the hint is looked at.
    """
    written = program(shop, begin)
    scale = set_goal(written)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.fix_variables_to_their_hinted_value = hinted
    status = solver.solve(written.model)
    if status != cp_model.OPTIMAL:
        return None, 0.0
    answer = answer_of(written, solver.value)
    found = [retime(shop, answer["mode"], answer["start"], answer["worked"], early=early) for early in (True, False)]
    return found, solver.objective_value / scale + written.constant


def differences(seed):
    """Return, in words, where the two differ on one shop, all parts of it drawn.

    With overtime brute force is no more than an upper bound: it never waits until an overtime opening is over.
    """
    rng = np.random.default_rng(seed)
    parts = {"setups": seed % 5 > 0, "calendars": seed % 3 > 0, "tools": seed % 2 > 0, "fixed": seed % 4 > 0}
    shop = random_shop(rng, 3, 2, steps=2, batches=False, overtime=seed % 3 == 1, **parts)
    begin, least = random_schedule(shop, rng), best(shop)[1].total
    found, total = solved(shop, begin if seed % 2 else None)
    if found is None:
        return ["no schedule"]
    said = [line for schedule in found for line in breaches(shop, schedule)]
    now = min(value(shop, schedule).total for schedule in found)
    waits = len(shop.calendars.periods) > 0
    if abs(now - total) > 1e-6 or now > least + 1e-6 or (now < least - 1e-6 and not waits):
        said.append(f"CP-SAT {total}, retimed {now}, brute force {least}")
    if bound(shop) > now + 1e-6:
        said.append(f"bound {bound(shop)} above {now}")
    again, hinted = solved(shop, begin, hinted=True)
    if again is None or abs(hinted - value(shop, begin).total) > 1e-6:
        said.append(f"the hint is not the schedule it was made from: {hinted} instead of {value(shop, begin).total}")
    return said


if __name__ == "__main__":
    lines = [f"{seed}: {line}" for seed in range(int(sys.argv[1]), int(sys.argv[2])) for line in differences(seed)]
    sys.stdout.write("\n".join(lines))
    sys.exit(bool(lines))
