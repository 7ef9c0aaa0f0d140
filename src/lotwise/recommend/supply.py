"""What the plan says about each product: whether it can be had, when, and what its resources would earn elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

LEFT = 1e-6
"""Units below this are none."""


@dataclass(frozen=True)
class Supply:
    """What holds for each of ``m`` products.

    Parameters
    ----------
    offered
        Whether it can be had at all, ``(m,)``.
    capacity_cost
        What the machine-hours and materials of one unit would earn elsewhere, in money, ``(m,)``.
    promise
        First week in which some are expected to be left; None where there is none, or no plan.
    scarce
        The resource most of the capacity cost is for; empty where that is 0.
    free
        The machine it uses most, where every machine it uses has hours to spare; else empty.
    """

    offered: NDArray[np.bool_]
    capacity_cost: NDArray[np.float64]
    promise: tuple[date | None, ...]
    scarce: tuple[str, ...]
    free: tuple[str, ...]


def read(
    codes: Sequence[str], *, plans: pa.Table | None = None, prices: pa.Table | None = None, uses: pa.Table | None = None
) -> Supply:
    """Return what the current plan says about some products.

    The current plan is the one made from what is known now, within real limits, at the latest cutoff.
    Without a plan every product can be had; without prices nothing is scarce.

    Parameters
    ----------
    codes
        The products.
    plans, prices, uses
        The tables of these names, where they exist.
    """
    offered = np.ones(len(codes), dtype=bool)
    promise: tuple[date | None, ...] = (None,) * len(codes)
    if plans is not None and plans.num_rows:
        offered, promise = _had(codes, _current(plans.filter(pc.field("limits") == "real")))
    resource, price = _prices(prices)
    quantity, machine = _uses(codes, resource, uses)
    cost, hours = quantity * price, quantity * machine
    relaxed = (hours.sum(axis=1) > 0) & ((hours * (price > LEFT)).sum(axis=1) == 0)
    return Supply(
        offered,
        np.round(cost.sum(axis=1), 6),
        promise,
        tuple(resource[row.argmax()] if row.max(initial=0.0) > LEFT else "" for row in cost),
        tuple(resource[row.argmax()] if spare else "" for row, spare in zip(hours, relaxed, strict=True)),
    )


def _current(table: pa.Table) -> pa.Table:
    """Return the rows of the latest cutoff made from what is known now."""
    now = table.filter(pc.field("information") == "now")
    return now.filter(pc.equal(now["cutoff"], pc.max(now["cutoff"])))


def _had(codes: Sequence[str], plan: pa.Table) -> tuple[NDArray[np.bool_], tuple[date | None, ...]]:
    """Return which products have units in some week, made or in stock, and the first week with some left."""
    supply = pc.max_element_wise(plan["units"], pc.add(plan["sold"], plan["left"]))
    had = set(plan["product"].filter(pc.greater(supply, LEFT)).to_pylist())
    spare = plan.filter(pc.field("left") > LEFT).group_by("product").aggregate([("week", "min")])
    first = dict(zip(spare["product"].to_pylist(), spare["week_min"].to_pylist(), strict=True))
    return np.array([code in had for code in codes], dtype=bool), tuple(first.get(code) for code in codes)


def _prices(prices: pa.Table | None) -> tuple[list[str], NDArray[np.float64]]:
    """Return the resources and the mean of each one's price over the weeks of the current plan."""
    if prices is None or not prices.num_rows:
        return [], np.empty(0)
    mean = _current(prices).group_by("resource", use_threads=False).aggregate([("price", "mean")]).sort_by("resource")
    return mean["resource"].to_pylist(), mean["price_mean"].to_numpy()


def _uses(codes: Sequence[str], resource: list[str], uses: pa.Table | None) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return how much of each resource one unit of each product takes, ``(m, r)``, and which are machines, ``(r,)``."""
    quantity, machine = np.zeros((len(codes), len(resource))), np.zeros(len(resource), dtype=bool)
    if uses is None:
        return quantity, machine
    products, resources = pa.array(codes, pa.string()), pa.array(resource, pa.string())
    known = uses.filter(pc.field("product").isin(products) & pc.field("resource").isin(resources))
    row = pc.index_in(known["product"], products).to_numpy()
    column = pc.index_in(known["resource"], resources).to_numpy()
    np.add.at(quantity, (row, column), known["quantity"].to_numpy())
    machine[column[pc.equal(known["kind"], "machine").to_numpy(zero_copy_only=False)]] = True
    return quantity, machine
