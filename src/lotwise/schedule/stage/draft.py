"""The shop that the tables describe, and what each of its operations stands for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import ContractError, breaches
from lotwise.schedule.shop import (
    INSIDE,
    NEVER,
    PAUSES,
    RUNS_ON,
    Calendars,
    Goal,
    Machines,
    Modes,
    Operations,
    Orders,
    Shop,
    Tools,
)
from lotwise.schedule.stage.facts import Work, facts
from lotwise.schedule.stage.openings import Hours, Opening, both
from lotwise.schedule.stage.park import park
from lotwise.schedule.stage.parts import parts
from lotwise.schedule.stage.states import States
from lotwise.schedule.stage.waits import arrivals, part_waits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from lotwise.schedule.stage.facts import Facts
    from lotwise.schedule.stage.given import Given, Row
    from lotwise.schedule.stage.park import Group, Park
    from lotwise.schedule.stage.parts import Part
    from lotwise.schedule.stage.routes import Step

CROSSING = {"inside": INSIDE, "pauses": PAUSES, "runs on": RUNS_ON, None: PAUSES}
LISTED = 20


@dataclass(frozen=True)
class Draft:
    """A shop and what it stands for.

    Parameters
    ----------
    given
        What it was made of.
    shop
        The shop: its orders are ``parts``, in their order; operation n is step ``steps[n][1]`` of part ``steps[n][0]``.
    parts, steps
        See there.
    park, hours, states
        Machines and tools, when they are open, and the names of set-up states.
    facts
        What stays as it is, and the schedule before.
    arrives
        Part -> when the last of its materials is there, and which it is.
    """

    given: Given
    shop: Shop
    parts: list[Part]
    steps: list[tuple[int, Step]]
    park: Park
    hours: Hours
    states: States
    facts: Facts
    arrives: dict[int, tuple[datetime, str]]

    @property
    def has_begun(self) -> bool:
        """Whether some operation has begun: what is wanted then is little change, and soon."""
        return any(fact.start < 0 for fact in self.facts.told.values())

    def openings(self, machine: int) -> list[Opening]:
        """Return when a machine is open, by its number."""
        name, group = self.park.machines[machine]
        return self.hours.machine(name, group)


@dataclass(frozen=True)
class _Way:
    """One mode: an operation on a machine."""

    machine: int
    minutes: int
    added: int
    cost: float
    calendar: int


def draft(given: Given) -> Draft | None:
    """Return the shop of the lots of the coming weeks; none where no lot has a step.

    Raises
    ------
    ContractError
        Tables do not fit together, a step has no time at which everything it needs is there, it is longer than any opening
        although it must fit into one, or it needs more of a tool than there is: all of them are listed.
    """
    if not given.rows("lots") or not given.lots:
        return None
    found = parts(given)
    if not found:
        return None
    return _Maker(given, found).draft()


class _Maker:
    """Makes a shop of parts."""

    def __init__(self, given: Given, found: list[Part]) -> None:
        self._given, self._parts = given, found
        self._park, self._states = park(given), States(given)
        since = [row["starts"] for row in given.rows("jobs")] + [row["started"] for row in given.rows("floor")]
        self._hours = Hours(given, self._park, min([moment.date() for moment in since], default=date.max))
        self._machines = self._park.machines
        self._place = {name: n for n, (name, _) in enumerate(self._machines)}
        self._open = [self._hours.machine(name, group) for name, group in self._machines]
        self._tools = {name: self._hours.tool(name) for name in self._park.tools}
        self._steps = [(n, step) for n, part in enumerate(found) for step in part.steps]
        self._waits = part_waits(given, found)
        self._calendars = _Registry()
        self._faults: list[str] = []

    def draft(self) -> Draft:
        given = self._given
        arrives = arrivals(given, self._parts)
        state = [self._states.of(self._parts[p], step) for p, step in self._steps]
        self._states.settle(given)
        if self._states.is_summed:
            state = [-1 if not self._named(step) else s for s, (_, step) in zip(state, self._steps, strict=True)]
        setups, matrix = self._states.setups()
        ways = [list(self._ways(self._parts[p], step)) for p, step in self._steps]
        if self._faults:
            more = [f"and {len(self._faults) - LISTED} more"] if len(self._faults) > LISTED else []
            raise ContractError(breaches("Some steps cannot be done", [*self._faults[:LISTED], *more]))
        before = self._before()
        orders, release = self._orders(ways), self._releases(arrives)
        work = Work(
            keys=[(*self._parts[p].key, step.number) for p, step in self._steps],
            machines=self._place,
            minutes=[{way.machine: way.minutes + way.added for way in some} for some in ways],
            crossing=[CROSSING[step.ways[0]["closed"]] for _, step in self._steps],
            before=before,
            release=[max(own, int(orders.release[p])) for own, (p, _) in zip(release, self._steps, strict=True)],
            openings=lambda machine: self._open[machine],
        )
        known = facts(given, work)
        shop = Shop(
            orders=orders,
            operations=self._operations(state, release, _kept(before, known), work),
            modes=_modes(ways),
            machines=self._all_machines(matrix),
            calendars=self._calendars.calendars(),
            setups=setups,
            tools=Tools(tuple(self._park.tools), np.array(list(self._park.tools.values()), dtype=np.int64)),
            goal=_goal(given),
            before=known.before(given, work),
            start=given.start,
        )
        return Draft(given, shop, self._parts, self._steps, self._park, self._hours, self._states, known, arrives)

    def _named(self, step: Step) -> bool:
        return any(self._states.has_setups(way["machine"]) for way in step.ways)

    def _ways(self, part: Part, step: Step) -> Iterable[_Way]:
        """Yield the modes of one step; what speaks against all of them goes to the faults."""
        what = f"lot {part.key[0]}, step {step.number}"
        short = [name for name, count in step.tools.items() if count > self._park.tools[name]]
        found, longest = [], 0
        for row in step.ways:
            group = self._park.groups.get(row["machine"])
            if group is None:
                self._faults.append(f"{what}: machine '{row['machine']}' of the routing is not in the table machines")
                continue
            minutes, added = self._minutes(part, step, row, group)
            for name in group.machines:
                calendar, most = self._calendars.of(self._open[self._place[name]], [self._tools[tool] for tool in step.tools])
                longest = max(longest, most)
                if most and (row["closed"] != "inside" or minutes + added <= most):
                    cost = (row["unit_cost"] or 0.0) * part.started(step.number)
                    found.append(_Way(self._place[name], minutes, added, cost, calendar))
        if short:
            have = ", ".join(f"{step.tools[name]} of {name}, of which there are {self._park.tools[name]}" for name in short)
            self._faults.append(f"{what} needs {have}")
        elif not found and longest:
            hint = "let it pause or run on (routing.closed), or lower schedule.part_hours"
            self._faults.append(f"{what} is longer than any opening, at most {longest / 60:g} hours: {hint}")
        elif not found:
            names = ", ".join([*(row["machine"] for row in step.ways), *step.tools])
            self._faults.append(f"{what}: {names} have no working time together; see shifts, machines.hours and downtime")
        return found

    def _minutes(self, part: Part, step: Step, row: Row, group: Group) -> tuple[int, int]:
        """Return the minutes of a step on a group, and those it adds to a batch."""
        units = part.started(step.number)
        if row["batch"] is not None and group.row["room"]:
            whole = row["hours"] * units if row["batch_hours"] is None else row["batch_hours"]
            return _whole(whole), _whole((row["batch_unit_hours"] or 0.0) * units)
        return _whole(row["hours"] * units + self._states.lot_hours(group.name, part.lot["item"])), 0

    def _before(self) -> dict[int, list[tuple[int, int]]]:
        """Return operation -> (operation before it, minutes of waiting between them)."""
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        found: dict[int, list[tuple[int, int]]] = {}
        for n, (p, _) in enumerate(self._steps):
            if p in last:
                found[n] = [(last[p], self._lag(last[p]))]
            first.setdefault(p, n)
            last[p] = n
        for p, others in self._waits.items():
            found.setdefault(first[p], []).extend((last[other], self._lag(last[other])) for other in sorted(set(others)))
        return found

    def _lag(self, n: int) -> int:
        return _whole(max((row["wait_hours"] or 0.0) for row in self._steps[n][1].ways))

    def _orders(self, ways: list[list[_Way]]) -> Orders:
        given = self._given
        terms = {row["order"]: row for row in given.rows("order_terms")}
        needed = self._needed(ways)
        release, due, weight = [], [], []
        for p, part in enumerate(self._parts):
            told = terms.get(part.key[0], {})
            moments = [*(line.release for line in part.lines), part.after, told.get("release")]
            release.append(max((given.minute(moment) for moment in moments if moment is not None), default=0))
            due.append(given.minute(told["due"]) if told.get("due") else needed[p])
            times = 1.0 if told.get("weight") is None else told["weight"]
            weight.append(times * part.weight / 60.0)
        return Orders(
            name=tuple(f"{lot}/{number}" for lot, number in (part.key for part in self._parts)),
            release=np.maximum(np.array(release, dtype=np.int64), 0),
            due=np.minimum(np.array(due, dtype=np.int64), NEVER),
            weight=np.array(weight, dtype=float),
        )

    def _needed(self, ways: list[list[_Way]]) -> list[int]:
        """Return the minute each part is due; what only goes into other parts, when the first of them must begin for that."""
        work = [0] * len(self._parts)
        for (p, _), some in zip(self._steps, ways, strict=True):
            work[p] += min(way.minutes + way.added for way in some)
        users: dict[int, set[int]] = {}
        for p, others in self._waits.items():
            for other in others:
                users.setdefault(other, set()).add(p)
        found: dict[int, int] = {}

        def need(p: int) -> int:
            if p not in found:
                own = self._given.minute(self._parts[p].due)
                begin = [need(user) - work[user] for user in sorted(users.get(p, ()))]
                found[p] = min(begin) if begin and self._parts[p].is_inside else min([own, *begin]) if begin else own
            return found[p]

        return [need(p) for p in range(len(self._parts))]

    def _releases(self, arrives: dict[int, tuple[datetime, str]]) -> list[int]:
        """Return the minute the materials of each operation are there; those of a part are needed at its first step."""
        seen: set[int] = set()
        found = []
        for p, _ in self._steps:
            found.append(max(self._given.minute(arrives[p][0]), 0) if p in arrives and p not in seen else 0)
            seen.add(p)
        return found

    def _operations(
        self, state: list[int], release: list[int], before: dict[int, list[tuple[int, int]]], work: Work
    ) -> Operations:
        family, size = self._families()
        pairs = [before.get(n, []) for n in range(len(self._steps))]
        number = {name: n for n, name in enumerate(self._park.tools)}
        tools = [[(number[name], count) for name, count in step.tools.items()] for _, step in self._steps]
        return Operations(
            name=tuple(self._names()),
            order=np.array([p for p, _ in self._steps], dtype=np.int64),
            release=np.array(release, dtype=np.int64),
            state=np.array(state, dtype=np.int64),
            family=family,
            size=size,
            crossing=np.array(work.crossing, dtype=np.int64),
            before_offsets=_offsets(pairs),
            before=np.array([n for some in pairs for n, _ in some], dtype=np.int64),
            lag=np.array([lag for some in pairs for _, lag in some], dtype=np.int64),
            tool_offsets=_offsets(tools),
            tool=np.array([n for some in tools for n, _ in some], dtype=np.int64),
            tool_count=np.array([count for some in tools for _, count in some], dtype=np.int64),
        )

    def _families(self) -> tuple[np.ndarray, np.ndarray]:
        numbers: dict[tuple[str, str | None], int] = {}
        family, size = [], []
        for p, step in self._steps:
            rows = [row for row in step.ways if row["batch"] is not None and self._park.groups[row["machine"]].row["room"]]
            row = rows[0] if rows else None
            family.append(numbers.setdefault((row["batch"], row["closed"]), len(numbers)) if row else -1)
            a_unit = 1.0 if row is None or row["batch_room"] is None else row["batch_room"]
            size.append(a_unit * self._parts[p].started(step.number) if row else 0.0)
        return np.array(family, dtype=np.int64), np.array(size, dtype=float)

    def _names(self) -> Iterable[str]:
        seen: set[str] = set()
        for p, step in self._steps:
            lot, number = self._parts[p].key
            name = f"{lot}/{number} {step.ways[0]['machine']}"
            name = f"{name} {step.number}" if name in seen else name
            seen.add(name)
            yield name

    def _all_machines(self, matrix: dict[str, int]) -> Machines:
        usual = self._given.settings.economics.overtime_cost
        groups = [group for _, group in self._machines]
        cost = [usual if group.row["overtime_cost"] is None else group.row["overtime_cost"] for group in groups]
        count = len(groups)
        return Machines(
            name=tuple(name for name, _ in self._machines),
            group=tuple(group.name for group in groups),
            calendar=np.array([self._calendars.of(some, [])[0] for some in self._open], dtype=np.int64),
            setups=np.array([matrix.get(group.name, -1) for group in groups], dtype=np.int64),
            state=np.full(count, -1, dtype=np.int64),
            room=np.array([group.row["room"] or 0.0 for group in groups], dtype=float),
            free=np.zeros(count, dtype=np.int64),
            minute_cost=np.array(cost, dtype=float) / 60.0,
        )


class _Registry:
    """Calendars, each kept once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Opening, ...], int] = {}
        self._same: dict[tuple[int, ...], tuple[int, int]] = {}
        self._held: list[object] = []

    def of(self, own: list[Opening], others: Sequence[list[Opening] | None]) -> tuple[int, int]:
        """Return the number of the calendar in which all are open, and the longest time they are open without a gap."""
        limited = [other for other in others if other is not None]
        key = (id(own), *(id(other) for other in limited))
        if key not in self._same:
            found = own
            for other in limited:
                found = both(found, other)
            some = tuple(o._replace(opens=max(o.opens, 0)) for o in found if o.closes > 0)
            self._same[key] = (self._known.setdefault(some, len(self._known)), _longest(some))
            self._held += [own, *limited]
        return self._same[key]

    def calendars(self) -> Calendars:
        every = list(self._known)
        periods = list(dict.fromkeys(o.period for some in every for o in some if o.period))
        number = {name: n for n, name in enumerate(periods)} | {"": -1}
        flat = [o for some in every for o in some]
        return Calendars(
            offsets=_offsets(every),
            opens=np.array([o.opens for o in flat], dtype=np.int64),
            closes=np.array([o.closes for o in flat], dtype=np.int64),
            overtime=np.array([number[o.period] for o in flat], dtype=np.int64),
            periods=tuple(periods),
        )


def _longest(some: Sequence[Opening]) -> int:
    best, begin, end = 0, 0, -1
    for opening in some:
        begin = begin if opening.opens == end else opening.opens
        end = opening.closes
        best = max(best, end - begin)
    return best


def _kept(before: dict[int, list[tuple[int, int]]], known: Facts) -> dict[int, list[tuple[int, int]]]:
    """Return what operations wait for, without what a fact has not waited for."""
    told = known.told

    def holds(n: int, earlier: int, lag: int) -> bool:
        return n not in told or (earlier in told and told[earlier].end + lag <= told[n].start)

    return {n: [(earlier, lag) for earlier, lag in some if holds(n, earlier, lag)] for n, some in before.items()}


def _modes(ways: list[list[_Way]]) -> Modes:
    flat = [way for some in ways for way in some]
    return Modes(
        offsets=_offsets(ways),
        machine=np.array([way.machine for way in flat], dtype=np.int64),
        minutes=np.array([way.minutes for way in flat], dtype=np.int64),
        added=np.array([way.added for way in flat], dtype=np.int64),
        cost=np.array([way.cost for way in flat], dtype=float),
        calendar=np.array([way.calendar for way in flat], dtype=np.int64),
    )


def _goal(given: Given) -> Goal:
    said = given.settings.schedule
    return Goal(
        tardiness=said.late_weight,
        setup_minute=said.setup_minute_cost,
        machine_change=said.machine_change,
        sequence_change=said.sequence_change,
    )


def _whole(hours: float) -> int:
    """Return hours as whole minutes, at least one where there is any."""
    return max(math.floor(hours * 60 + 0.5), 1) if hours > 0 else 0


def _offsets(lists: Iterable[Sequence[object]]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum([len(some) for some in lists])]).astype(np.int64)
