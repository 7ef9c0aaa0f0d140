"""The same factories planned by lotwise, by HiGHS on the whole mixed-integer program and by CP-SAT, 60 seconds each.

Run it with: make bench ONLY=plan-peers (11 minutes; CP-SAT where ortools is installed; ``--seconds 10`` for a look).
Generated factories of 10 to 200 products, 8 weeks and 20 scenarios. One thread and the clock's seconds each, one after
another. HiGHS solves the exact program (``_plan_program.py``: true expected costs, every scenario a piece); CP-SAT the
same in whole numbers (``_plan_cpsat.py`` tells the scaling). All plans are checked by the rules and judged on all
scenarios by one judge (``_plan_value.py``), who knows nothing of how they were made. lotwise has no clock: it takes what
it takes. Where a planner found nothing at all, -inf is shown.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.machine import last_line
from benchmarks.quality._plan_cases import SEED, case
from benchmarks.quality._plan_peers import by_cpsat, by_highs, has_cpsat
from benchmarks.quality._plan_value import value
from lotwise.plan.network.made import make
from tests.plan.network import rules

if TYPE_CHECKING:
    from benchmarks.quality._plan_peers import Answer
    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

SIZES = (10, 25, 50, 100, 200)
WEEKS, SCENARIOS, SECONDS = 8, 20, 60.0
FROM = 50
"""Products from which on lotwise is to be at least as good."""
TIE = 1e-6


@dataclass(frozen=True)
class Entry:
    """What a planner found: money by the judge, its own bound, seconds of the clock, rules broken."""

    money: float
    bound: float
    seconds: float
    breaches: int


def by_lotwise(problem: Problem, network: Network, _: float) -> Answer:
    """Return levels, times and bound of our plan."""
    plan, flow = make(problem, network)
    return flow.level, flow.times, plan.bound


def entry(problem: Problem, network: Network, planner: str, seconds: float) -> Entry:
    """Return what one planner found."""
    start = time.perf_counter()
    answer = PLANNERS[planner](problem, network, seconds)
    took = time.perf_counter() - start
    if answer is None:
        return Entry(-np.inf, np.inf, took, 0)
    level, times, bound = answer
    return Entry(value(problem, network, level, times), bound, took, len(rules.of_decisions(network, level, times)))


PLANNERS = {"lotwise": by_lotwise, "HiGHS": by_highs, "CP-SAT": by_cpsat}


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    seconds = float(sys.argv[sys.argv.index("--seconds") + 1]) if "--seconds" in sys.argv else SECONDS
    planners = [name for name in PLANNERS if name != "CP-SAT" or has_cpsat()]
    figures: dict[str, object] = {"seconds": seconds}
    print("products " + "".join(f"{name:>14} {'bound':>12} {'s':>6}" for name in planners) + "  ahead")
    ahead_from_50 = []
    for products in SIZES:
        problem, network = case(products, WEEKS, SCENARIOS)
        found = {name: entry(problem, network, name, seconds) for name in planners}
        best = max(planners, key=lambda name: found[name].money)
        ours = found["lotwise"].money
        as_good = ours >= found[best].money - TIE * abs(found[best].money)
        if products >= FROM:
            ahead_from_50.append(as_good)
        cells = "".join(f"{e.money:14,.0f} {e.bound:12,.0f} {e.seconds:6.1f}" for e in found.values())
        print(f"{products:8} {cells}  {'lotwise' if as_good else best}", flush=True)
        figures[str(products)] = {
            name: {"value": _round(e.money), "bound": _round(e.bound), "s": round(e.seconds, 1), "breaches": e.breaches}
            for name, e in found.items()
        }
    met = all(ahead_from_50)
    figures |= {"at_least_as_good_from_50_products": met}
    print(f"lotwise at least as good at every size from {FROM} products on: {'met' if met else 'missed'}")
    print(last_line("plan-peers", figures, seed=SEED))


def _round(money: float) -> float | None:
    return round(money, 1) if np.isfinite(money) else None


if __name__ == "__main__":
    main()
