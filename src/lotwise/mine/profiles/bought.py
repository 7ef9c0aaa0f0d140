"""What was bought, line by line: the sold lines of known customers with all that is counted about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.customers import gather, places

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Index = NDArray[np.int64]

MONDAY = 3
"""1970-01-01 was a Thursday, the fourth day of its week."""


@dataclass(frozen=True)
class Bought:
    """Sold lines, one element each, and returns.

    Parameters
    ----------
    customers, products, regions, locations
        Names the places stand for.
    customer, product, region, location, order, day
        Places; the day is counted from 1970-01-01.
    line
        Number of the line within its order.
    hour
        Hour of the day; -1 where no order of all has one.
    units, revenue, discount
        Discount is the money off the list price; NaN where it is not known.
    has_money
        Whether any line tells its revenue.
    returned
        Customer of each line that came back; ``None`` where no line of all did.
    orders
        Names of the orders.
    today
        First day not known yet.
    """

    customers: tuple[str, ...]
    products: tuple[str, ...]
    regions: tuple[str, ...]
    locations: tuple[str, ...]
    customer: Index
    product: Index
    region: Index
    location: Index
    order: Index
    line: Index
    day: Index
    hour: Index
    units: Reals
    revenue: Reals
    discount: Reals
    has_money: bool
    returned: Index | None
    orders: tuple[str, ...]
    today: int

    @property
    def first_week(self) -> int:
        """The week weeks are counted from: that of the first line."""
        return int(self.day.min() + MONDAY) // 7

    @property
    def week(self) -> Index:
        """Week of each line, from 0."""
        return (self.day + MONDAY) // 7 - self.first_week

    @property
    def cell(self) -> Index:
        """Number of the product and region of each line."""
        return self.product * len(self.regions) + self.region

    @property
    def starts(self) -> NDArray[np.bool_]:
        """Whether a line is the first of its order; lines of one order stand together."""
        begins: NDArray[np.bool_] = np.concatenate([[True], self.order[1:] != self.order[:-1]])[: len(self.order)]
        return begins

    def visits(self) -> Index:
        """Return one line of each order, its first."""
        return np.flatnonzero(self.starts)


def read(orders: pa.Table, *, today: date | None) -> Bought:
    """Return the lines sold to known customers before today."""
    lines = gather(orders, today=today)
    sold, rows = lines.sold, lines.row[lines.sold]
    back = pc.equal(orders["kind"], "return").to_numpy(zero_copy_only=False)[lines.row]
    told = orders.select(["line", "time", "location", "region", "revenue", "discount"]).take(pa.array(rows))
    locations, location = places(told["location"])
    regions, region = places(told["region"])
    day = lines.day[sold]
    second = told["time"].to_numpy().astype("datetime64[s]").astype(np.int64) - day * 86_400
    hour = second // 3600 if second.any() else np.full(len(second), -1)
    return Bought(
        lines.customers, lines.products, regions, locations, lines.customer[sold], lines.product[sold], region, location,
        lines.order[sold], told["line"].to_numpy(), day, hour, lines.units[sold], lines.revenue[sold],
        told["discount"].to_numpy(), told["revenue"].null_count < told.num_rows,
        lines.customer[back] if back.any() else None, lines.orders, lines.today,
    )  # fmt: skip


def labels(products: tuple[str, ...], table: pa.Table | None, column: str) -> pa.Array:
    """Return what a column of the table ``products`` says of each product; null where it says nothing."""
    if table is None or table.num_rows == 0:
        return pa.nulls(len(products), pa.string())
    place = pc.index_in(pa.array(products, pa.string()), value_set=table["product"].combine_chunks())
    return table[column].combine_chunks().take(place)
