"""Inequalities that keep the linear program from setting up in part: lot-sizing cuts taken through curves and bills.

What comes into an item in a week is what is needed of it then and what stays. Need comes, level by level, from the supply of
products; and supply x[t] of a product, from cumulative supply Z[t-1] to Z[t], is for any two numbers q at most

    x[t] <= (q[t] - q[t-1]) + (Z[t] - q[t])+ + (q[t-1] - Z[t-1])+,

where both slacks are sums of pieces of the product's curve. So with K the constants and E the slacks added up through the
bills, ``inflow <= K + E`` always, and a level that is 0 while its switch is off obeys ``level <= K n + E``: with q near
the plan, E is small and a set-up that serves one week's need counts as a whole one. For a single item with known demand it
is the (l, S) inequality.

References
----------
Barany, Van Roy and Wolsey (1984), strong formulations for multi-item capacitated lot sizing; Afentakis and Gavish
(1986), optimal lot-sizing algorithms for complex product structures (echelon stock).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.curves import CurveBlock
    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Model


def add_echelons(
    model: Model,
    problem: Problem,
    network: Network,
    *,
    shown: CurveBlock,
    chosen: NDArray[np.int64],
    around: NDArray[np.float64],
) -> None:
    """Add the inequalities of every switch's members to a model that has the network and the curves.

    Parameters
    ----------
    model
        The program.
    problem, network
        What is planned.
    shown, chosen
        The curves of the products that have exact ones, and which products these are.
    around
        Supply near which the numbers q are taken; ``(n_products, n_weeks)``.
    """
    links = _links(network)
    open_ = _open(network, links, chosen)
    shape = network.items.arriving.shape
    slack = model.var("slack", shape)
    sold, constant = _add_sold(model, problem, network, slack, shown, chosen, around)
    _add_passed(model, network, links, ~open_ & ~sold, slack, open_)
    for _ in range(len(network.items.names)):
        need = np.zeros(shape)
        for lead, part, whole, ratio in links:
            if lead < network.weeks:
                need[part, : network.weeks - lead] += ratio * constant[whole, lead:]
        new = np.where((~open_ & ~sold)[:, None], need, constant)
        if np.allclose(new, constant, rtol=1e-12, atol=0.0):
            break
        constant = new
    _add_cuts(model, network, open_, constant, slack)


def _add_passed(
    model: Model,
    network: Network,
    links: list[tuple[int, int, int, float]],
    closed: NDArray[np.bool_],
    slack: NDArray[np.int64],
    open_: NDArray[np.bool_],
) -> None:
    """Add the slack of items that others need: their own stock, and the slack of the others."""
    weeks, keeps, stock = network.weeks, np.flatnonzero(network.items.keeps), model.columns_of("stock")
    rows = model.row("slacks", slack.shape, 0.0, 0.0)
    model.add(rows[closed], slack[closed], 1.0)
    model.add(rows[keeps[closed[keeps]]], stock[closed[keeps]], -1.0)
    for lead, part, whole, ratio in links:
        if lead < weeks and not open_[part] and not open_[whole]:
            model.add(rows[part, : weeks - lead], slack[whole, lead:], -ratio)


def _links(network: Network) -> list[tuple[int, int, int, float]]:
    """Return lead, part, whole and the most units of the part that one unit of the whole takes then."""
    gives, takes = network.activities.gives.tocsc(), network.activities.takes.tocsc()
    best: dict[tuple[int, int, int], float] = {}
    for activity, lead in enumerate(network.activities.lead.tolist()):
        given = slice(gives.indptr[activity], gives.indptr[activity + 1])
        taken = slice(takes.indptr[activity], takes.indptr[activity + 1])
        if given.start == given.stop:
            continue
        whole, units = int(gives.indices[given][0]), float(gives.data[given][0])
        for part, quantity in zip(takes.indices[taken].tolist(), takes.data[taken].tolist(), strict=True):
            key = (lead, part, whole)
            best[key] = max(best.get(key, 0.0), quantity / units)
    return [(*key, ratio) for key, ratio in sorted(best.items())]


def _open(network: Network, links: list[tuple[int, int, int, float]], chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the items whose need has no such bound: sold without a curve, in a circle, or needed by one of these."""
    items = network.items
    size = len(items.names)
    found = (items.product >= 0) & (items.keeps | ~np.isin(items.product, chosen))
    parts, wholes = (np.array([link[side] for link in links], dtype=np.int64) for side in (1, 2))
    graph = csr_array(coo_array((np.ones(len(links)), (parts, wholes)), shape=(size, size)))
    group = connected_components(graph, directed=True, connection="strong")[1]
    found |= np.bincount(group)[group] > 1
    while True:
        more = found.copy()
        more[parts[found[wholes]]] = True
        if np.array_equal(more, found):
            return found
        found = more


def _add_sold(
    model: Model,
    problem: Problem,
    network: Network,
    slack: NDArray[np.int64],
    shown: CurveBlock,
    chosen: NDArray[np.int64],
    around: NDArray[np.float64],
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Add the slack of every product's own item; return which items these are, and the constants of all."""
    items = network.items
    constant = np.zeros(items.arriving.shape)
    sold = (items.product >= 0) & ~items.keeps & np.isin(items.product, chosen)
    where = np.flatnonzero(sold)
    if not len(where):
        return sold, constant
    own = np.searchsorted(chosen, items.product[where])
    widths = shown.chords[0][:, own]
    points = np.cumsum(widths[:-1], axis=0)
    ready = around[chosen[own]].copy()
    ready[:, 0] += problem.opening[chosen[own]]
    waits = shown.is_cumulative[own]
    reached = np.where(waits[:, None], np.cumsum(ready, axis=1), ready)
    near = np.abs(points - reached).argmin(axis=0)
    level = np.take_along_axis(points, near[None], axis=0)[0]
    begin = np.where(waits[:, None], np.concatenate([np.zeros((len(own), 1)), level[:, :-1]], axis=1), 0.0)
    begin[:, 0] += problem.opening[chosen[own]]
    constant[where] = np.maximum(level - begin, 0.0)
    pieces = model.columns_of(f"pieces, {shown.name}")[:, own]
    beyond = np.arange(len(widths)).reshape(-1, 1, 1) > near
    before = np.zeros(level.shape)
    before[:, 1:] = np.where(waits[:, None], level[:, :-1], 0.0)
    rows = model.row("slacks of products", level.shape, before, before)
    model.add(rows, slack[where], 1.0)
    model.add(np.broadcast_to(rows, pieces.shape)[beyond], pieces[beyond], -1.0)
    within = ~beyond[:, :, :-1] & waits[None, :, None]
    later = np.broadcast_to(rows[:, 1:], (len(widths), *rows[:, 1:].shape))
    model.add(later[within], pieces[:, :, :-1][within], 1.0)
    return sold, constant


def _add_cuts(
    model: Model, network: Network, open_: NDArray[np.bool_], constant: NDArray[np.float64], slack: NDArray[np.int64]
) -> None:
    level, times, weeks = model.columns_of("level"), model.columns_of("times"), network.weeks
    gives, member = network.activities.gives.tocsc(), network.switches.weight.tocoo()
    for lead in np.unique(network.activities.lead):
        mine = [
            (switch, activity, int(gives.indices[place]), float(gives.data[place]))
            for switch, activity in zip(member.row.tolist(), member.col.tolist(), strict=True)
            if network.activities.lead[activity] == lead
            for place in range(gives.indptr[activity], gives.indptr[activity + 1])
            if not open_[gives.indices[place]]
        ]
        if not mine or lead >= weeks:
            continue
        switch, activity, item = (np.array([entry[side] for entry in mine], dtype=np.int64) for side in (0, 1, 2))
        units = np.array([entry[3] for entry in mine])
        rows = model.row(f"cuts {lead}", (len(mine), weeks - lead), high=0.0)
        model.add(rows, level[activity, : weeks - lead], units[:, None])
        model.add(rows, times[switch, : weeks - lead], -constant[item, lead:])
        model.add(rows, slack[item, lead:], -1.0)
