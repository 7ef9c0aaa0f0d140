"""Where it was lost: by product, split by account, by week and by region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import amount, cell, count, largest, spell, total
from lotwise.report.sections import cells
from lotwise.report.sections.headline import ACCOUNTS, LOSSES

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_PRODUCTS = 40


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the products that lost the most, the weeks and the regions, each with its accounts, and the weeks of products."""
    rows = book.rows("gap_products")
    rows.sort(key=lambda row: (-sum(row[account] for account in LOSSES), row["product"]))
    shown = rows[: max(MOST_PRODUCTS, book.settings.report.products)]
    weeks = cells.by_week(book, numbers, words)
    held = cells.held([row["product"] for row in shown], len(weeks)) if weeks else []
    like = largest([_summed(rows)], *ACCOUNTS)
    drawn = [_chart(book, shown[: book.settings.report.products], words, numbers)] if shown else []
    drawn += [chart for chart in (cells.chart(book, words, numbers),) if chart]
    return {
        "missing": book.missing("gap_products", "gap_cells"),
        "lines": [_line(book, row, held, numbers, like) for row in shown],
        "others": _others(rows[len(shown) :], numbers, like),
        "totals": {account: numbers.money(_summed(rows)[account], total("gap_products", account, {}), like=like)
                   for account in ACCOUNTS},
        "drawn": numbers.whole(min(len(shown), book.settings.report.products)),
        "shown": numbers.whole(len(shown)),
        "left": numbers.whole(len(rows) - len(shown)),
        "all": numbers.whole(len(rows), count("gap_products", {})),
        "weeks": weeks,
        "regions": cells.by_region(book, numbers),
        "choices": [(place, _short(book, product)) for place, product in enumerate(held, start=1)],
        "held": len(held),
        "drill": cells.drill(book, words, held) if weeks else None,
        "charts": {chart.name: chart for chart in drawn},
    }  # fmt: skip


def _line(book: Book, row: Row, held: list[str], numbers: Numbers, like: float) -> dict[str, Any]:
    product = row["product"]
    figures = {account: numbers.money(row[account], cell("gap_products", account, row), like=like) for account in ACCOUNTS}
    place = held.index(product) + 1 if product in held else 0
    return {"name": book.called(product), "code": product, "place": place} | figures


def _others(rows: list[Row], numbers: Numbers, like: float) -> dict[str, Any] | None:
    """Return the accounts of the products that have no line of their own, which no one address names."""
    sums = _summed(rows)
    return {account: numbers.money(sums[account], like=like) for account in ACCOUNTS} if rows else None


def _summed(rows: list[Row]) -> Row:
    return {account: round(sum(row[account] for row in rows), 2) + 0.0 for account in ACCOUNTS}


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
