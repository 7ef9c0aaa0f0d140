"""How each item is made, from the clean tables: one way each, the one the plan prefers."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from math import inf, lcm
from typing import TYPE_CHECKING, Any

from lotwise.plan.bill import option_shares
from lotwise.plan.promising.facts import ALWAYS, ANYWHERE, Line, Way
from lotwise.tables.bills import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import pyarrow as pa

CUSTOMERS = "customers"
EDGE = 1e-6
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Making:
    """How things are made, and where.

    Parameters
    ----------
    ways
        Of each item that is made.
    site
        Where each of them is made.
    needed
        Sites at which each component is needed.
    multiples
        Units of each product that are delivered in whole multiples.
    """

    ways: dict[str, Way]
    site: dict[str, str]
    needed: dict[str, set[str]]
    multiples: dict[str, float]


def making(
    tables: Mapping[str, pa.Table], products: Sequence[str], weeks: Sequence[date], machines: Mapping[str, int], *, lead: int
) -> Making:
    """Return how the products, and everything in them, are made.

    Of machines that stand in for each other the cheapest does, of lines that do the first; an item whose bill changes within
    the weeks has no way, and neither has one that no lanes take from where it is made to where it is needed.

    Parameters
    ----------
    tables
        Clean tables: ``bom, routing, machines, items, products, families, lanes, orders, order_options, options`` where they
        exist.
    products, weeks
        What is planned, and the Mondays of the plan.
    machines
        Number of each machine.
    lead
        Weeks from making a product to having it where no table says.
    """
    shop = _Shop(tables, weeks, machines)
    sites = {item: site for item in sorted(shop.made) if (site := _site(shop, item)) is not None}
    needed: dict[str, set[str]] = {}
    for item, lines in shop.lines.items():
        for line in lines if item in sites else ():
            needed.setdefault(line.component, set()).add(sites[item])
    ways, multiples = {}, {}
    for item, site in sites.items():
        sold = item in products
        path = _path(shop, item, site, {CUSTOMERS}) if sold else None
        days = 0 if path is None else path.lead
        for target in needed.get(item, ()):
            days = max(days, _between(shop, item, site, target))
        if days < inf and item not in shop.changing:
            ways[item] = _way(shop, item, site, int(days), path, lead if sold else 0)
    for product in products:
        step = max(
            (row.get("multiple") or 0.0 for (_, to), row in shop.lanes_of(product).items() if to == CUSTOMERS), default=0
        )
        if step > 0:
            multiples[product] = float(step)
    return Making(ways, sites, needed, multiples)


class _Shop:
    """The tables as rows, by what they are looked up with."""

    def __init__(self, tables: Mapping[str, pa.Table], weeks: Sequence[date], machines: Mapping[str, int]) -> None:
        rows = {name: tables[name].to_pylist() if name in tables else [] for name in _READ}
        self.machines = machines
        self.machine_site = {row["machine"]: row.get("site") or ANYWHERE for row in rows["machines"]}
        self.items = {(row["item"], row["site"]): row for row in rows["items"]}
        self.products = {row["product"]: row for row in rows["products"]}
        self.steps = _grouped((row for row in rows["routing"] if row["machine"] in machines), "item")
        self.families = _grouped((row for row in rows["families"] if row["machine"] in machines), "family")
        lanes = [row for row in rows["lanes"] if row["origin"] != row["target"]]
        self._lanes = {item: {(r["origin"], r["target"]): r for r in mine} for item, mine in _grouped(lanes, "item").items()}
        self.changing = {row["item"] for row in rows["bom"] if _changes(row, weeks)}
        self.lines = _lines(tables, weeks, rows) if rows["bom"] else {}
        self.made = {*self.steps, *self.lines}

    def lanes_of(self, item: str) -> dict[tuple[str, str], Row]:
        return self._lanes.get(ANYWHERE, {}) | self._lanes.get(item, {})

    def value(self, item: str, site: str, name: str, *, also: bool = False) -> Any:  # noqa: ANN401  a cell holds anything
        for key in ((item, site), (item, ANYWHERE)):
            found = self.items.get(key, {}).get(name)
            if found is not None:
                return found
        return self.products.get(item, {}).get(name) if also else None


_READ = ("machines", "items", "products", "routing", "families", "lanes", "bom", "materials", "suppliers")


def _grouped(rows: Iterable[Row], name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def _changes(row: Row, weeks: Sequence[date]) -> bool:
    starts, ends = row.get("starts"), row.get("ends")
    return (starts is not None and weeks[0] < starts <= weeks[-1]) or (ends is not None and weeks[0] <= ends < weeks[-1])


def _lines(tables: Mapping[str, pa.Table], weeks: Sequence[date], rows: Mapping[str, list[Row]]) -> dict[str, list[Line]]:
    """Return the lines of each item; what is only bought is left out where nothing says what is bought."""
    shares = option_shares(*(tables.get(name) for name in ("bom", "orders", "order_options", "options")))
    is_bought = bool(rows["materials"] or rows["suppliers"])
    made = {row["item"] for name in ("bom", "routing") for row in rows[name]} | {row["product"] for row in rows["products"]}
    found: dict[str, list[Line]] = {}
    for row in in_force(tables["bom"], weeks[0]).to_pylist():
        mine = found.setdefault(row["item"], [])
        if is_bought or row["component"] in made:
            option, value = row["option"], row["value"]
            share = 1.0 if option == ALWAYS else shares.get((row["item"], option, value), 0.0)
            mine.append(Line(row["component"], row["quantity"], option, value, share))
    return found


def _site(shop: _Shop, item: str) -> str | None:
    """Return the first site with a machine for each step; of an item without steps, the site ``items`` names."""
    steps: dict[int, set[str]] = {}
    for row in shop.steps.get(item, ()):
        steps.setdefault(row["step"], set()).add(shop.machine_site[row["machine"]])
    named = sorted(site for each, site in shop.items if each == item)
    if not steps:
        return named[0] if named else ANYWHERE
    sites = sorted({site for stand in steps.values() for site in stand})
    able = [site for site in sites if all(stand & {site, ANYWHERE} for stand in steps.values())]
    best = [site for site in able if site in named] or able
    return best[0] if best else None


@dataclass(frozen=True, slots=True)
class _Path:
    lead: float
    least: float
    step: float


def _between(shop: _Shop, item: str, site: str, target: str) -> float:
    if ANYWHERE in (site, target) or site == target:
        return 0.0
    return _path(shop, item, site, {target}).lead


def _path(shop: _Shop, item: str, site: str, targets: set[str]) -> _Path:
    """Return the shortest way by lanes; none is needed to customers where no lane goes to them."""
    ways = shop.lanes_of(item)
    if targets == {CUSTOMERS} and not any(to == CUSTOMERS for _, to in ways):
        return _Path(0.0, 0.0, 0.0)
    queue: list[tuple[float, str, float, float]] = [(0.0, site, 0.0, 0.0)]
    if site == ANYWHERE:
        queue = sorted((0.0, origin, 0.0, 0.0) for origin, _ in ways)
    seen: set[str] = set()
    while queue:
        lead, here, least, step = heapq.heappop(queue)
        if here in targets:
            return _Path(lead, least, step)
        if here in seen:
            continue
        seen.add(here)
        for (origin, target), row in ways.items():
            if origin == here and row.get("weekly_limit") is None:
                more = (lead + (row.get("lead_weeks") or 0), target)
                heapq.heappush(queue, (*more, max(least, row.get("minimum") or 0.0), _multiple(step, row.get("multiple"))))
    return _Path(inf, 0.0, 0.0)


def _multiple(one: float, other: float | None) -> float:
    """Return the least common multiple of two steps, 0 for none."""
    if not one or not other:
        return one or other or 0.0
    if one == int(one) and other == int(other):
        return float(lcm(int(one), int(other)))
    return float(max(one, other))


def _way(shop: _Shop, item: str, site: str, days: int, path: _Path | None, otherwise: int) -> Way:
    lead = shop.value(item, site, "lead_weeks")
    minimum, multiple, maximum = (shop.value(item, site, name, also=True) for name in _LOTS)
    step = _multiple(multiple if multiple and multiple > EDGE else 0.0, path.step if path else 0.0)
    least = max(minimum or 0.0, path.least if path else 0.0)
    family = shop.value(item, site, "family") or ""
    steps = [_step(shop, row) for row in _preferred(shop, item, site)]
    shared = shop.families.get(family, ())
    steps += [(shop.machines[row["machine"]], 0.0, 0.0, row.get("setup_hours") or 0.0) for row in shared]
    return Way(
        steps=tuple(steps),
        lines=tuple(shop.lines.get(item, ())),
        lead=(otherwise if lead is None else int(lead)) + days,
        good=shop.value(item, site, "yield") or 1.0,
        least=least if least > EDGE else 0.0,
        step=step,
        largest=inf if maximum is None else maximum,
        family=family,
    )


_LOTS = ("lot_minimum", "lot_multiple", "lot_maximum")


def _preferred(shop: _Shop, item: str, site: str) -> list[Row]:
    """Return one row a step: the cheapest machine there, then the fastest, as ``plan.bill.uses`` prefers them."""
    first: dict[int, Row] = {}
    rank = lambda row: (row.get("unit_cost") or 0.0, row["hours"], row["machine"])  # noqa: E731
    for row in sorted(shop.steps.get(item, ()), key=rank):
        if site == ANYWHERE or shop.machine_site[row["machine"]] in (site, ANYWHERE):
            first.setdefault(row["step"], row)
    return [first[step] for step in sorted(first)]


def _step(shop: _Shop, row: Row) -> tuple[int, float, float, float]:
    return shop.machines[row["machine"]], row["hours"], row.get("setup_hours") or 0.0, 0.0
