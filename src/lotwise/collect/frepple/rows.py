"""What a row of frePPLe's says where it says nothing, when it holds, and which of several is preferred."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lotwise.collect.frepple.schema import Row

MOST_SHOWN = 20
HOUR = 3600.0
WEEK_SECONDS = 604_800.0
EVER, NEVER = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001  frePPLe's moments have no zone


def or_(value: Any, default: Any) -> Any:  # noqa: ANN401  JSON holds anything
    """Return a value, or the default where there is none."""
    return default if value is None else value


def rank(row: Row) -> tuple[bool, float, str]:
    """Return the key of preference: the lowest priority number, and last what has 0, which frePPLe never plans on its own."""
    priority = or_(row["priority"], 1.0)
    return priority == 0, priority, row.get("name") or ""


def holds(row: Row, today: date) -> bool:
    """Return whether a row is in effect today."""
    return (row["effective_start"] or EVER).date() <= today < (row["effective_end"] or NEVER).date()


def dates(row: Row, today: date) -> tuple[date | None, date | None]:
    """Return the first and the last day on which a row holds; none where that is before today, or never."""
    starts, ends = row["effective_start"], row["effective_end"]
    first = starts.date() if starts is not None and starts.date() > today else None
    return first, ends.date() - timedelta(days=1) if ends is not None and ends < NEVER else None


def preferred_rows(rows: list[Row], today: date) -> set[int]:
    """Return the rows that hold today and that no alternate (same operation, same name) is preferred to."""
    best: dict[object, Row] = {}
    for row in sorted(rows, key=rank):
        if holds(row, today):
            best.setdefault((row["operation"], row["name"]) if row["name"] else id(row), row)
    return {id(row) for row in best.values()}


def nearest_weeks(seconds: float) -> int:
    """Return the whole weeks nearest to a time; half a week counts as one."""
    return math.floor(seconds / WEEK_SECONDS + 0.5)


def above_one(size: float | None) -> float | None:
    """Return the size of a lot or an order; none where it is 1, frePPLe's default, or less."""
    return size if size is not None and size > 1 else None


def inside(item: str | None, items: dict[str, Row]) -> list[str]:
    """Return an item and the groups it is in, the nearest first."""
    found: list[str] = []
    while item and item not in found:
        found.append(item)
        item = items.get(item, {}).get("owner")
    return found


def some(names: Iterable[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    told = list(dict.fromkeys(names))
    return ", ".join(told[:MOST_SHOWN]) + (f" and {len(told) - MOST_SHOWN} more" if len(told) > MOST_SHOWN else "")
