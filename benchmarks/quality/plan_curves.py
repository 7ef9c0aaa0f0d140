"""What the short form loses: 8, 12 and 16 pieces of cost by product and week, against every scenario.

Run it with: make bench ONLY=plan-curves (10 seconds). Generated factories of 100 products and 8 weeks without set-ups
and smallest orders, so that both are linear programs. The exact program holds stock and backlog of every scenario (20
scenarios) or one piece a scenario (50 and 100, the same optimum); our plan is judged on all scenarios. Seconds are CPU
seconds of one process.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from benchmarks.machine import last_line
from benchmarks.quality._plan_brute import some_switches
from benchmarks.quality._plan_cases import SEED, case
from benchmarks.quality._plan_program import solve, write
from benchmarks.quality._plan_value import value
from lotwise.plan.network.made import Options, make

PRODUCTS, WEEKS = 100, 8
BAR = 0.05
"""Percent that 12 pieces may lose at 20 scenarios."""


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    figures: dict[str, object] = {}
    print("scenarios  pieces    exact s  curves s       exact      judged   loss %  bound %")
    for scenarios in (20, 50, 100):
        problem, lumpy = case(PRODUCTS, WEEKS, scenarios)
        network = replace(lumpy, switches=some_switches(lumpy, np.zeros(0, dtype=np.int64)))
        start = time.process_time()
        exact = solve(write(problem, network, "scenarios" if scenarios == 20 else "curves"), whole=False)[1]
        exact_s = time.process_time() - start
        for pieces in (8, 12, 16):
            start = time.process_time()
            plan, flow = make(problem, network, Options(breakpoints=pieces))
            seconds = time.process_time() - start
            judged = value(problem, network, flow.level, flow.times)
            loss, bound = 100 * (1 - judged / exact), 100 * (plan.bound / exact - 1)
            cells = f"{scenarios:9} {pieces:7} {exact_s:10.2f} {seconds:9.2f} {exact:11,.0f} {judged:11,.0f}"
            print(f"{cells} {loss:8.4f} {bound:8.4f}")
            found = {
                "exact_s": round(exact_s, 2),
                "s": round(seconds, 2),
                "loss_percent": round(loss, 4),
                "bound_percent": round(bound, 4),
            }
            figures[f"{scenarios} scenarios, {pieces} pieces"] = found
            if (scenarios, pieces) == (20, 12):
                figures |= {"loss_percent": round(loss, 4), "met": loss <= BAR}
    print(f"12 pieces, 20 scenarios: {figures['loss_percent']} %, bar {BAR} %: {'met' if figures['met'] else 'missed'}")
    print(last_line("plan-curves", figures, seed=SEED))


if __name__ == "__main__":
    main()
