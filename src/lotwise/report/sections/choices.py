"""What is chosen of products with options, and which components that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import cell, total
from lotwise.report.sections import bands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_PRODUCTS = 3
MOST_COMPONENTS = 10
NOT_CHOSEN = "(none)"


def options(book: Book, words: Words, numbers: Numbers, ranked: Sequence[str]) -> dict[str, Any]:
    """Return the take rates of the first products with options in the first week ahead.

    Parameters
    ----------
    book, words, numbers
        Of the report.
    ranked
        Products, those with the largest revenue first.
    """
    now = book.now("option_demand")
    weeks = book.values("option_demand", "week", now)
    if not weeks:
        return {"options": []}
    where = now | {"week": weeks[0]}
    configured = set(book.values("option_demand", "product", where))
    shown = [product for product in ranked if product in configured][:MOST_PRODUCTS]
    return {
        "options": [
            {"name": book.called(product), "values": _values(book, words, numbers, where | {"product": product})}
            for product in shown
        ],
        "option_week": words.brief(weeks[0]),
    }


def _values(book: Book, words: Words, numbers: Numbers, where: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each value of each option, the most chosen first: one line where all regions have the same take rate."""
    order = [("option", "ascending"), ("take_rate", "descending"), ("value", "ascending"), ("region", "ascending")]
    found: dict[tuple[str, str], list[Row]] = {}
    for row in book.rows("option_demand", where, order=order):
        found.setdefault((row["option"], row["value"]), []).append(row)
    lines = []
    for (option, value), rows in found.items():
        one = where | {"option": option, "value": value}
        if len({row["take_rate"] for row in rows}) == 1:
            units = numbers.units(sum(row["mean"] for row in rows), total("option_demand", "mean", one))
            lines.append(_value(rows[0], words, numbers) | {"units": units})
        else:
            lines += [_value(row, words, numbers) | {"region": row["region"]} for row in rows]
    return lines


def _value(row: Row, words: Words, numbers: Numbers) -> dict[str, Any]:
    shares = {"rate": "take_rate", "low": "take_rate_low", "high": "take_rate_high"}
    return {
        "option": row["option"],
        "value": words("forecast.not_chosen") if row["value"] == NOT_CHOSEN else row["value"],
        "region": "",
        "units": numbers.units(row["mean"], cell("option_demand", "mean", row)),
    } | {name: numbers.share(row[column], cell("option_demand", column, row), decimals=0) for name, column in shares.items()}


def components(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the components the first week ahead takes most of."""
    now = book.now("component_demand")
    weeks = book.values("component_demand", "week", now)
    if not weeks:
        return {"components": []}
    where = now | {"week": weeks[0]}
    rows = book.rows("component_demand", where, order=[("mean", "descending"), ("component", "ascending")])
    units = {row["material"]: row["unit"] for row in book.rows("materials")}
    return {
        "components": [_component(row, book, numbers, units) for row in rows[:MOST_COMPONENTS]],
        "components_all": numbers.whole(len(rows)),
        "components_cut": len(rows) > MOST_COMPONENTS,
        "component_week": words.brief(weeks[0]),
    }


def _component(row: Row, book: Book, numbers: Numbers, units: dict[str, str | None]) -> dict[str, Any]:
    levels = bands.told(row, "component_demand")
    low, high = bands.BANDS["90"]
    return {
        "name": book.called(row["component"]),
        "unit": units.get(row["component"]) or "",
        "mean": numbers.units(row["mean"], cell("component_demand", "mean", row)),
        "low": numbers.units(levels["at"][low], levels["origin"][low]),
        "high": numbers.units(levels["at"][high], levels["origin"][high]),
    }
