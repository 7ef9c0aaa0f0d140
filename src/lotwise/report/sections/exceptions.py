"""What a planner should look at, the most money first: what binds, the chain that leads there, what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report.numbers import cell, count, largest, total

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST = 20
MOST_CUTS = 12
KINDS = ("late", "cut", "shortage", "overload", "expiring", "surplus", "moved")
LINK = " <- "
"""Between the steps of a chain."""
STEPS = ("order", "purchase", "shipment", "room")
"""How a step begins that is no lot, item or machine."""


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return exceptions by kind and by money, and the cuts behind those of products."""
    rows = book.rows("exceptions", order=[("rank", "ascending")], most=MOST)
    table = book.table("exceptions")
    like = largest(rows, "money")
    return {
        "missing": book.missing("exceptions", "cuts"),
        "is_known": table is not None,
        "kinds": [_kind(book, words, numbers, kind) for kind in KINDS if book.part("exceptions", {"kind": kind}) is not None],
        "rows": [_exception(book, words, numbers, row, like) for row in rows],
        "all": numbers.whole(table.num_rows if table is not None else 0),
        "is_cut": table is not None and table.num_rows > len(rows),
        **_cuts(book, words, numbers),
        "charts": {},
    }


def _kind(book: Book, words: Words, numbers: Numbers, kind: str) -> dict[str, Any]:
    where = {"kind": kind}
    rows = book.part("exceptions", where)
    money = sum(book.sums("exceptions", "kind", "money", where).values())
    return {
        "kind": words(f"exceptions.{kind}"),
        "is": words(f"exceptions.{kind}_is"),
        "count": numbers.whole(0 if rows is None else rows.num_rows, count("exceptions", where)),
        "money": numbers.money(money, total("exceptions", "money", where)),
    }


def _exception(book: Book, words: Words, numbers: Numbers, row: Row, like: float) -> dict[str, Any]:
    figures = {
        name: numbers.money(row[name], cell("exceptions", name, row), like=like) for name in ("money", "remedy_cost", "gain")
    }
    return figures | {
        "rank": numbers.whole(row["rank"]),
        "kind": words(f"exceptions.{row['kind']}"),
        "name": book.called(row["subject"]),
        "week": words.brief(row["week"]),
        "reason": words.phrase(row["reason"]),
        "chain": chain(row["chain"], book, words) if LINK in row["chain"] else "",
        "remedy": words.phrase(row["remedy"]),
    }


def chain(said: str, book: Book, words: Words) -> Markup:
    """Return the steps of a chain, each once, with what it is in the page's language and what it is called."""
    return Markup(" ← ").join(_step(step, book, words) for step in dict.fromkeys(said.split(LINK)))


def _step(step: str, book: Book, words: Words) -> Markup:
    kind, _, rest = step.partition(" ")
    if rest and kind in STEPS:
        return words(f"exceptions.step_{kind}", name=book.called(rest))
    return book.called(step)


def _cuts(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    rows = book.rows("cuts", order=[("lost_profit", "descending"), ("product", "ascending"), ("week", "ascending")])
    like = largest(rows[:MOST_CUTS], "lost_profit")
    lines = [
        {
            "name": book.called(row["product"]),
            "week": words.brief(row["week"]),
            "wanted": numbers.units(row["wanted"], cell("cuts", "wanted", row)),
            "planned": numbers.units(row["planned"], cell("cuts", "planned", row)),
            "lost": numbers.money(row["lost_profit"], cell("cuts", "lost_profit", row), like=like),
            "resource": book.called(row["resource"]) if row["resource"] else "",
            "reason": words.phrase(row["reason"]),
        }
        for row in rows[:MOST_CUTS]
    ]
    return {"cuts": lines, "cuts_shown": numbers.whole(len(lines)), "cuts_all": numbers.whole(len(rows), count("cuts", {}))}
