"""When machines and tools work: weekly patterns, less holidays and downtime."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import did_you_mean
from lotwise.schedule.reading.columns import MINUTE_DAY
from lotwise.schedule.reading.faults import listed, rows
from lotwise.schedule.reading.intervals import Openings, cut, openings, united
from lotwise.schedule.reading.orders import whole
from lotwise.schedule.reading.plant import ALL, first_of, strangers
from lotwise.schedule.reading.weekly import Pattern, pattern, unfold

if TYPE_CHECKING:
    from lotwise.schedule.reading.clock import Clock
    from lotwise.schedule.reading.draft import Draft
    from lotwise.schedule.reading.faults import Faults
    from lotwise.schedule.reading.plant import Plant

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Hours:
    """Patterns and downtime by what they are of.

    Parameters
    ----------
    patterns
        By name as in the shifts.
    of_machine
        The name of the pattern of each machine; none: it is always open.
    down
        Stretches each machine is down, by number, united; machines that never are are left out.
    tool_down
        Rows of the downtime by number of the tool.
    downtime
        ``(rows, 2)`` starts and ends.
    """

    patterns: dict[str, Pattern]
    of_machine: tuple[str | None, ...]
    down: dict[int, tuple[np.ndarray, np.ndarray]]
    tool_down: dict[int, np.ndarray]
    downtime: np.ndarray
    holidays: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    def share(self, machine: int) -> float:
        """Part of the week a machine works in regular hours."""
        name = self.of_machine[machine]
        return 1.0 if name is None else self.patterns[name].share


def hours(draft: Draft, plant: Plant, tools: tuple[str, ...], faults: Faults) -> Hours:
    """Return when machines and tools work. A machine without shifts of its own, of its group or of all is always open."""
    table = draft.shifts
    told = _told(draft)
    known = {*plant.named, *tools, ALL, *(name for name in told if name)}
    for name, at in strangers(table["machine"], known).items():
        faults.add(f"The shifts: '{name}' ({rows(at)}) is no machine, group, tool or calendar{did_you_mean(name, known)}")
    names = np.array(table["machine"].to_pylist(), dtype=object)
    patterns = {}
    for name in dict.fromkeys(names.tolist()):
        own = names == name
        patterns[name] = pattern(*(table[column][own] for column in ("weekday", "starts", "ends", "overtime")))
    _calendars(draft, told, set(patterns), faults)
    of_machine = []
    for place, titles in enumerate(plant.titles):
        given = told[plant.row[place]] if len(told) else None
        of_machine.append(given if given in patterns else first_of(titles, set(patterns)))
    down, tool_down = _downtime(draft, plant, tools, faults)
    spans = np.stack([whole(draft.downtime["starts"], 0), whole(draft.downtime["ends"], 0)], axis=1)
    return Hours(patterns, tuple(of_machine), down, tool_down, spans, _holidays(draft, faults))


def _told(draft: Draft) -> list[str | None]:
    found: list[str | None] = draft.machines["calendar"].to_pylist()
    return found


def _calendars(draft: Draft, told: list[str | None], patterns: set[str], faults: Faults) -> None:
    wrong = np.array([name is not None and name not in patterns for name in told], bool)
    if wrong.any():
        names = list(dict.fromkeys(name for name, bad in zip(told, wrong, strict=True) if bad and name))
        hint = did_you_mean(names[0], patterns)
        where = "The shifts have no rows" if len(draft.shifts) else "There is no table of shifts"
        faults.add(
            f"The machines: calendar {listed(names)} in {rows(wrong)} has no working time{hint}. {where} for it; "
            "add a row for each opening of its week, or leave the calendar empty"
        )


def _holidays(draft: Draft, faults: Faults) -> np.ndarray:
    if not len(draft.holidays):
        return np.zeros(0, np.int64)
    if not isinstance(draft.holidays["day"], np.ndarray):
        faults.add("The holidays: days are named, but times are numbers without a start; give start as a datetime")
        return np.zeros(0, np.int64)
    return whole(draft.holidays["day"], 0)


def _downtime(
    draft: Draft, plant: Plant, tools: tuple[str, ...], faults: Faults
) -> tuple[dict[int, tuple[np.ndarray, np.ndarray]], dict[int, np.ndarray]]:
    table = draft.downtime
    known = {*plant.named, *tools, ALL}
    for name, at in strangers(table["machine"], known).items():
        faults.add(f"The downtime: '{name}' ({rows(at)}) is no machine, group or tool{did_you_mean(name, known)}")
    names = table["machine"].to_pylist()
    machines: dict[int, list[int]] = {}
    by_tool: dict[int, list[int]] = {}
    for row, name in enumerate(names):
        if name in plant.named or name == ALL:
            for place in plant.named.get(name, np.arange(len(plant.name))):
                machines.setdefault(int(place), []).append(row)
        elif name in tools:
            by_tool.setdefault(tools.index(name), []).append(row)
    starts, ends = np.maximum(whole(table["starts"], 0), 0), whole(table["ends"], 0)
    spans = {place: united(starts[own], ends[own]) for place, own in machines.items()}
    down = {place: span for place, span in spans.items() if len(span[0])}
    return down, {tool: np.array(own) for tool, own in by_tool.items()}


@dataclass
class Calendar:
    """Calendars being made: each distinct one once, and the overtime periods they name."""

    hours: Hours
    clock: Clock
    horizon: int
    periods: dict[tuple[str, str, int, int], int] = field(default_factory=dict)
    made: list[Openings] = field(default_factory=list)
    place: dict[object, int] = field(default_factory=dict)

    def of_machine(self, machine: int, group: str) -> int:
        """Return the number of a machine's calendar: its pattern unfolded, less what it is down."""
        name = self.hours.of_machine[machine]
        down = self.hours.down.get(machine)
        whose = group if name is not None and self.hours.patterns[name].overtime.any() else ""
        key = (name, whose, *(() if down is None else (down[0].tobytes(), down[1].tobytes())))
        if key not in self.place:
            found = self.pattern(name, group)
            if name is None and down is None:
                found = openings(np.zeros(0), np.zeros(0))
            self.keep(key, found if down is None else cut(found, *down))
        return self.place[key]

    def keep(self, key: object, found: Openings) -> int:
        """Return the number of a calendar, made if it is new."""
        if key not in self.place:
            self.place[key] = len(self.made)
            self.made.append(found)
        return self.place[key]

    def pattern(self, name: str | None, group: str) -> Openings:
        """Return a pattern unfolded; without one, all the time up to the horizon."""
        if name is None:
            return openings(np.array([0]), np.array([self.horizon]))
        week, h = self.hours.patterns[name], self.hours

        def period(row: int, begins: int) -> int:
            return self.periods.setdefault((group, name, row, begins), len(self.periods))

        return unfold(week, self.clock.monday, self.horizon, h.holidays, period)

    def tool(self, name: str) -> Openings:
        """Return when a tool is there: the openings of its shifts, overtime among them."""
        week = self.hours.patterns[name]
        plain = week._replace(overtime=np.zeros(len(week.overtime), bool))
        return unfold(plain, self.clock.monday, self.horizon, self.hours.holidays, lambda _row, _begins: -1)

    def period_names(self) -> tuple[str, ...]:
        """Return the names of the overtime periods, such as ``"cutting Saturday 2026-11-07 06:00"``."""
        return tuple(f"{group} {self._moment(begins)}" for group, _, _, begins in self.periods)

    def _moment(self, minute: int) -> str:
        since = minute + self.clock.monday
        of_day = f"{since % MINUTE_DAY // 60:02d}:{since % 60:02d}"
        weekday = _DAYS[since // MINUTE_DAY % 7]
        zero = self.clock.zero
        if zero is None:
            return f"{weekday} of week {since // (7 * MINUTE_DAY) + 1} {of_day}"
        return f"{weekday} {(zero + timedelta(minutes=minute)).date().isoformat()} {of_day}"
