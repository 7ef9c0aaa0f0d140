"""Stock of materials, components and products through the weeks: what comes closest to running out, what is bought of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import cell, count, total
from lotwise.report.sections.prices import CENT

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST, MOST_WEEKS = 25, 8
"""Items listed, and items whose weeks are shown."""
PASSES = ("received", "used", "scrapped")
BOUGHT = ("material", "component")


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return items by how close they come to running out, with what is bought of them and what one more would earn."""
    items = _items(book)
    short = _short(book)
    scarce = {item: len(rows) for item, rows in short.items()}
    order = sorted(items, key=lambda item: (-scarce.get(item, 0), cover(items[item]), item))
    mine = [item for item in order if items[item][0]["kind"] in BOUGHT]
    products = [item for item in order if items[item][0]["kind"] == "product"]
    weeks = [item for item in mine if scarce.get(item)] or mine or products
    return {
        "missing": book.missing("projection", "purchases"),
        "bought": [_item(book, words, numbers, items[item], short.get(item, [])) for item in mine[:MOST]],
        "items_all": numbers.whole(len(mine)),
        "is_cut": len(mine) > MOST,
        "products": [_item(book, words, numbers, items[item], []) for item in products[: book.settings.report.products]],
        "products_all": numbers.whole(len(products)),
        "weeks": [_weeks(book, words, numbers, items[item]) for item in weeks[:MOST_WEEKS]],
        "scarce": numbers.whole(sum(item in scarce for item in mine)),
        "charts": {},
    }


def _items(book: Book) -> dict[str, list[Row]]:
    items: dict[str, list[Row]] = {}
    for row in book.rows("projection", order=[("item", "ascending"), ("week", "ascending")]):
        items.setdefault(row["item"], []).append(row)
    return items


def _short(book: Book) -> dict[str, list[Row]]:
    """Return the weeks in which one more of an item would earn something, by item, all its sites together."""
    found: dict[str, list[Row]] = {}
    for row in book.rows("prices", book.now("prices") | {"kind": list(BOUGHT)}, order=[("week", "ascending")]):
        if row["price"] >= CENT:
            found.setdefault(book.at_site(row["resource"])[0], []).append(row)
    return found


def cover(rows: list[Row]) -> float:
    """Return the lowest end stock in weeks of use."""
    used = sum(row["used"] for row in rows) / len(rows)
    return min(row["end"] for row in rows) / used if used > 0 else float("inf")


def _item(book: Book, words: Words, numbers: Numbers, rows: list[Row], short: list[Row]) -> dict[str, Any]:
    item, least = rows[0]["item"], min(rows, key=lambda row: (row["end"], row["week"]))
    dear = max(short, key=lambda row: row["price"], default=None)
    orders = book.part("purchases", {"material": item})
    first = min(orders["week"].to_pylist()) if orders is not None else None
    return {
        name: numbers.units(sum(row[name] for row in rows), total("projection", name, {"item": item})) for name in PASSES
    } | {
        "name": book.called(item),
        "kind": words(f"materials.{rows[0]['kind']}"),
        "start": numbers.units(rows[0]["start"], cell("projection", "start", rows[0])),
        "least": numbers.units(least["end"], cell("projection", "end", least)),
        "when": words.brief(least["week"]),
        "orders": numbers.whole(None if orders is None else orders.num_rows, count("purchases", {"material": item})),
        "first": words.brief(first) if first else "",
        "short": numbers.whole(len({row["week"] for row in short})) if short else "",
        "price": numbers.money(dear["price"], cell("prices", "price", dear)) if dear else "",
    }


def _weeks(book: Book, words: Words, numbers: Numbers, rows: list[Row]) -> dict[str, Any]:
    names = ("start", *PASSES, "end")
    weeks = [
        {"week": words.brief(row["week"])} | {name: numbers.units(row[name], cell("projection", name, row)) for name in names}
        for row in rows
    ]
    return {"name": book.called(rows[0]["item"]), "kind": words(f"materials.{rows[0]['kind']}"), "weeks": weeks}
