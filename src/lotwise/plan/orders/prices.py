"""What one more hour, unit, unit of room or unit ordered would earn in each week of the current plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.orders.loads import hours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from lotwise.plan.orders.current import Current, Row

    Ranges = Mapping[tuple[str, int], tuple[float, float]]
    Part = tuple[str, str, str, NDArray[np.float64], NDArray[np.float64] | None, NDArray[np.float64], NDArray[np.float64]]


def price_rows(current: Current, ranges: Ranges | None = None) -> list[Row]:
    """Return the rows of the table ``prices`` for the current plan: machines, materials, components, rooms and demand.

    Parameters
    ----------
    current
        The current plan.
    ranges
        Units fewer and more for which a price holds, by the name of the resource here and the number of the week.

    Notes
    -----
    An item kept at several sites has a row for each, named ``ITEM SITE``. The price of demand is what one more unit ordered
    would earn: its price less its standard cost, less what one more of it for sale would earn; 0 where that is more, for then
    it is better not served.
    """
    known = ranges or {}
    rows: list[Row] = []
    for name, kind, unit, used, capacity, overtime, price in _parts(current):
        for week, day in enumerate(current.problem.weeks):
            less, more = known.get((name, week), (None, None))
            rows.append(
                {
                    "information": current.problem.information,
                    "cutoff": current.problem.cutoff,
                    "resource": name,
                    "week": day,
                    "kind": kind,
                    "used": max(used[week], 0.0),
                    "capacity": None if capacity is None or not np.isfinite(capacity[week]) else max(capacity[week], 0.0),
                    "overtime": overtime[week],
                    "price": price[week],
                    "unit": unit,
                    "less": None if less is None or not np.isfinite(less) else less,
                    "more": None if more is None or not np.isfinite(more) else more,
                }
            )
    return sorted(rows, key=lambda row: (str(row["resource"]), row["week"]))


def ranges_of(current: Current) -> dict[tuple[str, int], tuple[float, float]]:
    """Return hours or units fewer and more for which each price holds, by the resource's name here and the week's number."""
    network, ranges = current.network, current.flow.ranges
    if ranges is None:
        return {}
    kept = np.flatnonzero(network.items.keeps & (network.items.product < 0)).tolist()
    named = [(name, "machines", n) for n, name in enumerate(network.machines.names)]
    named += [(f"room {site}", "rooms", n) for n, site in enumerate(network.sites)]
    named += [(current.resource[n], "items", n) for n in kept if current.resource[n] not in current.problem.products]
    found: dict[tuple[str, int], tuple[float, float]] = {}
    for name, block, n in named:
        for week, (less, more) in enumerate(ranges[block][:, n].T.tolist()):
            found.setdefault((name, week), (less, more))
    return found


def _parts(current: Current) -> Iterator[Part]:
    """Yield resource, kind, unit, and by week: used, capacity, overtime, price. No resource comes twice."""
    network, flow, problem = current.network, current.flow, current.problem
    none = np.zeros(len(problem.weeks))
    run, setup, _ = hours(current)
    taken: set[str] = set()
    for n, name in enumerate(network.machines.names):
        taken.add(name)
        yield name, "machine", "hours", run[n] + setup[n], network.machines.hours[n], flow.overtime[n], flow.machine_price[n]
    for n, site in enumerate(network.sites):
        store = f"room {site}"
        inside = np.array([other == site for other in network.items.sites], dtype=bool) & network.items.keeps
        full = (network.items.space[inside, None] * flow.stock[inside]).sum(axis=0)
        if store not in taken:
            taken.add(store)
            yield store, "storage", "room", full, np.full(len(none), network.room[n]), none, flow.room_price[n]
    for n, product in enumerate(problem.products):
        item = int(current.sale_item[n])
        if product not in taken:
            taken.add(product)
            if flow.demand_price is None:
                cost = flow.item_price[item] if item >= 0 else none
                worth = float(problem.terms.price[n] - problem.terms.cost[n]) - cost
            else:
                worth = flow.demand_price[n]
            yield product, "demand", "units", problem.demand[:, n].mean(axis=0), None, none, np.maximum(worth, 0.0)
    yield from _items(current, taken)


def _items(current: Current, taken: set[str]) -> Iterator[Part]:
    """Yield the materials and components, each site of those that have several."""
    items, flow = current.network.items, current.flow
    before = np.concatenate([np.zeros((len(items.names), 1)), flow.stock[:, :-1]], axis=1)
    there = before + items.arriving + current.given
    none = np.zeros(there.shape[1])
    for n in np.flatnonzero(items.keeps & (items.product < 0)).tolist():
        name = current.resource[n]
        if name not in taken:
            taken.add(name)
            kind = "material" if items.kinds[n] == "material" else "component"
            yield name, kind, items.units[n], current.taken[n], there[n], none, flow.item_price[n]
