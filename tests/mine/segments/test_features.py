from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from lotwise.mine.segments.features import describe
from lotwise.mine.segments.reading import NEEDED, OPTIONAL, lines


def behavior(rows):
    """Return the features of rows of order lines."""
    table = pa.Table.from_pylist(rows)
    return describe(lines(table, {name: name for name in NEEDED + OPTIONAL if name in table.column_names}))


def column(found, name):
    """Return one feature by its name."""
    return found.values[:, [feature.name for feature in found.features].index(name)]


@pytest.fixture
def three_customers():
    """Anna orders twice, Ben once with a return, Cleo only cancels."""
    at = datetime
    rows = [
        ("anna", "1", at(2025, 3, 1, 9), "bread", 10.0, 0.0, "sale"),  # a Saturday morning
        ("anna", "1", at(2025, 3, 1, 9), "wine", 30.0, 10.0, "sale"),
        ("anna", "2", at(2025, 3, 10, 18), "bread", 20.0, 0.0, "sale"),
        ("ben", "3", at(2025, 3, 11, 12), "wine", 50.0, 0.0, "sale"),
        ("ben", "4", at(2025, 3, 12, 12), "wine", -20.0, 0.0, "return"),
        ("cleo", "5", at(2025, 3, 12, 12), "wine", 70.0, 0.0, "cancelled"),
    ]
    names = ("customer", "order", "time", "category", "revenue", "discount", "kind")
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_features_by_hand(three_customers):
    """Recency, orders, revenue, order size, discount, weekend and category shares are what the lines say."""
    found = behavior(three_customers)
    assert found.customers == ("anna", "ben")  # Cleo has no sale that stood
    assert found.recency.tolist() == [3, 2]  # today is the 13th of March
    assert found.orders.tolist() == [2, 1]
    assert found.revenue.tolist() == [60, 30]  # Ben's return is taken off
    assert column(found, "revenue an order").tolist() == [30, 50]
    assert column(found, "share of discount").tolist() == pytest.approx([10 / 70, 0])
    assert column(found, "share of orders on weekends").tolist() == [0.5, 0]
    assert column(found, "share of orders from 5 pm").tolist() == [0.5, 0]
    assert column(found, "share of wine").tolist() == [0.5, 1]  # of two categories the larger is told
    assert column(found, "different categories").tolist() == [2, 1]


def test_places_do_not_divide_customers_who_keep_to_one(three_customers):
    """Where everybody buys in one region only, region describes and does not divide."""
    rows = [{**row, "region": "north" if row["customer"] == "anna" else "south"} for row in three_customers]
    found = behavior(rows)
    assert [feature.divides for feature in found.features if feature.theme == "region"] == [False]
    assert column(found, "share of orders at north").tolist() == [1, 0]  # of two the larger is told


def test_the_order_of_lines_changes_nothing(two_kinds):
    """Shuffled lines give the same features, byte for byte."""
    names = {name: name for name in two_kinds.column_names}
    first = describe(lines(two_kinds, names))
    again = describe(lines(two_kinds.take(np.random.default_rng(1).permutation(two_kinds.num_rows)), names))
    assert first.customers == again.customers
    assert first.values.tobytes() == again.values.tobytes()
    assert first.own.tobytes() == again.own.tobytes()
