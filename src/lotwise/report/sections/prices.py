"""What one more hour, unit or place would earn, by week, and for how many more or fewer that holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import cell

if TYPE_CHECKING:
    from markupsafe import Markup

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

KINDS = ("machine", "material", "component", "storage")
"""Kinds of prices shown: those of demand are as many as products and weeks."""
MOST = 12
"""Prices of one kind that are listed."""
CENT = 0.005
ROOM = "room "
"""How the room of a site is called."""


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the prices above 0 of each kind, the dearest first, and how many are 0."""
    order = [("price", "descending"), ("resource", "ascending"), ("week", "ascending")]
    rows = book.rows("prices", book.now("prices") | {"kind": list(KINDS)}, order=order)
    dear = [row for row in rows if row["price"] >= CENT]
    kinds = {kind: [row for row in dear if row["kind"] == kind] for kind in KINDS}
    return {
        "missing": book.missing("prices"),
        "kinds": [
            {
                "kind": words(f"prices.{kind}"),
                "rows": [_price(book, words, numbers, row) for row in mine[:MOST]],
                "more": numbers.whole(len(mine) - MOST) if len(mine) > MOST else "",
            }
            for kind, mine in kinds.items()
            if mine
        ],
        "all": numbers.whole(len(rows)),
        "free": numbers.whole(len(rows) - len(dear)),
        "has_any": bool(rows),
        "charts": {},
    }


def _price(book: Book, words: Words, numbers: Numbers, row: Row) -> dict[str, Any]:
    names = ("used", "capacity", "overtime", "less", "more")
    return {name: numbers.units(row[name], cell("prices", name, row)) for name in names} | {
        "name": _name(book, words, row),
        "week": words.brief(row["week"]),
        "price": numbers.money(row["price"], cell("prices", "price", row)),
        "unit": words.unit(row["unit"]),
    }


def _name(book: Book, words: Words, row: Row) -> Markup:
    if row["kind"] == "storage" and row["resource"].startswith(ROOM):
        return words("prices.room", site=book.called(row["resource"].removeprefix(ROOM)))
    item, site = book.at_site(row["resource"])
    return words("prices.at", item=book.called(item), site=book.called(site)) if site else book.called(item)
