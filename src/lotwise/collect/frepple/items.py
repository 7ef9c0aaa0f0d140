"""What is sold, and what it costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from lotwise.collect.frepple.rows import WEEK_SECONDS, above_one, or_, some
from lotwise.collect.frepple.schema import SCHEMA

if TYPE_CHECKING:
    from lotwise.collect.frepple.operations import Ways
    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation


def take_products(models: dict[str, list[Row]], ways: Ways, made: Translation) -> None:
    """Take the items that are sold; an item's cost is its price, what goes into it is its cost."""
    items = {row["name"]: row for row in models["input.item"]}
    sold = dict.fromkeys(row["product"] for row in made.tables["orders"])
    firm = {row["product"] for row in made.tables["orders"] if row["due"] is not None}
    patient = _patient(models)
    made.costs = _costs(models, ways, made)
    made.tables["products"] = rows = []
    for name in sold:
        item = items.get(name, dict.fromkeys(SCHEMA["input.item"]))
        first = ways.steps.get(name, [{}])[0]
        rows.append(
            {
                "product": name,
                "name": item["description"] or name,
                "category": item["category"] or "all",
                "type": item["subcategory"],
                "unit_price": item["cost"],
                "unit_cost": made.costs.get(name),
                "make": "order" if name in firm else "stock",
                "unserved": None if patient.get(name, True) else "lost",
                "lot_minimum": above_one(first.get("sizeminimum")),
                "lot_multiple": above_one(first.get("sizemultiple")),
                "lot_maximum": first.get("sizemaximum"),
            }
        )
    named = {name for row in made.tables["bom"] for name in (row["item"], row["component"])} | sold.keys()
    named |= {row["material"] for row in made.tables["materials"]} | {row["coproduct"] for row in made.tables["coproducts"]}
    reason = "neither sold nor part of a bill; groups of items are not known"
    for row in models["input.item"]:
        made.keep_if("input.item", "" if row["name"] in named else reason)
    _note_products(rows, made)


def _patient(models: dict[str, list[Row]]) -> dict[str, bool]:
    """Return whether any open demand of an item may come a week late or more."""
    found: dict[str, bool] = {}
    for row in models["input.demand"]:
        if (row["status"] or "open") == "open":
            found[row["item"]] = found.get(row["item"], False) or or_(row["maxlateness"], WEEK_SECONDS) >= WEEK_SECONDS
    return found


def _note_products(rows: list[Row], made: Translation) -> None:
    made.notes.append(
        "products: the cost of an item that is sold is taken as its price; its unit cost is what its materials, operations "
        "and resources cost, where they do"
    )
    made.notes.append(
        "products: lots of 1 unit and its multiples are frePPLe's default and no rule here; plans may hold parts of a unit"
    )
    losing = [row["product"] for row in rows if row["unit_price"] and (row["unit_cost"] or 0) >= row["unit_price"]]
    if losing:
        made.notes.append(f"products: {some(losing)} cost no less than their price; plans make what is promised only")
    unpriced = [row["product"] for row in rows if not row["unit_price"]]
    if unpriced:
        made.notes.append(f"products: {some(unpriced)} have no cost to take as a price and are not planned; put unit_price")


def _costs(models: dict[str, list[Row]], ways: Ways, made: Translation) -> dict[str, float]:
    """Return what one unit takes in materials, operations and, where resources cost, hours; items of known cost only."""
    an_hour = {row["name"]: row["cost"] or 0.0 for row in models["input.resource"]}
    costs: dict[str, float] = {row["material"]: row["unit_cost"] for row in made.tables["materials"] if row["unit_cost"]}
    parts: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in made.tables["bom"]:
        if row["starts"] is None:
            parts[row["item"]].setdefault(row["alternate"] or row["component"], row)
    making: Counter[str] = Counter()
    for item, steps in ways.steps.items():
        making[item] = sum(or_(step["cost"], 0.0) for step in steps) / ways.produced[item]
    first: set[tuple[str, int]] = set()
    for row in made.tables["routing"]:
        if (row["item"], row["step"]) not in first:
            making[row["item"]] += row["hours"] * an_hour[row["machine"]]
        first.add((row["item"], row["step"]))
    try:
        needs = {item: [row["component"] for row in rows.values()] for item, rows in parts.items()}
        order = list(TopologicalSorter(needs).static_order())
    except CycleError:
        return costs  # convert refuses it, naming the items
    for item in order:
        rows = list(parts[item].values())
        if rows and all(row["component"] in costs for row in rows):
            costs[item] = round(sum(row["quantity"] * costs[row["component"]] for row in rows) + making[item], 6)
    return costs
