"""What limits supply, as rows of the program: machine-hours, overtime, materials, promised orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Model, Solution


def most_useful(problem: Problem) -> NDArray[np.float64]:
    """Return the supply beyond which a unit is left over in every scenario; ``(n_products, n_weeks)``.

    It is 0 in the lead weeks, which sell from stock.
    """
    products, weeks = problem.shape
    most = np.zeros((products, weeks))
    reach, backorder = np.minimum(problem.terms.shelf, weeks), problem.terms.backorder
    for shelf, waits in {*zip(reach.tolist(), backorder.tolist(), strict=True)}:
        who = np.flatnonzero((reach == shelf) & (backorder == waits))
        for week in range(problem.lead, weeks):
            first = 0 if waits else week
            most[who, week] = problem.demand[:, who, first : week + shelf].sum(axis=2).max(axis=0, initial=0.0)
    return most


def add_limits(model: Model, supply: NDArray[np.int64], problem: Problem) -> None:
    """Add machine rows (hours of each week, with overtime) and material rows (units up to each week)."""
    resources, lead = problem.resources, problem.lead
    weeks = problem.shape[1]
    uses = resources.uses.tocoo()
    binds = np.zeros(len(resources.names), dtype=bool)
    binds[uses.row] = True
    machines = np.flatnonzero(resources.is_machine & binds)
    materials = np.flatnonzero(~resources.is_machine & binds)
    place = np.full(len(resources.names), -1)
    place[machines], place[materials] = np.arange(len(machines)), np.arange(len(materials))
    of_machine = resources.is_machine[uses.row]

    hours = model.row("machines", (len(machines), weeks), high=resources.capacity[machines])
    extra = model.var(
        "overtime",
        (len(machines), weeks),
        high=resources.overtime[machines, None],
        gain=-resources.overtime_cost[machines, None],
    )
    model.add(hours, extra, -1.0)
    units = model.row("materials", (len(materials), weeks), high=np.cumsum(resources.capacity[materials], axis=1))
    for week in range(lead, weeks):
        for rows, chosen in ((hours[:, week - lead : week - lead + 1], of_machine), (units[:, week - lead :], ~of_machine)):
            where = place[uses.row[chosen]]
            model.add(rows[where], supply[uses.col[chosen], week][:, None], uses.data[chosen][:, None])


def prices(solution: Solution, problem: Problem) -> NDArray[np.float64]:
    """Return what one more hour, or one more unit of material arriving, earns; ``(n_resources, n_weeks)``.

    Material that arrives stays, so one unit more relaxes the rows of its week and of all later ones.
    """
    resources = problem.resources
    found = np.zeros((len(resources.names), problem.shape[1]))
    binds = np.diff(resources.uses.indptr) > 0
    found[resources.is_machine & binds] = solution.duals["machines"]
    found[~resources.is_machine & binds] = np.cumsum(solution.duals["materials"][:, ::-1], axis=1)[:, ::-1]
    return np.maximum(found, 0.0)


def promised(problem: Problem) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return product, week and units of each promise: what must have been supplied by the end of the week."""
    if problem.firm is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    owed = np.cumsum(problem.firm, axis=1) - problem.opening[:, None]
    products, weeks = np.nonzero((problem.firm > 0) & (owed > 0))
    return products, weeks, owed[products, weeks]


def add_promises(model: Model, supply: NDArray[np.int64], problem: Problem, units: NDArray[np.float64]) -> NDArray[np.int64]:
    """Add the promises: so many units, by the end of their week; return their rows."""
    products, weeks, _ = promised(problem)
    rows = model.row("promises", (len(products),), low=units)
    for week in range(problem.shape[1]):
        later = weeks >= week
        model.add(rows[later], supply[products[later], week], 1.0)
    return rows
