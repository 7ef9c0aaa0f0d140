"""The exact program over scenarios: every scenario's sales, stock and earnings as columns; the oracle of modes and risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.fix import relaxed_bounds
from lotwise.plan.network.rows import add_network
from lotwise.plan.solver import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem


def add_earned(
    model: Model, supply: NDArray[np.int64], problem: Problem, price: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the columns of what each scenario earns, of lost products' sales, and of what waits at the ends of weeks."""
    demand, terms = problem.demand, problem.terms
    lost, waits = np.flatnonzero(~terms.backorder), np.flatnonzero(terms.backorder)
    earned = model.var("earned", (len(demand),), low=-np.inf)
    rows = model.row("earns", earned.shape, 0.0, 0.0)
    model.add(rows, earned, -1.0)
    sold = model.var("sold", demand[:, lost].shape, high=demand[:, lost])
    most = model.row("sold there", sold.shape, high=0.0)
    model.add(most, sold, 1.0)
    model.add(most, supply[lost], -1.0)
    model.add(rows[:, None, None], sold, (price - terms.salvage)[lost, None])
    model.add(rows[:, None, None], supply[lost], terms.salvage[lost, None])
    stock, waiting = (model.var(name, demand[:, waits].shape) for name in ("kept", "waiting"))
    total = np.cumsum(demand[:, waits], axis=2)
    balance = model.row("position", stock.shape, total, total)
    model.add(balance, stock, -1.0)
    model.add(balance, waiting, 1.0)
    for week in range(problem.shape[1]):
        model.add(balance[:, :, week:], supply[waits, week][None, :, None], 1.0)
    whole = model.var("sold in the end", (len(demand), len(waits)), low=-np.inf)
    end = model.row("in the end", whole.shape, total[..., -1], total[..., -1])
    model.add(end, whole, 1.0)
    model.add(end, waiting[..., -1], 1.0)
    model.add(rows[:, None], whole, price[waits])
    model.add(rows[:, None], stock[..., -1], terms.salvage[waits])
    model.add(rows[:, None, None], stock[..., :-1], -terms.holding[waits, None])
    model.add(rows[:, None, None], waiting[..., :-1], -terms.delay[waits, None])
    return earned, sold, waiting


def best_at_risk(problem: Problem, network: Network, *, risk: float, count: int) -> float:
    """Return the largest ``(1 - risk) mean + risk (mean of the worst count)`` of profit (Rockafellar and Uryasev, 2000)."""
    model = Model()
    supply = add_network(model, problem, network, relaxed_bounds(problem, network))
    earned, *_ = add_earned(model, supply, problem, problem.terms.price)
    mean = model.var("mean", (1,), low=-np.inf, gain=1 - risk)
    row = model.row("mean", (1,), 0.0, 0.0)
    model.add(row, mean, -1.0)
    model.add(row, earned, 1 / len(earned))
    level = model.var("eta", (1,), low=-np.inf, gain=risk)
    below = model.var("below", earned.shape, gain=-risk / count)
    rows = model.row("below", earned.shape, low=0.0)
    model.add(rows, below, 1.0)
    model.add(rows, level, -1.0)
    model.add(rows, earned, 1.0)
    return model.solve().objective


def least_cost(problem: Problem, network: Network, share: NDArray[np.float64]) -> float:
    """Return the least cost of serving a share of every product's demand, a unit sold bringing what one left over does."""
    model, terms = Model(), problem.terms
    supply = add_network(model, problem, network, relaxed_bounds(problem, network))
    earned, sold, waiting = add_earned(model, supply, problem, terms.salvage)
    mean = model.var("mean", (1,), low=-np.inf, gain=1.0)
    row = model.row("mean", (1,), 0.0, 0.0)
    model.add(row, mean, -1.0)
    model.add(row, earned, 1 / len(earned))
    asked = problem.demand.mean(axis=0).sum(axis=1)
    met = model.row("met", (int((~terms.backorder).sum()),), low=(share * asked)[~terms.backorder])
    model.add(met[None, :, None], sold, 1 / len(earned))
    unmet = model.row("unmet", (int(terms.backorder.sum()),), high=((1 - share) * asked)[terms.backorder])
    model.add(unmet[None, :, None], waiting, 1 / len(earned))
    found = model.solve()
    assert found.feasible
    return -found.objective
