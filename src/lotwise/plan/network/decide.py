"""Decides what comes only whole, a part of the network at a time, at the prices of the linear program.

Activities that share a switch, or give an item that comes in lots, are one block: a mixed-integer program of its own in
which everything outside has a price (machine-hours, items taken) or is given (what others need of the items it makes).
A block is small, so its program takes milliseconds, and its answer is feasible for everything but the machines it shares.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from lotwise.plan.network.network import Machines, Network
from lotwise.plan.network.rows import Bounds, add_network, penalty_of
from lotwise.plan.network.sale import add_earnings
from lotwise.plan.solver import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.sale import View
    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Solution

GAP, NODES = 0.002, 200
"""How close a block's program comes to its own bound, and the most nodes of its search."""


@dataclass(frozen=True, slots=True)
class Block:
    """Activities that are decided together.

    Parameters
    ----------
    activities, switches, items
        Their numbers; the items are all that the activities give.
    """

    activities: NDArray[np.int64]
    switches: NDArray[np.int64]
    items: NDArray[np.int64]


def blocks(network: Network, *, chosen: NDArray[np.bool_]) -> list[Block]:
    """Return the blocks of a network that the chosen switches, or lots of whole multiples, hold together.

    Parameters
    ----------
    network
        The network.
    chosen
        Switches that are decided by blocks; ``(n_switches,)``.
    """
    activities, size = network.activities, len(network.activities.names)
    n_items, n_switches = len(network.items.names), len(network.switches.names)
    member, gives = network.switches.weight.tocoo(), activities.gives.tocoo()
    mine = chosen[member.row]
    whole = activities.multiple > 0
    whole[member.col[mine]] = True
    lumpy = np.zeros(n_items, dtype=bool)
    lumpy[gives.row[whole[gives.col]]] = True
    given = lumpy[gives.row]
    rows = np.concatenate([member.col[mine], gives.col[given]])
    columns = np.concatenate([size + member.row[mine], size + n_switches + gives.row[given]])
    whole_size = size + n_switches + n_items
    links = csr_array((np.ones(len(rows)), (rows, columns)), shape=(whole_size, whole_size))
    label = connected_components(links, directed=False)[1]
    held = np.zeros(label.max() + 1 if len(label) else 0, dtype=bool)
    held[label[:size][whole]] = True
    found = []
    order = np.argsort(label[:size], kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(label[:size][order])) + 1) if size else ():
        if held[label[group[0]]]:
            items = np.unique(gives.row[np.isin(gives.col, group)])
            of_group = np.unique(member.row[np.isin(member.col, group)])
            found.append(Block(np.sort(group), of_group, items))
    return found


@dataclass(frozen=True, slots=True)
class Around:
    """What everything outside a block costs and needs, from a solution of the linear program.

    Parameters
    ----------
    machine, item
        What one more hour, or unit, would earn; ``(n_machines, n_weeks)``, ``(n_items, n_weeks)``.
    level
        Levels of the solution; ``(n_activities, n_weeks)``.
    bounds
        Bounds it was solved within.
    """

    machine: NDArray[np.float64]
    item: NDArray[np.float64]
    level: NDArray[np.float64]
    bounds: Bounds


def decide(problem: Problem, network: Network, block: Block, around: Around, breakpoints: int, view: View) -> Solution | None:
    """Return the best levels and times of one block at the prices around it, or none where nothing is feasible.

    The solution's ``level`` and ``times`` have the rows of the block's activities and switches.
    """
    part = _part(network, block, around.level)
    products = network.items.product[block.items]
    chosen = np.flatnonzero(products >= 0)
    part = replace(part, items=replace(part.items, product=_numbered(products)))
    mine = problem.part(products[chosen])
    others = np.setdiff1d(np.arange(len(network.items.names)), block.items)
    takes = network.activities.takes[:, block.activities]
    cost = network.activities.cost[block.activities, None] + takes[others].T @ around.item[others]
    cost = cost + network.activities.uses[:, block.activities].T @ around.machine
    times_cost = network.switches.cost[block.switches, None] + network.switches.hours[:, block.switches].T @ around.machine
    whole = around.bounds
    bounds = Bounds(
        whole.low[block.activities],
        whole.high[block.activities],
        whole.reach[block.activities],
        whole.off[block.switches],
        whole.on[block.switches],
        penalty=penalty_of(problem),
        whole=True,
        level_cost=cost,
        times_cost=times_cost,
    )
    model = Model()
    supply = add_network(model, mine, part, bounds)
    if len(chosen):
        add_earnings(model, supply, mine, breakpoints, view.of_block(products[chosen]))
    found = model.solve(gap=GAP, nodes=NODES)
    return found if found.feasible else None


def _part(network: Network, block: Block, level: NDArray[np.float64]) -> Network:
    """Return the network of one block; what others take of its items, less what they give, is no longer there."""
    activities, items, switches, weeks = network.activities, network.items, network.switches, network.weeks
    others = np.setdiff1d(np.arange(len(activities.names)), block.activities)
    taken = activities.takes[block.items][:, others] @ level[others]
    for wait in np.unique(activities.lead[others]):
        if wait < weeks:
            late = others[activities.lead[others] == wait]
            taken[:, wait:] -= activities.gives[block.items][:, late] @ level[late, : weeks - wait]
    own, names = block.items, block.activities
    mine = activities.part(names)
    return Network(
        items=replace(items.part(own), arriving=items.arriving[own] - taken),
        activities=replace(mine, takes=mine.takes[own], gives=mine.gives[own], uses=csr_array((0, len(names)))),
        machines=Machines((), (), np.zeros((0, weeks)), np.zeros((0, weeks)), np.zeros(0)),
        switches=replace(switches.part(block.switches, names), hours=csr_array((0, len(block.switches)))),
    )


def _numbered(products: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the products' numbers among themselves, -1 for none."""
    return np.where(products >= 0, np.cumsum(products >= 0) - 1, -1)
