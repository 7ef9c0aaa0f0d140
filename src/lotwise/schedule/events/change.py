"""Events as changes of the tables that the stage takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from lotwise.errors import InputError, breaches, did_you_mean
from lotwise.schedule.stage.given import Given
from lotwise.schedule.stage.park import park
from lotwise.tables import contract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lotwise.config import Settings
    from lotwise.schedule.events.events import Events, Floor, Late, Rush, Scrap
    from lotwise.schedule.stage.park import Park

Row = dict[str, Any]
RUSH = "rush"
LISTED = 10
"""Names told where one is not known."""


@dataclass(frozen=True)
class Changed:
    """The tables that events change, and the settings under which the schedule is made anew.

    Parameters
    ----------
    tables
        The changed tables alone, by name.
    settings
        As before, from the minute the events are known.
    """

    tables: dict[str, pa.Table]
    settings: Settings


def change(tables: Mapping[str, pa.Table], settings: Settings, events: Events) -> Changed:
    """Return the tables with what happened, and the settings with now as the start.

    Parameters
    ----------
    tables
        What the stage takes, and ``jobs`` as published.
    settings
        All settings.
    events
        What happened.

    Raises
    ------
    InputError
        Events name machines, lots, parts, steps, items or materials that do not exist, times that cannot be, or units that
        are not there: all of it is listed, and nothing is changed.
    """
    draft = _Draft(tables, settings, events)
    draft.take()
    if draft.faults:
        raise InputError(breaches("What happened does not fit what is scheduled", draft.faults))
    schedule = msgspec.structs.replace(settings.schedule, start=draft.now)
    changed = {name: _table(name, rows) for name, rows in draft.changed.items()}
    return Changed(changed, msgspec.structs.replace(settings, schedule=schedule))


@dataclass
class _Draft:
    """Tables as they are being changed."""

    tables: Mapping[str, pa.Table]
    settings: Settings
    events: Events
    changed: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._given = Given(self.tables, self.settings)
        self.now: datetime = self.events.now or self.events.earliest or self._given.start
        self._park: Park = park(self._given)
        self._jobs = {(row["lot"], row["part"], row["step"]): row for row in self._given.rows("jobs")}
        self._lots = {row["lot"]: row for row in self._given.rows("lots")}

    def take(self) -> None:
        """Change the tables by all events, and note what cannot be."""
        for down in self.events.down:
            self._down(down.machine, down.since, down.until, down.reason)
        for number, rush in enumerate(self.events.rush, start=1):
            self._rush(rush, number)
        for late in self.events.late:
            self._late(late)
        for floor in self.events.floor:
            self._floor(floor)
        for scrap in self.events.scrap:
            self._scrap(scrap)

    def _rows(self, name: str) -> list[Row]:
        """Return the rows of a table to change."""
        if name not in self.changed:
            table = self.tables.get(name)
            self.changed[name] = [] if table is None else table.to_pylist()
        return self.changed[name]

    def _known(self, what: str, name: str, known: Mapping[str, object] | set[str]) -> bool:
        if name in known:
            return True
        names = sorted(known)
        others = f"; there are {', '.join(names[:LISTED])}{' and more' if len(names) > LISTED else ''}" if names else ""
        self.faults.append(f"{what} '{name}' does not exist{did_you_mean(name, known) or others}")
        return False

    def _down(self, machine: str, since: datetime, until: datetime, reason: str) -> None:
        places = {name for name, _ in self._park.machines} | set(self._park.groups) | set(self._park.tools)
        if until <= since:
            self.faults.append(f"down: '{machine}' works again at {until}, which is not after {since}")
        if self._known("down: machine", machine, places) and until > since:
            rows = self._rows("downtime")
            rows[:] = [row for row in rows if (row["machine"], row["starts"]) != (machine, since)]
            rows.append({"machine": machine, "starts": since, "ends": until, "kind": "breakdown", "reason": reason or None})

    def _rush(self, rush: Rush, number: int) -> None:
        if bool(rush.order) == bool(rush.item):
            self.faults.append(
                f"rush {number} names {'both' if rush.order else 'neither'} an order and an item; name one of them"
            )
        elif rush.order:
            if self._known("rush: order", rush.order, {*self._given.ordered, *self._lots}):
                self._term(rush.order, due=rush.due, weight=rush.weight)
        elif rush.units is None or rush.due is None:
            self.faults.append(f"rush {number}: units and due must be given for more of item '{rush.item}'")
        elif self._known("rush: item", rush.item, {row["item"] for row in self._given.rows("routing")}):
            self._more(rush, f"{RUSH}/{rush.item}/{number}", rush.units)

    def _more(self, rush: Rush, name: str, units: float) -> None:
        """Add a lot that nobody planned."""
        like: Row = next((row for row in self._lots.values() if row["item"] == rush.item), {})
        week = self._given.first
        self._rows("lots").append({
            "lot": name, "item": rush.item, "site": like.get("site", "all"), "route": like.get("route", ""), "week": week,
            "ready": week, "started": units * (like["started"] / like["units"] if like.get("units") else 1.0), "units": units,
            "family": like.get("family", ""), "status": "approved", "previous": None,
        })  # fmt: skip
        self._term(name, due=rush.due, weight=rush.weight)

    def _term(self, order: str, **said: object) -> None:
        """Say something in ``order_terms``, which keeps what it says otherwise."""
        rows = self._rows("order_terms")
        row = next((row for row in rows if row["order"] == order), None)
        if row is None:
            row = {"order": order, "release": None, "due": None, "weight": None}
            rows.append(row)
        row.update({name: value for name, value in said.items() if value is not None})

    def _late(self, late: Late) -> None:
        if bool(late.lot) == bool(late.material):
            self.faults.append(
                f"late until {late.until} names {'both' if late.lot else 'neither'} a lot and a material; name one"
            )
        elif late.lot:
            if self._known("late: lot", late.lot, self._lots):
                self._term(late.lot, release=late.until)
        else:
            self._late_material(late.material, late.until)

    def _late_material(self, material: str, until: datetime) -> None:
        day = until.date() + timedelta(days=until.time() > time())
        count = 0
        for name, column, when in (("purchases", "material", "arrives"), ("receipts", "item", "day")):
            rows = self._given.rows(name)
            hit = [row for row in rows if row[column] == material and self._given.start.date() <= row[when] < day]
            count += len(hit)
            if hit:
                changed = self._rows(name)
                changed[:] = [row | {when: day} if _among(row, hit) else row for row in changed]
        if not count:
            self.faults.append(
                f"late: nothing of material '{material}' is on its way that would come before {day}; where stock is missing, "
                "say which lots wait: [[late]] with lot"
            )

    def _job(self, what: str, lot: str, part: int, step: int) -> Row | None:
        """Return a job as published; none, and a fault, where there is none."""
        job = self._jobs.get((lot, part, step))
        if job is None:
            parts = {key[1] for key in self._jobs if key[0] == lot}
            steps = {key[2] for key in self._jobs if key[:2] == (lot, part)}
            hint = f"its parts are 1 to {max(parts)}" if parts else f"no job of it is scheduled{did_you_mean(lot, self._lots)}"
            hint = f"its steps are {', '.join(map(str, sorted(steps)))}" if steps else hint
            self.faults.append(f"{what}: lot '{lot}', part {part}, step {step} does not exist: {hint}")
        return job

    def _floor(self, floor: Floor) -> None:
        job = self._job("floor", floor.lot, floor.part, floor.step)
        if job is None:
            return
        machine, started = floor.machine or job["machine"], floor.started or min(job["starts"], floor.finished or job["starts"])
        told = f"floor: lot '{floor.lot}', part {floor.part}, step {floor.step}"
        self._known(f"{told}: machine", machine, {name for name, _ in self._park.machines})
        for name, when in (("started", started), ("finished", floor.finished)):
            if when is not None and when > self.now:
                self.faults.append(f"{told} {name} at {when}, which is after now, {self.now}")
        if floor.finished is not None and floor.finished < started:
            self.faults.append(f"{told} finished at {floor.finished}, before it started, {started}")
        self._feed(job, machine=machine, started=started, finished=floor.finished, expected=floor.expected)

    def _feed(self, job: Row, **said: object) -> None:
        """Say something in ``floor``, which keeps what it says otherwise."""
        rows, key = self._rows("floor"), (job["lot"], job["part"], job["step"])
        row = next((row for row in rows if (row["lot"], row["part"], row["step"]) == key), None)
        if row is None:
            row = dict(zip(("lot", "part", "step"), key, strict=True))
            over = job["ends"] if job["ends"] <= self.now else None
            row |= {"machine": job["machine"], "started": job["starts"], "finished": over, "expected": None, "scrapped": None}
            rows.append(row)
        row.update({name: value for name, value in said.items() if value is not None})
        if said.get("expected") is not None:
            row["finished"] = None

    def _scrap(self, scrap: Scrap) -> None:
        begun = [key[2] for key, job in self._jobs.items() if key[:2] == (scrap.lot, scrap.part) and job["starts"] <= self.now]
        step = scrap.step if scrap.step is not None else max(begun, default=None)
        if step is None:
            told = f"scrap: nothing of lot '{scrap.lot}', part {scrap.part} has begun by {self.now}"
            self.faults.append(f"{told}{'' if scrap.lot in self._lots else did_you_mean(scrap.lot, self._lots)}")
            return
        job = self._job("scrap", scrap.lot, scrap.part, step)
        if job is None:
            return
        units = job["units"] if scrap.units is None else scrap.units
        if units > job["units"] + 1e-6:
            self.faults.append(f"scrap: {units:g} units of lot '{scrap.lot}', part {scrap.part}, which has {job['units']:g}")
            return
        self._feed(job, scrapped=units)


def _among(row: Row, hit: list[Row]) -> bool:
    return any(row == other for other in hit)


def _table(name: str, rows: list[Row]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=contract(name).schema)
