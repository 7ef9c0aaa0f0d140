"""What moves units, returns, stars and scrap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import between, cell
from lotwise.report.sections.blocks import block, heads, section

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST = 8
LITTLE = 0.02
"""Share explained up to which a ranking is noise."""


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return what moves each target, most moved first, with how much of it is explained."""
    models = book.rows("driver_models", order=[("target", "ascending")])
    blocks = [_target(row, book, words, numbers) for row in models]
    return section("drivers", book, words, ("drivers", "driver_models"), blocks, words("drivers.lead"))


def _target(model: Row, book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    found = book.rows("drivers", {"target": model["target"]}, order=[("rank", "ascending")])
    rows = [
        (
            words.phrase(row["feature"]),
            words.phrase(row["words"]),
            numbers.share(row["share"], cell("drivers", "share", row)),
            numbers.share(row["permutation"], cell("drivers", "permutation", row)),
            between(
                *(
                    numbers.share(row[f"permutation_{end}"], cell("drivers", f"permutation_{end}", row))
                    for end in ("low", "high")
                )
            ),
        )
        for row in found[:MOST]
    ]
    explained = numbers.share(max(model["explained"], 0.0))
    key = "drivers.explained" if model["explained"] > LITTLE else "drivers.noise"
    lead = words(key, share=explained, rows=numbers.whole(model["rows"], cell("driver_models", "rows", model)))
    names = ("feature", "does~", "share>", "lost>", "interval>")
    return block(
        heads(words, "drivers", *names),
        rows,
        title=words.phrase(model["target"]),
        lead=lead,
        table="drivers",
        numbers=numbers,
        count=len(found),
    )
