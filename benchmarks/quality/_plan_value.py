"""What a plan over a network earns on average, from its levels and times alone: the one judge of all planners.

Written from the meaning of the arrays, for goods that keep and demand that waits; it shares nothing with the package
but the data. With cumulative supply Z and demand D, stock and what waits are the two parts of Z - D.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.plan.network import rules

if TYPE_CHECKING:
    import numpy.typing as npt

    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

    Array = npt.NDArray[np.float64]


def supplied(problem: Problem, network: Network, level: Array) -> Array:
    """Return the units for sale; ``(n_products, n_weeks)``."""
    supply = np.zeros(problem.shape)
    sold = network.items.product >= 0
    np.add.at(supply, network.items.product[sold], rules.stocks(network, level)[sold])
    return supply


def profits(problem: Problem, network: Network, level: Array, times: Array) -> Array:
    """Return the profit in each scenario; ``(n_scenarios,)``."""
    terms = problem.terms
    if not (np.asarray(terms.backorder).all() and (terms.shelf >= problem.shape[1]).all()):
        message = "The judge knows goods that keep and demand that waits only"
        raise ValueError(message)
    supply = supplied(problem, network, level)
    position = (problem.opening + np.cumsum(supply, axis=1).T).T - np.cumsum(problem.demand, axis=2)
    stock, waiting = np.maximum(position, 0.0), np.maximum(-position, 0.0)
    sold = problem.demand.sum(axis=2) - waiting[..., -1]
    earned = sold @ terms.price + stock[..., -1] @ terms.salvage
    spent = stock[..., :-1].sum(axis=2) @ terms.holding + waiting[..., :-1].sum(axis=2) @ terms.delay
    extra = sum(float(money.sum()) for money in rules.charges(network, level, times).values())
    return np.asarray(earned - spent - terms.cost @ supply.sum(axis=1) - extra)


def value(problem: Problem, network: Network, level: Array, times: Array) -> float:
    """Return the mean profit over the scenarios."""
    return float(profits(problem, network, level, times).mean())


def worst(profit: Array, tail: float) -> float:
    """Return the mean of the worst share of equally likely profits, part of one scenario where the share ends within it."""
    weight = np.clip(tail * len(profit) - np.arange(len(profit)), 0.0, 1.0)
    return float(weight @ np.sort(profit) / weight.sum())


def met_in_week(problem: Problem, network: Network, level: Array) -> Array:
    """Return the share of each product's demand that is met in its week, late demand served first; ``(n_products,)``."""
    have = problem.opening[:, None] + np.cumsum(supplied(problem, network, level), axis=1)
    waiting = np.maximum(np.cumsum(problem.demand, axis=2) - have, 0.0)
    missed = np.minimum(waiting, problem.demand).sum(axis=(0, 2))
    return np.asarray(1.0 - missed / np.maximum(problem.demand.sum(axis=(0, 2)), 1e-12))
