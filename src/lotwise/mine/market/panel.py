"""Weekly units and prices of our best sellers, and prices of competitors, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

MOST = 500
"""Products told of: those with most revenue in the last weeks."""


@dataclass(frozen=True)
class Panel:
    """Products by weeks.

    Parameters
    ----------
    products
        Codes, sorted.
    weeks
        Mondays, without gaps, as days from 1970-01-01, ``(n_weeks,)``.
    units, revenue
        Units and revenue of all regions, ``(n_products, n_weeks)``.
    last
        Weeks at the end that prices are told over.
    cut
        Products that sold in these weeks and are not told of.
    """

    products: tuple[str, ...]
    weeks: NDArray[np.int64]
    units: NDArray[np.float64]
    revenue: NDArray[np.float64]
    last: int
    cut: int

    @property
    def prices(self) -> NDArray[np.float64]:
        """Return the mean price of each product and week; absent where nothing was sold."""
        sold = self.units > 0
        found: NDArray[np.float64] = np.divide(self.revenue, self.units, out=np.full(self.units.shape, np.nan), where=sold)
        return found

    def recent_prices(self) -> NDArray[np.float64]:
        """Return the mean price of the units sold in the last weeks."""
        units, revenue = (values[:, -self.last :].sum(axis=1) for values in (self.units, self.revenue))
        found: NDArray[np.float64] = np.divide(revenue, units, out=np.full(len(units), np.nan), where=units > 0)
        return found


def panel(demand: pa.Table, weeks: int, today: date | None = None) -> Panel:
    """Return the products with most revenue in the last weeks.

    Parameters
    ----------
    demand
        Table ``demand``; weeks without revenue add no units either, for their price is not known.
    weeks
        How many weeks at the end prices are told over.
    today
        First day that is not known yet.
    """
    week = demand["week"].cast(pa.int32()).to_numpy().astype(np.int64)
    known = pc.is_valid(demand["revenue"]).to_numpy() & pc.is_valid(demand["units"]).to_numpy()
    if today is not None:
        known &= week + 6 < _number(today)
    rows = np.flatnonzero(known)
    if not len(rows):
        return Panel((), np.empty(0, dtype=np.int64), np.empty((0, 0)), np.empty((0, 0)), weeks, 0)
    encoded = demand["product"].combine_chunks().dictionary_encode()
    code, names = encoded.indices.to_numpy()[rows], encoded.dictionary.to_pylist()
    first, count = int(week[rows].min()), int(np.ptp(week[rows])) // 7 + 1
    at = (week[rows] - first) // 7
    revenue = pc.fill_null(demand["revenue"], 0.0).to_numpy()[rows]
    late = at >= count - weeks
    recent = np.bincount(code[late], weights=revenue[late], minlength=len(names))
    ranked = sorted(np.flatnonzero(recent > 0).tolist(), key=lambda place: (-recent[place], names[place]))
    kept = sorted(ranked[:MOST], key=names.__getitem__)
    place = np.full(len(names), -1)
    place[kept] = np.arange(len(kept))
    mine = place[code] >= 0
    cell = place[code[mine]] * count + at[mine]
    units = demand["units"].to_numpy()[rows]
    shape = (len(kept), count)
    return Panel(
        products=tuple(names[number] for number in kept),
        weeks=first + 7 * np.arange(count),
        units=np.bincount(cell, weights=units[mine], minlength=len(kept) * count).reshape(shape).astype(float),
        revenue=np.bincount(cell, weights=revenue[mine], minlength=len(kept) * count).reshape(shape).astype(float),
        last=weeks,
        cut=len(ranked) - len(kept),
    )


def rival_prices(found: Panel, competitors: pa.Table) -> dict[str, NDArray[np.float64]]:
    """Return the price of each competitor for each product and week; absent where not known."""
    places = {product: place for place, product in enumerate(found.products)}
    prices: dict[str, NDArray[np.float64]] = {}
    first = int(found.weeks[0]) if len(found.weeks) else 0
    weeks = (competitors["week"].cast(pa.int32()).to_numpy().astype(np.int64) - first) // 7
    rows = zip(*(competitors[name].to_pylist() for name in ("product", "competitor", "price")), weeks.tolist(), strict=True)
    for product, competitor, price, week in rows:
        if product in places and price is not None and price > 0 and 0 <= week < len(found.weeks):
            table = prices.setdefault(competitor, np.full(found.units.shape, np.nan))
            table[places[product], week] = price
    return dict(sorted(prices.items()))


def _number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))
