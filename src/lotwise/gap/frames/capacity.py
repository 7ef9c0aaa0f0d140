"""One capacity shared by many products: how much of each to make, and what one more unit of it would earn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lotwise.gap.frames.newsvendor import Array, Demand, Terms

STEPS = 60
"""Halvings of the shadow price: beyond about 53 two doubles have no other between them."""

_ABOVE = 1e-12
"""The first price tried lies this share above the one at which nothing is made, so that rounding makes nothing there."""


@dataclass(frozen=True)
class Shared:
    """How a capacity is shared.

    Parameters
    ----------
    quantity
        Units of each product; ``(n,)``.
    price
        Shadow price: expected money that one more unit of capacity would earn. Where the capacity ends exactly
        between two products or scenarios, one unit less costs more than that; this is the lower of the two.
    objective
        Expected profit.
    """

    quantity: Array
    price: float
    objective: float


def share(demand: Demand, terms: Terms, capacity: float) -> Shared:
    """Return the quantities of most expected profit that one capacity allows.

    With one constraint the problem is separable: each product makes its demand's quantile at the critical ratio of its
    margin less the charge for the capacity it takes, (p - c - price a) / (p - s). The charge at which the capacity is
    just used is found by halving; at a breakpoint, where demand for capacity jumps, the two sides are blended.

    Parameters
    ----------
    demand
        What may be asked for: quantiles or scenarios of each product.
    terms
        What a unit earns, costs and takes of the capacity.
    capacity
        Units of it, at least 0.

    References
    ----------
    Hadley and Whitin (1963), Analysis of Inventory Systems, section 6-2; Zhang, Xu and Hua (2009), A binary solution method
    for the multi-product newsboy problem with budget constraint, International Journal of Production Economics 117(1).
    """
    made = _charged(demand, terms, 0.0)
    if terms.uses @ made <= capacity:
        return Shared(made, 0.0, _expected(demand, terms, made))
    taken = terms.uses > 0
    low, high = 0.0, float(((terms.price - terms.cost)[taken] / terms.uses[taken]).max()) * (1 + _ABOVE)
    for _ in range(STEPS):
        middle = (low + high) / 2
        if terms.uses @ _charged(demand, terms, middle) > capacity:
            low = middle
        else:
            high = middle
    more, less = (_charged(demand, terms, charge) for charge in (low, high))
    span = terms.uses @ (more - less)
    part = (capacity - terms.uses @ less) / span if span > 0 else 0.0
    made = less + part * (more - less)
    return Shared(made, high, _expected(demand, terms, made))


def fill(units: Array, terms: Terms, capacity: float) -> Array:
    """Return what to make of demand that is known: the most money a unit of capacity first; ``(n,)``.

    Parameters
    ----------
    units
        Demand; ``(n,)``.
    terms, capacity
        As for ``share``.

    References
    ----------
    Dantzig (1957), Discrete-variable extremum problems, Operations Research 5(2): the fractional knapsack.
    """
    margin = terms.price - terms.cost
    wanted = np.where(margin > 0, units, 0.0)
    gain = np.divide(margin, terms.uses, out=np.full(len(margin), np.inf), where=terms.uses > 0)
    order = np.argsort(-gain, kind="stable")
    asked = (terms.uses * wanted)[order]
    given = np.clip(capacity - (np.cumsum(asked) - asked), 0.0, asked)
    found = np.empty(len(units))
    found[order] = given
    return np.divide(found, terms.uses, out=wanted.copy(), where=terms.uses > 0)


def whole(demand: Demand, terms: Terms, quantity: Array, capacity: float | None = None) -> Array:
    """Return quantities in whole units.

    Each is rounded to the side that is expected to earn more. With a capacity all are rounded down, and those that earn
    more rounded up are, the most a unit of capacity first, while they fit: a good plan, not always the best one.

    Parameters
    ----------
    demand, terms
        As for ``share``.
    quantity
        Units; ``(n,)``.
    capacity
        Units of capacity; None where there is none to share.
    """
    down = np.floor(quantity + _ABOVE)
    gain = terms.profit(demand.sold(down + 1), down + 1) - terms.profit(demand.sold(down), down)
    up = (gain > 0) & (quantity > down)
    if capacity is None:
        return down + up
    left = capacity - float(terms.uses @ down)
    rate = np.divide(gain, terms.uses, out=np.full(len(gain), np.inf), where=terms.uses > 0)
    for place in np.argsort(-rate, kind="stable"):
        if up[place] and terms.uses[place] <= left:
            down[place] += 1
            left -= float(terms.uses[place])
    return down


def _charged(demand: Demand, terms: Terms, charge: float) -> Array:
    return demand.at(terms.ratio(charge))


def _expected(demand: Demand, terms: Terms, made: Array) -> float:
    return float(terms.profit(demand.sold(made), made).sum())
