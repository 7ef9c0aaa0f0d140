"""When each machine is open: shifts, or its weekly hours spread over the week; less holidays and downtime."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from lotwise.schedule.stage.park import clock, length
from lotwise.schedule.stage.routes import ALL
from lotwise.tables.weeks import WEEK, monday

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from lotwise.schedule.stage.given import Given, Row
    from lotwise.schedule.stage.park import Group, Park

DAY = 24 * 60
WORKING_DAYS, SATURDAY = 5, 5
LONGEST_SATURDAY = 16 * 60
"""Most minutes of overtime on a Saturday, where nobody says when it is worked; the rest comes in the evenings."""
BEYOND = 6
"""Weeks after the last one scheduled for which hours are still reckoned; later a machine is always open."""


class Opening(NamedTuple):
    """Minutes ``[opens, closes)``; ``period`` names the overtime it belongs to, empty for regular hours."""

    opens: int
    closes: int
    period: str = ""


class Hours:
    """The openings of machines and tools, from the Monday of the week of the earliest moment asked for.

    Parameters
    ----------
    given
        What the stage takes.
    park
        The machines and tools there are.
    since
        First day that is wanted: an operation may have begun before minute 0.
    """

    def __init__(self, given: Given, park: Park, since: date) -> None:
        self._given, self._park = given, park
        first = monday(min(since, given.first))
        self._weeks = [first + n * WEEK for n in range((given.end - first) // WEEK + BEYOND)]
        self._weekly = {(row["machine"], row["week"]): row for row in given.rows("machine_weeks")}
        self._off: dict[str, set[date]] = defaultdict(set)
        for row in given.rows("calendar"):
            if row["working"] is False:
                self._off[row["region"]].add(row["day"])
        self._known: dict[tuple[str, str], list[Opening]] = {}
        self._down: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row in given.rows("downtime"):
            self._down[row["machine"]].append((given.minute(row["starts"]), given.minute(row["ends"])))

    def machine(self, name: str, group: Group) -> list[Opening]:
        """Return when a machine is open, downtime taken out, the first opening in front."""
        return cut(self.undisturbed(name, group), [*self._down[group.name], *(self._down[name] if name != group.name else [])])

    def undisturbed(self, name: str, group: Group) -> list[Opening]:
        """Return when a machine would be open if nothing were down."""
        own = name if name in self._park.shifts else ""
        if (group.name, own) not in self._known:
            rows = self._park.shifts_of(name, group.name)
            every = [self._shifts(rows, week, group) if rows else self._spread(week, group) for week in self._weeks]
            self._known[group.name, own] = tidy([opening for some in every for opening in some])
        return self._known[group.name, own]

    def tool(self, name: str) -> list[Opening] | None:
        """Return when a tool or people with a skill are there; none: always."""
        rows, down = self._park.shifts.get(name), self._down[name]
        if not rows and not down:
            return None
        found = [opening for week in self._weeks for opening in self._openings(rows or [], week, name, set())]
        if not rows:
            found = [Opening(self._given.minute(self._weeks[0]), self._given.minute(self._weeks[-1] + WEEK))]
        return cut(tidy(found), down if self._park.tools[name] == 1 else [])

    def _closed(self, group: Group) -> set[date]:
        return self._off[ALL] | self._off[group.row["site"] or ALL]

    def _shifts(self, rows: list[Row], week: date, group: Group) -> list[Opening]:
        """Return the openings of one week by shifts; never more regular hours than ``machine_weeks`` says."""
        found = self._openings(rows, week, group.name, self._closed(group))
        told = self._weekly.get((group.name, week))
        if told is None or not group.row["hours"]:
            return found
        usual = self._openings(rows, week, group.name, set())
        most = sum(o.closes - o.opens for o in usual if not o.period) * told["hours"] / group.row["hours"]
        regular = sum(o.closes - o.opens for o in found if not o.period)
        if regular <= most + 1:
            return found
        share = most / regular
        return [o if o.period else Opening(o.opens, o.opens + round((o.closes - o.opens) * share)) for o in found]

    def _openings(self, rows: list[Row], week: date, name: str, closed: set[date]) -> list[Opening]:
        found = []
        for row in rows:
            day = week + timedelta(days=row["weekday"] - 1)
            if day in closed or (row["overtime"] and not self._given.settings.plan.overtime):
                continue
            start = self._given.minute(day) + clock(row["starts"])
            found.append(Opening(start, start + length(row), _period(name, day) if row["overtime"] else ""))
        return found

    def _spread(self, week: date, group: Group) -> list[Opening]:
        """Return the openings of one week from weekly hours: Monday to Friday, longer weeks on Saturday and Sunday too."""
        told, closed = self._weekly.get((group.name, week)), self._closed(group)
        days = [day for n in range(7) if (day := week + timedelta(days=n)) not in closed]
        work = [day for day in days if day.weekday() < WORKING_DAYS]
        share = 1.0 if told else len(work) / WORKING_DAYS
        regular = round((told or group.row)["hours"] * share * 60 / len(group.machines))
        extra = (told or {}).get("overtime_hours")
        extra = group.row["overtime_hours"] if extra is None else extra
        over = round((extra or 0.0) * 60 / len(group.machines)) if self._given.settings.plan.overtime else 0
        if regular > len(work) * DAY or not work:
            work = days
        begin = clock(self._given.settings.schedule.day_starts)
        found = []
        for number, day in enumerate(work):
            minutes = min(regular // len(work) + (number < regular % len(work)), DAY)
            start = self._given.minute(day) + min(begin, DAY - minutes)
            found.append(Opening(start, start + minutes))
        free = [day for day in days if day not in work and day.weekday() == SATURDAY]
        return [*found, *self._extra(dict(zip(work, found, strict=True)), free, over, group.name)]

    def _extra(self, regular: dict[date, Opening], saturdays: list[date], minutes: int, name: str) -> list[Opening]:
        """Return overtime openings beside the regular ones of a week: on Saturday, then in the evenings."""
        made = []
        begin = clock(self._given.settings.schedule.day_starts)
        for day in saturdays:
            start, most = self._given.minute(day) + begin, min(minutes, LONGEST_SATURDAY, DAY - begin)
            made.append(Opening(start, start + most, _period(name, day)))
            minutes -= most
        for day, opening in regular.items():
            most = min(minutes, self._given.minute(day) + DAY - opening.closes)
            made.append(Opening(opening.closes, opening.closes + most, _period(name, day)))
            minutes -= most
        return [opening for opening in made if opening.closes > opening.opens]


def _period(name: str, day: date) -> str:
    return f"{name} {day:%A} {day}"


def cut(openings: Iterable[Opening], down: list[tuple[int, int]]) -> list[Opening]:
    """Return openings without the stretches ``[start, end)``."""
    found = list(openings)
    for start, end in down:
        found = [
            Opening(*part, opening.period)
            for opening in found
            for part in ((opening.opens, min(opening.closes, start)), (max(opening.opens, end), opening.closes))
            if part[0] < part[1]
        ]
    return sorted(found)


def tidy(openings: Iterable[Opening]) -> list[Opening]:
    """Return openings in order without overlap; where two overlap, regular hours stay and overtime gives way."""
    regular: list[Opening] = []
    for opening in sorted(o for o in openings if not o.period and o.closes > o.opens):
        if regular and opening.opens <= regular[-1].closes:
            regular[-1] = Opening(regular[-1].opens, max(regular[-1].closes, opening.closes))
        else:
            regular.append(opening)
    extra: list[Opening] = []
    for opening in sorted(o for o in openings if o.period and o.closes > o.opens):
        after = max(opening.opens, extra[-1].closes) if extra else opening.opens
        extra += cut([opening._replace(opens=after)], [(o.opens, o.closes) for o in regular]) if after < opening.closes else []
    return sorted([*regular, *extra])


def both(first: list[Opening], second: list[Opening]) -> list[Opening]:
    """Return when both are open; it is overtime where the first says so."""
    found, n = [], 0
    for opening in first:
        while n < len(second) and second[n].closes <= opening.opens:
            n += 1
        for other in second[n:]:
            if other.opens >= opening.closes:
                break
            found.append(Opening(max(opening.opens, other.opens), min(opening.closes, other.closes), opening.period))
    return found
