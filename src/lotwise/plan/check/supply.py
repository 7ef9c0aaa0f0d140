"""What the tables of the current plan say of every item: what comes, what is taken, and by which rules; read once.

What is started takes its components in the week of its start, by the bill lines that hold on that Monday: units started x
quantity / (1 - scrap). Lines for one value of an option are taken between nothing and all, and of lines that stand in for
each other any may be taken, together for every unit: there the units pegged to the lot are believed, where
they fit. Good units come out in the week of ``ready``, and co-products with them: their quantity for each unit started.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lotwise.plan.check.facts import WEEK
from lotwise.plan.check.published import holds, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import pyarrow as pa

    from lotwise.config import Plan as Settings
    from lotwise.plan.check.facts import Facts, Plan
    from lotwise.plan.check.published import Row

ALL, ALL_WAYS, CUSTOMERS = "all", "always", "customers"
Bounds = tuple[float, float]
"""The least and the most it can be."""


@dataclass(frozen=True, slots=True)
class Supply:
    """The current plan over its network: rows by what they are looked up by.

    ``judged`` are the items a product planned needs, by whatever way, and of which anything says where they come from;
    ``parts`` what goes into others, ``counted`` those whose stock anybody counted.
    """

    tables: Mapping[str, pa.Table]
    plan: Plan
    settings: Settings
    lots: list[Row]
    purchases: list[Row]
    shipments: list[Row]
    receipts: list[Row]
    items: dict[tuple[str, str], Row]
    bills: dict[str, list[Row]]
    steps: dict[str, dict[int, dict[str, Row]]]
    coproducts: dict[str, list[Row]]
    products: dict[str, Row]
    materials: dict[str, Row]
    suppliers: dict[str, list[Row]]
    opening: dict[tuple[str, str], float]
    pegged: dict[str, dict[str, float]]
    judged: frozenset[str]
    parts: frozenset[str]
    counted: frozenset[str]

    @property
    def on_hand(self) -> dict[str, float]:
        """Units of each item on hand before the plan, all sites together."""
        found: dict[str, float] = defaultdict(float)
        for (item, _), units in self.opening.items():
            found[item] += units
        return found

    def number(self, day: date) -> int:
        """Return the number of the week a day is in; below 0 before the plan."""
        return (day - self.plan.cutoff).days // 7

    def says(self, item: str, site: str, column: str, otherwise: Any = None) -> Any:  # noqa: ANN401  a cell holds anything
        """Return what ``items`` says of an item at its site, else at all sites, else something else."""
        for place in (site, ALL):
            value = self.items.get((item, place), {}).get(column)
            if value is not None:
                return value
        return otherwise

    def is_frozen(self, week: date) -> bool:
        """Whether the plan before is kept in the week."""
        return self.number(week) < self.settings.frozen_weeks

    def is_made(self, item: str) -> bool:
        """Whether a bill or a routing says how it is made."""
        return item in self.bills or item in self.steps

    def prices(self, material: str) -> list[Row]:
        """Return the prices a material can be had at: those of its suppliers, else that of ``materials``."""
        if material in self.suppliers:
            return self.suppliers[material]
        row = self.materials.get(material)
        if row is None:
            return []
        own = {name: row[name] for name in ("lead_weeks", "minimum_order", "weekly_limit")}
        return [{"supplier": "", "from_units": 0.0, "unit_price": row["unit_cost"], **own}]

    def contents(self, lot: Row) -> tuple[dict[str, Bounds], list[dict[str, float]]]:
        """Return what a lot takes of each component, and of lines that stand in for each other the units for the whole lot."""
        least: dict[str, float] = defaultdict(float)
        most: dict[str, float] = defaultdict(float)
        groups: dict[str, dict[str, float]] = defaultdict(dict)
        for line in self.bills.get(lot["item"], ()):
            if not holds(line, lot["week"]):
                continue
            units, component = lot["started"] * line["quantity"] / (1 - (line.get("scrap") or 0.0)), line["component"]
            most[component] += units
            if line.get("alternate") and line["option"] == ALL_WAYS:
                groups[line["alternate"]][component] = units
            elif line["option"] == ALL_WAYS:
                least[component] += units
        for group in [name for name, units in groups.items() if len(units) == 1]:
            for component, units in groups.pop(group).items():
                least[component] += units
        return {component: (least[component], units) for component, units in most.items()}, list(groups.values())

    def taken(self, lot: Row) -> dict[str, Bounds]:
        """Return what a lot takes of each component: by its bill, and where that leaves a choice by its pegging."""
        found = dict(self.contents(lot)[0])
        for component, (least, most) in found.items() if "pegging" in self.tables else ():
            if least < most:
                units = self.pegged.get(lot["lot"], {}).get(component, 0.0)
                found[component] = (min(max(units, least), most),) * 2
        return found


def supply(facts: Facts, plan: Plan, settings: Settings) -> Supply:
    """Return what the tables say of the current plan."""
    tables = facts.tables
    steps: dict[str, dict[int, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows_of(tables, "routing") if "machines" in tables else ():
        steps[row["item"]][row["step"]][row["machine"]] = row
    pegged: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows_of(tables, "pegging"):
        pegged[row["demand"]][row["item"]] += row["units"]
    bills, coproducts = _by("item", rows_of(tables, "bom")), _by("item", rows_of(tables, "coproducts"))
    opening = _opening(tables)
    last = plan.weeks[-1] + WEEK if plan.weeks else plan.cutoff
    return Supply(
        tables=tables,
        plan=plan,
        settings=settings,
        lots=rows_of(tables, "lots"),
        purchases=rows_of(tables, "purchases"),
        shipments=rows_of(tables, "shipments"),
        receipts=[row for row in rows_of(tables, "receipts") if row["day"] < last and row["units"] > 0],
        items={(row["item"], row["site"]): row for row in rows_of(tables, "items")},
        bills=bills,
        steps={item: dict(of) for item, of in steps.items()},
        coproducts=coproducts,
        products={row["product"]: row for row in rows_of(tables, "products")},
        materials=facts.materials,
        suppliers=_by("material", rows_of(tables, "suppliers")),
        opening=opening,
        counted=frozenset(item for item, _ in opening),
        pegged=pegged,
        judged=_judged(tables, plan, bills, coproducts),
        parts=frozenset(line["component"] for lines in bills.values() for line in lines),
    )


def arrivals(of: Supply) -> dict[tuple[str, str], dict[int, float]]:
    """Return the units of each item at each site that receipts, lots, co-products and purchases bring, by number of week."""
    found: dict[tuple[str, str], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    numbered = {lot["lot"] for lot in of.lots}
    for row in of.receipts:
        if row["receipt"] not in numbered:
            found[row["item"], row["site"]][max(of.number(row["day"]), 0)] += row["units"]
    for lot in of.lots:
        ready = of.number(lot["ready"])
        found[lot["item"], lot["site"]][ready] += lot["units"]
        for line in of.coproducts.get(lot["item"], ()):
            found[line["coproduct"], lot["site"]][ready] += lot["started"] * line["quantity"]
    for row in of.purchases:
        found[row["material"], row["site"]][of.number(row["arrives"])] += row["units"]
    return found


def sites_of(*flows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the sites of each item, from item and site of whatever flows."""
    found: dict[str, set[str]] = defaultdict(set)
    for item, site in {place for flow in flows for place in flow}:
        found[item].add(site)
    return {item: sorted(sites) for item, sites in sorted(found.items())}


def takings(of: Supply) -> dict[tuple[str, str], dict[int, Bounds]]:
    """Return what lots take of each item at each site, by number of week."""
    found: dict[tuple[str, str], dict[int, Bounds]] = defaultdict(lambda: defaultdict(lambda: (0.0, 0.0)))
    for lot in of.lots:
        week = of.number(lot["week"])
        for component, (least, most) in of.taken(lot).items():
            cell = found[component, lot["site"]]
            cell[week] = (cell[week][0] + least, cell[week][1] + most)
    return found


def _judged(
    tables: Mapping[str, pa.Table], plan: Plan, bills: dict[str, list[Row]], coproducts: dict[str, list[Row]]
) -> frozenset[str]:
    """Return the items that are needed and made, bought, counted, on their way, or come out beside others."""
    columns = (
        ("routing", "item"),
        ("materials", "material"),
        ("suppliers", "material"),
        ("stock", "item"),
        ("receipts", "item"),
    )
    known = {row[column] for name, column in columns for row in rows_of(tables, name, column)} | bills.keys()
    known |= {line["coproduct"] for lines in coproducts.values() for line in lines}
    return _needed(plan.products, bills, coproducts) & known


def _needed(products: Iterable[str], bills: dict[str, list[Row]], coproducts: dict[str, list[Row]]) -> frozenset[str]:
    """Return the products, all that goes into them, and all that goes into what one of these comes out beside."""
    found, left = set(products), list(products)
    beside = defaultdict(list)
    for item, lines in coproducts.items():
        for line in lines:
            beside[line["coproduct"]].append(item)
    while left:
        item = left.pop()
        more = {line["component"] for line in bills.get(item, ())} | set(beside[item])
        left += sorted(more - found)
        found |= more
    return frozenset(found)


def _by(column: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return dict(found)


def _opening(tables: Mapping[str, pa.Table]) -> dict[tuple[str, str], float]:
    """Return the units of each item at each site on the latest day anybody counted it there, all regions together."""
    found: dict[tuple[str, str], tuple[date, float]] = {}
    for row in rows_of(tables, "stock"):
        place = (row["item"], row.get("site") or ALL)
        day, units = found.get(place, (row["day"], 0.0))
        if row["day"] >= day:
            found[place] = (row["day"], row["units"] + (units if row["day"] == day else 0.0))
    return {place: units for place, (_, units) in found.items()}
