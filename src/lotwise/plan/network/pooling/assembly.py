"""Which products wait for their orders, how they are assembled, what is ordered of them, and which of them are one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lotwise.plan.network.pooling.footprints import footprints
from lotwise.plan.network.pooling.orders import orders_of
from lotwise.plan.network.pooling.ways import ways_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network
    from lotwise.plan.network.pooling.orders import Orders
    from lotwise.plan.network.pooling.ways import Ways
    from lotwise.plan.problem import Problem


@dataclass(frozen=True, slots=True)
class Assembly:
    """A problem over a network with products that are assembled after the order.

    Parameters
    ----------
    problem, network
        What is planned.
    ways, orders
        How these products are assembled, and what is ordered of them.
    groups
        Which of them are one to the plan.
    """

    problem: Problem
    network: Network
    ways: Ways
    orders: Orders
    groups: list[NDArray[np.int64]]


def assembly_of(problem: Problem, network: Network) -> Assembly | None:
    """Return what is assembled after the order, or nothing where no product that ``problem.on_order`` names can be."""
    if problem.on_order is None or not problem.on_order.any():
        return None
    ways = ways_of(problem, network)
    if not len(ways.product):
        return None
    return Assembly(problem, network, ways, orders_of(problem, ways.products), footprints(ways, problem.terms))
