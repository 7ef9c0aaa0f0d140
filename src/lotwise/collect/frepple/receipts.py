"""What is on hand, on its way or approved: buffers and the plans of operations that frePPLe does not propose itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from lotwise.collect.frepple.rows import or_
from lotwise.collect.frepple.sites import ALL, site_of

if TYPE_CHECKING:
    from lotwise.collect.frepple.operations import Ways
    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.sites import Places
    from lotwise.collect.frepple.translation import Translation

KINDS = {"PO": "purchase", "MO": "lot", "WO": "lot", "DO": "shipment"}
CONSUMES = "WIP.consume_material"
"""frePPLe's parameter: whether the materials of what is under way are still in stock; true where it is absent."""


def take_stock(models: dict[str, list[Row]], places: Places, made: Translation) -> None:
    """Take what is on hand the evening before today."""
    day = made.today - timedelta(days=1)
    onhand: Counter[tuple[str, str]] = Counter()
    for row in models["input.buffer"]:
        if made.keep_if("input.buffer", "stock below 0" if or_(row["onhand"], 0.0) < 0 else ""):
            onhand[row["item"], places.of(row["location"])] += or_(row["onhand"], 0.0)
    made.tables["stock"] = [
        {"item": item, "site": site, "region": ALL, "day": day, "units": units} for (item, site), units in onhand.items()
    ]


def take_receipts(models: dict[str, list[Row]], ways: Ways, places: Places, made: Translation) -> None:
    """Take confirmed and approved purchases, lots and shipments; a lot under way takes its materials out of stock."""
    parameters = {row["name"]: row["value"] for row in models["common.parameter"]}
    consumes = str(parameters.get(CONSUMES, "true")).lower() != "false"
    now = datetime.combine(made.today, time())
    rows: list[Row] = []
    made.tables["receipts"] = rows
    numbers: Counter[str] = Counter()
    used: Counter[tuple[str, str]] = Counter()
    for row in models["input.operationplan"]:
        kind, item = KINDS.get(row["type"] or ""), row["item"] or ways.item_of.get(row["operation"] or "")
        if not made.keep_if("input.operationplan", _reason(row, kind, item, ways, now)):
            continue
        starts, units = row["startdate"] or now, or_(row["quantity"], 1.0)
        ends = row["enddate"] or starts + timedelta(seconds=_lasts(row, ways))
        site = places.of(row["location"] or row["destination"])
        begun = kind != "lot" or (row["status"] == "confirmed" and starts < now)
        if kind == "lot" and item in ways.steps:
            units *= ways.produced[item]
            site = places.of(row["location"]) if row["location"] else site_of(ways.steps[item], places)
            if begun and consumes:
                used.update({(r["component"], site): r["quantity"] * units for r in made.tables["bom"] if r["item"] == item})
        number = row["reference"] or row["name"] or f"{kind} {len(rows) + 1}"
        numbers[number] += 1
        rows.append({
            "receipt": number if numbers[number] == 1 else f"{number} ({numbers[number]})", "item": item, "site": site,
            "kind": kind, "day": max(ends.date(), made.today), "units": units, "begun": str(begun).lower(),
        })  # fmt: skip
    late = sum(row["day"] == made.today for row in rows)
    if late:
        made.notes.append(f"receipts: {late} are expected today, or were before; all are taken as there on {made.today}")
    if used:
        _take_out(used, made)


def _reason(row: Row, kind: str | None, item: str | None, ways: Ways, now: datetime) -> str:
    """Return why an order is not carried over; empty where it is."""
    if row["status"] not in {"confirmed", "approved"}:
        return "proposals, and what is finished: lotwise makes its own plan"
    if kind is None or item is None:
        return "deliveries, and orders of unknown operations or kinds"
    if or_(row["quantity"], 1.0) <= 0:
        return "quantity of 0 or less"
    if kind == "shipment" and (row["startdate"] or now) >= now:
        return "transfers that have not left yet: their units are in stock at the site they leave, and moved as the plan says"
    if kind == "lot" and item not in ways.steps:
        return "orders of operations that are not carried over"
    return ""


def _lasts(row: Row, ways: Ways) -> float:
    """Return the seconds an order takes where no end is given."""
    steps = ways.steps.get(ways.item_of.get(row["operation"] or "", ""), [])
    units = or_(row["quantity"], 1.0)
    total: float = sum((step["duration"] or 0.0) + (step["duration_per"] or 0.0) * units for step in steps)
    return total


def _take_out(used: Counter[tuple[str, str]], made: Translation) -> None:
    """Take what lots under way use out of stock, for frePPLe says that it is still counted there."""
    left: dict[tuple[str, str], float] = defaultdict(float)
    for row in made.tables["stock"]:
        key = row["item"], row["site"]
        taken = min(used[key], row["units"])
        row["units"] = round(row["units"] - taken, 9)
        left[key] = taken
    made.notes.append(
        f"stock: lots under way take {sum(left.values()):g} units of their components out of it, as {CONSUMES} says; their "
        "machine-hours are taken as used"
    )
