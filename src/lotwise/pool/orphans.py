"""Rows that refer to something no other table knows: counted, kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import ibis

from lotwise.tables.collected import PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lotwise.pool.quality import Book


class Reference(NamedTuple):
    """A column whose values are the key of another table."""

    table: str
    column: str
    home: str
    key: str


REFERENCES = (
    *(
        Reference(t, "product", "products", "product")
        for t in ("events", "options", "option_rules", "promotions", "campaigns", "competitors", "overrides")
    ),
    *(Reference(t, "customer", "customers", "customer") for t in ("orders", "events")),
    Reference("order_options", "order", "orders", "order"),
    *(
        Reference(t, "machine", "machines", "machine")
        for t in ("routing", "families", "machine_weeks", "work", "sensors", "setups")
    ),
    Reference("families", "family", "items", "family"),
    *(Reference(t, "site", "sites", "site") for t in ("items", "machines", "receipts", "stock")),
    *(Reference("lanes", end, "sites", "site") for end in ("origin", "target")),
    Reference("inspections", "lot", "work", "lot"),
    Reference("tool_needs", "tool", "tools", "tool"),
    Reference("vehicles", "depot", "places", "place"),
)

ANYWHERE = ("all", "customers")
"""What stands for no place in particular, and is the key of nothing."""


def count_orphans(tables: Mapping[str, ibis.Table], book: Book) -> None:
    """Count the rows that refer to what their home table does not hold, where both tables exist."""
    for table, column, home, key in REFERENCES:
        if table not in tables or home not in tables:
            continue
        rows, known = tables[table], tables[home].select(of=tables[home][key]).distinct()
        told = rows[column].notnull() & rows[column].notin(ANYWHERE)
        lost = rows.filter(told).anti_join(known, rows[column] == known["of"])
        times = book.rows(lost)
        book.count(table, f"{column}: not in {home}", times, "kept" if times else None)


def add_products(products: ibis.Table | None, orders: ibis.Table, book: Book) -> ibis.Table:
    """Return the products with every ordered product that they lack, its category ``"unknown"``.

    Parameters
    ----------
    products
        Clean products without lineage; none where the source has no such table.
    orders
        Clean order lines.
    """
    ordered = orders.select("product").distinct()
    if products is None:
        made = book.engine.materialize(_unknown(ordered))
        book.count("products", "made from orders", book.rows(made), "there is no products table; category 'unknown'")
        return made
    lacking = book.engine.materialize(ordered.anti_join(products, "product"))
    lines = book.rows(orders.semi_join(lacking, "product"))
    book.count("orders", "product: not in products", lines, "kept; the product is added" if lines else None)
    added = book.rows(lacking)
    if not added:
        return products
    book.count("products", "added from orders", added, "ordered, but not in the products table; category 'unknown'")
    return book.engine.materialize(products.union(_unknown(lacking).select(products.columns)))


def _unknown(codes: ibis.Table) -> ibis.Table:
    blank = {c.name: ibis.null(ibis.dtype(c.type)) for c in PRODUCTS.columns if c.name != "product"}
    return codes.mutate(**{**blank, "category": ibis.literal("unknown")}).select(PRODUCTS.names)
