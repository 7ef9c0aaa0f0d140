"""A schedule as a walk back needs it: what is before what, on machines and in orders, in plain lists."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.check.hours import Hours
from lotwise.schedule.value import is_fixed, order_ends

if TYPE_CHECKING:
    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop


class View:
    """What the walk reads; lists have one entry an operation.

    Parameters
    ----------
    shop
        What was scheduled.
    schedule
        A schedule that keeps the rules.
    """

    def __init__(self, shop: Shop, schedule: Schedule) -> None:
        """Read the schedule into lists."""
        self.shop, self.schedule = shop, schedule
        self.start, self.end = schedule.start.tolist(), schedule.end.tolist()
        self.setup_start, self.behind = schedule.setup_start.tolist(), schedule.behind.tolist()
        self.machine = shop.modes.machine[schedule.mode].tolist()
        self.order, self.fixed = shop.operations.order.tolist(), is_fixed(shop).tolist()
        self.order_end = order_ends(shop, schedule)
        self._hours: dict[int, Hours] = {}

    @cached_property
    def members(self) -> dict[int, list[int]]:
        """The operations of each batch, by its number."""
        found: dict[int, list[int]] = {}
        for o in np.flatnonzero(self.schedule.batch >= 0).tolist():
            found.setdefault(int(self.schedule.batch[o]), []).append(o)
        return found

    @cached_property
    def _by_order(self) -> list[list[int]]:
        by_order = np.argsort(self.shop.operations.order, kind="stable")
        stops = np.cumsum(np.bincount(self.shop.operations.order, minlength=len(self.shop.orders.name)))
        return [some.tolist() for some in np.split(by_order, stops[:-1])]

    @cached_property
    def holders(self) -> dict[int, list[int]]:
        """The operations that hold each tool."""
        found: dict[int, list[int]] = {}
        operations = self.shop.operations
        for o in range(self.shop.size):
            for t in self.tools(o):
                found.setdefault(t, []).append(o)
        return found if len(operations.tool) else {}

    def late(self, order: int) -> int:
        """Return the minutes an order is late."""
        return max(0, int(self.order_end[order]) - int(self.shop.orders.due[order]))

    def operations_of(self, order: int) -> list[int]:
        """Return the operations of an order."""
        return self._by_order[order]

    def before(self, o: int) -> list[tuple[int, int]]:
        """Return what an operation follows, with the lags."""
        operations = self.shop.operations
        here = slice(operations.before_offsets[o], operations.before_offsets[o + 1])
        return list(zip(operations.before[here].tolist(), operations.lag[here].tolist(), strict=True))

    def tools(self, o: int) -> list[int]:
        """Return the tools an operation holds."""
        operations = self.shop.operations
        found: list[int] = operations.tool[operations.tool_offsets[o] : operations.tool_offsets[o + 1]].tolist()
        return found

    def together(self, o: int) -> list[int]:
        """Return the operations that share a batch with one, itself among them."""
        batch = int(self.schedule.batch[o])
        return self.members[batch] if batch >= 0 else [o]

    def released(self, o: int) -> int:
        """Return the minute before which nothing of an operation's order starts, not below 0."""
        return max(0, int(self.shop.orders.release[self.order[o]]))

    def ready(self, o: int) -> int:
        """Return the minute by which an operation's order, its material and those before it let it start."""
        after = [self.end[p] + lag for p, lag in self.before(o)]
        return int(max(self.released(o), int(self.shop.operations.release[o]), *after))

    def closed(self, o: int, start: int, end: int) -> int:
        """Return the closed minutes of an operation's calendar between two minutes."""
        calendar = int(self.shop.modes.calendar[self.schedule.mode[o]])
        if calendar not in self._hours:
            self._hours[calendar] = Hours(self.shop.calendars, calendar, self.schedule.worked)
        passed = self._hours[calendar].passed(np.array([start, end]))
        return end - start - int(passed[1] - passed[0])
