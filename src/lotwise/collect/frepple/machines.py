"""The steps that run on resources, and the machines that resources and their groups are."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from lotwise.collect.frepple.calendars import DAY_HOURS, YEAR_WEEKS, closures, count_calendars, usual, weekly_hours
from lotwise.collect.frepple.rows import EVER, HOUR, holds, or_, preferred_rows, rank, some
from lotwise.tables.weeks import WEEK, monday

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.collect.frepple.calendars import Calendar
    from lotwise.collect.frepple.operations import Ways
    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation

USUAL_HOURS = 40.0
"""Hours a week where no calendar says when a resource works; frePPLe would take all 168."""


Loads = dict[str, list[list["Row"]]]
"""Operation -> what it runs on at the same time, each a list of resources that stand in for each other."""


def limited_resources(resources: list[Row]) -> set[str]:
    """Return the resources, and groups of them, that limit what can be made."""
    by_name = {row["name"]: row for row in resources}
    return {n for n, group in members_of(resources).items() if group and all(_is_limited(by_name[leaf]) for leaf in group)}


def take_resources(models: dict[str, list[Row]], ways: Ways, limited: set[str], made: Translation) -> Loads:
    """Return what each operation runs on, after taking the steps of those carried over and the machines they run on."""
    resources = {row["name"]: row for row in models["input.resource"]}
    groups = members_of(models["input.resource"])
    loads = _loads(models, ways, limited, made)
    an_hour = {name: row["cost"] or 0.0 for name, row in resources.items()}
    made.tables["routing"] = _routing(ways, loads, an_hour, made)
    _add_setup_states(made.tables["routing"], ways, loads, resources)
    used = list(dict.fromkeys(row["machine"] for row in made.tables["routing"]))
    reckoned = {leaf for name in used for leaf in groups[name]} | set(used)
    for row in models["input.resource"]:
        made.keep_if("input.resource", "" if row["name"] in reckoned else "no operation that is carried over runs on it")
    pools = [name for name in used if groups[name] != [name]]
    if pools:
        made.notes.append(f"input.resource: any member may do the work of {some(pools)}; the members' hours are added up")
    shared = sorted({leaf for name in pools for leaf in groups[name]} & set(used))
    if shared:
        made.notes.append(f"input.resource: {some(shared)} count twice, on their own and in their group")
    _take_machines(models, resources, {name: groups[name] for name in used}, made)
    return loads


def _loads(models: dict[str, list[Row]], ways: Ways, limited: set[str], made: Translation) -> Loads:
    """Return operation -> what it runs on, each a list of resources that stand in for each other, the preferred one first."""
    preferred = preferred_rows(models["input.operationresource"], made.today)
    loads: Loads = defaultdict(list)
    rows = sorted(models["input.operationresource"], key=lambda row: id(row) not in preferred)
    for row in rows:
        is_first = id(row) in preferred
        group = [] if is_first else next((g for g in loads[row["operation"]] if g[0]["name"] == row["name"]), [])
        reason = ""
        if row["operation"] not in ways.item_of:
            reason = "of operations that are not carried over"
        elif row["resource"] not in limited:
            reason = "on resources that are unknown, unlimited or counted in time buckets"
        elif not is_first and (row["priority"] == 0 or not group or not holds(row, made.today)):
            reason = "alternates that frePPLe does not choose on its own, or not in effect today"
        if made.keep_if("input.operationresource", reason):
            if is_first:
                loads[row["operation"]].append([row])
            else:
                group.append(row)
    for each in loads.values():
        for group in each:
            group.sort(key=rank)
    return loads


def members_of(resources: list[Row]) -> dict[str, list[str]]:
    """Return resource -> the single resources that do its work: its members, or itself where it has none."""
    members: dict[str, list[str]] = defaultdict(list)
    for row in resources:
        if row["owner"]:
            members[row["owner"]].append(row["name"])
    return {row["name"]: list(_leaves(row["name"], members, set())) for row in resources}


def _leaves(name: str, members: dict[str, list[str]], seen: set[str]) -> Iterator[str]:
    if name in seen:
        return
    seen.add(name)
    if not members[name]:
        yield name
    for member in members[name]:
        yield from _leaves(member, members, seen)


def _is_limited(resource: Row) -> bool:
    is_plain = (resource["type"] or "default") in {"default", "resource_default"}
    return is_plain and bool(or_(resource["constrained"], True))  # noqa: FBT003  the field's default


def numbered(ways: Ways, loads: Loads) -> Iterator[tuple[str, Row, int]]:
    """Yield item, operation and the number of its first step in the routing, for operations that run on something."""
    for item, steps in ((made_item, way) for made_item in ways.steps for way in ways.all_of(made_item)):
        number = 1
        for step in steps:
            if loads[step["name"]]:
                yield item, step, number
            number += len(loads[step["name"]])


def _add_setup_states(routing: list[Row], ways: Ways, loads: Loads, resources: dict[str, Row]) -> None:
    """Add the set-up that steps ask for on machines with a matrix; no column where none does."""
    asked = {
        (item, first + place, load["resource"]): load["setup"]
        for item, step, first in numbered(ways, loads)
        for place, group in enumerate(loads[step["name"]])
        for load in group
        if load["setup"] and resources[load["resource"]]["setupmatrix"]
    }
    for row in routing if asked else ():
        row["setup_state"] = asked.get((row["item"], row["step"], row["machine"]))


def _routing(ways: Ways, loads: Loads, an_hour: dict[str, float], made: Translation) -> list[Row]:
    """Return each step on each machine it can run on; what a machine costs above the first one is its unit cost."""
    found: dict[tuple[str, int, str], Row] = {}
    first: dict[tuple[str, int], float] = {}
    waits = fixed = 0
    for item, steps in ((made_item, way) for made_item in ways.steps for way in ways.all_of(made_item)):
        number, above = 0, 0.0
        for step in steps:
            lasts = step["duration"] or 0.0
            waits += bool(lasts) and not loads[step["name"]]
            fixed += bool(lasts) and bool(loads[step["name"]])
            per = 0.0 if step["type"] in {None, "fixed_time"} else (step["duration_per"] or 0.0)
            above += or_(step["cost"], 0.0) / ways.produced[item]
            for group in loads[step["name"]]:
                number += 1
                for load in group:
                    share = or_(load["quantity"], 1.0) / HOUR
                    hours = round(share * per / ways.produced[item], 9)
                    cost = hours * an_hour[load["resource"]] + above
                    found.setdefault((item, number, load["resource"]), {
                        "item": item, "step": number, "machine": load["resource"], "hours": hours,
                        "setup_hours": round(share * lasts, 9),
                        "unit_cost": round(cost - first.setdefault((item, number), cost), 6) or None,
                    })  # fmt: skip
                above = 0.0
    if waits:
        made.notes.append(
            f"input.operation: {waits} take time but no machine (drying, transport); only lead_weeks, the nearest whole "
            "weeks, know of them"
        )
    if fixed:
        made.notes.append(
            f"input.operation: {fixed} have a fixed duration on a resource, kept as setup_hours of a lot; the schedule takes "
            "it as a set-up: it may begin before the materials are there, and another lot of the same item behind it needs none"
        )
    return list(found.values())


def _take_machines(
    models: dict[str, list[Row]], resources: dict[str, Row], used: dict[str, list[str]], made: Translation
) -> None:
    """Take the working week of each machine, the most frequent one of the year from today on, and the weeks that differ."""
    calendars = calendars_of(models)
    open_in = {row["name"]: row["available"] for row in models["input.location"]}
    week = monday(made.today)
    since = made.today if made.today > week + timedelta(days=1) else week  # a Monday is moved to the Tuesday
    known: dict[object, tuple[list[float], float]] = {}
    taken: set[str | None] = set()
    special: dict[str, None] = {}
    made.tables["machines"], made.tables["machine_weeks"] = [], []
    without, differ = [], Counter[str]()
    for machine, leaves in used.items():
        hours, count = [0.0] * YEAR_WEEKS, 0.0
        for name in leaves:
            one = resources[name]
            when = tuple(c for c in dict.fromkeys((one["available"], open_in.get(one["location"]))) if c in calendars)
            key = (one["maximum_calendar"] if one["maximum_calendar"] in calendars else None, or_(one["maximum"], 1.0), when)
            taken |= {key[0], *when} - {None}
            if key not in known:
                level = calendars[key[0]] if key[0] else ([], key[1])
                known[key] = weekly_hours(level, [calendars[c] for c in when], since)
            own, most = known[key]
            speed = or_(one["efficiency"], 100.0) / 100
            if not when and math.isclose(usual(own), most * 7 * DAY_HOURS):
                without.append(name)
                speed *= USUAL_HOURS / (7 * DAY_HOURS)
            hours = [total + speed * more for total, more in zip(hours, own, strict=True)]
            count += most
            special |= {c: None for c in when if c == open_in.get(one["location"])}
        rounded = [round(total, 6) for total in hours]
        normal = usual(rounded)
        row = {"machine": machine, "count": max(1, round(count)), "hours": normal, "site": resources[machine]["location"]}
        row["site"] = row["site"] or next((at for leaf in leaves if (at := resources[leaf]["location"])), None)
        made.tables["machines"].append(row)
        for number, total in enumerate(rounded):
            if total != normal:
                differ[machine] += 1
                made.tables["machine_weeks"].append({"machine": machine, "week": week + number * WEEK, "hours": total})
    if without:
        made.notes.append(
            f"input.resource: no calendar says when {some(without)} work; {USUAL_HOURS:g} hours a week are taken, where "
            "frePPLe takes 168"
        )
    if differ:
        told = some(f"{name} ({weeks})" for name, weeks in differ.items())
        made.notes.append(f"input.calendar: weeks of the year from {week} with other hours are in machine_weeks: {told}")
    made.tables["calendar"] = list(closures(special, calendars, week, made.today))
    count_calendars(models, taken, week, made)


def calendars_of(models: dict[str, list[Row]]) -> dict[str, Calendar]:
    """Return every calendar with its buckets, the one that counts first in front."""
    buckets: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(models["input.calendarbucket"], key=lambda row: (or_(row["priority"], 0.0), row["startdate"] or EVER)):
        buckets[row["calendar"]].append(row)
    return {row["name"]: (buckets[row["name"]], or_(row["defaultvalue"], 0.0)) for row in models["input.calendar"]}
