"""What knowing brought: each source measured in several ways, what it costs, and whether to keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report import charts, ledger_charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import amount, between, cell, largest, span, spell
from lotwise.report.sections.headline import NOT_A_SOURCE, STOCHASTIC, SURE
from lotwise.report.sections.ledger import lines

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Figure, Numbers
    from lotwise.report.words import Words

PLACEBO = "placebo"
FIGURES = ("ordered", "first_in", "shapley", "last_in", "in_advance")
TONES = {"keep": "good", "drop": "bad"}


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the steps from the base to what is known now, and the sources with all their figures."""
    known = book.rows("gap", {"account": "known"}, order=[("order", "ascending")])
    sources = book.rows("source_values", order=[("order", "ascending")])
    drawn = [_intervals(known, words, numbers), _sources(sources, words, numbers)]
    return {
        "missing": book.missing("source_values"),
        "known": lines(book, known, words, numbers),
        "figures": [name for name in FIGURES if any(row[name] is not None for row in sources)],
        "sources": [_source(row, words, numbers, _like(sources)) for row in sources],
        "notes": _notes(sources, words),
        "noise": _noise(sources, numbers),
        "has_shapley": any(row["shapley"] is not None for row in sources),
        "charts": {chart.name: chart for chart in drawn if chart},
    }


def _like(rows: list[Row]) -> float:
    return largest(rows, *FIGURES, *(f"{name}_{end}" for name in FIGURES for end in ("low", "high")))


def _source(row: Row, words: Words, numbers: Numbers, like: float) -> dict[str, Any]:
    advice = row["advice"]
    return {
        "name": words.phrase(row["source"]),
        "known": words(f"knowing.{row['known']}") if row["known"] else "",
        "figures": {name: _spanned(row, name, numbers, like) for name in FIGURES},
        "net": _spanned(row, "net", numbers, like),
        "cost": numbers.money(row["cost"], cell("source_values", "cost", row), like=like),
        "bits": numbers.score(row["bits"], cell("source_values", "bits", row)),
        "advice": words.phrase(advice or row["verdict"]),
        "tone": TONES.get(advice, "quiet"),
        "verdict": words.phrase(row["verdict"]) if advice else "",
    }


def _notes(rows: list[Row], words: Words) -> list[Markup]:
    """Return each note once, after the sources it is of where notes differ."""
    of: dict[str, list[Markup]] = {}
    for row in rows:
        if row["source"] != PLACEBO:
            of.setdefault(row["note"], []).append(words.phrase(row["source"]))
    named = [(words("headline.comma").join(names), words.phrase(note)) for note, names in of.items()]
    return [note if len(of) == 1 else words("knowing.of", names=names, note=note) for names, note in named]


def _spanned(row: Row, name: str, numbers: Numbers, like: float) -> Markup:
    """Return a figure over its interval, as far as there is one."""
    figure, *ends = (
        numbers.money(row[column], cell("source_values", column, row), like=like)
        for column in (name, f"{name}_low", f"{name}_high")
    )
    if any(end.value is None for end in ends):
        return Markup("{}").format(figure)
    return Markup('{}<span class="under">{}</span>').format(figure, between(*ends))


def _noise(rows: list[Row], numbers: Numbers) -> Figure | None:
    row = next((row for row in rows if row["noise"] is not None), None)
    return None if row is None else numbers.money(row["noise"], cell("source_values", "noise", row), bare=False)


def _sources(rows: list[Row], words: Words, numbers: Numbers) -> Chart | None:
    """Return each source's own figure (Shapley where measured, else ordered) with first in and last in beside it."""
    judged = "shapley" if any(row["shapley"] is not None for row in rows) else "ordered"
    named = dict(zip(ledger_charts.FIGURES, (judged, "first_in", "last_in"), strict=True))
    digits = amount(_like(rows))
    spans, points = [], []
    for row in rows:
        name = words.plain(row["source"])
        for column in named.values():
            if row[column] is None:
                continue
            ends = row[f"{column}_low"], row[f"{column}_high"]
            point = {"name": name, "figure": words.text(f"knowing.{column}"), "money": row[column],
                     "shown": spell(row[column], digits), "between": span(*ends, digits)}  # fmt: skip
            points.append(point)
            if column == judged or (row["source"] == PLACEBO and column == "last_in"):
                spans.append(point | dict(zip(("low", "high"), ends, strict=True)))
    if not points:
        return None
    spans = [span for span in spans if span["low"] is not None]
    placebo = next((row for row in rows if row["source"] == PLACEBO and row["last_in_low"] is not None), None)
    noise = None if placebo is None else (placebo["last_in_low"], placebo["last_in_high"])
    titles = [words.text(f"knowing.{column}") for column in named.values()]
    spec = ledger_charts.sources(spans, points, money=numbers.currency, noise=noise, figures=titles)
    said = words.text("headline.join").join(f"{point['name']}, {point['figure']} {point['shown']}" for point in points)
    return Chart("sources", spec, words.text("knowing.sources_label", lines=said))


def _intervals(rows: list[Row], words: Words, numbers: Numbers) -> Chart | None:
    """Return the steps from the base to what is known now, over a band as wide as the placebo's interval."""
    left_out = (*NOT_A_SOURCE[:2], STOCHASTIC)
    rows = [row for row in rows if row["low"] is not None and row["line"] not in left_out]
    if not rows:
        return None
    like = amount(largest(rows, "money"))
    drawn = [
        {
            "name": words.plain(row["line"]),
            "money": row["money"],
            "low": row["low"],
            "high": row["high"],
            "kind": PLACEBO if row["line"] == PLACEBO else "sure" if row["verdict"] in SURE else "unsure",
            "shown": spell(row["money"], like),
            "between": span(row["low"], row["high"], like),
        }
        for row in rows
    ]
    noise = next(((row["low"], row["high"]) for row in rows if row["line"] == PLACEBO), None)
    said = words.text("headline.join").join(f"{row['name']} {row['shown']} {row['between']}" for row in drawn)
    spec = charts.intervals(drawn, money=numbers.currency, noise=noise, noise_name=words.text("knowing.band"))
    return Chart("known", spec, words.text("knowing.known_label", lines=said))
