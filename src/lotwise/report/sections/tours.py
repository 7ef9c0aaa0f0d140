"""Tours that bring what is finished: their ways on a plane, what each comes to, its stops, and what stays behind."""

from __future__ import annotations

from math import cos, radians
from typing import TYPE_CHECKING, Any

from lotwise.report import gantt
from lotwise.report.charts import Chart
from lotwise.report.gantt import PALETTE
from lotwise.report.numbers import cell, count, largest, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_DRAWN, MOST, MOST_LEFT = len(PALETTE), 30, 20
"""Tours drawn, tours listed, and orders listed that no tour brings."""
DEGREE = 111.195
"""Kilometers of one degree of a great circle."""


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the tours, the first days first, each with its stops."""
    stops: dict[tuple[Any, str], list[Row]] = {}
    for row in book.rows("tours", order=[("day", "ascending"), ("tour", "ascending"), ("stop", "ascending")]):
        stops.setdefault((row["day"], row["tour"]), []).append(row)
    costs = book.rows("tour_costs", order=[("day", "ascending"), ("tour", "ascending")])
    like = largest(costs, "cost")
    left = book.rows("undelivered", order=[("ready", "ascending"), ("order", "ascending")])
    chart = _chart(book, words, dict(list(stops.items())[:MOST_DRAWN])) if stops else None
    return {
        "missing": [],
        "is_made": book.table("tours") is not None,
        "rows": [_tour(words, numbers, row, stops.get((row["day"], row["tour"]), []), like) for row in costs[:MOST]],
        "all": numbers.whole(len(costs), count("tour_costs", {})),
        "is_cut": len(costs) > MOST,
        "cost": numbers.money(sum(row["cost"] for row in costs), total("tour_costs", "cost", {}), bare=False),
        "kilometers": numbers.units(sum(row["kilometers"] for row in costs), total("tour_costs", "kilometers", {})),
        "orders": numbers.whole(sum(row["orders"] for row in costs), total("tour_costs", "orders", {})),
        "drawn": numbers.whole(min(len(stops), MOST_DRAWN)),
        "is_cut_drawn": len(stops) > MOST_DRAWN,
        "left": [_left(words, numbers, row) for row in left[:MOST_LEFT]],
        "all_left": numbers.whole(len(left), count("undelivered", {})),
        "is_cut_left": len(left) > MOST_LEFT,
        "charts": {chart.name: chart} if chart else {},
    }


def _tour(words: Words, numbers: Numbers, row: Row, stops: Sequence[Row], like: float) -> dict[str, Any]:
    whole = ("stops", "orders", "units", "kilometers", "hours")
    used = None if not row["capacity"] else row["units"] / row["capacity"]
    return {name: numbers.units(row[name], cell("tour_costs", name, row)) for name in whole} | {
        "name": row["tour"],
        "day": words.brief(row["day"]),
        "vehicle": row["vehicle"],
        "full": numbers.share(used, decimals=0),
        "cost": numbers.money(row["cost"], cell("tour_costs", "cost", row), like=like),
        "way": [
            {
                "place": stop["place"],
                "arrives": f"{stop['arrives']:%H:%M}",
                "leaves": f"{stop['leaves']:%H:%M}",
                "orders": stop["orders"],
            }
            | {name: numbers.units(stop[name], cell("tours", name, stop)) for name in ("units", "waits", "kilometers")}
            for stop in stops
        ],
    }


def _left(words: Words, numbers: Numbers, row: Row) -> dict[str, Any]:
    return {
        "order": row["order"],
        "place": row["place"],
        "units": numbers.units(row["units"], cell("undelivered", "units", row)),
        "ready": words.brief(row["ready"]),
        "reason": words.phrase(row["reason"]),
    }


def _chart(book: Book, words: Words, tours: dict[tuple[Any, str], list[Row]]) -> Chart:
    stops = [row for rows in tours.values() for row in rows]
    several = len({day for day, _ in tours}) > 1
    names = {key: f"{key[1]} · {words.brief(key[0])}" if several else key[1] for key in tours}
    flat = book.settings.deliver.plane
    drawn = [
        {
            "tour": names[key], "stop": row["stop"], "x": x, "y": y, "place": row["place"], "orders": row["orders"],
            "times": f"{row['arrives']:%H:%M} – {row['leaves']:%H:%M}", "units": f"{row['units']:,.0f}",
            "depot": row["stop"] in (0, len(rows) - 1),
        }
        for key, rows in tours.items()
        for row, (x, y) in zip(rows, on_plane(rows, stops, flat=flat), strict=True)
    ]  # fmt: skip
    colors = {name: f"var(--{color})" for name, color in zip(names.values(), PALETTE, strict=False)}
    titles = {key: words.text(f"tours.{key}") for key in ("east", "north", "tour", "times", "orders", "units")}
    label = words.text("tours.label", tours=len(tours), stops=len(stops) - 2 * len(tours))
    return Chart("tours", gantt.tours(drawn, colors, words=titles, flat=flat), label)


def on_plane(rows: Sequence[Row], every: Sequence[Row], *, flat: bool) -> list[tuple[float, float]]:
    """Return x and y of each stop: as given on a plane, else kilometers east and north of the middle of all stops."""
    if flat:
        return [(row["longitude"], row["latitude"]) for row in rows]
    south, west = (
        sum((min(found), max(found))) / 2 for found in ([row["latitude"] for row in every], [row["longitude"] for row in every])
    )
    wide = DEGREE * cos(radians(south))
    return [(round(wide * (row["longitude"] - west), 3), round(DEGREE * (row["latitude"] - south), 3)) for row in rows]
