"""Sizes lots: the supply of each product and week that earns the most, within what limits it.

Linear programs whose size does not grow with the scenarios. Products that perish within their week and goods
whose demand waits stand in them as curves. Where weeks hang together in no such way (what keeps, and demand that
is lost) a first guess is improved by curves around it, and tangent planes prove how much better any plan could
be. One scenario is planned in its exact form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from lotwise.plan.curves import add_curves, has_curve
from lotwise.plan.limits import add_limits, add_promises, most_useful, prices, promised
from lotwise.plan.nearby import add_nearby, add_planes
from lotwise.plan.scenarios import add_scenarios
from lotwise.plan.settle import Outcome, expect
from lotwise.plan.solver import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Solution

ROUNDS = ((1.0, False), (1.0, True), (0.5, False), (0.5, True), (0.25, False), (0.25, True))
"""Of each round: how far the curves around a supply reach, in standard deviations of demand, and whether units move
between weeks together."""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of the way to a round's solution that are tried."""
DIGITS = 6


@dataclass(frozen=True)
class Plan:
    """What to make, and what it rests on.

    Parameters
    ----------
    supply
        Units for sale in each week; ``(n_products, n_weeks)``.
    outcome
        What it earns on average over the scenarios, settled; ``(n_products, n_weeks)`` each.
    bound
        Money no plan can exceed in these scenarios.
    price
        What one more hour or unit of each resource would earn; ``(n_resources, n_weeks)``.
    rows, columns
        Size of the linear program.
    missing
        Units of each promise (``limits.promised``) that cannot be kept; all 0 where the plan is feasible.
    needs
        ``(n_resources, n_weeks)``: whether the resource stands in the way of a promise.
    """

    supply: NDArray[np.float64]
    outcome: Outcome
    bound: float
    price: NDArray[np.float64]
    rows: int
    columns: int
    missing: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    needs: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))

    @property
    def objective(self) -> float:
        """Expected contribution of the plan, in money."""
        return float(self.outcome.profit.sum())

    @property
    def is_feasible(self) -> bool:
        """Whether every promise is kept."""
        return not self.missing.any()


def make(
    problem: Problem, *, breakpoints: int = 12, form: Literal["curves", "scenarios"] = "curves", prove: bool = True
) -> Plan:
    """Return the plan that earns the most on average over the problem's scenarios.

    Promises that cannot all be kept do not stop it: as many promised units as possible are kept, the
    rest is ``missing``, and the plan is the best one that keeps them.

    Parameters
    ----------
    problem
        What is to be planned.
    breakpoints
        Pieces of each curve; with as many as scenarios the curves are exact.
    form
        ``"curves"``, or ``"scenarios"`` for the exact program, which grows with the scenarios.
    prove
        Whether to spend time on a close bound; without, it is true but some percent away.

    Notes
    -----
    With one scenario the exact program is solved. Chords of curves lie below the truth, which ``bound`` makes
    good by Lagrangian duality; tangent planes lie above it.
    """
    owed = promised(problem)[2]
    missing, needs = np.zeros(len(owed)), np.zeros(problem.resources.capacity.shape, dtype=bool)

    def solve(units: NDArray[np.float64]) -> _Found | None:
        if form == "scenarios" or len(problem.demand) == 1:
            return _solve_exact(problem, units)
        return _solve_curves(problem, units, breakpoints, prove=prove)

    found = solve(owed)
    if found is None:
        missing, needs = _relax(problem, owed)
        found = solve(owed - missing - 10.0**-DIGITS)
    if found is None:
        message = "A plan whose promises were relaxed is infeasible, which cannot be"
        raise RuntimeError(message)
    supply, bound, solution, model = found
    return Plan(
        supply=supply,
        outcome=expect(problem, supply),
        bound=bound,
        price=np.round(prices(solution, problem), DIGITS),
        rows=model.rows,
        columns=model.columns,
        missing=missing,
        needs=needs,
    )


_Found = tuple["NDArray[np.float64]", float, "Solution", Model]


def _start(problem: Problem, owed: NDArray[np.float64]) -> tuple[Model, NDArray[np.int64]]:
    """Return a model with supply, its limits and its promises."""
    model = Model()
    supply = model.var("supply", problem.shape, high=most_useful(problem), gain=-problem.terms.cost[:, None])
    add_limits(model, supply, problem)
    add_promises(model, supply, problem, owed)
    return model, supply


def _supply(solution: Solution) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.maximum(solution.values["supply"], 0.0)
    return np.round(found, DIGITS) + 0.0


def _solve_exact(problem: Problem, owed: NDArray[np.float64]) -> _Found | None:
    model, supply = _start(problem, owed)
    add_scenarios(model, supply, problem)
    solution = model.solve()
    return (_supply(solution), solution.objective, solution, model) if solution.feasible else None


def _solve_curves(problem: Problem, owed: NDArray[np.float64], breakpoints: int, *, prove: bool) -> _Found | None:
    curved = has_curve(problem)
    exact, hanging = np.flatnonzero(curved), np.flatnonzero(~curved)
    model, columns = _start(problem, owed)
    add_curves(model, columns, problem, exact, breakpoints=breakpoints)
    add_curves(model, columns, problem, hanging, breakpoints=breakpoints, guess=True)
    solution = model.solve()
    if not solution.feasible:
        return None
    supply = _best_less(problem, np.maximum(solution.values["supply"], 0.0))
    for reach, together in ROUNDS if len(hanging) else ROUNDS[:1]:
        model, columns = _start(problem, owed)
        shown = add_curves(model, columns, problem, exact, breakpoints=breakpoints, around=supply)
        add_nearby(model, columns, problem, hanging, around=supply, reach=reach, together=together)
        solution = model.solve()
        supply = _best_between(problem, supply, np.maximum(solution.values["supply"], 0.0))
    if len(hanging):
        model, columns = _start(problem, owed)
        shown = add_curves(model, columns, problem, exact, breakpoints=breakpoints, around=supply)
        add_planes(model, columns, problem, hanging, around=supply, close=prove)
        solution = model.solve()
    return np.round(supply, DIGITS) + 0.0, solution.objective + shown.slack(solution), solution, model


def _best_less(problem: Problem, most: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of each product's supply that earns most; less of anything keeps every limit but a promise."""
    firm = np.zeros(most.shape) if problem.firm is None else problem.firm
    promised = firm.any(axis=1, keepdims=True)
    steps = np.stack([np.where(promised, most, share * most) for share in SHARES])
    earned = np.stack([expect(problem, step).profit.sum(axis=1) for step in steps])
    best: NDArray[np.float64] = steps[earned.argmax(axis=0), np.arange(len(most))]
    return best


def _best_between(problem: Problem, old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the supply that earns most on the way from one to the other, keeping the limits.

    Both ends keep them, so every step between does. A product that no limit can touch on its way takes
    its own best step; the others take the one that is best for all of them.
    """
    steps = np.stack([old + share * (new - old) for share in SHARES])
    earned = np.stack([expect(problem, step).profit.sum(axis=1) for step in steps])
    free = _unhindered(problem, np.maximum(old, new))
    together = earned[:, ~free].sum(axis=1).argmax()
    chosen = np.where(free, earned.argmax(axis=0), together)
    best: NDArray[np.float64] = steps[chosen, np.arange(len(chosen))]
    return best


def _unhindered(problem: Problem, most: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether each product uses only resources that suffice for this much of everything without overtime."""
    resources = problem.resources
    used, capacity = resources.used(most, problem.lead), resources.capacity
    kept = ~resources.is_machine
    used[kept], capacity = np.cumsum(used[kept], axis=1), np.where(kept[:, None], np.cumsum(capacity, axis=1), capacity)
    scarce = (used > capacity).any(axis=1)
    free: NDArray[np.bool_] = resources.uses.T @ scarce.astype(float) == 0
    return free


def _relax(problem: Problem, owed: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the promised units that cannot be supplied in time, and which resource stands in the way when."""
    model = Model()
    supply = model.var("supply", problem.shape, high=most_useful(problem))
    add_limits(model, supply, problem)
    rows = add_promises(model, supply, problem, owed)
    missing = model.var("missing", owed.shape, gain=-1.0)
    model.add(rows, missing, 1.0)
    solution = model.solve()
    return np.round(solution.values["missing"], DIGITS) + 0.0, prices(solution, problem) > 10.0**-DIGITS
