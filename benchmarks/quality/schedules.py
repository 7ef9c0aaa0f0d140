"""Schedules beside PyJobShop with OR-Tools: the same instances, the same seconds, the same cores, in one run.

Both get ``--seconds`` of the clock and two workers. What is found is valued by one formula; ours has passed the independent
checker. In the make-to-order family PyJobShop's machines have the nights as breaks; no set-up is needed before the first
task of a machine in either. Where it finds no schedule in time the instance counts as won and is left out of the mean.

    python -m benchmarks.quality.schedules [--seconds 10] [--only "job shop"] [--seed 1]
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from benchmarks.machine import last_line, machine
from benchmarks.quality._pyjobshop import solved
from benchmarks.quality._shops import FAMILIES, SETUP_FAMILIES
from lotwise.schedule.check import check
from lotwise.schedule.jobs import Budget
from lotwise.schedule.solve import solve

WORKERS = 2
EQUAL = 1.0 + 1e-9


def main() -> None:
    """Print each instance, the mean of each family, and the figures as JSON in the last line."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=float, default=10.0)
    asked.add_argument("--only", default="")
    asked.add_argument("--seed", type=int, default=1)
    asked = asked.parse_args()
    print(f"{machine()}; {asked.seconds:g} s each, {WORKERS} workers, seed {asked.seed}")
    head = f"{'instance':32s} {'method':8s} {'lotwise':>12s} {'CPU s':>6s} {'PyJobShop':>12s} {'status':>9s} {'CPU s':>6s}"
    print(head, "ours / theirs")
    _warm(asked.seed)
    figures = {family: _family(family, asked) for family in FAMILIES if asked.only in family}
    setups = [figures[family]["ratio"] for family in SETUP_FAMILIES if family in figures]
    every = {family: found["ratio"] <= EQUAL for family, found in figures.items()}
    print("ahead or equal:", ", ".join(f"{family} {'met' if met else 'MISSED'}" for family, met in every.items()))
    if setups:
        least = 100 * (1 - max(setups))
        print(f"set-up families: at least {least:.0f} % less (bar 20 %): {'met' if least >= 20 else 'MISSED'}")
        figures["setup_families_less_percent"] = round(least, 1)
    figures["seconds"] = asked.seconds
    print(last_line("schedules", figures, seed=asked.seed))


def _warm(seed: int) -> None:
    """Compile what is compiled, outside the time that is counted."""
    for family in FAMILIES.values():
        solve(family[0][1](), Budget(moves=50, seed=seed))


def _family(family: str, asked: argparse.Namespace) -> dict[str, object]:
    print(family)
    rows, ratios = {}, []
    for name, make in FAMILIES[family]:
        shop = make()
        used = time.process_time()
        found = solve(shop, Budget(seconds=asked.seconds, starts=WORKERS, seed=asked.seed))
        used = time.process_time() - used
        check(shop, found.schedule)
        theirs_used = time.process_time()
        theirs, status = solved(shop, asked.seconds, WORKERS)
        theirs_used = time.process_time() - theirs_used
        ours = found.value.total
        ratio = ours / theirs if theirs > 0 else (1.0 if ours <= 0 else float("inf"))
        if np.isfinite(theirs):
            ratios.append(ratio)
        row = f"  {name:30s} {found.method:8s} {ours:12,.0f} {used:6.1f} {theirs:12,.0f} {status:>9s} {theirs_used:6.1f}"
        print(f"{row}  {ratio:.3f}", flush=True)
        rows[name] = {
            "method": found.method,
            "lotwise": round(ours, 1),
            "pyjobshop": round(theirs, 1) if np.isfinite(theirs) else None,
            "status": status,
        }
    mean = float(np.mean(ratios)) if ratios else 0.0
    print(f"  mean ratio {mean:.4f}; no schedule from PyJobShop on {len(FAMILIES[family]) - len(ratios)}")
    return {"ratio": round(mean, 4), "instances": rows}


if __name__ == "__main__":
    main()
