"""Tests of what a contract promises and how it is checked."""

from __future__ import annotations

import pyarrow as pa
import pytest

from lotwise.errors import ContractError, MissingTableError
from lotwise.tables import PASSING, TABLES, Column, Table, contract

SALES = Table(
    "sales",
    "one sale",
    ("product", "week"),
    (
        Column("product", pa.string(), "product code"),
        Column("week", pa.int64(), "week", low=1, high=53),
        Column("price", pa.float64(), "price", "money", nullable=True, low=0),
        Column("kind", pa.string(), "kind", nullable=True, choices=("sale", "return")),
    ),
)
GOOD = {"product": ["a", "b"], "week": [1, 2], "price": [1.5, None], "kind": ["sale", None]}


def faults(**changed):
    with pytest.raises(ContractError) as caught:
        SALES.check(pa.table(GOOD | changed))
    return str(caught.value).splitlines()[1:]


def test_data_that_keep_the_contract_come_back_in_its_order():
    """Column order and types are the contract's, whatever they were."""
    given = pa.table(
        {"week": pa.array([1, 2], pa.int32()), "product": ["a", "b"], "kind": ["sale", None], "price": [1.5, None]}
    )
    assert SALES.check(given) == pa.table(GOOD, schema=SALES.schema)


def test_a_column_that_may_be_empty_may_be_absent():
    """It is added as nulls."""
    assert SALES.check(pa.table({"product": ["a"], "week": [1]}))["price"].to_pylist() == [None]


def test_all_breaches_are_reported_at_once():
    """Missing and unknown columns, ranges, choices and empty values come in one message."""
    with pytest.raises(ContractError) as caught:
        SALES.check(pa.table({"prodct": ["a"], "week": [54], "price": [float("inf")], "kind": ["gift"]}))
    text = str(caught.value)
    assert "column 'product' (product code) is missing; did you mean 'prodct'?" in text
    assert "column 'prodct' is unknown; did you mean 'product'?" in text
    assert "column 'week' has 1 values above 53: 54" in text
    assert "column 'price' has 1 values that are not finite: inf" in text
    assert "column 'kind' has 1 values other than sale, return: gift" in text


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"price": [-1.0, None]}, "column 'price' has 1 values below 0: -1.0"),
        ({"week": ["one", "two"]}, "column 'week' has type string, expected int64"),
        ({"product": [None, "b"]}, "column 'product' (product code) has 1 empty values"),
        ({"product": ["a", "a"], "week": [1, 1]}, "key (product, week) is not unique"),
    ],
)
def test_each_breach_is_named(changed, fault):
    """The message names table, column and value."""
    assert any(fault in line for line in faults(**changed))


def test_an_unknown_table_is_answered_by_the_closest():
    """Names come with did-you-mean."""
    with pytest.raises(MissingTableError, match="did you mean 'demand'"):
        contract("demnd")


@pytest.mark.parametrize("table", [*TABLES.values(), *PASSING.values()], ids=lambda table: table.name)
def test_every_contract_is_whole(table):
    """Each table says what a row is; each column what it means; keys are columns that are never empty."""
    assert table.meaning
    assert all(column.meaning for column in table.columns)
    keyed = {column.name: column for column in table.columns}
    assert all(not keyed[name].nullable for name in table.key)
    assert table.check(table.empty()).num_rows == 0
