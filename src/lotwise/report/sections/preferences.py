"""What customers choose, what it is worth to them, and the line that earns most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report.numbers import between, cell
from lotwise.report.sections.blocks import block, heads, section

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST, CHOICES = 8, 4


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the model used for each choice, and the part-worths that differ most, of the choices most often made."""
    order = [("choices", "descending"), ("choice", "ascending")]
    models = book.rows("choice_models", {"chosen": True}, order=order)
    rows = [
        (
            words.phrase(row["choice"]),
            words.phrase(row["model"]),
            numbers.whole(row["choices"], cell("choice_models", "choices", row)),
            numbers.score(row["held_out"], cell("choice_models", "held_out", row)),
            words.phrase(row["note"]),
        )
        for row in models
    ]
    names = ("choice", "model", "choices>", "held_out>", "note~")
    blocks = [block(heads(words, "preferences", *names), rows, lead=words("preferences.models"))]
    blocks += [_worths(row, book, words, numbers) for row in models[:CHOICES]]
    return section("preferences", book, words, ("choice_models", "preferences"), blocks, words("preferences.lead"))


def _worths(model: Row, book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    found = [row for row in book.rows("preferences", {"choice": model["choice"]}) if row["standard_error"] is not None]
    found = sorted(found, key=lambda row: (-abs(row["part_worth"]), row["segment"], row["attribute"], row["value"]))
    rows = [
        (
            Markup('{}: {} <span class="under quiet">{}</span>').format(
                words.phrase(row["attribute"]), book.called(row["value"]), words.phrase(row["segment"])
            ),
            numbers.score(row["part_worth"], cell("preferences", "part_worth", row), decimals=2),
            numbers.score(row["standard_error"], cell("preferences", "standard_error", row), decimals=2),
            numbers.money(row["willingness"], cell("preferences", "willingness", row), like=1.0),
            between(*(numbers.money(row[f"willingness_{end}"], like=1.0) for end in ("low", "high"))),
        )
        for row in found[:MOST]
    ]
    names = ("value~", "worth>", "error>", "money>", "interval>")
    return block(
        heads(words, "preferences", *names, currency=numbers.currency),
        rows,
        title=words.phrase(model["choice"]),
        table="preferences",
        numbers=numbers,
        count=len(found),
    )
