"""What sells lately, to everybody: the recommender of customers without a history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.recommend.interactions import Purchases

RECENT_DAYS = 7.0
LEVEL_DAYS = 14.0
LATELY = 0.1
TIE = 0.001
DIGITS = 6


def recent(purchases: Purchases, end: int) -> NDArray[np.float64]:
    """Return how many customers bought each product lately, then how many ever did, ``(m,)``.

    Lately means that their purchases, decayed with a half-life of 7 days, are above 0.1: one
    purchase in the last 23 days, or more before.
    """
    decayed = purchases.decayed(RECENT_DAYS, end)
    lately = np.bincount(decayed.indices[decayed.data > LATELY], minlength=len(purchases.products))
    buyers = purchases.buyers()
    return np.asarray(lately + TIE * buyers / max(1, buyers.max(initial=1)))


def level(purchases: Purchases, end: int) -> NDArray[np.float64]:
    """Return the popularity of each product between 0 and 1: log1p of decayed purchases over its maximum, ``(m,)``."""
    weight = np.exp2((purchases.day - (end - 1)) / LEVEL_DAYS)
    total = np.log1p(np.bincount(purchases.product, weight, minlength=len(purchases.products)))
    return np.asarray(np.round(total / max(total.max(initial=0.0), np.finfo(float).tiny), DIGITS))
