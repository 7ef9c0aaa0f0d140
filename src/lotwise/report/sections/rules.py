"""What is bought or chosen together, and what is bought next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import cell, count, largest
from lotwise.report.sections.blocks import block, cut, heads, listed, section

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST = 6
KINDS = ("together", "option", "next")
NEXT = "next"


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the usable rules of all customers by kind, those worth most first."""
    return section("rules", book, words, ("rules",), [_kind(kind, book, words, numbers) for kind in KINDS], words("rules.lead"))


def _kind(kind: str, book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    where = {"kind": kind, "scope": "all", "verdict": "usable"}
    found = book.rows("rules", where, order=[("rule", "ascending")])
    shown = (found if kind == NEXT else _once(found))[:MOST]
    like = largest(shown, "margin")
    days = ("days>",) if kind == NEXT else ()
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
        for row in shown
    ]
    names = ("antecedent", "consequent~", "lift>", "confidence>", f"count_{kind}>", *days, "margin>")
    return block(
        heads(words, "rules", *names, currency=numbers.currency),
        rows,
        title=words(f"rules.{kind}"),
        lead=words("rules.usable" if kind == NEXT else "rules.once", count=numbers.whole(len(found), count("rules", where))),
        more=cut(words, numbers, len(rows), len(found), "rules"),
    )


def _once(found: list[Row]) -> list[Row]:
    """Return one rule of each set of items, the one worth most: what comes together does so in either direction."""
    first: dict[tuple[str, ...], Row] = {}
    for row in found:
        first.setdefault((row["product"] or "", *sorted([*row["antecedent"], *row["consequent"]])), row)
    return list(first.values())
