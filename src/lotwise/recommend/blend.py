"""The blend: the item model, what is bought again, and what sells lately, in one score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.recommend import again, items, popular

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from lotwise.recommend.interactions import Purchases
    from lotwise.recommend.items import ItemModel

CHUNK_CELLS = 4_000_000
"""Scores held in memory at once: customers times products."""


@dataclass(frozen=True)
class Weights:
    """How much each part counts: ``items EASE + again log1p(habit) + popular level``."""

    items: float = 1.0
    again: float = 3.0
    popular: float = 0.3


GRID = tuple(Weights(1.0, g, d) for g in (0.0, 1.0, 3.0, 10.0) for d in (0.001, 0.1, 0.3, 1.0))
"""The weights that are tried; popularity never counts nothing, so that every list has an order."""


@dataclass(frozen=True)
class Blend:
    """What was learned from purchases known before a day.

    Parameters
    ----------
    purchases
        What it learned from; only products in it can be scored.
    end
        First day that was not known.
    items
        The item model, fitted on log1p of counts.
    habits
        Decayed purchases, ``(n, m)``.
    level
        Popularity of each product, ``(m,)``.
    """

    purchases: Purchases
    end: int
    items: ItemModel
    habits: sparse.csr_array
    level: NDArray[np.float64]

    def parts(self, start: int, stop: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return the three parts of the scores of some customers, unweighted, each ``(stop - start, m)``."""
        bought = again.habit(self.habits[start:stop])
        return self.items.scores(start, stop), bought, np.broadcast_to(self.level, bought.shape)

    def scores(self, start: int, stop: int, weights: Weights) -> NDArray[np.float64]:
        """Return the scores of the customers from ``start`` to ``stop``, ``(stop - start, m)``."""
        return mix(self.parts(start, stop), weights)

    def chunks(self) -> list[tuple[int, int]]:
        """Return the customers in pieces whose scores fit in memory, as pairs of start and stop."""
        n, m = self.purchases.shape
        step = max(1, CHUNK_CELLS // max(1, m))
        return [(start, min(start + step, n)) for start in range(0, n, step)]


def mix(parts: Sequence[NDArray[np.float64]], weights: Weights) -> NDArray[np.float64]:
    """Return the weighted sum of the parts."""
    liked, bought, sells = parts
    return weights.items * liked + weights.again * bought + weights.popular * sells


def fit(purchases: Purchases, end: int, *, ridge: float, half_life: float, most: int = 5_000) -> Blend:
    """Return the blend learned from what was bought before ``end``.

    Parameters
    ----------
    purchases
        Purchases; those from ``end`` on are not looked at.
    end
        First day that is not known.
    ridge
        Regularization of the item model.
    half_life
        Days in which a past purchase loses half its weight.
    most
        Products that are scored at most, those with most buyers first; the work grows with its square.
    """
    known = purchases.between(None, end)
    buyers = known.buyers()
    best = np.argsort(-buyers, kind="stable")[:most]
    known = known.among(np.sort(best[buyers[best] > 0]))
    x = known.counts()
    x.data = np.log1p(x.data)
    return Blend(known, end, items.fit(x, ridge), again.fit(known, end, half_life=half_life), popular.level(known, end))
