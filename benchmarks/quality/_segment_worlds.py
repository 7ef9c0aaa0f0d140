"""Customers whose segment is known: clouds of features, and order logs drawn from each segment's own law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS = 364
START = np.datetime64("2025-01-06", "us")
CATEGORIES = ("bread", "cheese", "fruit", "meat", "milk", "snacks", "soap", "wine")


@dataclass(frozen=True)
class Law:
    """How one segment buys.

    Parameters
    ----------
    share
        Of the customers.
    orders
        Orders a year, on average; customers of a segment differ by a gamma factor of shape 6.
    lines
        Lines an order.
    price
        Median price of a unit.
    discount
        Chance that a line is discounted by a quarter.
    tastes
        Weight of each category; each customer's own shares are Dirichlet around them with total 30.
    evening, weekend
        Chance that an order is made from 5 pm on, and on a weekend.
    """

    share: float
    orders: float
    lines: float
    price: float
    discount: float
    tastes: tuple[float, ...]
    evening: float
    weekend: float


EVEN = (1, 1, 1, 1, 1, 1, 1, 1)
WORLDS = {
    "everything differs": (
        Law(0.4, 10, 2, 4, 0.15, (3, 1, 1, 1, 3, 1, 1, 0.5), 0.3, 0.3),
        Law(0.3, 40, 5, 4, 0.50, (1, 1, 1, 1, 1, 5, 1, 0.5), 0.7, 0.3),
        Law(0.2, 22, 9, 5, 0.20, (1, 2, 3, 4, 2, 1, 2, 1), 0.3, 0.8),
        Law(0.1, 25, 3, 11, 0.05, (1, 4, 1, 1, 0.5, 0.5, 0.5, 6), 0.8, 0.5),
    ),
    "only tastes differ": (
        Law(0.5, 20, 4, 4, 0.2, (4, 1, 1, 1, 4, 1, 1, 1), 0.4, 0.3),
        Law(0.3, 20, 4, 4, 0.2, (1, 1, 1, 1, 1, 5, 3, 1), 0.4, 0.3),
        Law(0.2, 20, 4, 4, 0.2, (1, 4, 1, 4, 1, 0.5, 0.5, 4), 0.4, 0.3),
    ),
    "only amounts differ": (
        Law(0.6, 6, 3, 4, 0.2, EVEN, 0.4, 0.3),
        Law(0.3, 45, 2, 4, 0.2, EVEN, 0.4, 0.3),
        Law(0.1, 25, 16, 4, 0.2, EVEN, 0.4, 0.3),
    ),
}


def clouds(rng: np.random.Generator, customers: int, apart: float) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return normal clouds of unequal size and spread in 12 ready features, 4 of them noise, and the cloud of each customer.

    Parameters
    ----------
    rng
        Draws them.
    customers
        How many.
    apart
        Least distance between centers, in standard deviations.
    """
    count, width = 5, 8
    while True:
        centers = rng.normal(0, apart / 2, (count, width))
        gaps = np.linalg.norm(centers[:, None] - centers[None], axis=2)[np.triu_indices(count, 1)]
        if gaps.min() >= apart:
            break
    truth = rng.choice(count, customers, p=[0.35, 0.25, 0.2, 0.12, 0.08])
    seen = centers[truth] + rng.normal(0, 1, (customers, width)) * rng.uniform(0.7, 1.2, count)[truth][:, None]
    values = np.column_stack([seen, rng.normal(0, 1, (customers, 4))])
    names = [f"c{i:05d}" for i in range(customers)]
    return pa.table({"customer": names, **{f"feature {j}": values[:, j] for j in range(values.shape[1])}}), truth


def log(rng: np.random.Generator, customers: int, laws: tuple[Law, ...]) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return order lines and each customer's segment."""
    truth = rng.choice(len(laws), customers, p=[law.share for law in laws])

    def of(name: str) -> NDArray[np.float64]:
        return np.array([getattr(law, name) for law in laws])[truth]

    orders = np.maximum(rng.poisson(of("orders") * rng.gamma(6, 1 / 6, customers)), 1)
    whose = np.repeat(np.arange(customers), orders)
    day = rng.integers(0, DAYS // 7, len(whose)) * 7
    weekend = rng.random(len(whose)) < of("weekend")[whose]
    day += np.where(weekend, rng.integers(5, 7, len(whose)), rng.integers(0, 5, len(whose)))
    evening = rng.random(len(whose)) < of("evening")[whose]
    second = np.where(evening, rng.integers(17 * 3600, 22 * 3600, len(whose)), rng.integers(8 * 3600, 17 * 3600, len(whose)))
    lines = 1 + rng.poisson((of("lines") * rng.gamma(10, 0.1, customers))[whose])
    order = np.repeat(np.arange(len(whose)), lines)
    who = whose[order]
    tastes = np.array([law.tastes for law in laws], dtype=float)
    own = rng.gamma(30 * (tastes / tastes.sum(axis=1, keepdims=True))[truth])
    bounds = np.cumsum(own / own.sum(axis=1, keepdims=True), axis=1)
    category = np.minimum((rng.random(len(order))[:, None] > bounds[who]).sum(axis=1), len(CATEGORIES) - 1)
    price = of("price")[who] * np.exp(rng.normal(0, 0.35, len(order)))
    off = np.where(rng.random(len(order)) < of("discount")[who], 0.25 * price, 0.0)
    seconds = (day[order] * 86400 + second[order]).astype("timedelta64[s]")
    table = pa.table(
        {
            "customer": np.array([f"c{i:05d}" for i in range(customers)])[who],
            "order": np.char.add("o", order.astype(str)),
            "time": START + seconds.astype("timedelta64[us]"),
            "category": np.array(CATEGORIES)[category],
            "units": np.ones(len(order)),
            "revenue": price - off,
            "discount": off,
        }
    )
    return table, truth
