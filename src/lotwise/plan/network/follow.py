"""Improves a plan of products without an exact curve: what keeps, and demand that is lost.

Around a supply their earnings stand in the program as steps; its solution is a direction, and the plan is
the best point on the way, each point settled. What comes whole stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.curves import has_curve
from lotwise.plan.lots import ROUNDS, SHARES, best_between
from lotwise.plan.network.fix import LARGE, Solved
from lotwise.plan.network.rows import add_network
from lotwise.plan.settle import expect
from lotwise.plan.solver import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.fix import Search
    from lotwise.plan.network.rows import Bounds
    from lotwise.plan.problem import Problem

FINELY = 12_000
"""Rows up to which curves are made finer around a plan: it earns some ten-thousandths more."""
HAIR = 1e-6
"""Units by which a supply may miss the one that was chosen, for rounding."""


def follow(search: Search, found: Solved) -> Solved:
    """Return a plan that is no worse: finer curves around its supply, or steps where products have no exact curve.

    Parameters
    ----------
    search
        What is planned.
    found
        A plan in which everything comes whole.

    Notes
    -----
    On the way each product that no machine hinders takes its own best share, the others the share that is best for all of
    them; the network then takes the cheapest way to that supply. Where it cannot, the step is taken whole.
    """
    problem = search.problem
    if len(problem.demand) == 1 or (has_curve(problem).all() and found.rows > FINELY):
        return found
    whole = replace(found.bounds, low=_fixed(search, found, "low"), high=_fixed(search, found, "high"))
    if has_curve(problem).all():
        around = np.maximum(found.solution.values["supply"], 0.0)
        finer = replace(search, view=replace(search.view, around=around)).solve(whole)
        return max((found, finer), key=lambda one: worth(search, one)) if finer.solution.feasible else found
    best = _nearest(search, whole, _least(search.view.likely(problem, found.solution), found.solution.values["supply"]), found)
    for reach, together in ROUNDS:
        around = best.solution.values["supply"]
        step = replace(search, view=replace(search.view, around=around, reach=reach, together=together)).solve(whole)
        if not step.solution.feasible:
            continue
        likely = search.view.likely(problem, step.solution)
        target = best_between(likely, around, np.maximum(step.solution.values["supply"], 0.0))
        best = max((best, step, _nearest(search, whole, target, step)), key=lambda one: worth(search, one))
        search = search.seen(best)
    return best


def worth(search: Search, found: Solved) -> float:
    """Return what a plan really earns, settled, changes and late promises counted: the measure that is maximized."""
    return search.earned(np.maximum(found.solution.values["supply"], 0.0)) - search.costs(found)


def _fixed(search: Search, found: Solved, side: str) -> NDArray[np.float64]:
    """Return the bounds of levels with those of whole multiples as they were found."""
    step = (search.network.activities.multiple > 0)[:, None]
    bound: NDArray[np.float64] = getattr(found.bounds, side)
    return np.where(step, found.solution.values["level"], bound)


def _least(problem: Problem, most: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of each product's supply that earns most on its own, promises kept."""
    most = np.maximum(most, 0.0)
    firm: NDArray[np.bool_] = np.zeros(problem.shape, dtype=bool) if problem.firm is None else problem.firm > 0
    steps = np.stack([np.where(firm.any(axis=1, keepdims=True), most, share * most) for share in SHARES])
    return _best(problem, steps)


def _best(problem: Problem, steps: NDArray[np.float64]) -> NDArray[np.float64]:
    nothing = np.zeros(problem.shape)
    earned = np.stack([expect(problem, step, charges=nothing).profit.sum(axis=1) for step in steps])
    found: NDArray[np.float64] = steps[earned.argmax(axis=0), np.arange(steps.shape[1])]
    return found


def _nearest(search: Search, whole: Bounds, target: NDArray[np.float64], otherwise: Solved) -> Solved:
    """Return the network's cheapest way to a supply, or the plan it was taken from where there is none."""
    bounds = replace(whole, supply=(np.maximum(target - HAIR, 0.0), target + HAIR))
    model = Model()
    add_network(model, search.problem, search.network, bounds)
    solution = model.solve(method="large" if model.rows > LARGE else "presolved")
    return Solved(whole, solution, 0.0, model.rows, model.columns) if solution.feasible else otherwise
