"""What a product without history is like: the levels of products that resemble it, in kind and in price.

Forecasting by analogy. Two products weigh on each other by the kinds they share (category, department, type,
package, and the product itself in another region) and by how near their prices are; how much a shared kind and a
near price are worth is chosen by leaving each product out of the products that have a history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import panel, windows

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Facts, Index

KINDS = ("category", "department", "type", "package")
SAME_PRODUCT = 3
"""The same product in another region counts as this many shared kinds."""
SHARED = (2.0, 4.0, 8.0)
"""Weights tried for a shared kind."""
NEAR = (0.25, 0.5, 1.0, np.inf)
"""Widths tried for a difference in the logarithm of price; infinite: price says nothing."""
FOLDS = 10
"""Parts the products are left out in."""
MOST_TEACHERS = 2000
"""Of more products than this, some are left out evenly."""
CHUNK = 2000
LEAST = 1e-12


@dataclass(frozen=True)
class Traits:
    """What is known of each series apart from its demand.

    Parameters
    ----------
    product
        Number of its product; ``(n_series,)``.
    kinds
        Number of its group at each level; ``(n_series, n_kinds)``.
    price
        Logarithm of its usual price, absent where it is not known; ``(n_series,)``.
    """

    product: Index
    kinds: Index
    price: Array

    def where(self, rows: Index | slice) -> Traits:
        """Return some of the series."""
        return Traits(self.product[rows], self.kinds[rows], self.price[rows])


@dataclass(frozen=True)
class Analogs:
    """Series with a history, and how much they say of others.

    Parameters
    ----------
    traits
        Of the series with a history.
    level
        Their units in an ordinary week; ``(n_teachers,)``.
    shared, near
        Weight of a shared kind, and width of the difference in log price.
    """

    traits: Traits
    level: Array
    shared: float
    near: float

    def expect(self, traits: Traits, *, leave: bool = False) -> tuple[Array, Array]:
        """Return the level its analogs give each series, and how far they disagree (deviation over mean).

        Parameters
        ----------
        traits
            Of the series asked about.
        leave
            Leave each series' own product out of its analogs, as if it had no history, and with it all products
            of its fold: leaving out one alone would lower what is expected of each the more it sells itself.
        """
        starts = range(0, max(len(traits.product), 1), CHUNK)
        found = [self._part(traits.where(slice(start, start + CHUNK)), leave=leave) for start in starts]
        return np.concatenate([part[0] for part in found]), np.concatenate([part[1] for part in found])

    def _part(self, traits: Traits, *, leave: bool) -> tuple[Array, Array]:
        weight = kinship(traits, self.traits, self.shared, leave=leave) * nearness(traits, self.traits, self.near)
        return _moments(weight, self.level)


def traits(facts: Facts, end: int) -> Traits:
    """Return what the tables tell of each series by a week.

    The price is the list price where ``products`` has one, otherwise the mean price paid so far before discounts.

    Parameters
    ----------
    facts
        Tables ``products`` (any of ``category, department, type, package, unit_price``); without it all are alike.
    end
        Place of the last known week.
    """
    shape = facts.panel.shape
    known = [facts.groups(kind) for kind in KINDS if _has(facts, kind)]
    regions = np.unique(facts.panel.regions, return_inverse=True)[1].reshape(-1)
    product = np.unique(facts.panel.products, return_inverse=True)[1].reshape(-1).astype(np.int64)
    absent = np.full(shape, np.nan)
    off = np.nan_to_num(facts.panel.measures.get("discount", absent))
    paid = facts.panel.measures.get("unit_price", absent) / np.maximum(1 - off, 0.05)
    price = windows.mean(paid[:, : end + 1])[:, -1]
    listed = _listed(facts)
    price = np.where(np.isfinite(listed), listed, price)
    logs = np.log(np.where(price > 0, price, np.nan))
    return Traits(product, np.stack([*known, regions], axis=1).astype(np.int64), logs)


def alike(shape: tuple[int, int]) -> Traits:
    """Return traits that tell series apart by nothing."""
    return Traits(np.arange(shape[0]), np.zeros((shape[0], 1), np.int64), np.full(shape[0], np.nan))


def fit(traits: Traits, level: Array) -> Analogs:
    """Return the analogs whose weights foretell left-out products best, by Poisson deviance.

    Parameters
    ----------
    traits
        Of the series with a history.
    level
        Their units in an ordinary week; ``(n_teachers,)``.

    References
    ----------
    Nadaraya (1964) and Watson (1964) for the weighted mean; Green & Armstrong (2007), Structured analogies for
    forecasting, International Journal of Forecasting 23, for the idea.
    """
    step = -(-len(level) // MOST_TEACHERS)
    kept = np.arange(0, len(level), step)
    traits, level = traits.where(kept), level[kept]
    nearby = {near: nearness(traits, traits, near) for near in NEAR}
    best = (np.inf, SHARED[0], NEAR[-1])
    for shared in SHARED:
        kin = kinship(traits, traits, shared, leave=True)
        for near in reversed(NEAR):
            loss = deviance(level, _moments(kin * nearby[near], level)[0])
            if loss < best[0] - LEAST:
                best = (loss, shared, near)
    return Analogs(traits, level, best[1], best[2])


def kinship(traits: Traits, others: Traits, shared: float, *, leave: bool) -> Array:
    """Return the weights of shared kinds; ``(n_series, n_others)``. With ``leave``, 0 within a fold of products."""
    count = np.zeros((len(traits.product), len(others.product)))
    for kind in range(traits.kinds.shape[1]):
        count += traits.kinds[:, kind, None] == others.kinds[None, :, kind]
    same = traits.product[:, None] == others.product[None, :]
    weight = shared ** (count + SAME_PRODUCT * same)
    left = traits.product[:, None] % FOLDS == others.product[None, :] % FOLDS
    return np.where(left, 0.0, weight) if leave else weight


def nearness(traits: Traits, others: Traits, near: float) -> Array:
    """Return the weights of near prices, 1 where a price is not known; ``(n_series, n_others)``."""
    apart = (traits.price[:, None] - others.price[None, :]) / near
    return np.exp(-0.5 * np.nan_to_num(apart) ** 2)


def deviance(units: Array, mean: Array) -> float:
    """Return the mean Poisson deviance of expectations, kept finite where they are 0."""
    mean = np.maximum(mean, 1e-3)
    return float(2 * (np.where(units > 0, units * np.log(np.maximum(units, LEAST) / mean), 0.0) - units + mean).mean())


def _moments(weight: Array, level: Array) -> tuple[Array, Array]:
    total = weight.sum(axis=1)
    alone = total < LEAST
    share = np.where(alone[:, None], 1 / len(level), weight / np.where(alone, 1.0, total)[:, None])
    mean = share @ level
    variance = np.maximum(share @ level**2 - mean**2, 0.0)
    return mean, np.sqrt(variance) / np.maximum(mean, LEAST)


def _has(facts: Facts, kind: str) -> bool:
    return "products" in facts.tables and kind in facts.tables["products"].column_names


def _listed(facts: Facts) -> Array:
    """Return each series' list price, absent where there is none."""
    if not _has(facts, "unit_price"):
        return np.full(facts.panel.shape[0], np.nan)
    products = facts.tables["products"]
    prices = dict(zip(products["product"].to_pylist(), panel.real(products["unit_price"]), strict=True))
    return np.array([prices.get(product, np.nan) for product in facts.panel.products.tolist()], np.float64)
