"""The exact form: sales and stock of every scenario as variables of the program.

With one scenario (perfect knowledge) it is small and its objective is the settled profit to the last digit.
With many it grows with them and serves as the oracle the curves and tangents are measured against.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Model


def add_scenarios(model: Model, supply: NDArray[np.int64], problem: Problem) -> None:
    """Add sales, stock and what waits to a model, scenario by scenario.

    Parameters
    ----------
    model
        The program; ``supply`` are its columns of supply, ``(n_products, n_weeks)``.
    problem
        What is to be planned.
    """
    shelf, keeps = problem.terms.shelf, problem.terms.shelf >= problem.shape[1]
    for waits in (False, True):
        kind = problem.terms.backorder == waits
        _add_keeping(model, supply, problem, np.flatnonzero(keeps & kind), waits=waits)
        for weeks in np.unique(shelf[~keeps & kind]):
            _add_aging(model, supply, problem, np.flatnonzero((shelf == weeks) & kind), waits=waits)


def _add_keeping(model: Model, supply: NDArray[np.int64], problem: Problem, chosen: NDArray[np.int64], *, waits: bool) -> None:
    """Add goods that keep, and whose unmet demand waits or does not: one stock a week is enough."""
    terms, demand = problem.terms.part(chosen), problem.demand[:, chosen]
    shape, share = demand.shape, 1.0 / len(demand)
    end = np.zeros(shape[1:])
    end[:], end[:, -1] = -terms.holding[:, None], terms.salvage
    name = "demand waits" if waits else "demand is lost"
    high = np.inf if waits else demand
    sold = model.var(f"sold, {name}", shape, high=high, gain=share * terms.price[:, None])
    stock = model.var(f"stock, {name}", shape, gain=share * end)
    opening = np.zeros(shape[1:])
    opening[:, 0] = -problem.opening[chosen]
    balance = model.row(f"balance, {name}", shape, opening, opening)
    model.add(balance, supply[chosen], 1.0)
    model.add(balance, sold, -1.0)
    model.add(balance, stock, -1.0)
    model.add(balance[..., 1:], stock[..., :-1], 1.0)
    if waits:
        late = np.zeros(shape[1:])
        late[:, :-1] = -terms.delay[:, None]
        waiting = model.var("waiting", shape, gain=share * late)
        served = model.row("served", shape, demand, demand)
        model.add(served, sold, 1.0)
        model.add(served, waiting, 1.0)
        model.add(served[..., 1:], waiting[..., :-1], -1.0)


def _add_aging(model: Model, supply: NDArray[np.int64], problem: Problem, chosen: NDArray[np.int64], *, waits: bool) -> None:
    """Add goods of one shelf life: each week's units go to the demand of the weeks they can reach."""
    terms, demand = problem.terms.part(chosen), problem.demand[:, chosen]
    scenarios, products, weeks = demand.shape
    share, shelf = 1.0 / scenarios, int(terms.shelf[0])
    made, sold = np.array([(m, s) for m in range(weeks) for s in range(0 if waits else m, min(m + shelf, weeks))]).T
    wait = np.where(sold >= made, terms.holding[:, None] * (sold - made), terms.delay[:, None] * (made - sold))
    kept = np.minimum(np.arange(weeks) + shelf, weeks) - 1 - np.arange(weeks)
    name = f"shelf {shelf}, demand waits" if waits else f"shelf {shelf}"
    sales = model.var(f"sales, {name}", (scenarios, products, len(made)), gain=share * (terms.price[:, None] - wait))
    gain = share * (terms.salvage[:, None] - terms.holding[:, None] * kept)
    expired = model.var(f"expired, {name}", demand.shape, gain=gain)
    opening = np.zeros((products, weeks))
    opening[:, 0] = -problem.opening[chosen]
    cohort = model.row(f"cohort, {name}", demand.shape, opening, opening)
    model.add(cohort, supply[chosen], 1.0)
    model.add(cohort, expired, -1.0)
    model.add(cohort[..., made], sales, -1.0)
    low = demand if waits else -np.inf
    served = model.row(f"served, {name}", demand.shape, low, demand)
    model.add(served[..., sold], sales, 1.0)
    if waits:
        never = -share * terms.delay[:, None] * (weeks - 1 - np.arange(weeks))
        model.add(served, model.var(f"never, {name}", demand.shape, gain=never), 1.0)
