"""What is bought or chosen together, and what is bought next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import cell, count, largest
from lotwise.report.sections.blocks import block, heads, listed, section

if TYPE_CHECKING:
    from lotwise.report.book import Book
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST = 12
KINDS = ("together", "option", "next")


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the usable rules of all customers by kind, those worth most first."""
    return section("rules", book, words, ("rules",), [_kind(kind, book, words, numbers) for kind in KINDS], words("rules.lead"))


def _kind(kind: str, book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    where = {"kind": kind, "scope": "all", "verdict": "usable"}
    found = book.rows("rules", where, order=[("rule", "ascending")])
    like = largest(found[:MOST], "margin")
    days = ("days>",) if kind == "next" else ()
    rows = [
        (
            listed(book, [*([row["product"]] if row["product"] else []), *row["antecedent"]]),
            listed(book, row["consequent"]),
            numbers.score(row["lift"], cell("rules", "lift", row), decimals=2),
            numbers.share(row["confidence"], cell("rules", "confidence", row)),
            numbers.whole(row["count"], cell("rules", "count", row)),
            *((numbers.units(row["days"], cell("rules", "days", row)),) if days else ()),
            numbers.money(row["margin"], cell("rules", "margin", row), like=like),
        )
        for row in found[:MOST]
    ]
    names = ("antecedent~", "consequent~", "lift>", "confidence>", f"count_{kind}>", *days, "margin>")
    return block(
        heads(words, "rules", *names, currency=numbers.currency),
        rows,
        title=words(f"rules.{kind}"),
        lead=words("rules.usable", count=numbers.whole(len(found), count("rules", where))),
        table="rules",
        numbers=numbers,
        count=len(found),
    )
