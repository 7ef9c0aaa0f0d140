"""A frame of order lines as the tables profiles are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lotwise.mine.intake import Frame

WHAT = "The order lines"


def tables(frame: Frame, columns: Mapping[str, str]) -> dict[str, pa.Table]:
    """Return the tables ``orders`` and, where categories are told, ``products``, of a frame of order lines.

    Parameters
    ----------
    frame
        A row an order line.
    columns
        The frame's name for each of ``customer, time`` and, where it has them, ``revenue, order, product, category, location,
        units, discount``.

    Raises
    ------
    ContractError
        A column is missing or holds what it cannot; every fault is listed.
    """
    count = len(frame)
    if not count:
        frame.faults.append("there is no row; expected one an order line")
    customer = frame.texts(columns["customer"], empty=True)
    time = _times(frame, columns["time"])
    revenue = frame.numbers(columns["revenue"]) if "revenue" in columns else np.full(count, np.nan)
    units = frame.numbers(columns["units"]) if "units" in columns else np.where(np.nan_to_num(revenue) < 0, -1.0, 1.0)
    discount = frame.numbers(columns["discount"], empty=True) if "discount" in columns else np.full(count, np.nan)
    named = {name: frame.texts(columns[name]) for name in ("product", "category", "location", "order") if name in columns}
    if "category" in named and "product" not in named:
        frame.faults.append("category is named and product is not; name the column of products too, or neither")
    frame.done()
    back = (np.nan_to_num(revenue) < 0) | (units < 0)
    everything = pa.repeat("all", count)
    orders = {
        "order": named.get("order", _visits(customer, time)),
        "line": pa.array(np.arange(count)),
        "time": time,
        "customer": customer,
        "product": named.get("product", everything),
        "location": named.get("location", everything),
        "region": everything,
        "units": pa.array(units),
        "revenue": pa.array(revenue, from_pandas=True),
        "discount": pa.array(discount, from_pandas=True),
        "kind": pc.if_else(pa.array(back), "return", "sale"),
    }
    found = {"orders": pa.table(orders)}
    if "category" in named:
        found["products"] = _products(named["product"], named["category"])
    return found


def _times(frame: Frame, column: str) -> pa.Array:
    """Return a column as times; text is read as year-month-day."""
    before = len(frame.faults)
    day = frame.days(column)
    nothing = pa.array(day).cast(pa.timestamp("s")).cast(pa.timestamp("us"))
    if len(frame.faults) > before:
        return nothing
    values = frame.table[column].combine_chunks()
    if pa.types.is_timestamp(values.type) and values.type.tz is not None:
        values = pc.local_timestamp(values)
    return values.cast(pa.timestamp("us"), safe=False)


def _visits(customer: pa.Array, time: pa.Array) -> pa.Array:
    """Return one name for the lines of a customer and day."""
    return pc.binary_join_element_wise(pc.fill_null(customer, ""), time.cast(pa.date32(), safe=False).cast(pa.string()), " ")


def _products(product: pa.Array, category: pa.Array) -> pa.Table:
    """Return the category of each product, the first in order where there are several."""
    found = pa.table({"product": product, "category": category}).group_by("product").aggregate([("category", "min")])
    absent = pa.nulls(found.num_rows, pa.string())
    return pa.table({"product": found["product"], "category": found["category_min"], "name": absent, "brand": absent})
