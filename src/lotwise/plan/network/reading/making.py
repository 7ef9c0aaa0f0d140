"""Making: one activity for each item, site, way through the machines and version of the bill.

Its level counts the units that are started: the bill's quantities, the co-products and the routing's hours are for one of
those, and yield is what comes out of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.reading.draft import Draft, Part, Whole
from lotwise.plan.network.reading.routes import Route, route, routes
from lotwise.plan.network.reading.rules import lot_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from lotwise.plan.network.reading.bills import Line
    from lotwise.plan.network.reading.draft import Book


def add_making(book: Book, machines: Mapping[str, int], need: Mapping[str, float]) -> None:
    """Write down what makes every item at every site that can.

    A product that has neither a bill nor a routing nor a supplier is made freely wherever it is. Alternatives for a component
    are an item that does not keep, with one replacement for each, at its cost above the cheapest; the difference of
    the cheapest to the first, which the standard cost holds, is the making's.

    Parameters
    ----------
    machines
        Number of each machine.
    need
        Most units of each item that can be needed, for how many lots there can be in a week.
    """
    for item in sorted(book.places.order):
        for site in _sites(book, item):
            _make(book, machines, item, site, need[item])


def _sites(book: Book, item: str) -> Sequence[str]:
    given, places = book.given, book.places
    if item in given.made:
        return places.made[item] or ((places.sale[item],) if item in places.sale and not places.at[item] else ())
    if item not in given.products or item in given.suppliers or item in given.index["materials"]:
        return ()
    return places.at[item] or (places.sale[item],)


def _make(book: Book, machines: Mapping[str, int], item: str, site: str, need: float) -> None:
    given, main = book.given, book.number[item, site]
    good = given.value(item, site, "yield") or 1.0
    rule = lot_rule(given, item, site)
    gives = {main: good} | _coproducts(book, item, site, main)
    versions = list(_versions(book.bill.get(item, ()), given.weeks))
    groups = _add_alternates(book, item, site)
    for way in routes(given, machines, item, site):
        steps = _add_steps(book, way, machines, item, site)
        name = f"make {item} at {site}" + (f" on {way.name}" if way.name else "")
        wholes = rule.wholes(f"lot: {name}", way, need / good)
        for holds, lines in versions:
            takes, extra = _contents(book, lines, site, groups)
            book.drafts.append(
                Draft(
                    name + (f" from {given.problem.weeks[int(np.argmax(holds))]}" if len(versions) > 1 else ""),
                    "make", takes | steps, gives, way.uses, _lead(book, item, site), way.cost + extra,
                    holds if len(versions) > 1 else None, multiple=rule.multiple, wholes=wholes,
                    family=given.value(item, site, "family") or "", key=("make", item, site, way.name),
                )
            )  # fmt: skip


def _lead(book: Book, item: str, site: str) -> int:
    """Return weeks from starting to having: of the item, else of the settings for products, none for components."""
    lead = book.given.value(item, site, "lead_weeks")
    if lead is None:
        return book.given.settings.plan.lead_weeks if item in book.given.products else 0
    return min(int(lead), 10**9)


def _coproducts(book: Book, item: str, site: str, main: int) -> dict[int, float]:
    """Return what comes out beside the item; what nothing in the network needs is left out."""
    gives = {}
    for row in book.given.rows["coproducts"]:
        if row["item"] == item and row["quantity"] > 0 and row["coproduct"] in book.standard:
            there = book.number.get((row["coproduct"], site))
            if there is None and row["coproduct"] in book.given.products:
                there = book.sold(row["coproduct"])
            if there is not None and there != main:
                gives[there] = row["quantity"]
    return gives


def _versions(lines: Sequence[Line], weeks: int) -> Iterator[tuple[NDArray[np.bool_], tuple[Line, ...]]]:
    """Yield sets of lines that hold together, and the weeks they do; a group holds while any of its lines does."""
    whole = np.ones(weeks, dtype=bool)
    together = {line.group: np.zeros(weeks, dtype=bool) for line in lines if line.group}
    for line in lines:
        if line.group:
            together[line.group] |= line.holds
    holds = np.array([together.get(line.group, line.holds) for line in lines]).reshape(-1, weeks)
    if holds.all():
        yield whole, tuple(lines)
        return
    patterns: dict[bytes, list[int]] = {}
    for week in range(weeks):
        patterns.setdefault(holds[:, week].tobytes(), []).append(week)
    for mine in patterns.values():
        yield np.isin(np.arange(weeks), mine), tuple(n for n, there in zip(lines, holds[:, mine[0]], strict=True) if there)


def _add_alternates(book: Book, item: str, site: str) -> dict[str, tuple[int, float, float]]:
    """Write down the alternates of one item at one site; return of each group its item, weight, and cost against the first."""
    members: dict[str, list[Line]] = {}
    for line in book.bill.get(item, ()):
        if line.group:
            members.setdefault(line.group, []).append(line)
    found = {}
    for group, lines in members.items():
        costs = [line.units * book.standard[line.component] for line in lines]
        least = min(costs)
        name = f"{group} of {item}"
        number = book.add(Part(name, site, "component", "units", costs[0], keeps=False))
        found[group] = (number, lines[0].weight, least - costs[0])
        for line, cost in zip(lines, costs, strict=True):
            days = "" if line.holds.all() else f" from {book.given.problem.weeks[int(np.argmax(line.holds))]}"
            book.drafts.append(
                Draft(
                    f"use {line.component} as {name} at {site}{days}", "replace",
                    {book.taken(line.component, site): line.units}, {number: 1.0}, cost=cost - least,
                    holds=None if line.holds.all() else line.holds,
                )
            )  # fmt: skip
    return found


def _contents(
    book: Book, lines: Sequence[Line], site: str, groups: Mapping[str, tuple[int, float, float]]
) -> tuple[dict[int, float], float]:
    """Return what one unit takes, and its cost against what the standard cost holds."""
    takes: dict[int, float] = {}
    extra, seen = 0.0, set()
    for line in lines:
        if not line.group:
            number = book.taken(line.component, site)
            takes[number] = takes.get(number, 0.0) + line.units * line.weight
        elif line.group not in seen:
            seen.add(line.group)
            number, weight, cost = groups[line.group]
            takes[number] = weight
            extra += weight * cost
    return takes, extra


def _add_steps(book: Book, way: Route, machines: Mapping[str, int], item: str, site: str) -> dict[int, float]:
    """Write down each step whose machine is chosen by itself: an item that does not keep, and an activity for each machine."""
    takes = {}
    for rows in way.open:
        name = f"step {rows[0]['step']} of {item}"
        number = book.add(Part(name, site, "component", "units", 0.0, keeps=False))
        takes[number] = 1.0
        for row in rows:
            each = route([row], machines)
            title = f"{name} at {site} on {row['machine']}"
            setup = Whole(f"setup: {title}", "setup", hours=each.setup_hours, cost=each.setup_cost)
            wholes = (setup,) if setup.hours or setup.cost else ()
            book.drafts.append(Draft(title, "replace", {}, {number: 1.0}, each.uses, cost=each.cost, wholes=wholes))
    return takes
