"""What supply earns, as a part of a program over a network: curves where they are exact, planes and steps elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.curves import add_curves, has_curve
from lotwise.plan.nearby import add_nearby, add_planes
from lotwise.plan.scenarios import add_scenarios

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.curves import CurveBlock
    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Model


@dataclass(frozen=True, slots=True)
class View:
    """How the earnings of products without an exact curve stand in a program.

    Parameters
    ----------
    around
        A supply near which pieces are made finer; ``(n_products, n_weeks)``, none for a first guess.
    reach, together
        Of the steps away from it, as ``nearby.add_nearby``; a reach of 0 asks for planes, which bound from above.
    close
        Whether planes touch on all sides.
    """

    around: NDArray[np.float64] | None = None
    reach: float = 1.0
    together: bool = False
    close: bool = False


def add_earnings(model: Model, supply: NDArray[np.int64], problem: Problem, breakpoints: int, view: View) -> CurveBlock | None:
    """Add what the supply of every product earns; return the block of exact curves, which knows the chords' slack.

    One scenario stands in its exact form, which has no curves: nothing comes back.
    """
    if len(problem.demand) == 1:
        add_scenarios(model, supply, problem)
        return None
    curved = has_curve(problem)
    exact, hanging = np.flatnonzero(curved), np.flatnonzero(~curved)
    shown = add_curves(model, supply, problem, exact, breakpoints=breakpoints, around=view.around)
    if len(hanging) and view.around is None:
        add_curves(model, supply, problem, hanging, breakpoints=breakpoints, guess=True)
    elif len(hanging) and view.around is not None and view.reach:
        add_nearby(model, supply, problem, hanging, around=view.around, reach=view.reach, together=view.together)
    elif len(hanging) and view.around is not None:
        add_planes(model, supply, problem, hanging, around=view.around, close=view.close)
    return shown
