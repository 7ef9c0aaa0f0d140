"""Pools nameless tables: clean tables, demand, promotions by region, economics, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.errors import InputError
from lotwise.pool import economics, orders, promoted
from lotwise.pool.cancelled import match_returns
from lotwise.pool.clean import clean
from lotwise.pool.missing import check_rules
from lotwise.pool.orphans import add_products, count_orphans
from lotwise.pool.outliers import flag
from lotwise.pool.quality import Book
from lotwise.pool.weekly import panel, span_of
from lotwise.tables.collected import COLLECTED, NAMELESS_FAULTS, ORDERS, PLACE_PROMOTIONS, PRODUCTS, in_passing
from lotwise.tables.weeks import first_cutoff

if TYPE_CHECKING:
    import ibis

    from lotwise.stage import Inputs, Relation


def run(inputs: Inputs) -> dict[str, Relation]:
    """Return every clean table, ``demand``, ``economics``, ``quality`` and ``rejects``.

    For every table holds: rows read = rows kept + rows rejected + duplicates removed. The counts stand in
    ``quality``, the rows in ``rejects``.

    Raises
    ------
    InputError
        No order line or no product is left, there are fewer than three whole weeks, or nothing was sold.
    SettingsError
        A rule of ``[pool] missing`` names no column or does not fit it.
    """
    settings = inputs.settings
    check_rules(settings.pool.missing)
    faults = (
        inputs.relation("nameless.faults")
        if inputs.has("nameless.faults")
        else inputs.engine.from_arrow(NAMELESS_FAULTS.empty())
    )
    book = Book(inputs.engine, faults)

    inputs.progress("Cleaning orders", 0.05)
    lines = _orders(inputs, book)
    tables = {"orders": lines}
    inputs.progress("Cleaning the other tables", 0.3)
    tables |= _others(inputs, book)
    tables["products"] = add_products(tables.get("products"), lines, book)
    _refuse_empty(book.rows(tables["products"]), "product", "products", inputs)

    inputs.progress("Counting weekly demand", 0.5)
    span = span_of(lines, book, today=settings.project.today, planned="overrides" in tables)
    demand = panel(lines, tables["products"], tables.get("stock"), span, book, most=settings.pool.max_cells)
    before = first_cutoff(span.first, span.last, settings.forecast.horizon, settings.forecast.cutoffs)
    if inputs.has("nameless.promotions"):
        inputs.progress("Pooling promotions by region", 0.6)
        places = promoted.weigh(lines, book, before=before)
        tables["promotions"] = promoted.pool(inputs.relation("nameless.promotions"), places, book, settings.pool)
    count_orphans(tables, book)
    inputs.progress("Pricing products", 0.9)
    money = economics.price(tables["products"], lines, book, settings.economics, before=before)
    clean_tables = {name: _published(name, rows) for name, rows in tables.items()}
    return {**clean_tables, "demand": demand, "economics": money, "quality": book.quality(), "rejects": book.rejects()}


def _orders(inputs: Inputs, book: Book) -> ibis.Table:
    """Return the clean order lines, with their lineage."""
    settings = inputs.settings
    if not inputs.has("nameless.orders") and inputs.has("nameless.overrides"):
        return inputs.engine.from_arrow(in_passing(ORDERS, "nameless").empty())
    if not inputs.has("nameless.orders"):
        message = "No [[collect]] fills the table 'orders', and nothing can be planned without orders. "
        message += "Map a file to it in lotwise.toml, or let lotwise guess: lotwise init. A plan of demand that "
        message += "planners made is mapped to 'overrides'."
        raise InputError(message)
    lines = clean(
        ORDERS,
        inputs.relation("nameless.orders"),
        book,
        settings.pool,
        prepare=orders.complete,
        also=orders.beyond(settings.project.today),
    )
    _refuse_empty(book.rows(lines), "order line", "orders", inputs, book)
    lines = orders.convert(lines, settings.pool.units, inputs.engine)
    if settings.pool.returns == "match":
        matched = match_returns(lines, inputs.engine)
        lines = matched.orders
        book.count("orders", "returns", matched.returns)
        book.count("orders", "returns that take out their sale", matched.matched, "the sale counts as cancelled")
    flag(lines, book, settings.pool.outlier)
    return lines


def _others(inputs: Inputs, book: Book) -> dict[str, ibis.Table]:
    """Return the other clean tables, but promotions."""
    found = {}
    for table in COLLECTED:
        if table not in (ORDERS, PLACE_PROMOTIONS) and inputs.has(f"nameless.{table.name}"):
            rows = clean(table, inputs.relation(f"nameless.{table.name}"), book, inputs.settings.pool)
            if table is PRODUCTS and inputs.settings.pool.categories:
                renamed = rows["category"].substitute(inputs.settings.pool.categories)
                rows = rows.mutate(category=renamed)
            found[table.name] = rows.select(table.names)
    return found


def _published(name: str, rows: ibis.Table) -> ibis.Table:
    """Return the rows in their contract's columns, by key."""
    table = next((one for one in COLLECTED if one.name == name and one is not PLACE_PROMOTIONS), None)
    return rows.select(table.names).order_by(table.key) if table else rows


def _refuse_empty(rows: int, what: str, table: str, inputs: Inputs, book: Book | None = None) -> None:
    """Pass when at least one row is left."""
    if rows:
        return
    why = [
        f"{check}: {count} rows"
        for (name, check), (count, _) in sorted((book.checks if book else {}).items())
        if name == table and ": " in check and count
    ]
    message = f"No {what} is left in '{table}' after cleaning"
    message += f" ({'; '.join(why)}). " if why else ". "
    message += _first_fault(table, inputs)
    mapped = [mapping.table for mapping in inputs.settings.collect]
    message += f"Check the columns that [[collect]] maps to '{table}'" + (
        "." if table in mapped else " (no file is mapped to it)."
    )
    raise InputError(message)


def _first_fault(table: str, inputs: Inputs) -> str:
    """Return a sentence on the first value of a table that could not be read; empty where all could."""
    if not inputs.has("nameless.faults"):
        return ""
    faults = inputs.relation("nameless.faults")
    first = faults.filter(faults["table"] == table).order_by("source_file", "source_row", "column").limit(1)
    found = inputs.engine.to_arrow(first).to_pylist()
    if not found:
        return ""
    fault = found[0]
    where = f"{fault['source_file']}, row {fault['source_row']}, column '{fault['column']}'"
    return f"The first value that could not be read: {where}: '{fault['value']}' {fault['reason']}. "
