"""Tests of whole profiles, from tables."""

from __future__ import annotations

import itertools
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise.config.mining import MineProfiles
from lotwise.mine.profiles.describe import describe
from lotwise.tables.collected import CUSTOMERS, ORDER_OPTIONS, ORDERS
from lotwise.tables.mined import CUSTOMER_MODELS, PROFILES
from lotwise.tables.pooled import ECONOMICS


def described(tables, *, today=None, **settings):
    """Return the profiles of some tables."""
    return describe(tables, today=today, settings=MineProfiles(**settings), rng=np.random.default_rng(1))


def features(found, customer):
    """Return the rows of one customer by feature."""
    rows = found.profiles.filter(pc.equal(found.profiles["customer"], customer)).to_pylist()
    return {row["feature"]: row for row in rows}


def lines(*rows):
    """Return a table of orders: order, line, time, customer, product, location, units, revenue, kind."""
    names = ("order", "line", "time", "customer", "product", "location", "units", "revenue", "kind")
    table = [dict(zip(names, row, strict=True)) | {"region": "all"} for row in rows]
    return ORDERS.check(
        pa.Table.from_pylist(table, schema=pa.schema([ORDERS.schema.field(name) for name in (*names, "region")]))
    )


MONDAY, FRIDAY = datetime(2025, 3, 3, 9), datetime(2025, 3, 14, 19)  # noqa: DTZ001  the project's own time zone


@pytest.fixture
def anna():
    """Return three orders of Anna (one line came back) and one of Ben."""
    return lines(
        ("1", 1, MONDAY, "anna", "shirt", "web", 2.0, 40.0, "sale"),
        ("1", 2, MONDAY, "anna", "coat", "web", 1.0, 90.0, "sale"),
        ("2", 1, FRIDAY, "anna", "shirt", "web", 1.0, 20.0, "sale"),
        ("3", 1, FRIDAY.replace(day=21), "anna", "shirt", "shop", 1.0, 20.0, "sale"),
        ("4", 1, FRIDAY.replace(day=24), "anna", "shirt", "web", -1.0, -20.0, "return"),
        ("5", 1, FRIDAY.replace(day=25), "anna", "shirt", "web", 1.0, 20.0, "cancelled"),
        ("6", 1, FRIDAY, "ben", "coat", "shop", 1.0, 90.0, "sale"),
    )


def test_a_profile_by_hand(anna):
    """What is counted of Anna is what is seen, with its evidence in words."""
    found = features(described({"orders": anna}, today=date(2025, 4, 11)), "anna")
    # orders on 3, 14 and 21 March: gaps of 11 and 7 days, median 9; 21 days since the last one
    assert {name: found[name]["value"] for name in ("orders so far", "days since last order", "days between orders")} == {
        "orders so far": 3, "days since last order": 21, "days between orders": 9,
    }  # fmt: skip
    assert found["days overdue"]["value"] == 12
    assert found["days overdue"]["evidence"] == "21 days since the last order, usually 9.0 (2 gaps)"
    assert found["favorite product 1"]["text"] == "shirt"
    assert found["favorite product 1"]["evidence"] == "3 of 4 lines; 60 % over all customers"
    assert (found["favorite weekday"]["text"], found["favorite weekday"]["evidence"]) == (
        "Friday", "2 of 3 orders; 75 % over all customers",
    )  # fmt: skip
    assert found["favorite time of day"]["text"] == "evening (18-22)"
    assert found["favorite location"]["text"] == "web"
    assert found["lines per order"]["value"] == pytest.approx(4 / 3)
    assert found["revenue per order"]["value"] == pytest.approx(170 / 3)
    assert (found["share returned"]["value"], found["share returned"]["evidence"]) == (0.25, "1 of 4 lines")


def test_what_cannot_be_told_is_said(anna):
    """Two customers are too few for the models: nothing is expected of them, and the notes say why."""
    found = described({"orders": anna})
    assert not {"expected orders", "expected revenue", "price elasticity"} & set(features(found, "anna"))
    assert found.models.num_rows == 0
    text = " ".join(found.notes)
    for words in ("2 customers in all; at least 20", "no line tells its discount", "price elasticity"):
        assert words in text


def test_options_and_what_the_customer_told(anna):
    """The option chosen most is told by lines that have the option; what the table of customers says is taken as it is."""
    options = [("1", 1, "color", "red"), ("2", 1, "color", "red"), ("3", 1, "color", "blue"), ("9", 1, "color", "blue")]
    chosen = pa.Table.from_pylist([dict(zip(ORDER_OPTIONS.names, row, strict=True)) for row in options])
    told = CUSTOMERS.check(pa.table({"customer": ["anna"], "age": ["25-34"], "joined": [date(2024, 5, 6)]}))
    tables = {"orders": anna, "order_options": ORDER_OPTIONS.check(chosen), "customers": told}
    found = features(described(tables), "anna")
    assert (found["favorite option color"]["text"], found["favorite option color"]["evidence"]) == (
        "red", "2 of 3 lines; 67 % over all customers",
    )  # fmt: skip
    assert (found["age"]["text"], found["customer since"]["text"]) == ("25-34", "2024-05-06")
    assert "age" not in features(described(tables), "ben")


def test_the_contract_and_the_order_of_rows(shop):
    """Profiles keep their contract; the rows of a customer stand together and every feature of one stands once."""
    found = described({"orders": shop[0], "products": shop[1]})
    PROFILES.check(found.profiles)
    CUSTOMER_MODELS.check(found.models)
    customers = found.profiles["customer"].to_pylist()
    assert sum(one != next_one for one, next_one in itertools.pairwise(customers)) == len(set(customers)) - 1
    assert found.customers == len(set(shop[0]["customer"].to_pylist()))


def test_every_kind_of_feature_is_told(shop):
    """A shop with money, discounts and prices that change is told all features, shares and chances between 0 and 1."""
    economics = {
        "product": [f"P{number}" for number in range(4)], "category": list("abab"), "unit_price": [10.0] * 4,
        "unit_cost": [6.0] * 4,
        "salvage": [1.0] * 4, "holding_cost": [0.1] * 4, "price_basis": ["given"] * 4, "cost_basis": ["given"] * 4,
        "salvage_basis": ["given"] * 4,
    }  # fmt: skip
    tables = {"orders": shop[0], "products": shop[1], "economics": ECONOMICS.check(pa.table(economics))}
    found = described(tables, least_orders=4)
    named = set(found.profiles["feature"].to_pylist())
    assert named >= {
        "orders so far", "days since last order", "days between orders", "days overdue", "chance of having left",
        "expected orders",
        "expected money per order", "expected revenue", "expected margin", "share bought at a discount", "liking for offers",
        "price elasticity", "favorite category 1", "favorite product 1", "favorite weekday", "favorite time of day",
        "favorite location", "lines per order", "units per order", "revenue per order",
    }  # fmt: skip
    shares = found.profiles.filter(pc.equal(found.profiles["unit"], "share"))["value"].drop_null()
    assert pc.min(shares).as_py() >= 0
    assert pc.max(shares).as_py() <= 1
    ordered = found.profiles.filter(pc.is_valid(found.profiles["low"]))
    assert pc.all(pc.less_equal(ordered["low"], ordered["high"])).as_py()


def test_what_comes_after_today_changes_nothing(shop, today):
    """Orders from today on may be anything: the profiles are the same, byte for byte."""
    orders, products = shop
    cut = pa.scalar(datetime(today.year, today.month, today.day), pa.timestamp("us"))  # noqa: DTZ001  project time
    before, after = orders.filter(pc.less(orders["time"], cut)), orders.filter(pc.greater_equal(orders["time"], cut))
    count = after.num_rows
    strange = after.set_column(3, "customer", pa.array([f"new{n % 7}" for n in range(count)], pa.string()))
    strange = strange.set_column(9, "revenue", pa.array(np.full(count, 1e6))).set_column(4, "product", pa.array(["P9"] * count))
    first = described({"orders": before, "products": products}, today=today)
    for later in (orders, pa.concat_tables([strange.cast(ORDERS.schema), before])):
        other = described({"orders": later, "products": products}, today=today)
        assert other.profiles.equals(first.profiles)
        assert other.models.equals(first.models)


def test_the_order_of_rows_changes_nothing(shop):
    """Shuffled rows give the same profiles."""
    orders, products = shop
    mixed = orders.take(pa.array(np.random.default_rng(2).permutation(orders.num_rows)))
    first, second = described({"orders": orders, "products": products}), described({"orders": mixed, "products": products})
    assert first.profiles.equals(second.profiles)


def test_customers_who_ordered_once_are_not_said_to_have_left(shop):
    """Of a customer with one day of orders the chance of having left is 'not told', yet orders are expected."""
    once = shop[0].slice(0, 1).set_column(3, "customer", pa.array(["once"])).set_column(0, "order", pa.array(["X"]))
    found = features(described({"orders": pa.concat_tables([shop[0], once.cast(ORDERS.schema)])}), "once")
    assert (found["chance of having left"]["value"], found["chance of having left"]["text"]) == (None, "not told")
    assert found["expected orders"]["value"] >= 0


@pytest.mark.parametrize("kind", ["return", "cancelled"])
def test_nobody_bought(anna, kind):
    """Where every line came back or was cancelled there is no profile, and the note says so."""
    orders = anna.set_column(anna.column_names.index("kind"), "kind", pa.array([kind] * anna.num_rows))
    found = described({"orders": orders})
    assert (found.profiles.num_rows, found.customers) == (0, 0)
    assert found.notes == ("no order of a known customer before today",)


def test_a_constant_shop_is_told():
    """Customers who all order the same thing at the same times give profiles without a warning."""
    rows = [
        (f"{who}-{week}", 1, datetime(2025, 1, 6 + 7 * (week % 4), 0), f"c{who:02d}", "one", "all", 1.0, 5.0, "sale")  # noqa: DTZ001
        for who in range(30) for week in range(4)
    ]  # fmt: skip
    found = described({"orders": lines(*rows)}, least_orders=2)
    assert any("equally often" in note for note in found.notes)
    assert "favorite time of day" not in features(found, "c00")
    assert np.isfinite(features(found, "c00")["expected orders"]["value"])
