"""What rises, falls or has changed for good, with its dates and where it was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import between, cell, count
from lotwise.report.sections.blocks import block, heads, section

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Figure, Numbers
    from lotwise.report.words import Words

MOST = 8
KINDS = ("all", "category", "product", "option", "word", "search", "opinion", "competitor", "signal")


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the changes by kind of series, in the order they were found: the largest first."""
    return section(
        "trends", book, words, ("trends",), [_kind(kind, book, words, numbers) for kind in KINDS], words("trends.lead")
    )


def _kind(kind: str, book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    found = book.rows("trends", {"kind": kind})
    rows = [
        (
            book.called(row["series"]),
            words(f"trends.{row['change'].replace(' ', '_')}"),
            words.day(row["start"]),
            _level(row, "before", numbers),
            _level(row, "after", numbers),
            numbers.share(row["relative"], cell("trends", "relative", row), decimals=0),
            between(*(numbers.share(row[end], cell("trends", end, row), decimals=0) for end in ("low", "high"))),
            numbers.money(row["money"], cell("trends", "money", row), like=1000.0),
        )
        for row in found[:MOST]
    ]
    names = ("series~", "change", "since", "before>", "after>", "relative>", "interval>", "money>")
    lead = (
        words("trends.source", count=numbers.whole(len(found), count("trends", {"kind": kind})), source=found[0]["source"])
        if found
        else None
    )
    return block(
        heads(words, "trends", *names, currency=numbers.currency),
        rows,
        title=words(f"trends.kind_{kind}"),
        lead=lead,
        table="trends",
        numbers=numbers,
        count=len(found),
    )


def _level(row: Row, name: str, numbers: Numbers) -> Figure:
    origin = cell("trends", name, row)
    return numbers.share(row[name], origin) if row["unit"].startswith("share") else numbers.units(row[name], origin)
