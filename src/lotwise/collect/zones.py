"""Times of one zone as times of another, by the offsets the zones really had."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pyarrow as pa

from lotwise.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import ibis

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Offsets are followed between these; before and after them the nearest one holds."""
YEARS = range(1900, 2200)


def check_zone(name: str) -> str:
    """Return the name of a time zone.

    Raises
    ------
    SettingsError
        There is no such zone.
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        message = f"There is no time zone '{name}'. Write it as Area/City, such as Europe/Berlin or Asia/Shanghai"
        raise SettingsError(message) from error
    return name


def shifts(sources: Iterable[str], target: str) -> pa.Table:
    """Return, for each zone and year, when its clocks change against the target's and the seconds to add meanwhile.

    Engines differ in how they know time zones; a table is the same in all of them. Where clocks are
    set back and an hour comes twice, it is taken as the first of the two.

    Returns
    -------
    pa.Table
        ``zone``, ``zone_year``, ``shift_0`` (seconds at the start of the year), then ``change_1``
        (wall-clock time of the zone from which on ``shift_1`` holds) and so on; nulls where there are fewer.
    """
    rows = [row for zone in sorted(set(sources)) for row in _years(zone, target)]
    most = max((len(row) - 3) // 2 for row in rows)
    changes = {f"change_{n}": pa.timestamp("us") for n in range(1, most + 1)}
    seconds = {f"shift_{n}": pa.int64() for n in range(most + 1)}
    return pa.Table.from_pylist(rows, pa.schema({"zone": pa.string(), "zone_year": pa.int64()} | seconds | changes))


def shifted(wall: ibis.TimestampValue, years: ibis.Table) -> ibis.TimestampValue:
    """Return wall-clock times on the target's clock, once the row of their zone and year is joined beside them."""
    seconds = years["shift_0"]
    for number in range(1, sum(name.startswith("change_") for name in years.columns) + 1):
        seconds = (wall >= years[f"change_{number}"]).ifelse(years[f"shift_{number}"], seconds)
    return wall + seconds.fill_null(0).as_interval("s")


def _years(source: str, target: str) -> list[dict[str, object]]:
    steps = _steps(source, target)
    starts = [start for start, _ in steps]
    rows = []
    for year in YEARS:
        first, last = datetime(year, 1, 1), datetime(year + 1, 1, 1)  # noqa: DTZ001  wall-clock times have no zone
        before = steps[max(bisect_right(starts, first) - 1, 0)][1]
        within = [(start, seconds) for start, seconds in steps[1:] if first < start < last]
        row: dict[str, object] = {"zone": source, "zone_year": year, "shift_0": before}
        for number, (start, seconds) in enumerate(within, start=1):
            row |= {f"change_{number}": start, f"shift_{number}": seconds}
        rows.append(row)
    return rows


@lru_cache(maxsize=32)
def _steps(source: str, target: str) -> tuple[tuple[datetime, int], ...]:
    """Return (from which source wall-clock time on, seconds to add), in order of time."""
    here, there = ZoneInfo(source), ZoneInfo(target)
    walls = {FIRST.replace(tzinfo=None)}
    for instant in {*_changes(source), *_changes(target)}:
        sides = (instant - timedelta(seconds=1), instant)
        walls |= {instant.replace(tzinfo=None) + _offset(side, here) for side in sides}
    steps: list[tuple[datetime, int]] = []
    for wall in sorted(walls):
        moved = wall.replace(tzinfo=here).astimezone(there).replace(tzinfo=None)
        seconds = round((moved - wall).total_seconds())
        if not steps or steps[-1][1] != seconds:
            steps.append((wall, seconds))
    return tuple(steps)


@lru_cache(maxsize=64)
def _changes(name: str) -> tuple[datetime, ...]:
    """Return the instants at which a zone's offset changes; no zone changes twice within a day."""
    zone, found = ZoneInfo(name), []
    day = FIRST
    while day < LAST:
        following = day + timedelta(days=1)
        if _offset(day, zone) != _offset(following, zone):
            found.append(_change(day, following, zone))
        day = following
    return tuple(found)


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second after ``low`` at which the offset is another than at ``low``."""
    before = _offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)
