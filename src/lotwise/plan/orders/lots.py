"""Work orders: one row for each lot to make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.labels import APPROVED, FROZEN
from lotwise.plan.orders.numbers import expected_number

if TYPE_CHECKING:
    from lotwise.plan.orders.current import Current, Row

STATUS = {FROZEN: "frozen", APPROVED: "approved"}


def _status(current: Current, started: int) -> str:
    activity, week = int(current.started.activity[started]), int(current.started.week[started])
    waits = current.flow.expected is not None and current.flow.expected[activity, week] > 0
    if waits and current.started.number[started] == expected_number(current, activity, week):
        return "expected"
    return STATUS.get(int(current.labels.decided[activity, week]), "proposed")


def lot_rows(current: Current) -> list[Row]:
    """Return the rows of the table ``lots``, by number.

    A lot is what one activity that makes something starts in one week; where lots have a largest size, as many as the
    plan has switched on. Numbers: see ``numbers.lot_prefix``.
    """
    network, labels, started = current.network, current.labels, current.started
    left: dict[tuple[int, int], float] = {}
    rows: list[Row] = []
    last = {(int(a), int(w)): n for n, (a, w) in enumerate(zip(started.activity, started.week, strict=True))}
    for n in np.flatnonzero(current.is_lot[started.activity]).tolist():
        activity, week, level = int(started.activity[n]), int(started.week[n]), float(started.level[n])
        item, out = int(labels.item[activity]), float(current.out[activity])
        before = float(network.activities.before[activity, week])
        rest = left.setdefault((activity, week), before * out)
        previous = rest if last[activity, week] == n else min(level * out, rest)
        left[activity, week] = rest - previous
        rows.append(
            {
                "lot": started.number[n],
                "item": network.items.names[item],
                "site": network.items.sites[item],
                "route": labels.route[activity],
                "week": current.day(week),
                "ready": current.day(week + int(network.activities.lead[activity])),
                "started": level,
                "units": level * out,
                "family": labels.family[activity],
                "status": _status(current, n),
                "previous": None if np.isnan(before) else previous,
            }
        )
    return sorted(rows, key=lambda row: str(row["lot"]))
