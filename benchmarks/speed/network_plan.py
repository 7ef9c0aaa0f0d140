"""How fast plans over a network are made, how close to their bound, and in how much memory.

Run it with: make bench ONLY=network-plan (``python -m benchmarks.speed.network_plan --quick`` runs the smallest case).
Generated factories (``benchmarks/quality/_plan_cases.py``): set-ups, smallest orders, a two-level bill. Each case runs in
a process of its own; seconds are CPU seconds of ``make`` alone, memory the most that process ever held, imports and the
case itself included. Every plan is checked by the rules (``tests/plan/network/rules.py``) and judged again from
its levels. Lumpy cases have set-ups and orders 3 and 15 times as
dear and no bar: there the proof is harder.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

from benchmarks.machine import last_line
from benchmarks.quality._plan_cases import SEED, case
from benchmarks.quality._plan_value import value
from lotwise.plan.network.made import make
from tests.plan.network.rules import breaches

CASES = (
    ("100x8x50", 1.0, {"s": 2.0, "gap_percent": 1.0}),
    ("1000x8x50", 1.0, {"s": 30.0, "gap_percent": 1.0, "mb": 1024.0}),
    ("1000x13x100", 1.0, {"s": 60.0, "gap_percent": 1.0, "mb": 1024.0}),
    ("5000x8x50", 1.0, {"s": 300.0, "gap_percent": 2.0}),
    ("100x8x50", 3.0, {}),
    ("100x8x50", 15.0, {}),
)
"""Products, weeks and scenarios; how dear set-ups and orders are; the bars."""


def measure(size: str, lumpy: float) -> dict[str, float]:
    """Return seconds, gap and memory of one case, in this process."""
    products, weeks, scenarios = (int(part) for part in size.split("x"))
    problem, network = case(products, weeks, scenarios, lumpy=lumpy)
    start = time.process_time()
    plan, flow = make(problem, network)
    seconds = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    judged = value(problem, network, flow.level, flow.times)
    return {
        "s": round(seconds, 2),
        "gap_percent": round(100 * (plan.bound - judged) / plan.bound, 3),
        "mb": round(memory),
        "value": round(judged),
        "told": round(plan.objective),
        "breaches": len(breaches(problem, network, plan, flow)),
        "rows": plan.rows,
        "columns": plan.columns,
    }


def in_child(size: str, lumpy: float) -> dict[str, float]:
    """Return the same, from a process of its own."""
    command = [sys.executable, "-m", "benchmarks.speed.network_plan", "--case", size, str(lumpy)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    if "--case" in sys.argv:
        size, lumpy = sys.argv[sys.argv.index("--case") + 1 :][:2]
        print(json.dumps(measure(size, float(lumpy))))
        return
    figures: dict[str, object] = {}
    print("products x weeks x scenarios      CPU s   gap %     MB       value  breaches")
    for size, lumpy, bars in CASES[:1] if "--quick" in sys.argv else CASES:
        found = in_child(size, lumpy)
        name = size if lumpy == 1 else f"{size} lumpy {lumpy:g}"
        missed = [key for key, bar in bars.items() if found[key] > bar]
        verdict = f"missed: {', '.join(missed)}" if missed else "met" if bars else "no bar"
        line = f"{name:30} {found['s']:8.2f} {found['gap_percent']:7.3f} {found['mb']:6.0f} {found['value']:11,.0f}"
        print(f"{line}  {found['breaches']:8} {verdict} {bars or ''}", flush=True)
        figures[name] = {**found, "bars": bars, "met": not missed}
    print(last_line("network-plan", figures, seed=SEED))


if __name__ == "__main__":
    main()
