"""What each machine does on each day."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lotwise.schedule.stage.openings import DAY
from lotwise.schedule.stage.places import within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.schedule.stage.draft import Draft
    from lotwise.schedule.stage.given import Row
    from lotwise.schedule.stage.openings import Opening
    from lotwise.schedule.stage.places import Places

HOUR = 60.0
Span = tuple[int, int]


def day_rows(draft: Draft, places: Places) -> list[Row]:
    """Return the rows of ``machine_days``: the days of the weeks scheduled, and later ones on which something is done."""
    midnight = draft.given.minute(draft.given.start.date())
    last = draft.given.minute(draft.given.end)
    work: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    seen: set[int] = set()
    for n, machine in enumerate(places.machine.tolist()):
        number = int(places.batch[n])
        if number >= 0 and number in seen and not places.setup[n]:
            continue
        seen.add(number)
        for kind, span in (
            (0, (int(places.start[n]), int(places.end[n]))),
            (1, (int(places.setup_start[n]), int(places.start[n])) if places.setup[n] else (0, 0)),
        ):
            for day, minutes, extra in _by_day(places.open(machine), span, midnight):
                work[machine][day][kind] += minutes
                work[machine][day][2] += extra
    rows = []
    for machine, (name, group) in enumerate(draft.park.machines):
        regular = _regular(draft.hours.undisturbed(name, group))
        there = _regular(draft.openings(machine))
        days = set(work[machine]) | set(range((last - midnight) // DAY))
        for day in sorted(days):
            span = (midnight + day * DAY, midnight + (day + 1) * DAY)
            done, full, left = work[machine].get(day, (0, 0, 0)), within(regular, *span), within(there, *span)
            if full or any(done):
                rows.append({
                    "machine": name, "group": group.name, "day": draft.given.moment(span[0]).date(), "open": left / HOUR,
                    "work": done[0] / HOUR, "setup": done[1] / HOUR, "overtime": done[2] / HOUR, "down": (full - left) / HOUR,
                })  # fmt: skip
    return rows


def _regular(openings: list[Opening]) -> list[Opening]:
    return [opening for opening in openings if not opening.period]


def _by_day(openings: list[Opening], span: Span, midnight: int) -> Iterator[tuple[int, int, int]]:
    """Yield day, minutes worked in open time, and those of them in overtime; after the last opening all time is open."""
    start, end = span
    for opening in openings:
        if opening.closes <= start:
            continue
        if opening.opens >= end:
            return
        low, high = max(opening.opens, start), min(opening.closes, end)
        while low < high:
            day = (low - midnight) // DAY
            stop = min(high, midnight + (day + 1) * DAY)
            yield day, stop - low, stop - low if opening.period else 0
            low = stop
    low = max(start, max((o.closes for o in openings), default=start))
    while low < end:
        day = (low - midnight) // DAY
        stop = min(end, midnight + (day + 1) * DAY)
        yield day, stop - low, 0
        low = stop
