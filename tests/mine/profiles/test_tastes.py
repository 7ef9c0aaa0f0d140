"""Tests of favorites."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.profiles import bought, tastes
from lotwise.mine.profiles.rows import Rows
from lotwise.tables.collected import ORDER_OPTIONS


def test_the_commonest_options_are_told_and_the_others_counted(shop, monkeypatch):
    """With more options than are told, those chosen most are, and the number left out is returned."""
    lines = bought.read(shop[0], today=None)
    orders, numbers = shop[0]["order"].to_pylist(), shop[0]["line"].to_pylist()
    rows = [(orders[at], numbers[at], name, "x") for name, count in (("often", 90), ("seldom", 9)) for at in range(count)]
    chosen = pa.Table.from_pylist([dict(zip(ORDER_OPTIONS.names, row, strict=True)) for row in rows])
    monkeypatch.setattr(tastes, "MOST_OPTIONS", 1)
    told = Rows()
    assert tastes.options(told, lines, ORDER_OPTIONS.check(chosen)) == 1
    assert told.table(lines.customers)["feature"].unique().to_pylist() == ["favorite option often"]


def test_options_of_unknown_orders_are_passed_over(shop):
    """Options of an order that is not there give no feature."""
    chosen = pa.table({"order": ["none"], "line": [1], "option": ["color"], "value": ["red"]})
    told = Rows()
    assert tastes.options(told, bought.read(shop[0], today=None), ORDER_OPTIONS.check(chosen)) == 0
    assert not told.blocks


def test_one_category_or_one_place_is_no_favorite(shop):
    """Where all products are of one category and all orders of one place, neither is told."""
    one = shop[0].filter(pc.equal(shop[0]["location"], "web"))
    products = shop[1].set_column(shop[1].column_names.index("category"), "category", pa.array(["a"] * shop[1].num_rows))
    told, lines = Rows(), bought.read(one, today=None)
    tastes.goods(told, lines, products)
    tastes.moments(told, lines)
    features = set(told.table(lines.customers)["feature"].to_pylist())
    assert not {"favorite category 1", "favorite location", "favorite brand"} & features
    assert {"favorite product 1", "favorite weekday"} <= features


def test_names_and_brands(shop):
    """A favorite product is told by its code with its name as evidence; a brand by its own."""
    products = shop[1].set_column(shop[1].column_names.index("brand"), "brand", pa.array(["Own", "Other", "Own", None]))
    told, lines = Rows(), bought.read(shop[0], today=None)
    tastes.goods(told, lines, products)
    table = told.table(lines.customers)
    product = table.filter(pc.equal(table["feature"], "favorite product 1")).to_pylist()
    assert all(row["evidence"].startswith(f"Thing {row['text'][1:]}: ") for row in product)
    assert {row["text"] for row in table.to_pylist() if row["feature"] == "favorite brand"} == {"Own", "Other"}
