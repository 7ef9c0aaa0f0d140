"""Reasons and remedies as columns of table ``lateness``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.schedule.why import words
from lotwise.schedule.why.reasons import late_orders, reason
from lotwise.schedule.why.remedies import helping
from lotwise.schedule.why.timing import Timing
from lotwise.schedule.why.view import View

if TYPE_CHECKING:
    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop

TRIED = 20
"""Orders that remedies are worked out for, those that cost most by being late."""
TOLD = 3
"""Remedies told of one order."""


def lateness_rows(shop: Shop, schedule: Schedule, *, tried: int = TRIED) -> list[dict[str, Any]]:
    """Return ``waited_for``, ``waited_hours``, ``reason``, ``remedy`` and ``gain`` of each order, in the order of the shop's.

    Parameters
    ----------
    shop
        What was scheduled.
    schedule
        A schedule that keeps the rules.
    tried
        Orders that remedies are worked out for, those that cost most by being late; each takes a few decoded schedules.
    """
    rows: list[dict[str, Any]] = [
        {"waited_for": None, "waited_hours": 0.0, "reason": "", "remedy": "", "gain": 0.0} for _ in shop.orders.name
    ]
    view = View(shop, schedule)
    late = late_orders(view)
    if not late:
        return rows
    timing = Timing(shop, schedule) if tried > 0 else None
    for place, order in enumerate(late):
        why = reason(view, order)
        row = rows[order]
        row.update(waited_for=words.waited_for(view, why), waited_hours=why.waited / words.HOUR, reason=words.told(view, why))
        if timing is None or place >= tried:
            row["remedy"] = words.NOT_TRIED.format(count=place)
            continue
        found = helping(view, timing, why)
        row.update(remedy=words.helped(view, found[:TOLD]), gain=found[0].gain if found else 0.0)
    return rows
