"""What a stage is: it takes named tables and gives named tables."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from lotwise.errors import MissingTableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import ibis
    import numpy as np
    import pyarrow as pa

    from lotwise.config import Settings

Relation = Any
"""What a stage gives for one table: an Arrow table, or an Ibis expression of the run's engine."""


class Engine(Protocol):
    """Where relational work runs. Written once in Ibis, it runs in DuckDB or in Spark."""

    name: str

    def read_parquet(self, files: Sequence[Path], names: Sequence[str]) -> ibis.Table:
        """Return the files as one relation, with ``source_file`` (one of ``names`` a file) and ``source_row``."""

    def from_arrow(self, table: pa.Table) -> ibis.Table:
        """Return a table in memory as a relation."""

    def materialize(self, relation: ibis.Table) -> ibis.Table:
        """Return the relation, computed once and kept for the rest of the run."""

    def to_arrow(self, relation: ibis.Table) -> pa.Table:
        """Return the rows of a relation."""

    def batches(self, relation: ibis.Table) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a relation, some at a time."""

    def map_groups(
        self, table: pa.Table, key: Sequence[str], function: Callable[[pa.Table], pa.Table], schema: pa.Schema
    ) -> pa.Table:
        """Return the rows ``function`` gives for each group of equal key, in the key's order."""

    def close(self) -> None:
        """Free what the engine holds."""


def silent(message: str, done: float | None = None) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Inputs:
    """What a running stage is handed: the tables it takes, its settings, an engine and a seed.

    Parameters
    ----------
    settings
        All settings; a stage reads the sections it declares.
    engine
        Where relational work runs.
    folder
        The project's folder, from which files are named.
    relations
        Tables that are still relations of the engine, by name.
    load
        Returns a published table by name.
    present
        Names of the tables that exist.
    frames
        Frames in memory that ``files = "frame:NAME"`` refers to.
    run
        Number of the run, as in the table ``runs``.
    progress
        Called with a message and the share done, to show progress.
    """

    settings: Settings
    engine: Engine
    folder: Path
    relations: Mapping[str, ibis.Table] = field(default_factory=dict)
    load: Callable[[str], pa.Table] | None = None
    present: frozenset[str] = frozenset()
    frames: Mapping[str, Any] = field(default_factory=dict)
    run: int = 1
    progress: Callable[[str, float | None], None] = silent

    def has(self, name: str) -> bool:
        """Whether the table exists (it may hold no row)."""
        return name in self.relations or name in self.present

    def table(self, name: str) -> pa.Table:
        """Return a table as Arrow.

        Raises
        ------
        MissingTableError
            No stage has given it.
        """
        if name in self.relations:
            return self.engine.to_arrow(self.relations[name])
        if self.load is None or name not in self.present:
            message = f"Table '{name}' does not exist yet. Make it with: lotwise run"
            raise MissingTableError(message)
        return self.load(name)

    def relation(self, name: str) -> ibis.Table:
        """Return a table as a relation of the engine."""
        if name in self.relations:
            return self.relations[name]
        return self.engine.from_arrow(self.table(name))

    def rng(self, *purpose: str | int) -> np.random.Generator:
        """Return a random generator that depends on the project's seed and the purpose only."""
        import numpy as np  # noqa: PLC0415  keeps the import of lotwise light

        words = "/".join(str(word) for word in purpose).encode()
        return np.random.default_rng([self.settings.project.seed, *hashlib.sha256(words).digest()[:8]])


@dataclass(frozen=True)
class Stage:
    """One stage of the loop.

    Parameters
    ----------
    name
        The verb it is run by, such as ``"plan"``.
    meaning
        What it does, in one sentence.
    takes
        Tables it needs.
    may_take
        Tables it uses where they exist.
    gives
        Tables it publishes, all at once.
    passes
        Tables it hands on within a run that are never stored.
    reads
        Sections of ``lotwise.toml`` it reads.
    recalls
        Tables as they were before this run, such as what it gave last time; a stage is not stale because they changed.
    run
        ``"module:function"``; the function takes ``Inputs`` and returns a table or relation by name.
    """

    name: str
    meaning: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    run: str
    may_take: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    recalls: tuple[str, ...] = ()

    def function(self) -> Callable[[Inputs], Mapping[str, Relation]]:
        """Return the function that runs it."""
        module, _, name = self.run.partition(":")
        found: Callable[[Inputs], Mapping[str, Relation]] = getattr(import_module(module), name)
        return found
