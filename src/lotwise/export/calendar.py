"""The schedule as an iCalendar file (RFC 5545) that a calendar program subscribes to or takes in: one event a job or batch.

Times are floating: they are the floor's own clock and stay what they are in whatever zone they are read. An event keeps its
UID when the schedule is made anew, so that a calendar moves it in place of adding another one.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from lotwise.errors import InputError, StoreError
from lotwise.export.dispatch import jobs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    import pyarrow as pa

ENDING = ".ics"
PRODUCT = "-//lotwise//schedule//EN"
OCTETS = 75
"""Most octets of a line without its end (RFC 5545, section 3.1)."""
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
"""How a text is written (section 3.3.11)."""
Row = dict[str, Any]


def calendar(
    tables: Mapping[str, pa.Table], *, project: str, stamp: datetime, machine: str | None = None, names: Mapping[str, str]
) -> str:
    """Return the text of a calendar: an event for each job, one for each batch.

    Parameters
    ----------
    tables
        Published tables by name; ``jobs`` is needed.
    project
        Name of the project; part of the calendar's name and of every UID.
    stamp
        When the schedule was made; DTSTAMP of every event, by which a calendar knows the newer one.
    machine
        One machine ('sewing 3') or a group of them; all by default.
    names
        Names of items by their code; an item without one is called by its code.

    Raises
    ------
    MissingTableError
        Nothing is scheduled yet.
    InputError
        No job is on such a machine.

    References
    ----------
    RFC 5545: lines of at most 75 octets and CRLF (3.1), text (3.3.11), floating times (3.3.5, form 1), DTEND after DTSTART
    (3.8.2.2), UID (3.8.4.7) as RFC 7986, section 5.3, wants it.
    """
    called = f"{project}: {machine}" if machine else project
    lines = [
        ("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", PRODUCT), ("CALSCALE", "GREGORIAN"),
        ("NAME", text(called)), ("X-WR-CALNAME", text(called)),
    ]  # fmt: skip
    for batch in _batches(jobs_of(tables, machine)):
        lines += _event(batch, project, stamp, names)
    lines.append(("END", "VCALENDAR"))
    return "".join(fold(f"{name}:{value}") for name, value in lines)


def write_calendar(content: str, file: Path) -> Path:
    """Return the file, after writing a calendar to it, whole or not at all.

    Raises
    ------
    InputError
        Its name does not end in ``.ics``.
    StoreError
        It cannot be written.
    """
    if file.suffix.lower() != ENDING:
        raise InputError(f"'{file}' ends in '{file.suffix}'; a calendar's name ends in {ENDING}")
    aside = file.with_name(f".{file.name}.part")
    try:
        aside.write_bytes(content.encode())
        aside.replace(file)
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror or error}. Choose another place; a file there is as it was"
        raise StoreError(message) from error
    finally:
        aside.unlink(missing_ok=True)
    return file


def fold(line: str) -> str:
    """Return a line with its end, cut into pieces of at most 75 octets, each but the first after a blank.

    No character is cut in two.
    """
    pieces, piece, room = [], "", OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", OCTETS - 1
        piece += letter
        room -= size
    return "\r\n ".join([*pieces, piece]) + "\r\n"


def text(said: str) -> str:
    """Return a text as a value: what has a meaning is escaped, control characters are left out."""
    plain = "".join(letter for letter in said if letter in "\n\t" or letter.isprintable() or letter > "\x9f")
    return plain.translate(ESCAPED)


def _batches(jobs: pa.Table) -> Iterator[list[Row]]:
    """Yield the jobs done together, by machine and time."""
    order = [(name, "ascending") for name in ("machine", "starts", "lot", "part", "step")]
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in jobs.sort_by(order).to_pylist():
        alone = (row["lot"], row["part"], row["step"])
        found.setdefault((row["machine"], *alone) if row["batch"] is None else (row["machine"], row["batch"]), []).append(row)
    yield from found.values()


def _event(batch: Sequence[Row], project: str, stamp: datetime, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    row = batch[0]
    lots = ", ".join(_called(one) for one in batch)
    items = ", ".join(dict.fromkeys(names.get(one["item"], one["item"]) for one in batch))
    first = min((one["lot"], one["part"], one["step"]) for one in batch)
    key = "\x1f".join(map(str, (project, *first)))
    yield "BEGIN", "VEVENT"
    yield "UID", str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:lotwise:{key}"))
    yield "DTSTAMP", f"{stamp:%Y%m%dT%H%M%SZ}"
    yield "DTSTART", _clock(row["starts"])
    if row["ends"] > row["starts"]:  # an event without an end lasts no time; one that ends when it starts is not allowed
        yield "DTEND", _clock(row["ends"])
    yield "SUMMARY", text(f"{row['machine']}: {lots} {items}")
    yield "LOCATION", text(row["machine"])
    yield "DESCRIPTION", text("\n".join(_told(batch)))
    yield "CATEGORIES", text(row["group"])
    yield "STATUS", "TENTATIVE" if row["status"] == "planned" else "CONFIRMED"
    yield "END", "VEVENT"


def _told(batch: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of an event's description."""
    for row in batch:
        yield f"{_called(row)}, step {row['step']}: {round(row['units'], 2):g} of {row['item']}"
    for row in [one for one in batch if one["setup_starts"] is not None][:1]:
        change = f"{row['from_state'] or 'unknown'} to {row['to_state'] or 'any'}"
        yield f"Set-up from {row['setup_starts']:%Y-%m-%d %H:%M}: {change}, {row['setup_minutes']:g} minutes"


def _called(row: Row) -> str:
    return row["lot"] if row["part"] == 1 else f"{row['lot']} part {row['part']}"


def _clock(when: datetime) -> str:
    return f"{when:%Y%m%dT%H%M%S}"
