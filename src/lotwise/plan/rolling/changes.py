"""How nervous a planner is: lots that change from one plan to the next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.rolling.simulate import Rolled

SAME = 0.01
"""Share of a level by which a lot may differ and still be the same one."""
NOTHING = 1e-3
"""Units below this are no lot."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Lots of successive plans, counted over the weeks both cover.

    Parameters
    ----------
    lots
        Activity-weeks with a lot in either plan.
    changed
        Of these: those that came, went, or differ by more than 1 %.
    units
        Units by which they differ.
    """

    lots: int
    changed: int
    units: float

    @property
    def share(self) -> float:
        """Share of lots that changed; 0 where there are none."""
        return self.changed / self.lots if self.lots else 0.0


def changes(rolled: Rolled, *, activities: NDArray[np.int64] | None = None, fence: int = 0) -> Changes:
    """Return how many lots changed from each plan to the next.

    Parameters
    ----------
    rolled
        What was simulated; the planner must have decided more than one week ahead.
    activities
        Which ones are counted; by default all.
    fence
        First weeks of each plan that are left out, because they are frozen.
    """
    lots = changed = 0
    units = 0.0
    for old, new in pairwise(rolled.plans):
        both = min(old.shape[1] - 1, new.shape[1])
        chosen = slice(None) if activities is None else activities
        was, now = old[chosen, 1 + fence : 1 + both], new[chosen, fence:both]
        is_lot = (was > NOTHING) | (now > NOTHING)
        apart = np.abs(now - was)
        differs = is_lot & (apart > np.maximum(SAME * np.maximum(was, now), NOTHING))
        lots, changed = lots + int(is_lot.sum()), changed + int(differs.sum())
        units += float(apart[differs].sum())
    return Changes(lots, changed, units)
