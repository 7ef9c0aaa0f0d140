"""What was sold: sale lines as arrays, with the price of the plain product and the options chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]

EPOCH = date(1970, 1, 1)
TO_MONDAY = 3
"""1970-01-01 was a Thursday: days to add so that weeks begin on Mondays."""


@dataclass(frozen=True)
class Sold:
    """Sale lines of the days known, one element each.

    Parameters
    ----------
    products, regions
        Their names, sorted; ``product`` and ``region`` hold places in them.
    product, region, week, person, order
        ``(n_lines,)``; weeks are counted from that of 1970-01-01, persons and orders from 0. A line whose customer is not
        known is a person of its own.
    price
        Price paid for one unit, without what its options add; not a number where unknown.
    regular
        The same before the discount.
    revenue
        Money of the line.
    """

    products: tuple[str, ...]
    regions: tuple[str, ...]
    product: Whole
    region: Whole
    week: Whole
    person: Whole
    order: Whole
    price: Reals
    regular: Reals
    revenue: Reals

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.product)


@dataclass(frozen=True)
class Chosen:
    """Options chosen on the lines, one element each: places in the names, and the line."""

    options: tuple[str, ...]
    values: tuple[str, ...]
    line: Whole
    option: Whole
    value: Whole
    extra: Reals


def read(
    orders: pa.Table, order_options: pa.Table | None = None, options: pa.Table | None = None, *, today: date | None = None
) -> tuple[Sold, Chosen]:
    """Return the sale lines before today, and the options chosen on them.

    Parameters
    ----------
    orders, order_options, options
        Tables that keep the contracts of these names; without options the price is that of the line.
    today
        First day not known yet; absent: all lines are known.
    """
    day = orders["time"].to_numpy().astype("datetime64[D]").astype(np.int64)
    sale = pc.equal(orders["kind"], "sale").to_numpy(zero_copy_only=False) & (orders["units"].to_numpy() > 0)
    kept = np.flatnonzero(sale & (day < (today - EPOCH).days) if today else sale)
    table = orders.take(pa.array(kept))
    products, product = places(table["product"])
    regions, region = places(table["region"])
    _, order = places(table["order"])
    units = table["units"].to_numpy()
    paid, money, off = (_real(table[name]) for name in ("unit_price", "revenue", "discount"))
    price = np.where(np.isfinite(paid), paid, money / units)
    # What an order's discount takes off its list price, as a share.
    whole = price * units + np.nan_to_num(off)
    share = np.clip(np.divide(np.nan_to_num(off), whole, out=np.zeros(len(whole)), where=whole > 0), 0, 0.99)
    chosen = _options(table, products, product, order_options, options)
    extra = np.bincount(chosen.line, chosen.extra, minlength=len(price)) if len(chosen.line) else np.zeros(len(price))
    regular = price / (1 - share) - extra
    plain = Sold(
        products, regions, product, region, (day[kept] + TO_MONDAY) // 7, _persons(table), order,
        np.where(regular > 0, regular * (1 - share), np.nan), np.where(regular > 0, regular, np.nan), np.nan_to_num(money),
    )  # fmt: skip
    return plain, chosen


def places(names: pa.ChunkedArray) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the different names in order, and the place of each row's; -1 where it is absent."""
    encoded = names.combine_chunks().dictionary_encode()
    known = np.array(encoded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(known) if len(known) else np.empty(0, dtype=np.int64)
    place = np.empty(len(known) + 1, dtype=np.int64)
    place[order] = np.arange(len(known))
    place[-1] = -1
    return tuple(known[order]), place[pc.fill_null(encoded.indices, -1).to_numpy().astype(np.int64)]


def _persons(table: pa.Table) -> NDArray[np.int64]:
    names, person = places(table["customer"])
    unknown = person < 0
    person[unknown] = len(names) + np.arange(int(unknown.sum()))
    return person


def _real(column: pa.ChunkedArray) -> Reals:
    found: Reals = np.asarray(pc.fill_null(column, np.nan).to_numpy(), dtype=np.float64)
    return found


def _options(
    table: pa.Table, products: tuple[str, ...], product: Whole, order_options: pa.Table | None, options: pa.Table | None
) -> Chosen:
    none = np.empty(0, dtype=np.int64)
    if order_options is None or order_options.num_rows == 0 or table.num_rows == 0:
        return Chosen((), (), none, none, none, np.empty(0))
    line = _lines(table, order_options)
    known = np.flatnonzero(line >= 0)
    picked = order_options.take(pa.array(known))
    names, option = places(picked["option"])
    values, value = places(picked["value"])
    line = line[known]
    extra = np.zeros(len(line))
    if options is not None and options.num_rows:
        size = (len(names), len(values))
        code = np.ravel_multi_index((product[line], option, value), (len(products), *size))
        spots = [
            _spots(options[column], among) for column, among in (("product", products), ("option", names), ("value", values))
        ]
        there = np.logical_and.reduce([spot >= 0 for spot in spots])
        listed = np.ravel_multi_index([spot[there] for spot in spots], (len(products), *size))
        prices = np.nan_to_num(_real(options["extra_price"]))[there]
        sort = np.argsort(listed)
        spot = np.minimum(np.searchsorted(listed[sort], code), max(len(listed) - 1, 0))
        if len(listed):
            extra = np.where(listed[sort][spot] == code, prices[sort][spot], 0.0)
    return Chosen(names, values, line, option, value, extra)


def _lines(table: pa.Table, order_options: pa.Table) -> Whole:
    """Return the row of the line each option was chosen on; -1 where that line is not among them."""
    encoded = table["order"].combine_chunks().dictionary_encode()
    order = encoded.indices.to_numpy().astype(np.int64)
    asked = pc.fill_null(pc.index_in(order_options["order"], value_set=encoded.dictionary), -1).to_numpy().astype(np.int64)
    span = int(max(pc.max(table["line"]).as_py(), pc.max(order_options["line"]).as_py())) + 1
    key = order * span + table["line"].to_numpy()
    sort = np.argsort(key, kind="stable")
    wanted = asked * span + order_options["line"].to_numpy()
    spot = np.minimum(np.searchsorted(key[sort], wanted), len(key) - 1)
    return np.where((key[sort][spot] == wanted) & (asked >= 0), sort[spot], -1)


def _spots(column: pa.ChunkedArray, among: tuple[str, ...]) -> Whole:
    found = pc.index_in(column, value_set=pa.array(among, pa.string()))
    return np.asarray(pc.fill_null(found, -1).to_numpy(), dtype=np.int64)
