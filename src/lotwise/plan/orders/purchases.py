"""Purchase orders and shipments: what is ordered, what is sent, and what both cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lotwise.plan.orders.current import Current, Row


def purchase_rows(current: Current) -> list[Row]:
    """Return the rows of the table ``purchases``: one order for each material, supplier, site and week.

    It costs what its units cost, and what ordering costs. Two prices of one supplier in one week are one order.
    """
    items, labels = current.network.items, current.labels
    found: dict[tuple[object, ...], Row] = {}
    for activity, week, level, money in _paid(current):
        if not current.is_purchase[activity]:
            continue
        item = int(labels.item[activity])
        key = (items.names[item], labels.supplier[activity], items.sites[item], current.day(week))
        arrives = current.day(week + int(current.network.activities.lead[activity]))
        _add(
            found,
            dict(zip(("material", "supplier", "site", "week"), key, strict=True)),
            arrives,
            level * current.out[activity],
            money,
        )
    return [found[key] for key in sorted(found)]


def shipment_rows(current: Current) -> list[Row]:
    """Return the rows of the table ``shipments``: one for each item, origin, target and week."""
    items, labels = current.network.items, current.labels
    found: dict[tuple[object, ...], Row] = {}
    for activity, week, level, money in _paid(current):
        if not current.is_shipment[activity]:
            continue
        item, origin = int(labels.item[activity]), int(labels.origin[activity])
        key = (items.names[item], items.sites[origin], items.sites[item], current.day(week))
        arrives = current.day(week + int(current.network.activities.lead[activity]))
        sent = level * float(current.into[activity])
        _add(found, dict(zip(("item", "origin", "target", "week"), key, strict=True)), arrives, sent, money)
    return [found[key] for key in sorted(found)]


def order_money(current: Current) -> NDArray[np.float64]:
    """Return the cost of ordering of each activity and week: of ``order`` switches, by the units of their members."""
    switches, level = current.network.switches, current.flow.level
    money = np.zeros(level.shape)
    weight = switches.weight.tocsr()
    for switch in [number for number, kind in enumerate(switches.kinds) if kind == "order"]:
        mine = slice(weight.indptr[switch], weight.indptr[switch + 1])
        share = weight.data[mine, None] * level[weight.indices[mine]]
        total = share.sum(axis=0)
        paid = switches.cost[switch] * np.round(current.flow.times[switch])
        money[weight.indices[mine]] += share * np.where(total > 0, paid / np.where(total > 0, total, 1.0), 0.0)
    return money


def _paid(current: Current) -> Iterator[tuple[int, int, float, float]]:
    """Yield activity, week, level and money of all that is bought and sent."""
    started, ordering = current.started, order_money(current)
    for n in np.flatnonzero(~started.passes).tolist():
        activity, week, level = int(started.activity[n]), int(started.week[n]), float(started.level[n])
        share = level / float(current.flow.level[activity, week])
        yield (
            activity,
            week,
            level,
            max(level * float(current.labels.unit_price[activity]) + share * float(ordering[activity, week]), 0.0),
        )


def _add(found: dict[tuple[object, ...], Row], key: Row, arrives: object, units: float, money: float) -> None:
    row = found.setdefault(tuple(key.values()), {**key, "arrives": arrives, "units": 0.0, "cost": 0.0})
    row["units"] = row["units"] + units
    row["cost"] = row["cost"] + money
    row["arrives"] = max(row["arrives"], arrives)
