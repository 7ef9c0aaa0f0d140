"""A weekly pattern of openings unfolded over a horizon. A day has 24 hours, also where clocks are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lotwise.schedule.reading.columns import MINUTE_DAY
from lotwise.schedule.reading.intervals import Openings, both, openings, united

if TYPE_CHECKING:
    from collections.abc import Callable

WEEK = 7 * MINUTE_DAY


class Pattern(NamedTuple):
    """Openings of a week: the minute each begins (Monday 00:00 is 0), how long it is, and whether it is overtime."""

    begins: np.ndarray
    minutes: np.ndarray
    overtime: np.ndarray

    @property
    def share(self) -> float:
        """Part of the week that is open in regular hours; in all hours where there are no regular ones."""
        regular = ~self.overtime if (~self.overtime).any() else np.ones(len(self.begins), bool)
        begins, ends = self.begins[regular], (self.begins + self.minutes)[regular]
        twice = united(np.concatenate([begins, begins - WEEK]), np.concatenate([ends, ends - WEEK]))
        inside = np.clip(twice[1], 0, WEEK) - np.clip(twice[0], 0, WEEK)
        return float(inside.sum()) / WEEK


def pattern(weekday: np.ndarray, starts: np.ndarray, ends: np.ndarray, overtime: np.ndarray) -> Pattern:
    """Return a pattern from days 1 to 7 and minutes of the day; what does not end after it starts ends the next day."""
    minutes = np.where(ends > starts, ends - starts, ends - starts + MINUTE_DAY)
    return Pattern(((weekday - 1) * MINUTE_DAY + starts).astype(np.int64), minutes.astype(np.int64), overtime.astype(bool))


def unfold(week: Pattern, monday: int, horizon: int, holidays: np.ndarray, period: Callable[[int, int], int]) -> Openings:
    """Return the openings of a pattern between minute 0 and the horizon.

    Regular openings that meet are one. Overtime is what overtime openings add to them. An opening that begins on a holiday
    does not take place, not even the part of it after midnight.

    Parameters
    ----------
    monday
        Minutes from Monday 00:00 to minute 0.
    holidays
        Days as the minutes they begin at.
    period
        Gives the number of the overtime period from the row of the pattern and the minute its opening begins.
    """
    row, begins = _begins(week, monday, horizon)
    day = (begins + monday) // MINUTE_DAY
    kept = ~np.isin(day, (holidays.astype(np.int64) + monday) // MINUTE_DAY)
    row, begins = row[kept], begins[kept]
    ends = np.minimum(begins + week.minutes[row], horizon)
    opens = np.maximum(begins, 0)
    regular = ~week.overtime[row]
    found = openings(*united(opens[regular], ends[regular]))
    for at in np.unique(row[~regular]):
        own = row == at
        named = np.array([period(int(at), int(begin)) for begin in begins[own]], np.int64)
        found = both(found, Openings(opens[own], ends[own], named))
    return found


def _begins(week: Pattern, monday: int, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Return row and minute of each opening that touches the horizon, sorted by the minute."""
    weeks = np.arange(-1, (horizon + monday) // WEEK + 1) * WEEK - monday
    begins = (weeks[:, None] + week.begins).ravel()
    row = np.tile(np.arange(len(week.begins)), len(weeks))
    kept = np.flatnonzero((begins + week.minutes[row] > 0) & (begins < horizon))
    kept = kept[np.argsort(begins[kept], kind="stable")]
    return row[kept], begins[kept]
