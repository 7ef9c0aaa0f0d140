"""When an order or a lot is made, on which machines, what it waited for and what would help, from published tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from lotwise.console.schedules import units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    import pyarrow as pa

READS = ("jobs", "lateness", "order_ends", "pegging")
"""Tables that are read where they exist."""
DEEP, PARTS, LOTS = 6, 4, 8
"""Levels of lots that go into one another, parts of a lot and lots that are told."""
Row = dict[str, Any]


def order_times(tables: Mapping[str, pa.Table], subject: str) -> list[str]:
    """Return what the schedule says of an order or a lot, one sentence a line; none where it does not hold it.

    Parameters
    ----------
    tables
        Published tables by name, those of ``READS`` that exist.
    subject
        An order (``NUMBER`` or ``NUMBER/LINE``) or a lot.
    """
    if "jobs" not in tables:
        return []
    known = set(tables["jobs"]["lot"].to_pylist())
    lots = _lots(tables, subject, known)
    lines = [row for row in _rows(tables, "order_ends") if subject in {row["order"], f"{row['order']}/{row['line']}"}]
    said = [_line(row) for row in lines]
    last = {row["lot"]: row["part"] for row in lines}
    for lot in lots[:LOTS]:
        said += _lot(tables, lot, last.get(lot))
    if len(lots) > LOTS:
        said.append(f"{len(lots) - LOTS} more lots go into it: lotwise show pegging")
    return said


def _lots(tables: Mapping[str, pa.Table], subject: str, known: set[str]) -> list[str]:
    """Return the scheduled lots that serve an order, then those that go into them; or the lot itself."""
    first = [subject] if subject in known else []
    rows = _rows(tables, "pegging")
    served: dict[str, list[str]] = {}
    for row in rows:
        served.setdefault(row["demand"], []).append(row["supply"])
        if _is_of(row["demand"], subject):
            first.append(row["supply"])
    found, level = list(dict.fromkeys(first)), first
    for _ in range(DEEP):
        level = [lot for one in level for lot in served.get(one, ()) if lot not in found]
        if not level:
            break
        found += dict.fromkeys(level)
    return [lot for lot in found if lot in known]


def _is_of(demand: str, subject: str) -> bool:
    """Whether a demand of ``pegging`` is an order, or a line of it."""
    number = demand.removeprefix("order ")
    return number != demand and subject in {number, number.rpartition("/")[0]}


def _line(row: Row) -> str:
    part = "" if row["part"] == 1 else f" part {row['part']}"
    late = f"{row['late_days']:,.1f} days after it is due ({row['due']})" if row["late_days"] else f"in time ({row['due']})"
    ready = f"The schedule has {row['order']}/{row['line']} ready at {_clock(row['ends'])}, {late}"
    return f"{ready}; the last lot it waits for is {row['lot']}{part}."


def _lot(tables: Mapping[str, pa.Table], lot: str, last: int | None) -> Iterator[str]:
    """Yield when each part of a lot is made, and why it is late; only the part an order waits for last, where that is known."""
    jobs = tables["jobs"]
    parts: dict[int, list[Row]] = {}
    for row in jobs.filter(pc.equal(jobs["lot"], lot)).sort_by([("part", "ascending"), ("step", "ascending")]).to_pylist():
        parts.setdefault(row["part"], []).append(row)
    late = {row["part"]: row for row in _rows(tables, "lateness") if row["lot"] == lot}
    dearest = sorted(parts, key=lambda part: (-(late[part]["money"] if part in late else 0.0), part))
    shown = [last] if last in parts else dearest[:PARTS]
    for part in sorted(shown):
        yield from _part(lot, parts[part], late.get(part), of=len(parts))
    if len(parts) > len(shown):
        yield f"  {len(parts) - len(shown)} more parts of {lot}: lotwise dispatch {lot}"


def _part(lot: str, rows: list[Row], late: Row | None, *, of: int) -> Iterator[str]:
    name = lot if of == 1 else f"{lot} part {rows[0]['part']}"
    steps = "; ".join(f"{row['machine']} {_clock(row['starts'])} to {_clock(row['ends'])}" for row in rows)
    yield f"Lot {name}, {units(rows[-1]['units'])} of {rows[-1]['item']}: {steps}."
    if late is None:
        return
    due = "is due at no day" if late["due"] is None else f"is due {_clock(late['due'])}"
    if late["late_hours"] <= 0:
        yield f"  It {due} and ends {_clock(late['ends'])}: in time."
    else:
        yield f"  It {due} and ends {_clock(late['ends'])}: {late['late_hours']:,.1f} hours late: {late['money']:,.2f}."
    if late["waited_for"] and late["waited_hours"] > 0:
        yield f"  It waited longest for {late['waited_for']}: {late['waited_hours']:,.1f} hours."
    if late["reason"]:
        yield f"  {late['reason']}"
    if late["remedy"]:
        yield f"  {late['remedy']}"


def _rows(tables: Mapping[str, pa.Table], name: str) -> list[Row]:
    return tables[name].to_pylist() if name in tables else []


def _clock(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"
