"""Bills on one day: of lines that differ in their dates or stand in for each other, those that count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from datetime import date


def in_force(bom: pa.Table, day: date | None = None) -> pa.Table:
    """Return the lines of ``bom`` that count where each item is made in one way only, what is lost added to their quantity.

    A line counts on the days from ``starts`` to ``ends``, both included. Of lines that stand in for each other (the same
    item, condition and ``alternate``) the first by version and component counts. A quantity q of which the share s is
    lost on the way in is taken as q / (1 - s).

    Parameters
    ----------
    bom
        The table ``bom``; columns that a source need not have may be absent.
    day
        The day asked for; none: dates do not count.
    """
    plain = {"version", "scrap", "alternate", "starts", "ends"}.isdisjoint(bom.column_names)
    rows = [] if plain else bom.to_pylist()
    if not any(_is_special(row) for row in rows):
        return bom
    kept = {number for number, row in enumerate(rows) if day is None or _holds(row, day)}
    first: dict[tuple[object, ...], int] = {}
    for number in sorted(kept, key=lambda number: (rows[number].get("version") or "", rows[number]["component"])):
        row = rows[number]
        own = row.get("alternate")
        first.setdefault((row["item"], row.get("option"), row.get("value"), own) if own else (number,), number)
    chosen = [rows[number] for number in sorted(first.values())]
    lossy = [row | {"quantity": row["quantity"] / (1 - (row.get("scrap") or 0.0))} for row in chosen]
    return pa.Table.from_pylist(lossy, schema=bom.schema)


def _is_special(row: dict[str, object]) -> bool:
    return any(row.get(name) for name in ("scrap", "alternate", "starts", "ends"))


def _holds(row: dict[str, date | None], day: date) -> bool:
    starts, ends = row.get("starts"), row.get("ends")
    return (starts is None or starts <= day) and (ends is None or day <= ends)
