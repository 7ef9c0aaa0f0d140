"""The bars of the schedule's drawing: jobs, set-ups and closed time, few enough to move about smoothly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from lotwise.report.gantt import LATE, OTHER, PALETTE, SETUP

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from lotwise.report.book import Book, Row
    from lotwise.report.words import Words

HELD = ("running", "frozen")
DRAWN = 1_000
"""Bars drawn: of more the last days are left out."""
DAY, NIGHT, MOMENT = timedelta(days=1), time(), timedelta(microseconds=1)
FIELDS = {
    "name": "", "item": "", "times": "times", "units": "units", "setup": "setup", "batch": "batch", "status": "status",
    "due": "due", "overtime": "overtime", "before": "before",
}  # fmt: skip
"""Lines of a bar's tooltip, and the word before each."""


@dataclass(frozen=True)
class Bars:
    """What is drawn.

    Parameters
    ----------
    drawn
        As ``gantt.gantt`` takes it.
    rows
        The jobs drawn.
    late
        Orders drawn that are late.
    since, until
        From when to when.
    is_whole
        Whether every job of the machines drawn is drawn.
    """

    drawn: dict[str, Any]
    rows: list[Row]
    late: int
    since: datetime
    until: datetime
    is_whole: bool
    fields: dict[str, str] = field(default_factory=lambda: dict(FIELDS))


def drawn_bars(book: Book, words: Words, jobs: Sequence[Row], order: Sequence[str]) -> Bars:
    """Return the bars of some machines: all of them, or those of the first days where there are too many.

    Parameters
    ----------
    jobs
        All jobs; one at least.
    order
        The machines, in the order they are drawn in.
    """
    mine = sorted((row for row in jobs if row["machine"] in set(order)), key=lambda row: (row["starts"], row["machine"]))
    kept = mine[:DRAWN]
    if len(mine) > DRAWN:  # whole days, and never fewer than the first
        last = max(kept[-1]["starts"].date(), kept[0]["starts"].date() + DAY)
        kept = [row for row in kept if row["starts"].date() < last]
    since = min(row["setup_starts"] or row["starts"] for row in kept)
    until = max(row["ends"] for row in kept)
    known = {(row["lot"], row["part"]): row for row in book.rows("lateness")}
    late = {key for key, row in known.items() if row["late_hours"] > 0}
    colors = _colors(book, words, kept)
    drawn = {
        "jobs": [_bar(book, words, batch, known, colors) for batch in _batches(kept)],
        "setups": [_setup(words, row) for row in kept if row["setup_starts"] is not None],
        "closed": list(_closed(book, words, order, since, until)),
        "machines": list(order),
        "colors": colors,
        "span": [_iso(datetime.combine(since.date(), NIGHT)), _iso(datetime.combine((until - MOMENT).date(), NIGHT) + DAY)],
        "now": _iso(_now(book, since)),
        "fields": list(FIELDS),
    }
    told = len(late & {(row["lot"], row["part"]) for row in kept})
    return Bars(drawn, kept, told, since, until, len(kept) == len(mine))


def _now(book: Book, since: datetime) -> datetime:
    found = book.rows("schedules", {"schedule": "published"})
    return found[0]["starts"] if found else since


def _colors(book: Book, words: Words, rows: Sequence[Row]) -> dict[str, str]:
    """Return the legend: a color for each of the items most worked on, for all others, for what is late, for set-ups."""
    work: dict[str, float] = {}
    for row in rows:
        work[row["item"]] = work.get(row["item"], 0.0) + row["minutes"]
    items = sorted(work, key=lambda item: (-work[item], item))
    most = len(PALETTE) if len(items) <= len(PALETTE) else len(PALETTE) - 1
    colors = {book.name(item): f"var(--{color})" for item, color in zip(items[:most], PALETTE, strict=False)}
    if len(items) > most:
        colors[words.text("schedule.other")] = OTHER
    return colors | {words.text("schedule.late"): LATE, words.text("schedule.setup"): SETUP}


def _batches(rows: Iterable[Row]) -> list[list[Row]]:
    """Return the jobs that are done together, each lot alone where it shares no batch."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        key = (row["lot"], row["part"], row["step"]) if row["batch"] is None else (row["machine"], row["starts"], row["batch"])
        found.setdefault(key, []).append(row)
    return list(found.values())


def _bar(book: Book, words: Words, batch: Sequence[Row], known: dict[Any, Row], colors: dict[str, str]) -> dict[str, Any]:
    row = batch[0]
    orders = [known.get((one["lot"], one["part"])) for one in batch]
    late = max((order["late_hours"] for order in orders if order), default=0.0)
    item = book.name(row["item"])
    dues = [order["due"] for order in orders if order and order["due"]]
    due = words.minute(min(dues)) if dues else ""
    name = lot_of(row) if len(batch) == 1 else f"{row['lot']} +{len(batch) - 1}"
    moved = row["changed"] and row["before"] is not None and row["before"] != row["machine"]
    other = words.text("schedule.other")
    extra = sum(one["overtime_minutes"] for one in batch)
    return {
        "machine": row["machine"],
        "from": _iso(row["starts"]),
        "to": _iso(row["ends"]),
        "color": words.text("schedule.late") if late > 0 else item if item in colors else other,
        "held": row["status"] in HELD,
        "name": name,
        "item": f"{row['machine']} · {row['step']} · {item}",
        "times": f"{words.minute(row['starts'])} – {_end(words, row)}",
        "units": f"{sum(one['units'] for one in batch):,.0f}",
        "setup": setup_of(words, row),
        "batch": ", ".join(one["lot"] for one in batch) if len(batch) > 1 else "",
        "status": words.text(f"schedule.{row['status']}"),
        "due": f"{due} ({words.text('schedule.late_by', hours=f'{late:,.1f}')})" if late > 0 else due,
        "overtime": words.text("schedule.minutes", minutes=f"{extra:,.0f}") if extra else "",
        "before": row["before"] if moved else "",
    }


def lot_of(row: Row) -> str:
    """Return a lot, and which part of it where it is not the first."""
    return row["lot"] if row["part"] == 1 else f"{row['lot']} · {row['part']}"


def setup_of(words: Words, row: Row) -> str:
    """Return what a job's set-up changes and how long it takes; empty where none is needed."""
    if row["setup_starts"] is None:
        return ""
    old = row["from_state"] or words.text("schedule.unknown")
    return words.text("schedule.setup_is", old=old, new=row["to_state"] or "", minutes=f"{row['setup_minutes']:,.0f}")


def _end(words: Words, row: Row) -> str:
    return f"{row['ends']:%H:%M}" if row["ends"].date() == row["starts"].date() else words.minute(row["ends"])


def _setup(words: Words, row: Row) -> dict[str, Any]:
    return {
        "machine": row["machine"],
        "from": _iso(row["setup_starts"]),
        "to": _iso(row["starts"]),
        "shown": f"{words.text('schedule.setup')}: {setup_of(words, row)}",
    }


def _closed(book: Book, words: Words, order: Sequence[str], since: datetime, until: datetime) -> Iterable[dict[str, Any]]:
    """Yield the days without an open hour, days in a row as one, and what stands still by the table ``downtime``."""
    rows = book.rows("machine_days", {"machine": list(order)})
    group = {row["machine"]: row["group"] for row in rows}
    used = {(row["machine"], row["day"]) for row in rows if row["open"] + row["work"] + row["setup"] > 0}
    for machine in group:
        yield from _closed_days(words, machine, {day for name, day in used if name == machine}, since, until)
    for row in book.rows("downtime"):
        if row["ends"] <= since or row["starts"] >= until:
            continue
        said = words.text("schedule.down_is", reason=row["reason"] or words.text(f"schedule.{row['kind'] or 'down'}"))
        for machine in order:
            if row["machine"] in {machine, group.get(machine)}:
                yield {"machine": machine, "from": _iso(row["starts"]), "to": _iso(row["ends"]), "shown": said}


def _closed_days(words: Words, machine: str, used: set[date], since: datetime, until: datetime) -> Iterable[dict[str, Any]]:
    """Yield the days between two times that are not among those used."""
    day, begun = since.date(), None
    while day <= until.date() + DAY:
        is_closed = day not in used and datetime.combine(day, NIGHT) < until
        if is_closed and begun is None:
            begun = day
        if not is_closed and begun is not None:
            ends = {"from": _iso(datetime.combine(begun, NIGHT)), "to": _iso(datetime.combine(day, NIGHT))}
            yield {"machine": machine, "shown": words.text("schedule.closed")} | ends
            begun = None
        day += DAY


def _iso(when: datetime) -> str:
    """Return a time of the floor as if it were UTC, in which it is drawn."""
    return f"{when.isoformat(timespec='seconds')}Z"
