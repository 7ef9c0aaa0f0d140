"""Who bought what, and when: the order lines as arrays, which most parts begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.stage import Inputs

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Purchases:
    """Order lines of known customers, sorted by day, customer, order and line; each array has one element a line.

    Parameters
    ----------
    customers, products, orders
        Their names; the arrays of the same name in the singular hold places in them. Products and orders are sorted;
        customers stand in the order of their first orders, so that samples do not depend on what they are called.
    customer, product, order
        Places, ``(n_lines,)``.
    day
        Day of the order, counted from 1970-01-01.
    units, revenue
        Units and money of the line; below 0 for a return. Money is 0 where it is not known.
    sold
        Whether the line is a sale that was not cancelled.
    row
        Row of the table ``orders`` that the line stands in.
    today
        First day that is not known yet, counted from 1970-01-01.
    """

    customers: tuple[str, ...]
    products: tuple[str, ...]
    orders: tuple[str, ...]
    customer: NDArray[np.int64]
    product: NDArray[np.int64]
    order: NDArray[np.int64]
    day: NDArray[np.int64]
    units: NDArray[np.float64]
    revenue: NDArray[np.float64]
    sold: NDArray[np.bool_]
    row: NDArray[np.int64]
    today: int

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.day)


def purchases(inputs: Inputs) -> Purchases:
    """Return the order lines of customers who are known by name."""
    return gather(inputs.table("orders"), today=inputs.settings.project.today)


def gather(orders: pa.Table, *, today: date | None = None) -> Purchases:
    """Return the lines of a table ``orders`` that name a customer.

    Parameters
    ----------
    orders
        Table that keeps the contract ``orders``.
    today
        First day not known yet; later lines are left out. Default: the day after the last order.
    """
    row = np.flatnonzero(pc.is_valid(orders["customer"]).to_numpy(zero_copy_only=False))
    day = orders["time"].to_numpy().astype("datetime64[D]").astype(np.int64)
    last = (today - EPOCH).days if today else int(day.max()) + 1 if len(day) else 0
    row = row[day[row] < last]
    table = orders.take(pa.array(row))
    products, product = places(table["product"])
    numbers, order = places(table["order"])
    line = table["line"].to_numpy()
    customers, customer = _by_first_order(*places(table["customer"]), np.lexsort((line, order, day[row])))
    sort = np.lexsort((line, order, customer, day[row]))
    units = table["units"].to_numpy()
    revenue = pc.fill_null(table["revenue"], 0.0).to_numpy()
    sold = pc.equal(table["kind"], "sale").to_numpy(zero_copy_only=False)
    return Purchases(
        customers, products, numbers, customer[sort], product[sort], order[sort], day[row][sort], units[sort], revenue[sort],
        sold[sort], row[sort], last,
    )  # fmt: skip


def _by_first_order(
    names: tuple[str, ...], place: NDArray[np.int64], in_time: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return customers and their places renumbered by when they first ordered; ``in_time`` sorts the lines by time."""
    _, first = np.unique(place[in_time], return_index=True)
    order = np.argsort(first, kind="stable")
    number = np.empty(len(names), dtype=np.int64)
    number[order] = np.arange(len(names))
    return tuple(names[old] for old in order), number[place]


def monday(day: int) -> date:
    """Return the Monday of the week that holds a day counted from 1970-01-01, a Thursday."""
    found = EPOCH + timedelta(days=int(day))
    return found - timedelta(days=found.weekday())


def places(names: pa.Array | pa.ChunkedArray) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the different names in order, and the place of each row's; no name may be absent."""
    encoded = pa.chunked_array([names] if isinstance(names, pa.Array) else names.chunks, pa.string())
    encoded = encoded.combine_chunks().dictionary_encode()
    known = np.array(encoded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(known) if len(known) else np.empty(0, dtype=np.int64)
    place = np.empty(len(known), dtype=np.int64)
    place[order] = np.arange(len(known))
    return tuple(known[order]), place[encoded.indices.to_numpy()]
