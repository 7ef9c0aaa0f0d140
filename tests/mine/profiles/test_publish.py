"""Tests of the part's tables."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from lotwise.config import Settings
from lotwise.mine.profiles.publish import publish
from lotwise.stage import Inputs
from lotwise.tables.collected import ORDERS
from lotwise.tables.mined import CUSTOMER_MODELS, MINING, PROFILES


def inputs(tables):
    """Return a stage's inputs that hold these tables."""
    return Inputs(Settings(), None, Path(), load=tables.__getitem__, present=frozenset(tables))


def test_the_tables_of_the_part(shop):
    """Profiles, models and the row of mining keep their contracts; the row counts customers and rows."""
    found = publish(inputs({"orders": shop[0], "products": shop[1]}), {})
    for table in (PROFILES, CUSTOMER_MODELS, MINING):
        table.check(found[table.name])
    (row,) = found["mining"].to_pylist()
    assert (row["part"], row["ended"], row["rows"]) == ("profiles", "whole", found["profiles"].num_rows)
    assert row["evidence"] == len(set(found["profiles"]["customer"].to_pylist()))


def test_the_same_seed_gives_the_same_bytes(shop):
    """Publishing twice gives equal tables."""
    first, second = (publish(inputs({"orders": shop[0]}), {}) for _ in range(2))
    assert all(first[name].equals(second[name]) for name in first)


def test_no_customer_is_known(shop):
    """Orders without customers leave the part out, in words."""
    nobody = shop[0].set_column(3, ORDERS.schema.field("customer"), pa.nulls(shop[0].num_rows, pa.string()))
    for orders in (nobody, ORDERS.empty()):
        found = publish(inputs({"orders": orders}), {})
        (row,) = found["mining"].to_pylist()
        assert (row["ended"], row["note"]) == ("left out", "no order of a known customer before today")
        assert found["profiles"].num_rows == found["customer_models"].num_rows == 0
