"""Planners that follow stock policies: order when a position is low, up to a level, item by item, as practice does.

Every item has a position: on hand and on its way, less what is owed (products) or what the lots wanted this week take
(components, materials). A policy of ``plan.inventory`` says what to order at it. Its levels come anew every week from the
scenarios (``Use``). Wishes are cut to the limits by ``ration``, the fewest weeks of cover first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.inventory.base_stock import BaseStock
from lotwise.plan.inventory.ddmrp import zones
from lotwise.plan.inventory.min_max import MinMax
from lotwise.plan.rolling.ration import ration
from lotwise.plan.rolling.use import per_unit, sources, use_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from lotwise.plan.inventory.simulate import Policy
    from lotwise.plan.network.network import Network
    from lotwise.plan.rolling.environment import Decision, State
    from lotwise.plan.rolling.simulate import Planner
    from lotwise.plan.rolling.use import Use

TINY = 1e-6
"""Units that keep levels of items nobody uses apart."""
EMPTY = 1e6
"""Units below nothing at which a policy shows what it fills up to."""


def ddmrp(lead_factor: ArrayLike = 0.5, variability: ArrayLike = 0.5, cycle: ArrayLike = 0.0) -> Callable[[Use], Policy]:
    """Return DDMRP buffers by the forecast use; factors as ``inventory.ddmrp.zones`` takes them.

    Each is one number, or two: for products, and for all other items.
    """

    def levels(use: Use) -> Policy:
        factor, share, weeks = use.split(lead_factor), use.split(variability), use.split(cycle)
        return zones(use.weekly, use.protection, lead_factor=factor, variability=share, cycle=weeks, least_order=use.least)

    return levels


def min_max(safety: ArrayLike = 1.0, cover: ArrayLike = 1.0) -> Callable[[Use], Policy]:
    """Return (s, S): s is the mean use and ``safety`` standard deviations, S covers so many weeks, or a smallest lot, more.

    Each is one number, or two: for products, and for all other items.
    """

    def levels(use: Use) -> Policy:
        reorder = use.mean + use.split(safety) * use.spread
        return MinMax(reorder, reorder + np.maximum(use.split(cover) * use.weekly, use.least) + TINY)

    return levels


def base_stock(safety: ArrayLike = 1.0) -> Callable[[Use], Policy]:
    """Return levels to order up to every week: the mean use and ``safety`` standard deviations, one number or two."""
    return lambda use: BaseStock(use.mean + use.split(safety) * use.spread)


def stocked(levels: Callable[[Use], Policy], *, overtime: bool = True, together: bool = False) -> Planner:
    """Return a planner that keeps every item by a policy.

    Parameters
    ----------
    levels
        The policy of all items, given their use: ``ddmrp``, ``min_max`` or ``base_stock`` of this module, or your own.
    overtime
        Whether lots may use overtime.
    together
        Whether products that share a switch (a family's set-up) with one that is made are filled up as well
        (a can-order policy).

    Notes
    -----
    An item is made or bought by the first activity that gives it; alternates are not looked at.
    """

    def planner(state: State) -> Decision:
        network = state.network
        source = sources(network)
        direct = per_unit(network, source)
        use = use_of(state, source, direct)
        policy, sold = levels(use), np.flatnonzero(use.for_sale)
        position = network.items.arriving.sum(axis=1)
        position[sold] += (state.on_hand - state.owed)[network.items.product[sold]]
        lots = np.where(use.for_sale, _orders(policy, position), 0.0)
        if together:
            lots = np.where(use.for_sale, _filled_up(network, source, lots, _tops(policy) - position), 0.0)
        position -= direct @ lots
        units = np.where(use.for_sale, lots, _orders(policy, position))

        made = np.flatnonzero(source >= 0)
        wanted = np.zeros(len(network.activities.names))
        wanted[source[made]] = units[made] / np.asarray(network.activities.gives[made, source[made]]).ravel()
        cover = position[made] / np.maximum(use.weekly[made], TINY)
        return ration(network, wanted, order=source[made[np.argsort(cover, kind="stable")]], overtime=overtime)

    return planner


def _orders(policy: Policy, position: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.maximum(policy.order(position), 0.0))


def _tops(policy: Policy) -> NDArray[np.float64]:
    """Return what each item is filled up to."""
    return _orders(policy, np.asarray(-EMPTY)) - EMPTY


def _filled_up(
    network: Network, source: NDArray[np.int64], lots: NDArray[np.float64], room: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the lots, those of items whose switch another lot turns on raised to what there is room for."""
    level = np.zeros(len(network.activities.names))
    level[source[lots > 0]] = 1.0
    turned_on = network.switches.weight @ level > 0
    shares = np.asarray(network.switches.weight.T @ turned_on.astype(float)) > 0
    return np.where((source >= 0) & shares[source], np.maximum(lots, room), lots)
