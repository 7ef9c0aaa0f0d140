"""Runs stages in order, only where something changed, and publishes what each gives at once."""

from __future__ import annotations

import hashlib
import resource
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import pyarrow as pa

from lotwise.errors import ContractError, MissingTableError, breaches
from lotwise.stage import Inputs
from lotwise.stages import in_order
from lotwise.tables import PASSING, contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lotwise.config import Settings
    from lotwise.engine.manifest import Manifest
    from lotwise.engine.store import Store
    from lotwise.stage import Engine, Relation, Stage

MEGABYTE = 1024
"""In the kilobytes that the system counts memory in."""
SMALL = 8 << 20
"""Files of at most so many bytes are known by their content, larger ones by their time of change."""


class Listener(Protocol):
    """Hears what the loop does."""

    def started(self, stage: Stage, place: int, total: int) -> None:
        """Hear that a stage starts."""

    def progress(self, stage: Stage, message: str, done: float | None) -> None:
        """Hear that a stage has done a share of its work."""

    def finished(self, stage: Stage, record: Mapping[str, Any]) -> None:
        """Hear that a stage has published its tables; ``record`` is its row in ``runs``."""

    def fresh(self, stage: Stage) -> None:
        """Hear that a stage need not run: nothing it depends on has changed."""


class Quiet:
    """Hears everything and says nothing."""

    def started(self, stage: Stage, place: int, total: int) -> None:
        """Hear that a stage starts."""

    def progress(self, stage: Stage, message: str, done: float | None) -> None:
        """Hear that a stage has done a share of its work."""

    def finished(self, stage: Stage, record: Mapping[str, Any]) -> None:
        """Hear that a stage has published its tables."""

    def fresh(self, stage: Stage) -> None:
        """Hear that a stage need not run."""


@dataclass
class Loop:
    """One run of the loop on one project.

    Parameters
    ----------
    settings
        All settings.
    folder
        The project's folder.
    store
        Its published tables.
    frames
        Frames in memory that ``files = "frame:NAME"`` refers to.
    listener
        Hears what happens.
    keep
        Stages that stay as they were published, whatever has changed.
    """

    settings: Settings
    folder: Path
    store: Store
    frames: Mapping[str, Any] = field(default_factory=dict)
    listener: Listener = field(default_factory=Quiet)
    keep: frozenset[str] = frozenset()
    _engine: Engine | None = None
    _passing: dict[str, Relation] = field(default_factory=dict)
    _records: list[dict[str, Any]] = field(default_factory=list)

    def run(self, *, only: str | None = None, since: str | None = None, until: str | None = None) -> list[dict[str, Any]]:
        """Return the rows of ``runs`` this run added, after running what is stale.

        Parameters
        ----------
        only
            Run this stage alone, whether stale or not.
        since
            Run this stage and every later one, whether stale or not.
        until
            Run no later stage than this one.
        """
        stages = in_order()
        names = [stage.name for stage in stages]
        forced = {only} if only else set(names[names.index(since) :]) if since else set()
        try:
            with self.store.lock():
                for place, stage in enumerate(stages, start=1):
                    if (only and stage.name != only) or (until and place > names.index(until) + 1):
                        continue
                    if stage.name in forced or self.is_stale(stage):
                        self._run(stage, place, len(stages))
                    else:
                        self.listener.fresh(stage)
        finally:
            if self._engine is not None:
                self._engine.close()
        return self._records

    def is_stale(self, stage: Stage) -> bool:
        """Whether the stage has never run, or something it depends on has changed since."""
        manifest = self.store.manifest()
        made_from = manifest.stages.get(stage.name)
        if made_from and stage.name in self.keep:
            return False
        return made_from != self.fingerprint(stage, manifest)

    def fingerprint(self, stage: Stage, manifest: Manifest) -> str:
        """Return the SHA-256 of the settings, inputs and code the stage would run with."""
        return _sha256([self._settings_hash(stage), self._inputs_hash(stage, manifest), code_hash(stage.name)])

    def _settings_hash(self, stage: Stage) -> str:
        project = self.settings.project
        everywhere = [project.seed, project.timezone, project.currency, project.today]
        return _sha256([everywhere, [getattr(self.settings, section) for section in stage.reads]])

    def _inputs_hash(self, stage: Stage, manifest: Manifest) -> str:
        tables = {name: manifest.tables[name].sha256 for name in (*stage.takes, *stage.may_take) if name in manifest.tables}
        givers = [giver for giver in in_order() if set(giver.passes) & {*stage.takes, *stage.may_take}]
        return _sha256([tables, [self.fingerprint(giver, manifest) for giver in givers], self._outside(stage)])

    def _outside(self, stage: Stage) -> list[Any]:
        """Return what identifies the files and frames from outside that a stage reads."""
        if "collect" not in stage.reads:
            return []
        patterns = [pattern for mapping in self.settings.collect for pattern in _listed(mapping.files)]
        patterns += [lookup.file for mapping in self.settings.collect for lookup in mapping.lookup]
        frames = {name: _frame_hash(frame) for name, frame in self.frames.items()}
        return [[_stamp(file, self.folder) for pattern in patterns for file in _matching(self.folder, pattern)], frames]

    def _run(self, stage: Stage, place: int, total: int) -> None:
        for giver in in_order():
            if set(giver.passes) & {*stage.takes, *stage.may_take} and not set(giver.passes) & set(self._passing):
                self._run(giver, place, total)
        manifest = self.store.manifest()
        self._require(stage, manifest)
        self.listener.started(stage, place, total)
        started, clock = datetime.now(UTC).replace(tzinfo=None), time.perf_counter()
        given = stage.function()(self._inputs(stage, manifest))
        self._passing |= {name: given[name] for name in stage.passes if name in given}
        tables = self._checked(stage, given)
        entries = {name: self.store.write(name, table, stage=stage.name) for name, table in tables.items()}
        record = {
            "run": self._number(manifest),
            "stage": stage.name,
            "started": started,
            "seconds": time.perf_counter() - clock,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE,
            "rows": sum(entry.rows for entry in entries.values()),
            "seed": self.settings.project.seed,
            "settings": self._settings_hash(stage),
            "inputs": self._inputs_hash(stage, manifest),
            "code": code_hash(stage.name),
            "gave": " ".join(f"{name}:{entry.sha256[:12]}" for name, entry in sorted(entries.items())),
        }
        self._records.append(record)
        entries["runs"] = self.store.write("runs", self._runs(manifest, record), stage="loop")
        self.store.publish(entries, fingerprints={stage.name: self.fingerprint(stage, manifest)})
        self.listener.finished(stage, record)

    def _require(self, stage: Stage, manifest: Manifest) -> None:
        missing = [name for name in stage.takes if name not in manifest.tables and name not in self._passing]
        if missing:
            message = f"Stage '{stage.name}' needs {', '.join(missing)}, which no stage has given yet. Run first: lotwise run"
            raise MissingTableError(message)

    def _inputs(self, stage: Stage, manifest: Manifest) -> Inputs:
        wanted = {*stage.takes, *stage.may_take, *stage.recalls}

        def progress(message: str, done: float | None = None) -> None:
            self.listener.progress(stage, message, done)

        return Inputs(
            settings=self.settings,
            engine=self._opened(),
            folder=self.folder,
            relations={name: relation for name, relation in self._passing.items() if name in wanted},
            load=lambda name: contract(name).check(self.store.read(name)),
            present=frozenset((wanted & set(manifest.tables)) - self._outdated(stage, manifest)),
            frames=self.frames,
            run=self._number(manifest),
            progress=progress,
        )

    def _outdated(self, stage: Stage, manifest: Manifest) -> set[str]:
        """Return the tables the stage recalls that an earlier version published by another contract: they are not there."""
        recalled = set(stage.recalls) & set(stage.gives) & set(manifest.tables)
        return {name for name in recalled if not contract(name).schema.equals(self.store.read(name).schema)}

    def _checked(self, stage: Stage, given: Mapping[str, Relation]) -> dict[str, pa.Table]:
        """Return the tables to store, each checked against its contract at the door."""
        strange = [
            f"it gave '{name}', which it does not declare" for name in given if name not in (*stage.gives, *stage.passes)
        ]
        for name in set(given) & set(stage.passes):
            absent = [column for column in PASSING[name].names if column not in given[name].columns]
            strange += [f"'{name}' has no column '{column}'" for column in absent]
        if strange:
            raise ContractError(breaches(f"Stage '{stage.name}' breaks its contract", strange))
        return {name: contract(name).check(self._arrow(given[name])) for name in stage.gives if name in given}

    def _arrow(self, relation: Relation) -> pa.Table:
        return relation if isinstance(relation, pa.Table) else self._opened().to_arrow(relation)

    def _opened(self) -> Engine:
        if self._engine is None:
            self._engine = open_engine(self.settings)
        return self._engine

    def _number(self, manifest: Manifest) -> int:
        if self._records:
            return int(self._records[0]["run"])
        before = self.store.read("runs")["run"].to_pylist() if "runs" in manifest.tables else []
        return max(before, default=0) + 1

    def _runs(self, manifest: Manifest, record: dict[str, Any]) -> pa.Table:
        """Return all rows of ``runs`` with one more; a stage that ran twice in a run keeps its last row."""
        before = self.store.read("runs").to_pylist() if "runs" in manifest.tables else []
        kept = [row for row in before if (row["run"], row["stage"]) != (record["run"], record["stage"])]
        return contract("runs").check(pa.Table.from_pylist([*kept, record], schema=contract("runs").schema))


def open_engine(settings: Settings) -> Engine:
    """Return the engine the settings name."""
    if settings.engine.name == "spark":
        from lotwise.engine.spark import SparkEngine  # noqa: PLC0415  an optional package

        spark: Engine = SparkEngine(memory=settings.engine.memory)
        return spark
    from lotwise.engine.local import LocalEngine  # noqa: PLC0415  keeps a run with nothing to do quick

    return LocalEngine(memory=settings.engine.memory)


@cache
def code_hash(stage: str) -> str:
    """Return the SHA-256 of a stage's code, with that of the contracts and engines it rests on."""
    here = Path(__file__).parent
    files = [file for room in (stage, "tables", "engine") for file in sorted((here / room).rglob("*.py"))]
    return _sha256(
        [version("lotwise"), [hashlib.sha256(file.read_bytes()).hexdigest() for file in [here / "stage.py", *files]]]
    )


def _sha256(content: Any) -> str:  # noqa: ANN401  anything JSON can hold
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def _listed(files: str | Sequence[str]) -> list[str]:
    return [files] if isinstance(files, str) else list(files)


def _matching(folder: Path, pattern: str) -> Iterator[Path]:
    """Yield the files a pattern of ``[[collect]]`` means; a missing one is yielded for collect to report."""
    path = folder / pattern
    if pattern.startswith("frame:"):
        return
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file())
    elif any(sign in pattern for sign in "*?["):
        anchor = Path(path.anchor)
        yield from sorted(anchor.glob(str(path.relative_to(anchor))))
    else:
        yield path


def _stamp(file: Path, folder: Path) -> list[Any]:
    """Return what changes when a file does: its path from the project's folder, and its content or, if large, its time."""
    name = str(file.relative_to(folder) if file.is_relative_to(folder) else file)
    if not file.exists():
        return [name, None, None]
    status = file.stat()
    if status.st_size <= SMALL:
        return [name, status.st_size, hashlib.sha256(file.read_bytes()).hexdigest()]
    return [name, status.st_size, status.st_mtime_ns]


def _frame_hash(frame: Any) -> str:  # noqa: ANN401  any frame
    digest = hashlib.sha256()
    table = pa.table(frame)
    with pa.ipc.new_stream(pa.PythonFile(_Digesting(digest), mode="w"), table.schema) as writer:
        writer.write_table(table)
    return digest.hexdigest()


class _Digesting:
    """A file that keeps nothing but the hash of what is written to it."""

    closed = False

    def __init__(self, digest: Any) -> None:  # noqa: ANN401  hashlib has no public type
        self._digest = digest

    def write(self, content: bytes) -> int:
        self._digest.update(content)
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""
