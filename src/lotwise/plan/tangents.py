"""Tangents of expected earnings: for products whose weeks hang together and no curve is exact.

In one scenario the earnings of a supply are the optimum of a small transportation problem (units made in a
week to demand of a week), hence concave in the supply; any feasible dual of it gives a plane that lies above
the earnings everywhere. The duals of the settlement rule's own solution can be read off backwards in time, so
the mean plane over all scenarios touches the expected earnings at the supply it was made for. A program of
planes only is never too small: a proven bound.

Where units of a middling shelf life are left over in plenty, letting old ones expire early would save a little
holding against the rule of oldest first; there the plane lies above the earnings by that little.

References
----------
Van Slyke and Wets (1969), L-shaped linear programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.settle import settle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.problem import Terms

NOTHING = 1e-9
"""Fewer units than this are rounding."""


def tangent(
    ready: NDArray[np.float64], demand: NDArray[np.float64], terms: Terms
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean earnings of a supply, and the plane above all earnings that touches them there.

    Earnings are revenue less holding and delay; the cost of making is left out.

    Parameters
    ----------
    ready
        Supply with the opening stock in its first week; ``(n_products, n_weeks)``.
    demand
        ``(n_scenarios, n_products, n_weeks)``.
    terms
        What a unit earns and costs.

    Returns
    -------
    earnings
        ``(n_products,)``.
    slopes
        ``(n_products, n_weeks)``.
    height
        ``(n_products,)``; earnings of any supply z are at most ``height + slopes @ z``.
    """
    outcome = settle(ready, demand, terms)
    earnings = (outcome.profit.sum(axis=-1)).mean(axis=0) + (terms.cost[:, None] * ready).sum(axis=1)
    worth = _worth_of_demand(outcome.left, outcome.expired, terms)
    slopes = _worth_of_supply(worth, terms).mean(axis=0)
    return earnings, slopes, (worth * demand).sum(axis=-1).mean(axis=0)


def _worth_of_demand(left: NDArray[np.float64], expired: NDArray[np.float64], terms: Terms) -> NDArray[np.float64]:
    """Return what one more unit of demand in each week would earn.

    It takes a unit that would expire (price less salvage), or one that a later demand misses (then it is
    worth what a later unit of demand is worth, and holding is saved), or it is lost, or it waits.
    """
    worth = np.zeros(left.shape)
    worth[..., -1] = np.where(left[..., -1] > NOTHING, terms.price - terms.salvage, 0.0)
    for week in range(left.shape[-1] - 2, -1, -1):
        later = worth[..., week + 1]
        short = np.where(terms.backorder, later - terms.delay, 0.0)
        surplus = np.where(expired[..., week] > NOTHING, terms.price - terms.salvage, later + terms.holding)
        worth[..., week] = np.where(left[..., week] > NOTHING, surplus, short)
    return worth


def _worth_of_supply(worth: NDArray[np.float64], terms: Terms) -> NDArray[np.float64]:
    """Return the smallest dual-feasible worth of one more unit made for each week, given the worth of demand."""
    weeks = worth.shape[-1]
    slopes = np.empty(worth.shape)
    for made in range(weeks):
        last = np.minimum(made + terms.shelf - 1, weeks - 1)
        best = np.broadcast_to(terms.salvage - terms.holding * (last - made), worth.shape[:-1])
        for sold in range(0 if terms.backorder.any() else made, weeks):
            wait = terms.holding * (sold - made) if sold >= made else terms.delay * (made - sold)
            can = (sold <= last) & (terms.backorder | (sold >= made))
            best = np.where(can, np.maximum(best, terms.price - worth[..., sold] - wait), best)
        slopes[..., made] = best
    return slopes
