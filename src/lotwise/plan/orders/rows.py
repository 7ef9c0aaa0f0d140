"""The current plan as the tables people read: work orders, purchases, deliveries, prices, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.plan.orders.binding import Chains
from lotwise.plan.orders.charges import charge_rows
from lotwise.plan.orders.current import DIGITS, Current
from lotwise.plan.orders.cuts import conflict_rows, cut_rows, reason
from lotwise.plan.orders.deliveries import delivery_rows, lines_of, served, unplanned_rows
from lotwise.plan.orders.exceptions import Found, exception_rows
from lotwise.plan.orders.loads import load_rows
from lotwise.plan.orders.lots import lot_rows
from lotwise.plan.orders.pegging import pegging_rows
from lotwise.plan.orders.prices import price_rows, ranges_of
from lotwise.plan.orders.projection import projection_rows
from lotwise.plan.orders.purchases import purchase_rows, shipment_rows
from lotwise.tables import planned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lotwise.plan.lots import Plan
    from lotwise.plan.network.flow import Flow
    from lotwise.plan.network.labels import Labels
    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem


GIVEN = {
    table.name: table
    for table in (
        *(planned.LOTS, planned.SHIPMENTS, planned.PURCHASES, planned.LOADS, planned.PROJECTION, planned.PRICES),
        *(planned.CHARGES, planned.DELIVERIES, planned.PEGGING, planned.EXCEPTIONS, planned.CUTS, planned.CONFLICTS),
    )
}
"""Contracts of the tables that ``rows`` gives, by name."""


def rows(  # noqa: PLR0913 - a plan over a network is five things, and each is one
    problem: Problem,
    network: Network,
    labels: Labels,
    plan: Plan,
    flow: Flow,
    tables: Mapping[str, pa.Table],
    *,
    wanted: Plan | None = None,
    ranges: Mapping[tuple[str, int], tuple[float, float]] | None = None,
) -> dict[str, pa.Table]:
    """Return the published tables of the current plan, each as its contract says, by its key, numbers to six digits.

    These are ``lots, shipments, purchases, loads, projection, prices, charges, deliveries, pegging, exceptions, cuts`` and
    ``conflicts``.

    Parameters
    ----------
    problem, network, labels
        What was planned, and the names in it.
    plan, flow
        The plan, and what the network does for it.
    tables
        Clean tables; ``orders`` and ``products`` are read where they exist, for firm orders.
    wanted
        The plan of the same demand without limits; without it there are no ``cuts``.
    ranges
        Hours or units fewer and more for which a price holds, by the resource's name in ``prices`` and the number of the week;
        by default those of the flow.
    """
    current = Current(problem, network, labels, plan, flow)
    chains, lines = Chains(current), lines_of(current, tables)
    delivered = served(current, lines)
    cuts = cut_rows(chains, wanted) if wanted is not None else []
    found = {
        "lots": lot_rows(current),
        "shipments": shipment_rows(current),
        "purchases": purchase_rows(current),
        "loads": load_rows(current, wanted),
        "projection": projection_rows(current),
        "prices": price_rows(current, ranges_of(current) if ranges is None else ranges),
        "charges": charge_rows(current),
        "deliveries": [
            *delivery_rows(current, lines, delivered, lambda product, week: reason(chains, product, week)),
            *unplanned_rows(current, tables),
        ],
        "exceptions": exception_rows(Found(chains, lines, delivered, cuts, ranges or {})),
        "cuts": cuts,
        "conflicts": conflict_rows(chains, lines),
    }
    made = {name: pa.Table.from_pylist(mine, schema=GIVEN[name].schema) for name, mine in found.items()}
    made["pegging"] = pegging_rows(current, lines, delivered).cast(GIVEN["pegging"].schema)
    return {name: _rounded(table, GIVEN[name].key) for name, table in made.items()}


def _rounded(table: pa.Table, key: tuple[str, ...]) -> pa.Table:
    """Return a table by its key, with numbers to six digits and no zero below zero."""
    for place, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            rounded = pc.add(pc.round(table[field.name], DIGITS), 0.0)
            table = table.set_column(place, field, rounded)
    return table.sort_by([(column, "ascending") for column in key])
