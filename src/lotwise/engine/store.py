"""Published tables: Parquet files with page checksums, listed in a manifest, published by one rename.

Files are named by their content. A stage's tables are written aside and synced; then one atomic
rename of ``manifest.json`` publishes them all. A killed run leaves the previous manifest, readers
keep what they opened, and a file that is not byte for byte what was published is refused.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tarfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from lotwise.engine import manifest as manifests
from lotwise.engine.manifest import Entry, Manifest
from lotwise.errors import BusyError, DamagedError, MissingTableError, StoreError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FOLDER = ".lotwise"
MANIFEST = "manifest.json"
CHUNK = 1 << 20


class Store:
    """The published tables of one project.

    Parameters
    ----------
    folder
        The project's folder; tables lie in ``.lotwise/`` below it.
    versions
        Publications to keep, the current one included.
    study
        Name of a study of the project, whose tables lie apart from the project's own.
    """

    def __init__(self, folder: Path, *, versions: int = 8, study: str = "") -> None:
        self.home = folder / FOLDER / "studies" / study if study else folder / FOLDER
        self.tables = self.home / "tables"
        self.history = self.home / "history"
        self._versions = versions

    def manifest(self) -> Manifest:
        """Return what is published now; an empty manifest before the first publication."""
        file = self.home / MANIFEST
        return manifests.load(file) if file.exists() else Manifest()

    def read(self, name: str) -> pa.Table:
        """Return a published table.

        Raises
        ------
        MissingTableError
            It has not been published.
        DamagedError
            Its file is not the one that was published.
        """
        published = self.manifest().tables
        if name not in published:
            message = f"Table '{name}' has not been published yet{did_you_mean(name, published)}. Make it with: lotwise run"
            raise MissingTableError(message)
        content = self._verified(name, published[name])
        return pq.read_table(pa.BufferReader(content), page_checksum_verification=True)

    def write(self, name: str, table: pa.Table, *, stage: str) -> Entry:
        """Write a table aside and return its entry; nothing is published yet.

        Raises
        ------
        StoreError
            The disk is full, or the folder cannot be written to.
        """
        aside = self.tables / f"{name}.{os.getpid()}.tmp"
        with _explained(self.home):
            self.tables.mkdir(parents=True, exist_ok=True)
            try:
                pq.write_table(table, aside, compression="zstd", write_page_checksum=True)
                sha256, size = _sync_and_hash(aside)
                file = self.tables / f"{name}-{sha256[:16]}.parquet"
                aside.replace(file)
            finally:
                aside.unlink(missing_ok=True)
            _sync_folder(self.tables)
        return Entry(file.name, sha256, table.num_rows, size, stage)

    def publish(self, entries: Mapping[str, Entry], *, fingerprints: Mapping[str, str]) -> Manifest:
        """Publish written tables all at once, and return the new manifest.

        Tables that the same stage published before and gives no more are withdrawn.

        Parameters
        ----------
        entries
            What ``write`` returned, by name of the table.
        fingerprints
            What the stage was made from, by name of the stage.
        """
        old = self.manifest()
        kept = {name: entry for name, entry in old.tables.items() if entry.stage not in fingerprints}
        new = Manifest(old.version + 1, kept | dict(entries), old.stages | dict(fingerprints))
        self._replace(new)
        self._forget(new)
        return new

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the project for one run.

        Raises
        ------
        BusyError
            Another run holds it.
        StoreError
            The folder cannot be written to.
        """
        with _explained(self.home):
            self.home.mkdir(parents=True, exist_ok=True)
            file = (self.home / "lock").open("a+")
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                file.seek(0)
                message = (
                    f"Another run (process {file.read().strip() or 'unknown'}) holds {self.home.parent}. Wait until it ends."
                )
                raise BusyError(message) from error
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            for left in self.tables.glob("*.tmp"):
                left.unlink()
            yield

    def adopt(self, tables: Mapping[str, Entry], stages: Mapping[str, str], *, other: Store) -> Manifest:
        """Publish tables in place of all that is here, and return the new manifest.

        Files that are not here are linked from another store, or copied where the disk has no links: a published file
        never changes.

        Parameters
        ----------
        tables
            Published tables, here or in the other store, by name.
        stages
            Fingerprint of each stage that gave them, by name.
        other
            Where files that are not here lie.
        """
        with _explained(self.home):
            self.tables.mkdir(parents=True, exist_ok=True)
            for entry in tables.values():
                _link(other.tables / entry.file, self.tables / entry.file)
            _sync_folder(self.tables)
        new = Manifest(self.manifest().version + 1, dict(tables), dict(stages))
        self._replace(new)
        self._forget(new)
        return new

    def backup(self, file: Path) -> Manifest:
        """Write the published tables and their manifest to one tar file, and return the manifest.

        The key of the pseudonyms is left out: keep it apart.
        """
        manifest = self.manifest()
        aside = file.with_name(f"{file.name}.tmp")
        with _explained(file.parent):
            with tarfile.open(aside, "w") as archive:
                for name, entry in sorted(manifest.tables.items()):
                    self._verified(name, entry)
                    archive.add(self.tables / entry.file, f"tables/{entry.file}")
                archive.add(self.home / MANIFEST, MANIFEST)
            _sync_and_hash(aside)
            aside.replace(file)
        return manifest

    def restore(self, file: Path) -> Manifest:
        """Publish the tables of a backup in place of today's, and return their manifest.

        Raises
        ------
        DamagedError
            The backup is not whole; what was published stays.
        """
        unpacked = self.home / "restore.tmp"
        shutil.rmtree(unpacked, ignore_errors=True)
        try:
            with _explained(self.home), tarfile.open(file) as archive:
                archive.extractall(unpacked, filter="data")
            manifest = manifests.load(unpacked / MANIFEST)
            with _explained(self.home):
                self.tables.mkdir(parents=True, exist_ok=True)
                for entry in manifest.tables.values():
                    part = unpacked / "tables" / entry.file
                    if not part.exists() or _sync_and_hash(part)[0] != entry.sha256:
                        message = f"{file} is damaged: '{entry.file}' is not what was backed up. Nothing was changed."
                        raise DamagedError(message)
                for entry in manifest.tables.values():
                    (unpacked / "tables" / entry.file).replace(self.tables / entry.file)
            self._replace(manifest)
        except tarfile.TarError as error:
            message = f"{file} is not a backup of lotwise: {error}"
            raise DamagedError(message) from error
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)
        return manifest

    def _verified(self, name: str, entry: Entry) -> bytes:
        try:
            content = (self.tables / entry.file).read_bytes()
        except FileNotFoundError as error:
            message = (
                f"The file of table '{name}' is gone: {self.tables / entry.file}. Make it again with: lotwise {entry.stage}"
            )
            raise DamagedError(message) from error
        if hashlib.sha256(content).hexdigest() != entry.sha256:
            message = (
                f"The file of table '{name}' is damaged: {self.tables / entry.file}. Make it again with: lotwise {entry.stage}"
            )
            raise DamagedError(message)
        return content

    def _replace(self, new: Manifest) -> None:
        with _explained(self.home):
            self.history.mkdir(parents=True, exist_ok=True)
            for target in (self.history / f"{new.version:09d}.json", self.home / MANIFEST):
                aside = target.with_name(f"{target.name}.tmp")
                aside.write_bytes(manifests.encode(new))
                _sync_and_hash(aside)
                aside.replace(target)
                _sync_folder(target.parent)

    def _forget(self, current: Manifest) -> None:
        """Remove versions beyond those kept, and files that none of the kept ones names."""
        files = sorted(self.history.glob("*.json"))
        named = {entry.file for entry in current.tables.values()}
        for old in files[-self._versions :]:
            with suppress(DamagedError):
                named |= {entry.file for entry in manifests.load(old).tables.values()}
        for old in files[: -self._versions]:
            old.unlink()
        for file in self.tables.glob("*.parquet"):
            if file.name not in named:
                file.unlink()


def _sync_and_hash(file: Path) -> tuple[str, int]:
    """Return SHA-256 and size of a file that is now on the disk."""
    digest = hashlib.sha256()
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
        return digest.hexdigest(), stream.tell()


def _link(source: Path, target: Path) -> None:
    """Make a published file also be found elsewhere; copied where the disk has no links."""
    if target.exists():
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn the system's refusal to write into a message with the next step."""
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        steps = {
            errno.ENOSPC: "Free some space and run again",
            errno.EACCES: "Choose a folder you may write to",
            errno.EROFS: "Choose a folder that is not read-only",
        }
        step = steps.get(error.errno or 0, "Check the disk and run again")
        message = f"{folder} cannot be written: {error.strerror or error}. {step}; what was published before is unchanged."
        raise StoreError(message) from error
