"""What lots may be, and the switch that stands for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.reading.buying import round_up
from lotwise.plan.network.reading.draft import Whole
from lotwise.plan.problem import EDGE

if TYPE_CHECKING:
    from lotwise.plan.network.reading.given import Given
    from lotwise.plan.network.reading.routes import Route

MOST_LOTS = 50
"""Lots of one kind in a week at most, where the largest lot is limited."""


@dataclass(frozen=True, slots=True)
class LotRule:
    """What lots of one item at one site may be: units of level, 0 and infinite where they may be anything."""

    minimum: float
    multiple: float
    maximum: float

    @property
    def least(self) -> float:
        """Smallest lot: the minimum, rounded up to a multiple."""
        return round_up(self.minimum, self.multiple)

    @property
    def largest(self) -> float:
        """Largest lot: the maximum, rounded down to a multiple."""
        if self.multiple <= 0 or not np.isfinite(self.maximum):
            return self.maximum
        return float(np.floor(self.maximum / self.multiple + 1e-9) * self.multiple)

    def wholes(self, name: str, way: Route, need: float) -> tuple[Whole, ...]:
        """Return the switch of one way to make it: each time on is a lot with its set-up; none where nothing asks for one.

        Parameters
        ----------
        need
            Units that can be of use: where the largest lot is limited, as many lots fit into a week as make these, at most 50.
        """
        setup = bool(way.setup_hours or way.setup_cost)
        if not setup and self.least <= 0 and not np.isfinite(self.largest):
            return ()
        kind = "lot" if self.least > 0 or np.isfinite(self.largest) else "setup"
        most = 1
        if np.isfinite(self.largest):
            most = int(np.clip(np.ceil(need / max(self.largest, EDGE)), 1, MOST_LOTS))
        return (Whole(name, kind, self.least, self.largest, most, way.setup_hours, way.setup_cost),)


def lot_rule(given: Given, item: str, site: str) -> LotRule:
    """Return the rule of an item at a site: of ``items``, else of ``products``."""
    names = ("lot_minimum", "lot_multiple", "lot_maximum")
    minimum, multiple, maximum = (given.value(item, site, name, also="products") for name in names)
    minimum, multiple = (units if units is not None and units > EDGE else 0.0 for units in (minimum, multiple))
    return LotRule(minimum, multiple, np.inf if maximum is None else maximum)
