"""What customers take instead of what is not to be had, and the line that earns most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from lotwise.report.numbers import cell
from lotwise.report.sections.blocks import CATEGORY, OTHER, alternative, block, chosen, cut, heads

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.sections.blocks import Block
    from lotwise.report.words import Words

MOST = 6

Key = tuple[str, str]


def instead(book: Book, words: Words, numbers: Numbers) -> Block:
    """Return what buyers of a product take instead and what its own price does, of the products most often chosen."""
    found = [row for row in book.rows("substitutions") if row["choice"].startswith(CATEGORY)]
    own = {_key(row): row["elasticity"] for row in found if row["alternative"] == row["instead"]}
    share = {_key(row): row["share_now"] for row in book.rows("product_lines")}
    first: dict[Key, Row] = {}
    for row in sorted(found, key=lambda row: (-row["diverted"], row["instead"])):
        if row["alternative"] not in {row["instead"], OTHER} and row["instead"] != OTHER:
            first.setdefault(_key(row), row)
    order = sorted(first, key=lambda key: (-(share.get(key) or 0.0), key))
    rows = [
        (
            Markup('{} <span class="under quiet">{}</span>').format(
                book.called(row["alternative"]), chosen(book, words, row["choice"])
            ),
            alternative(row["instead"], book, words),
            numbers.share(row["diverted"], cell("substitutions", "diverted", row), decimals=0),
            numbers.score(
                own.get(_key(row)), cell("substitutions", "elasticity", row | {"instead": row["alternative"]}), decimals=2
            ),
        )
        for row in (first[key] for key in order[:MOST])
    ]
    return block(
        heads(words, "preferences", "product", "instead", "diverted>", "elasticity>"),
        rows,
        title=words("preferences.missing"),
        lead=words("preferences.missing_lead"),
        more=cut(words, numbers, len(rows), len(order), "substitutions"),
    )


def lines(book: Book, words: Words, numbers: Numbers) -> Block:
    """Return the choices in which leaving something out would earn more, the largest gain first."""
    found: dict[str, list[Row]] = {}
    for row in book.rows("product_lines"):
        found.setdefault(row["choice"], []).append(row)
    shorter = [line for line in found.values() if not all(row["kept"] for row in line)]
    shorter.sort(key=lambda line: (line[0]["earned_now"] - line[0]["earned_then"], line[0]["choice"]))
    return block(
        heads(words, "preferences", "choice", "leave~", "now>", "then>", "gain>", "steady>", currency=numbers.currency),
        [_line(line, book, words, numbers) for line in shorter[:MOST]],
        title=words("preferences.line"),
        lead=words(
            "preferences.line_lead",
            count=numbers.whole(len(shorter)),
            all=numbers.whole(len(found)),
            outside=numbers.share(book.settings.mine.preferences.outside, decimals=0),
        ),
        more=cut(words, numbers, min(len(shorter), MOST), len(shorter), "product_lines"),
    )


def _line(line: list[Row], book: Book, words: Words, numbers: Numbers) -> tuple[object, ...]:
    first = line[0]
    now, then = first["earned_now"], first["earned_then"]
    return (
        chosen(book, words, first["choice"]),
        words("headline.comma").join(alternative(row["alternative"], book, words) for row in line if not row["kept"]),
        numbers.money(now, cell("product_lines", "earned_now", first), like=then),
        numbers.money(then, cell("product_lines", "earned_then", first), like=then),
        numbers.share(then / now - 1 if now > 0 else None),
        numbers.share(first["steady"], cell("product_lines", "steady", first), decimals=0),
    )


def _key(row: Row) -> Key:
    return row["choice"], row["alternative"]
