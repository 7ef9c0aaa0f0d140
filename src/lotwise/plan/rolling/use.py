"""What every item will be used for, all levels down: what stock policies set their levels by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from lotwise.plan.network.network import Network
    from lotwise.plan.rolling.environment import State


@dataclass(frozen=True, slots=True)
class Use:
    """What is known about the use of each item; ``(n_items,)`` each.

    Parameters
    ----------
    mean, spread
        Mean and standard deviation, over the scenarios, of the units used over the protection.
    protection
        Weeks until the order after this one could come in: with lead time L, a product is asked for in this week and the
        next L, and lots take a component or material in the L weeks after this one, whose lots are decided already.
    least
        Units of the smallest lot or order.
    for_sale
        Whether the item is a product.
    """

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    protection: NDArray[np.float64]
    least: NDArray[np.float64]
    for_sale: NDArray[np.bool_]

    @property
    def weekly(self) -> NDArray[np.float64]:
        """Mean use a week."""
        return np.asarray(self.mean / self.protection)

    def split(self, value: ArrayLike) -> NDArray[np.float64]:
        """Return a value for every item: of one number, that; of two, the first for products and the second for the rest."""
        pair = np.broadcast_to(np.asarray(value, dtype=np.float64), 2)
        return np.asarray(np.where(self.for_sale, pair[0], pair[1]), dtype=np.float64)


def sources(network: Network) -> NDArray[np.int64]:
    """Return the first activity that gives each item, -1 for none; ``(n_items,)``."""
    gives = network.activities.gives.tocoo()
    found = np.full(len(network.items.names), -1)
    for item, activity in sorted(zip(gives.row.tolist(), gives.col.tolist(), strict=True), reverse=True):
        found[item] = activity
    return found


def per_unit(network: Network, source: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the units of each item (row) that one unit of each item (column) takes directly."""
    made = np.flatnonzero(source >= 0)
    found = np.zeros((len(source), len(source)))
    given = np.asarray(network.activities.gives[made, source[made]]).ravel()
    found[:, made] = network.activities.takes[:, source[made]].toarray() / given
    return found


def use_of(state: State, source: NDArray[np.int64], direct: NDArray[np.float64]) -> Use:
    """Return the use of every item: of products by demand, of the rest by the lots that demand asks for.

    Parameters
    ----------
    state
        What the planner sees.
    source, direct
        ``sources`` and ``per_unit`` of its network.
    """
    network = state.network
    lead = np.where(source >= 0, network.activities.lead[source], 0)[:, None]
    for_sale = network.items.product >= 0
    asked = np.zeros((len(state.scenarios), len(source), len(state.mondays)))
    asked[:, for_sale] = state.scenarios[:, network.items.product[for_sale]]
    week = np.arange(len(state.mondays))
    lots = np.take_along_axis(asked, np.minimum(week + lead, week[-1])[None], axis=2)
    one = np.eye(len(source))
    taken = np.einsum("ij,sjk->sik", np.linalg.inv(one - direct) - one, lots)

    sold, used = week <= lead, (week >= 1) & (week <= np.maximum(lead, 1))
    units = np.where(for_sale[:, None], asked * sold, taken * used).sum(axis=2)
    weeks = np.where(for_sale, sold.sum(axis=1), used.sum(axis=1))
    return Use(units.mean(axis=0), units.std(axis=0), np.maximum(weeks, 1).astype(float), _least(network, source), for_sale)


def _least(network: Network, source: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the smallest lot or order of each item, by the switches that hold its activity alone."""
    weight, least = network.switches.weight, network.switches.least
    smallest = np.zeros(len(network.activities.names))
    for switch in np.flatnonzero(np.diff(weight.indptr) == 1):
        place = weight.indptr[switch]
        smallest[weight.indices[place]] = least[switch] / weight.data[place]
    return np.where(source >= 0, smallest[source], 0.0)
