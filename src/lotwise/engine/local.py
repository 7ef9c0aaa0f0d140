"""The default engine: Ibis expressions in an in-memory DuckDB, groups in a pool of processes."""

from __future__ import annotations

import itertools
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

import duckdb
import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lotwise.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

BATCH_ROWS = 131_072
PARALLEL_GROUPS = 64
"""Fewer groups than this are not worth starting processes for."""
PARALLEL_ROWS = 1_000_000
"""Fewer rows than this are not worth reading from both ends of a file."""


class LocalEngine:
    """Runs relational work in DuckDB, in this process, with nothing left on disk.

    Parameters
    ----------
    memory
        Most memory DuckDB takes before it spills to a temporary folder, such as ``"3GB"``.
    workers
        Processes for ``map_groups``.
    """

    name = "duckdb"

    def __init__(self, *, memory: str = "3GB", workers: int = 2) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="lotwise-")
        self._connection = ibis.duckdb.connect(memory_limit=memory, temp_directory=self._scratch.name)
        self._connection.raw_sql("SET TimeZone = 'UTC'").fetchall()
        self._names = (f"step_{number}" for number in itertools.count(1))
        self._workers = workers
        self._files: list[tuple[Path, str]] = []

    def read_parquet(self, files: Sequence[Path], names: Sequence[str]) -> ibis.Table:
        """Return the files as one relation, with ``source_file`` (one of ``names`` a file) and ``source_row``."""
        parts = []
        for file, name in zip(files, names, strict=True):
            self._files.append((file, name))
            parts += [self._part(file, name, span) for span in _spans(file, self._workers)]
        return parts[0] if len(parts) == 1 else ibis.union(*parts)

    def _part(self, file: Path, name: str, span: tuple[int, int] | None) -> ibis.Table:
        """Return the rows of a file, or those from one row number to another, by a view of their own.

        Parts that share a view would be read once and kept: DuckDB does so with whatever a query names twice.
        """
        with self._blaming():
            part = self._connection.read_parquet(str(file), table_name=next(self._names), file_row_number=True)
        row = part["file_row_number"]
        placed = part.mutate(source_file=ibis.literal(name), source_row=(row + 1).cast("int64"))
        return (placed.filter(row.between(*span)) if span else placed).drop("file_row_number")

    def from_arrow(self, table: pa.Table) -> ibis.Table:
        """Return a table in memory as a relation."""
        return self._connection.create_table(next(self._names), _plain(table), temp=True)

    def materialize(self, relation: ibis.Table) -> ibis.Table:
        """Return the relation, computed once and kept for the rest of the run."""
        with self._blaming():
            return self._connection.create_table(next(self._names), relation, temp=True)

    def to_arrow(self, relation: ibis.Table) -> pa.Table:
        """Return the rows of a relation."""
        return pa.Table.from_batches(self.batches(relation), schema=relation.schema().to_pyarrow())

    def batches(self, relation: ibis.Table) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a relation, some at a time."""
        schema = relation.schema().to_pyarrow()
        with self._blaming():
            for batch in self._connection.to_pyarrow_batches(relation, chunk_size=BATCH_ROWS):
                yield batch if batch.schema.types == schema.types else batch.cast(schema)

    def map_groups(
        self, table: pa.Table, key: Sequence[str], function: Callable[[pa.Table], pa.Table], schema: pa.Schema
    ) -> pa.Table:
        """Return the rows ``function`` gives for each group of equal key, in the key's order.

        ``function`` must be importable (not a lambda) where there are many groups, for it then runs
        in several processes.
        """
        groups = list(split(table, key))
        if len(groups) < PARALLEL_GROUPS or self._workers < 2:  # noqa: PLR2004  one worker needs no pool
            parts = [function(group) for group in groups]
        else:
            share = max(1, len(groups) // (4 * self._workers))
            with ProcessPoolExecutor(self._workers, mp_context=get_context("spawn")) as pool:
                parts = list(pool.map(function, groups, chunksize=share))
        return pa.concat_tables([part.select(schema.names).cast(schema) for part in parts]) if parts else schema.empty_table()

    @contextmanager
    def _blaming(self) -> Iterator[None]:
        """Name the Parquet file at fault where one cannot be read to its end; pass any other error on."""
        try:
            yield
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            for file, name in self._files:
                fault = _fault(file)
                if fault:
                    message = f"{name} is not a readable Parquet file: {fault}. Copy it again from where it was made."
                    raise InputError(message) from error
            raise

    def close(self) -> None:
        """Free what the engine holds."""
        self._connection.disconnect()
        self._scratch.cleanup()


def _fault(file: Path) -> str:
    """Return why a Parquet file cannot be read to its end; empty where it can."""
    try:
        with duckdb.connect() as fresh:
            fresh.execute("SELECT max(COLUMNS(*)) FROM read_parquet(?)", [str(file)]).fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return ""


def _spans(file: Path, workers: int) -> list[tuple[int, int] | None]:
    """Return the first and last row number of each part of a file to read at once; none where it is one part.

    DuckDB reads a row group with one core, so a large file of one row group is taken in a part a core.
    """
    try:
        footer = pq.read_metadata(file)
    except (pa.ArrowException, OSError):
        return [None]  # reading it says what is wrong
    if footer.num_row_groups >= workers or footer.num_rows < PARALLEL_ROWS:
        return [None]
    edges = [footer.num_rows * number // workers for number in range(workers + 1)]
    return [(first, end - 1) for first, end in itertools.pairwise(edges)]


def split(table: pa.Table, key: Sequence[str]) -> Iterator[pa.Table]:
    """Yield the rows of each group of equal key, groups in the key's order, rows in theirs."""
    if table.num_rows == 0:
        return
    place = table.append_column("__row", pa.array(range(table.num_rows), pa.int64()))
    ordered = (
        place.sort_by([*((name, "ascending") for name in key), ("__row", "ascending")]).drop_columns("__row").combine_chunks()
    )
    counts = ordered.select(list(key)).group_by(list(key), use_threads=False).aggregate([([], "count_all")])
    start = 0
    for count in pc.cast(counts["count_all"], pa.int64()).to_pylist():
        yield ordered.slice(start, count)
        start += count


def _plain(table: pa.Table) -> pa.Table:
    """Return the table with dictionary columns spelled out, for engines that know plain types only."""
    fields = [pa.field(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields))
