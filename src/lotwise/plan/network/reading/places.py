"""Where each item is: the sites that make it, keep it or get it, and how a product reaches those who buy it."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.reading.bills import Line, lines
from lotwise.plan.network.reading.given import ALL, CUSTOMERS, Given, Row, given, grouped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from lotwise.config import Settings
    from lotwise.plan.problem import Problem


@dataclass(frozen=True, slots=True)
class Places:
    """Where each item is.

    Parameters
    ----------
    sites
        Every named site, or ``all`` alone.
    order
        The items the problem needs, what is made of others before those.
    at
        Sites each item is kept or needed at; empty for a product that nothing says of where it is.
    made
        Sites each item is made at.
    sale
        Site of the item each product is sold from: ``customers`` where units are moved to it.
    moved
        Products with kept items of their own, from which units are moved to the item they are sold from.
    lanes
        Lanes of each item by (origin, target); the item ``all`` stands for those that are not named.
    """

    sites: tuple[str, ...]
    order: tuple[str, ...]
    at: dict[str, tuple[str, ...]]
    made: dict[str, tuple[str, ...]]
    sale: dict[str, str]
    moved: set[str]
    lanes: dict[str, dict[tuple[str, str], Row]]

    def ways(self, item: str) -> dict[tuple[str, str], Row]:
        """Return the lane an item takes from each site to each other: its own before one for every item."""
        return self.lanes.get(ALL, {}) | self.lanes.get(item, {})

    def home(self, item: str, site: str) -> str | None:
        """Return the site a row's units are at: its own where the item is there, the item's first for ``all``, else none."""
        if site in self.at.get(item, ()):
            return site
        if site == ALL and self.at.get(item):
            return self.at[item][0]
        return None


def opening(problem: Problem, tables: Mapping[str, pa.Table], settings: Settings) -> NDArray[np.float64]:
    """Return the opening stock that the problem must have beside its network; ``(n_products,)``.

    A product with kept items of its own (several sites, a lane to customers, or a component of something else) has its stock
    there, and 0 here. The stage replaces ``problem.opening`` by this before it makes the current plan.
    """
    found = given(problem, tables, settings, lambda _: None)
    moved = places(found, lines(found)).moved
    return np.where([product in moved for product in problem.products], 0.0, problem.opening)


def site_names(given: Given) -> tuple[str, ...]:
    """Return every site that a table names, or ``all`` where none does."""
    named = {row["site"] for name in ("sites", "items", "receipts") for row in given.rows[name]}
    named |= {row.get("site") or ALL for row in given.rows["machines"]} | {site for _, site in given.stock}
    named |= {row[end] for row in given.rows["lanes"] for end in ("origin", "target")}
    return tuple(sorted(named - {ALL, CUSTOMERS})) or (ALL,)


def places(given: Given, bill: Mapping[str, Sequence[Line]]) -> Places:
    """Return where each item is; what nobody needs and no lane takes to where it is needed is left out."""
    sites = site_names(given)
    named = {item: {row["site"] for row in rows} & set(sites) for item, rows in grouped(given.rows["items"], "item").items()}
    makeable = sorted({row["item"] for name in ("bom", "routing") for row in given.rows[name]})
    able = {item: _makers(given, item, sites, named.get(item, set())) for item in makeable}
    roots = _roots(given, bill)
    found = Places(sites, _order(roots, bill), {}, {}, {}, set(), _lanes(given))
    there = _there(given, able)
    needed: dict[str, set[str]] = {item: set() for item in found.order}
    for item in found.order:
        _settle(found, item, needed, there.get(item, set()), able, sold=item in given.products)
        for line in bill.get(item, ()):
            needed[line.component] |= set(found.made[item])
    return found


def _settle(
    found: Places, item: str, needed: Mapping[str, set[str]], there: set[str], able: Mapping[str, set[str]], *, sold: bool
) -> None:
    """Write down where one item is, once all that it goes into is settled."""
    ways = found.ways(item).keys()
    exits = {origin for origin, target in ways if target == CUSTOMERS} & set(found.sites) if sold else set()
    goals = needed[item] | (exits or there if sold else set())
    if not goals and not sold:
        goals = set(able.get(item, ()))
    reach = _closure(there, ways) & _closure(goals, [(target, origin) for origin, target in ways])
    at = tuple(sorted((goals | reach) & set(found.sites)))
    moved = sold and bool(needed[item] or exits or len(at) > 1)
    direct = at or (found.sites if len(found.sites) == 1 else (CUSTOMERS,))
    found.at[item] = at if moved or not sold else direct[:1]
    found.made[item] = tuple(site for site in found.at[item] if site in able.get(item, ()))
    if sold:
        found.sale[item] = CUSTOMERS if moved else direct[0]
    if moved:
        found.moved.add(item)


def _closure(start: set[str], ways: Iterable[tuple[str, str]]) -> set[str]:
    """Return every site that can be reached."""
    found, size = set(start), -1
    while size != len(found):
        size = len(found)
        found |= {target for origin, target in ways if origin in found and target != CUSTOMERS}
    return found


def _lanes(given: Given) -> dict[str, dict[tuple[str, str], Row]]:
    rows = [row for row in given.rows["lanes"] if row["origin"] != row["target"]]
    return {item: {(row["origin"], row["target"]): row for row in mine} for item, mine in grouped(rows, "item").items()}


def _makers(given: Given, item: str, sites: Sequence[str], named: set[str]) -> set[str]:
    """Return the sites that can make an item: those with a machine for each of its steps, else those ``items`` names for it."""
    steps: dict[int, set[str]] = {}
    for row in given.steps.get(item, ()):
        steps.setdefault(row["step"], set()).add(given.index["machines"][row["machine"]].get("site") or ALL)
    if steps:
        return {site for site in sites if all(stand & {site, ALL} for stand in steps.values())}
    return named or set(sites)


def _there(given: Given, able: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the sites each item comes into being at or is kept at, whether anybody needs it there or not."""
    found = {item: set(sites) for item, sites in able.items()}
    for row in (*given.rows["items"], *given.rows["receipts"]):
        found.setdefault(row["item"], set()).add(row["site"])
    for item, site in given.stock:
        found.setdefault(item, set()).add(site)
    for row in given.rows["coproducts"]:
        found.setdefault(row["coproduct"], set()).update(able.get(row["item"], ()))
    return {item: sites - {ALL} if len(sites) > 1 else sites for item, sites in found.items()}


def _roots(given: Given, bill: Mapping[str, Sequence[Line]]) -> list[str]:
    """Return the products, and what is made for the sake of a co-product that something needs."""
    roots, giver = list(given.products), grouped(given.rows["coproducts"], "coproduct")
    while True:
        inside = set(_order(roots, bill))
        more = sorted({row["item"] for item in inside for row in giver.get(item, ())} - inside)
        if not more:
            return roots
        roots += more


def _order(roots: Sequence[str], bill: Mapping[str, Sequence[Line]]) -> tuple[str, ...]:
    """Return everything the roots are made of, what is made of others before those."""
    into: dict[str, list[str]] = {item: [] for item in roots}
    waiting = list(roots)
    while waiting:
        item = waiting.pop()
        for line in bill.get(item, ()):
            if line.component not in into:
                into[line.component] = []
                waiting.append(line.component)
            into[line.component].append(item)
    return tuple(TopologicalSorter(into).static_order())
