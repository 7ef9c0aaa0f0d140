"""What customers write of each product, and the changes they ask for with the money at stake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report.numbers import between, cell, count, largest
from lotwise.report.sections.blocks import block, heads, section

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST = 12


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the changes asked for, most money first, and what is said most against."""
    readings = book.table("readings")
    texts = numbers.whole(readings.num_rows if readings is not None else 0, count("readings", {}))
    blocks = [_requests(book, words, numbers), _aspects(book, words, numbers)]
    return section("opinions", book, words, ("readings", "opinions", "requests"), blocks, words("opinions.lead", texts=texts))


def _requests(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    found = book.rows("requests")
    found = sorted(found, key=lambda row: (-(row["at_stake"] or 0.0), -row["texts"], row["product"], row["change"]))
    like = largest(found[:MOST], "at_stake_high")
    rows = [
        (
            _of(row, book, words),
            words.phrase(row["change"]),
            numbers.whole(row["texts"], cell("requests", "texts", row)),
            numbers.share(row["share"], cell("requests", "share", row)),
            numbers.money(row["at_stake"], cell("requests", "at_stake", row), like=like),
            between(*(numbers.money(row[f"at_stake_{end}"], like=like) for end in ("low", "high"))),
            _quoted(row["example"]),
        )
        for row in found[:MOST]
    ]
    names = ("product", "asked~", "texts>", "share>", "stake>", "interval>", "example~")
    basis = next((row["basis"] for row in found if row["basis"]), None)
    return block(
        heads(words, "opinions", *names, currency=numbers.currency),
        rows,
        title=words("opinions.requests"),
        lead=words.phrase(basis) if basis else None,
        table="requests",
        numbers=numbers,
        count=len(found),
    )


def _aspects(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    found = sorted(book.rows("opinions"), key=lambda row: (-row["negative"], row["product"], row["aspect"]))
    rows = [
        (
            _of(row, book, words),
            words.phrase(row["aspect"]),
            numbers.whole(row["texts"], cell("opinions", "texts", row)),
            numbers.whole(row["positive"], cell("opinions", "positive", row)),
            numbers.whole(row["negative"], cell("opinions", "negative", row)),
            between(*(numbers.score(row[end], cell("opinions", end, row), decimals=2) for end in ("low", "high"))),
            _quoted(row["example"]),
        )
        for row in found[:MOST]
    ]
    names = ("product", "aspect", "texts>", "positive>", "negative>", "sentiment>", "example~")
    return block(
        heads(words, "opinions", *names),
        rows,
        title=words("opinions.aspects"),
        table="opinions",
        numbers=numbers,
        count=len(found),
    )


def _of(row: Row, book: Book, words: Words) -> Markup:
    return words("opinions.all") if row["product"] == "all" else book.called(row["product"])


def _quoted(text: str | None) -> Markup:
    return Markup('<span translate="no">{}</span>').format(text or "")
