"""What will be asked for: history, bands and promotions of the largest products, and how good the models were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc
from markupsafe import Markup

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import Origin, cell, total
from lotwise.tables.forecasted import QUANTILES

if TYPE_CHECKING:
    from datetime import date

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

BANDS = {"95": (0.025, 0.975), "80": (0.1, 0.9), "50": (0.25, 0.75)}
MOST_WEEKS = 44
PROMOTED = 0.1
"""A week counts as promoted from this share of sales on."""

MEASURES = {"rmse": 2, "mae": 2, "rmsse": 3, "mase": 3, "scrps": 3, "r2_within": 3}
SHARES = ("coverage50", "coverage90", "bias")


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return one card a product, and the scores of the models."""
    now = book.now("forecast")
    foreseen = set(book.values("forecast", "product", now))
    products = [product for product in book.sums("demand", "product", "revenue") if product in foreseen]
    shown = products[: book.settings.report.products]
    cards = [_card(book, words, numbers, now | {"product": product}, place) for place, product in enumerate(shown, start=1)]
    scores = book.rows(
        "scores", {"cutoff": "all"}, order=[("scrps", "ascending"), ("model", "ascending"), ("information", "ascending")]
    )
    return {
        "missing": book.missing("forecast", "demand"),
        "cards": cards,
        "shown": numbers.whole(len(shown)),
        "is_summed": len(book.values("forecast", "region", now)) > 1,
        "scores": [_score(row, numbers) for row in scores],
        "charts": {card["chart"].name: card["chart"] for card in cards},
    }


def _card(book: Book, words: Words, numbers: Numbers, where: dict[str, Any], place: int) -> dict[str, Any]:
    product = where["product"]
    history = sorted(book.sums("demand", "week", "units", {"product": product}).items())[-MOST_WEEKS:]
    weeks = _ahead(book, where)
    promoted = _promoted(book, product, {week for week, _ in history} | {row["week"] for row in weeks})
    lines = [_week(book, words, numbers, where, row, promoted) for row in weeks]
    points = [
        words.text("forecast.point", week=line["week"], median=line["median"], low=line["low"], high=line["high"])
        for line in lines
    ]
    label = words.text(
        "forecast.label",
        name=book.name(product),
        day=words.day(where["cutoff"]),
        lines=words.text("headline.join").join(points),
    )
    spec = _spec(words, numbers, history, weeks, promoted)
    revenue = book.sums("demand", "product", "revenue", {"product": product})[product]
    money = numbers.money(revenue, total("demand", "revenue", {"product": product}), bare=False)
    return {
        "name": book.called(product),
        "code": product,
        "revenue": words("forecast.revenue", money=money),
        "weeks": lines,
        "has_promotions": any(row["week"] in promoted for row in weeks),
        "chart": Chart(f"forecast-{place}", spec, label),
    }


def _ahead(book: Book, where: dict[str, Any]) -> list[Row]:
    """Return each week's quantiles: the forecast's own in one region, those of the summed draws in several."""
    rows = book.rows("forecast", where, order=[("week", "ascending"), ("region", "ascending")])
    if len({row["region"] for row in rows}) <= 1:
        for row in rows:
            row["origin"] = {level: cell("forecast", quantile(level), row) for level in _levels()}
            row["level"] = {level: row[quantile(level)] for level in _levels()}
        return rows
    found: dict[date, Row] = {}
    for row in book.rows("draws", where, order=[("week", "ascending"), ("region", "ascending")]):
        there = found.setdefault(row["week"], {"week": row["week"], "units": 0.0})
        there["units"] = there["units"] + np.asarray(row["units"], dtype=np.float64)
    for week, row in found.items():
        address = total("draws", "units", where | {"week": week}).address
        row["level"] = {level: float(np.quantile(row["units"], level)) for level in _levels()}
        row["origin"] = {level: Origin("quantile", f"{level}:{address}") for level in _levels()}
    return list(found.values())


def _levels() -> list[float]:
    return [0.5, *(level for pair in BANDS.values() for level in pair)]


def quantile(level: float) -> str:
    """Return the column of ``forecast`` that holds a level."""
    name = f"q{round(level * 1000):03d}"
    return QUANTILES[QUANTILES.index(name)]


def _promoted(book: Book, product: str, weeks: set[date]) -> dict[date, float]:
    """Return the largest share of sales promoted in any region, by week, where it counts as promoted."""
    part = book.part("promotions", {"product": product, "week": sorted(weeks)})
    if part is None:
        return {}
    share = pc.max_element_wise(part["display"], part["mailer"], part["front"])
    most: dict[date, float] = {}
    for week, value in zip(part["week"].to_pylist(), share.to_pylist(), strict=True):
        if value is not None and value >= PROMOTED:
            most[week] = max(value, most.get(week, 0.0))
    return dict(sorted(most.items()))


def _week(
    book: Book, words: Words, numbers: Numbers, where: dict[str, Any], row: Row, promoted: dict[date, float]
) -> dict[str, Any]:
    week, product = row["week"], where["product"]
    summed = where | {"week": week}
    plan = book.rows("plans", book.now("plans") | {"limits": "real", "product": product, "week": week})
    mean = book.sums("forecast", "week", "mean", summed)[week]
    return {
        "week": words.brief(week),
        "mean": numbers.units(mean, total("forecast", "mean", summed)),
        "median": numbers.units(row["level"][0.5], row["origin"][0.5]),
        "low": numbers.units(row["level"][0.1], row["origin"][0.1]),
        "high": numbers.units(row["level"][0.9], row["origin"][0.9]),
        "planned": numbers.units(plan[0]["units"], cell("plans", "units", plan[0])) if plan else numbers.units(None),
        "promoted": numbers.share(promoted[week], decimals=0) if week in promoted else Markup(""),
    }


def _spec(
    words: Words, numbers: Numbers, history: list[tuple[date, float]], weeks: list[Row], promoted: dict[date, float]
) -> dict[str, Any]:
    past = [
        {"week": week.isoformat(), "label": words.brief(week), "units": units, "shown": str(numbers.units(units))}
        for week, units in history
    ]
    ahead = []
    for row in weeks:
        level = row["level"]
        drawn = {"week": row["week"].isoformat(), "label": words.brief(row["week"]), "median": round(level[0.5], 2)}
        for width, (low, high) in BANDS.items():
            drawn |= {f"low{width}": round(level[low], 2), f"high{width}": round(level[high], 2)}
        drawn["shown"] = f"{numbers.units(level[0.5])} [{numbers.units(level[0.1])}, {numbers.units(level[0.9])}]"
        ahead.append(drawn)
    marks = [
        {"week": week.isoformat(), "label": words.brief(week), "share": share, "shown": str(numbers.share(share, decimals=0))}
        for week, share in promoted.items()
    ]
    said = {key: words.text(f"forecast.{key}") for key in ("history", "expected", "promotion")}
    return charts.forecast(past, ahead, marks, words=said | {"date": words.text("dates.axis")})


def _score(row: Row, numbers: Numbers) -> dict[str, Any]:
    return (
        {
            "model": row["model"],
            "information": row["information"],
            "cells": numbers.whole(row["cells"], cell("scores", "cells", row)),
        }
        | {name: numbers.score(row[name], cell("scores", name, row), decimals=digits) for name, digits in MEASURES.items()}
        | {name: numbers.share(row[name], cell("scores", name, row)) for name in SHARES}
    )
