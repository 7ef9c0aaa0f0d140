"""The sequence of a schedule, timed again with one thing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.search.decode import decode
from lotwise.schedule.value import is_fixed, value
from lotwise.schedule.why.view import View

if TYPE_CHECKING:
    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop


class Timing:
    """A schedule's sequence, modes and overtime, from which it is timed again.

    Parameters
    ----------
    shop
        What was scheduled.
    schedule
        A schedule that keeps the rules.
    """

    def __init__(self, shop: Shop, schedule: Schedule) -> None:
        """Read the sequence; the member of a batch that is ready last opens it."""
        self.shop, self.schedule = shop, schedule
        view = View(shop, schedule)
        ready = np.array([view.ready(o) if schedule.batch[o] >= 0 else 0 for o in range(shop.size)], dtype=np.int64)
        order = np.lexsort((np.arange(shop.size), -ready, schedule.batch, schedule.end, schedule.start))
        self.sequence = order[~is_fixed(shop)[order]]
        again = decode(shop, self.sequence, schedule.mode, schedule.worked)
        self.total = min(value(shop, schedule).total, value(shop, again).total)

    def gain(
        self,
        *,
        shop: Shop | None = None,
        sequence: np.ndarray | None = None,
        mode: np.ndarray | None = None,
        worked: np.ndarray | None = None,
    ) -> float:
        """Return the money saved by changing what is given, the rest of the sequence as it is; below 0 where it costs more."""
        changed = self.shop if shop is None else shop
        again = decode(
            changed,
            self.sequence if sequence is None else sequence,
            self.schedule.mode if mode is None else mode,
            self.schedule.worked if worked is None else worked,
        )
        return self.total - value(changed, again).total

    def moved(self, operations: list[int], ahead_of: list[int]) -> np.ndarray:
        """Return the sequence with operations taken right before the first of others."""
        rest = self.sequence[~np.isin(self.sequence, operations)]
        places = np.flatnonzero(np.isin(rest, ahead_of))
        taken = self.sequence[np.isin(self.sequence, operations)]
        return np.insert(rest, places[0] if len(places) else 0, taken)
