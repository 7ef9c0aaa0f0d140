"""What one unit of each product earns and costs: as given, as observed, or as assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from lotwise.tables.pooled import ECONOMICS

if TYPE_CHECKING:
    from datetime import date

    from lotwise.config import Economics
    from lotwise.pool.quality import Book

NAMED = 5
"""Products named in a note."""

SHARES = ("cost_share", "salvage_share", "holding_share", "shelf_weeks")


def price(products: ibis.Table, orders: ibis.Table, book: Book, settings: Economics, *, before: date) -> ibis.Table:
    """Return ``economics`` for every product with a price.

    The price is the list price, else what was paid per unit before the first cutoff. Cost and salvage
    are given, else a share of the price assumed for the category, its department, or everything. A
    salvage value above cost is cut to the cost: a plan could otherwise earn by making what nobody buys.

    Parameters
    ----------
    products, orders
        Clean tables.
    book
        Where is noted which products have no price, or a strange one.
    settings
        ``[economics]``.
    before
        The first cutoff; later sales are not looked at.
    """
    priced = _priced(products, orders, settings, book, before=before)
    everything = book.engine.materialize(_costed(priced))
    known = everything["unit_price"].fill_null(0) > 0
    notes = (
        ("no price", ~known, f"left out of economics: no list price, and no sale before {before}"),
        ("price below cost", known & (everything["unit_price"] < everything["unit_cost"]), "each unit sold loses money"),
        (
            "salvage above cost",
            known & (everything["raw_salvage"] > everything["unit_cost"]),
            "cut to the cost, so that plans stay bounded",
        ),
    )
    for check, where, note in notes:
        _note(everything.filter(where), check, note, book)
    capped = ibis.least(everything["raw_salvage"], everything["unit_cost"])
    return book.engine.materialize(everything.mutate(salvage=capped).filter(known).select(ECONOMICS.names).order_by("product"))


def _priced(products: ibis.Table, orders: ibis.Table, settings: Economics, book: Book, *, before: date) -> ibis.Table:
    """Return the products with their price and where it is from, and the shares of their category."""
    sales = orders.filter(orders["kind"] == "sale", orders["units"] > 0, orders["revenue"].notnull())
    early = sales.filter(sales["time"] < ibis.timestamp(str(before)))
    sums = {name: early[name].cast("decimal(18,4)").sum().cast("float64") for name in ("revenue", "units")}
    paid = early.group_by("product").aggregate(**sums)
    paid = paid.select(of=paid["product"], paid=paid["revenue"] / paid["units"].nullif(0))
    joined = products.left_join(paid, products["product"] == paid["of"])
    given = joined["unit_price"].notnull()
    told = joined.mutate(
        unit_price=ibis.coalesce(joined["unit_price"], joined["paid"]), price_basis=ibis.ifelse(given, "given", "observed")
    )
    return _with_shares(told.drop("of", "paid"), settings, book)


def _with_shares(products: ibis.Table, settings: Economics, book: Book) -> ibis.Table:
    """Return the products with the shares of their category, else their department, else the default."""
    names = list(settings.category)
    columns = {share: pa.array([getattr(settings.category[name], share) for name in names], pa.float64()) for share in SHARES}
    known = book.engine.from_arrow(pa.table({"name": pa.array(names, pa.string()), **columns}))
    category = known.rename({"in_category": "name", **{f"category_{share}": share for share in SHARES}})
    department = known.rename({"in_department": "name", **{f"department_{share}": share for share in SHARES}})
    joined = products.left_join(category, products["category"] == category["in_category"])
    joined = joined.left_join(department, joined["department"] == department["in_department"])
    defaults = {share: getattr(settings, share, None) for share in SHARES}
    chosen = {
        f"assumed_{share}": ibis.coalesce(
            joined[f"category_{share}"], joined[f"department_{share}"], ibis.literal(defaults[share], "float64")
        )
        for share in SHARES
    }
    return joined.mutate(**chosen).select(*products.columns, *chosen)


def _costed(products: ibis.Table) -> ibis.Table:
    """Return the products with cost, salvage, holding cost and shelf life, and where they are from."""
    cost = ibis.coalesce(products["unit_cost"], products["unit_price"] * products["assumed_cost_share"])
    salvage = ibis.coalesce(products["salvage"], products["unit_price"] * products["assumed_salvage_share"])
    return products.mutate(
        cost_basis=ibis.ifelse(products["unit_cost"].notnull(), "given", "assumed"),
        salvage_basis=ibis.ifelse(products["salvage"].notnull(), "given", "assumed"),
        unit_cost=cost,
        raw_salvage=salvage,
        holding_cost=cost * products["assumed_holding_share"],
        shelf_weeks=ibis.coalesce(products["shelf_weeks"], products["assumed_shelf_weeks"]),
    )


def _note(rows: ibis.Table, check: str, note: str, book: Book) -> None:
    """Count products with a strange price, and name the first."""
    times = book.rows(rows)
    if times:
        first = book.engine.to_arrow(rows.select("product").order_by("product").limit(NAMED))["product"].to_pylist()
        more = ", ..." if times > NAMED else ""
        book.count("economics", check, times, f"{note}: {', '.join(first)}{more}")
