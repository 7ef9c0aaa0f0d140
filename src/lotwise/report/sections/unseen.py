"""What customers did not see: measure by measure, never added up and never part of the ledger's sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import between, cell

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Figure, Numbers
    from lotwise.report.words import Words


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return each measure in its own unit, with its interval, its verdict, and what it would take where it is open."""
    rows = book.rows("unseen")
    return {
        "missing": book.missing("unseen"),
        "measures": [_measure(row, words, numbers) for row in rows],
        "charts": {},
    }


def _measure(row: Row, words: Words, numbers: Numbers) -> dict[str, Any]:
    is_open = row["value"] is None
    return {
        "name": words.phrase(row["measure"]),
        "value": _figure(row, "value", numbers),
        "between": between(_figure(row, "low", numbers), _figure(row, "high", numbers)),
        "unit": words.phrase(row["unit"]) if row["unit"] != "money" else numbers.currency,
        "verdict": words.phrase(row["verdict"]),
        "tone": "quiet" if is_open else "good",
        "note": words.phrase(row["note"]),
    }


def _figure(row: Row, column: str, numbers: Numbers) -> Figure:
    value, origin = row[column], cell("unseen", column, row)
    if row["unit"] == "money":
        return numbers.money(value, origin)
    return numbers.share(value, origin) if row["unit"] == "share" else numbers.units(value, origin)
