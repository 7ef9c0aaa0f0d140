"""What is bought, and from whom."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from lotwise.collect.frepple.rows import NEVER, WEEK_SECONDS, above_one, dates, holds, inside, rank, some

if TYPE_CHECKING:
    from lotwise.collect.frepple.operations import Ways
    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation


def take_materials(models: dict[str, list[Row]], ways: Ways, made: Translation) -> None:
    """Take what is bought, from every supplier: what no operation makes, and made items that can be bought as well."""
    items = {row["name"]: row for row in models["input.item"]}
    offers: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(models["input.itemsupplier"], key=lambda row: (not holds(row, made.today), rank(row))):
        if (row["effective_end"] or NEVER).date() > made.today:
            offers[row["item"]].append(row)
    parts = dict.fromkeys(row["component"] for row in made.tables["bom"])
    wanted = {item: _offers(item, offers, items) for item in [*parts, *(row["product"] for row in made.tables["orders"])]}
    is_made = {*ways.steps, *(row["coproduct"] for row in made.tables["coproducts"])}
    bought = {item: own for item, own in wanted.items() if own or (item in parts and item not in is_made)}
    made.tables["materials"] = [
        _material(item, items.get(item, {}), own) for item, own in bought.items() if item not in ways.steps
    ]
    made.tables["suppliers"] = rows = []
    taken: dict[tuple[str, str], Row] = {}
    for item, own in bought.items():
        for offer in own:
            if offer["priority"] != 0 and (item, offer["supplier"] or "") not in taken:
                taken[item, offer["supplier"] or ""] = offer
                rows.append(_supplier(item, items.get(item, {}), offer, made))
    used = {id(offer) for offer in taken.values()}
    for row in models["input.itemsupplier"]:
        reason = "priority 0, no longer in effect, of items nobody needs, or the same supplier again"
        made.keep_if("input.itemsupplier", "" if id(row) in used else reason)
    names = {row["supplier"] for row in rows}
    for row in models["input.supplier"]:
        made.keep_if("input.supplier", "" if row["name"] in names else "supplies nothing that is needed")
    _note_materials(bought, set(ways.steps), made)


def _offers(item: str, offers: dict[str, list[Row]], items: dict[str, Row]) -> list[Row]:
    """Return the offers for an item, or for the nearest group it is in; the preferred one first."""
    return next((offers[name] for name in inside(item, items) if offers.get(name)), [])


def _material(name: str, item: Row, offers: list[Row]) -> Row:
    offer = offers[0] if offers else {}
    return {
        "material": name,
        "name": item.get("description") or name,
        "unit_cost": offer.get("cost") or item.get("cost") or 0.0,
        "lead_weeks": _lead(offer),
        "minimum_order": above_one(offer.get("sizeminimum")),
    }


def _supplier(name: str, item: Row, offer: Row, made: Translation) -> Row:
    starts, ends = dates(offer, made.today)
    return {
        "material": name, "supplier": offer["supplier"] or "unknown", "from_units": 0.0,
        "unit_price": offer["cost"] or item.get("cost") or 0.0, "lead_weeks": _lead(offer),
        "minimum_order": above_one(offer["sizeminimum"]), "order_multiple": above_one(offer["sizemultiple"]),
        "starts": starts, "ends": ends,
    }  # fmt: skip


def _lead(offer: Row) -> int:
    """Return the weeks of a delivery, rounded up: what is a day late stops a line."""
    return math.ceil((offer.get("leadtime") or 0.0) / WEEK_SECONDS)


def _note_materials(bought: dict[str, list[Row]], is_made: set[str], made: Translation) -> None:
    nobody = [item for item, offers in bought.items() if not offers]
    if nobody:
        made.notes.append(f"materials: nobody supplies {some(nobody)}; taken as bought at the item's cost without lead time")
    free = [row["material"] for row in made.tables["materials"] if not row["unit_cost"]]
    if free:
        made.notes.append(f"materials: {some(free)} have no cost and are taken as free")
    several = [item for item, offers in bought.items() if len(offers) > 1 or item in is_made]
    if several:
        made.notes.append(
            f"suppliers: {some(several)} come from several sources; the plan takes what is cheapest and in time, whatever "
            "their priorities"
        )
    largest = sum(offer["sizemaximum"] is not None for offers in bought.values() for offer in offers)
    if largest:
        made.notes.append(f"input.itemsupplier: the largest order of {largest} is not kept; several orders can be placed")
