"""What customers choose, what it is worth to them, what they take instead, and the line that earns most."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import amount, between, cell, largest, span, spell
from lotwise.report.sections import lineup
from lotwise.report.sections.blocks import CATEGORY, OTHER, alternative, block, chosen, cut, heads, section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST, EACH, VALUES = 6, 3, 6
"""Choices listed; values whose worth is told, of one choice, and of all categories and all options."""
SHOWN = {"display": "on display", "mailer": "in the mailer", "front": "in the strongest place"}
"""Ways of showing a product, as they read; the worth of each is against being without it."""
SHARES = "shares"


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return how well choices are foretold, what values are worth, what is taken instead, and the best line."""
    models = book.rows("choice_models", {"chosen": True}, order=[("choices", "descending"), ("choice", "ascending")])
    models = sorted(models, key=lambda row: not row["choice"].startswith(CATEGORY))
    blocks = [
        _models(models, book, words, numbers),
        _worths(models, book, words, numbers),
        lineup.instead(book, words, numbers),
        lineup.lines(book, words, numbers),
    ]
    return section("preferences", book, words, ("choice_models", "preferences"), blocks, words("preferences.lead"))


def _models(models: list[Row], book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    plain = {row["choice"]: row["held_out"] for row in book.rows("choice_models", {"model": SHARES})}
    shown = models[:MOST]
    rows = [
        (
            chosen(book, words, row["choice"]),
            words.phrase(row["model"]),
            numbers.whole(row["choices"], cell("choice_models", "choices", row)),
            numbers.whole(row["alternatives"], cell("choice_models", "alternatives", row)),
            numbers.score(row["held_out"], cell("choice_models", "held_out", row)),
            numbers.share(_chance(row["held_out"])),
            numbers.share(_chance(plain.get(row["choice"]))),
        )
        for row in shown
    ]
    said: dict[str, list[Markup]] = {}
    for row in shown:
        if row["note"]:
            said.setdefault(row["note"], []).append(chosen(book, words, row["choice"]))
    return block(
        heads(words, "preferences", "choice", "model", "choices>", "alternatives>", "held_out>", "chance>", "chance_shares>"),
        rows,
        lead=words("preferences.models"),
        more=cut(words, numbers, len(rows), len(models), "choice_models"),
        notes=[
            words("preferences.noted", names=words("headline.comma").join(names), note=words.phrase(note))
            for note, names in said.items()
        ],
    )


def _chance(held_out: float | None) -> float | None:
    """Return the chance a model gave, on geometric mean, to what was chosen."""
    return None if held_out is None else exp(held_out)


def _worths(models: list[Row], book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the values worth most and least against the base value of their attribute, of the choices most often made."""
    of_categories = [model["choice"] for model in models if model["choice"].startswith(CATEGORY)]
    of_options = [model["choice"] for model in models if model["choice"] not in of_categories]
    shown = [row for choices in (of_categories, of_options) for row in _dearest(choices, book)]
    bases = {_group(row): row["value"] for row in book.rows("preferences") if row["standard_error"] is None}
    like = largest(shown, "willingness_low", "willingness_high")
    rows = [
        (
            Markup('{} <span class="under quiet">{}</span>').format(_value(row, book, words), _who(row, book, words)),
            words("preferences.without") if row["attribute"] in SHOWN else alternative(bases.get(_group(row)), book, words),
            numbers.score(row["part_worth"], cell("preferences", "part_worth", row), decimals=2),
            numbers.score(row["standard_error"], cell("preferences", "standard_error", row), decimals=2),
            numbers.money(row["willingness"], cell("preferences", "willingness", row), like=like),
            between(*(numbers.money(row[f"willingness_{end}"], like=like) for end in ("low", "high"))),
        )
        for row in shown
    ]
    return block(
        heads(words, "preferences", "value", "against", "worth>", "error>", "money>", "interval>", currency=numbers.currency),
        rows,
        title=words("preferences.worths"),
        lead=words("preferences.worths_lead"),
        chart=_chart(shown, book, words, numbers, like),
    )


def _dearest(choices: list[str], book: Book) -> list[Row]:
    """Return the values worth most and least of each choice, as far as their worth is known in money."""
    shown: list[Row] = []
    for choice in choices:
        found = book.rows("preferences", {"choice": choice})
        found = [row for row in found if row["value"] != OTHER and None not in (row["willingness"], row["willingness_low"])]
        found = sorted(found, key=lambda row: (-abs(row["willingness"]), row["segment"], row["attribute"], row["value"]))
        shown += found[: min(EACH, VALUES - len(shown))]
    return shown


def _group(row: Row) -> tuple[str, str, str]:
    return row["choice"], row["segment"], row["attribute"]


def _value(row: Row, book: Book, words: Words) -> Markup:
    if row["attribute"] in SHOWN:
        return words.term(SHOWN[row["attribute"]])
    value = alternative(row["value"], book, words)
    if row["attribute"] == "product":
        return value
    return Markup("{}: {}").format(words.term(row["attribute"]), value)


def _who(row: Row, book: Book, words: Words) -> Markup:
    """Return which choice a part-worth is of, and of which customers."""
    choice = chosen(book, words, row["choice"], short=True)
    return choice if row["segment"] == "all" else Markup("{} · {}").format(choice, words.term(row["segment"]))


def _chart(shown: Sequence[Row], book: Book, words: Words, numbers: Numbers, like: float) -> Chart | None:
    if not shown:
        return None
    digits = amount(like)
    rows = [
        {
            "name": f"{_value(row, book, words).striptags()}\n{_who(row, book, words).striptags()}",
            "money": row["willingness"],
            "low": row["willingness_low"],
            "high": row["willingness_high"],
            "kind": "sure" if row["willingness_low"] * row["willingness_high"] > 0 else "unsure",
            "shown": spell(row["willingness"], digits),
            "between": span(row["willingness_low"], row["willingness_high"], digits),
        }
        for row in shown
    ]
    said = [f"{row['name']} {row['shown']} {row['between']}" for row in rows]
    label = words.text("preferences.label", lines=words.text("headline.join").join(said))
    return Chart("worths", charts.intervals(rows, money=numbers.currency, noise=None, noise_name=""), label)
