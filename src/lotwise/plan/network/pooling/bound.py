"""What no plan that assembles after the order can exceed, in all scenarios: two-stage programs of parts of them.

The scenarios are dealt out to parts of equal size. Were each part's plan free to know which part comes, they would earn no
less on average than one plan for all; and the linear program of a part, with assembly free to look ahead within each
scenario, earns no less than any plan does there. With one part it is the two-stage bound itself.

References
----------
Madansky (1960), inequalities for stochastic linear programming problems (wait and see); Sandikci, Kong and Schaefer (2013), a
hierarchy of bounds for stochastic mixed-integer programs (expected value over groups of scenarios).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.curves import has_curve
from lotwise.plan.network.fix import Search, relaxed_bounds
from lotwise.plan.network.pooling.cases import cases
from lotwise.plan.network.rows import TIE
from lotwise.plan.network.sale import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network
    from lotwise.plan.network.pooling.assembly import Assembly
    from lotwise.plan.problem import Problem


def bound(assembly: Assembly, supply: NDArray[np.float64], *, size: int, breakpoints: int) -> float:
    """Return what no plan earns more than on average over all scenarios, in the measure that is maximized.

    Parameters
    ----------
    assembly
        What is planned.
    supply
        Supply near which the earnings of products that are planned ahead are shown closely; ``(n_products, n_weeks)``.
    size
        Scenarios of a part at most.
    breakpoints
        Pieces of the curves of products that are planned ahead.
    """
    network, orders, scenarios = assembly.network, assembly.orders, len(assembly.problem.demand)
    parts = -(-scenarios // size)
    items = network.items
    left = np.where(items.keeps, items.left - TIE * items.holding, items.left)  # the program adds it again
    free = replace(assembly, network=replace(network, items=replace(items, left=left)))
    total = float(orders.stock.profit.sum(axis=(1, 2)).mean())
    for part in range(parts):
        mine = np.arange(part, scenarios, parts)
        found = cases(free, mine, np.full(len(mine), 1.0 / len(mine)), room=False)
        total += len(mine) / scenarios * _relaxed(found.problem, found.network, supply, breakpoints)
    return total


def _relaxed(problem: Problem, network: Network, supply: NDArray[np.float64], breakpoints: int) -> float:
    view = View()
    if len(problem.demand) > 1 and not has_curve(problem).all():
        near = np.zeros(problem.shape)
        near[: len(supply)] = supply
        view = View(near, reach=0.0, close=True)
    solved = Search(problem, network, breakpoints, view).solve(relaxed_bounds(problem, network))
    return solved.solution.objective + solved.slack
