"""A project: a folder with ``lotwise.toml``, your files, and what lotwise made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lotwise import config
from lotwise.engine.store import Store
from lotwise.loop import Loop, Quiet
from lotwise.stages import in_order, stage_named
from lotwise.tables import contract

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """

    def __init__(self, folder: Path, settings: config.Settings) -> None:
        self.folder = folder
        self.settings = settings
        self.store = Store(folder, versions=settings.engine.versions)

    def run(
        self,
        *,
        only: str | None = None,
        since: str | None = None,
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
        for name in (only, since):
            if name is not None:
                stage_named(name)
        return self._loop(frames, listener).run(only=only, since=since)

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
            if depends or loop.is_stale(stage):
                found.append(stage.name)
        return found

    def _loop(self, frames: Mapping[str, Any] | None, listener: Listener | None) -> Loop:
        return Loop(self.settings, self.folder, self.store, frames=frames or {}, listener=listener or Quiet())


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
