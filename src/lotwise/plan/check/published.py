"""Rows of published tables, and the amounts in them that cannot be negative."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lotwise.plan.check.breach import AGAIN, broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    import pyarrow as pa

    from lotwise.plan.check.breach import Breach

    Row = dict[str, Any]
    Contents = dict[str, float]

AMOUNTS = {
    "plans": ("units", "demand", "sold", "lost", "left"),
    "purchases": ("units", "cost"),
    "projection": ("received", "used", "scrapped"),
    "prices": ("used", "overtime", "price"),
    "uses": ("quantity",),
    "money": ("made", "demand", "sold", "lost", "left"),
    "lots": ("started", "units"),
    "shipments": ("units", "cost"),
    "loads": ("hours", "shifts", "run", "setup", "overtime", "most_overtime"),
    "deliveries": ("units", "late_weeks", "late_units", "money"),
    "pegging": ("units",),
    "exceptions": ("money",),
}


ABOVE_STANDARD = ("component", "material", "demand")
NAMES = ("lot", "product", "item", "material", "resource", "machine", "supply", "subject")


def rows_of(tables: Mapping[str, pa.Table], name: str, *columns: str) -> list[Row]:
    """Return the rows of a table, none where there is no such table."""
    if name not in tables:
        return []
    table = tables[name]
    found: list[Row] = (table.select(list(columns)) if columns else table).to_pylist()
    return found


def holds(row: Row, day: date) -> bool:
    """Return whether a row with ``starts`` and ``ends`` holds on a day."""
    starts, ends = row.get("starts"), row.get("ends")
    return (starts is None or starts <= day) and (ends is None or day <= ends)


def counted(tables: Mapping[str, pa.Table]) -> dict[str, float]:
    """Return the units of each item on the latest day anybody counted it, all regions together."""
    latest: dict[str, date] = {}
    rows = rows_of(tables, "stock", "item", "day", "units")
    for row in rows:
        latest[row["item"]] = max(latest.get(row["item"], row["day"]), row["day"])
    units = dict.fromkeys(latest, 0.0)
    for row in rows:
        if row["day"] == latest[row["item"]]:
            units[row["item"]] += row["units"]
    return units


def amounts(tables: Mapping[str, pa.Table]) -> Iterator[Breach]:
    """Yield numbers of units, hours, quantities and cost that are below 0 or no numbers.

    Over a network an item's price is money above its standard cost, and may be below 0.
    """
    for name, columns in AMOUNTS.items():
        for number, row in enumerate(rows_of(tables, name), start=1):
            for column in columns:
                value = math.nan if row[column] is None else row[column]
                low = -math.inf if column == "price" and "lots" in tables and row["kind"] in ABOVE_STANDARD else 0
                if not low <= value < math.inf:
                    subject = next(str(row[key]) for key in NAMES if key in row)
                    at = ("not negative", subject, row.get("week"))
                    yield broken(at, (value, "at least", 0.0), f"table '{name}', row {number}, column '{column}'", AGAIN)
