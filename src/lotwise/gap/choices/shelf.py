"""What was on sale in each week, at which price: the catalogue customers could have chosen from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap.value import codes, places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lotwise.gap.choices.logit import Reals, Whole

AROUND = 4
"""Weeks before and after a sale in which a product counts as on sale."""

_KINDS = ("brand", "type", "package")
_MONDAY = 4
"""1 January 1970 was a Thursday: the first Monday is day 4."""


@dataclass(frozen=True)
class Shelf:
    """Products and weeks.

    Parameters
    ----------
    products
        Product codes.
    category
        Number of each product's category, ``(n_products,)``.
    kinds
        Number of each product's brand, type and package, ``(n_products,)`` each, and their names.
    first
        Number of the first week.
    price
        Median price paid in the week; else the list price, else the median price ever paid, ``(n_products, n_weeks)``; not a
        number where none is known.
    on_sale
        Whether it was sold within four weeks around, and neither before its launch nor after its last day.
    cost
        Cost of one unit, ``(n_products,)``; not a number where it is not known.
    """

    products: pa.Array
    category: Whole
    kinds: dict[str, tuple[tuple[str, ...], Whole]]
    first: int
    price: Reals
    on_sale: NDArray[np.bool_]
    cost: Reals

    def week(self, day: Whole) -> Whole:
        """Return the column of each day's week, the nearest one where nothing was sold in it."""
        return np.clip(_weeks(day) - self.first, 0, self.on_sale.shape[1] - 1)

    def sizes(self, bought: Whole, day: Whole) -> Whole:
        """Return how many products of the category of what was bought were on sale."""
        per = np.zeros((int(self.category.max()) + 1, self.on_sale.shape[1]), dtype=np.int64)
        np.add.at(per, self.category, self.on_sale)
        found: Whole = per[self.category[bought], self.week(day)]
        return found

    def catalogue(self, bought: Whole, day: Whole, purchase: Whole, looked: Whole) -> tuple[Whole, Whole]:
        """Return purchase and product of all that was on sale in the category, or was looked at, in order of both."""
        count = len(self.products)
        cell = self.category[bought] * self.on_sale.shape[1] + self.week(day)
        parts = [purchase * count + looked]
        for one in np.unique(cell):
            there = np.flatnonzero(
                self.on_sale[:, one % self.on_sale.shape[1]] & (self.category == one // self.on_sale.shape[1])
            )
            parts.append((np.flatnonzero(cell == one)[:, None] * count + there).ravel())
        pairs = np.unique(np.concatenate(parts))
        return pairs // count, pairs % count

    def dummies(self, product: Whole, bought: Whole, most: int) -> tuple[tuple[str, ...], Reals]:
        """Return what liking depends on beside the price, a column each.

        These are the products, but the most bought one of each category. With more than ``most`` products they are the
        values of brand, type and package, and the product's usual price: so the part-worth of the price rests on
        prices that change over time in either case, not on better products being dearer (Mundlak 1978).

        Parameters
        ----------
        product
            Product of each alternative, ``(n_rows,)``.
        bought
            Product of each purchase.
        most
            Products up to which each has a column.

        References
        ----------
        Mundlak (1978), On the pooling of time series and cross section data, Econometrica 46(1).
        """
        own = np.unique(product)
        times = np.bincount(bought, minlength=len(self.products))
        if len(own) <= most:
            base = {max(own[self.category[own] == c], key=lambda p: (times[p], -p)) for c in np.unique(self.category[own])}
            others = [place for place in own if place not in base]
            return tuple(f"product = {self.products[place]}" for place in others), _columns(product, others)
        names: list[str] = []
        columns = [np.zeros((len(product), 0))]
        for kind, (values, code) in self.kinds.items():
            taken = np.bincount(code[bought], minlength=len(values))
            ranked = [place for place in np.argsort(-taken, kind="stable")[: most // len(self.kinds) + 1] if taken[place]]
            names += [f"{kind} = {values[place]}" for place in ranked[1:]]
            columns.append(_columns(code[product], ranked[1:]))
            rest = ~np.isin(code[product], ranked)
            if rest.any():
                names.append(f"{kind}, others")
                columns.append(rest[:, None].astype(np.float64))
        usual = self.price.mean(axis=1)[product]
        return (*names, "usual price"), np.column_stack([*columns, usual])

    def margin(self, product: Whole, day: Whole) -> Reals | None:
        """Return price less cost of each product in the week of each day; None where one is not known."""
        found: Reals = self.price[product, self.week(day)] - self.cost[product]
        return found if np.isfinite(found).all() else None


def shelf(tables: Mapping[str, pa.Table]) -> Shelf:
    """Return what was on sale in each week of the table ``orders``.

    Parameters
    ----------
    tables
        ``orders``; ``products`` and ``economics`` where they exist. Without ``products`` all are of one category.
    """
    orders = tables["orders"]
    orders = orders.filter(pc.and_(pc.equal(orders["kind"], "sale"), pc.greater(orders["units"], 0)))
    listed = tables.get("products")
    products = pc.unique(orders["product"]).sort()
    product, week = places(orders["product"], products), _weeks(_days(orders["time"]))
    first, weeks = int(week.min()), int(week.max() - week.min()) + 1
    sold = np.zeros((len(products), weeks), dtype=np.bool_)
    sold[product, week - first] = True
    place = np.full(len(products), -1) if listed is None else places(products, listed["product"].combine_chunks())
    kinds = {kind: _kind(listed, kind, place) for kind in _KINDS} if listed is not None else {}
    cost = np.full(len(products), np.nan)
    if "economics" in tables:
        told = tables["economics"]
        cost = _at(told, "unit_cost", places(products, told["product"].combine_chunks()))
    return Shelf(
        products,
        np.zeros(len(products), dtype=np.int64) if listed is None else _kind(listed, "category", place)[1],
        kinds,
        first,
        _prices(orders, product, week - first, sold.shape, _at(listed, "unit_price", place)),
        _around(sold) & _listed(listed, place, first, weeks),
        cost,
    )


def _around(sold: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether each product was sold within four weeks before or after each week."""
    wide = np.pad(np.cumsum(sold, axis=1), ((0, 0), (AROUND + 1, AROUND)), mode="edge")
    wide[:, : AROUND + 1] = 0
    found: NDArray[np.bool_] = wide[:, 2 * AROUND + 1 :] > wide[:, : -2 * AROUND - 1]
    return found


def _listed(listed: pa.Table | None, place: Whole, first: int, weeks: int) -> NDArray[np.bool_]:
    """Return whether each week is neither before the launch nor after the last day of each product."""
    found = np.ones((len(place), weeks), dtype=np.bool_)
    if listed is None:
        return found
    week = first + np.arange(weeks)
    for name, is_out in (("launched", np.less), ("retired", np.greater)):
        known = (place >= 0) & listed[name].is_valid().to_numpy()[np.maximum(place, 0)]
        day = pc.fill_null(listed[name].cast(pa.int32()), 0).to_numpy().astype(np.int64)[np.maximum(place, 0)]
        found[known] &= ~is_out(week, _weeks(day[known])[:, None])
    return found


def _prices(orders: pa.Table, product: Whole, week: Whole, shape: tuple[int, int], listed: Reals) -> Reals:
    """Return the median price paid in each week, the list price or the median ever paid where there is none."""
    paid = pc.fill_null(orders["unit_price"].cast(pa.float64()), float("nan")).to_numpy()
    told = np.isfinite(paid)
    found = _medians(product[told] * shape[1] + week[told], paid[told], shape[0] * shape[1]).reshape(shape)
    ever = _medians(product[told], paid[told], shape[0])
    otherwise = np.where(np.isfinite(listed), listed, ever)
    return np.where(np.isfinite(found), found, otherwise[:, None])


def _medians(group: Whole, values: Reals, count: int) -> Reals:
    """Return the median of each group; not a number for an empty one."""
    order = np.lexsort((values, group))
    values = values[order]
    size = np.bincount(group, minlength=count)
    start = np.cumsum(size) - size
    found = np.full(count, np.nan)
    full = size > 0
    low, high = start[full] + (size[full] - 1) // 2, start[full] + size[full] // 2
    found[full] = (values[low] + values[high]) / 2
    return found


def _kind(listed: pa.Table, name: str, place: Whole) -> tuple[tuple[str, ...], Whole]:
    values, code = codes(pc.fill_null(listed[name], ""))
    return (*values, ""), np.where(place >= 0, code[np.maximum(place, 0)], len(values))


def _at(table: pa.Table | None, name: str, place: Whole) -> Reals:
    if table is None or not table.num_rows:
        return np.full(len(place), np.nan)
    values = pc.fill_null(table[name], float("nan")).to_numpy()
    return np.where(place >= 0, values[np.maximum(place, 0)], np.nan)


def _columns(code: Whole, values: list[int]) -> Reals:
    return np.asarray(code[:, None] == np.array(values, dtype=np.int64), dtype=np.float64)


def _weeks(day: Whole) -> Whole:
    return (day - _MONDAY) // 7


def _days(time: pa.ChunkedArray) -> Whole:
    found: Whole = time.cast(pa.timestamp("us")).cast(pa.int64()).to_numpy() // 86_400_000_000
    return found
