"""Where things are made, kept and moved: sites, the lanes between them, and how each item is kept at each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lotwise.collect.frepple.rows import above_one, holds, inside, nearest_weeks, or_, rank, some

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.collect.frepple.operations import Ways
    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation

ALL, CUSTOMERS = "all", "customers"


@dataclass(frozen=True)
class Places:
    """Which sites there are.

    Parameters
    ----------
    several
        Whether sites are planned apart, which they are where items can be moved between them.
    usual
        Site of what names none.
    """

    several: bool
    usual: str = ALL

    def of(self, location: str | None) -> str:
        """Return the site of a location."""
        return (location or self.usual) if self.several else ALL


def find_places(models: dict[str, list[Row]], made: Translation) -> Places:
    """Return the sites: those of frePPLe where something moves between them, else one."""
    moves = [row for row in models["input.itemdistribution"] if _moves(row, made)]
    if not moves:
        named = {row["location"] for row in (*models["input.buffer"], *models["input.operation"]) if row["location"]}
        if len(named) > 1:
            made.notes.append(f"input.location: nothing moves between {some(sorted(named))}; all sites are planned as one")
        return Places(several=False)
    where = [row["location"] for row in (*models["input.operation"], *models["input.buffer"]) if row["location"]]
    return Places(several=True, usual=where[0] if where else moves[0]["origin"])


def _moves(row: Row, made: Translation) -> bool:
    return bool(row["location"]) and row["location"] != row["origin"] and row["priority"] != 0 and holds(row, made.today)


def take_sites(models: dict[str, list[Row]], ways: Ways, places: Places, made: Translation) -> None:
    """Take the sites and lanes over which orders can be served, and each item at each site it is needed at."""
    items = {row["name"]: row for row in models["input.item"]}
    wanted, lanes = _reach(models, items, ways, places, made)
    taken = {id(row) for row in lanes.values()}
    for row in models["input.itemdistribution"]:
        reason = "" if _moves(row, made) else "not in effect today, of priority 0, or to no other site"
        made.keep_if("input.itemdistribution", reason or ("" if id(row) in taken else "over which no order is served"))
    made.tables["lanes"] = [_lane(key, row) for key, row in lanes.items()]
    if places.several:
        served = dict.fromkeys((row["product"], places.of(_at(row))) for row in made.tables["orders"])
        made.tables["lanes"] += [_lane((item, site, CUSTOMERS), {}) for item, site in served]
        made.notes.append(
            "lanes: what is made and moved is planned by site; what is sold is one demand a product, whichever site asks for it"
        )
    for machine in made.tables["machines"]:
        machine["site"] = places.of(machine["site"])
    seen = dict.fromkeys(site for _, site in wanted) if places.several else {}
    made.tables["sites"] = [{"site": site, "name": site} for site in seen]
    used = seen if places.several else {row["location"] for row in (*models["input.buffer"], *models["input.operation"])}
    for row in models["input.location"]:
        made.keep_if("input.location", "" if row["name"] in used else "nothing is made, kept or moved there")
    made.tables["items"] = list(_items(models, ways, places, wanted, made))


def _at(order: Row) -> str | None:
    """Return the location of an order line; none where it names none."""
    return None if order["location"] == ALL else order["location"]


def site_of(steps: list[Row], places: Places) -> str:
    """Return where an item is made: at the first location that its steps name."""
    return places.of(next((step["location"] for step in steps if step["location"]), None))


def _reach(
    models: dict[str, list[Row]], items: dict[str, Row], ways: Ways, places: Places, made: Translation
) -> tuple[dict[tuple[str, str], None], dict[tuple[str, str, str], Row]]:
    """Return the items at sites from which orders are served, through lanes and bills, and the lanes used; preferred first."""
    parts: dict[str, list[str]] = defaultdict(list)
    for row in made.tables["bom"]:
        parts[row["item"]].append(row["component"])
    into: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(models["input.itemdistribution"], key=lambda row: (rank(row), row["origin"])):
        if places.several and _moves(row, made):
            into[row["location"]].append(row)
    wanted: dict[tuple[str, str], None] = {}
    lanes: dict[tuple[str, str, str], Row] = {}
    ahead = [(row["product"], places.of(_at(row))) for row in made.tables["orders"]]
    while ahead:
        item, site = ahead.pop()
        if (item, site) in wanted:
            continue
        wanted[item, site] = None
        groups = {None, *inside(item, items)}
        for row in into[site]:
            if row["item"] in groups:
                lanes.setdefault((item, row["origin"], site), row)
                ahead.append((item, row["origin"]))
        if item in ways.steps and any(site_of(way, places) == site for way in ways.all_of(item)):
            ahead += [(part, site) for part in parts[item]]
    return wanted, lanes


def _lane(key: tuple[str, str, str], row: Row) -> Row:
    item, origin, target = key
    return {
        "item": item, "origin": origin, "target": target, "lead_weeks": nearest_weeks(row.get("leadtime") or 0.0),
        "unit_cost": row.get("cost"), "minimum": above_one(row.get("sizeminimum")),
        "multiple": above_one(row.get("sizemultiple")),
    }  # fmt: skip


def _items(
    models: dict[str, list[Row]], ways: Ways, places: Places, wanted: dict[tuple[str, str], None], made: Translation
) -> Iterator[Row]:
    """Yield each item at each site that something is said of."""
    safety: dict[tuple[str, str], float] = defaultdict(float)
    for row in models["input.buffer"]:
        safety[row["item"], places.of(row["location"])] += max(or_(row["minimum"], 0.0), 0.0)
    for item, site in wanted:
        way = next((w for w in ways.all_of(item) if site_of(w, places) == site), []) if item in ways.steps else []
        if not (way or safety[item, site]):
            continue
        first = way[0] if way else {}
        lasts = sum((step["duration"] or 0.0) + (step["posttime"] or 0.0) for step in way)
        yield {
            "item": item, "site": site, "family": made.families.get(item), "lead_weeks": nearest_weeks(lasts) if way else None,
            "lot_minimum": above_one(first.get("sizeminimum")), "lot_multiple": above_one(first.get("sizemultiple")),
            "lot_maximum": first.get("sizemaximum"), "unit_cost": made.costs.get(item),
            "safety_stock": safety[item, site] or None,
        }  # fmt: skip
