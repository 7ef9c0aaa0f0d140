"""Makespans of the public job shops and flexible job shops, beside the best known.

Run it with: python -m benchmarks.quality.shops [SEED ...] [--seconds 10] [--only mk] (13 minutes a seed at most; searches end
where a bound is reached). Brandimarte (mk), Kacem, Fattahi; Fisher and Thompson (ft), Lawrence (la). Every instance has
``--seconds`` CPU seconds in all: the search's clock is the CPU clock of this process, so that a busy machine changes nothing.
Compilation is done before. Best known values: ``best_known/makespan.csv`` of the shared data (lower..upper, upper is what the
gap refers to). Every schedule is looked at by the independent checker; what breaks a rule ends the benchmark.
"""

from __future__ import annotations

import argparse
import csv
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from unittest.mock import patch

from benchmarks.machine import last_line
from lotwise.schedule.check import check
from lotwise.schedule.formats import read_fjsp, read_jsp
from lotwise.schedule.jobs import Budget
from lotwise.schedule.solve import solve

DATA = Path(__file__).parents[3] / "shared" / "data" / "scheduling"
FAMILIES = {
    "mk": [f"mk{n:02d}" for n in range(1, 11)],
    "mk11_15": [f"mk{n}" for n in range(11, 16)],
    "kacem": [f"kacem{n}" for n in range(1, 5)],
    "fattahi": [f"fattahi{n}" for n in range(1, 21)],
    "la_ft": ["ft06", "ft10", "ft20", *(f"la{n:02d}" for n in range(1, 41))],
}
BARS = {"mk": 1.0, "la_ft": 1.0}
"""Percent the mean gap of a family may come to."""


@dataclass(frozen=True)
class Line:
    """What was found for one instance with one seed."""

    gap: float
    cpu: float


def path(instance: str) -> Path:
    """Return where an instance lies."""
    if instance.startswith("mk"):
        return DATA / "fjsp" / "brandimarte" / f"{instance}.txt"
    if instance.startswith("kacem"):
        return DATA / "fjsp" / "kacem" / f"k{instance[5:]}.txt"
    if instance.startswith("fattahi"):
        number = int(instance[7:])
        return DATA / "fjsp" / "fattahi" / (f"sfjs{number:02d}.txt" if number <= 10 else f"mfjs{number - 10:02d}.txt")
    return DATA / "jsp" / instance


def best_known() -> dict[str, tuple[int, int]]:
    """Return the lower and upper bound known of each instance."""
    with (DATA / "best_known" / "makespan.csv").open(encoding="utf-8") as file:
        return {row["instance"]: (int(row["lower_bound"]), int(row["upper_bound"])) for row in csv.DictReader(file)}


def one(instance: str, known: tuple[int, int], seconds: float, seed: int) -> Line:
    """Return what is found for an instance, and print it."""
    shop = (read_jsp if "jsp" in path(instance).parts else read_fjsp)(path(instance))
    begun = time.process_time()
    found = solve(shop, Budget(seconds=seconds, starts=1, seed=seed))
    cpu = time.process_time() - begun
    check(shop, found.schedule)
    makespan, bound = found.value.makespan, found.bound or 0.0
    assert known[0] <= makespan, f"{instance}: {makespan} is below the bound known"
    assert bound <= known[1], f"{instance}: our bound {bound} is above a schedule known"
    gap, at = 100 * (makespan / known[1] - 1), found.trace[-1][0] if found.trace else 0.0
    values = f"{f'{known[0]}..{known[1]}' if known[0] < known[1] else known[1]!s:>9} {makespan:6d} {bound:7.0f}"
    print(f"{instance:10s} {seed:4d} {values} {gap:7.2f} {at:9.1f} {cpu:7.1f}  {found.method}", flush=True)
    return Line(gap, cpu)


def family(name: str, seconds: float, seeds: list[int]) -> dict[str, object]:
    """Return the figures of a family, and print how it stands to its bar."""
    known = best_known()
    lines = [one(instance, known[instance], seconds, seed) for instance in FAMILIES[name] for seed in seeds]
    gap = mean(line.gap for line in lines)
    figures: dict[str, object] = {
        f"{name}_mean_gap": round(gap, 3),
        f"{name}_worst_gap": round(max(each.gap for each in lines), 2),
    }
    figures[f"{name}_best_known"] = f"{sum(line.gap <= 0 for line in lines)} of {len(lines)}"
    figures[f"{name}_mean_cpu_s"] = round(mean(line.cpu for line in lines), 1)
    bar = f", bar {BARS[name]:.1f} %: {'met' if gap <= BARS[name] else 'missed'}" if name in BARS else ""
    print(f"-- {name}: mean gap {gap:.3f} %, best known reached {figures[f'{name}_best_known']}{bar}\n", flush=True)
    if name in BARS:
        figures[f"{name}_met"] = gap <= BARS[name]
    return figures


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seeds", nargs="*", type=int, default=[1])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--only", choices=FAMILIES, action="append")
    asked = parser.parse_args()
    for instance in ("kacem1", "mk01"):
        solve(read_fjsp(path(instance)), Budget(moves=200_000, starts=1))
    print("instance   seed  best known   ours   bound   gap %   to best   CPU s  method")
    figures: dict[str, object] = {"seconds": asked.seconds, "seeds": asked.seeds}
    with patch("time.perf_counter", time.process_time):
        for name in asked.only or FAMILIES:
            figures |= family(name, asked.seconds, asked.seeds)
    print(last_line("shops", figures, seed=asked.seeds[0]))


if __name__ == "__main__":
    main()
