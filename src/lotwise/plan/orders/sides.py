"""Supplies and demands of all items, in the order in which they meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass
class Side:
    """Supplies, or demands, as they are found.

    Parameters
    ----------
    item, week, place, units
        Number of the item and of the week, place within the week, and units of each.
    name
        What the table calls each; empty for what only passes through.
    start
        Number of what is started (``Current.started``) behind each, -1 for nothing.
    """

    item: list[NDArray[np.int64]] = field(default_factory=list)
    week: list[NDArray[np.int64]] = field(default_factory=list)
    place: list[NDArray[np.int64]] = field(default_factory=list)
    units: list[NDArray[np.float64]] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    start: list[NDArray[np.int64]] = field(default_factory=list)

    def add(
        self,
        names: list[str],
        item: NDArray[np.int64],
        week: NDArray[np.int64] | int,
        units: NDArray[np.float64] | float,
        *,
        place: int = 0,
        start: NDArray[np.int64] | int = -1,
    ) -> None:
        """Add some; what is one number holds for all of them."""
        count = len(names)
        self.name += names
        self.item.append(np.asarray(item, dtype=np.int64))
        for list_, value in ((self.week, week), (self.place, place), (self.start, start)):
            list_.append(np.broadcast_to(np.asarray(value, dtype=np.int64), count))
        self.units.append(np.broadcast_to(np.asarray(units, dtype=float), count))

    def sorted(self) -> Sorted:
        """Return them by item, week and place, those found first in front."""
        item, week, place, start = (np.concatenate(part) for part in (self.item, self.week, self.place, self.start))
        order = np.lexsort((place, week, item))
        names = [self.name[n] for n in order.tolist()]
        return Sorted(names, item[order], week[order], np.concatenate(self.units)[order], start[order])


@dataclass(frozen=True)
class Sorted:
    """Supplies or demands in the order they are served in; see ``Side``."""

    name: list[str]
    item: NDArray[np.int64]
    week: NDArray[np.int64]
    units: NDArray[np.float64]
    start: NDArray[np.int64]
