"""What (s, S), base-stock and demand-driven levels serve, exactly, and the least level that reaches a target.

Demand is independent from period to period with a law in steps, lead times are fixed and what is short is owed. At a review the
position after ordering is S - j with chance m(j) / M(S - s), m being the renewal mass of the demand between two reviews
(``min_max``); the order in hand by then answers for lead time and review:

- ``cycle(S) = sum of m(j) / M P(D(L + R) <= S - j)``;
- ``fill(S) = 1 - sum of m(j) / M (E(D(L + R) - S + j)+ - E(D(L) - S + j)+) / E D(R)``.

With S - s of one step this is a base stock. Both rise with S at a fixed S - s.

References
----------
Zheng and Federgruen (1991), Operations Research 39(4), for the position. Axsäter (2015), Inventory Control, 3rd ed., chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError
from lotwise.plan.inventory.base_stock import MEASURES
from lotwise.plan.inventory.bounds import between, one_of, whole
from lotwise.plan.inventory.min_max import MOST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.inventory.law import Law

EDGE = 1e-12
"""Differences of shares below this are rounding."""


@dataclass(frozen=True, slots=True)
class Exact:
    """The least order-up-to level that reaches a target, and what it serves.

    Attributes
    ----------
    up_to
        S, units: the top of green, the base stock.
    reorder
        s, units: at or below it one orders.
    cycle, fill
        What the levels serve.
    below
        What one step less serves, in the measure of the target: what stands between a target and a whole unit.
    """

    up_to: float
    reorder: float
    cycle: float
    fill: float
    below: float


def least(law: Law, target: float, *, gap: float | None = None, lead: int = 0, review: int = 1, measure: str = "fill") -> Exact:
    """Return the least levels that reach a target of service.

    Parameters
    ----------
    law
        Demand of a period.
    target
        Share of cycles or of demand, between 0 and 1.
    gap
        S - s in units, rounded to steps and at least one. Default: one step, a base stock.
    lead, review
        Whole periods, from 0 and from 1.
    measure
        ``cycle`` or ``fill``.

    Raises
    ------
    InputError
        A value is out of range, or there is no demand.
    """
    target, lead, review = float(between("target", target)), int(whole("lead", lead)), int(whole("review", review, 1))
    one_of("measure", measure, MEASURES)
    if len(law.chances) < 2:  # noqa: PLR2004 - the chance of no demand alone
        raise InputError("law: found no demand at all; expected some. Nothing needs to be held of this item.")
    steps = 1 if gap is None else max(round(gap / law.step), 1)
    cycle, fill = _by_level(law, lead, review, _visits(law.over(review), steps))
    served = cycle if measure == "cycle" else fill
    place = int(np.argmax(served >= target - EDGE))
    level = (place - 1) * law.step
    return Exact(level, level - steps * law.step, float(cycle[place]), float(fill[place]), float(served[max(place - 1, 0)]))


def _by_level(
    law: Law, lead: int, review: int, weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return cycle and fill of every S from -1 step up to where nothing is ever short."""
    during, before = law.over(lead + review), law.over(lead)
    most = len(during) + len(weights)
    reached = np.minimum(np.cumsum(np.pad(during, (0, most - len(during)))), 1.0)
    asked = review * law.mean / law.step
    lost = np.concatenate([[asked], _excess(during, most) - _excess(before, most)])
    cycle = np.convolve(np.concatenate([[0.0], reached]), weights)[: most + 1]
    # below 0 all that is asked for is short: E(D - y)+ = E D - y
    padded = np.concatenate([np.full(len(weights), asked), np.minimum(lost, asked)])
    short = np.convolve(padded, weights)[len(weights) : len(weights) + most + 1]
    return np.minimum(cycle, 1.0), 1.0 - np.maximum(short, 0.0) / asked


def _excess(chances: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """Return E(D - y)+ in steps for y = 0, 1, ..., most - 1."""
    beyond = 1.0 - np.cumsum(np.pad(chances, (0, max(most - len(chances), 0))))[:most]
    mean = float(chances @ np.arange(len(chances)))
    found: NDArray[np.float64] = np.maximum(mean - np.concatenate([[0.0], np.cumsum(np.maximum(beyond, 0.0))[:-1]]), 0.0)
    return found


def _visits(chances: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the chance m(j) / M of a position j steps below S, for j = 0, ..., count - 1.

    Raises
    ------
    InputError
        There are more than ``MOST`` steps.
    """
    if count > MOST:
        raise InputError(f"gap: found {count:,} steps between s and S; expected at most {MOST:,}. Count in a larger unit.")
    found = np.zeros(count)
    found[0] = 1.0
    rest = 1.0 - chances[0]
    for place in range(1, count):
        reach = min(place, len(chances) - 1)
        found[place] = chances[1 : reach + 1] @ found[place - reach : place][::-1] / rest
    return np.asarray(found / found.sum())
