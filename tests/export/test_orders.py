"""Tests of the orders of a plan under the names an ERP takes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from lotwise.errors import InputError, MissingTableError
from lotwise.export import KINDS, orders
from lotwise.tables import contract, planned

FIRST, SECOND = date(2024, 7, 29), date(2024, 8, 5)
BUY = {"material": "flour", "supplier": "mill", "site": "all", "week": FIRST, "arrives": SECOND, "units": 30.5, "cost": 61.0}
LOT = {
    "lot": "L2", "item": "cake", "site": "all", "route": "oven", "week": FIRST, "ready": FIRST, "started": 8.0, "units": 7.0,
    "family": "", "status": "proposed", "previous": None,
}  # fmt: skip
MOVE = {
    "item": "cake", "origin": "north", "target": "south", "week": FIRST, "arrives": SECOND, "units": 5.0, "cost": 2.0,
}  # fmt: skip


def rows(table, *given):
    """Return rows as a table of its contract."""
    return pa.Table.from_pylist(list(given), schema=table.schema)


@pytest.fixture
def tables():
    """Return the orders of a small plan, none in its order, and what flour is counted in."""
    material = {"material": "flour", "unit": "kg", "unit_cost": 2.0}
    return {
        "lots": rows(planned.LOTS, LOT, {**LOT, "lot": "L1"}),
        "purchases": rows(planned.PURCHASES, {**BUY, "week": SECOND}, {**BUY, "material": "eggs"}, BUY),
        "shipments": rows(planned.SHIPMENTS, MOVE, {**MOVE, "item": "bread"}),
        "materials": rows(contract("materials"), material),
    }


@pytest.mark.parametrize("name", list(KINDS))
def test_every_row_and_value_of_the_table_is_there(tables, name):
    """Each column holds what its column of the table holds, and the key is unique."""
    kind, found = KINDS[name], orders(tables, name)
    assert found.column_names == list(kind.columns)
    for theirs, ours in kind.columns.items():
        if ours != "unit":
            assert sorted(found[theirs].to_pylist(), key=str) == sorted(tables[kind.table][ours].to_pylist(), key=str)
    assert found.group_by(list(kind.key)).aggregate([]).num_rows == found.num_rows


def test_rows_stand_in_the_order_of_their_key(tables):
    """Whatever the order of the table: purchases by week, then material."""
    found = orders(tables, "purchase-orders")
    assert [(row["order_week"], row["material"]) for row in found.to_pylist()] == [
        (FIRST, "eggs"), (FIRST, "flour"), (SECOND, "flour"),
    ]  # fmt: skip
    assert orders(tables, "work-orders")["work_order"].to_pylist() == ["L1", "L2"]


def test_units_are_said(tables):
    """Those of the material or item; where nobody says, units."""
    assert orders(tables, "purchase-orders")["unit"].to_pylist() == ["units", "kg", "kg"]
    assert orders(tables, "shipments")["unit"].to_pylist() == ["units", "units"]


def test_what_cannot_be_exported_is_refused(tables):
    """The message says what can be, or how the table is made."""
    with pytest.raises(InputError, match="did you mean 'work-orders'"):
        orders(tables, "work-order")
    with pytest.raises(MissingTableError, match="lotwise plan"):
        orders({}, "shipments")


@pytest.mark.parametrize("name", list(KINDS))
def test_every_column_is_documented(name):
    """The page says what each column means, in the order of the file, and what the key is."""
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "orders-for-an-erp.md").read_text(encoding="utf-8")
    section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)`", section, flags=re.MULTILINE) == list(KINDS[name].columns)
    assert f"Key: {', '.join(f'`{column}`' for column in KINDS[name].key)}. " in section
