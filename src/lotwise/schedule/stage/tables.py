"""A schedule as the tables of the stage."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.schedule.shop import NEVER
from lotwise.schedule.stage.days import day_rows
from lotwise.schedule.stage.given import end_of
from lotwise.schedule.stage.lines import served_besides
from lotwise.schedule.stage.places import Places
from lotwise.tables import contract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.schedule.jobs import Found
    from lotwise.schedule.stage.draft import Draft
    from lotwise.schedule.stage.given import Row

HOUR, DAY = 60.0, 1440.0
PUBLISHED, DISPATCH = "published", "dispatch"
GIVES = ("jobs", "lateness", "order_ends", "schedules", "machine_days")
REASON: dict[str, Any] = {"waited_for": None, "waited_hours": 0.0, "reason": "", "remedy": "", "gain": 0.0}
"""What ``lateness`` says of an order that is not late."""


def tables(draft: Draft, found: Found, other: Found | None = None, why: Sequence[Row] | None = None) -> dict[str, pa.Table]:
    """Return the tables of the stage for a schedule.

    Parameters
    ----------
    draft
        What was scheduled.
    found
        The schedule to publish.
    other
        The dispatch rule's, to compare with.
    why
        Why each part is late and what would help, in the order of ``draft.parts``: columns of ``lateness``.
    """
    places = Places(draft, found.schedule)
    rows = {
        "jobs": _jobs(draft, places),
        "lateness": _lateness(draft, places, why),
        "order_ends": _order_ends(draft, places),
        "schedules": [_schedule(draft, PUBLISHED, found)] + ([_schedule(draft, DISPATCH, other)] if other else []),
        "machine_days": day_rows(draft, places),
    }
    return {name: as_table(name, rows[name]) for name in GIVES}


def nothing() -> dict[str, pa.Table]:
    """Return the tables of the stage where there is nothing to schedule."""
    return {name: contract(name).empty() for name in GIVES}


def as_table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as a table that keeps its contract, in the order of its key, numbers to six digits."""
    table = contract(name)
    whole = pa.Table.from_pylist(list(rows), schema=table.schema)
    for place, column in enumerate(whole.schema):
        if pa.types.is_floating(column.type):
            whole = whole.set_column(place, column, pc.add(pc.round(whole[column.name], 6), 0.0))
    return whole.sort_by([(column, "ascending") for column in table.key])


def _jobs(draft: Draft, places: Places) -> list[Row]:
    rows = []
    for n, (p, step) in enumerate(draft.steps):
        part, machine = draft.parts[p], int(places.machine[n])
        name, group = draft.park.machines[machine]
        setup, before = int(places.setup[n]), draft.facts.rows.get(n)
        rows.append({
            "lot": part.key[0], "part": part.number, "step": step.number, "item": part.lot["item"],
            "units": part.started(step.number) * part.lot["units"] / part.lot["started"] if part.lot["started"] else part.units,
            "group": group.name, "machine": name,
            "starts": draft.given.moment(places.start[n]), "ends": draft.given.moment(places.end[n]),
            "setup_starts": draft.given.moment(places.setup_start[n]) if setup else None,
            "from_state": places.label(n, places.come_from(n)), "to_state": places.label(n, int(places.state[n])),
            "minutes": float(places.minutes[n]), "setup_minutes": float(setup),
            "overtime_minutes": float(places.overtime[n]),
            "batch": int(places.batch[n]) if places.batch[n] >= 0 else None, "place": int(places.place[n]),
            "status": places.status(n), "before": before["machine"] if before else None, "changed": bool(places.changed[n]),
        })  # fmt: skip
    return rows


def _lateness(draft: Draft, places: Places, why: Sequence[Row] | None) -> list[Row]:
    orders, goal = draft.shop.orders, draft.shop.goal
    rows = []
    for p, part in enumerate(draft.parts):
        due, end = int(orders.due[p]), int(places.order_end[p])
        late = max(end - due, 0)
        told = {name: value for name, value in why[p].items() if name in REASON} if why else {}
        rows.append({
            "lot": part.key[0], "part": part.number, "item": part.lot["item"],
            "due": draft.given.moment(due) if due < NEVER else None, "ends": draft.given.moment(end),
            "late_hours": late / HOUR, "money": goal.tardiness * float(orders.weight[p]) * late, **REASON, **told,
        })  # fmt: skip
    return rows


def _order_ends(draft: Draft, places: Places) -> list[Row]:
    """Return when each order line is made: by the last part it waits for; none where lots of later weeks serve it too."""
    known = {(row["order"], row["line"]): row for row in draft.given.rows("orders")}
    terms = {row["order"]: row["due"] for row in draft.given.rows("order_terms")}
    more = served_besides(draft.given)
    last: dict[tuple[str, int], tuple[int, int]] = {}
    due: dict[tuple[str, int], Any] = {}
    for p, part in enumerate(draft.parts):
        for line in part.lines:
            key = (line.order, line.line)
            if line.order and key not in more:
                last[key] = max(last.get(key, (-(1 << 62), 0)), (int(places.order_end[p]), p))
                due[key] = min(due.get(key, line.due), line.due)
    rows = []
    for key, (end, p) in last.items():
        part, ends = draft.parts[p], draft.given.moment(end)
        by, row = due[key], known.get(key, {})
        if row.get("due") is not None and terms.get(key[0]) is None:  # a lot may be due before: the plan ships what it made
            by = end_of(row["due"]) - (part.lot["ready"] - part.lot["week"])
        product = row.get("product", part.lot["item"])
        rows.append({
            "order": key[0], "line": key[1], "product": product, "lot": part.key[0], "part": part.number,
            "due": (by - timedelta(microseconds=1)).date(), "ends": ends,
            "late_days": max(0.0, (ends - by).total_seconds() / 60 / DAY),
        })  # fmt: skip
    return rows


def _schedule(draft: Draft, name: str, found: Found) -> Row:
    value = found.value
    return {
        "schedule": name, "starts": draft.given.start, "method": found.method, "why": found.why,
        "orders": len(draft.parts), "operations": draft.shop.size, "moves": found.moves,
        "total": value.total, "tardiness": value.tardiness, "setup": value.setup, "overtime": value.overtime,
        "change": value.change, "bound": found.bound, "late": value.late, "changed": value.changed,
        "ends": draft.given.moment(value.makespan),
    }  # fmt: skip
