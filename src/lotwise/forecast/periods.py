"""The periods a frame of the user's is counted in: hours, days, weeks, months, quarters, years or plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, did_you_mean

if TYPE_CHECKING:
    from lotwise.forecast.panel import Index

SEASONS = {"hour": 24, "day": 7, "week": 52, "month": 12, "quarter": 4, "year": 1, "number": 1}
"""Periods after which a season comes again."""
MONTHS = {"month": 1, "quarter": 3, "year": 12}
Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Periods:
    """How dates are numbered, so that consecutive periods have consecutive numbers.

    Parameters
    ----------
    unit
        A key of ``SEASONS``.
    phase
        Day of the week, month of the quarter or year, or remainder of the step that periods start on.
    step
        Difference of consecutive numbers, where ``unit = "number"``; otherwise 1.
    ends
        Whether months are named by their last day.
    kind
        Arrow type of ``ds``, which labels are given back in.
    """

    unit: str
    kind: pa.DataType
    phase: int = 0
    step: int = 1
    ends: bool = False

    def number(self, values: pa.ChunkedArray) -> Index:
        """Return the number of the period of each date; ``(n_rows,)``."""
        if self.unit == "number":
            return (_whole(values) - self.phase) // self.step
        moment = moments(values)
        if self.unit == "hour":
            return moment.astype("datetime64[h]").astype(np.int64)
        day = moment.astype("datetime64[D]")
        if self.unit in MONTHS:
            return (day.astype("datetime64[M]").astype(np.int64) - self.phase) // MONTHS[self.unit]
        if self.unit == "week":
            return (day.astype(np.int64) - self.phase) // 7
        return day.astype(np.int64)

    def labels(self, numbers: Index) -> pa.Array:
        """Return the date each number stands for, of the type the user's dates had."""
        if self.unit == "number":
            return pa.array(numbers * self.step + self.phase, pa.int64()).cast(self.kind)
        found = pa.array(self._moment(numbers))
        if pa.types.is_string(self.kind) or pa.types.is_large_string(self.kind):
            return found.cast(pa.string() if self.unit == "hour" else pa.date32()).cast(self.kind)
        if pa.types.is_timestamp(self.kind) and self.kind.tz:
            return pc.assume_timezone(
                found.cast(pa.timestamp(self.kind.unit)), self.kind.tz, nonexistent="latest", ambiguous="latest"
            )
        return found.cast(self.kind)

    def _moment(self, numbers: Index) -> Days:
        if self.unit == "hour":
            return numbers.astype("datetime64[h]").astype("datetime64[s]")
        if self.unit in MONTHS:
            month = (numbers * MONTHS[self.unit] + self.phase).astype("datetime64[M]")
            first = (month + int(self.ends)).astype("datetime64[D]")
            return (first - np.timedelta64(int(self.ends), "D")).astype("datetime64[s]")
        days = numbers * 7 + self.phase if self.unit == "week" else numbers
        return days.astype("datetime64[D]").astype("datetime64[s]")


def infer(values: pa.ChunkedArray, unit: str | None = None) -> Periods:
    """Return the periods of a column of dates, found from the dates themselves.

    Parameters
    ----------
    values
        Dates, times, ISO texts or whole numbers.
    unit
        A key of ``SEASONS`` where it is known; by default the coarsest that tells all dates apart.

    Raises
    ------
    ContractError
        The dates cannot be read, do not fit the unit, or one date alone leaves the unit open.
    """
    if unit is not None and unit not in SEASONS:
        raise ContractError(f"freq = '{unit}' is no period{did_you_mean(unit, SEASONS)}; expected one of {', '.join(SEASONS)}")
    if pa.types.is_integer(values.type):
        if unit not in {None, "number"}:
            raise ContractError(f"Column 'ds' holds whole numbers, which are no {unit}s. Give dates, or leave freq out.")
        known = np.unique(_whole(values))
        step = int(np.gcd.reduce(np.diff(known))) if len(known) > 1 else 1
        return Periods("number", values.type, int(known[0]) % step, step)
    moment = np.unique(moments(values))
    day = np.unique(moment.astype("datetime64[D]"))
    unit = unit or _unit(moment, day)
    if unit == "number":
        raise ContractError("Column 'ds' holds dates; freq = 'number' needs whole numbers.")
    if unit in MONTHS:
        months = day.astype("datetime64[M]")
        ends = bool(len(day) and ((day + 1).astype("datetime64[M]") > months).all())
        return Periods(unit, values.type, int(months[0].astype(np.int64)) % MONTHS[unit], 1, ends)
    if unit == "week":
        phases = np.unique(day.astype(np.int64) % 7)
        # Dates on several weekdays are counted in weeks from Monday, 1970-01-05.
        return Periods(unit, values.type, int(phases[0]) if len(phases) == 1 else 4)
    return Periods(unit, values.type)


def moments(values: pa.ChunkedArray) -> Days:
    """Return dates, times or ISO texts as local times, to the second.

    Raises
    ------
    ContractError
        A value is missing or cannot be read.
    """
    if values.null_count:
        raise ContractError(f"Column 'ds' is empty in {values.null_count} rows. Leave those rows out, or give them a date.")
    kind = values.type
    if pa.types.is_timestamp(kind) and kind.tz:
        values = pc.local_timestamp(values)
    try:
        return np.asarray(values.cast(pa.timestamp("s"), safe=False).to_numpy(), "datetime64[s]")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        message = (
            f"Column 'ds' cannot be read as dates ({error}); expected dates, times, ISO texts such as 2026-11-21, or numbers."
        )
        raise ContractError(message) from error


def _whole(values: pa.ChunkedArray) -> Index:
    return np.asarray(values.cast(pa.int64()).to_numpy(), np.int64)


def _unit(moment: Days, day: Days) -> str:
    if (moment != moment.astype("datetime64[D]")).any():
        if (moment != moment.astype("datetime64[h]")).any():
            raise ContractError("Column 'ds' holds minutes. Sum y to hours or days, or give freq = 'hour' or 'day'.")
        return "hour"
    if len(day) < 2:  # noqa: PLR2004  one date has no distance
        raise ContractError("Column 'ds' holds one date only, which leaves its period open. Give freq, such as freq = 'week'.")
    months = day.astype("datetime64[M]")
    if (day == months.astype("datetime64[D]")).all() or ((day + 1).astype("datetime64[M]") > months).all():
        step = np.gcd.reduce(np.diff(months.astype(np.int64)))
        return next(unit for unit, length in sorted(MONTHS.items(), key=lambda item: -item[1]) if step % length == 0)
    return "week" if (np.diff(day).astype(np.int64) % 7 == 0).all() else "day"
