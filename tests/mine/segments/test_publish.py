from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import Settings
from lotwise.mine.segments.publish import publish
from lotwise.stage import Inputs
from lotwise.tables.collected import CUSTOMERS, ORDER_OPTIONS, ORDERS, PRODUCTS
from lotwise.tables.mined import MIGRATIONS, MINING, SEGMENT_FEATURES, SEGMENT_TRIALS, SEGMENTS


def inputs(tables, **segments):
    """Return what the stage hands a part."""
    settings = Settings()
    chosen = msgspec.structs.replace(settings.mine.segments, **{"most": 4, "resamples": 3, **segments})
    mine = msgspec.structs.replace(settings.mine, segments=chosen)
    settings = msgspec.structs.replace(settings, mine=mine)
    return Inputs(settings, None, Path(), load=tables.__getitem__, present=frozenset(tables))


@pytest.fixture(scope="module")
def tables(two_kinds):
    """The two kinds of customers as the pool's tables; one line has no customer, one customer no order."""
    count = two_kinds.num_rows
    orders = two_kinds.drop_columns(["category"]).append_column("line", pa.array(np.arange(count)))
    customer = pa.array([None, *two_kinds["customer"].to_pylist()[1:]])
    orders = orders.set_column(orders.column_names.index("customer"), "customer", customer)
    for name, value in (("location", "all"), ("region", "all"), ("kind", "sale")):
        orders = orders.append_column(name, pa.array([value] * count))
    orders = orders.append_column("product", two_kinds["category"]).append_column("unit_price", two_kinds["revenue"])
    known = sorted({*two_kinds["customer"].to_pylist(), "nobody"})
    picks = [{"order": row["order"], "line": row["line"], "option": "pack", "value": "big"} for row in orders.to_pylist()[::2]]
    picks += [
        {"order": row["order"], "line": row["line"], "option": "pack", "value": "small"} for row in orders.to_pylist()[1::2]
    ]
    products = [{"product": name, "category": name, "name": name} for name in ("bread", "snacks", "wine")]
    return {
        "orders": ORDERS.check(orders),
        "products": PRODUCTS.check(pa.Table.from_pylist(products)),
        "customers": CUSTOMERS.check(pa.table({"customer": known, "region": ["all"] * len(known)})),
        "order_options": ORDER_OPTIONS.check(pa.Table.from_pylist(picks)),
    }


@pytest.fixture(scope="module")
def published(tables):
    """What the part gives."""
    return publish(inputs(tables), {})


def test_every_table_keeps_its_contract(published):
    """All tables of the part are there and pass their contracts."""
    for contract in (SEGMENTS, SEGMENT_FEATURES, SEGMENT_TRIALS, MIGRATIONS, MINING):
        assert contract.check(published[contract.name]).equals(published[contract.name])
    assert published["migrations"].num_rows == 0
    assert published["segments"].num_rows == 100


def test_the_note_says_how_and_who_is_missing(published):
    """The row of mining tells the method and the customers without a sale."""
    row = published["mining"].to_pylist()[0]
    assert row["evidence"] == 100
    assert "parallel analysis" in row["note"]
    assert "1 customers without a sale" in row["note"]


def test_options_are_features(published):
    """Options chosen on order lines describe customers."""
    assert any(name.startswith("share with pack") for name in published["segment_features"]["feature"].to_pylist())


def test_a_second_run_moves_nobody(tables, published):
    """The same orders again keep every number and name, and everybody stays."""
    again = publish(inputs({**tables, "segments": published["segments"]}), {})
    assert again["segments"].equals(published["segments"])
    assert all(row["before"] == row["after"] for row in again["migrations"].to_pylist())


def test_turned_numbers_are_kept(tables, published):
    """Segments of the run before keep their numbers although others have more revenue."""
    numbers = sorted(set(published["segments"]["segment"].to_pylist()))
    turned = dict(zip(numbers, reversed(numbers), strict=True))
    old = [turned[number] for number in published["segments"]["segment"].to_pylist()]
    recalled = published["segments"].set_column(1, "segment", pa.array(old))
    again = publish(inputs({**tables, "segments": recalled}), {})
    assert again["segments"]["segment"].to_pylist() == old


def test_too_many_segments_are_capped_and_said():
    """Customers so alike that no more segments can be made end as capped, with a note."""
    rows = [
        {"order": str(n), "line": 1, "time": date(2025, 1, 1 + n), "customer": f"c{n}", "product": "p", "location": "all"}
        for n in range(3)
    ]
    orders = ORDERS.check(pa.Table.from_pylist([{**row, "region": "all", "units": 1.0, "kind": "sale"} for row in rows]))
    row = publish(inputs({"orders": orders}, segments=8), {})["mining"].to_pylist()[0]
    assert row["ended"] == "capped"
    assert "8 segments were asked for" in row["note"]


def test_no_known_customer_leaves_the_part_out():
    """Orders of nobody known give empty tables and a reason."""
    found = publish(inputs({"orders": ORDERS.empty()}), {})
    assert found["mining"].to_pylist()[0]["ended"] == "left out"
    assert found["segments"].num_rows == 0
