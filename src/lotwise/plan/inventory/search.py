"""Base-stock levels by simulation: where demand hangs together, lead times vary or sales are lost, no formula is exact.

On one path of demand a higher level serves at least as much of it, so that halving finds the smallest level that reaches a
fill rate on that path. With lost sales and a lead time the share of cycles may dip by a cycle here and there as the level
rises; the level found then reaches the target, and another one a little lower may too. The path should be long: a level is
only as sure as the shortages in it are many.

References
----------
Janakiraman and Roundy (2004), Lost-sales problems with stochastic lead times: convexity results for
base-stock policies, Operations Research 52(5). Bijvank and Vis (2011), Lost-sales inventory theory: a review, European
Journal of Operational Research 215(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.inventory.base_stock import MEASURES, BaseStock
from lotwise.plan.inventory.bounds import at_least, between, one_of
from lotwise.plan.inventory.simulate import simulate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from lotwise.plan.inventory.simulate import Service

HALVINGS = 60
"""Most halvings."""
CLOSE = 1e-9
"""Share of the widest level at which the search ends."""


def base_stock(
    demand: ArrayLike,
    target: ArrayLike,
    *,
    lead: ArrayLike = 0,
    review: int = 1,
    measure: str = "fill",
    unmet: str = "lost",
    warmup: int = 0,
) -> BaseStock:
    """Return the smallest level of each row that reaches the target when simulated on its demand.

    Parameters
    ----------
    demand
        Units, at least 0; ``(..., n_periods)``.
    target
        Share of cycles or of demand, between 0 and 1; broadcasts to the rows.
    lead, review, unmet, warmup
        As ``simulate`` takes them.
    measure
        ``cycle`` or ``fill``.

    Raises
    ------
    InputError
        A value is out of range.
    """
    demand, target = at_least("demand", demand), between("target", target)
    one_of("measure", measure, MEASURES)

    def served(level: BaseStock) -> Service:
        return simulate(level, demand, lead=lead, review=review, unmet=unmet, warmup=warmup)

    low = np.zeros(demand.shape[:-1])
    high = np.broadcast_to(demand.sum(axis=-1), low.shape).copy()  # serves everything: all demand there ever is
    widest = max(float(high.max(initial=0.0)), 1.0)
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        reaches = getattr(served(BaseStock(middle)), measure) >= target
        low, high = np.where(reaches, low, middle), np.where(reaches, middle, high)
        if (high - low <= CLOSE * widest).all():
            break
    return BaseStock(high)
