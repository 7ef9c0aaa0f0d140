"""Tests of the store: nothing half-written, nothing damaged read, nothing old lost too early."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import time

import pyarrow as pa
import pytest

from lotwise.engine.store import Store
from lotwise.errors import BusyError, DamagedError, LotwiseError, MissingTableError, StoreError


def numbers(count, start=0):
    return pa.table({"n": pa.array(range(start, start + count), pa.int64())})


def put(store, **tables):
    entries = {name: store.write(name, table, stage="test") for name, table in tables.items()}
    return store.publish(entries, fingerprints={"test": "f"})


def test_what_was_published_is_read_back(tmp_path):
    """A table comes back equal."""
    store = Store(tmp_path)
    put(store, a=numbers(5))
    assert store.read("a") == numbers(5)


def test_nothing_is_published_before_publish(tmp_path):
    """Written tables are unseen until all of a stage's are published together."""
    store = Store(tmp_path)
    store.write("a", numbers(5), stage="test")
    with pytest.raises(MissingTableError, match="lotwise run"):
        store.read("a")


def test_equal_tables_are_equal_bytes(tmp_path):
    """The same table written twice is one file with one hash."""
    store = Store(tmp_path)
    assert store.write("a", numbers(5), stage="x") == store.write("a", numbers(5), stage="x")


def test_a_stage_that_gives_a_table_no_more_withdraws_it(tmp_path):
    """Publishing replaces all that the stage published before."""
    store = Store(tmp_path)
    put(store, a=numbers(1), b=numbers(2))
    put(store, a=numbers(1))
    assert set(store.manifest().tables) == {"a"}


def test_every_single_bit_flip_is_refused(tmp_path):
    """Of 300 random flips in the table's file none is read, wrong or otherwise."""
    store = Store(tmp_path)
    put(store, a=numbers(1000))
    file = next(store.tables.glob("*.parquet"))
    whole = file.read_bytes()
    rng = random.Random(1)  # noqa: S311  no secret
    for _ in range(300):
        flipped = bytearray(whole)
        flipped[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        file.write_bytes(flipped)
        with pytest.raises(DamagedError, match="Make it again"):
            store.read("a")


def test_a_damaged_manifest_is_refused(tmp_path):
    """Every flipped bit of the manifest is noticed, whatever it says."""
    store = Store(tmp_path)
    put(store, a=numbers(10))
    file = store.home / "manifest.json"
    whole = file.read_bytes()
    rng = random.Random(2)  # noqa: S311  no secret
    for _ in range(300):
        flipped = bytearray(whole)
        flipped[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        file.write_bytes(flipped)
        try:
            read = store.read("a")
        except LotwiseError:
            continue
        assert read == numbers(10)


def test_a_truncated_file_is_refused(tmp_path):
    """A file cut short is named with the command that makes it again."""
    store = Store(tmp_path)
    put(store, a=numbers(1000))
    file = next(store.tables.glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(DamagedError, match="lotwise test"):
        store.read("a")


def test_versions_are_kept_to_their_number(tmp_path):
    """Of five publications the last two stay, with the files they name and no others."""
    store = Store(tmp_path, versions=2)
    for start in range(5):
        put(store, a=numbers(10, start))
    assert len(list(store.history.glob("*.json"))) == 2
    assert len(list(store.tables.glob("*.parquet"))) == 2
    assert store.read("a") == numbers(10, 4)


def test_a_second_run_is_told_who_holds_the_project(tmp_path):
    """Two runs at once: the second says so and stops."""
    first, second = Store(tmp_path), Store(tmp_path)
    with first.lock(), pytest.raises(BusyError, match=str(os.getpid())), second.lock():
        pass


def test_the_lock_is_free_after_a_kill(tmp_path):
    """A run that is killed leaves no lock behind."""
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    holder = context.Process(target=_hold, args=(tmp_path, ready))
    holder.start()
    assert ready.wait(30)
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    with Store(tmp_path).lock():
        pass


def _hold(folder, ready):
    with Store(folder).lock():
        ready.set()
        time.sleep(60)


def test_a_backup_restores_identical_hashes(tmp_path):
    """Restoring into an empty project gives the same manifest, file by file."""
    store = Store(tmp_path / "one")
    put(store, a=numbers(5), b=numbers(7))
    store.backup(tmp_path / "all.tar")
    (tmp_path / "two").mkdir()
    other = Store(tmp_path / "two")
    assert other.restore(tmp_path / "all.tar") == store.manifest()
    assert other.read("b") == numbers(7)


def test_a_damaged_backup_changes_nothing(tmp_path):
    """A backup with a flipped byte is refused and the tables of today stay."""
    store = Store(tmp_path)
    put(store, a=numbers(50_000))
    file = tmp_path / "all.tar"
    store.backup(file)
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(content)
    put(store, a=numbers(60))
    with pytest.raises(DamagedError):
        store.restore(file)
    assert store.read("a") == numbers(60)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="mounting a small disk needs root")
def test_a_full_disk_leaves_what_was_published(tmp_path):
    """Writing to a full disk is an error with the next step; the published table stays readable."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(tmp_path)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine does not allow mounting")
    try:
        store = Store(tmp_path)
        put(store, a=numbers(100))
        noise = pa.table({"n": [os.urandom(32) for _ in range(50_000)]})
        with pytest.raises(StoreError, match="Free some space"):
            store.write("b", noise, stage="test")
        assert store.read("a") == numbers(100)
        assert not list(store.tables.glob("*.tmp"))
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
