"""What operations hold beside their first resource, and the skills they ask for, as tools."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from lotwise.collect.frepple.machines import members_of, numbered
from lotwise.collect.frepple.rows import holds, or_, some

if TYPE_CHECKING:
    from lotwise.collect.frepple.machines import Loads
    from lotwise.collect.frepple.operations import Ways
    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation

Need = tuple[str, int, str]
"""Item, step, tool."""


def take_tools(models: dict[str, list[Row]], ways: Ways, loads: Loads, made: Translation) -> None:
    """Take further resources of an operation as tools held beside the first one, and skills as tools that few have.

    The weekly plan goes on to count the hours of further resources as steps of their own. A resource that is held so, and
    that other operations run on, is held by those too.
    """
    skilled = _skilled(models, made)
    needs, beside = _needs(ways, loads, skilled)
    count = {row["machine"]: row["count"] for row in made.tables["machines"]}
    used = {tool for _, _, tool in needs}
    made.tables["tools"] = [{"tool": name, "kind": "tool", "count": count[name]} for name in beside]
    made.tables["tools"] += [{"tool": name, "kind": "skill", "count": n} for name, n in skilled.items() if name in used]
    made.tables["tool_needs"] = [
        {"item": item, "step": step, "tool": tool, "count": n} for (item, step, tool), n in sorted(needs.items())
    ]
    for model, name in (("input.skill", "name"), ("input.resourceskill", "skill")):
        for row in models[model]:
            made.keep_if(model, "" if row[name] in used else "no operation that is carried over asks for it")
    if beside:
        made.notes.append(
            f"input.operationresource: {some(beside)} are held beside the first resource of an operation in the schedule, and "
            "are steps of their own in the weekly plan"
        )
    if any(skilled.get(tool) for tool in used):
        made.notes.append("input.resourceskill: a skill is had by as many as have it; who of them does what is left open")


def _needs(ways: Ways, loads: Loads, skilled: dict[str, int]) -> tuple[dict[Need, int], list[str]]:
    """Return what steps hold, and the resources that are held beside another one."""
    needs: dict[Need, int] = {}
    beside: dict[str, None] = {}
    for item, step, first in numbered(ways, loads):
        for place, (load, *others) in enumerate(loads[step["name"]]):
            is_beside = place > 0 and not others
            if is_beside:
                needs[item, first, load["resource"]] = _count(load)
                beside[load["resource"]] = None
            if load["skill"] in skilled:
                needs[item, first if is_beside else first + place, load["skill"]] = _count(load)
    for item, step, first in numbered(ways, loads):
        load, *others = loads[step["name"]][0]
        if not others and load["resource"] in beside:
            needs.setdefault((item, first, load["resource"]), _count(load))
    return needs, list(beside)


def _skilled(models: dict[str, list[Row]], made: Translation) -> dict[str, int]:
    """Return skill -> how many single resources have it today."""
    members = members_of(models["input.resource"])
    who: dict[str, set[str]] = defaultdict(set)
    for row in models["input.resourceskill"]:
        if holds(row, made.today):
            who[row["skill"]].update(members.get(row["resource"], ()))
    return {skill: len(names) for skill, names in who.items() if names}


def _count(load: Row) -> int:
    quantity: float = or_(load["quantity"], 1.0)
    return max(math.ceil(quantity), 1)
