"""Whether the same data and seed give the same bytes: three runs of both demos in empty folders.

Every table but ``runs``, which holds times, must have one SHA-256 over all runs; one run uses one
core. The key of the pseudonyms, which a new project draws at random, is the same in all: with another
key customers have other names. Bar: all tables equal.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import lotwise
from benchmarks.machine import last_line

COMMAND = str(Path(sys.executable).with_name("lotwise"))


def hashes(demo: str, *, cores: int) -> dict[str, str]:
    """Return the SHA-256 of each table of one run of a demo on so many cores."""
    with tempfile.TemporaryDirectory() as name:
        key = Path(name) / ".lotwise" / "pseudonym.key"
        key.parent.mkdir()
        key.write_bytes(bytes(range(32)))
        key.chmod(0o600)
        pinned = ["taskset", "--cpu-list", f"0-{cores - 1}", COMMAND, "demo", demo, "--folder", name, "--json"]
        subprocess.run(pinned, check=True, stdout=subprocess.DEVNULL)
        tables = lotwise.open_project(name).store.manifest().tables
        return {table: entry.sha256 for table, entry in tables.items() if table != "runs"}


def main() -> None:
    """Measure and print."""
    figures = {}
    for demo in ("own_brand", "atelier"):
        runs = [hashes(demo, cores=cores) for cores in (os.cpu_count() or 1, 1, os.cpu_count() or 1)]
        different = sorted(table for table in runs[0] if len({run.get(table) for run in runs}) > 1)
        print(f"{demo:<12}{len(runs[0])} tables, 3 runs, different: {', '.join(different) or 'none'}")
        figures[f"{demo}_tables"] = len(runs[0])
        figures[f"{demo}_different"] = len(different)
    print(last_line("reproducible", figures, seed=20261121))


if __name__ == "__main__":
    main()
