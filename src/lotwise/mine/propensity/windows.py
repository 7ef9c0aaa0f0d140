"""Which past days are learned from, which weeks are kept apart, and how long silence means that a customer has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lotwise.mine.propensity.history import History

WEEK = 7
MOST = 12
"""Most past days learned from."""
WARM = 8
"""Whole weeks of history before the first of them, or one window where that is shorter."""
FEWEST_GAPS = 3
SHARE = 0.9


@dataclass(frozen=True)
class Windows:
    """Past days that stand for today; what happened in the days ahead of each is known.

    Parameters
    ----------
    ahead
        Days of a window.
    learned
        Days learned from; the windows of all of them end where ``earlier`` begins.
    earlier, later
        Days on whose windows calibration is learned, and the model chosen.
    check
        Day whose window, the last that is whole, is looked at once; the same as ``later`` where none is kept apart.
    latest
        Days that the chosen model is learned from again for today.
    """

    ahead: int
    learned: tuple[int, ...]
    earlier: int
    later: int
    check: int
    latest: tuple[int, ...]


def windows(start: int, today: int, ahead: int, *, step: int, checked: bool = True) -> Windows | None:
    """Return the days for a history from ``start`` to ``today``; None where it is too short.

    Parameters
    ----------
    ahead
        Days of a window.
    step
        Days between the days learned from.
    checked
        Whether the last window is kept apart for the scores; else it is the one that the choice is made by, and one more is
        learned from.
    """
    first = start + min(WARM * WEEK, ahead)
    check = today - ahead
    later = check - ahead if checked else check
    earlier = later - ahead
    learned = np.arange(earlier - ahead, first - 1, -step)[:MOST]
    if len(learned) == 0:
        return None
    latest = np.arange(check, first - 1, -step)[:MOST]
    return Windows(ahead, _days(learned), earlier, later, check, _days(latest))


def needed(ahead: int) -> int:
    """Return the days of history from which ``windows`` finds enough."""
    return 4 * ahead + min(WARM * WEEK, ahead)


def silence(history: History, weeks: int) -> tuple[int, bool]:
    """Return the days without an order after which a customer is said to have left, and whether they had to be fewer.

    A customer's own rhythm is the time within which nine of ten of their gaps between visits ended (customers with three
    gaps or more). The horizon is the whole weeks within which that is so for nine of ten customers; at least the weeks that
    are foreseen, and no more than the history allows.
    """
    every = history.every
    follows, gaps = every.gaps
    count = np.bincount(every.customer[follows], minlength=every.customers)
    order = np.lexsort((gaps[follows], every.customer[follows]))
    ends = np.cumsum(count)
    regular = count >= FEWEST_GAPS
    place = (ends - count + np.ceil(SHARE * count).astype(int) - 1)[regular]
    own = gaps[follows][order][place]
    usual = float(np.quantile(own, SHARE, method="higher")) if len(own) else 0.0
    wanted = max(-int(-usual // WEEK), weeks)
    allowed = max((history.today - history.start) // (5 * WEEK), weeks)
    return WEEK * min(wanted, allowed), wanted > allowed


def _days(found: np.ndarray) -> tuple[int, ...]:
    return tuple(int(day) for day in found[::-1])
