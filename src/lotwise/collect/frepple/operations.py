"""How each item is made: the preferred operation with its steps, what these consume and give, and the ways that stand in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lotwise.collect.frepple.rows import NEVER, dates, holds, or_, preferred_rows, rank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation

CHOICES = ("alternate", "split")
Line = tuple[str, str, str, date | None, date | None]
"""Item, component, name of its alternates, first and last day of a line of a bill."""


@dataclass(frozen=True)
class Ways:
    """How each item is made.

    Parameters
    ----------
    steps
        Item -> the operations it is made by, in order.
    produced
        Item -> units that one unit of the operations gives.
    item_of
        Operation -> the item it works for, also of operations that stand in for others.
    others
        Item -> further ways to make it, each a list of operations: the same bill on other resources.
    """

    steps: dict[str, list[Row]]
    produced: dict[str, float]
    item_of: dict[str, str]
    others: dict[str, list[list[Row]]]

    def all_of(self, item: str) -> list[list[Row]]:
        """Return every way to make an item, the preferred one first."""
        return [self.steps[item], *self.others.get(item, [])]


def take_operations(models: dict[str, list[Row]], limited: set[str], made: Translation) -> Ways:
    """Take the preferred way to make each item, with its steps, and those that differ from it in their resources only."""
    gives: dict[str, list[Row]] = defaultdict(list)
    for row in models["input.operationmaterial"]:
        if or_(row["quantity"], 1.0) > 0:
            gives[row["operation"]].append(row)
    found = {
        item: sorted(ways, key=lambda steps: rank(steps[0])) for item, ways in _ways_found(models, gives, made.today).items()
    }
    candidates = {step["name"] for ways in found.values() for steps in ways for step in steps}
    chosen = {item: ways[0] for item, ways in found.items()}
    others = {item: _alike(ways, models, limited, made.today) for item, ways in found.items()}
    item_of = {step["name"]: item for item, steps in chosen.items() for way in [steps, *others[item]] for step in way}
    for row in models["input.operation"]:
        reason = "" if row["name"] in item_of else "makes no item, or is not in effect today"
        if reason and row["type"] in CHOICES:
            reason = "a choice between operations; those it chooses from are taken"
        elif reason and row["name"] in candidates:
            reason = "alternates that differ from the preferred operation in more than their resources"
        made.keep_if("input.operation", reason)
    produced = {
        item: sum(or_(g["quantity"], 1.0) for step in steps for g in gives[step["name"]] if g["item"] == item) or 1.0
        for item, steps in chosen.items()
    }
    count = sum(map(len, others.values()))
    if count:
        made.notes.append(
            f"input.operation: {count} alternates are other machines for the same step; the plan takes what is cheapest and "
            "free, whatever their priorities and percentages"
        )
    return Ways(chosen, produced, item_of, others)


def _ways_found(models: dict[str, list[Row]], gives: dict[str, list[Row]], today: date) -> dict[str, list[list[Row]]]:
    """Return item -> the ways to make it, each a list of steps; operations of a choice are a way each.

    An operation that names no item makes the only one that it gives.
    """
    operations = models["input.operation"]
    children: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(operations, key=lambda row: (or_(row["priority"], 1.0), row["name"])):
        if row["owner"]:
            children[row["owner"]].append(row)
    found: dict[str, list[list[Row]]] = defaultdict(list)
    for row in (row for row in operations if not row["owner"]):
        own = children[row["name"]]
        for steps in [[each] for each in own] if row["type"] in CHOICES else [[row, *own]]:
            given = {give["item"] for step in steps for give in gives[step["name"]]}
            item = row["item"] or steps[0]["item"] or (next(iter(given)) if len(given) == 1 else None)
            if item and all(holds(step, today) for step in steps):
                found[item].append(steps)
    return found


def _alike(ways: list[list[Row]], models: dict[str, list[Row]], limited: set[str], today: date) -> list[list[Row]]:
    """Return the ways after the first that have its bill and as many steps on resources; none of priority 0."""
    if len(ways) == 1:
        return []
    bills = _lines(ways, models["input.operationmaterial"], "item", today)
    loads = _lines(ways, [row for row in models["input.operationresource"] if row["resource"] in limited], "resource", today)
    return [
        way
        for number, way in enumerate(ways)
        if number and way[0]["priority"] != 0 and sorted(bills[number]) == sorted(bills[0])
        and len(loads[number]) == len(loads[0]) and loads[number] != loads[0]
    ]  # fmt: skip


def _lines(ways: list[list[Row]], rows: list[Row], name: str, today: date) -> list[list[tuple[str, float]]]:
    """Return what each way uses of materials or resources: the preferred rows in the order of its steps."""
    preferred = preferred_rows(rows, today)
    of: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for row in rows:
        if id(row) in preferred:
            of[row["operation"]].append((row[name], or_(row["quantity"], 1.0)))
    return [[line for step in way for line in of[step["name"]]] for way in ways]


def take_bom(models: dict[str, list[Row]], ways: Ways, made: Translation) -> None:
    """Take what operations consume and give, for one unit of what they produce, with dates and alternates of components."""
    lines: dict[Line, float] = defaultdict(float)
    ranked: dict[Line, int] = {}
    also: dict[tuple[str, str], float] = defaultdict(float)
    preferred = preferred_rows(models["input.operationmaterial"], made.today)
    own = {step["name"] for steps in ways.steps.values() for step in steps}
    for number, row in enumerate(sorted(models["input.operationmaterial"], key=rank), start=1):
        item, quantity = ways.item_of.get(row["operation"]), or_(row["quantity"], 1.0)
        reason = _material_reason(row, made.today, is_first=id(row) in preferred)
        reason = "of operations that are not carried over" if item is None else reason
        if not made.keep_if("input.operationmaterial", reason) or item is None or row["operation"] not in own:
            continue
        if quantity < 0:
            line = (item, row["item"], row["name"] or "", *dates(row, made.today))
            lines[line] -= quantity / ways.produced[item]
            ranked.setdefault(line, number)
        elif row["item"] != item:
            also[item, row["item"]] += quantity / ways.produced[item]
    made.tables["bom"] = list(_bom(lines, ranked, list(ways.steps)))
    made.tables["coproducts"] = [
        {"item": item, "coproduct": other, "quantity": round(quantity, 9)} for (item, other), quantity in also.items()
    ]


def _material_reason(row: Row, today: date, *, is_first: bool) -> str:
    """Return why a line is not carried over; empty where it is."""
    if row["quantity_fixed"] or (row["type"] or "").startswith("fixed"):
        return "a quantity for a lot of any size; bills are for one unit"
    if (row["effective_end"] or NEVER).date() <= today:
        return f"no longer in effect on {today}"
    if row["quantity"] == 0:
        return "quantity 0"
    if not is_first and or_(row["quantity"], 1.0) > 0 and row["name"]:
        return "alternates of what comes out: the preferred one is taken only"
    return "alternates that frePPLe does not choose on its own" if not is_first and row["priority"] == 0 else ""


def _bom(lines: dict[Line, float], ranked: dict[Line, int], items: list[str]) -> Iterator[Row]:
    """Yield the lines of ``bom``; a version tells lines of one item and component apart, and puts alternates in order."""
    members: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item, component, name, *_ in lines:
        members[item, name].add(component)
    seen: set[tuple[str, str]] = set()
    for line in sorted(lines, key=lambda line: (items.index(line[0]), ranked[line])):
        item, component, name, starts, ends = line
        is_choice = bool(name) and len(members[item, name]) > 1
        is_plain = not is_choice and starts is None and ends is None and (item, component) not in seen
        seen.add((item, component))
        yield {
            "item": item, "component": component, "quantity": round(lines[line], 9),
            "version": "always" if is_plain else f"{ranked[line]:06d}", "alternate": name if is_choice else None,
            "starts": starts, "ends": ends,
        }  # fmt: skip
