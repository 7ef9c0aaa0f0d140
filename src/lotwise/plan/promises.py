"""Firm orders: what was ordered before a window and is due in it, of products made after they are ordered.

An order line is firm where it is a sale with a due day, of a product that ``products.make`` calls made to order, assembled to
order or configured to order. Lines due before the window are taken as delivered: no table says which are not, and nothing
that is made now could be in time for them. A line that is still owed belongs in the window with the day it is promised for
now. A reservation in force is firm for its week, whatever its product is made for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

TO_ORDER = ("order", "assemble", "configure")
"""Values of ``products.make`` whose orders are promises."""
ON_ORDER = ("assemble", "configure")
"""Those of them whose components are made ahead, and which are assembled only once they are ordered."""
SHOWN = 3


def promises(tables: Mapping[str, pa.Table], products: Sequence[str], weeks: Sequence[date]) -> NDArray[np.float64] | None:
    """Return the units promised for each week, ``(n_products, n_weeks)``, or nothing where there are none.

    Parameters
    ----------
    tables
        ``orders``, ``products`` and ``reservations``, where they exist.
    products, weeks
        What is planned, and the Mondays of the window.
    """
    found = np.zeros((len(products), len(weeks)))
    for lines in (_firm(tables, weeks), _reserved(tables, weeks)):
        if lines is None:
            continue
        product = pc.index_in(lines["product"], value_set=pa.array(products, pa.string()))
        mine = lines.filter(pc.is_valid(product))
        week = pc.index_in(mine["week"], value_set=pa.array(weeks, pa.date32())).to_numpy()
        np.add.at(found, (pc.drop_null(product).to_numpy(), week), mine["units"].to_numpy())
    return found if found.any() else None


def on_order(table: pa.Table | None, products: Sequence[str]) -> NDArray[np.bool_] | None:
    """Return whether each product is assembled only once it is ordered, ``(n_products,)``, or nothing where none is.

    Parameters
    ----------
    table
        ``products``, where it exists.
    products
        What is planned.
    """
    if table is None:
        return None
    mine = table.filter(pc.is_in(table["make"], value_set=pa.array(ON_ORDER, pa.string())))["product"].combine_chunks()
    found = pc.is_in(pa.array(products, pa.string()), value_set=mine).to_numpy(zero_copy_only=False).astype(bool)
    return found if found.any() else None


def unplanned(tables: Mapping[str, pa.Table], products: Sequence[str], weeks: Sequence[date]) -> Iterator[str]:
    """Yield what is to be said of firm orders in the window whose product is not planned, if there are any.

    Parameters
    ----------
    tables, products, weeks
        As for ``promises``.
    """
    lines = _firm(tables, weeks)
    if lines is None:
        return
    lost = lines.filter(pc.invert(pc.is_in(lines["product"], value_set=pa.array(products, pa.string()))))
    if lost.num_rows:
        named = sorted({f"{row['order']} ({row['product']})" for row in lost.select(["order", "product"]).to_pylist()})
        units = f"{pc.sum(lost['units']).as_py():,.6g} units"
        said = f"left out {lost.num_rows} firm order lines of {units}, whose products have no forecast or no economics"
        yield f"{said}, such as {', '.join(named[:SHOWN])}"


def _firm(tables: Mapping[str, pa.Table], weeks: Sequence[date]) -> pa.Table | None:
    """Return the firm lines due in the weeks, with the Monday of each; in one order, whatever the table's."""
    if "orders" not in tables or "products" not in tables:
        return None
    made = tables["products"]
    to_order = made.filter(pc.is_in(made["make"], value_set=pa.array(TO_ORDER, pa.string())))["product"].combine_chunks()
    orders = tables["orders"]
    firm = pc.and_(pc.equal(orders["kind"], "sale"), pc.is_in(orders["product"], value_set=to_order))
    due = orders.filter(pc.and_(firm, pc.is_valid(orders["due"]))).select(["order", "product", "due", "units"])
    due = due.append_column("week", pc.cast(pc.floor_temporal(due["due"], unit="week"), pa.date32()))
    due = due.filter(pc.is_in(due["week"], value_set=pa.array(weeks, pa.date32())))
    return due.sort_by([(name, "ascending") for name in ("product", "week", "units", "order")])


def _reserved(tables: Mapping[str, pa.Table], weeks: Sequence[date]) -> pa.Table | None:
    """Return the reservations for the weeks that are held or confirmed: those let go by the first week count no more.

    One that has become an order counts as that order as soon as ``orders`` has it.
    """
    if "reservations" not in tables:
        return None
    rows = tables["reservations"]
    over = pc.less_equal(pc.cast(pc.floor_temporal(rows["expires"], unit="day"), pa.date32()), pa.scalar(weeks[0], pa.date32()))
    let_go = pc.and_(pc.equal(rows["status"], "held"), pc.fill_null(over, fill_value=False))
    kept = pc.and_(pc.is_in(rows["status"], value_set=pa.array(["held", "confirmed"])), pc.invert(let_go))
    if "orders" in tables:
        known = tables["orders"]["order"].combine_chunks()
        kept = pc.and_(kept, pc.invert(pc.and_(pc.is_valid(rows["order"]), pc.is_in(rows["order"], value_set=known))))
    inside = pc.is_in(rows["week"], value_set=pa.array(weeks, pa.date32()))
    mine = rows.filter(pc.and_(kept, inside)).select(["product", "week", "units", "reservation"])
    return mine.sort_by([(name, "ascending") for name in ("product", "week", "units", "reservation")])
