"""Times of a user's tables as minutes of the shop, and back.

A table's times are numbers (minutes after ``start``, or after any moment that is 0) or timestamps, with a time zone or without
one, the same way everywhere. With a time zone, wall-clock times are meant: a day has 24 hours, also where clocks are changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import SettingsError
from lotwise.schedule.reading.columns import MINUTE_DAY, Rows
from lotwise.schedule.reading.faults import Faults, listed, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

Moment = datetime | date | str | float
"""A time of the user's: a datetime, a day, an ISO text, or minutes."""
_MINUTE = 60_000_000
_TIME = pa.timestamp("us")
EARLY_ENOUGH = 1e-6
"""Minutes that are taken for rounding errors of a computer."""


@dataclass(frozen=True)
class Clock:
    """What minute 0 of the shop is.

    Parameters
    ----------
    start
        Minute 0 of the user's numbers, wall-clock time; none: they count from a Monday 00:00.
    now
        Minutes after it at which the schedule begins: minute 0 of the shop.
    numbers
        Whether times are given, and given back, as numbers.
    zone
        Time zone of the timestamps; empty for none.
    """

    start: datetime | None = None
    now: int = 0
    numbers: bool = True
    zone: str = ""

    @property
    def zero(self) -> datetime | None:
        """Minute 0 of the shop."""
        return None if self.start is None else self.start + timedelta(minutes=self.now)

    @property
    def monday(self) -> int:
        """Minutes from Monday 00:00 to minute 0 of the shop, less than a week."""
        first = 0 if self.start is None else self.start.weekday() * MINUTE_DAY + self.start.hour * 60 + self.start.minute
        return (first + self.now) % (7 * MINUTE_DAY)

    def minutes(self, column: pa.Array) -> np.ndarray:
        """Return a column of times as minutes of the shop, with fractions; absent ones as NaN."""
        if not (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
            return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64) - self.now
        local = _local(column)
        micros = local.cast(pa.int64()).cast(pa.float64()).to_numpy(zero_copy_only=False)
        first = pa.scalar(self.start, _TIME).cast(pa.int64()).as_py()
        return np.asarray((micros - first) / _MINUTE - self.now, np.float64)

    def times(self, minutes: np.ndarray, absent: np.ndarray | None = None) -> pa.Array:
        """Return minutes of the shop as the user's times: whole numbers, or timestamps."""
        whole = np.asarray(minutes, np.int64) + self.now
        if self.numbers or self.start is None:
            return pa.array(whole, mask=absent)
        first = pa.scalar(self.start, _TIME).cast(pa.int64()).as_py()
        found = pa.array(whole * _MINUTE + first, mask=absent).cast(_TIME)
        if not self.zone:
            return found
        return pc.assume_timezone(found, self.zone, ambiguous="earliest", nonexistent="latest")


def _local(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type) and column.type.tz:
        return pc.local_timestamp(column).cast(_TIME, safe=False)
    return column.cast(_TIME, safe=False)


def set_clock(
    tables: Mapping[str, Rows], moments: Mapping[str, Moment | None], named: Mapping[str, tuple[str, ...]], faults: Faults
) -> Clock:
    """Return the clock that tables and single moments are read by.

    Parameters
    ----------
    tables
        By name as in messages. Columns of texts that read as timestamps are replaced in place by them.
    moments
        ``start`` and ``now``, and others that must be of the same kind.
    named
        The columns of times by table.
    faults
        Where breaches go: numbers and timestamps mixed, zones mixed, timestamps without a start.
    """
    seen: dict[str, list[str]] = {}
    for what, table in tables.items():
        for name in named[what]:
            kind = _kind(table, what, name, faults)
            if kind is not None and what != "The holidays":
                seen.setdefault(kind, []).append(f"'{name}' of {what[0].lower()}{what[1:]}")
    start, zone = _moment(moments.get("start"))
    stamped = [kind for kind in seen if kind != "numbers"]
    if "numbers" in seen and stamped:
        first = seen[stamped[0]]
        faults.add(f"times are numbers in {listed(seen['numbers'])} and timestamps in {listed(first)}; expected one of the two")
        return Clock(start)
    if len(stamped) > 1:
        told = "; ".join(f"{kind or 'no time zone'}: {listed(seen[kind])}" for kind in stamped)
        faults.add(f"time zones are mixed ({told}); give every time in one zone, or all without one")
        return Clock(start)
    zone_of = stamped[0] if stamped else zone
    if not stamped:
        now = moments.get("now")
        return Clock(start, _since(now, start, "", faults), numbers="numbers" in seen or start is None, zone=zone_of)
    if moments.get("start") is None and moments.get("now") is None:
        faults.add("the times are timestamps; give start = the moment the schedule begins, such as datetime(2026, 11, 2, 6)")
        return Clock(None)
    begins = _wall(moments["now"] if moments.get("start") is None else moments["start"], zone_of, faults)
    return Clock(begins, _since(moments.get("now"), begins, zone_of, faults), numbers=False, zone=zone_of)


def at(moment: Moment | timedelta | None, clock: Clock, faults: Faults) -> int | None:
    """Return a single moment as a minute of the shop, rounded up; a timedelta counts from now."""
    if moment is None:
        return None
    if isinstance(moment, timedelta):
        return int(-(-moment.total_seconds() // 60))
    if isinstance(moment, (int, float)):
        return int(np.ceil(moment - EARLY_ENOUGH)) - clock.now
    wall = _wall(moment, clock.zone, faults)
    if clock.start is None or wall is None:
        faults.add(f"found the moment {moment} among times that are numbers without a start; give start as a datetime")
        return None
    return int(-(-(wall - clock.start).total_seconds() // 60)) - clock.now


def _since(now: Moment | None, start: datetime | None, zone: str, faults: Faults) -> int:
    return 0 if now is None else at(now, Clock(start, numbers=False, zone=zone), faults) or 0


def _moment(given: Moment | None) -> tuple[datetime | None, str]:
    """Return a moment as wall-clock time and its zone."""
    if given is None or isinstance(given, (int, float)):
        return None, ""
    if isinstance(given, str):
        given = _parsed(given)
    if not isinstance(given, datetime):
        given = datetime(given.year, given.month, given.day)  # noqa: DTZ001  wall-clock time
    wall = given.replace(tzinfo=None)
    if wall.second or wall.microsecond:
        wall = wall.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return wall, str(given.tzinfo) if given.tzinfo else ""


def _parsed(given: str) -> datetime:
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        raise SettingsError(f"found the moment {given!r}; expected a datetime, or a text such as 2026-11-02 06:00.") from None


def _wall(given: Moment | None, zone: str, faults: Faults) -> datetime | None:
    """Return a moment as wall-clock time of a zone."""
    wall, own = _moment(given)
    if wall is None or bool(own) != bool(zone):
        kind = f"in the zone {zone}" if zone else "timestamps without a time zone"
        faults.add(f"found the moment {given!r} among times that are {kind}; give it the same way")
        return wall
    if not own or own == zone:
        return wall
    assert isinstance(given, datetime)  # noqa: S101  only a datetime has a zone
    there: datetime = pc.local_timestamp(
        pa.scalar(given.astimezone(UTC), pa.timestamp("us", "UTC")).cast(pa.timestamp("us", zone))
    ).as_py()
    return _moment(there)[0]


def _kind(table: Rows, what: str, name: str, faults: Faults) -> str | None:
    """Return ``"numbers"``, the zone of a column of timestamps (empty: none), or none for a column without values."""
    column = table.values[name]
    kind = column.type
    if len(column) == column.null_count:
        table.values[name] = pa.nulls(len(column))
        return None
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        _finite(column, what, name, table, faults)
        return "numbers"
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return getattr(kind, "tz", None) or ""
    try:
        table.values[name] = column.cast(_TIME)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        faults.add(
            f"{what}: column '{name}' holds {kind} that is no time; expected timestamps such as 2026-11-02 08:00 "
            "without a zone, days, or numbers of minutes"
        )
        table.values[name] = pa.nulls(len(column))
        return None
    return ""


def _finite(column: pa.Array, what: str, name: str, table: Rows, faults: Faults) -> None:
    """Take NaN for absent, as pandas does; refuse the infinite."""
    if not pa.types.is_floating(column.type):
        return
    values = column.to_numpy(zero_copy_only=False)
    if np.isinf(values).any():
        faults.add(f"{what}: '{name}' is infinite in {rows(np.isinf(values))}; leave it empty where there is none")
    table.values[name] = pa.array(np.where(np.isinf(values), 0.0, values), mask=np.isnan(values))
