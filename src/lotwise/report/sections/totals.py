"""All products together: history, what had been foreseen of the total, what may come, and the same by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import cell
from lotwise.report.sections import bands
from lotwise.report.sections.products import MOST_WEEKS, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

LEVELS = ("department", "category", "region")
MOST_GROUPS = 8
TALL = 210


def context(book: Book, words: Words, numbers: Numbers, products: Sequence[str]) -> dict[str, Any] | None:
    """Return the drawing and the figures of the total, nothing where the table does not exist.

    Parameters
    ----------
    book, words, numbers
        Of the report.
    products
        The products that are forecast; history is theirs.
    """
    order = [("cutoff", "ascending"), ("week", "ascending")]
    rows = [
        bands.told(row, "forecast_totals")
        for row in book.rows("forecast_totals", {"level": "total", "information": "now"}, order=order)
    ]
    if not rows:
        return None
    came = dict(sorted(book.sums("demand", "week", "units", {"product": list(products)}).items())[-MOST_WEEKS:])
    cutoff = max(row["cutoff"] for row in rows)
    ahead = [row for row in rows if row["cutoff"] == cutoff]
    past = [row for row in rows if row["cutoff"] < cutoff and row["week"] in came]
    inside = sum(bands.is_inside(row, came[row["week"]]) for row in past)
    weeks = [_line(row, numbers) | {"week": words.brief(row["week"])} for row in ahead]
    drawn = {
        "history": [
            {"week": week.isoformat(), "label": words.brief(week), "units": units, "shown": str(numbers.units(units))}
            for week, units in came.items()
        ],
        "bands": {"past": bands.areas(past), "ahead": bands.areas(ahead)},
        "ahead": bands.points(ahead, words, numbers),
        "settled": bands.settled(past, came, words, numbers),
        "promotions": [],
        "days": [],
    }
    lines = [words.text("forecast.point", **{key: line[key] for key in ("week", "median", "low", "high")}) for line in weeks]
    label = words.text(
        "forecast.label",
        name=words.text("forecast.total"),
        day=words.day(cutoff),
        lines=words.text("headline.join").join(lines),
    )
    return {
        "products": numbers.whole(len(products)),
        "inside": numbers.whole(inside),
        "settled": numbers.whole(len(past)) if past else None,
        "weeks": weeks,
        "week": words.brief(ahead[0]["week"]),
        "groups": _groups(book, words, numbers, ahead[0]),
        "chart": Chart("forecast-total", charts.forecast(drawn, words=said(words), height=TALL), label),
    }


def _line(row: Row, numbers: Numbers) -> dict[str, Any]:
    low, high = bands.BANDS["90"]
    return {
        "mean": numbers.units(row["mean"], cell("forecast_totals", "mean", row)),
        "median": numbers.units(row["at"][0.5], row["origin"][0.5]),
        "low": numbers.units(row["at"][low], row["origin"][low]),
        "high": numbers.units(row["at"][high], row["origin"][high]),
    }


def _groups(book: Book, words: Words, numbers: Numbers, first: Row) -> list[dict[str, Any]]:
    """Return the largest groups of each level in the first week ahead; a level of one group says nothing new."""
    found = []
    for level in LEVELS:
        where = {name: first[name] for name in ("information", "cutoff", "week")} | {"level": level}
        rows = book.rows("forecast_totals", where, order=[("mean", "descending"), ("group", "ascending")])
        if len(rows) > 1:
            named = {"level": words(f"forecast.level_{level}")}
            found += [
                named | {"group": row["group"]} | _line(bands.told(row, "forecast_totals"), numbers)
                for row in rows[:MOST_GROUPS]
            ]
    return found
