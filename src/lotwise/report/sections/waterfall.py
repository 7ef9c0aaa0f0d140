"""The way from the ideal to the actual, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import amount, span, spell
from lotwise.report.sections.headline import ACCOUNTS, LOSSES, accounts, is_settled

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_LINES = 8
"""Counted lines drawn one by one; the smaller ones of more are drawn together, by account."""


def chart(book: Book, words: Words, numbers: Numbers) -> Chart | None:
    """Return the drawing, or nothing where no past plan was settled."""
    if not is_settled(book):
        return None
    figures = accounts(book, numbers, bare=False)
    digits = amount(figures["ideal"].value or 0.0)
    at = 0.0
    drawn: list[dict[str, Any]] = []
    for row in steps(book, words):
        is_loss = row["account"] in LOSSES
        start, end = (at, at - row["money"]) if is_loss else (0.0, row["money"])
        at = end
        shown = spell(-row["money"] if is_loss else row["money"], digits)
        drawn.append({
            "name": row["name"], "account": row["account"], "title": row["title"],
            "start": round(start, 2), "end": round(end, 2), "shown": shown, "between": span(row["low"], row["high"], digits),
            "made": row["formula"] or "",
        })  # fmt: skip
    label = words.text("ledger.waterfall_label", **{account: str(figure) for account, figure in figures.items()})
    return Chart("waterfall", charts.waterfall(drawn, money=numbers.currency), label)


def steps(book: Book, words: Words) -> list[Row]:
    """Return the ideal, the counted lines with money and the actual in order, each with its ``name`` and its ``title``.

    Of more than ``MOST_LINES`` the smaller ones are joined within their account, where they are two at least.
    """
    rows = [row for row in book.rows("gap", order=[("order", "ascending")]) if row["money"] is not None]
    counted = [row for row in rows if row["counted"]]
    small = sorted(counted, key=lambda row: (-abs(row["money"]), row["order"]))[MOST_LINES:]
    found = []
    for account in ACCOUNTS:
        mine = [row for row in rows if row["account"] == account and (row["counted"] or account not in LOSSES)]
        joined = [row for row in mine if row in small]
        joined = joined if len(joined) > 1 else []
        title = words.text(f"headline.{account}")
        found += [_named(book, words, row, title) for row in mine if row not in joined]
        if joined:
            name = words.text(f"ledger.other_{account}", count=len(joined))
            money = round(sum(row["money"] for row in joined), 2)
            alone = dict.fromkeys(("low", "high", "formula"))
            found.append({"name": name, "title": title, "account": account, "money": money} | alone)
    return _apart(found)


def _named(book: Book, words: Words, row: Row, title: str) -> Row:
    """Return a row with its name and its account in words; the ends of the way are named for their account."""
    is_resource = row["account"] == "unmade" and row["line"] in book.names
    name = book.name(row["line"]) if is_resource else words.plain(row["line"])
    return row | ({"name": name, "title": title} if row["account"] in LOSSES else {"name": title, "title": name})


def _apart(rows: list[Row]) -> list[Row]:
    """Return the rows with the account in the names that several have, for a name is a place on the axis."""
    names = [row["name"] for row in rows]
    return [row | {"name": f"{row['name']} · {row['title']}"} if names.count(row["name"]) > 1 else row for row in rows]
