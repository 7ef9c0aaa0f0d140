"""Firm orders: how many are there in time, and which are late, with the money at risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from lotwise.report.numbers import cell, count, largest
from lotwise.tables.planned import DELIVERIES

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST = 20
ORDER = [("money", "descending"), ("order", "ascending"), ("line", "ascending")]


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the late lines of firm orders, those with the most money at risk first."""
    known = book.table("deliveries")
    table = DELIVERIES.empty() if known is None else known
    late = table.filter(pc.greater(table["late_weeks"], 0))
    rows: list[Row] = late.sort_by(ORDER).slice(0, MOST).to_pylist()
    like = largest(rows, "money")
    return {
        "missing": book.missing("deliveries"),
        "lines": numbers.whole(table.num_rows, count("deliveries", {})),
        "in_time": numbers.whole(table.num_rows - late.num_rows, count("deliveries", {"late_weeks": 0})),
        "late": numbers.whole(late.num_rows),
        "money": numbers.money(float(pc.sum(late["money"]).as_py() or 0.0), bare=False),
        "rows": [_line(book, words, numbers, row, like) for row in rows],
        "is_cut": late.num_rows > len(rows),
        "charts": {},
    }


def _line(book: Book, words: Words, numbers: Numbers, row: Row, like: float) -> dict[str, Any]:
    figures = {name: numbers.units(row[name], cell("deliveries", name, row)) for name in ("units", "late_weeks", "late_units")}
    return figures | {
        "order": f"{row['order']}/{row['line']}",
        "name": book.called(row["product"]),
        "due": words.brief(row["due"]),
        "there": words.brief(row["week"]) if row["week"] else words("deliveries.never"),
        "money": numbers.money(row["money"], cell("deliveries", "money", row), like=like),
        "reason": words.phrase(row["reason"]),
    }
