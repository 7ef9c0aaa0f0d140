"""The machines of each group, the tools and the people: how many there are and what they are called."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lotwise.errors import ContractError, breaches, did_you_mean
from lotwise.schedule.stage.routes import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.schedule.stage.given import Given, Row

LONG_DAYS = 80.0
"""Most hours a week of one machine, where neither shifts nor a number of machines are given: two shifts on five days."""
SHORT = 1e-6


@dataclass(frozen=True)
class Group:
    """One machine group: its row of ``machines`` and the names of its machines."""

    row: Row
    machines: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name in the plan."""
        return str(self.row["machine"])


@dataclass(frozen=True)
class Park:
    """All that can be occupied.

    Parameters
    ----------
    groups
        By name.
    tools
        Tool or skill -> how many there are.
    shifts
        Machine, group, tool or ``"all"`` -> its rows of ``shifts``.
    """

    groups: dict[str, Group]
    tools: dict[str, int]
    shifts: dict[str, list[Row]]

    @property
    def machines(self) -> list[tuple[str, Group]]:
        """Every machine with its group, in the order of the groups' names."""
        return [(name, group) for _, group in sorted(self.groups.items()) for name in group.machines]

    def shifts_of(self, machine: str, group: str) -> list[Row]:
        """Return the shifts of a machine: its own, those of its group, or those of all; none where nobody says."""
        return self.shifts.get(machine) or self.shifts.get(group) or self.shifts.get(ALL) or []


def park(given: Given) -> Park:
    """Return the machines and tools there are.

    A group of which ``machines.count`` says nothing has as many machines as its weekly hours ask for, with the hours its
    machines are open by their shifts, or with ``LONG_DAYS`` where it has none; and at least those that are named somewhere.

    Raises
    ------
    ContractError
        Shifts, downtime, the floor or what steps need name machines and tools that do not exist: all of them are listed.
    """
    shifts: dict[str, list[Row]] = defaultdict(list)
    for row in given.rows("shifts"):
        shifts[row["machine"]].append(row)
    tools = {row["tool"]: row["count"] for row in given.rows("tools")}
    named = _named(given)
    groups = {}
    for row in given.rows("machines"):
        name = row["machine"]
        count = row["count"] or max(_count(row, shifts, tools), named.get(name, 1))
        groups[name] = Group(row, tuple(f"{name} {number}" for number in range(1, count + 1)) if count > 1 else (name,))
    found = Park(groups, tools, dict(shifts))
    strange = list(_strange(given, found))
    if strange:
        raise ContractError(breaches("Tables of the shop floor name what does not exist", strange))
    return found


def _named(given: Given) -> dict[str, int]:
    """Return group -> the highest number that one of its machines is called by."""
    groups = {row["machine"] for row in given.rows("machines")}
    found: dict[str, int] = {}
    for table in ("shifts", "downtime", "floor"):
        for row in given.rows(table):
            group, _, number = row["machine"].rpartition(" ")
            if group in groups and number.isdigit() and row["machine"] not in groups:
                found[group] = max(found.get(group, 1), int(number))
    return found


def _count(row: Row, shifts: dict[str, list[Row]], tools: dict[str, int]) -> int:
    """Return how many machines have the weekly hours of a group."""
    name, hours = str(row["machine"]), float(row["hours"])
    usual = shifts.get(name) or shifts.get(ALL)
    if name in tools and not usual:
        return max(tools[name], 1)
    if not usual:
        return max(math.ceil(hours / LONG_DAYS - SHORT), 1)
    count, total = 0, 0.0
    while total < hours - SHORT:
        own = weekly_hours(shifts.get(f"{name} {count + 1}") or usual)
        count += 1
        total += own
        if own <= SHORT:
            break
    return max(count, 1)


def weekly_hours(rows: list[Row]) -> float:
    """Return the regular hours of a week of shifts."""
    return sum(length(row) for row in rows if not row["overtime"]) / 60.0


def length(row: Row) -> int:
    """Return the minutes of a shift; one that does not end after it starts ends on the next day."""
    minutes = clock(row["ends"]) - clock(row["starts"])
    return minutes if minutes > 0 else minutes + 24 * 60


def clock(text: str) -> int:
    """Return the minute of the day that a text such as 06:00 tells."""
    hours, _, rest = text.strip().partition(":")
    return int(hours) * 60 + int(rest.partition(":")[0] or 0)


def _is_clock(text: str) -> bool:
    hours, _, rest = text.strip().partition(":")
    minutes = rest.partition(":")[0] or "0"
    return hours.isdigit() and minutes.isdigit() and int(minutes) < 60 and clock(text) <= 24 * 60  # noqa: PLR2004


def _strange(given: Given, found: Park) -> Iterator[str]:
    """Yield what tables name that is neither a machine nor a tool, and times that are none."""
    machines = {name for name, _ in found.machines}
    places = {*machines, *found.groups, *found.tools}
    for table, known in (("shifts", {*places, ALL}), ("downtime", places), ("setups", {*found.groups, ALL})):
        for name in dict.fromkeys(row["machine"] for row in given.rows(table)):
            if name not in known:
                yield f"{table}.machine '{name}' is not one of the machines or tools{did_you_mean(name, known)}"
    for row in given.rows("floor"):
        if row["machine"] not in machines:
            told = f"floor, lot {row['lot']}, part {row['part']}, step {row['step']}: machine '{row['machine']}' does not exist"
            yield f"{told}{did_you_mean(row['machine'], machines)}"
    for tool in dict.fromkeys(row["tool"] for row in given.rows("tool_needs")):
        if tool not in found.tools:
            yield f"tool_needs.tool '{tool}' is not in the table tools{did_you_mean(tool, found.tools)}"
    yield from _untimely(given)


def _untimely(given: Given) -> Iterator[str]:
    """Yield times of day that are none, and downtime that does not end after it starts."""
    for row in given.rows("shifts"):
        for name in ("starts", "ends"):
            if not _is_clock(row[name]):
                yield f"shifts.{name} '{row[name]}' of {row['machine']} is no time of day, such as 06:00"
    for row in given.rows("downtime"):
        if row["ends"] <= row["starts"]:
            yield f"downtime of {row['machine']} ends {row['ends']}, which is not after it starts, {row['starts']}"
