"""Bands of demand, of weeks to come and of settled ones: quantiles of a forecast, or of its draws summed over regions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.report.numbers import Origin, cell, total
from lotwise.tables.forecasted import QUANTILES

if TYPE_CHECKING:
    from datetime import date

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

BANDS = {"90": (0.05, 0.95), "50": (0.25, 0.75)}
SHOWN = (0.5, *(level for pair in BANDS.values() for level in pair))
HALF = timedelta(days=3)
"""How far a band reaches to either side of its Monday, so that a single week has a width."""


def column(level: float) -> str:
    """Return the column of ``forecast`` that holds a level."""
    return QUANTILES[QUANTILES.index(f"q{round(level * 1000):03d}")]


def of_product(book: Book, product: str) -> list[Row]:
    """Return what was known now of one product at every cutoff: its own quantiles in one region, summed draws in several.

    Each row has ``cutoff``, ``week``, ``mean``, and by level ``at``, its quantile, and ``origin``.
    """
    where = {"information": "now", "product": product}
    rows = book.rows("forecast", where, order=[("cutoff", "ascending"), ("week", "ascending"), ("region", "ascending")])
    if len({row["region"] for row in rows}) <= 1:
        return [told(row, "forecast") for row in rows]
    means: dict[tuple[date, date], float] = {}
    for row in rows:
        means[row["cutoff"], row["week"]] = means.get((row["cutoff"], row["week"]), 0.0) + row["mean"]
    units: dict[tuple[date, date], Any] = {}
    for row in book.rows("draws", where, order=[("cutoff", "ascending"), ("week", "ascending"), ("region", "ascending")]):
        key = row["cutoff"], row["week"]
        units[key] = units.get(key, 0.0) + np.asarray(row["units"], dtype=np.float64)
    return [_summed(where, cutoff, week, drawn, means[cutoff, week]) for (cutoff, week), drawn in units.items()]


def told(row: Row, table: str) -> Row:
    """Return a row of quantiles with its levels and where each comes from."""
    levels = {level: row[column(level)] for level in SHOWN}
    return row | {"at": levels, "origin": {level: cell(table, column(level), row) for level in SHOWN}}


def _summed(where: dict[str, Any], cutoff: date, week: date, units: np.ndarray, mean: float) -> Row:
    address = total("draws", "units", where | {"cutoff": cutoff, "week": week}).address
    levels = dict(zip(SHOWN, np.quantile(units, SHOWN).tolist(), strict=True))
    origin = {level: Origin("quantile", f"{level}:{address}") for level in SHOWN}
    return {"cutoff": cutoff, "week": week, "mean": mean, "at": levels, "origin": origin}


def areas(rows: list[Row]) -> list[Row]:
    """Return the outline of each cutoff's bands, from half a week before its first week to half a week after its last."""
    by_cutoff: dict[date, list[Row]] = {}
    for row in rows:
        by_cutoff.setdefault(row["cutoff"], []).append(row)
    outline = []
    for place, window in enumerate(by_cutoff.values()):
        days = [row["week"] for row in window]
        ends = [(days[0] - HALF, window[0]), *zip(days, window, strict=True), (days[-1] + HALF, window[-1])]
        for day, row in ends:
            drawn = {"week": day.isoformat(), "window": place}
            for width, (low, high) in BANDS.items():
                drawn |= {f"low{width}": _short(row["at"][low]), f"high{width}": _short(row["at"][high])}
            outline.append(drawn)
    return outline


def points(rows: list[Row], words: Words, numbers: Numbers) -> list[Row]:
    """Return the median of each week, with its 90 % band as text."""
    return [
        {
            "week": row["week"].isoformat(),
            "label": words.brief(row["week"]),
            "median": _short(row["at"][0.5]),
            "shown": spelled(row, numbers),
        }
        for row in rows
    ]


def settled(rows: list[Row], came: dict[date, float], words: Words, numbers: Numbers) -> list[Row]:
    """Return what came in each week, with what had been foreseen, and whether it lay outside the 90 % band."""
    return [
        {
            "week": row["week"].isoformat(),
            "label": words.brief(row["week"]),
            "units": came[row["week"]],
            "shown": str(numbers.units(came[row["week"]])),
            "foreseen": spelled(row, numbers),
            "outside": not is_inside(row, came[row["week"]]),
        }
        for row in rows
    ]


def is_inside(row: Row, came: float) -> bool:
    """Whether what came lies in the 90 % band."""
    low, high = (row["at"][level] for level in BANDS["90"])
    return bool(low <= came <= high)


def spelled(row: Row, numbers: Numbers) -> str:
    """Return a median with its 90 % band."""
    low, high = (numbers.units(row["at"][level]) for level in BANDS["90"])
    return f"{numbers.units(row['at'][0.5])} [{low}, {high}]"


def _short(value: float) -> float:
    return round(value, 1)
