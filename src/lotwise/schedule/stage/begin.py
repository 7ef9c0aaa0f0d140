"""The schedule before as a start for the search: its machines, its sequence, and the overtime it worked."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.search import decode

if TYPE_CHECKING:
    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop
    from lotwise.schedule.stage.draft import Draft


def begin(draft: Draft, simple: Schedule) -> Schedule | None:
    """Return the schedule before, carried out in the shop as it is now; none where there was none.

    Parameters
    ----------
    draft
        What is scheduled.
    simple
        Any feasible schedule: what was not scheduled before comes where it has it.
    """
    shop = draft.shop
    if shop.before is None or not draft.facts.rows:
        return None
    choice, start = np.full(shop.size, -1, dtype=np.int64), simple.start.copy()
    for n in draft.facts.rows:
        own = np.arange(shop.modes.offsets[n], shop.modes.offsets[n + 1])
        same = own[shop.modes.machine[own] == shop.before.machine[n]]
        if len(same):
            choice[n], start[n] = same[0], shop.before.start[n]
    return decode(shop, _sequence(shop, start), choice, _worked(draft))


def _sequence(shop: Shop, start: np.ndarray) -> np.ndarray:
    """Return the operations that are not fixed by their start, each after those it waits for."""
    assert shop.before is not None  # noqa: S101  there is no schedule before without it
    operations, fixed = shop.operations, shop.before.fixed
    count = np.diff(operations.before_offsets)
    after: list[list[int]] = [[] for _ in range(shop.size)]
    for n, earlier in zip(np.repeat(np.arange(shop.size), count).tolist(), operations.before.tolist(), strict=True):
        after[earlier].append(n)
    left = count.copy()
    ready: list[tuple[int, int]] = []
    for n in np.flatnonzero(count == 0).tolist():
        heappush(ready, (int(start[n]), n))
    found = []
    while ready:
        _, n = heappop(ready)
        if not fixed[n]:
            found.append(n)
        for later in after[n]:
            left[later] -= 1
            if left[later] == 0:
                heappush(ready, (int(start[later]), later))
    return np.array(found, dtype=np.int64)


def _worked(draft: Draft) -> np.ndarray:
    """Return which overtime periods a job of the schedule before worked in."""
    names: set[str] = set()
    number = {name: n for n, name in enumerate(draft.shop.machines.name)}
    for row in draft.facts.rows.values():
        if row["overtime_minutes"] <= 0:
            continue
        since, until = draft.given.minute(row["setup_starts"] or row["starts"]), draft.given.minute(row["ends"])
        openings = draft.openings(number[row["machine"]])
        names |= {o.period for o in openings if o.period and o.opens < until and since < o.closes}
    return np.array([name in names for name in draft.shop.calendars.periods], dtype=np.bool_)
