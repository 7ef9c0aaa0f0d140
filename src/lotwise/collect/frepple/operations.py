"""How each item is made: the preferred operation with its steps, and what these consume."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lotwise.collect.frepple.rows import holds, or_, preferred_rows, rank

if TYPE_CHECKING:
    from datetime import date

    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation

CHOICES = ("alternate", "split")


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
        Operation -> the item it works for.
    """

    steps: dict[str, list[Row]]
    produced: dict[str, float]
    item_of: dict[str, str]


def take_operations(models: dict[str, list[Row]], made: Translation) -> Ways:
    """Take one way to make each item: the preferred operation, with its steps."""
    gives: dict[str, list[Row]] = defaultdict(list)
    for row in models["input.operationmaterial"]:
        if or_(row["quantity"], 1.0) > 0:
            gives[row["operation"]].append(row)
    found = _ways_found(models["input.operation"], gives, made.today)
    chosen = {item: min(ways, key=lambda steps: rank(steps[0])) for item, ways in found.items()}
    item_of = {step["name"]: item for item, steps in chosen.items() for step in steps}
    candidates = {step["name"] for ways in found.values() for steps in ways for step in steps}
    for row in models["input.operation"]:
        reason = "" if row["name"] in item_of else "makes no item, or is not in effect today"
        if reason and row["type"] in CHOICES:
            reason = "a choice between operations; the preferred one is taken"
        elif reason and row["name"] in candidates:
            reason = "alternates: the item is made by the preferred operation only"
        made.keep_if("input.operation", reason)
    produced = {
        item: sum(or_(g["quantity"], 1.0) for step in steps for g in gives[step["name"]] if g["item"] == item) or 1.0
        for item, steps in chosen.items()
    }
    return Ways(chosen, produced, item_of)


def _ways_found(operations: list[Row], gives: dict[str, list[Row]], today: date) -> dict[str, list[list[Row]]]:
    """Return item -> the ways to make it, each a list of steps; operations of a choice are a way each.

    An operation that names no item makes the only one that it gives.
    """
    children: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(operations, key=lambda row: (or_(row["priority"], 1.0), row["name"])):
        if row["owner"]:
            children[row["owner"]].append(row)
    found: dict[str, list[list[Row]]] = defaultdict(list)
    for row in (row for row in operations if not row["owner"]):
        inside = children[row["name"]]
        for steps in [[each] for each in inside] if row["type"] in CHOICES else [[row, *inside]]:
            given = {give["item"] for step in steps for give in gives[step["name"]]}
            item = row["item"] or steps[0]["item"] or (next(iter(given)) if len(given) == 1 else None)
            if item and all(holds(step, today) for step in steps):
                found[item].append(steps)
    return found


def take_bom(models: dict[str, list[Row]], ways: Ways, made: Translation) -> None:
    """Take what operations consume, for one unit of what they produce."""
    lines: dict[tuple[str, str], float] = defaultdict(float)
    preferred = preferred_rows(models["input.operationmaterial"], made.today)
    for row in models["input.operationmaterial"]:
        item, quantity = ways.item_of.get(row["operation"]), or_(row["quantity"], 1.0)
        reason = ""
        if item is None:
            reason = "of operations that are not carried over"
        elif row["quantity_fixed"] or (row["type"] or "").startswith("fixed"):
            reason = "a quantity for a lot of any size; bills are for one unit"
        elif not holds(row, made.today):
            reason = f"not in effect on {made.today}"
        elif quantity > 0 and row["item"] != item:
            reason = "co-products"
        elif quantity == 0:
            reason = "quantity 0"
        elif id(row) not in preferred:
            reason = "alternates: the preferred component is taken only"
        if made.keep_if("input.operationmaterial", reason) and quantity < 0 and item is not None:
            lines[item, row["item"]] -= quantity / ways.produced[item]
    made.tables["bom"] = [
        {"item": item, "component": component, "quantity": round(quantity, 9)} for (item, component), quantity in lines.items()
    ]
