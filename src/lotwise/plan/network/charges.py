"""What a network costs above standard, by cause and week, and whose cost it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

OF_SWITCH = {"setup": "setup", "lot": "setup", "order": "order", "shift": "shift"}
NOT_PAID = ("change",)
"""Causes that steer the plan and cost nobody money."""


def charges_of(
    network: Network,
    level: NDArray[np.float64],
    times: NDArray[np.float64],
    stock: NDArray[np.float64],
    overtime: NDArray[np.float64],
) -> dict[str, NDArray[np.float64]]:
    """Return money above standard of each cause by week; ``(n_weeks,)`` each, costs above 0.

    Parameters
    ----------
    network
        The network.
    level, times, stock, overtime
        As in ``Flow``.
    """
    items, activities, switches = network.items, network.activities, network.switches
    weeks = network.weeks
    found = {"overtime": network.machines.overtime_cost @ overtime}
    for cause in dict.fromkeys(OF_SWITCH.values()):
        mine = np.array([OF_SWITCH[kind] == cause for kind in switches.kinds], dtype=bool)
        found[cause] = switches.cost[mine] @ times[mine]
    for kind in ("buy", "make", "move", "replace"):
        mine = np.array([own == kind for own in activities.kinds], dtype=bool)
        found[kind] = activities.cost[mine] @ level[mine]
    carried = stock.copy()
    carried[:, -1:] = 0.0
    found["holding"] = items.holding @ carried
    found["safety"] = items.safety_cost @ np.maximum(items.safety[:, None] - stock, 0.0) * bool(items.safety.any())
    found["left"] = np.zeros(weeks)
    found["left"][-1:] = items.left @ stock[:, -1:]
    known = np.isfinite(activities.before) & (activities.low < activities.high)
    moved = np.where(known, np.abs(level - np.where(known, activities.before, 0.0)), 0.0)
    found["change"] = activities.change_cost @ moved
    return found


def shared_out(problem: Problem, supply: NDArray[np.float64], charges: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return all charges that are paid, shared out over products; ``(n_products, n_weeks)``.

    Money of a week falls on the products supplied from that week on, in proportion to their standard cost: what a set-up
    or an order of one week is for is sold then or later. It adds up to the charges.
    """
    paid = sum((money for cause, money in charges.items() if cause not in NOT_PAID), np.zeros(supply.shape[1]))
    if not len(supply) or not paid.any():
        return np.zeros(supply.shape)
    worth = np.maximum(problem.terms.cost, 1e-9)[:, None] * supply + 1e-9
    ahead = np.cumsum(worth[:, ::-1], axis=1)[:, ::-1]
    share = np.asarray(ahead / ahead.sum(axis=0), dtype=float)
    return np.asarray(share * paid, dtype=float)
