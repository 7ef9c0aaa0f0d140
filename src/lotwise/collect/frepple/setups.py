"""Set-up families: from set-up matrices, whose sequence the weekly plan does not know, the mean set-up of each family."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from lotwise.collect.frepple.rows import HOUR, or_, some

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.collect.frepple.operations import Ways
    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation


def take_setups(models: dict[str, list[Row]], ways: Ways, made: Translation) -> None:
    """Take the set-up each item asks for as its family, and the mean change-over to it as the family's set-up."""
    matrix_of = {row["name"]: row["setupmatrix"] for row in models["input.resource"] if row["setupmatrix"]}
    machines = {row["machine"] for row in made.tables["machines"]}
    asked: dict[str, dict[str, None]] = defaultdict(dict)
    several = []
    for row in models["input.operationresource"]:
        item, setup = ways.item_of.get(row["operation"]), row["setup"]
        if item and setup and row["resource"] in matrix_of and row["resource"] in machines:
            asked[row["resource"]][setup] = None
            if made.families.setdefault(item, setup) != setup:
                several.append(item)
    rules: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(models["input.setuprule"], key=lambda row: or_(row["priority"], 0.0)):
        rules[row["setupmatrix"]].append(row)
    used = {matrix_of[machine] for machine in asked}
    made.tables["families"] = [
        {"family": setup, "machine": machine, **_mean(rules[matrix_of[machine]], setup, list(setups))}
        for machine, setups in asked.items()
        for setup in setups
    ]
    made.tables["setups"] = [
        row for machine, setups in asked.items() for row in _changes(machine, rules[matrix_of[machine]], list(setups), made)
    ]
    for model, name in (("input.setupmatrix", "name"), ("input.setuprule", "setupmatrix")):
        for row in models[model]:
            made.keep_if(model, "" if row[name] in used else "of no machine on which an operation asks for a set-up")
    if asked:
        made.notes.append(
            f"input.setuprule: set-ups on {some(asked)} are the mean over what may have run before, once a week and family, "
            "in the plan; the schedule takes each change as it is, from setups"
        )
    if several:
        made.notes.append(f"input.operationresource: {some(several)} ask for several set-ups; the first is their family")


def _changes(machine: str, rules: list[Row], setups: list[str], made: Translation) -> Iterator[Row]:
    """Yield what every change of set-up takes on a machine, ``new`` being none; what no rule fits takes nothing.

    Where operations ask for no set-up there, they take none, and what comes after them is set up as from none.
    """
    pairs = [(before, after) for after in setups for before in ("", *setups) if before != after]
    is_free = any(row["machine"] == machine and not row.get("setup_state") for row in made.tables["routing"])
    cells = {(before or "new", after): next((r for r in rules if _fits(r, before, after)), {}) for before, after in pairs}
    if is_free:
        cells |= {("all", after): cells["new", after] for after in setups} | {("all", "all"): {}}
    for (before, after), rule in cells.items():
        hours = round(or_(rule.get("duration"), 0.0) / HOUR, 6)
        yield {"machine": machine, "from_state": before, "to_state": after, "hours": hours, "cost": rule.get("cost")}


def _mean(rules: list[Row], setup: str, setups: list[str]) -> Row:
    """Return the mean hours and cost of changing over to a set-up from each other one, or from none where it is alone."""
    before = [other for other in setups if other != setup] or [""]
    found = [next((rule for rule in rules if _fits(rule, other, setup)), {}) for other in before]
    hours = sum(or_(rule.get("duration"), 0.0) for rule in found) / HOUR / len(found)
    cost = sum(or_(rule.get("cost"), 0.0) for rule in found) / len(found)
    return {"setup_hours": round(hours, 6), "setup_cost": round(cost, 6) or None}


def _fits(rule: Row, before: str, after: str) -> bool:
    """Return whether a rule is for a change-over; ``*`` and ``?`` stand for any signs, nothing for any set-up."""
    return fnmatchcase(before, rule["fromsetup"] or "*") and fnmatchcase(after, rule["tosetup"] or "*")
