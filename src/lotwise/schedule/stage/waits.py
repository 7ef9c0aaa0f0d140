"""What parts wait for: parts of other lots that go into them, and materials on their way."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import datetime, time
from typing import TYPE_CHECKING

from lotwise.schedule.stage.lines import LEAST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lotwise.schedule.stage.given import Given, Row
    from lotwise.schedule.stage.parts import Part

LONG_AGO = datetime(1, 1, 1)  # noqa: DTZ001  times of the floor are wall-clock times
"""When what is in stock came."""
Span = tuple[float, float]
"""From and to, in units counted along the parts of a lot."""


def part_waits(given: Given, parts: Sequence[Part]) -> dict[int, list[int]]:
    """Return part -> the parts of other lots it waits for, by their places in ``parts``.

    What a lot has for other lots is used up in the order of its parts, by what needs it first; each part waits for those parts
    that hold its share. Units that go to orders, forecasts or stock are in other parts, or beside them: none is used twice.
    """
    by_lot = _by_lot(parts)
    used: dict[str, list[Row]] = defaultdict(list)
    for row in given.rows("pegging"):
        if row["supply"] in by_lot and row["demand"] in by_lot:
            used[row["supply"]].append(row)
    found: dict[int, list[int]] = defaultdict(list)
    for supply, rows in used.items():
        begin, held = 0.0, list(_inside(by_lot[supply], parts))
        for row in sorted(rows, key=lambda row: (row["week"], row["demand"])):
            for place, (low, high) in _shares(by_lot[row["demand"]], parts, row["units"]):
                span = (begin + low, begin + high)
                found[place] += [other for other, own in held if _overlap(span, own)]
            begin += row["units"]
    return found


def arrivals(given: Given, parts: Sequence[Part]) -> dict[int, tuple[datetime, str]]:
    """Return part -> when the last of its materials is there and what that is, for those that wait for some.

    What is there already goes into the first parts of a lot, what comes later into the last.
    """
    by_lot, comes = _by_lot(parts), _comes(given)
    wanted: dict[tuple[str, str], list[tuple[datetime, float]]] = defaultdict(list)
    for row in given.rows("pegging"):
        if row["demand"] in by_lot and row["supply"] not in by_lot:
            wanted[row["demand"], row["item"]].append((comes.get(row["supply"], LONG_AGO), row["units"]))
    found: dict[int, tuple[datetime, str]] = {}
    for (lot, item), supplies in wanted.items():
        supplies.sort()
        if supplies[-1][0] <= given.start:
            continue
        for place, (_, high) in _shares(by_lot[lot], parts, sum(units for _, units in supplies)):
            total = 0.0
            for when, units in supplies:
                total += units
                if total >= high - LEAST:
                    found[place] = max(found.get(place, (LONG_AGO, "")), (when, item))
                    break
    return {place: wait for place, wait in found.items() if wait[0] > given.start}


def _comes(given: Given) -> dict[str, datetime]:
    """Return supply -> when it arrives, of purchases, shipments and receipts."""
    found = {}
    for row in given.rows("purchases"):
        name = " ".join(part for part in ("purchase", row["material"], row["supplier"], str(row["week"])) if part)
        found[name] = datetime.combine(row["arrives"], time())
    for row in given.rows("shipments"):
        found[f"shipment {row['item']} {row['origin']} {row['week']}"] = datetime.combine(row["arrives"], time())
    for row in given.rows("receipts"):
        found[f"receipt {row['receipt']}"] = datetime.combine(row["day"], time())
    return found


def _by_lot(parts: Sequence[Part]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, part in enumerate(parts):
        found[part.key[0]].append(place)
    return found


def _spans(places: Iterable[int], parts: Sequence[Part]) -> Iterator[tuple[int, Span]]:
    """Yield each part with the units of its lot it holds, counted along the lot."""
    total = 0.0
    for place in places:
        yield place, (total, total + parts[place].units)
        total += parts[place].units


def _inside(places: list[int], parts: Sequence[Part]) -> Iterator[tuple[int, Span]]:
    """Yield each part that holds units for other lots with these, counted along the lot; the last holds all that follows."""
    own = [(place, sum(line.units for line in parts[place].lines if line.is_inside)) for place in places]
    total, some = 0.0, [(place, units) for place, units in own if units > LEAST]
    for number, (place, units) in enumerate(some, start=1):
        yield place, (total, total + units if number < len(some) else math.inf)
        total += units


def _shares(places: list[int], parts: Sequence[Part], units: float) -> Iterator[tuple[int, Span]]:
    """Yield each part with its share of so many units of something, counted along the lot."""
    whole = sum(parts[place].units for place in places)
    for place, (low, high) in _spans(places, parts):
        yield place, (low * units / whole, high * units / whole)


def _overlap(first: Span, second: Span) -> bool:
    return min(first[1], second[1]) - max(first[0], second[0]) > LEAST
