"""How long the demo takes, how much memory, and what its ledger says.

Runs ``lotwise demo`` in an empty folder, then again with nothing changed, then ``lotwise --help``.
Bars: 90 s and 4 GB; 3 s; 0.5 s; the best model closes at least 15 % of the base's regret with an
interval above 0; the placebo is not distinguishable from 0.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import lotwise
from benchmarks.machine import last_line

COMMAND = str(Path(sys.executable).with_name("lotwise"))


def timed(arguments: list[str], folder: Path) -> tuple[float, float]:
    """Return wall seconds and peak memory in MB of one command."""
    started = time.perf_counter()
    process = subprocess.Popen([COMMAND, *arguments], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"lotwise {' '.join(arguments)} ended with status {status}")
    return seconds, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        help_seconds = min(timed(["--help"], folder)[0] for _ in range(5))
        first, peak = timed(["demo"], folder)
        second, _ = timed(["demo"], folder)
        project = lotwise.open_project(folder / "lotwise-demo" / "own_brand")
        gap = {(row["account"], row["line"]): row for row in project.table("gap").to_pylist()}
        runs = project.table("runs").to_pylist()
    closed = gap["known", "all sources together"]
    base = gap["known", "history alone (base)"]
    placebo = gap["known", "placebo"]
    print(f"{'stage':<12}{'seconds':>9}{'peak MB':>9}")
    for row in runs:
        print(f"{row['stage']:<12}{row['seconds']:>9.1f}{row['peak_mb']:>9.0f}")
    figures = {
        "seconds": round(first, 1),
        "peak_mb": round(peak),
        "second_run_seconds": round(second, 2),
        "help_seconds": round(help_seconds, 3),
        "closed_share": round(closed["money"] / base["money"], 4),
        "closed_low": round(closed["low"] / base["money"], 4),
        "closed_high": round(closed["high"] / base["money"], 4),
        "placebo_low": placebo["low"],
        "placebo_high": placebo["high"],
    }
    bars = {"seconds": 90, "peak_mb": 4096, "second_run_seconds": 3, "help_seconds": 0.5, "closed_share": 0.15, "closed_low": 0}
    for key, value in figures.items():
        print(f"{key:<22}{value:>12}   bar {bars.get(key, '')}")
    print(f"load {os.getloadavg()[0]:.1f}, own cpu {resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime:.0f} s")
    print(last_line("demo", figures, seed=20261121))


if __name__ == "__main__":
    main()
