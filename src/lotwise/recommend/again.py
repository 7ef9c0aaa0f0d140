"""Buy again: what a customer bought often and lately, they will buy again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from lotwise.recommend.interactions import Purchases

DIGITS = 6
"""Powers and logarithms are rounded, for their last bit differs between machines."""

TIE = 0.001
"""Weight of a product's buyers, so that products a customer never bought have an order too."""


def fit(purchases: Purchases, end: int, *, half_life: float) -> sparse.csr_array:
    """Return each customer's purchases of each product, decayed with their age, ``(n, m)``.

    Parameters
    ----------
    purchases
        What was bought before ``end``.
    end
        First day that is not known.
    half_life
        Days in which a purchase loses half its weight.
    """
    decayed = purchases.decayed(half_life, end)
    np.round(decayed.data, DIGITS, out=decayed.data)
    return decayed


def scores(habits: sparse.csr_array, buyers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how likely each customer is to buy again, then the products most bought, ``(n, m)``."""
    return np.asarray(habits.toarray() + TIE * buyers / max(1, buyers.max(initial=1)))


def habit(habits: sparse.csr_array) -> NDArray[np.float64]:
    """Return log1p of decayed purchases: a tenth purchase says less than a second, ``(n, m)``."""
    damped = habits.copy()
    damped.data = np.round(np.log1p(damped.data), DIGITS)
    return np.asarray(damped.toarray())
