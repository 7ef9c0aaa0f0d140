"""What something is worth in money: the ratio of a part-worth to that of money, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.choice.fitted import NORMAL_95, p_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

SURE = 0.05
"""p-value of the price's part-worth above which nothing is said in money."""


@dataclass(frozen=True)
class Worth:
    """A ratio and its 95 % interval, in money; an end may be infinite where the price hardly matters."""

    value: float
    low: float
    high: float


def trust(price: float, variance: float) -> str:
    """Return why a price's part-worth gives no willingness to pay, in words; empty: it does.

    Parameters
    ----------
    price
        Part-worth of one unit of money more, expected below 0.
    variance
        Its variance.
    """
    if not np.isfinite(price) or not np.isfinite(variance):
        return "what a higher price does could not be estimated"
    if price >= 0:
        return "a higher price seems to be liked, so that prices here tell nothing of what things are worth"
    if p_values(np.array([price]), np.array([np.sqrt(variance)]))[0] > SURE:
        return "what a higher price does is too uncertain to tell worth in money"
    return ""


def delta(part_worth: float, price: float, covariance: Reals) -> Worth:
    """Return -part_worth / price with its interval by the delta method.

    Parameters
    ----------
    part_worth, price
        Part-worths of the thing and of one unit of money.
    covariance
        Of these two, ``(2, 2)``.
    """
    value = -part_worth / price
    slope = np.array([-1 / price, part_worth / price**2])
    half = NORMAL_95 * float(np.sqrt(slope @ covariance @ slope))
    return Worth(value, value - half, value + half)


def fieller(part_worth: float, price: float, covariance: Reals) -> Worth:
    """Return -part_worth / price with its interval by Fieller's theorem, which holds where the price is weak, too.

    The interval holds all ratios t for which part_worth + t price is no further from 0 than its error allows. It is bounded
    where the price's part-worth differs from 0 at 5 %; otherwise both ends are infinite.

    Parameters
    ----------
    part_worth, price, covariance
        As for ``delta``.

    References
    ----------
    Fieller (1954), Some problems in interval estimation, JRSS B 16; Hole (2007), A comparison of approaches to estimating
    confidence intervals for willingness to pay measures, Health Economics 16.
    """
    square = NORMAL_95**2
    a = price**2 - square * covariance[1, 1]
    b = part_worth * price - square * covariance[0, 1]
    c = part_worth**2 - square * covariance[0, 0]
    inside = b**2 - a * c
    if a <= 0 or inside < 0:
        return Worth(-part_worth / price, -np.inf, np.inf)
    root = float(np.sqrt(inside))
    return Worth(-part_worth / price, (-b - root) / a, (-b + root) / a)
