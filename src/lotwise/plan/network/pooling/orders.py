"""Orders of products that are assembled after the order: what is promised, what stock serves, what has to be assembled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.settle import settle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.problem import Problem, Terms
    from lotwise.plan.settle import Outcome


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders of the products that are assembled after the order, those of other products left out; ``n`` products.

    Parameters
    ----------
    products
        Their numbers in the problem; ``(n,)``.
    firm
        Units promised for each week, known now; ``(n, n_weeks)``.
    reserved
        Units of opening stock that are kept for them; ``(n,)``.
    stock
        What the rest of the opening stock earns in each scenario; it serves what is ordered first.
    further
        Units ordered beyond both; ``(n_scenarios, n, n_weeks)``.
    """

    products: NDArray[np.int64]
    firm: NDArray[np.float64]
    reserved: NDArray[np.float64]
    stock: Outcome
    further: NDArray[np.float64]


def orders_of(problem: Problem, products: NDArray[np.int64]) -> Orders:
    """Return the orders of some products: stock serves promises first, then whatever is ordered first."""
    demand, opening = problem.demand[:, products], problem.opening[products]
    firm = np.zeros(demand.shape[1:]) if problem.firm is None else problem.firm[products]
    reserved = np.minimum(opening, firm.sum(axis=1))
    further = np.maximum(demand - firm, 0.0)
    terms = replace(problem.terms.part(products), backorder=np.zeros(len(products), dtype=bool))
    stock = settle(np.zeros(firm.shape), further, terms, opening=opening - reserved)
    return Orders(products, firm, reserved, stock, further - stock.sold)


def terms_of_firm(terms: Terms, weeks: int) -> Terms:
    """Return the terms of promised units: they keep until they are due, and wait where they are late.

    A week's delay costs what it does where demand waits, else nothing: such orders come late because they are owed.
    """
    return replace(
        terms,
        delay=np.where(terms.backorder, terms.delay, 0.0),
        shelf=np.maximum(terms.shelf, weeks).astype(np.int64),
        backorder=np.ones(len(terms.price), dtype=bool),
    )
