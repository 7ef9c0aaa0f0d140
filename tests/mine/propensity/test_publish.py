from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import Settings
from lotwise.errors import SettingsError
from lotwise.mine.propensity.publish import publish
from lotwise.stage import Inputs
from lotwise.tables.collected import CUSTOMERS, EVENTS, ORDERS, PRODUCTS
from tests.mine.propensity.conftest import NAMES

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  orders carry the project's local time


def orders(bought):
    rows = [
        {
            "order": f"o{bought.day[row]}-{bought.customer[row]}", "line": row, "product": NAMES[bought.product[row]],
            "time": EPOCH + timedelta(days=int(bought.day[row]), hours=12), "customer": bought.customers[bought.customer[row]],
            "location": "shop", "region": "all", "units": 1.0, "revenue": float(bought.revenue[row]), "kind": "sale",
        }
        for row in range(len(bought))
    ]  # fmt: skip
    return ORDERS.check(pa.Table.from_pylist(rows, schema=ORDERS.schema))


def inputs(tables, **settings):
    made = msgspec.convert(
        {"project": {"name": "test"}, "mine": {"propensity": {"models": ["logistic"], **settings}}}, type=Settings
    )
    return Inputs(made, engine=None, folder=Path(), load=tables.__getitem__, present=frozenset(tables))


@pytest.fixture(scope="module")
def tables(bought):
    products = [{"product": name, "category": "dairy" if name != "bread" else "bakery"} for name in NAMES]
    known = [{"customer": name, "age": "25-34" if place % 2 else "65+"} for place, name in enumerate(bought.customers[:99])]
    looked = [
        {"event": f"e{place}", "time": EPOCH + timedelta(days=19_100 + place), "customer": bought.customers[place],
         "product": "bread", "kind": "view"}
        for place in range(60)
    ]  # fmt: skip
    return {
        "orders": orders(bought),
        "products": PRODUCTS.check(pa.Table.from_pylist(products)),
        "customers": CUSTOMERS.check(pa.Table.from_pylist(known)),
        "events": EVENTS.check(pa.Table.from_pylist(looked, schema=EVENTS.schema.remove_metadata())),
    }


def test_the_pool_gives_the_tables_of_the_contract(tables):
    """Both categories, anything and leaving, each with scores and one row of ``mining``."""
    found = publish(inputs(tables), {})
    targets = {"buys bakery", "buys dairy", "buys anything", "leaves"}
    assert set(found) == {"propensities", "propensity_scores", "mining"}
    assert set(found["propensities"]["target"].to_pylist()) == targets
    assert set(found["mining"]["scope"].to_pylist()) == targets
    chosen = found["propensity_scores"].filter(found["propensity_scores"]["chosen"])
    assert chosen.num_rows == len(targets)


def test_cancelled_lines_and_returns_are_no_purchases(tables, bought):
    """A customer who only ever cancelled or sent back is not known."""
    kinds = ["cancelled" if name == bought.customers[0] else "sale" for name in tables["orders"]["customer"].to_pylist()]
    place = ORDERS.names.index("kind")
    changed = {**tables, "orders": ORDERS.check(tables["orders"].set_column(place, "kind", [kinds]))}
    assert bought.customers[0] not in set(publish(inputs(changed), {})["propensities"]["customer"].to_pylist())


def test_orders_without_customers_are_left_out(tables):
    """Where no order names a customer nothing is told, and the reason is said."""
    place = ORDERS.names.index("customer")
    nobody = tables["orders"].set_column(place, "customer", pa.nulls(tables["orders"].num_rows, pa.string()))
    found = publish(inputs({**tables, "orders": ORDERS.check(nobody)}), {})
    assert found["propensities"].num_rows == 0
    assert found["mining"].to_pylist()[0]["note"] == "no order names a customer"


def test_no_order_at_all_is_left_out(tables):
    """An empty table is no error."""
    found = publish(inputs({**tables, "orders": ORDERS.empty()}), {})
    assert found["mining"].to_pylist()[0]["ended"] == "left out"


def test_an_unknown_category_is_refused(tables):
    """A target of the settings that no product has is named, with what was meant."""
    with pytest.raises(SettingsError, match="'dary' is no category; did you mean 'dairy'"):
        publish(inputs(tables, targets=["dary"]), {})


def test_products_without_a_row_share_a_category(tables):
    """Lines of products that the table lacks count as 'unknown' and break nothing."""
    found = publish(inputs({**tables, "products": tables["products"].slice(0, 1)}), {})
    assert "buys unknown" in set(found["propensities"]["target"].to_pylist())


def test_the_same_tables_give_the_same_bytes(tables):
    """Two runs are equal."""
    one, two = (publish(inputs(tables), {}) for _ in range(2))
    assert one["propensities"].equals(two["propensities"])
    assert np.isfinite(one["propensities"]["probability"].to_numpy()).all()
