"""The largest level of each activity that can be of any use: what keeps the linear program close to the whole-number one.

No plan is better for making, buying or moving more of an item than all that depends on it can ever use. Taken through
the bills from the products' largest demand, and cut by the hours of the machines, it bounds every level; a
tighter bound makes set-ups in the linear program cost more nearly what they cost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from lotwise.plan.limits import most_useful

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

ENOUGH = 1e15
"""More units than this are taken as no limit."""


def most_levels(problem: Problem, network: Network) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the largest useful level of each activity and week, and the largest its machines allow; never below ``low``.

    Both are ``(n_activities, n_weeks)``; the second is no larger than the first.
    """
    activities, items = network.activities, network.items
    weeks = network.weeks
    useful = most_useful(problem)
    reach = _in_total(problem, useful)
    total = _through_bills(network, _of_products(network, reach), lot=_lots(network))
    by_week = np.repeat(total[:, None], weeks, axis=1)
    sold = np.flatnonzero((items.product >= 0) & ~items.keeps)
    by_week[sold] = np.minimum(by_week[sold], useful[items.product[sold]])
    most = np.zeros(activities.high.shape)
    gives = activities.gives.tocoo()
    for item, activity, units in zip(gives.row, gives.col, gives.data, strict=True):
        lead = int(activities.lead[activity])
        if lead < weeks:
            np.maximum(most[activity, : weeks - lead], by_week[item, lead:] / units, out=most[activity, : weeks - lead])
    lot = _lots(network)[:, None]
    most = np.where(most > 0, np.maximum(most + np.where(activities.multiple > 0, activities.multiple, 0.0)[:, None], lot), 0.0)
    most = np.maximum(np.minimum(most, activities.high), activities.low)
    return most, np.maximum(np.minimum(most, _by_hours(network)), activities.low)


def _in_total(problem: Problem, useful: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the largest useful supply of each product over all weeks."""
    total = problem.demand.sum(axis=2).max(axis=0, initial=0.0)
    keeps = (problem.terms.shelf >= problem.shape[1]) | problem.terms.backorder
    return np.asarray(np.minimum(np.where(keeps, total, np.inf), useful.sum(axis=1)), dtype=float)


def _of_products(network: Network, reach: NDArray[np.float64]) -> NDArray[np.float64]:
    items = network.items
    need = items.safety + network.activities.takes @ network.activities.low.sum(axis=1)
    sold = np.flatnonzero(items.product >= 0)
    need[sold] += reach[items.product[sold]]
    return np.asarray(need, dtype=float)


def _lots(network: Network) -> NDArray[np.float64]:
    """Return the smallest level each activity can have where it has any; ``(n_activities,)``."""
    switches = network.switches
    single = np.diff(switches.weight.indptr) == 1
    weight = switches.weight.tocoo()
    alone = single[weight.row] & np.isfinite(switches.least[weight.row])
    lot = network.activities.multiple.copy()
    np.maximum.at(lot, weight.col[alone], switches.least[weight.row[alone]] / weight.data[alone])
    return lot


def _through_bills(network: Network, own: NDArray[np.float64], *, lot: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the most units of each item that can be used in all weeks, the items that depend on it included.

    Items that can be turned into one another (two sites with a lane each way) share what all of them need.
    """
    activities = network.activities
    size = len(own)
    ratio = _ratios(network)
    group = connected_components(ratio, directed=True, connection="strong")[1]
    inner = ratio.tocoo()
    across = group[inner.row] != group[inner.col]
    ratio = csr_array(coo_array((inner.data[across], (inner.row[across], inner.col[across])), shape=(size, size)))
    gives = activities.gives.tocoo()
    rounding = np.zeros(size)
    np.maximum.at(rounding, gives.row, gives.data * lot[gives.col])
    total = np.zeros(size)
    for _ in range(size + 1):
        need = own + ratio @ total
        need = np.bincount(group, need, minlength=size)[group]
        need = np.minimum(np.where(need > 0, need + rounding, 0.0), ENOUGH)
        if np.array_equal(need, total):
            break
        total = need
    return total


def _ratios(network: Network) -> csr_array:
    """Return the most units of each item (row) that one unit of another (column) can take."""
    gives, takes = network.activities.gives.tocsc(), network.activities.takes.tocsc()
    best: dict[tuple[int, int], float] = {}
    for activity in range(gives.shape[1]):
        given = slice(gives.indptr[activity], gives.indptr[activity + 1])
        taken = slice(takes.indptr[activity], takes.indptr[activity + 1])
        for item, units in zip(gives.indices[given], gives.data[given], strict=True):
            for part, quantity in zip(takes.indices[taken], takes.data[taken], strict=True):
                best[part, item] = max(best.get((part, item), 0.0), quantity / units)
    rows, columns = (np.array([pair[side] for pair in best], dtype=np.int64) for side in (0, 1))
    return csr_array(coo_array((np.array(list(best.values()), dtype=float), (rows, columns)), shape=(gives.shape[0],) * 2))


def _by_hours(network: Network) -> NDArray[np.float64]:
    """Return the level at which each activity alone would take all hours of a machine; ``(n_activities, n_weeks)``."""
    machines, switches, uses = network.machines, network.switches, network.activities.uses.tocoo()
    given = -np.minimum(switches.hours.toarray(), 0.0) @ (switches.most[:, None] * switches.open)
    hours = np.maximum(machines.hours + machines.overtime + given, 0.0)
    most = np.full(network.activities.high.shape, np.inf)
    for machine, activity, each in zip(uses.row, uses.col, uses.data, strict=True):
        if each > 0:
            np.minimum(most[activity], hours[machine] / each, out=most[activity])
    return most
