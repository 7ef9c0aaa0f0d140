"""How fast plans are made, and what their short form loses: curves against the program that holds every scenario.

Run: ``python benchmarks/speed/plan.py [--quick]``. Peers: the per-scenario program of the same problem, solved by
the same solver. Seconds are CPU seconds of this process. Cases are generated (simulated demand with shared
weekly shocks), seed 20261121.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
from scipy.sparse import csr_array

from lotwise.plan import LotRules, Plan, Problem, Resources, Terms, make

SEED = 20261121
KINDS = {"fresh": (1,), "keeps": (99,), "mixed": (1, 2, 3, 99)}
"""Weeks on the shelf of the products of a case."""


def generate(products: int, weeks: int, scenarios: int, kind: str, *, backorder: bool = False, seed: int = SEED) -> Problem:
    """Return a problem with 8 machines and 20 materials, of which the machines are loaded to 110 %."""
    rng = np.random.default_rng([seed, products, weeks, scenarios])
    mean = rng.lognormal(3, 1, products)
    family = rng.integers(0, 10, products)
    shock = rng.lognormal(0, 0.25, (scenarios, 10, weeks))[:, family]
    demand = rng.poisson(mean[:, None] * shock * rng.gamma(8, 1 / 8, (scenarios, products, weeks))).astype(float)
    price = rng.uniform(1, 10, products)
    cost = price * rng.uniform(0.5, 0.8, products)
    shelf, waits = rng.choice(KINDS[kind], products), np.full(products, backorder)
    terms = Terms(price, cost, 0.3 * price, 0.005 * cost, 0.05 * price, shelf, waits)
    uses = np.zeros((28, products))
    uses[rng.integers(0, 8, products), np.arange(products)] = rng.uniform(0.01, 0.1, products)
    for _ in range(2):
        uses[8 + rng.integers(0, 20, products), np.arange(products)] += rng.uniform(0.5, 2, products)
    capacity = np.repeat((uses @ mean / 1.1)[:, None], weeks, axis=1)
    capacity[8:][rng.random(20) < 0.6] = np.inf
    resources = Resources(
        names=tuple(f"resource {n}" for n in range(28)),
        kinds=("machine",) * 8 + ("material",) * 20,
        units=("hours",) * 8 + ("kg",) * 20,
        uses=csr_array(uses),
        capacity=capacity,
        overtime=np.concatenate([0.1 * capacity[:8, 0], np.zeros(20)]),
        overtime_cost=np.concatenate([np.full(8, 20.0), np.zeros(20)]),
    )
    mondays = tuple(date(2024, 1, 1) + timedelta(weeks=week) for week in range(weeks))
    names = tuple(f"p{n:06d}" for n in range(products))
    return Problem(names, mondays, demand, terms, resources, np.zeros(products))


def timed(problem: Problem, **how: object) -> tuple[Plan, float]:
    """Return a plan and the CPU seconds it took."""
    start = time.process_time()
    plan = make(problem, **how)  # type: ignore[arg-type]
    return plan, time.process_time() - start


def against_scenarios(products: int, weeks: int, scenarios: int, kind: str, *, backorder: bool = False) -> dict[str, object]:
    """Return seconds and loss of the curves at 8, 12 and 16 breakpoints, against the per-scenario program."""
    problem = generate(products, weeks, scenarios, kind, backorder=backorder)
    exact, seconds = timed(problem, form="scenarios")
    figures: dict[str, object] = {"scenarios_s": round(seconds, 2), "scenarios_rows": exact.rows}
    for breakpoints in (8, 12, 16):
        plan, seconds = timed(problem, breakpoints=breakpoints)
        loss, gap = 1 - plan.objective / exact.objective, plan.bound / exact.objective - 1
        figures[f"curves{breakpoints}"] = {
            "s": round(seconds, 2),
            "loss_percent": round(100 * loss, 3),
            "bound_percent": round(100 * gap, 3),
        }
        case = f"{products:5d} x {weeks:2d} x {scenarios:3d} {kind:6s} {'backorder' if backorder else 'lost':9s}"
        against = f"{seconds:7.2f} s against {figures['scenarios_s']:7} s"
        print(f"{case} K={breakpoints:2d} {against}  loss {100 * loss:7.3f} %  bound +{100 * gap:.3f} %")
    return figures


def alone(products: int, weeks: int, scenarios: int, kind: str) -> dict[str, object]:
    """Return seconds and gap to the bound at 8, 12 and 16 breakpoints, where the per-scenario program is out of reach."""
    problem = generate(products, weeks, scenarios, kind)
    figures: dict[str, object] = {}
    for breakpoints in (8, 12, 16):
        plan, seconds = timed(problem, breakpoints=breakpoints)
        gap = 100 * (plan.bound / plan.objective - 1)
        figures[f"curves{breakpoints}"] = {"s": round(seconds, 2), "gap_percent": round(gap, 3)}
        case = f"{products:5d} x {weeks:2d} x {scenarios:3d} {kind:6s} lost     "
        print(f"{case} K={breakpoints:2d} {seconds:7.2f} s  gap to the bound {gap:.3f} %")
    return figures


def stage(products: int = 300, plans: int = 48) -> dict[str, object]:
    """Return wall seconds of one stage's plans, mixed shelf lives, on two threads."""
    problems = [generate(products, 4, 50, "mixed", seed=SEED + n) for n in range(plans)]
    start, used = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda problem: make(problem, prove=False), problems))
    seconds, used = time.perf_counter() - start, time.process_time() - used
    print(f"{plans} plans of {products} x 4 x 50, mixed, two threads: {seconds:.1f} s, {used:.1f} CPU s (bar: 12 s, idle)")
    return {"plans": len(found), "wall_s": round(seconds, 1), "cpu_s": round(used, 1)}


def lots(products: int, weeks: int, scenarios: int, kind: str) -> dict[str, object]:
    """Return seconds and profit with every product in whole lots, against lots of any size."""
    problem = generate(products, weeks, scenarios, kind)
    rng, mean = np.random.default_rng([SEED, products]), problem.demand.mean(axis=(0, 2))
    multiple = np.round(2 * mean * rng.choice([0.1, 0.25, 0.5], products)) / 2 + 0.5
    ruled = replace(problem, rules=LotRules(np.round(mean * rng.choice([0, 0.5, 1, 2], products)), multiple))
    (free, before), (plan, after) = timed(problem, prove=False), timed(ruled, prove=False)
    cost, gap = 100 * (1 - plan.objective / free.objective), 100 * (plan.bound / plan.objective - 1)
    case = f"{products:5d} x {weeks:2d} x {scenarios:3d} {kind:6s} lots     "
    print(f"{case} {after:7.2f} s against {before:7.2f} s  lots cost at most {cost:.2f} %  gap to the bound {gap:.2f} %")
    return {"s": round(after, 2), "any_lots_s": round(before, 2), "cost_percent": round(cost, 3), "gap_percent": round(gap, 3)}


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    figures: dict[str, object] = {"100x4x20 mixed": against_scenarios(100, 4, 20, "mixed")}
    if "--quick" not in sys.argv:
        figures["100x8x20 keeps"] = against_scenarios(100, 8, 20, "keeps")
        figures["100x8x20 keeps backorder"] = against_scenarios(100, 8, 20, "keeps", backorder=True)
        figures["100x8x50 fresh"] = against_scenarios(100, 8, 50, "fresh")
        figures["500x13x50 fresh"] = alone(500, 13, 50, "fresh")
        figures["100x8x50 mixed"] = alone(100, 8, 50, "mixed")
        figures["300x4x50 mixed lots"] = lots(300, 4, 50, "mixed")
        figures["20x4x1 mixed lots"] = lots(20, 4, 1, "mixed")
    figures["stage"] = stage(plans=8 if "--quick" in sys.argv else 48)
    now = datetime.now(UTC).date().isoformat()
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    print(json.dumps({"benchmark": "plan", "figures": figures, "machine": machine, "date": now, "seed": SEED}))


if __name__ == "__main__":
    main()
