"""One product's card: what was asked for, what had been foreseen, what may come, what marks its weeks, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
from markupsafe import Markup

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import cell, spell, total
from lotwise.report.sections import bands
from lotwise.tables.forecasted import BASE
from lotwise.tables.weeks import monday

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_WEEKS = 44
PROMOTED = 0.1
"""A week counts as promoted from this share of sales, or this discount, on."""
OWN = {"usual level": "usual", BASE: "base", "after the model": "after"}
"""Rows of ``reasons`` that are no source -> their word."""


def card(book: Book, words: Words, numbers: Numbers, product: str, rows: list[Row]) -> dict[str, Any]:
    """Return what a product's card shows.

    Parameters
    ----------
    book, words, numbers
        Of the report.
    product
        Its code.
    rows
        What was known at each cutoff; see ``bands.of_product``.
    """
    history = dict(sorted(book.sums("demand", "week", "units", {"product": product}).items())[-MOST_WEEKS:])
    cutoff = max(row["cutoff"] for row in rows)
    ahead = [row for row in rows if row["cutoff"] == cutoff]
    past = [row for row in rows if row["cutoff"] < cutoff and row["week"] in history]
    weeks = {*history, *(row["week"] for row in ahead)}
    promoted = _promoted(book, product, weeks)
    where = {"information": "now", "cutoff": cutoff, "product": product}
    money = numbers.money(
        book.sums("demand", "product", "revenue", {"product": product})[product],
        total("demand", "revenue", {"product": product}),
        bare=False,
    )
    return {
        "name": book.called(product),
        "plain": book.name(product),
        "code": product,
        "cutoff": cutoff,
        "revenue": words("forecast.revenue", money=money),
        "weeks": [_week(book, words, numbers, where, row, promoted) for row in ahead],
        "has_promotions": any(row["week"] in promoted for row in ahead),
        "history": _history(history, words, numbers),
        "bands": {"past": bands.areas(past), "ahead": bands.areas(ahead)},
        "ahead": bands.points(ahead, words, numbers),
        "settled": bands.settled(past, history, words, numbers),
        "promotions": [_mark(words, week, " · ".join(_promotion(*values))) for week, values in promoted.items()],
        "days": [_mark(words, week, names) for week, names in _days(book, weeks).items()],
        "reasons": _reasons(book, words, numbers, product, min(row["week"] for row in ahead)),
    }


def chart(name: str, card: dict[str, Any], words: Words) -> Chart:
    """Return the drawing of a card."""
    lines = [
        words.text("forecast.point", **{key: line[key] for key in ("week", "median", "low", "high")}) for line in card["weeks"]
    ]
    label = words.text(
        "forecast.label",
        name=card["plain"],
        day=words.day(card["cutoff"]),
        lines=words.text("headline.join").join(lines),
    )
    return Chart(name, charts.forecast(card, words=said(words)), label)


def said(words: Words) -> dict[str, str]:
    """Return the words of a drawing of bands."""
    keys = ("history", "expected", "foreseen", "promotion", "special")
    return {key: words.text(f"forecast.{key}") for key in keys} | {"date": words.text("dates.axis")}


def _history(history: dict[date, float], words: Words, numbers: Numbers) -> list[Row]:
    return [
        {"week": week.isoformat(), "label": words.brief(week), "units": units, "shown": str(numbers.units(units))}
        for week, units in history.items()
    ]


def _mark(words: Words, week: date, shown: str) -> Row:
    return {"week": week.isoformat(), "label": words.brief(week), "shown": shown}


def _promoted(book: Book, product: str, weeks: Iterable[date]) -> dict[date, tuple[float, float]]:
    """Return the share of sales promoted and the discount, largest of any region, of the weeks that count as promoted."""
    part = book.part("promotions", {"product": product, "week": sorted(weeks)})
    if part is None:
        return {}
    shares = pc.max_element_wise(part["display"], part["mailer"], part["front"]).to_pylist()
    most: dict[date, tuple[float, float]] = {}
    for week, share, off in zip(part["week"].to_pylist(), shares, part["discount"].to_pylist(), strict=True):
        there = most.get(week, (0.0, 0.0))
        most[week] = max(share or 0.0, there[0]), max(off or 0.0, there[1])
    return {week: values for week, values in sorted(most.items()) if max(values) >= PROMOTED}


def _promotion(share: float, discount: float) -> list[str]:
    """Return the share promoted, and the discount after it."""
    told = [f"{spell(100 * share, 0)}\u00a0%"] if share >= PROMOTED else []
    return told + ([f"{spell(-100 * discount, 0)}\u00a0%"] if round(discount, 2) > 0 else [])


def _days(book: Book, weeks: set[date]) -> dict[date, str]:
    """Return the named days of the calendar, of any region, by week."""
    table = book.table("calendar")
    if table is None:
        return {}
    named: dict[date, dict[str, None]] = {}
    for row in table.select(["day", "name"]).sort_by("day").to_pylist():
        if row["name"] and monday(row["day"]) in weeks:
            named.setdefault(monday(row["day"]), {})[row["name"]] = None
    return {week: ", ".join(names) for week, names in named.items()}


def _week(
    book: Book, words: Words, numbers: Numbers, where: dict[str, Any], row: Row, promoted: dict[date, tuple[float, float]]
) -> dict[str, Any]:
    week, (low, high) = row["week"], bands.BANDS["90"]
    plan = book.rows("plans", book.now("plans") | {"limits": "real", "product": where["product"], "week": week})
    return {
        "week": words.brief(week),
        "mean": numbers.units(row["mean"], total("forecast", "mean", where | {"week": week})),
        "median": numbers.units(row["at"][0.5], row["origin"][0.5]),
        "low": numbers.units(row["at"][low], row["origin"][low]),
        "high": numbers.units(row["at"][high], row["origin"][high]),
        "planned": numbers.units(plan[0]["units"], cell("plans", "units", plan[0])) if plan else numbers.units(None),
        "promoted": _promotion(*promoted[week])[0] if week in promoted else "",
    }


def _reasons(book: Book, words: Words, numbers: Numbers, product: str, week: date) -> dict[str, Any] | None:
    """Return what the forecast of one week is made of, over all regions, its largest part last but for the sum."""
    where = {"product": product, "week": week}
    added = book.sums("reasons", "source", "units", where)
    if not added:
        return None
    strongest: dict[str, Row] = {}
    for row in book.rows("reasons", where):
        if row["feature"] and abs(row["feature_units"]) > abs(
            strongest.get(row["source"], {"feature_units": 0})["feature_units"]
        ):
            strongest[row["source"]] = row
    order = sorted(added, key=lambda source: (source != "usual level", -abs(added[source]), source))
    widest = max((abs(added[source]) for source in order[1:]), default=0.0) or 1.0
    return {
        "week": words.brief(week),
        "lines": [
            {
                "source": words(f"forecast.own_{OWN[source]}") if source in OWN else words.phrase(source),
                "units": numbers.units(added[source], total("reasons", "units", where | {"source": source})),
                "sign": "+" if added[source] > 0 and place else "",
                "width": round(50 * abs(added[source]) / widest, 1) if place else None,
                "is_less": added[source] < 0,
                "feature": _meaning(book, words, strongest.get(source)),
            }
            for place, source in enumerate(order)
        ],
    }


def _meaning(book: Book, words: Words, row: Row | None) -> Markup:
    """Return what the feature that moved the forecast most says, in words where they are known."""
    if row is None:
        return Markup("")
    known = book.rows("features", {"source": row["source"], "feature": row["feature"]})
    return words.phrase(known[0]["meaning"] if known else row["feature"])
