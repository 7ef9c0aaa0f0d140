"""Open time of one calendar with the overtime that is worked: whether it is open, and how many minutes it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lotwise.schedule.shop import Calendars

EVER = 1 << 50
"""Minutes that lie beyond everything; an opening without an end closes then."""


class Hours:
    """Openings of one calendar, those that touch put together, open for ever after the last one.

    Parameters
    ----------
    calendars
        All calendars.
    number
        Which of them.
    worked
        ``(n_periods,)`` whether each overtime period is worked.
    """

    def __init__(self, calendars: Calendars, number: int, worked: np.ndarray) -> None:
        """Leave out what is not worked, and put together what touches."""
        here = slice(calendars.offsets[number], calendars.offsets[number + 1])
        opens, closes, period = calendars.opens[here], calendars.closes[here], calendars.overtime[here]
        if not len(opens):
            self.opens, self.closes = np.array([-EVER]), np.array([EVER])
        else:
            there = np.array([p < 0 or bool(worked[p]) for p in period])
            opens = np.append(opens[there], closes[-1])
            closes = np.append(closes[there], EVER)
            begins = np.append(True, opens[1:] > closes[:-1])
            self.opens, self.closes = opens[begins], closes[np.append(begins[1:], True)]
        self.before = np.concatenate(([0], np.cumsum(self.closes - self.opens)[:-1]))

    def opening(self, minute: np.ndarray) -> np.ndarray:
        """Return the number of the opening each minute lies in; -1 where it is closed."""
        number = np.searchsorted(self.opens, minute, side="right") - 1
        return np.where((number >= 0) & (minute < self.closes[number]), number, -1)

    def passed(self, minute: np.ndarray) -> np.ndarray:
        """Return the open minutes before each minute."""
        number = np.maximum(np.searchsorted(self.opens, minute, side="right") - 1, 0)
        inside = np.clip(minute - self.opens[number], 0, self.closes[number] - self.opens[number])
        open_minutes: np.ndarray = self.before[number] + inside
        return open_minutes

    def begun(self, end: np.ndarray, minutes: np.ndarray) -> np.ndarray:
        """Return the latest open minute from which there are so many open minutes until ``end``; -EVER where there is none."""
        target = self.passed(end) - minutes
        number = np.maximum(np.searchsorted(self.before, target, side="right") - 1, 0)
        return np.where(target >= 0, self.opens[number] + target - self.before[number], -EVER)
