"""Jobs and set-ups within open hours, and what each machine does on each day."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from lotwise.schedule.check.table_rows import ALL, PLANNED, minutes_between, placed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lotwise.schedule.check.table_rows import Published, Row

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEEKS = 7
"""Weeks from the last lot's on in which hours are judged; later a machine may be taken to be always open."""
SLACK = 0.5
HOURS = 1e-3
Span = tuple[datetime, datetime]


class Openings:
    """Spans in which machines can work, overtime among them, worked or not, from the first to the last job.

    Shifts count where there are some; else all of each day. Days that the calendar closes and downtime are taken out.
    """

    def __init__(self, seen: Published) -> None:
        """Read shifts, holidays and downtime."""
        self._seen, self._known = seen, dict[str, list[Span]]()
        jobs = seen.rows("jobs")
        first = min(((row["setup_starts"] or row["starts"]).date() for row in jobs), default=None)
        last = max((row["ends"].date() for row in jobs), default=first)
        self._days = [first + (n - 1) * DAY for n in range((last - first).days + 3)] if first and last else []
        self._shifts: dict[str, list[Row]] = defaultdict(list)
        for row in seen.rows("shifts"):
            self._shifts[row["machine"]].append(row)
        self._down: dict[str, list[Span]] = defaultdict(list)
        for row in seen.rows("downtime"):
            self._down[row["machine"]].append((row["starts"], row["ends"]))
        self._off: dict[str, set[date]] = defaultdict(set)
        for row in seen.rows("calendar"):
            if row["working"] is False:
                self._off[row["region"]].add(row["day"])

    def of(self, machine: str, group: str) -> list[Span]:
        """Return when a machine can work."""
        if machine not in self._known:
            shifts = self._shifts.get(machine) or self._shifts.get(group) or self._shifts.get(ALL)
            site = (self._seen.machines.get(group) or {}).get("site") or ALL
            days = [day for day in self._days if day not in self._off[ALL] and day not in self._off[site]]
            spans = [span for day in days for span in (_spans(shifts, day) if shifts else [(_at(day, 0), _at(day, 24 * 60))])]
            down = [*self._down[group], *(self._down[machine] if machine != group else [])]
            self._known[machine] = _without(_united(spans), down)
        return self._known[machine]


def _spans(shifts: list[Row], day: date) -> list[Span]:
    found = []
    for row in shifts:
        if row["weekday"] == day.isoweekday():
            begins, ends = _minute(row["starts"]), _minute(row["ends"])
            found.append((_at(day, begins), _at(day, ends if ends > begins else ends + 24 * 60)))
    return found


def _minute(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    return 60 * int(hours) + int(minutes.partition(":")[0] or 0)


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def _united(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _without(spans: list[Span], down: list[Span]) -> list[Span]:
    for start, end in down:
        halves = [(a, min(b, start)) for a, b in spans] + [(max(a, end), b) for a, b in spans]
        spans = sorted((a, b) for a, b in halves if a < b)
    return spans


def _open(spans: list[Span], start: datetime, end: datetime) -> float:
    """Return the open minutes between two moments."""
    at, total = max(bisect_right(spans, start, key=lambda span: span[0]) - 1, 0), 0.0
    while at < len(spans) and spans[at][0] < end:
        total += max(minutes_between(max(spans[at][0], start), min(spans[at][1], end)), 0.0)
        at += 1
    return total


def hours(seen: Published) -> Iterator[str]:
    """Yield jobs and set-ups that are planned into hours in which their machine cannot work."""
    openings = Openings(seen)
    weeks = [seen.lots[row["lot"]]["week"] for row in seen.rows("jobs") if row["lot"] in seen.lots]
    until = datetime.combine(max(weeks), time()) + WEEKS * WEEK if weeks else None
    for group in seen.batches:
        row = group[0]
        if row["status"] != PLANNED or (until and row["ends"] > until):
            continue
        spans = openings.of(row["machine"], row["group"])
        yield from _work(seen, row, spans)
        for one in group:
            begins = one["setup_starts"]
            if begins and _open(spans, begins, one["starts"]) < one["setup_minutes"] - SLACK:
                there = _open(spans, begins, one["starts"])
                yield f"{placed(one)}: its machine is open {there:g} minutes from {begins} on, too few for its set-up"


def _work(seen: Published, row: Row, spans: list[Span]) -> Iterator[str]:
    """Yield a job that does not start in an opening, or finds too few open minutes before it ends."""
    way = seen.ways.get((row["item"], row["step"], row["group"]))
    if row["minutes"] == 0 or way is None:
        return
    lasts, crossing = minutes_between(row["starts"], row["ends"]), way["closed"] or "pauses"
    if crossing != "pauses" and abs(lasts - row["minutes"]) > SLACK:
        yield f"{placed(row)} lasts {lasts:g} minutes, expected {row['minutes']:g}: it does not pause in closed hours"
    if _open(spans, row["starts"], row["starts"] + timedelta(minutes=1)) == 0:
        yield f"{placed(row)} starts in closed hours of its machine: see shifts, calendar and downtime"
    elif crossing != "runs on" and _open(spans, row["starts"], row["ends"]) < row["minutes"] - SLACK:
        there = _open(spans, row["starts"], row["ends"])
        yield f"{placed(row)}: its machine is open {there:g} minutes meanwhile, too few for its {row['minutes']:g}"


def days(seen: Published) -> Iterator[str]:
    """Yield machines whose days do not add up to their jobs, and days of more than 24 hours."""
    if not seen.has("machine_days"):
        return
    told: dict[str, list[Row]] = defaultdict(list)
    for row in seen.rows("machine_days"):
        told[row["machine"]].append(row)
        if row["work"] + row["setup"] > 24 + HOURS or row["overtime"] > row["work"] + row["setup"] + HOURS:
            done = f"{row['work']:g} hours of work and {row['setup']:g} of set-up, {row['overtime']:g} of both in overtime"
            yield f"{row['machine']} on {row['day']}: {done}, more than there can be"
    for machine, line in sorted(seen.lines.items()):
        if any(row["status"] != PLANNED for group in line for row in group):
            continue
        setup = sum(row["setup_minutes"] for group in line for row in group) / 60
        work = sum(group[0]["minutes"] for group in line) / 60
        lasting = sum(minutes_between(group[0]["starts"], group[0]["ends"]) for group in line) / 60
        found = sum(row["setup"] for row in told[machine]), sum(row["work"] for row in told[machine])
        slack = HOURS * (1 + len(told[machine]))
        if abs(found[0] - setup) > slack:
            yield f"the days of {machine} have {found[0]:g} hours of set-up, its jobs {setup:g}"
        if found[1] > max(work, lasting) + slack or (found[1] < work - slack and not _unattended(seen, line)):
            yield f"the days of {machine} have {found[1]:g} hours of work, its jobs {work:g}"


def _unattended(seen: Published, line: list[list[Row]]) -> bool:
    """Return whether some job of a machine runs on in closed hours."""
    ways = (seen.ways.get((row["item"], row["step"], row["group"])) for group in line for row in group)
    return any(way is not None and way["closed"] == "runs on" for way in ways)
