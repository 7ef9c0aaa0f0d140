"""Tests of the part's tables."""

from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from lotwise import config
from lotwise.mine.preferences.publish import GIVEN, publish
from lotwise.stage import Inputs
from lotwise.tables.collected import OPTION_RULES, OPTIONS, ORDER_OPTIONS, ORDERS, PRODUCTS
from lotwise.tables.pooled import ECONOMICS

PRICES = {"A": 4.0, "B": 5.0, "C": 3.0}


def world(seed=0, weeks=40, visits=30, *, vary=True):
    """Return a small project: three products of one category, one of them with two options that a rule ties."""
    rng = np.random.default_rng(seed)
    cut = np.where(rng.random((weeks, 3)) < 0.3, 0.8, 1.0) if vary else np.ones((weeks, 3))
    price = np.array(list(PRICES.values())) * cut
    week = np.repeat(np.arange(weeks), visits)
    taken = ((np.array([0.0, 0.8, -0.5]) - 0.9 * price)[week] + rng.gumbel(size=(len(week), 3))).argmax(axis=1)
    time = np.datetime64("2024-01-01T10:00:00", "us") + (7 * week).astype("timedelta64[D]")
    mine = np.flatnonzero(taken == 0)
    cloth = np.where(rng.random(len(mine)) < 0.3, "silk", "wool")
    color = np.where((cloth == "silk") | (rng.random(len(mine)) < 0.6), "red", "blue")
    paid, regular = price[week, taken], np.array(list(PRICES.values()))[taken]
    # What silk adds is discounted with the product.
    regular[mine] += cloth == "silk"
    paid[mine] += (cloth == "silk") * cut[week, taken][mine]
    order = [f"O{number}" for number in range(len(week))]
    lines = {
        "order": order, "line": np.ones(len(week), dtype=np.int64), "time": time, "location": ["s"] * len(week),
        "customer": [f"c{number}" for number in rng.integers(0, 100, len(week))],
        "product": [list(PRICES)[at] for at in taken], "region": ["all"] * len(week), "units": np.ones(len(week)),
        "unit_price": paid, "revenue": paid, "discount": regular - paid, "kind": ["sale"] * len(week),
    }  # fmt: skip
    picks = {
        "order": [order[at] for at in mine] * 2, "line": np.ones(2 * len(mine), dtype=np.int64),
        "option": ["cloth"] * len(mine) + ["color"] * len(mine), "value": [*cloth, *color],
    }  # fmt: skip
    values = [("cloth", "wool", 0.0, 0.0), ("cloth", "silk", 1.0, 0.4), ("color", "red", 0.0, 0.0), ("color", "blue", 0.0, 0.1)]
    names = ("option", "value", "extra_price", "extra_cost")
    rule = {"rule": "1", "product": "A", "kind": "requires", "if_option": "cloth", "if_value": "silk",
            "then_option": "color", "then_value": "red"}  # fmt: skip
    basis = {"salvage": 0.0, "holding_cost": 0.0, "price_basis": "given", "cost_basis": "given", "salvage_basis": "given"}
    return {
        "orders": ORDERS.check(pa.table(lines)),
        "products": PRODUCTS.check(pa.table({"product": list(PRICES), "category": ["x"] * 3, "unit_price": [4.0, 5.0, 3.0]})),
        "order_options": ORDER_OPTIONS.check(pa.table(picks)),
        "options": OPTIONS.check(
            pa.Table.from_pylist([{"product": "A", **dict(zip(names, row, strict=True))} for row in values])
        ),
        "option_rules": OPTION_RULES.check(pa.Table.from_pylist([rule])),
        "economics": ECONOMICS.check(
            pa.Table.from_pylist(
                [{"product": p, "category": "x", "unit_price": price, "unit_cost": 2.0, **basis} for p, price in PRICES.items()]
            )
        ),
    }


def given(tables, **preferences):
    """Return what the part gives."""
    settings = config.build({"mine": {"preferences": preferences}})
    return told(settings, tables)


def told(settings, tables):
    inputs = Inputs(settings, engine=None, folder=Path(), load=tables.__getitem__, present=frozenset(tables))
    return publish(inputs, {})


@pytest.fixture(scope="module")
def found():
    return given(world())


def test_every_table_keeps_its_contract(found):
    """All five tables are there, hold rows, and keep their contracts."""
    assert set(found) == {table.name for table in GIVEN}
    for table in GIVEN:
        assert table.check(found[table.name]).num_rows > 0


def test_one_model_of_each_choice_is_chosen(found):
    """The category and both options are modeled, one model each is chosen, and part-worths come from it."""
    models = [row for row in found["choice_models"].to_pylist() if row["chosen"]]
    assert [row["choice"] for row in models] == ["category x", "A cloth", "A color"]
    assert {row["choice"] for row in found["preferences"].to_pylist()} == {row["choice"] for row in models}


def test_diverted_shares_of_each_alternative_sum_to_one(found):
    """Rows of one missing alternative sum to one, whatever the choice."""
    total = {}
    for row in found["substitutions"].to_pylist():
        key = row["choice"], row["alternative"]
        total[key] = total.get(key, 0) + row["diverted"]
    assert list(total.values()) == pytest.approx([1] * len(total))


def test_options_are_worth_money_by_the_price_of_their_product(found):
    """The options' prices do not vary, so that worth in money comes from the choice of the category, as the note says."""
    (note,) = [row["note"] for row in found["choice_models"].to_pylist() if row["choice"] == "A cloth" and row["chosen"]]
    assert "what prices do in the choice of category x" in note
    (silk,) = [row for row in found["preferences"].to_pylist() if row["value"] == "silk"]
    assert silk["willingness_low"] < silk["willingness"] < silk["willingness_high"]


def test_the_margin_of_a_value_holds_its_extra_price_and_cost(found):
    """Of A, sold at its median price of the last weeks, 2 is its cost; silk earns its extra price less 0.4 more than wool."""
    margin = {row["alternative"]: row["margin"] for row in found["product_lines"].to_pylist() if row["choice"] == "A cloth"}
    assert 0.8 - 0.4 - 1e-9 <= margin["silk"] - margin["wool"] <= 1.0 - 0.4 + 1e-9


def test_those_who_take_nothing_are_as_assumed(found):
    """With all offered, shares of each line sum to 70 %: 30 % take nothing, by settings."""
    rows = [row for row in found["product_lines"].to_pylist() if row["choice"] == "category x"]
    assert sum(row["share_now"] for row in rows) == pytest.approx(0.7)
    assert {row["outside"] for row in rows} == {0.3}


def test_the_same_inputs_give_the_same_tables(found):
    """A second run gives the same bytes."""
    again = given(world())
    assert all(again[name].equals(table) for name, table in found.items())


def test_what_comes_today_and_later_changes_nothing():
    """Orders from today on changed leave every table as it was."""
    tables = world()
    time = tables["orders"]["time"].to_numpy()
    later = time >= np.datetime64("2024-09-02")
    changed = np.where(later, 99.0, tables["orders"]["unit_price"].to_numpy())
    spot = tables["orders"].column_names.index("unit_price")
    other = tables | {"orders": ORDERS.check(tables["orders"].set_column(spot, "unit_price", pa.array(changed)))}
    settings = config.build({})
    settings = msgspec.structs.replace(settings, project=msgspec.structs.replace(settings.project, today=date(2024, 9, 2)))
    one, two = told(settings, tables), told(settings, other)
    assert later.any()
    assert all(one[name].equals(two[name]) for name in one)


def test_without_economics_there_is_no_line_and_the_reason_is_told():
    """With margins not known no line is proposed; all else is there."""
    tables = world()
    del tables["economics"]
    found = given(tables)
    assert found["product_lines"].num_rows == 0
    assert all("no margin is known" in row["note"] for row in found["mining"].to_pylist())
    assert found["preferences"].num_rows > 0


def test_constant_prices_tell_no_worth_in_money():
    """Where prices never change nothing is told in money, and the note says why."""
    found = given(world(vary=False))
    assert found["preferences"]["willingness"].null_count == found["preferences"].num_rows
    (note,) = [row["note"] for row in found["choice_models"].to_pylist() if row["choice"] == "category x" and row["chosen"]]
    assert "prices never changed" in note


def test_a_sample_is_said_to_be_one():
    """With fewer choices allowed than there are, the part says that it was capped."""
    (row, *_) = given(world(), choices=300)["mining"].to_pylist()
    assert row["ended"] == "capped"
    assert "300 of 1,200 choices" in row["note"]


def test_one_product_in_a_category_is_left_out_with_the_reason():
    """A category of one product is no choice."""
    tables = world()
    kinds = pa.array(["x", "y", "z"])
    tables["products"] = tables["products"].set_column(tables["products"].column_names.index("category"), "category", kinds)
    rows = given(tables)["mining"].to_pylist()
    assert [row["ended"] for row in rows if row["scope"].startswith("category")] == ["left out"] * 3
    assert "one product" in rows[0]["note"]


@pytest.mark.parametrize("rows", [0, 20])
def test_no_orders_and_few_orders_are_left_out(rows):
    """Without orders, and with 20, nothing is found; the tables hold no row and the reason is told."""
    tables = world()
    tables["orders"] = tables["orders"].slice(0, rows)
    found = given(tables)
    assert found["preferences"].num_rows == 0
    assert all(row["ended"] == "left out" and row["note"] for row in found["mining"].to_pylist())


def test_prices_that_are_not_told_and_unknown_customers_are_worked_with():
    """Lines without a price, a revenue or a customer neither stop the part nor become numbers."""
    tables = world()
    count = tables["orders"].num_rows
    blank = np.arange(count) % 7 == 0
    for name, values in (
        ("unit_price", tables["orders"]["unit_price"].to_numpy()),
        ("customer", tables["orders"]["customer"].to_numpy()),
    ):
        column = pa.array(values, mask=blank)
        tables["orders"] = tables["orders"].set_column(tables["orders"].column_names.index(name), name, column)
    tables["orders"] = ORDERS.check(tables["orders"].drop_columns(["revenue"]))
    assert given(tables)["preferences"].num_rows > 0


def test_nothing_asked_is_said():
    """With no category and no product to be modeled by settings, one row says so."""
    (row,) = given(world(), categories=0, products=0)["mining"].to_pylist()
    assert "settings" in row["note"]
