"""What the schedule finishes late: each lot with what it waited for and what would help, and the customers' orders behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from lotwise.report.numbers import cell, count, largest
from lotwise.report.sections.bars import lot_of
from lotwise.tables.scheduled import LATENESS, ORDER_ENDS

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST = 20
DEAREST = [("money", "descending"), ("late_hours", "descending"), ("lot", "ascending"), ("part", "ascending")]
LATEST = [("late_days", "descending"), ("order", "ascending"), ("line", "ascending")]


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the lots that end after they are due, the dearest first, and the customers' orders that are late."""
    known = book.table("lateness")
    table = LATENESS.empty() if known is None else known
    late = table.filter(pc.greater(table["late_hours"], 0))
    rows: list[Row] = late.sort_by(DEAREST).slice(0, MOST).to_pylist()
    like = largest(rows, "money")
    ends = book.table("order_ends")
    ends = ORDER_ENDS.empty() if ends is None else ends
    orders = ends.filter(pc.greater(ends["late_days"], 0))
    behind: list[Row] = orders.sort_by(LATEST).slice(0, MOST).to_pylist()
    return {
        "missing": book.missing("lateness"),
        "all": numbers.whole(table.num_rows, count("lateness", {})),
        "late": numbers.whole(late.num_rows),
        "money": numbers.money(float(pc.sum(late["money"]).as_py() or 0.0), bare=False),
        "rows": [_lot(book, words, numbers, row, like) for row in rows],
        "is_cut": late.num_rows > len(rows),
        "orders": [_order(book, words, numbers, row) for row in behind],
        "all_orders": numbers.whole(orders.num_rows),
        "is_cut_orders": orders.num_rows > len(behind),
        "charts": {},
    }


def _lot(book: Book, words: Words, numbers: Numbers, row: Row, like: float) -> dict[str, Any]:
    return {
        "lot": lot_of(row),
        "name": book.called(row["item"]),
        "due": words.minute(row["due"]) if row["due"] else "",
        "ends": words.minute(row["ends"]),
        "hours": numbers.units(row["late_hours"], cell("lateness", "late_hours", row)),
        "money": numbers.money(row["money"], cell("lateness", "money", row), like=like),
        "waited_for": words.phrase(row["waited_for"]),
        "waited": numbers.units(row["waited_hours"], cell("lateness", "waited_hours", row)),
        "reason": words.phrase(row["reason"]),
        "remedy": words.phrase(row["remedy"]),
    }


def _order(book: Book, words: Words, numbers: Numbers, row: Row) -> dict[str, Any]:
    return {
        "order": f"{row['order']}/{row['line']}",
        "name": book.called(row["product"]),
        "lot": lot_of(row),
        "due": words.brief(row["due"]),
        "ends": words.minute(row["ends"]),
        "days": numbers.units(row["late_days"], cell("order_ends", "late_days", row)),
    }
