"""Tests of the default engine."""

from __future__ import annotations

import datetime as dt

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from lotwise.engine.local import split
from lotwise.errors import InputError

TYPED = pa.table(
    {
        "text": ["a", None, "ß"],
        "whole": pa.array([1, 2, None], pa.int64()),
        "real": [0.5, None, -1.0],
        "day": pa.array([dt.date(2017, 1, 2), None, dt.date(1999, 12, 31)]),
        "time": pa.array([dt.datetime(2017, 1, 2, 3, 4, 5), None, None], pa.timestamp("us")),  # noqa: DTZ001  naive on purpose
        "flag": [True, None, False],
    }
)


def test_tables_pass_through_unchanged(engine):
    """Every type the contracts use survives the way in and out."""
    assert engine.to_arrow(engine.from_arrow(TYPED)) == TYPED


def test_parquet_rows_know_their_file_and_number(engine, tmp_path):
    """Rows are numbered from 1 within each file."""
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": [7, 8]}), file)
    read = engine.to_arrow(engine.read_parquet([file, file], ["one", "two"])).to_pydict()
    assert read == {"n": [7, 8, 7, 8], "source_file": ["one", "one", "two", "two"], "source_row": [1, 2, 1, 2]}


def test_large_parquet_of_one_row_group_is_read_whole(engine, tmp_path):
    """Every row is there once and knows its number, although several cores share the row group."""
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": range(1_000_001)}), file, row_group_size=2_000_000)
    rows = engine.read_parquet([file], ["one"])
    counts = rows.aggregate(
        rows=rows.count(), apart=(rows["source_row"] - rows["n"]).nunique(), numbers=rows["source_row"].nunique()
    )
    assert engine.to_arrow(counts).to_pylist() == [{"rows": 1_000_001, "apart": 1, "numbers": 1_000_001}]


def test_a_file_that_is_no_parquet_is_named(engine, tmp_path):
    """The message names the file and the next step."""
    file = tmp_path / "a.parquet"
    file.write_text("id,n\n1,2\n")
    with pytest.raises(InputError, match=r"orders\.parquet is not a readable Parquet file"):
        engine.read_parquet([file], ["orders.parquet"])


def test_a_materialized_relation_is_computed_once(engine):
    """A random column stays as it was."""
    kept = engine.materialize(engine.from_arrow(pa.table({"n": list(range(100))})).mutate(r=ibis.random()))
    assert engine.to_arrow(kept) == engine.to_arrow(kept)


def total(group):
    """Return key and sum of one group."""
    return pa.table({"k": group["k"].slice(0, 1), "n": [pc.sum(group["n"]).as_py()]})


@pytest.mark.parametrize("groups", [3, 200])
def test_groups_are_mapped_in_the_order_of_their_key(engine, groups):
    """Few groups run here, many in processes; the result is the same as a plain loop's."""
    table = pa.table({"k": [i % groups for i in range(1000)][::-1], "n": list(range(1000))[::-1]})
    schema = pa.schema([("k", pa.int64()), ("n", pa.int64())])
    expected = [sum(n for n in range(1000) if n % groups == k) for k in range(groups)]
    mapped = engine.map_groups(table, ["k"], total, schema)
    assert mapped.to_pydict() == {"k": list(range(groups)), "n": expected}


def test_splitting_keeps_every_row_in_its_order():
    """Rows of a group stand as they stood in the table."""
    table = pa.table({"k": ["b", "a", "b", "a"], "n": [1, 2, 3, 4]})
    assert [part["n"].to_pylist() for part in split(table, ["k"])] == [[2, 4], [1, 3]]
