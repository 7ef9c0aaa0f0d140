"""Sizes lots: the supply of each product and week that earns the most, within what limits it.

Linear programs whose size does not grow with the scenarios. Products that perish within their week and goods
whose demand waits stand in them as curves. Where weeks hang together in no such way (what keeps, and demand that
is lost) a first guess is improved by curves around it, and tangent planes prove how much better any plan could
be. One scenario is planned in its exact form.

Where lots have rules (a smallest lot, whole multiples), the plan without them is rounded and improved, products
without rules adapt, and with one scenario a mixed-integer program proves what is left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from lotwise.plan.curves import add_curves, has_curve
from lotwise.plan.limits import add_limits, add_promises, most_useful, prices, promised
from lotwise.plan.nearby import add_nearby, add_planes
from lotwise.plan.rounding import round_lots
from lotwise.plan.rules import add_rules, is_kept, least_kept, most_in_lots, solve_whole
from lotwise.plan.scenarios import add_scenarios
from lotwise.plan.settle import Outcome, expect
from lotwise.plan.solver import Model

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lotwise.plan.network.flow import Flow
    from lotwise.plan.problem import LotRules, Problem
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
        Money no plan can exceed in these scenarios. With lot rules and many scenarios it is the bound of the
        plan without the rules: what the solver may have left then includes what the rules cost.
    price
        What one more hour or unit of each resource would earn; ``(n_resources, n_weeks)``. With lot rules, at lots
        of any size: with one scenario in the weeks that have a lot, with many in all weeks.
    rows, columns
        Size of the linear program.
    missing
        Units of each promise (``limits.promised``) that cannot be kept; all 0 where the plan is feasible.
    needs
        ``(n_resources, n_weeks)``: whether the resource stands in the way of a promise.
    flow
        What the network does for it, where it was made over one.
    """

    supply: NDArray[np.float64]
    outcome: Outcome
    bound: float
    price: NDArray[np.float64]
    rows: int
    columns: int
    missing: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    needs: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))
    flow: Flow | None = None

    @property
    def objective(self) -> float:
        """Expected contribution of the plan, in money."""
        return float(self.outcome.profit.sum())

    @property
    def is_feasible(self) -> bool:
        """Whether every promise is kept."""
        return not self.missing.any()


def make(
    problem: Problem,
    *,
    breakpoints: int = 12,
    form: Literal["curves", "scenarios"] = "curves",
    prove: bool = True,
    fixed: NDArray[np.float64] | None = None,
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
    fixed
        Supply that is decided already, within the limits, not a number where it is free; ``(n_products, n_weeks)``. With lot
        rules the free lots are rounded, and one scenario is planned like many.

    Notes
    -----
    With one scenario the exact program is solved. Chords of curves lie below the truth, which ``bound`` makes
    good by Lagrangian duality; tangent planes lie above it. With lot rules and one scenario (or form
    ``"scenarios"``) the exact program has whole numbers, and its search may end before the proof does.
    """
    owed = promised(problem)[2]
    missing, needs = np.zeros(len(owed)), np.zeros(problem.resources.capacity.shape, dtype=bool)
    is_exact = form == "scenarios" or len(problem.demand) == 1

    def any_lots(units: NDArray[np.float64], box: _Box | None = None) -> _Found | None:
        box = box if fixed is None else _held(problem, fixed)
        if is_exact:
            return _solve_exact(problem, units, box)
        return _solve_curves(problem, units, breakpoints, prove=prove, box=box)

    def solve(units: NDArray[np.float64]) -> _Found | None:
        if problem.rules is None or not problem.rules.bind.any():
            return any_lots(units)
        if fixed is not None:
            near = any_lots(units)
            return near and (_rounded_around(problem, fixed, near, units), *near[1:])
        return _solve_lots(problem, problem.rules, units, any_lots, is_exact=is_exact)

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
_Box = tuple["NDArray[np.float64]", "NDArray[np.float64]"]
"""Least and most supply of each product and week."""


def _start(problem: Problem, owed: NDArray[np.float64], box: _Box | None) -> tuple[Model, NDArray[np.int64]]:
    """Return a model with supply, its limits and its promises."""
    model = Model()
    low, high = (0.0, most_useful(problem)) if box is None else box
    supply = model.var("supply", problem.shape, low=low, high=high, gain=-problem.terms.cost[:, None])
    add_limits(model, supply, problem)
    add_promises(model, supply, problem, owed)
    return model, supply


def _held(problem: Problem, fixed: NDArray[np.float64]) -> _Box:
    """Return the supply that is decided already, with a hair of room for its rounding, and what may be made elsewhere."""
    decided = np.isfinite(fixed)
    low = np.where(decided, np.maximum(fixed - 10.0 ** (1 - DIGITS), 0.0), 0.0)
    return low, np.where(decided, fixed, most_useful(problem))


def _rounded_around(
    problem: Problem, fixed: NDArray[np.float64], found: _Found, owed: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what is decided already, and elsewhere lots."""
    start = np.asarray(np.round(np.where(np.isfinite(fixed), fixed, _rounded_down(problem, found[0])), DIGITS), dtype=float)
    price = prices(found[2], problem)
    return round_lots(problem, found[0], start, price=price, owed=owed, held=np.isfinite(fixed))


def _rounded_down(problem: Problem, near: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the next smaller lots, which no limit minds but a promise."""
    if problem.rules is None:
        return near
    found = np.where(problem.rules.bind[:, None], problem.rules.down(near), near)
    return np.asarray(np.round(found, DIGITS), dtype=float)


def _supply(solution: Solution) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.maximum(solution.values["supply"], 0.0)
    return np.round(found, DIGITS) + 0.0


def _solve_lots(
    problem: Problem,
    rules: LotRules,
    owed: NDArray[np.float64],
    any_lots: Callable[[NDArray[np.float64], _Box | None], _Found | None],
    *,
    is_exact: bool,
) -> _Found | None:
    """Return the plan that keeps the rules: any lots, rounded and improved; then what is not whole adapts, or a proof."""
    found = any_lots(owed, (np.zeros(problem.shape), most_in_lots(problem)))
    if found is None:
        return None
    near, bound, solution, model = found
    down = _rounded_down(problem, near)
    start = down if is_kept(problem, down, owed) else least_kept(problem, owed)
    if start is None:
        return None
    price = prices(solution, problem)
    supply = round_lots(problem, near, start, price=price, owed=owed)
    if is_exact:
        supply, bound = solve_whole(problem, owed, supply, price)
        again = any_lots(owed, _box(problem, supply, same=np.zeros(len(supply), dtype=bool)))
        return (supply, bound, solution, model) if again is None else (supply, bound, *again[2:])
    whole = rules.multiple > 0
    again = None if whole.all() else any_lots(owed, _box(problem, supply, same=whole))
    if again is not None:
        adapted: NDArray[np.float64] = np.where(whole[:, None], supply, again[0])
        adapted = np.where(rules.bind[:, None], np.round(rules.up(adapted), DIGITS), adapted)
        adapted = round_lots(problem, near, adapted, price=price, owed=owed) if is_kept(problem, adapted, owed) else supply
        supply = max((supply, adapted), key=lambda made: float(expect(problem, made).profit.sum()))
    return supply, bound, solution, model


def _box(problem: Problem, supply: NDArray[np.float64], *, same: NDArray[np.bool_]) -> _Box:
    """Return the supply that leaves every lot in its week: of the same size, or of any size the smallest lot allows."""
    rules = problem.rules
    low, high = np.zeros(problem.shape), most_in_lots(problem)
    if rules is not None:
        made = supply > 0
        high = np.where(rules.bind[:, None], np.where(made, np.maximum(high, supply), 0.0), high)
        low = np.where(made, np.where(rules.bind, rules.least, 0.0)[:, None], 0.0)
    high = np.where(same[:, None], supply, high)
    low = np.where(same[:, None], supply, low)
    return np.maximum(low - 10.0 ** (1 - DIGITS), 0.0), high  # a hair of room: sums of rounded lots may just miss a limit


def _solve_exact(problem: Problem, owed: NDArray[np.float64], box: _Box | None) -> _Found | None:
    model, supply = _start(problem, owed, box)
    add_scenarios(model, supply, problem)
    solution = model.solve()
    return (_supply(solution), solution.objective, solution, model) if solution.feasible else None


def _solve_curves(
    problem: Problem, owed: NDArray[np.float64], breakpoints: int, *, prove: bool, box: _Box | None
) -> _Found | None:
    curved = has_curve(problem)
    exact, hanging = np.flatnonzero(curved), np.flatnonzero(~curved)
    model, columns = _start(problem, owed, box)
    add_curves(model, columns, problem, exact, breakpoints=breakpoints)
    add_curves(model, columns, problem, hanging, breakpoints=breakpoints, guess=True)
    solution = model.solve()
    if not solution.feasible:
        return None
    supply = _best_less(problem, np.maximum(solution.values["supply"], 0.0), least=None if box is None else box[0])
    for reach, together in ROUNDS if len(hanging) else ROUNDS[:1]:
        model, columns = _start(problem, owed, box)
        shown = add_curves(model, columns, problem, exact, breakpoints=breakpoints, around=supply)
        add_nearby(model, columns, problem, hanging, around=supply, reach=reach, together=together)
        solution = model.solve()
        supply = best_between(problem, supply, np.maximum(solution.values["supply"], 0.0))
    if len(hanging):
        model, columns = _start(problem, owed, box)
        shown = add_curves(model, columns, problem, exact, breakpoints=breakpoints, around=supply)
        add_planes(model, columns, problem, hanging, around=supply, close=prove)
        solution = model.solve()
    return np.round(supply, DIGITS) + 0.0, solution.objective + shown.slack(solution), solution, model


def _best_less(problem: Problem, most: NDArray[np.float64], least: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Return the share of each product's supply that earns most; less keeps every limit but a promise and a smallest lot."""
    firm = np.zeros(most.shape) if problem.firm is None else problem.firm
    promised = firm.any(axis=1, keepdims=True)
    if least is not None:
        promised |= least.any(axis=1, keepdims=True)
    steps = np.stack([np.where(promised, most, share * most) for share in SHARES])
    earned = np.stack([expect(problem, step).profit.sum(axis=1) for step in steps])
    best: NDArray[np.float64] = steps[earned.argmax(axis=0), np.arange(len(most))]
    return best


def best_between(problem: Problem, old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
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
    scarce = resources.scarce(most, problem.lead)
    free: NDArray[np.bool_] = resources.uses.T @ scarce.astype(float) == 0
    return free


def _relax(problem: Problem, owed: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the promised units that cannot be supplied in time, and which resource stands in the way when."""
    missing, needs = np.zeros(len(owed)), np.zeros(problem.resources.capacity.shape, dtype=bool)
    for rules in (None, problem.rules) if problem.rules is not None else (None,):
        model = Model()
        most = most_useful(problem) if rules is None else most_in_lots(problem)
        supply = model.var("supply", problem.shape, high=most)
        add_limits(model, supply, problem)
        rows = add_promises(model, supply, problem, owed)
        late = model.var("missing", owed.shape, gain=-1.0)
        model.add(rows, late, 1.0)
        if rules is not None:
            add_rules(model, supply, rules, most)
        solution = model.solve({"supply": np.zeros(problem.shape), "missing": owed})
        missing = np.round(solution.values["missing"], DIGITS) + 0.0
        needs |= prices(solution, problem) > 10.0**-DIGITS
    return missing, needs
