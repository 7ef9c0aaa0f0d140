"""What a row of frePPLe's says where it says nothing, when it holds, and which of several is preferred."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lotwise.collect.frepple.schema import Row

MOST_SHOWN = 20
HOUR = 3600.0
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


def preferred_rows(rows: list[Row], today: date) -> set[int]:
    """Return the rows that hold today and that no alternate (same operation, same name) is preferred to."""
    best: dict[object, Row] = {}
    for row in sorted(rows, key=rank):
        if holds(row, today):
            best.setdefault((row["operation"], row["name"]) if row["name"] else id(row), row)
    return {id(row) for row in best.values()}


def some(names: Iterable[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    told = list(dict.fromkeys(names))
    return ", ".join(told[:MOST_SHOWN]) + (f" and {len(told) - MOST_SHOWN} more" if len(told) > MOST_SHOWN else "")
