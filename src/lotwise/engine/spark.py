"""The engine for data beyond one machine: the same Ibis expressions in Spark, groups through ``applyInArrow``.

Without a running session one is started on this machine; on a cluster, start lotwise inside Spark's own
session (``spark-submit``, a notebook) and it is used as it is.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lotwise.engine.dialect import Compiler
from lotwise.engine.local import split
from lotwise.errors import InputError
from lotwise.extras import need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

BATCH_ROWS = 131_072
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
"""What must hold in any session: times without a zone, as in DuckDB, and errors rather than silent nulls."""

LOG = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
logger.compiler.name = org.apache.spark.sql.catalyst.expressions.codegen.CodeGenerator
logger.compiler.level = off
"""
"""What Spark says in a session started here: errors, but not that an expression is too long to compile, which it mends."""

MICROSECONDS = ibis.dtype("timestamp(6)")
"""What Spark's times are; Ibis would say that it does not know, and then not put them beside ours."""


class SparkEngine:
    """Runs relational work in Spark.

    Parameters
    ----------
    memory
        Most memory the driver takes where a session is started here, such as ``"3GB"``.
    workers
        Threads where a session is started here.

    Raises
    ------
    MissingPackageError
        The extra ``spark`` is not installed.
    """

    name = "spark"

    def __init__(self, *, memory: str = "3GB", workers: int = 2) -> None:
        sql = need("pyspark.sql", extra="spark")
        self._error = need("pyspark.errors", extra="spark").PySparkException
        self._types = need("pyspark.sql.pandas.types", extra="spark")
        self._scratch = tempfile.TemporaryDirectory(prefix="lotwise-")
        running = sql.SparkSession.getActiveSession()
        self._session = running or _start(sql.SparkSession, Path(self._scratch.name), memory=memory, workers=workers)
        self._started = running is None
        for key, value in SETTINGS.items():
            self._session.conf.set(key, value)
        self._session.sparkContext.pythonExec = sys.executable
        self._connection = ibis.pyspark.connect(self._session)
        self._connection.compiler = Compiler()
        self._numbers = itertools.count(1)
        self._views: list[str] = []

    def read_parquet(self, files: Sequence[Path], names: Sequence[str]) -> ibis.Table:
        """Return the files as one relation, with ``source_file`` (one of ``names`` a file) and ``source_row``."""
        parts = []
        for file, name in zip(files, names, strict=True):
            try:
                frame = self._session.read.parquet(str(self._readable(file)))
                part = self._view(frame.selectExpr("*", "_metadata.row_index AS __row"))
            except (self._error, pa.ArrowException) as error:
                message = f"{name} is not a readable Parquet file: {str(error).splitlines()[0]}. "
                message += "Copy it again from where it was made."
                raise InputError(message) from error
            parts.append(part.mutate(source_file=ibis.literal(name), source_row=part["__row"] + 1).drop("__row"))
        return parts[0] if len(parts) == 1 else ibis.union(*parts)

    def from_arrow(self, table: pa.Table) -> ibis.Table:
        """Return a table in memory as a relation."""
        return self._view(self._session.createDataFrame(_plain(table)))

    def materialize(self, relation: ibis.Table) -> ibis.Table:
        """Return the relation, computed once and kept for the rest of the run.

        Its rows are kept where they were computed and its plan is cut, so that later plans stay short.
        """
        frame = self._frame(relation)
        wanted = self._types.from_arrow_schema(relation.schema().to_pyarrow(), prefer_timestamp_ntz=True)
        typed = frame.select([frame[field.name].cast(field.dataType) for field in wanted])
        return self._view(typed.localCheckpoint(eager=True))

    def to_arrow(self, relation: ibis.Table) -> pa.Table:
        """Return the rows of a relation."""
        return self._frame(relation).toArrow().cast(relation.schema().to_pyarrow())

    def batches(self, relation: ibis.Table) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a relation, some at a time."""
        yield from self.to_arrow(relation).to_batches(max_chunksize=BATCH_ROWS)

    def map_groups(
        self, table: pa.Table, key: Sequence[str], function: Callable[[pa.Table], pa.Table], schema: pa.Schema
    ) -> pa.Table:
        """Return the rows ``function`` gives for each group of equal key, in the key's order.

        ``function`` runs on Spark's workers, which must be able to import what it uses.
        """
        groups = list(split(table, key))
        if not groups:
            return schema.empty_table()
        numbered = [_numbered(group, number) for number, group in enumerate(groups)]
        frame = self._session.createDataFrame(_plain(pa.concat_tables(numbered)))
        kinds = self._types.from_arrow_schema(_numbered(schema.empty_table(), 0).schema, prefer_timestamp_ntz=True)
        mapped = frame.groupBy("__group").applyInArrow(_on_group(function, schema), kinds).toArrow()
        ordered = mapped.sort_by([("__group", "ascending"), ("__row", "ascending")])
        return ordered.select(schema.names).cast(schema)

    def frequent_itemsets(self, table: pa.Table, minimum: int, longest: int) -> pa.Table:
        """Return the sets of items that come together in at least ``minimum`` baskets, by MLlib's FP-growth.

        MLlib finds sets of any length; those beyond ``longest`` are dropped afterwards.

        Parameters
        ----------
        table
            Columns ``basket`` and ``item``, whole numbers; one row an item of a basket.
        minimum
            Least number of baskets.
        longest
            Most items of a set.

        Returns
        -------
        pa.Table
            ``items``, a list of numbers, ascending, and ``count``; in no order.
        """
        schema = pa.schema([("items", pa.list_(pa.int64())), ("count", pa.int64())])
        total = pc.count_distinct(table["basket"]).as_py()
        if minimum > total:
            return schema.empty_table()
        functions = need("pyspark.sql.functions", extra="spark")
        baskets = self._session.createDataFrame(_plain(table)).groupBy("basket")
        baskets = baskets.agg(functions.collect_set("item").alias("items"))
        share = (minimum - 0.5) / total  # MLlib rounds share * total up: half a basket less leaves no doubt
        growth = need("pyspark.ml.fpm", extra="spark").FPGrowth(itemsCol="items", minSupport=share)
        sets = growth.fit(baskets).freqItemsets
        sets = sets.where(functions.size("items") <= longest)
        return sets.select(functions.array_sort("items").alias("items"), sets["freq"].alias("count")).toArrow().cast(schema)

    def close(self) -> None:
        """Free what the engine holds; a session that was running before goes on."""
        for view in self._views:
            self._session.catalog.dropTempView(view)
        if self._started:
            self._session.stop()
        self._scratch.cleanup()

    def _frame(self, relation: ibis.Table) -> Any:  # noqa: ANN401  a data frame of an optional package
        return self._session.sql(self._connection.compile(relation))

    def _view(self, frame: Any) -> ibis.Table:  # noqa: ANN401  a data frame of an optional package
        name = f"lotwise_step_{id(self)}_{next(self._numbers)}"
        frame.createOrReplaceTempView(name)
        self._views.append(name)
        seen = self._connection.table(name)
        precise = {column: MICROSECONDS if kind.is_timestamp() else kind for column, kind in seen.schema().items()}
        return seen.op().copy(schema=ibis.schema(precise)).to_expr()

    def _readable(self, file: Path) -> Path:
        """Return the file, or a copy of it with times in microseconds where it has finer ones, which Spark refuses."""
        schema = pq.read_schema(file)
        if not any(pa.types.is_timestamp(field.type) and field.type.unit == "ns" for field in schema):
            return file
        copy = Path(self._scratch.name) / f"{next(self._numbers)}.parquet"
        options = {"coerce_timestamps": "us", "allow_truncated_timestamps": True}
        with pq.ParquetFile(file) as read, pq.ParquetWriter(copy, read.schema_arrow, **options) as written:
            for batch in read.iter_batches():
                written.write_batch(batch)
        return copy


def _start(session: Any, scratch: Path, *, memory: str, workers: int) -> Any:  # noqa: ANN401  an optional package's classes
    """Return a new session on this machine, without a web page and with nothing left on disk."""
    log = scratch / "log4j2.properties"
    log.write_text(LOG)
    options = {
        "spark.driver.memory": memory.lower().removesuffix("b").removesuffix("i"),
        "spark.driver.extraJavaOptions": f"-Xss16m -Dlog4j2.configurationFile={log.as_uri()}",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.shuffle.partitions": str(workers),
        "spark.pyspark.python": sys.executable,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = session.builder.appName("lotwise").master(f"local[{workers}]")
    for key, value in options.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def _on_group(function: Callable[[pa.Table], pa.Table], schema: pa.Schema) -> Callable[[pa.Table], pa.Table]:
    """Return the function as Spark calls it: with rows in their order, and with plain types."""

    def call(group: pa.Table) -> pa.Table:
        number = group["__group"][0].as_py()
        given = function(group.sort_by("__row").drop_columns(["__group", "__row"]))
        return _numbered(given.select(schema.names).cast(schema), number)

    return call


def _numbered(table: pa.Table, group: int) -> pa.Table:
    """Return the rows with their group's number and their place in it."""
    rows = table.num_rows
    numbers = {"__group": pa.array([group] * rows, pa.int64()), "__row": pa.array(range(rows), pa.int64())}
    for name, values in numbers.items():
        table = table.append_column(name, values)
    return table


def _plain(table: pa.Table) -> pa.Table:
    """Return the table with types Spark has: no dictionaries, no unsigned integers."""
    return table.cast(pa.schema([pa.field(f.name, _plain_type(f.type)) for f in table.schema]))


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    return pa.int64() if pa.types.is_unsigned_integer(kind) else kind
