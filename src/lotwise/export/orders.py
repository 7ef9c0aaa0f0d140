"""The current plan's orders under the names an ERP imports them by, in a stable order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import InputError, MissingTableError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

UNIT = "unit"
PLAIN = "units"
"""What is counted where nobody says in what."""


@dataclass(frozen=True)
class Kind:
    """One kind of order.

    Parameters
    ----------
    name
        What it is called in commands and files.
    meaning
        What one row is.
    table
        The table it is made from.
    item
        Column of the table that says what is ordered.
    columns
        Column of the file -> column of the table; ``unit`` is looked up by the item.
    key
        Columns of the file whose values together are unique, by which rows are sorted.
    """

    name: str
    meaning: str
    table: str
    item: str
    columns: dict[str, str]
    key: tuple[str, ...]


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "work-orders",
            "one lot to make",
            "lots",
            "item",
            {
                "work_order": "lot",
                "item": "item",
                "site": "site",
                "route": "route",
                "start_week": "week",
                "ready_week": "ready",
                "start_quantity": "started",
                "quantity": "units",
                "unit": UNIT,
                "family": "family",
                "status": "status",
                "previous_quantity": "previous",
            },
            ("work_order",),
        ),
        Kind(
            "purchase-orders",
            "one order to place for one material",
            "purchases",
            "material",
            {
                "material": "material",
                "supplier": "supplier",
                "site": "site",
                "order_week": "week",
                "arrival_week": "arrives",
                "quantity": "units",
                "unit": UNIT,
                "cost": "cost",
            },
            ("order_week", "material", "supplier", "site"),
        ),
        Kind(
            "shipments",
            "one shipment of one item between two sites",
            "shipments",
            "item",
            {
                "item": "item",
                "from_site": "origin",
                "to_site": "target",
                "send_week": "week",
                "arrival_week": "arrives",
                "quantity": "units",
                "unit": UNIT,
                "cost": "cost",
            },
            ("send_week", "item", "from_site", "to_site"),
        ),
    )
}
"""What can be exported, by name."""


def orders(tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    """Return the orders of one kind, under the columns of their files, sorted by their key.

    Lots that are only expected are no work orders and left out.

    Parameters
    ----------
    tables
        Published tables by name: ``lots``, ``purchases`` or ``shipments``, and ``materials`` and ``items`` for units.
    name
        ``work-orders``, ``purchase-orders`` or ``shipments``.

    Raises
    ------
    InputError
        There is no such kind of order.
    MissingTableError
        The plan has no such table.
    """
    if name not in KINDS:
        raise InputError(f"'{name}' cannot be exported{did_you_mean(name, KINDS)}; expected one of {', '.join(KINDS)}")
    kind = KINDS[name]
    if kind.table not in tables:
        raise MissingTableError(f"Table '{kind.table}' has not been published yet. Make it with: lotwise plan")
    rows = tables[kind.table]
    if kind.table == "lots":
        rows = rows.filter(pc.not_equal(rows["status"], "expected"))
    found = {theirs: _units(rows[kind.item], tables) if ours == UNIT else rows[ours] for theirs, ours in kind.columns.items()}
    return pa.table(found).sort_by([(column, "ascending") for column in kind.key])


def _units(codes: pa.ChunkedArray, tables: Mapping[str, pa.Table]) -> pa.ChunkedArray:
    """Return what each item is counted in."""
    found = pa.chunked_array([pa.nulls(len(codes), pa.string())])
    for name, key in (("materials", "material"), ("items", "item")):
        if name in tables:
            once = tables[name].group_by(key).aggregate([("unit", "min")])
            place = pc.index_in(codes, value_set=once[key].combine_chunks())
            found = pc.coalesce(found, once["unit_min"].take(place))
    return pc.fill_null(found, PLAIN)
