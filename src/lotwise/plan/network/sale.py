"""What supply earns, as a part of a program over a network: curves where they are exact, planes and steps elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.curves import add_curves, has_curve
from lotwise.plan.nearby import add_nearby, add_planes
from lotwise.plan.network.served import add_served, at_least_cost, with_service
from lotwise.plan.network.worst import add_worst, as_likely, in_mean, weighted, with_worst
from lotwise.plan.scenarios import add_scenarios
from lotwise.plan.settle import expect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.curves import CurveBlock
    from lotwise.plan.network.served import Served
    from lotwise.plan.network.worst import Worst
    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Model, Solution


@dataclass(frozen=True, slots=True)
class View:
    """What is maximized, and how the earnings of products without an exact curve stand in a program.

    Parameters
    ----------
    around
        A supply near which pieces are made finer; ``(n_products, n_weeks)``, none for a first guess.
    reach, together
        Of the steps away from it, as ``nearby.add_nearby``; a reach of 0 asks for planes, which bound from above.
    close
        Whether planes touch on all sides.
    served
        What is to be served at least cost, instead of what earns most.
    worst
        How the worst scenarios count, where they do.
    """

    around: NDArray[np.float64] | None = None
    reach: float = 1.0
    together: bool = False
    close: bool = False
    served: Served | None = None
    worst: Worst | None = None

    def of_block(self, chosen: NDArray[np.int64]) -> View:
        """Return the first guess for some products alone, in which no scenario is worse than another."""
        return View(served=None if self.served is None else self.served.part(chosen))

    def earned(self, problem: Problem, supply: NDArray[np.float64]) -> float:
        """Return what a supply earns, settled, in the measure that is maximized; the network's costs are left out."""
        if self.served is not None:
            return at_least_cost(problem, supply, self.served)
        if self.worst is not None:
            return weighted(problem, supply, self.worst)
        return float(expect(problem, supply, charges=np.zeros(problem.shape)).profit.sum())

    def valued(self, shown: CurveBlock, solution: Solution, problem: Problem) -> CurveBlock:
        """Return the block of exact curves with what rows of service, and of the worst scenarios, pay for its pieces."""
        if self.served is not None:
            return with_service(shown, solution, problem)
        return shown if self.worst is None else with_worst(shown, solution, problem, self.worst)

    def seen(self, problem: Problem, supply: NDArray[np.float64]) -> View:
        """Return the view with a cut of the worst scenarios at one more supply, where they count."""
        return self if self.worst is None else replace(self, worst=self.worst.touching(problem, supply))

    def likely(self, problem: Problem, solution: Solution) -> Problem:
        """Return the problem with scenarios as likely as a solution counts them."""
        return problem if self.worst is None else as_likely(problem, solution, self.worst)


def add_earnings(model: Model, supply: NDArray[np.int64], problem: Problem, breakpoints: int, view: View) -> CurveBlock | None:
    """Add what the supply of every product earns; return the block of exact curves, which knows the chords' slack.

    One scenario stands in its exact form, which has no curves: nothing comes back.
    """
    if view.served is not None:
        return add_served(model, supply, problem, breakpoints, view.served, view.around)
    if len(problem.demand) == 1:
        add_scenarios(model, supply, problem)
        return None
    whole, problem = problem, problem if view.worst is None else in_mean(problem, view.worst)
    curved = has_curve(problem)
    exact, hanging = np.flatnonzero(curved), np.flatnonzero(~curved)
    shown = add_curves(model, supply, problem, exact, breakpoints=breakpoints, around=view.around)
    if len(hanging) and view.around is None:
        add_curves(model, supply, problem, hanging, breakpoints=breakpoints, guess=True)
    elif len(hanging) and view.around is not None and view.reach:
        add_nearby(model, supply, problem, hanging, around=view.around, reach=view.reach, together=view.together)
    elif len(hanging) and view.around is not None:
        add_planes(model, supply, problem, hanging, around=view.around, close=view.close)
    if view.worst is not None:
        add_worst(model, supply, whole, shown, view.worst)
    return shown
