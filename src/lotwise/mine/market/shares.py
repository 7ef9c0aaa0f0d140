"""What each brand, product and price tier has of its category, in each segment of customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.tables.mined import MARKET_SHARES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

BEST = 10
"""Products of a category that are told apart; the others are one row."""

TIERS = ("low", "middle", "high")
ALL, OTHER, NO_BRAND, NO_CATEGORY = "all", "other products", "no brand", "no category"


@dataclass(frozen=True)
class Sales:
    """Sales of the last weeks; each array has one element a line.

    Parameters
    ----------
    products
        Codes, sorted; ``product`` holds places in them.
    categories, brands
        Of each product; absent where not known.
    segments
        Names; ``segment`` holds places in them, -1 for customers in none.
    units, revenue
        Of the line, 0 at least.
    """

    products: Sequence[str]
    categories: Sequence[str | None]
    brands: Sequence[str | None]
    segments: Sequence[str]
    product: NDArray[np.int64]
    segment: NDArray[np.int64]
    units: NDArray[np.float64]
    revenue: NDArray[np.float64]


def shares(sales: Sales) -> pa.Table:
    """Return the table ``market_shares``; the shares of each category, kind and segment sum to 1.

    ``all`` holds every sale, also of customers in no segment.
    """
    count = len(sales.products)
    groups = len(sales.segments) + 1
    known = sales.segment >= 0
    units, revenue = (
        np.column_stack(
            [
                np.bincount(
                    sales.product[known] * groups + sales.segment[known], weights=weight[known], minlength=count * groups
                )
                .astype(float)
                .reshape(count, groups)[:, : groups - 1],
                np.bincount(sales.product, weights=weight, minlength=count).astype(float),
            ]
        )
        for weight in (sales.units, sales.revenue)
    )
    names = [category or NO_CATEGORY for category in sales.categories]
    parts = [
        part
        for kind, label in _labels(sales, names, units[:, -1], revenue[:, -1])
        for part in _table(sales, kind, label, names, (units, revenue))
    ]
    return MARKET_SHARES.check(pa.Table.from_pylist(parts)) if parts else MARKET_SHARES.empty()


def tiers(prices: NDArray[np.float64]) -> list[str] | None:
    """Return the third of the prices each one lies in, or nothing where there are not three different ones.

    Equal prices share a tier: with ``less`` of the ``n`` prices below one and ``equal`` of them equal to it, its third is
    ``floor(3 (less + equal / 2) / n)``.
    """
    known = np.sort(prices)
    if len(np.unique(known)) < len(TIERS):
        return None
    middle = np.searchsorted(known, prices, "left") + np.searchsorted(known, prices, "right")
    return [TIERS[min(int(place), len(TIERS) - 1)] for place in len(TIERS) * middle // (2 * len(known))]


def _labels(
    sales: Sales, names: list[str], units: NDArray[np.float64], revenue: NDArray[np.float64]
) -> Iterator[tuple[str, list[str | None]]]:
    """Yield each kind with the name each product goes under; absent for products it is not told of."""
    members: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if revenue[place] > 0:
            members.setdefault(name, []).append(place)
    brand: list[str | None] = [None] * len(names)
    product: list[str | None] = [None] * len(names)
    tier: list[str | None] = [None] * len(names)
    for group in members.values():
        if any(sales.brands[place] is not None for place in group):
            for place in group:
                brand[place] = sales.brands[place] or NO_BRAND
        ranked = sorted(group, key=lambda place: (-revenue[place], sales.products[place]))
        for place in group:
            product[place] = OTHER
        for place in ranked[:BEST]:
            product[place] = sales.products[place]
        priced = [place for place in group if units[place] > 0]
        found = tiers(revenue[priced] / units[priced]) if len(priced) == len(group) else None
        for place, name in zip(priced, found or [], strict=False):
            tier[place] = name
    yield "brand", brand
    yield "product", product
    yield "price tier", tier


def _table(
    sales: Sales,
    kind: str,
    label: list[str | None],
    categories: list[str],
    amounts: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Iterator[dict[str, str | float]]:
    """Yield the rows of one kind, of what was sold at all."""
    cells: dict[tuple[str, str], list[int]] = {}
    for place, name in enumerate(label):
        if name is not None:
            cells.setdefault((categories[place], name), []).append(place)
    keys = sorted(cells)
    units, revenue = (np.array([values[cells[key]].sum(axis=0) for key in keys]) for values in amounts)
    if not keys:
        return
    of = np.unique([category for category, _ in keys], return_inverse=True)[1]
    total = np.zeros((of.max() + 1, revenue.shape[1]))
    np.add.at(total, of, revenue)
    share = np.divide(revenue, total[of], out=np.zeros_like(revenue), where=total[of] > 0)
    for row, (category, name) in enumerate(keys):
        for group in np.flatnonzero(revenue[row] > 0).tolist():
            yield {
                "category": category,
                "kind": kind,
                "name": name,
                "segment": ALL if group == len(sales.segments) else sales.segments[group],
                "units": float(units[row, group]),
                "revenue": float(revenue[row, group]),
                "share": min(float(share[row, group]), 1.0),
                "index": float(share[row, group] / share[row, -1]),
            }
