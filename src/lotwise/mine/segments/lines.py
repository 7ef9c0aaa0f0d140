"""The order lines that segments are found in, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.customers import Purchases

HOUR = 3_600_000_000
"""Microseconds."""


@dataclass(frozen=True)
class Labels:
    """Which of some names each line bears, such as its category.

    Parameters
    ----------
    names
        The names, sorted.
    place
        Place of each line's name, -1 where it has none, ``(n_lines,)``.
    """

    names: tuple[str, ...]
    place: NDArray[np.int64]


@dataclass(frozen=True)
class Lines:
    """Order lines of known customers; each array has one element a line.

    Parameters
    ----------
    customers
        Names, sorted; ``customer`` holds places in them.
    customer, order
        Whose line it is, and of which order (numbered from 0).
    day, hour
        Day from 1970-01-01, hour of the day from 0 to below 24; no hours where the times hold none.
    units, revenue, discount
        Units, money and money off the list price; below 0 for a return, 0 where not known.
    sold, returned
        Whether it is a sale that stood, or a return; a cancelled line is neither.
    labels
        ``category``, ``department``, ``location`` and ``region`` where they are known.
    options
        The value chosen of each option.
    today
        First day that is not known yet.
    """

    customers: tuple[str, ...]
    customer: NDArray[np.int64]
    order: NDArray[np.int64]
    day: NDArray[np.int64]
    hour: NDArray[np.float64] | None
    units: NDArray[np.float64]
    revenue: NDArray[np.float64]
    discount: NDArray[np.float64] | None
    sold: NDArray[np.bool_]
    returned: NDArray[np.bool_]
    labels: dict[str, Labels]
    options: dict[str, Labels]
    today: int


def read(bought: Purchases, orders: pa.Table, products: pa.Table | None, chosen: pa.Table | None) -> Lines:
    """Return the lines of purchases, with what the other tables say of them.

    Parameters
    ----------
    bought
        The lines of known customers.
    orders
        The table ``orders`` they stand in.
    products
        The table ``products``, for categories and departments.
    chosen
        The table ``order_options``.
    """
    rows = pa.array(bought.row)
    moment = orders["time"].take(rows).cast(pa.int64()).to_numpy()
    hour = (moment % (24 * HOUR)) / HOUR
    discount = orders["discount"]
    labels = {name: labels_of(orders[name].take(rows)) for name in ("location", "region")}
    if products is not None:
        found = pc.index_in(pa.array(bought.products, pa.string()), products["product"].combine_chunks())
        for name in ("category", "department"):
            labels[name] = labels_of(products[name].take(found).take(pa.array(bought.product)))
    return Lines(
        customers=bought.customers,
        customer=bought.customer,
        order=bought.order,
        day=bought.day,
        hour=hour if np.ptp(hour) > 0 else None,
        units=bought.units,
        revenue=bought.revenue,
        discount=None if discount.null_count == len(discount) else pc.fill_null(discount, 0.0).take(rows).to_numpy(),
        sold=bought.sold,
        returned=pc.equal(orders["kind"], "return").take(rows).to_numpy(),
        labels=labels,
        options={} if chosen is None else _options(bought, orders, chosen),
        today=bought.today,
    )


def labels_of(values: pa.ChunkedArray) -> Labels:
    """Return the names of a column of texts, sorted, and the place of each row's."""
    encoded = values.combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names) + 1, dtype=np.int64)
    place[order] = np.arange(len(names))
    place[-1] = -1
    return Labels(tuple(names[i] for i in order), place[pc.fill_null(encoded.indices, len(names)).to_numpy()])


def _options(bought: Purchases, orders: pa.Table, chosen: pa.Table) -> dict[str, Labels]:
    """Return the value of each option on each line; -1 where the line has no such option."""
    line = orders["line"].take(pa.array(bought.row)).to_numpy()
    order = pc.fill_null(pc.index_in(chosen["order"], pa.array(bought.orders, pa.string())), -1).to_numpy().astype(np.int64)
    wide = 1 + max(int(line.max(initial=0)), int(pc.max(chosen["line"]).as_py() or 0))
    keys, asked = bought.order * wide + line, order * wide + chosen["line"].to_numpy()
    sort = np.argsort(keys, kind="stable")
    found = np.searchsorted(keys, asked, sorter=sort).clip(max=max(len(keys) - 1, 0))
    is_known = (order >= 0) & (keys[sort[found]] == asked) if len(keys) else np.zeros(len(asked), dtype=bool)
    option = labels_of(chosen["option"])
    options = {}
    for number, name in enumerate(option.names):
        mine = np.flatnonzero(is_known & (option.place == number))
        if not len(mine):
            continue
        values = labels_of(chosen["value"].take(pa.array(mine)))
        place = np.full(len(keys), -1)
        place[sort[found[mine]]] = values.place
        options[name] = Labels(values.names, place)
    return options
