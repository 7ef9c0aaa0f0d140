"""A schedule and its shop side by side, as the rules look at them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.schedule.check.hours import Hours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop


@dataclass(frozen=True)
class Seen:
    """What the rules read; all arrays have one entry an operation."""

    shop: Shop
    schedule: Schedule

    @cached_property
    def machine(self) -> np.ndarray:
        """The machine."""
        machine: np.ndarray = self.shop.modes.machine[self.schedule.mode]
        return machine

    @cached_property
    def calendar(self) -> np.ndarray:
        """The calendar of the mode."""
        calendar: np.ndarray = self.shop.modes.calendar[self.schedule.mode]
        return calendar

    @cached_property
    def fixed(self) -> np.ndarray:
        """Whether it is a fact."""
        return np.zeros(self.shop.size, dtype=bool) if self.shop.before is None else self.shop.before.fixed.astype(bool)

    @cached_property
    def group(self) -> np.ndarray:
        """What is done together has one number, from 0: a batch, or an operation that is alone."""
        alone = np.arange(self.shop.size) + 1 + int(self.schedule.batch.max(initial=-1))
        numbers = np.where(self.schedule.batch >= 0, self.schedule.batch, alone)
        inverse: np.ndarray = np.unique(numbers, return_inverse=True)[1].reshape(-1)
        return inverse

    @cached_property
    def leader(self) -> np.ndarray:
        """The first member, by number, of what is done together."""
        first = np.full(int(self.group.max(initial=-1)) + 1, self.shop.size)
        np.minimum.at(first, self.group, np.arange(self.shop.size))
        leader: np.ndarray = first[self.group]
        return leader

    @cached_property
    def leads(self) -> np.ndarray:
        """Whether it is the first member."""
        leads: np.ndarray = self.leader == np.arange(self.shop.size)
        return leads

    @cached_property
    def minutes(self) -> np.ndarray:
        """Working minutes; in a batch the longest member's and what each adds."""
        count, mode = int(self.group.max(initial=-1)) + 1, self.schedule.mode
        longest, added = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        np.maximum.at(longest, self.group, self.shop.modes.minutes[mode])
        np.add.at(added, self.group, self.shop.modes.added[mode])
        minutes: np.ndarray = (longest + added)[self.group]
        return minutes

    @cached_property
    def behind(self) -> np.ndarray:
        """The first member of what is directly before it on its machine, as reported; -1: nothing."""
        return np.where(self.schedule.behind >= 0, self.leader[self.schedule.behind], -1)

    def hours(self, calendars: np.ndarray) -> Iterator[tuple[np.ndarray, Hours]]:
        """Yield the operations of each calendar, and its open time."""
        order = np.argsort(calendars, kind="stable")
        numbers, starts = np.unique(calendars[order], return_index=True)
        for at, number in enumerate(numbers):
            stops = starts[at + 1] if at + 1 < len(starts) else len(order)
            yield order[starts[at] : stops], Hours(self.shop.calendars, int(number), self.schedule.worked)

    def name(self, operation: int | np.integer[Any]) -> str:
        """Return the operation as messages call it."""
        return f"operation '{self.shop.operations.name[operation]}'"

    def where(self, operation: int | np.integer[Any]) -> str:
        """Return the operation with its machine and minutes."""
        start, end = self.schedule.start[operation], self.schedule.end[operation]
        return (
            f"{self.name(operation)} on machine '{self.shop.machines.name[self.machine[operation]]}' at minutes {start}-{end}"
        )
