"""Where each operation of a schedule stands: its machine, its place in line, its set-up, its overtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.stage.draft import Draft
    from lotwise.schedule.stage.openings import Opening

PLANNED, FROZEN = "planned", "frozen"


class Places:
    """What is published of a schedule, one entry an operation; times are minutes.

    Attributes
    ----------
    machine, start, end, setup_start, state
        As in the schedule and its shop; facts need no set-up.
    minutes, setup, overtime
        Working minutes, those of the set-up, and those of both that lie in overtime.
    batch
        Number of the batch by start, from 0; -1: alone.
    place
        Place on its machine, from 1.
    changed
        Whether machine or sequence are other ones than before.
    order_end
        When each part ends.
    """

    def __init__(self, draft: Draft, schedule: Schedule) -> None:
        shop = draft.shop
        self._draft, self._schedule = draft, schedule
        self.machine = shop.modes.machine[schedule.mode]
        self.start, self.end, self.setup_start = schedule.start, schedule.end, schedule.setup_start
        self.state = shop.operations.state
        before = shop.before
        self._fixed = np.zeros(shop.size, dtype=bool) if before is None else before.fixed
        self._worked = {name for name, on in zip(shop.calendars.periods, schedule.worked, strict=True) if on}
        self._open = [
            [o for o in draft.openings(m) if not o.period or o.period in self._worked] for m in range(len(draft.park.machines))
        ]
        self.batch = _numbered(schedule)
        self.place = self._in_line()
        self.setup = self._setups()
        self.minutes = self._minutes()
        self.overtime = self._overtime()
        self.order_end = shop.orders.release.copy()
        self.order_end[shop.operations.order] = -(1 << 40)
        np.maximum.at(self.order_end, shop.operations.order, schedule.end)
        self.changed = np.zeros(shop.size, dtype=bool)
        if before is not None:
            was = before.machine >= 0
            behind = (before.behind != -2) & (before.behind != schedule.behind)  # noqa: PLR2004  "not known"
            self.changed = was & ~self._fixed & ((before.machine != self.machine) | behind)

    def open(self, machine: int) -> list[Opening]:
        """Return when a machine is open: regular hours, and overtime that is worked."""
        return self._open[machine]

    def come_from(self, n: int) -> int:
        """Return the state its machine was in before an operation; -1: not known."""
        behind = int(self._schedule.behind[n])
        while behind >= 0 and self.state[behind] < 0:
            behind = int(self._schedule.behind[behind])
        return int(self.state[behind]) if behind >= 0 else int(self._draft.shop.machines.state[self.machine[n]])

    def label(self, n: int, state: int) -> str | None:
        """Return what a state is called on the machine of an operation; none where it has no set-ups, or it is not known."""
        shop = self._draft.shop
        machine = int(self.machine[n])
        if state < 0 or self.state[n] < 0 or shop.machines.setups[machine] < 0:
            return None
        return self._draft.states.label(shop.machines.group[machine], state)

    def status(self, n: int) -> str:
        """Return where an operation stands."""
        if not self._fixed[n]:
            return PLANNED
        return self._draft.facts.told[n].status

    def _in_line(self) -> np.ndarray:
        place = np.zeros(len(self.machine), dtype=np.int64)
        last: dict[int, int] = {}
        for n in np.lexsort((np.arange(len(place)), self.end, self.start)).tolist():
            machine = int(self.machine[n])
            last[machine] = place[n] = last.get(machine, 0) + 1
        return place

    def _setups(self) -> np.ndarray:
        """Return the minutes of set-up before each operation; of a batch those of its first member alone, of facts none."""
        shop = self._draft.shop
        found = np.zeros(shop.size, dtype=np.int64)
        first: set[int] = set()
        for n in np.argsort(self.place, kind="stable").tolist():
            matrix = int(shop.machines.setups[self.machine[n]])
            if self._fixed[n] or matrix < 0 or self.state[n] < 0 or int(self.batch[n]) in first:
                continue
            if self.batch[n] >= 0:
                first.add(int(self.batch[n]))
            found[n] = shop.setups.minutes[matrix, self.come_from(n), self.state[n]]
        return found

    def _minutes(self) -> np.ndarray:
        """Return working minutes: of a batch the longest member's and what each adds; of facts those they took in open time."""
        modes, mode = self._draft.shop.modes, self._schedule.mode
        found = modes.minutes[mode] + modes.added[mode]
        for number in range(int(self.batch.max(initial=-1)) + 1):
            members = np.flatnonzero(self.batch == number)
            found[members] = modes.minutes[mode[members]].max() + modes.added[mode[members]].sum()
        return np.asarray(found)

    def _overtime(self) -> np.ndarray:
        found = np.zeros(len(self.machine), dtype=np.int64)
        extra = [[o for o in some if o.period] for some in self._open]
        for n, machine in enumerate(self.machine.tolist()):
            spans = [(int(self.start[n]), int(self.end[n]))]
            spans += [(int(self.setup_start[n]), int(self.start[n]))] if self.setup[n] else []
            found[n] = sum(within(extra[machine], *span) for span in spans)
        return found


def within(openings: list[Opening], start: int, end: int) -> int:
    """Return the minutes of ``[start, end)`` in which something is open."""
    return sum(max(min(o.closes, end) - max(o.opens, start), 0) for o in openings)


def _numbered(schedule: Schedule) -> np.ndarray:
    """Return batches numbered from 0 by their start and their first member."""
    first: dict[int, int] = {}
    for n in np.lexsort((np.arange(len(schedule.batch)), schedule.start)).tolist():
        if schedule.batch[n] >= 0:
            first.setdefault(int(schedule.batch[n]), len(first))
    return np.array([first.get(int(number), -1) for number in schedule.batch], dtype=np.int64)
