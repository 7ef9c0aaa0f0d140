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
from lotwise.plan.inventory.bounds import above, at_least, between, one_of
from lotwise.plan.inventory.min_max import MinMax
from lotwise.plan.inventory.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

HALVINGS = 60
"""Most halvings."""
CLOSE = 1e-9
"""Share of the widest level at which the search ends."""
CLOSE_PATHS = 1e-5
"""The same over drawn paths, which know a level no better."""


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
    high = demand.sum(axis=-1)  # serves everything: all demand there ever is

    def reaches(level: NDArray[np.float64]) -> NDArray[np.bool_]:
        found = simulate(BaseStock(level), demand, lead=lead, review=review, unmet=unmet, warmup=warmup)
        return np.asarray(getattr(found, measure) >= target)

    return BaseStock(_halved(reaches, np.zeros(high.shape), high))


def min_max(  # noqa: PLR0913 - the gap beside what base_stock takes
    paths: ArrayLike,
    gap: ArrayLike,
    target: ArrayLike,
    *,
    lead: ArrayLike = 0,
    review: int = 1,
    measure: str = "fill",
    unmet: str = "backorder",
    warmup: int = 0,
) -> MinMax:
    """Return the least (s, S) of each row with a given S - s that reaches the target on all its paths together.

    Parameters
    ----------
    paths
        Demand, units, at least 0; ``(..., n_paths, n_periods)``: one level is found for all paths of a row.
    gap
        S - s in units, above 0; broadcasts to the rows. A small one, such as a unit, is a base stock.
    target, lead, review, measure, unmet, warmup
        As ``base_stock`` takes them; ``lead`` broadcasts to ``paths``.

    Raises
    ------
    InputError
        A value is out of range.
    """
    paths, target, gap = at_least("paths", paths), between("target", target), above("gap", gap)
    one_of("measure", measure, MEASURES)
    rows = paths.shape[:-2]
    gap = np.broadcast_to(gap, rows)
    most = _longest(paths, int(np.max(lead, initial=0)) + review).max(axis=-1) + gap
    weights = paths[..., warmup:].sum(axis=-1)

    def reaches(level: NDArray[np.float64]) -> NDArray[np.bool_]:
        policy = MinMax((level - gap)[..., None], level[..., None])
        found = simulate(policy, paths, lead=lead, review=review, unmet=unmet, warmup=warmup)
        return np.asarray(_pooled(getattr(found, measure), weights, measure) >= target)

    level = _halved(reaches, np.zeros(rows), most, CLOSE_PATHS)
    return MinMax(level - gap, level)


def _pooled(served: NDArray[np.float64], weights: NDArray[np.float64], measure: str) -> NDArray[np.float64]:
    """Return the service of a row over its paths: of cycles alike, of demand by how much there was."""
    if measure == "cycle":
        return np.asarray(served.mean(axis=-1))
    total = weights.sum(axis=-1)
    return np.asarray(np.divide((served * weights).sum(axis=-1), total, out=np.ones(total.shape), where=total > 0))


def _longest(paths: NDArray[np.float64], periods: int) -> NDArray[np.float64]:
    """Return the most demand of so many periods in a row: a position that high is never short."""
    total = np.concatenate([np.zeros((*paths.shape[:-1], 1)), np.cumsum(paths, axis=-1)], axis=-1)
    width = min(periods, paths.shape[-1])
    return np.asarray((total[..., width:] - total[..., :-width]).max(axis=-1))


def _halved(
    reaches: Callable[[NDArray[np.float64]], NDArray[np.bool_]],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    close: float = CLOSE,
) -> NDArray[np.float64]:
    """Return the least level that reaches, between one that may not and one that does."""
    widest = max(float(high.max(initial=0.0)), 1.0)
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        is_enough = reaches(middle)
        low, high = np.where(is_enough, low, middle), np.where(is_enough, middle, high)
        if (high - low <= close * widest).all():
            break
    return high
