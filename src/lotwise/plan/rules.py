"""Lot rules as rows of a mixed-integer program: a smallest lot, whole multiples.

Where demand is known the program is exact. Products that share no scarce resource are planned apart from each
other, so that most searches are tiny. Where many share one, a few at a time are planned again, the lots of the
others fixed, until none changes; then prices of the resources bound what any plan could earn.

References
----------
Geoffrion (1974), Lagrangean relaxation for integer programming. Helber and Sahling (2010), A fix-and-optimize
approach for the multi-level capacitated lot sizing problem.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from lotwise.plan.limits import add_limits, add_promises, most_useful, promised
from lotwise.plan.scenarios import add_scenarios
from lotwise.plan.settle import settle
from lotwise.plan.solver import GAP, Model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lotwise.plan.problem import LotRules, Problem
    from lotwise.plan.solver import Solution

MOST_LOTS = 1e5
"""More lots than this in a week are not counted one by one in the program; rounding settles them."""
TOGETHER = 96
"""Most products x weeks of one search; of more, a part at a time is planned again."""
PART = 48
"""Products x weeks of one part."""
PART_GAP = 1e-3
"""Share of a part's profit its search may leave."""
PASSES = 2
"""Most times each part is planned again."""


def most_in_lots(problem: Problem) -> NDArray[np.float64]:
    """Return the supply beyond which no lot is of use: the useful units, rounded up to a lot; ``(n_products, n_weeks)``."""
    most = most_useful(problem)
    if problem.rules is None:
        return most
    return np.where(problem.rules.bind[:, None], problem.rules.up(most), most)


def add_rules(model: Model, supply: NDArray[np.int64], rules: LotRules, most: NDArray[np.float64]) -> None:
    """Add the rules: supply is a whole number of multiples, and nothing or at least the smallest lot.

    Parameters
    ----------
    model, supply
        The program and its columns of supply, ``(n_products, n_weeks)``.
    rules
        What lots may be.
    most
        Units no lot exceeds; ``(n_products, n_weeks)``.
    """
    counted = np.flatnonzero((rules.multiple > 0) & (most.max(axis=1, initial=0.0) <= MOST_LOTS * rules.multiple))
    step = rules.multiple[counted, None]
    lots = model.var("lots", (len(counted), most.shape[1]), high=np.round(most[counted] / step), integer=True)
    whole = model.row("whole", lots.shape, 0.0, 0.0)
    model.add(whole, supply[counted], 1.0)
    model.add(whole, lots, -step)
    alone = np.isin(np.arange(len(most)), counted) & (rules.least <= rules.multiple)  # one multiple is the smallest lot
    least = np.flatnonzero((rules.least > 0) & ~alone)
    made = model.var("made", (len(least), most.shape[1]), high=most[least] > 0, integer=True)
    some = model.row("some", made.shape, low=0.0)
    model.add(some, supply[least], 1.0)
    model.add(some, made, -rules.least[least, None])
    none = model.row("none", made.shape, high=0.0)
    model.add(none, supply[least], 1.0)
    model.add(none, made, -most[least])


def solve_whole(
    problem: Problem, owed: NDArray[np.float64], start: NDArray[np.float64], price: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Return the supply that keeps the rules and earns the most, and the bound that says how close it is.

    Parameters
    ----------
    problem, owed
        What is to be planned, and the units of each promise (``limits.promised``).
    start
        A supply that keeps rules, limits and promises; what is returned earns no less.
    price
        What one more hour or unit of each resource would earn without rules; ``(n_resources, n_weeks)``.
    """
    supply, bound, due = start.copy(), 0.0, promised(problem)[0]
    for chosen in _apart(problem):
        mine, units = problem.part(chosen), owed[np.isin(due, chosen)]
        if start[chosen].size <= TOGETHER or mine.rules is None or not mine.rules.bind.any():
            supply[chosen], most = _solve_together(mine, units, start[chosen])
        else:
            supply[chosen] = _solve_in_parts(mine, units, start[chosen], price)
            most = _bound_by_prices(mine, units, price)
        bound += most
    return supply, bound


def _solve_together(
    problem: Problem, owed: NDArray[np.float64], start: NDArray[np.float64], gap: float = GAP
) -> tuple[NDArray[np.float64], float]:
    """Return the best supply and its bound, by one search."""
    model, supply = _model(problem, owed, np.maximum(most_in_lots(problem), start), 0.0)
    add_limits(model, supply, problem)
    solution = model.solve({"supply": start}, gap=gap)
    found = _snapped(problem, solution)
    better = is_kept(problem, found, owed) and _earned(problem, found) > _earned(problem, start)
    return found if better else start, solution.bound


def _solve_in_parts(
    problem: Problem, owed: NDArray[np.float64], start: NDArray[np.float64], price: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a better supply: products that want the same resource are planned again, a few at a time, the rest as it is."""
    resources, due = problem.resources, promised(problem)[0]
    supply, weeks = start.copy(), start.shape[1]
    worth = resources.uses.multiply(price.sum(axis=1)[:, None]).toarray()
    order = np.lexsort((-worth.max(axis=0), worth.argmax(axis=0)))
    size = max(PART // weeks, 2)
    for turn in range(PASSES):
        before = supply.copy()
        for first in range(-(turn % 2) * (size // 2), len(order), size):
            chosen = np.sort(order[max(first, 0) : first + size])
            others = supply.copy()
            others[chosen] = 0.0
            mine = problem.part(chosen)
            rest = replace(mine.resources, capacity=resources.capacity - resources.used(others, problem.lead))
            mine, units = replace(mine, resources=rest), owed[np.isin(due, chosen)]
            others[chosen] = _solve_together(mine, units, supply[chosen], PART_GAP)[0]
            supply = others
        if (supply == before).all():
            break
    return supply


def _bound_by_prices(problem: Problem, owed: NDArray[np.float64], price: NDArray[np.float64]) -> float:
    """Return what no plan can exceed: what there is of each resource at its price, and each product's best for itself.

    Each product pays the prices for what it takes, so that its best plan with the rules is found alone.
    """
    resources, weeks, due = problem.resources, problem.shape[1], promised(problem)[0]
    paid = resources.overtime[:, None] * np.maximum(price - resources.overtime_cost[:, None], 0.0)
    bound = float((price * np.where(price > 0, resources.capacity, 0.0)).sum() + paid.sum())
    toll = np.zeros(problem.shape)
    toll[:, problem.lead :] = (resources.uses.T @ price)[:, : weeks - problem.lead]
    most = most_in_lots(problem)
    for product in range(len(toll)):
        chosen = np.array([product])
        model, _ = _model(problem.part(chosen), owed[due == product], most[chosen], toll[chosen])
        bound += model.solve().bound
    return bound


def _model(
    problem: Problem, owed: NDArray[np.float64], most: NDArray[np.float64], toll: NDArray[np.float64] | float
) -> tuple[Model, NDArray[np.int64]]:
    """Return a model of supply, promises, demand and rules, each unit at its cost and a toll; limits left out."""
    model = Model()
    supply = model.var("supply", problem.shape, high=most, gain=-problem.terms.cost[:, None] - toll)
    add_promises(model, supply, problem, owed)
    add_scenarios(model, supply, problem)
    if problem.rules is not None:
        add_rules(model, supply, problem.rules, most)
    return model, supply


def least_kept(problem: Problem, owed: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the cheapest supply that keeps rules, limits and promises, whatever else is asked for, or None."""
    model = Model()
    most = most_in_lots(problem)
    supply = model.var("supply", problem.shape, high=most, gain=-np.maximum(problem.terms.cost, 1e-3)[:, None])
    add_limits(model, supply, problem)
    add_promises(model, supply, problem, owed)
    if problem.rules is not None:
        add_rules(model, supply, problem.rules, most)
    solution = model.solve()
    return _snapped(problem, solution) if solution.feasible else None


def is_kept(problem: Problem, supply: NDArray[np.float64], owed: NDArray[np.float64]) -> bool:
    """Return whether a supply keeps rules, limits and promises, but for rounding."""
    resources = problem.resources
    used, capacity = resources.used(supply, problem.lead), resources.capacity
    machine = resources.is_machine[:, None]
    used = np.where(machine, used, np.cumsum(used, axis=1))
    there = np.where(machine, capacity + resources.overtime[:, None], np.cumsum(capacity, axis=1))
    products, weeks, _ = promised(problem)
    return bool(
        (problem.rules is None or problem.rules.kept(supply)[problem.rules.bind].all())
        and (used <= there * (1 + 1e-7) + 1e-5).all()
        and (np.cumsum(supply, axis=1)[products, weeks] >= owed * (1 - 1e-9) - 1e-5).all()
    )


def _snapped(problem: Problem, solution: Solution) -> NDArray[np.float64]:
    """Return the supply of a solution on the nearest lots: the solver keeps whole numbers to a tolerance only."""
    found = np.maximum(solution.values["supply"], 0.0)
    rules = problem.rules
    if rules is None:
        return np.asarray(np.round(found, 6) + 0.0, dtype=float)
    below, above = rules.down(found), rules.up(found)
    near = np.where(found - below <= above - found, below, above)
    return np.asarray(np.round(np.where(rules.bind[:, None], near, found), 6) + 0.0, dtype=float)


def _apart(problem: Problem) -> Iterator[NDArray[np.int64]]:
    """Yield the products that have to be planned together, for a scarce resource they share or for want of rules."""
    products = len(problem.products)
    uses = problem.resources.uses
    scarce = problem.resources.scarce(most_in_lots(problem), problem.lead)
    shared = uses[np.flatnonzero(scarce)].tocoo()
    free = np.flatnonzero(np.zeros(products, dtype=bool) if problem.rules is None else ~problem.rules.bind)
    rows = np.concatenate([shared.row, np.full(len(free), scarce.sum())]) + products
    columns = np.concatenate([shared.col, free])
    size = products + int(scarce.sum()) + 1
    links = csr_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    group = connected_components(links, directed=False)[1][:products]
    order = np.argsort(group, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(group[order])) + 1) if products else ()


def _earned(problem: Problem, supply: NDArray[np.float64]) -> float:
    """Return what a supply earns on average, overtime paid; capacity may be what others leave, less than nothing too."""
    ready = supply.copy()
    ready[:, 0] += problem.opening
    profit = settle(ready, problem.demand, problem.terms).profit.sum(axis=(-2, -1)).mean()
    extra = problem.resources.overtime_used(supply, problem.lead).sum(axis=1)
    return float(profit - (extra * problem.resources.overtime_cost).sum())
