"""The steps that run on resources, and the machines that resources and their groups are."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from lotwise.collect.frepple.calendars import DAY_HOURS, closures, count_calendars, usual_week
from lotwise.collect.frepple.rows import EVER, HOUR, or_, preferred_rows, some
from lotwise.tables.weeks import monday

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.collect.frepple.operations import Ways
    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation

USUAL_HOURS = 40.0
"""Hours a week where no calendar says when a resource works; frePPLe would take all 168."""


def take_resources(models: dict[str, list[Row]], ways: Ways, made: Translation) -> None:
    """Take the steps of the operations that are carried over, and the machines they run on."""
    resources = {row["name"]: row for row in models["input.resource"]}
    groups = _groups(models["input.resource"])
    limited = {n for n, g in groups.items() if g and all(_is_limited(resources[leaf]) for leaf in g)}
    preferred = preferred_rows(models["input.operationresource"], made.today)
    loads: dict[str, list[Row]] = defaultdict(list)
    for row in models["input.operationresource"]:
        reason = ""
        if row["operation"] not in ways.item_of:
            reason = "of operations that are not carried over"
        elif row["resource"] not in limited:
            reason = "on resources that are unknown, unlimited or counted in time buckets"
        elif id(row) not in preferred:
            reason = "alternates, or not in effect today: the preferred resource is taken only"
        if made.keep_if("input.operationresource", reason):
            loads[row["operation"]].append(row)
    made.tables["routing"] = _routing(ways, loads, made)
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


def _groups(resources: list[Row]) -> dict[str, list[str]]:
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


def _routing(ways: Ways, loads: dict[str, list[Row]], made: Translation) -> list[Row]:
    rows, waits, fixed = [], 0, 0
    for item, steps in ways.steps.items():
        number = 0
        for step in steps:
            lasts = step["duration"] or 0.0
            waits += bool(lasts) and not loads[step["name"]]
            fixed += bool(lasts) and bool(loads[step["name"]])
            per = 0.0 if step["type"] in {None, "fixed_time"} else (step["duration_per"] or 0.0)
            for load in loads[step["name"]]:
                number += 1
                share = or_(load["quantity"], 1.0) / HOUR
                rows.append({
                    "item": item, "step": number, "machine": load["resource"],
                    "hours": round(share * per / ways.produced[item], 9), "setup_hours": round(share * lasts, 9),
                })  # fmt: skip
    if waits:
        made.notes.append(f"input.operation: {waits} take time but no machine (drying, transport); plans do not wait for them")
    if fixed:
        made.notes.append(
            f"input.operation: {fixed} have a fixed duration, kept as setup_hours a lot, which plans do not count"
        )
    return rows


def _take_machines(
    models: dict[str, list[Row]], resources: dict[str, Row], used: dict[str, list[str]], made: Translation
) -> None:
    """Take the working week of each machine: the most frequent one of the year from today on."""
    buckets: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(models["input.calendarbucket"], key=lambda row: (or_(row["priority"], 0.0), row["startdate"] or EVER)):
        buckets[row["calendar"]].append(row)
    calendars = {row["name"]: (buckets[row["name"]], or_(row["defaultvalue"], 0.0)) for row in models["input.calendar"]}
    open_in = {row["name"]: row["available"] for row in models["input.location"]}
    week = monday(made.today)
    known: dict[object, tuple[float, float, int]] = {}
    taken: set[str | None] = set()
    special: dict[str, None] = {}
    made.tables["machines"] = []
    without, differ = [], []
    for machine, leaves in used.items():
        hours, count = 0.0, 0.0
        for name in leaves:
            one = resources[name]
            when = tuple(c for c in dict.fromkeys((one["available"], open_in.get(one["location"]))) if c in calendars)
            key = (one["maximum_calendar"] if one["maximum_calendar"] in calendars else None, or_(one["maximum"], 1.0), when)
            taken |= {key[0], *when} - {None}
            if key not in known:
                level = calendars[key[0]] if key[0] else ([], key[1])
                known[key] = usual_week(level, [calendars[c] for c in when], week)
            usual, most, others = known[key]
            if not when and math.isclose(usual, most * 7 * DAY_HOURS):
                without.append(name)
                usual = most * USUAL_HOURS
            if others:
                differ.append(f"{name} ({others})")
            hours += usual * or_(one["efficiency"], 100.0) / 100
            count += most
            special |= {c: None for c in when if c == open_in.get(one["location"])}
        made.tables["machines"].append({"machine": machine, "count": max(1, round(count)), "hours": round(hours, 6)})
    if without:
        made.notes.append(
            f"input.resource: no calendar says when {some(without)} work; {USUAL_HOURS:g} hours a week are taken, where "
            "frePPLe takes 168"
        )
    if differ:
        made.notes.append(
            f"input.calendar: hours are those of the usual week; weeks of the year from {week} with other hours: {some(differ)}"
        )
    made.tables["calendar"] = list(closures(special, calendars, week, made.today))
    count_calendars(models, taken, week, made)
