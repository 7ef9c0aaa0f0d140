"""Improves a plan of products without an exact curve: what keeps, and demand that is lost.

Around a supply their earnings stand in the program as steps; its solution is a direction, and the plan is
the best point on the way, each point settled. What comes whole stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.curves import has_curve
from lotwise.plan.lots import ROUNDS, SHARES
from lotwise.plan.network.sale import View
from lotwise.plan.settle import expect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.fix import Search, Solved
    from lotwise.plan.network.rows import Bounds
    from lotwise.plan.problem import Problem

HAIR = 1e-6
"""Units by which a supply may miss the one that was chosen, for rounding."""


def follow(search: Search, found: Solved) -> Solved:
    """Return a plan that is no worse, its supply improved for the products without an exact curve.

    Parameters
    ----------
    search
        What is planned.
    found
        A plan in which everything comes whole.

    Notes
    -----
    First each product takes its own best share of the way, and the network the cheapest way to that supply; where
    the network cannot, all take the share that is best for the whole.
    """
    problem = search.problem
    if has_curve(problem).all() or len(problem.demand) == 1:
        return found
    whole = replace(found.bounds, low=_fixed(search, found, "low"), high=_fixed(search, found, "high"))
    best = _nearest(search, whole, _least(problem, found.solution.values["supply"]), found)
    for reach, together in ROUNDS:
        around = best.solution.values["supply"]
        step = replace(search, view=View(around, reach, together)).solve(whole)
        if not step.solution.feasible:
            continue
        target = _between(problem, around, np.maximum(step.solution.values["supply"], 0.0))
        new = _nearest(search, whole, target, step)
        best = max((best, new), key=lambda one: worth(search, one))
    return best


def worth(search: Search, found: Solved) -> float:
    """Return what a plan really earns, settled, changes and late promises counted: the measure that is maximized."""
    problem, values = search.problem, found.solution.values
    supply = np.maximum(values["supply"], 0.0)
    earned = expect(problem, supply, charges=np.zeros(problem.shape)).profit.sum()
    return float(earned) - search.costs(found)


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


def _between(problem: Problem, old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    return _best(problem, np.stack([old + share * (new - old) for share in SHARES]))


def _best(problem: Problem, steps: NDArray[np.float64]) -> NDArray[np.float64]:
    nothing = np.zeros(problem.shape)
    earned = np.stack([expect(problem, step, charges=nothing).profit.sum(axis=1) for step in steps])
    found: NDArray[np.float64] = steps[earned.argmax(axis=0), np.arange(steps.shape[1])]
    return found


def _nearest(search: Search, whole: Bounds, target: NDArray[np.float64], otherwise: Solved) -> Solved:
    """Return the network's cheapest way to a supply, or the plan it was taken from where there is none."""
    curved: NDArray[np.bool_] = np.reshape(has_curve(search.problem), (-1, 1))
    low = np.where(curved, 0.0, np.maximum(target - HAIR, 0.0))
    high = np.where(curved, np.inf, target + HAIR)
    found = search.solve(replace(whole, supply=(low, high)))
    return found if found.solution.feasible else otherwise
