"""The lines that count, from the pool's tables: what was sold in which order, to whom, when, and at what margin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.customers import EPOCH

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]

NOBODY = -1
MANY = 200
"""Products from which their types are the items, where they have types."""
TYPED = 0.8
"""Share of lines whose product must have a type for types to be the items."""


@dataclass(frozen=True)
class Lines:
    """Lines that were sold and neither returned nor cancelled; each array has one element a line.

    Parameters
    ----------
    products, customers
        Names, in order; ``product`` and ``customer`` hold places in them.
    order, product, customer, day
        Places, and the day counted from 1970-01-01; ``customer`` is -1 where the line names none.
    units
        Units of the line.
    margin
        Money paid for the line less unit cost times units; NaN where one of them is not known.
    row
        Row of the table ``orders``.
    today
        First day not known yet, counted from 1970-01-01.
    """

    products: tuple[str, ...]
    customers: tuple[str, ...]
    order: Whole
    product: Whole
    customer: Whole
    day: Whole
    units: Reals
    margin: Reals
    row: Whole
    today: int

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.day)


@dataclass(frozen=True)
class Bought:
    """What each basket holds, each item once, sorted by basket and item.

    Parameters
    ----------
    names
        The items, in alphabetical order; ``(n_items,)``.
    basket, item
        Places; ``(n_pairs,)``.
    margin
        Margin of the item in the basket; NaN where it is not known; ``(n_pairs,)``.
    day, customer
        Of each basket; ``(n_baskets,)``.
    today
        First day not known yet.
    """

    names: tuple[str, ...]
    basket: Whole
    item: Whole
    margin: Reals
    day: Whole
    customer: Whole
    today: int

    def within(self, kept: NDArray[np.bool_]) -> Bought:
        """Return some of the baskets, renumbered in their order."""
        number = np.cumsum(kept) - 1
        pairs = kept[self.basket]
        return replace(
            self, basket=number[self.basket[pairs]], item=self.item[pairs], margin=self.margin[pairs],
            day=self.day[kept], customer=self.customer[kept],
        )  # fmt: skip

    def worth(self) -> Reals:
        """Return the mean margin of each item in one basket that holds it, ``(n_items,)``; NaN where no margin is known."""
        known = ~np.isnan(self.margin)
        size = len(self.names)
        with np.errstate(invalid="ignore"):
            return np.bincount(self.item[known], self.margin[known], size) / np.bincount(self.item[known], minlength=size)


def read(orders: pa.Table, economics: pa.Table | None = None, *, today: date | None = None) -> Lines:
    """Return the lines of a table ``orders`` that count: sales of more than 0 units before ``today``.

    Parameters
    ----------
    orders, economics
        Tables that keep the contracts of these names; without ``economics`` no margin is known.
    today
        First day not known yet. Default: the day after the last order.
    """
    day = orders["time"].to_numpy().astype("datetime64[D]").astype(np.int64)
    last = (today - EPOCH).days if today else int(day.max()) + 1 if len(day) else 0
    counts = pc.and_(pc.equal(orders["kind"], "sale"), pc.greater(orders["units"], 0)).to_numpy(zero_copy_only=False)
    row = np.flatnonzero(counts & (day < last))
    table = orders.select(["order", "customer", "product", "units", "revenue"]).take(pa.array(row))
    _, order = encode(table["order"])
    products, product = encode(table["product"])
    customers, customer = encode(table["customer"])
    units = table["units"].to_numpy()
    revenue = table["revenue"].cast(pa.float64()).to_numpy()
    cost = _costs(products, economics)[product]
    return Lines(products, customers, order, product, customer, day[row], units, revenue - cost * units, row, last)


def encode(values: pa.ChunkedArray) -> tuple[tuple[str, ...], Whole]:
    """Return the different names in order, and the place of each value's; -1 where it is absent."""
    encoded = values.combine_chunks().dictionary_encode()
    known = np.array(encoded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(known) if len(known) else np.empty(0, dtype=np.int64)
    place = np.empty(len(known) + 1, dtype=np.int64)
    place[order] = np.arange(len(known))
    place[-1] = NOBODY
    return tuple(known[order]), place[pc.fill_null(encoded.indices, -1).to_numpy()]


def level(lines: Lines, products: pa.Table | None, wanted: str) -> tuple[str, tuple[str, ...], Whole]:
    """Return what the items are, their names in order, and the item of each product of ``lines`` (-1: none).

    Parameters
    ----------
    wanted
        ``"product"``, ``"type"``, ``"category"`` or ``"auto"``: types where there are 200 products or more and at least
        80 % of the lines have one; else categories where there are 200 products or more and none is on 200 lines; else
        products.
    """
    if wanted == "auto":
        wanted = _suited(lines, products)
    if wanted == "product" or products is None:
        return "product", lines.products, np.arange(len(lines.products))
    names, place = encode(_column(lines, products, wanted))
    return wanted, names, place


def gather(lines: Lines, item: Whole, names: tuple[str, ...]) -> Bought:
    """Return what each order holds, given the item of each line (-1: none); orders without an item are left out."""
    kept = np.flatnonzero(item >= 0)
    size = max(len(names), 1)
    pair, place = np.unique(lines.order[kept] * size + item[kept], return_inverse=True)
    number, basket = np.unique(pair // size, return_inverse=True)
    line = np.empty(len(number), dtype=np.int64)
    line[basket[place]] = kept  # any line of the order names its day and customer
    margin = np.bincount(place, lines.margin[kept], len(pair)).astype(np.float64)
    return Bought(names, basket, pair % size, margin, lines.day[line], lines.customer[line], lines.today)


def _suited(lines: Lines, products: pa.Table | None) -> str:
    if products is None or len(lines.products) < MANY:
        return "product"
    typed = encode(_column(lines, products, "type"))[1]
    if (typed[lines.product] >= 0).mean() >= TYPED:
        return "type"
    size = np.bincount(lines.product)
    return "product" if len(size) and size.max() >= MANY else "category"


def _column(lines: Lines, products: pa.Table, name: str) -> pa.ChunkedArray:
    """Return one column of ``products`` for each product that was sold."""
    place = pc.index_in(pa.array(lines.products, pa.string()), products["product"].combine_chunks())
    return pa.chunked_array([products[name].combine_chunks().take(place)])


def _costs(products: tuple[str, ...], economics: pa.Table | None) -> Reals:
    """Return the unit cost of each product, NaN where it is not known."""
    if economics is None:
        return np.full(len(products), np.nan)
    place = pc.index_in(pa.array(products, pa.string()), economics["product"].combine_chunks())
    found: Reals = economics["unit_cost"].combine_chunks().take(place).cast(pa.float64()).to_numpy(zero_copy_only=False)
    return found
