"""Spark gives the same tables as DuckDB: run by ``make test-spark``."""

from __future__ import annotations

import datetime as dt
import math
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from lotwise import config
from lotwise.demo import atelier
from lotwise.engine.local import LocalEngine
from lotwise.errors import InputError, MissingPackageError
from lotwise.stage import Inputs

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),  # py4j leaves the closing of its sockets to Python
]

TYPED = pa.table(
    {
        "text": ["a", None, "ß"],
        "whole": pa.array([1, 2, None], pa.int64()),
        "real": [0.5, None, -1.0],
        "day": pa.array([dt.date(2017, 1, 2), None, dt.date(1999, 12, 31)]),
        "time": pa.array([dt.datetime(2017, 1, 2, 3, 4, 5, 6), None, dt.datetime(1999, 12, 31)], pa.timestamp("us")),  # noqa: DTZ001
        "flag": [True, None, False],
    }
)
UNCOMPILED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
"""Small tables are computed sooner than their code would be compiled."""


@pytest.fixture(scope="module")
def spark():
    """Return an engine that starts a session, kept for all tests of this file."""
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    from lotwise.engine.spark import SparkEngine

    opened = SparkEngine(memory="2GB")
    for key, value in UNCOMPILED.items():
        opened._session.conf.set(key, value)  # noqa: SLF001  a user tunes the session before lotwise starts
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def duck():
    """Return the default engine."""
    opened = LocalEngine()
    yield opened
    opened.close()


def test_the_package_that_is_missing_is_named(monkeypatch):
    """Without pyspark the message is the command that installs it."""
    from lotwise.engine.spark import SparkEngine

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'lotwise\[spark\]'"):
        SparkEngine()


def test_tables_pass_through_unchanged(spark):
    """Every type the contracts use survives the way in and out, and being kept."""
    relation = spark.from_arrow(TYPED)
    assert spark.to_arrow(relation) == TYPED
    assert spark.to_arrow(spark.materialize(relation)) == TYPED
    assert pa.Table.from_batches(spark.batches(relation)) == TYPED


def test_a_table_without_rows_passes_through(spark):
    """Columns and types stand without a row too."""
    assert spark.to_arrow(spark.from_arrow(TYPED.schema.empty_table())) == TYPED.schema.empty_table()


def test_types_that_spark_has_not_become_plain(spark):
    """Dictionaries are spelled out, unsigned numbers become whole ones, times lose their nanoseconds."""
    given = {
        "word": pa.array(["a", "b"]).dictionary_encode(),
        "count": pa.array([1, 2], pa.uint32()),
        "time": pa.array([1_000, 2_999], pa.timestamp("ns")),
    }
    found = spark.to_arrow(spark.from_arrow(pa.table(given)))
    assert found.schema.types == [pa.string(), pa.int64(), pa.timestamp("us")]
    assert found["time"].cast(pa.int64()).to_pylist() == [1, 2]


def test_parquet_rows_know_their_file_and_number(spark, tmp_path):
    """Rows are numbered from 1 within each file, over row groups."""
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": [7, 8, 9]}), file, row_group_size=2)
    read = spark.to_arrow(spark.read_parquet([file, file], ["one", "two"]).order_by("source_file", "source_row")).to_pydict()
    assert read == {"n": [7, 8, 9] * 2, "source_file": ["one"] * 3 + ["two"] * 3, "source_row": [1, 2, 3] * 2}


def test_parquet_with_nanoseconds_is_read(spark, tmp_path):
    """Times as pandas writes them, which Spark refuses, are read to the microsecond."""
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"t": pa.array([1_500, 2_000], pa.timestamp("ns"))}), file)
    read = spark.to_arrow(spark.read_parquet([file], ["a"]).order_by("source_row"))
    assert read["t"].cast(pa.int64()).to_pylist() == [1, 2]


def test_a_file_that_is_no_parquet_is_named(spark, tmp_path):
    """The message names the file and the next step."""
    file = tmp_path / "a.parquet"
    file.write_text("id,n\n1,2\n")
    with pytest.raises(InputError, match=r"orders\.parquet is not a readable Parquet file"):
        spark.read_parquet([file], ["orders.parquet"])


def test_a_materialized_relation_is_computed_once(spark):
    """A random column stays as it was."""
    kept = spark.materialize(spark.from_arrow(pa.table({"n": list(range(100))})).mutate(r=ibis.random()))
    assert spark.to_arrow(kept) == spark.to_arrow(kept)


def test_a_materialized_relation_has_the_types_it_was_said_to_have(spark, duck):
    """Row numbers are 64 bits wide and weeks are dates, as in DuckDB."""
    found = []
    for engine in (spark, duck):
        relation = engine.from_arrow(TYPED)
        kept = engine.materialize(
            relation.mutate(number=ibis.row_number().over(order_by="day"), week=relation["day"].truncate("W"))
        )
        found.append(engine.to_arrow(kept).select(["number", "week"]).schema)
    assert found[0] == found[1] == pa.schema([("number", pa.int64()), ("week", pa.date32())])


@pytest.mark.parametrize(
    "say",
    [
        lambda t: t.select(x=t["s"].strip()),
        lambda t: t.select(x=t["s"].strip().nullif("")),
        lambda t: t.filter(t["b"] > 99).aggregate(x=ibis._.count(), y=ibis._.count(where=ibis._.b > 0)),
        lambda t: t.aggregate(x=t["b"].bit_or(), y=t["b"].bit_or(where=t["b"] < 4)),
        lambda t: t.select(x=t["r"].isnull(), y=t["r"].notnull(), z=t["s"].isnull()),
        lambda t: t.select(x=t["d"].truncate("W"), y=t["d"].truncate("W") == ibis.date(2017, 1, 2)),
        lambda t: t.select(x=t["s"].try_cast("float64"), y=t["s"].try_cast("date")),
        lambda t: t.aggregate(x=t["r"].nullif(math.nan).cast("decimal(18,4)").sum().cast("float64"), y=t["b"].median()),
    ],
    ids=[
        "strip",
        "empty text",
        "counts of nothing",
        "bitwise or",
        "no number is a value",
        "weeks",
        "bad casts",
        "sums and medians",
    ],
)
def test_the_engines_agree_on(spark, duck, say):
    """One expression has one value in both engines: text, counts, dates, and what is no number."""
    table = pa.table(
        {
            "s": [" fabric ", "\tvelvet\n", "\x0b1.5\x0c", " ", None, "2017-01-04"],
            "r": [1.5, math.nan, None, -2.25, 7.0, 0.0],
            "b": [1, 2, 4, 8, 2, None],
            "d": [
                dt.date(2017, 1, 2),
                dt.date(2017, 1, 8),
                None,
                dt.date(2017, 1, 9),
                dt.date(2016, 12, 31),
                dt.date(2017, 1, 4),
            ],
        }
    )
    found = [engine.to_arrow(say(engine.from_arrow(table))) for engine in (spark, duck)]
    assert found[0].schema == found[1].schema
    assert str(found[0].to_pylist()) == str(found[1].to_pylist())  # as text, for no number equals "not a number"


@pytest.mark.parametrize("key", [["k"], ["k", "s"]])
def test_groups_are_mapped_as_in_the_default_engine(spark, duck, key):
    """Groups come in the order of their key, rows within them in theirs, absent keys last."""

    def running(group):
        return pa.table({"s": group["s"], "sum": pc.cumulative_sum(group["n"])})

    numbers = list(range(60))
    table = pa.table(
        {"k": [None if n % 7 == 0 else n % 5 for n in numbers], "s": [f"s{n % 3}" for n in numbers], "n": numbers[::-1]}
    )
    schema = pa.schema([("s", pa.string()), ("sum", pa.int64())])
    assert spark.map_groups(table, key, running, schema) == duck.map_groups(table, key, running, schema)


def test_no_groups_are_an_empty_table(spark):
    """A table without rows has no group."""
    schema = pa.schema([("n", pa.int64())])
    assert (
        spark.map_groups(pa.table({"k": pa.array([], pa.int64())}), ["k"], lambda group: group, schema) == schema.empty_table()
    )


def test_a_running_session_is_used_and_left(spark):
    """A second engine shares the session; closing it takes its own views away and nothing else."""
    from lotwise.engine.spark import SparkEngine

    kept = spark.from_arrow(TYPED)
    other = SparkEngine()
    other.from_arrow(TYPED)
    other.close()
    assert spark.to_arrow(kept) == TYPED


def _intake(engine, folder: Path) -> dict[str, pa.Table]:
    """Return every table that collect, guard and pool store, run on one engine."""
    settings = config.read(folder / config.FILE)
    relations, stored = {}, {}
    for stage in ("collect", "guard", "pool"):
        run = import_module(f"lotwise.{stage}.run").run
        given = run(Inputs(settings=settings, engine=engine, folder=folder, relations=dict(relations)))
        for name, relation in given.items():
            is_table = isinstance(relation, pa.Table)
            relations[name] = engine.from_arrow(relation) if is_table else relation
            if stage == "pool" or is_table:
                stored[name] = relation if is_table else engine.to_arrow(relation)
    return stored


def _close(one: pa.ChunkedArray, other: pa.ChunkedArray) -> bool:
    """Return whether two columns are equal, floats to 1e-9 of their size."""
    if not pa.types.is_floating(one.type):
        return bool(one.equals(other))
    pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
    return all(a == b or (None not in (a, b) and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)) for a, b in pairs)


def test_intake_gives_equal_tables(spark, duck, tmp_path):
    """Collect, guard and pool give the same tables of the atelier's dirty files on both engines: rows, order, values, types."""
    atelier.write(tmp_path, weeks=8)
    expected, found = _intake(duck, tmp_path), _intake(spark, tmp_path)
    assert found.keys() == expected.keys()
    for name, table in expected.items():
        assert found[name].schema == table.schema, name
        assert found[name].num_rows == table.num_rows, name
        assert [column for column in table.column_names if not _close(found[name][column], table[column])] == [], name
    assert expected["orders"].num_rows > 1000
    assert expected["rejects"].num_rows > 0
