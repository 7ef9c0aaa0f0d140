"""Plans for the worst scenarios as well as for the mean: ``(1 - risk) mean + risk CVaR`` of profit.

The program knows the mean of the worst scenarios by cuts (``worst``). It is solved, its plan settled scenario by scenario,
the worst set becomes one more cut, and the program is solved again, until it expects no more of the worst than they
really earn. Cuts are found with everything that comes whole free, and again with it fixed; blocks of lots are decided for
scenarios drawn by what they count in the linear program. A scenario's profit is that of all products together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.curves import has_curve
from lotwise.plan.network.fix import fix, is_lumpy
from lotwise.plan.network.follow import worth
from lotwise.plan.network.worst import Worst, count_of, earnings

if TYPE_CHECKING:
    from lotwise.plan.network.fix import Search, Solved
    from lotwise.plan.network.rows import Bounds
    from lotwise.plan.problem import Problem

ROUNDS, AGAIN = 15, 2
FIRST = (0.0, 0.5, 1.0, 1.5)
"""Shares of mean demand at which planes touch at first."""
NEAR = 0.0005
"""Share of the objective by which the program may expect more of the worst scenarios than they earn."""


def start(problem: Problem, *, risk: float, tail: float) -> Worst | None:
    """Return how the worst scenarios count, their mean held below that of all at first; nothing where they do not count.

    Parameters
    ----------
    problem
        The demand side; in a single scenario nothing is worse than the mean.
    risk
        Weight of the mean of the worst scenarios.
    tail
        Share of scenarios that are the worst, rounded up to whole ones.
    """
    scenarios = len(problem.demand)
    if risk <= 0 or scenarios == 1:
        return None
    mean = problem.demand.mean(axis=0)
    worst = Worst(risk, count_of(scenarios, tail), points=tuple(share * mean for share in FIRST))
    return worst.with_cut(problem, np.arange(scenarios))


def averse(search: Search, bounds: Bounds) -> tuple[Search, Solved, Solved]:
    """Return the search with the cuts that were found, its program's plan, and the best plan settled on the way.

    The objective of the program's plan is a bound for all plans within the bounds; it is earned only as far as the cuts
    have met the truth.

    Parameters
    ----------
    search
        What is planned; its view says how the worst scenarios count.
    bounds
        Within which.
    """
    best, value, found = None, -np.inf, search.solve(bounds)
    for number in range(ROUNDS + 1):
        worst = search.view.worst
        if worst is None or not found.solution.feasible:
            break
        supply = np.maximum(found.solution.values["supply"], 0.0)
        earned = search.earned(supply) - search.costs(found)
        if best is None or earned > value:
            best, value = found, earned
        expected = float(found.solution.values["worst"][0])
        missed = worst.weight * (expected - worst.mean(earnings(search.problem, supply)))
        if missed <= NEAR * abs(found.solution.objective) or number == ROUNDS:
            break
        search = search.seen(found)
        found = search.solve(bounds)
    return search, found, found if best is None else best


def settled(search: Search, free: Bounds, found: Solved) -> tuple[Search, Solved]:
    """Return the search with cuts around plans in which everything comes whole, and the best of these plans.

    Pieces of curves are finer around the plan found so far, where there is nothing but curves.
    What comes whole is decided ``AGAIN`` times more with the cuts that were found with it fixed, as long as that is better.

    Parameters
    ----------
    search
        What is planned, with the cuts of its linear program.
    free
        Bounds within which everything may happen in part.
    found
        A plan in which everything comes whole.
    """
    if has_curve(search.problem).all():
        search = replace(search, view=replace(search.view, around=np.maximum(found.solution.values["supply"], 0.0)))
    search, _, best = averse(search, found.bounds)
    best = max((found, best), key=lambda one: worth(search, one))
    for _ in range(AGAIN if is_lumpy(search.network) else 0):
        start = search.solve(free)
        again = fix(search, start, bound=start.solution.objective + start.slack)
        search, _, new = averse(search, again.bounds)
        if worth(search, new) <= worth(search, best):
            break
        best = new
    return search, best
