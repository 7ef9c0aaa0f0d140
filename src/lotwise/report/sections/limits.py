"""What limits cost, and what one more hour, machine or supplier would really earn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import largest, total

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Figure, Numbers
    from lotwise.report.words import Words

COLUMNS = ("lost", "first_in", "last_in", "price", "one_more", "another")
KINDS = {"machine": "machine", "material": "material", "lead": "lead_kind", "lot": "lot"}
"""Kind of a limit -> its word."""

MOST = 30


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return each limit with its figures added up over the past plans, the dearest first."""
    rows = summed(book)
    like = largest(rows[:1], *COLUMNS)
    return {
        "missing": book.missing("limit_values"),
        "limits": [_limit(book, row, words, numbers, like) for row in rows[:MOST]],
        "windows": len(book.values("limit_values", "cutoff")),
        "left": max(0, len(rows) - MOST),
        "charts": {},
    }


def summed(book: Book) -> list[Row]:
    """Return each limit with ``kind``, ``unit`` and its columns of money added up over cutoffs, absent where all are."""
    found: dict[str, Row] = {}
    for row in book.rows("limit_values", order=[("cutoff", "ascending"), ("limit", "ascending")]):
        mine = found.setdefault(row["limit"], {name: row[name] for name in ("limit", "kind", "unit")} | dict.fromkeys(COLUMNS))
        for column in COLUMNS:
            if row[column] is not None:
                mine[column] = (mine[column] or 0.0) + row[column]
    return sorted(found.values(), key=lambda row: (-row["lost"], row["limit"]))


def worth(row: Row, column: str, numbers: Numbers, *, bare: bool = True, like: float | None = None) -> Figure:
    """Return one figure of a limit, with the rows it is the sum of."""
    return numbers.money(row[column], total("limit_values", column, {"limit": row["limit"]}), bare=bare, like=like)


def _limit(book: Book, row: Row, words: Words, numbers: Numbers, like: float) -> dict[str, Any]:
    is_resource = row["kind"] in ("machine", "material")
    return {
        "name": book.called(row["limit"]) if is_resource else words.phrase(row["limit"]),
        "kind": words(f"limits.{KINDS[row['kind']]}"),
        "unit": words.unit(row["unit"]) if row["unit"] else "",
    } | {column: worth(row, column, numbers, like=like) for column in COLUMNS}
