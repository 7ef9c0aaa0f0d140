"""What knowing earlier is worth: profit against weeks of notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report import ledger_charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import amount, between, cell, largest, span, spell

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

KINDS = ("plans", "orders", "decision")


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return one curve a kind of notice that was measured."""
    curves = []
    for kind in KINDS:
        rows = book.rows("gap_notice", {"kind": kind}, order=[("weeks", "ascending")])
        if rows:
            curves.append(_curve(kind, rows, words, numbers))
    return {
        "missing": book.missing("gap_notice"),
        "curves": curves,
        "charts": {curve["chart"].name: curve["chart"] for curve in curves},
    }


def _curve(kind: str, rows: list[Row], words: Words, numbers: Numbers) -> dict[str, Any]:
    like = largest(rows, "profit", "gain")
    digits = amount(like)
    now = rows[0]["profit"] - rows[0]["gain"]
    drawn = [
        {
            "weeks": row["weeks"],
            "profit": row["profit"],
            "low": None if row["gain_low"] is None else round(now + row["gain_low"], 2),
            "high": None if row["gain_high"] is None else round(now + row["gain_high"], 2),
            "label": words.text("notice.point", weeks=row["weeks"]),
            "shown": f"{spell(row['profit'], digits)} ({_signed(row['gain'], digits)})",
            "between": span(row["gain_low"], row["gain_high"], digits),
        }
        for row in rows
    ]
    said = words.text("headline.join").join(f"{row['label']} {row['shown']}" for row in drawn)
    title = words.text(f"notice.{kind}")
    spec = ledger_charts.notice(drawn, money=numbers.currency, weeks=words.text(f"notice.{kind}_weeks"), now=round(now, 2))
    return {
        "title": title,
        "lead": words(f"notice.{kind}_lead"),
        "weeks": words(f"notice.{kind}_weeks"),
        "rows": [_row(row, numbers, like) for row in rows],
        "chart": Chart(f"notice-{kind}", spec, words.text("notice.label", title=title, lines=said)),
    }


def _row(row: Row, numbers: Numbers, like: float) -> dict[str, Any]:
    figures = {
        column: numbers.money(row[column], cell("gap_notice", column, row), like=like)
        for column in ("profit", "gain", "gain_low", "gain_high")
    }
    weeks = numbers.whole(row["weeks"], cell("gap_notice", "weeks", row))
    return figures | {"weeks": weeks, "between": between(figures["gain_low"], figures["gain_high"])}


def _signed(value: float, digits: int) -> str:
    return f"+{spell(value, digits)}" if value > 0 else spell(value, digits)
