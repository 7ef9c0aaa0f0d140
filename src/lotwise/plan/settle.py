"""What any supply earns in any outcome: the one rule by which every plan is settled.

Per product, over the weeks of one window: what is made is for sale in its week, oldest units first.
Unmet demand is lost, or waits where the product's ``terms.backorder`` says so. A unit left at the end of its last
week on the shelf, or of the last week, brings salvage; a unit carried into the next week costs ``holding``, a unit of
demand carried into the next week ``delay``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.problem import Problem, Terms

BLOCK = 2048
"""Products settled at once where only expectations are kept, which bounds memory."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened, week by week; arrays of the demand's shape, units unless said otherwise.

    Parameters
    ----------
    sold, lost
        Units sold, and units asked for that never will be.
    left
        Units left at the end of the week, before those past their shelf life are taken out.
    expired
        Units taken out at the end of the week for salvage.
    revenue, cost
        Money from sales and salvage; money for making, holding, delay and ``charges``.
    """

    sold: NDArray[np.float64]
    lost: NDArray[np.float64]
    left: NDArray[np.float64]
    expired: NDArray[np.float64]
    revenue: NDArray[np.float64]
    cost: NDArray[np.float64]

    @property
    def profit(self) -> NDArray[np.float64]:
        """Revenue less cost, in money."""
        return self.revenue - self.cost


def settle(
    supply: NDArray[np.float64],
    demand: NDArray[np.float64],
    terms: Terms,
    *,
    opening: NDArray[np.float64] | None = None,
    charges: NDArray[np.float64] | None = None,
) -> Outcome:
    """Return what a supply earns in each outcome, exactly.

    Parameters
    ----------
    supply
        Units made for each week; ``(n_products, n_weeks)``.
    demand
        Units asked for; ``(..., n_products, n_weeks)``, any number of scenarios in front.
    terms
        What a unit earns and costs.
    opening
        Units on hand before the first week, as fresh as those of the first week; none by default.
    charges
        Money added to the cost, such as overtime; ``(n_products, n_weeks)``.
    """
    weeks = supply.shape[1]
    ready = supply.copy()
    if opening is not None:
        ready[:, 0] += opening
    past_shelf = _past_shelf(ready, terms.shelf)
    asked = np.ascontiguousarray(np.moveaxis(demand, -1, 0))  # by week first: each step reads one block of memory
    sold, lost, left, expired = (np.empty(asked.shape) for _ in range(4))
    waits = terms.backorder.astype(float)
    late = np.zeros(asked.shape) if waits.any() else None
    stock, gone, waiting = np.zeros(asked.shape[1:]), np.zeros(asked.shape[1:]), None
    for week in range(weeks):
        have = stock + ready[:, week]
        want = asked[week] if waiting is None else asked[week] + waiting
        np.minimum(have, want, out=sold[week])
        np.subtract(have, sold[week], out=left[week])
        np.subtract(want, sold[week], out=lost[week])
        gone += sold[week]
        if week == weeks - 1:
            expired[week] = left[week]
            break
        expired[week] = np.minimum(np.maximum(past_shelf[:, week] - gone, 0.0), left[week])
        gone += expired[week]
        stock = left[week] - expired[week]
        if late is not None:
            waiting = np.multiply(lost[week], waits, out=late[week])
            lost[week] -= waiting
    revenue = terms.price * sold + terms.salvage * expired
    cost = terms.holding * (left - expired) + (terms.cost * supply.T)[:, *([None] * (demand.ndim - 2))]
    if late is not None:
        cost += terms.delay * late
    if charges is not None:
        cost += charges.T[:, *([None] * (demand.ndim - 2))]
    return Outcome(*(np.moveaxis(array, 0, -1) for array in (sold, lost, left, expired, revenue, cost)))


def expect(problem: Problem, supply: NDArray[np.float64], *, charges: NDArray[np.float64] | None = None) -> Outcome:
    """Return the expectation over the problem's scenarios of what a supply earns, charges included.

    Parameters
    ----------
    problem
        What was planned.
    supply
        Units for sale in each week; ``(n_products, n_weeks)``.
    charges
        Money added to the cost, ``(n_products, n_weeks)``; by default the overtime that the problem's resources need.

    Returns
    -------
    Outcome
        Arrays of shape ``(n_products, n_weeks)``.
    """
    charges = problem.resources.overtime_money(supply, problem.lead) if charges is None else charges
    parts = []
    for start in range(0, max(len(problem.products), 1), BLOCK):
        chosen = slice(start, start + BLOCK)
        found = settle(
            supply[chosen],
            problem.demand[:, chosen],
            problem.terms.part(chosen),
            opening=problem.opening[chosen],
            charges=charges[chosen],
        )
        parts.append([getattr(found, name).mean(axis=0) for name in Outcome.__slots__])
    return Outcome(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _past_shelf(ready: NDArray[np.float64], shelf: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the units made so long before that they must be sold or taken out by the end of each week."""
    products, weeks = ready.shape
    cumulative = np.concatenate([np.zeros((products, 1)), np.cumsum(ready, axis=1)], axis=1)
    newest = np.clip(np.arange(1, weeks + 1) - (shelf[:, None] - 1), 0, weeks)
    return np.take_along_axis(cumulative, newest, axis=1)
