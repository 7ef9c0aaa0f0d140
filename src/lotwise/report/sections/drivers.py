"""What moves units, returns, stars and scrap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import between, cell
from lotwise.report.sections.blocks import block, cut, heads, section

if TYPE_CHECKING:
    from markupsafe import Markup

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST = 5
LITTLE = 0.02
"""Share explained up to which a ranking is noise."""


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return what moves each target, most moved first, with how much of it is explained."""
    models = sorted(book.rows("driver_models"), key=lambda row: (-row["explained"], row["target"]))
    blocks = [_target(row, book, words, numbers) for row in models]
    return section("drivers", book, words, ("drivers", "driver_models"), blocks, words("drivers.lead"))


def _target(model: Row, book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return what moves one target; of one that is explained, only what is beyond chance."""
    found = book.rows("drivers", {"target": model["target"]}, order=[("rank", "ascending")])
    is_told = model["explained"] > LITTLE
    sure = [row for row in found if row["permutation_low"] > 0] if is_told else found[: MOST // 2]
    rows = [
        (
            words.term(row["feature"]),
            _does(row, book, words),
            numbers.share(row["share"], cell("drivers", "share", row)),
            numbers.share(row["permutation"], cell("drivers", "permutation", row), decimals=0),
            between(*(numbers.share(row[f"permutation_{end}"], decimals=0) for end in ("low", "high"))),
        )
        for row in (sure or found[: MOST // 2])[:MOST]
    ]
    explained = numbers.share(max(model["explained"], 0.0))
    lead = words(
        "drivers.explained" if is_told else "drivers.noise",
        share=explained,
        rows=numbers.whole(model["rows"], cell("driver_models", "rows", model)),
        unit=words.phrase(model["unit"]),
    )
    return block(
        heads(words, "drivers", "feature", "does~", "share>", "lost>", "interval>"),
        rows,
        title=_title(model["target"], words),
        lead=lead,
        more=cut(words, numbers, len(rows), len(found), "drivers"),
    )


def _title(target: str, words: Words) -> Markup:
    key = f"drivers.of_{target}"
    return words(key) if words.has(key) else words.term(target)


def _does(row: Row, book: Book, words: Words) -> Markup:
    """Return what a feature does, products by their names."""
    parts = [part.partition(": ") for part in row["words"].split("; ")]
    return words("headline.join").join(words.term(f"{book.name(code)}{colon}{rest}") for code, colon, rest in parts)
