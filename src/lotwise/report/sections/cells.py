"""The accounts by product and week, added up over regions: what the page lets a reader look into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report import ledger_charts
from lotwise.report.charts import COLORS, Chart
from lotwise.report.numbers import largest, spell, total
from lotwise.report.sections.headline import ACCOUNTS, LOSSES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pyarrow as pa

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Figure, Numbers
    from lotwise.report.words import Words

PARTS = (*LOSSES, "actual")
"""What is drawn of each week."""

MOST_CELLS = 2500
"""Weeks of products that the page holds, so that it stays small however long the ledger is."""
FEWEST = 12


def summed(book: Book, *by: str) -> list[Row]:
    """Return the accounts of ``gap_cells`` added up to the cent over the rows that share some columns, sorted by them."""
    cells: pa.Table | None = book.part("gap_cells")
    if cells is None:
        return []
    sums = cells.group_by(list(by)).aggregate([(account, "sum") for account in ACCOUNTS])
    return [
        {key: row[key] for key in by} | {account: round(row[f"{account}_sum"], 2) + 0.0 for account in ACCOUNTS}
        for row in sums.sort_by([(key, "ascending") for key in by]).to_pylist()
    ]


def held(products: Sequence[str], weeks: int) -> list[str]:
    """Return the products whose weeks the page holds: the first ones."""
    return list(products[: max(FEWEST, MOST_CELLS // max(weeks, 1))])


def by_week(book: Book, numbers: Numbers, words: Words) -> list[dict[str, Any]]:
    """Return the accounts of each settled week as figures, in order of time."""
    rows = summed(book, "week")
    like = largest(rows, *ACCOUNTS)
    return [
        {"week": row["week"].isoformat(), "label": words.day(row["week"])} | _figures(row, {"week": row["week"]}, numbers, like)
        for row in rows
    ]


def by_region(book: Book, numbers: Numbers) -> list[dict[str, Any]]:
    """Return the accounts of each region as figures; nothing where there is one region only."""
    rows = summed(book, "region")
    like = largest(rows, *ACCOUNTS)
    found = [{"region": row["region"]} | _figures(row, {"region": row["region"]}, numbers, like) for row in rows]
    return found if len(found) > 1 else []


def _figures(row: Row, where: dict[str, Any], numbers: Numbers, like: float) -> dict[str, Figure]:
    return {account: numbers.money(row[account], total("gap_cells", account, where), like=like) for account in ACCOUNTS}


def chart(book: Book, words: Words, numbers: Numbers) -> Chart | None:
    """Return all products by week."""
    rows = summed(book, "week")
    if not rows:
        return None
    drawn = [
        {
            "week": row["week"].isoformat(),
            "label": words.brief(row["week"]),
            "account": account,
            "part": words.text(f"headline.{account}"),
            "place": place,
            "money": row[account],
            "shown": spell(row[account], 2),
        }
        for row in rows
        for place, account in enumerate(PARTS)
    ]
    parts = [(words.text(f"headline.{account}"), COLORS[account]) for account in PARTS]
    spec = ledger_charts.weeks(drawn, money=numbers.currency, form=words.text("dates.axis"), parts=parts)
    dearest = max(rows, key=lambda row: sum(row[account] for account in LOSSES))
    lost = spell(sum(dearest[account] for account in LOSSES), 2)
    return Chart("weeks", spec, words.text("worst.weeks_label", week=words.brief(dearest["week"]), lost=lost))


def drill(book: Book, words: Words, products: Sequence[str]) -> dict[str, Any]:
    """Return the cents of each account, week by week, of some products and of all together: what the page's script draws.

    ``products`` holds the codes, the first one empty for all products; ``cents`` the weeks of each account of ``ACCOUNTS``
    for each of them; a week in which a product was not settled is 0.
    """
    everything = summed(book, "week")
    weeks = [row["week"] for row in everything]
    return {
        "weeks": [week.isoformat() for week in weeks],
        "labels": [words.brief(week) for week in weeks],
        "accounts": ACCOUNTS,
        "parts": {account: words.text(f"headline.{account}") for account in PARTS},
        "products": ["", *products],
        "cents": [_cents(everything), *_of_products(book, products, weeks)],
    }


def _of_products(book: Book, products: Sequence[str], weeks: Sequence[date]) -> list[list[list[int]]]:
    wanted = set(products)
    by_product: dict[str, dict[date, Row]] = {}
    for row in summed(book, "product", "week"):
        if row["product"] in wanted:
            by_product.setdefault(row["product"], {})[row["week"]] = row
    nothing = dict.fromkeys(ACCOUNTS, 0.0)
    return [_cents([by_product.get(product, {}).get(week, nothing) for week in weeks]) for product in products]


def _cents(rows: Sequence[Row]) -> list[list[int]]:
    return [[round(100 * row[account]) for row in rows] for account in ACCOUNTS]
