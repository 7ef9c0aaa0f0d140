"""Numbers of lots, purchases and shipments: the same in every run that starts the same thing for the same week."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from lotwise.plan.orders.current import Current

ALL = "all"
"""Site of what has one."""


def iso_week(day: date) -> str:
    """Return the ISO week of a day, such as ``2024-W05``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def lot_prefix(current: Current, activity: int, week: int) -> str:
    """Return what the numbers of an activity's lots started in a week begin with: item, site, week they are ready in, route.

    The site is left out where there is one, the route where the item is made on one there. All of it is the same whatever
    else is planned, so that a lot keeps its number from one plan to the next.
    """
    items, item = current.network.items, int(current.labels.item[activity])
    ready = current.day(week + int(current.network.activities.lead[activity]))
    route = current.labels.route[activity].replace(" > ", "+").replace(" or ", "|")
    parts = [items.names[item], *([] if items.sites[item] == ALL else [items.sites[item]]), iso_week(ready)]
    return "/".join([*parts, route] if route and current.routes[item] > 1 else parts)


def expected_number(current: Current, activity: int, week: int) -> str:
    """Return the number of what is expected to be assembled once it is ordered: no work order yet."""
    return f"{lot_prefix(current, activity, week)}/expected"


def purchase_number(current: Current, activity: int, week: int) -> str:
    """Return the number of an order placed in a week."""
    material, supplier = current.network.items.names[int(current.labels.item[activity])], current.labels.supplier[activity]
    return " ".join(part for part in ("purchase", material, supplier, str(current.day(week))) if part)


def shipment_number(current: Current, activity: int, week: int) -> str:
    """Return the number of a shipment that leaves in a week."""
    items, labels = current.network.items, current.labels
    item, origin = items.names[int(labels.item[activity])], items.sites[int(labels.origin[activity])]
    return f"shipment {item} {origin} {current.day(week)}"


def routes_of(current: Current) -> dict[int, int]:
    """Return how many routes each item is made on."""
    found: dict[int, set[str]] = defaultdict(set)
    for activity, kind in enumerate(current.network.activities.kinds):
        if kind == "make":
            found[int(current.labels.item[activity])].add(current.labels.route[activity])
    return defaultdict(int, {item: len(routes) for item, routes in found.items()})
