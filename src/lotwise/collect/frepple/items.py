"""What is bought, what is sold, what it costs and what is on hand."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from lotwise.collect.frepple.rows import holds, or_, rank, some
from lotwise.collect.frepple.schema import SCHEMA

if TYPE_CHECKING:
    from lotwise.collect.frepple.operations import Ways
    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation

WEEK_SECONDS = 604_800.0


def take_materials(models: dict[str, list[Row]], made: Translation) -> None:
    """Take what is bought: components and products that no operation makes, from the preferred supplier."""
    items = {row["name"]: row for row in models["input.item"]}
    offers: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(models["input.itemsupplier"], key=rank):
        if holds(row, made.today):
            offers[row["item"]].append(row)
    active = {row["item"] for row in (*made.tables["bom"], *made.tables["routing"])}
    parts = dict.fromkeys(row["component"] for row in made.tables["bom"])
    wanted = {item: _offer(item, offers, items) for item in [*parts, *(row["product"] for row in made.tables["orders"])]}
    bought = {item: offer for item, offer in wanted.items() if item not in active and (offer or item in parts)}
    made.tables["materials"] = [_material(item, items.get(item, {}), offer or {}) for item, offer in bought.items()]
    taken = {id(offer) for offer in bought.values()}
    for row in models["input.itemsupplier"]:
        reason = "further suppliers, or items nobody needs: each material has its preferred supplier"
        if row["item"] in active:
            reason = "items that are made are not bought as well"
        made.keep_if("input.itemsupplier", "" if id(row) in taken else reason)
    nobody = [item for item, offer in bought.items() if offer is None]
    if nobody:
        made.notes.append(f"materials: nobody supplies {some(nobody)}; taken as bought at the item's cost without lead time")
    free = [row["material"] for row in made.tables["materials"] if not row["unit_cost"]]
    if free:
        made.notes.append(f"materials: {some(free)} have no cost and are taken as free")


def _offer(item: str, offers: dict[str, list[Row]], items: dict[str, Row]) -> Row | None:
    """Return the preferred supplier of an item, or of the nearest group it is in."""
    seen: set[str] = set()
    name: str | None = item
    while name and name not in seen:
        if offers.get(name):
            return offers[name][0]
        seen.add(name)
        name = items.get(name, {}).get("owner")
    return None


def _material(name: str, item: Row, offer: Row) -> Row:
    return {
        "material": name,
        "name": item.get("description") or name,
        "unit_cost": offer.get("cost") or item.get("cost") or 0.0,
        "lead_weeks": math.ceil((offer.get("leadtime") or 0.0) / WEEK_SECONDS),
        "minimum_order": offer.get("sizeminimum"),
    }


def take_products(models: dict[str, list[Row]], ways: Ways, made: Translation) -> None:
    """Take the items that are sold; an item's cost is its price, what goes into it is its cost."""
    items = {row["name"]: row for row in models["input.item"]}
    sold = dict.fromkeys(row["product"] for row in made.tables["orders"])
    firm = {row["product"] for row in made.tables["orders"] if row["due"] is not None}
    costs = _costs(models, made)
    made.tables["products"] = rows = []
    for name in sold:
        item = items.get(name, dict.fromkeys(SCHEMA["input.item"]))
        minimum, multiple = _lot(ways, name)
        rows.append(
            {
                "product": name,
                "name": item["description"] or name,
                "category": item["category"] or "all",
                "type": item["subcategory"],
                "unit_price": item["cost"],
                "unit_cost": costs.get(name),
                "make": "order" if name in firm else "stock",
                "lot_minimum": minimum,
                "lot_multiple": multiple,
            }
        )
    named = {name for row in made.tables["bom"] for name in (row["item"], row["component"])} | sold.keys()
    named |= {row["material"] for row in made.tables["materials"]}
    reason = "neither sold nor part of a bill; groups of items are not known"
    for row in models["input.item"]:
        made.keep_if("input.item", "" if row["name"] in named else reason)
    _note_products(rows, ways, made)


def _lot(ways: Ways, item: str) -> tuple[float | None, float | None]:
    """Return the smallest lot of an item and its multiple; none where any number will do, or whole units only."""
    first = ways.steps.get(item, [{}])[0]
    minimum, multiple = (first.get(name) or 0.0 for name in ("sizeminimum", "sizemultiple"))
    return minimum if minimum > 1 else None, multiple if multiple > 1 else None


def _note_products(rows: list[Row], ways: Ways, made: Translation) -> None:
    made.notes.append(
        "products: the cost of an item that is sold is taken as its price; its unit cost is what its materials and "
        "resources cost, where they do"
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
    sold = {row["product"] for row in rows}
    lots = sum(item not in sold and _lot(ways, item) != (None, None) for item in ways.steps)
    if lots:
        made.notes.append(f"input.operation: lot sizes of {lots} components are not kept; only lots of products have rules")


def _costs(models: dict[str, list[Row]], made: Translation) -> dict[str, float]:
    """Return what one unit takes in materials and, where resources have a cost, in hours; items of known cost only."""
    an_hour = {row["name"]: row["cost"] or 0.0 for row in models["input.resource"]}
    costs: dict[str, float] = {row["material"]: row["unit_cost"] for row in made.tables["materials"] if row["unit_cost"]}
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in made.tables["bom"]:
        parts[row["item"]].append(row)
    hours: Counter[str] = Counter()
    for row in made.tables["routing"]:
        hours[row["item"]] += row["hours"] * an_hour[row["machine"]]
    try:
        order = list(
            TopologicalSorter({item: [row["component"] for row in rows] for item, rows in parts.items()}).static_order()
        )
    except CycleError:
        return costs  # convert refuses it, naming the items
    for item in order:
        if parts[item] and all(row["component"] in costs for row in parts[item]):
            costs[item] = round(sum(row["quantity"] * costs[row["component"]] for row in parts[item]) + hours[item], 6)
    return costs


def take_stock(models: dict[str, list[Row]], ways: Ways, made: Translation) -> None:
    """Take what is on hand the evening before today."""
    day = made.today - timedelta(days=1)
    onhand: Counter[tuple[str, str]] = Counter()
    for row in models["input.buffer"]:
        if made.keep_if("input.buffer", "stock below 0" if or_(row["onhand"], 0.0) < 0 else ""):
            onhand[row["item"], row["location"] or "all"] += or_(row["onhand"], 0.0)
    made.tables["stock"] = [{"item": item, "region": at, "day": day, "units": units} for (item, at), units in onhand.items()]
    sold = {row["product"] for row in made.tables["products"]}
    inside = [item for (item, _), units in onhand.items() if units and item in ways.steps and item not in sold]
    if inside:
        made.notes.append(f"stock: on hand of made components ({some(inside)}) is kept, but plans do not use it")
