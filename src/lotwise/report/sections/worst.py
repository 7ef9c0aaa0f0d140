"""The products that lost the most, split by account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import amount, cell, count, largest, spell
from lotwise.report.sections.ledger import LOSSES

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

COLUMNS = ("ideal", *LOSSES, "actual")


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the products with the largest sum of unknown, unmade and undone."""
    rows = book.rows("gap_products")
    rows.sort(key=lambda row: (-sum(row[account] for account in LOSSES), row["product"]))
    shown = rows[: book.settings.report.products]
    like = largest(shown, *COLUMNS)
    lines = [
        {"name": book.called(row["product"]), "code": row["product"]}
        | {column: numbers.money(row[column], cell("gap_products", column, row), like=like) for column in COLUMNS}
        for row in shown
    ]
    return {
        "missing": book.missing("gap_products"),
        "lines": lines,
        "shown": numbers.whole(len(shown)),
        "all": numbers.whole(len(rows), count("gap_products", {})),
        "charts": {"worst": _chart(book, shown, words, numbers)} if shown else {},
    }


def _short(book: Book, product: str) -> str:
    """Return the name with its code in front where another product has the same, for long names are cut at the end."""
    name = book.name(product)
    return f"{product} · {name.removesuffix(f' · {product}')}" if name.endswith(f" · {product}") else name


def _chart(book: Book, rows: list[Row], words: Words, numbers: Numbers) -> Chart:
    colors = [charts.COLORS[account] for account in LOSSES]
    like = amount(largest(rows, *LOSSES))
    parts = [(words.text(f"headline.{account}"), color) for account, color in zip(LOSSES, colors, strict=True)]
    drawn = [
        {
            "name": _short(book, row["product"]),
            "part": words.text(f"headline.{account}"),
            "place": place,
            "money": row[account],
            "shown": spell(row[account], like),
        }
        for row in rows
        for place, account in enumerate(LOSSES)
    ]
    said = words.text("headline.join").join(
        f"{book.name(row['product'])} " + ", ".join(spell(row[account], like) for account in LOSSES) for row in rows
    )
    return Chart("worst", charts.stacked(drawn, money=numbers.currency, parts=parts), words.text("worst.label", lines=said))
