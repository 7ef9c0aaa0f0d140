"""How good forecasts were: what came against what was expected, and the scores over all past cutoffs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import Figure, cell, spell

if TYPE_CHECKING:
    from datetime import date

    from markupsafe import Markup

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_POINTS = 300
"""Weeks of products drawn at most, the latest."""
NEAR = 0.03
"""A 90 % band that holds between 87 and 93 % of what came does what it says."""
SCORES = {"scrps": 3, "rmse": 2, "mase": 3}
SHARES = ("coverage50", "coverage90", "bias", "value_added")
PLAIN = ("now", "method", "none")
"""Information whose scores are shown at once; what single sources change comes after."""


def errors(book: Book, words: Words, told: dict[str, list[Row]]) -> list[Chart]:
    """Return two drawings of the settled weeks: what came against what was expected, and what was missed over time.

    Parameters
    ----------
    book, words
        Of the report.
    told
        Product -> what was known at each cutoff.
    """
    points = [point for product, rows in told.items() for point in _settled(book, words, product, rows)]
    points = sorted(points, key=lambda point: str(point["week"]))[-MOST_POINTS:]
    if not points:
        return []
    within = sum(abs(point["came"] - point["expected"]) for point in points) / (sum(point["came"] for point in points) or 1)
    label = words.text("forecast.against_label", count=len(points), share=f"{within:.0%}")
    missed = by_week(points)
    most = max(missed, key=lambda row: abs(row["missed"]))
    said = {key: words.text(f"forecast.{key}") for key in ("expected", "came", "missed", "together")}
    told_over = words.text("forecast.missed_label", week=most["label"], share=f"{most['missed']:+.0%}")
    return [
        Chart("forecast-against", charts.against(points, words=said), label),
        Chart("forecast-missed", charts.missed(points, missed, words=said | {"date": words.text("dates.axis")}), told_over),
    ]


def _settled(book: Book, words: Words, product: str, rows: list[Row]) -> list[Row]:
    came: dict[date, float] = book.sums("demand", "week", "units", {"product": product})
    last = max(row["cutoff"] for row in rows)
    past = [row for row in rows if row["cutoff"] < last and row["week"] in came]
    usual = sum(came[row["week"]] for row in past) / max(len(past), 1) or 1.0
    return [
        {
            "name": book.name(product),
            "week": row["week"].isoformat(),
            "label": words.brief(row["week"]),
            "expected": round(row["mean"], 1),
            "came": round(came[row["week"]], 1),
            "missed": round((came[row["week"]] - row["mean"]) / usual, 3),
        }
        for row in past
    ]


def by_week(points: list[Row]) -> list[Row]:
    """Return what all points of a week missed together, as a share of what was expected of them."""
    sums: dict[str, list[float]] = {}
    labels = {point["week"]: point["label"] for point in points}
    for point in points:
        there = sums.setdefault(point["week"], [0.0, 0.0])
        there[0] += point["came"]
        there[1] += point["expected"]
    return [
        {
            "week": week,
            "label": labels[week],
            "missed": round((came - expected) / (expected or 1), 4),
            "shown": f"{(came - expected) / (expected or 1):+.0%}",
        }
        for week, (came, expected) in sums.items()
    ]


def scores(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the record of past accuracy, what is in use and its peers first, and what coverage says in words."""
    order = [("scrps", "ascending"), ("model", "ascending"), ("information", "ascending")]
    rows = book.rows("scores", {"cutoff": "all"}, order=order)
    used = next((row for row in rows if row["information"] == "now"), None)
    return {
        "scores": [_score(row, words, numbers, used) for row in rows if row["information"] in PLAIN],
        "more_scores": [_score(row, words, numbers, used) for row in rows if row["information"] not in PLAIN],
        "coverage": _coverage(used, words),
    }


def _score(row: Row, words: Words, numbers: Numbers, used: Row | None) -> dict[str, Any]:
    shown = {name: numbers.score(row[name], cell("scores", name, row), decimals=digits) for name, digits in SCORES.items()}
    shown |= {name: numbers.share(row.get(name), cell("scores", name, row)) for name in SHARES}
    return shown | {
        "model": row["model"],
        "information": _information(row["information"], words),
        "is_used": row is used,
        "cells": numbers.whole(row["cells"], cell("scores", "cells", row)),
        "money": numbers.money(row.get("money"), cell("scores", "money", row)),
    }


def _information(state: str, words: Words) -> Markup:
    """Return in words what was known."""
    if words.has(f"forecast.known_{state}"):
        return words(f"forecast.known_{state}")
    kind, _, source = state.partition("-")
    if source and words.has(f"forecast.known_{kind}_source"):
        return words(f"forecast.known_{kind}_source", source=words.phrase(source))
    return words.phrase(state)


def _coverage(used: Row | None, words: Words) -> Markup | None:
    """Return how many of 100 weeks lay in the bands, and what follows from it."""
    if used is None or used["coverage90"] is None or used["coverage50"] is None:
        return None
    inside = {
        f"inside{width}": Figure(spell(100 * used[name], 0), used[name], cell("scores", name, used))
        for width, name in (("50", "coverage50"), ("90", "coverage90"))
    }
    off = used["coverage90"] - 0.9
    verdict = "holds" if abs(off) <= NEAR else "narrow" if off < 0 else "broad"
    return words("forecast.covered", **inside) + words(f"forecast.band_{verdict}")
