"""Open time of a calendar or of several machines together, as a count of open minutes that can be asked both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lotwise.schedule.shop import INSIDE, NEVER, RUNS_ON

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lotwise.schedule.shop import Calendars

ALWAYS = NEVER << 2
"""Where openings that never close end."""


class OpenTime(NamedTuple):
    """Openings in rising order that do not touch; the last one ends at ``ALWAYS``. ``before`` counts open minutes.

    Parameters
    ----------
    opens, closes
        ``(n,)`` minutes.
    before
        ``(n,)`` open minutes before each opening, counted so that they are minutes of the clock where nothing is closed.
    """

    opens: np.ndarray
    closes: np.ndarray
    before: np.ndarray

    def spent(self, minute: np.ndarray | int) -> np.ndarray:
        """Return the open minutes until each minute."""
        at = np.maximum(np.searchsorted(self.opens, minute, side="right") - 1, 0)
        inside = np.minimum(minute, self.closes[at]) - self.opens[at]
        counted: np.ndarray = self.before[at] + np.maximum(inside, 0)
        return counted

    def when(self, spent: np.ndarray | int) -> np.ndarray:
        """Return the first minute at which so many open minutes are over."""
        at = np.searchsorted(self.before + self.closes - self.opens, spent, side="left")
        minute: np.ndarray = self.opens[at] + np.maximum(spent - self.before[at], 0)
        return minute

    def finish(self, ready: np.ndarray, minutes: np.ndarray, crossing: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the earliest start and end of work of so many minutes that is ready then, see rule of ``crossing``.

        Parameters
        ----------
        ready, minutes
            ``(n,)``; work of no minutes needs no opening.
        crossing
            ``INSIDE``, ``PAUSES`` or ``RUNS_ON``.
        """
        at = np.searchsorted(self.closes, ready, side="right")
        start = np.maximum(ready, self.opens[at])
        if crossing == INSIDE:
            outside = start + minutes > self.closes[at]
            while outside.any():
                at = at + outside
                start = np.where(outside, self.opens[at], start)
                outside = start + minutes > self.closes[at]
            end = start + minutes
        elif crossing == RUNS_ON:
            end = start + minutes
        else:
            end = self.when(self.spent(start) + minutes)
        nothing = minutes == 0
        return np.where(nothing, ready, start), np.where(nothing, ready, end)


def merged(openings: Iterable[tuple[int, int]]) -> OpenTime:
    """Return open time from openings in any order; those that touch or overlap become one."""
    opens: list[int] = []
    closes: list[int] = []
    for first, last in sorted(openings):
        if last <= first:
            continue
        if closes and first <= closes[-1]:
            closes[-1] = max(closes[-1], last)
            continue
        opens.append(int(first))
        closes.append(int(last))
    starts, ends = np.array(opens, dtype=np.int64), np.array(closes, dtype=np.int64)
    before = starts[0] + np.concatenate(([0], np.cumsum(ends - starts)[:-1]))
    return OpenTime(starts, ends, before)


def of_calendar(calendars: Calendars, number: int, worked: np.ndarray | None = None) -> OpenTime:
    """Return the open time of one calendar: always open after its last closing, or throughout where it has no openings.

    Parameters
    ----------
    worked
        ``(n_periods,)`` which overtime periods are worked; default: all, so that nothing can be done sooner.
    """
    part = slice(calendars.offsets[number], calendars.offsets[number + 1])
    opens, closes, overtime = calendars.opens[part], calendars.closes[part], calendars.overtime[part]
    if not len(opens):
        return merged([(-ALWAYS, ALWAYS)])
    used = np.ones(len(opens), dtype=bool) if worked is None else np.append(worked, True)[overtime]
    return merged([*zip(opens[used].tolist(), closes[used].tolist(), strict=True), (int(closes[-1]), ALWAYS)])


def without(hours: OpenTime, taken: Iterable[tuple[int, int]]) -> OpenTime:
    """Return open time cut by what is taken, ``[start, end)`` each."""
    openings = list(zip(hours.opens.tolist(), hours.closes.tolist(), strict=True))
    for start, end in taken:
        openings = [piece for a, b in openings for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]]
    return merged(openings)


class Together(NamedTuple):
    """Open minutes of several machines together: between ``at[i]`` and ``at[i + 1]``, ``rate[i]`` of them are open."""

    at: np.ndarray
    rate: np.ndarray
    spent_at: np.ndarray

    def spent(self, minute: np.ndarray) -> np.ndarray:
        """Return the open minutes of all until each minute."""
        place = np.maximum(np.searchsorted(self.at, minute, side="right") - 1, 0)
        counted: np.ndarray = self.spent_at[place] + self.rate[place] * np.maximum(minute - self.at[place], 0)
        return counted

    def when(self, spent: np.ndarray) -> np.ndarray:
        """Return the first minute at which so many open minutes are over."""
        place = np.maximum(np.searchsorted(self.spent_at, spent, side="left") - 1, 0)
        rate = np.maximum(self.rate[place], 1)
        minute: np.ndarray = self.at[place] - (self.spent_at[place] - spent) // rate
        return minute


def together(hours: list[OpenTime]) -> Together:
    """Return the open minutes of several machines; counted from 0 where the first one opens."""
    moments = np.concatenate([h.opens for h in hours] + [h.closes for h in hours])
    change = np.repeat([1, -1], len(moments) // 2)
    at, place = np.unique(moments, return_inverse=True)
    rate = np.cumsum(np.bincount(place, weights=change)).astype(np.int64)
    spent_at = np.concatenate(([0], np.cumsum(rate[:-1] * np.diff(at))))
    return Together(at, rate, spent_at)
