"""A project: a folder with ``lotwise.toml``, your files, and what lotwise made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lotwise import config
from lotwise.engine.manifest import Manifest
from lotwise.engine.store import Store
from lotwise.loop import Loop, Quiet
from lotwise.stages import in_order, stage_named
from lotwise.tables import contract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from lotwise.loop import Listener


class Project:
    """One project, opened.

    Parameters
    ----------
    folder
        Folder that holds ``lotwise.toml``.
    settings
        What it says.
    study
        Name of a study of the project; see ``study``.
    keep
        Stages that a run leaves as they were published, whatever has changed.
    """

    def __init__(self, folder: Path, settings: config.Settings, *, study: str = "", keep: Sequence[str] = ()) -> None:
        self.folder = folder
        self.settings = settings
        self.store = Store(folder, versions=1 if study else settings.engine.versions, study=study)
        self._keep = frozenset(keep)

    def study(
        self,
        name: str,
        settings: config.Settings,
        *,
        keep: Sequence[str] = (),
        tables: Mapping[str, pa.Table] | None = None,
    ) -> Project:
        """Return this project under other settings, beside itself: run it, and what is published here stays as it is.

        A study starts from what is published here and runs only what the other settings make stale. What it
        published before is taken up again where nothing it depends on has changed.

        Parameters
        ----------
        name
            Name of the study; its tables are kept under it.
        settings
            The settings in place of this project's.
        keep
            Stages that are left as they are here, whatever the other settings would change of them.
        tables
            Tables in place of those published here, by name; nothing published before is taken up again then.
        """
        found = Project(self.folder, settings, study=name, keep=keep)
        if tables:
            found._take(tables, self.store)
            return found
        here, before = self.store.manifest(), found.store.manifest()
        entries, stages = dict(here.tables), dict(here.stages)
        loop = found._loop(None, None)
        for stage in in_order():
            wanted = loop.fingerprint(stage, Manifest(0, entries, stages))
            if stage.name not in keep and wanted == before.stages.get(stage.name) != here.stages.get(stage.name):
                entries = {name: entry for name, entry in entries.items() if entry.stage != stage.name}
                entries |= {name: entry for name, entry in before.tables.items() if entry.stage == stage.name}
                stages[stage.name] = wanted
        with found.store.lock():
            found.store.adopt(entries, stages, other=self.store)
        return found

    def run(
        self,
        *,
        only: str | None = None,
        since: str | None = None,
        until: str | None = None,
        frames: Mapping[str, Any] | None = None,
        listener: Listener | None = None,
    ) -> list[dict[str, Any]]:
        """Return the rows added to ``runs`` after running every stage that is stale.

        Parameters
        ----------
        only
            Run this stage alone, whether stale or not.
        since
            Run this stage and every later one, whether stale or not.
        until
            Run no later stage than this one.
        frames
            Frames in memory (pandas, Polars, Arrow, anything with the Arrow C stream interface),
            by the NAME that ``files = "frame:NAME"`` refers to.
        listener
            Hears what happens; default: nobody.

        Raises
        ------
        LotwiseError
            With what is wrong and what to do; what was published before stays as it was.
        """
        for name in (only, since, until):
            if name is not None:
                stage_named(name)
        return self._loop(frames, listener).run(only=only, since=since, until=until)

    def table(self, name: str) -> pa.Table:
        """Return a published table as Arrow.

        Raises
        ------
        MissingTableError
            There is no such table, or it has not been published yet.
        DamagedError
            Its file is not the one that was published.
        """
        return contract(name).check(self.store.read(contract(name).name))

    def find(self, name: str) -> pa.Table | None:
        """Return a published table, or None where no stage has given it."""
        return self.table(name) if name in self.store.manifest().tables else None

    def stale(self) -> list[str]:
        """Return the names of the stages that a run would run again."""
        loop = self._loop(None, None)
        found: list[str] = []
        for stage in in_order():
            takes = {*stage.takes, *stage.may_take}
            depends = any(takes & {*earlier.gives, *earlier.passes} for earlier in in_order() if earlier.name in found)
            if (depends and stage.name not in self._keep) or loop.is_stale(stage):
                found.append(stage.name)
        return found

    def _take(self, tables: Mapping[str, pa.Table], other: Store) -> None:
        """Publish what another store does, with some tables in place of its own."""
        here = other.manifest()
        giver = {name: stage.name for stage in in_order() for name in stage.gives}
        with self.store.lock():
            own = {
                name: self.store.write(name, contract(name).check(table), stage=giver[name]) for name, table in tables.items()
            }
            self.store.adopt(here.tables | own, here.stages, other=other)

    def _loop(self, frames: Mapping[str, Any] | None, listener: Listener | None) -> Loop:
        told, frames = listener or Quiet(), frames or {}
        return Loop(self.settings, self.folder, self.store, frames=frames, listener=told, keep=self._keep)


def open_project(path: str | Path = ".") -> Project:
    """Return the project in a folder.

    Parameters
    ----------
    path
        The folder, or its ``lotwise.toml``.

    Raises
    ------
    SettingsError
        There is no ``lotwise.toml``, or it breaks its contract.
    """
    file = Path(path)
    file = file if file.suffix == ".toml" else file / config.FILE
    return Project(file.parent.resolve(), config.read(file))
