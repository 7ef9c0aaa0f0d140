"""Small factories, whose best plans are found by trying everything.

Run it with: make bench ONLY=plan-small (half a minute). Up to 6 products, 3 weeks, 10 scenarios (fewer than pieces:
curves are exact). Set-ups and orders: a linear program for every setting of 3 switches in 3 weeks. Whole lots: one for
all numbers of lots of 2 products. And the newsvendor N(120, 10), 2 a unit over, 18 a unit short, as a plan of one product
and one week over 10,000 equal shares: 132.8155 units at a cost of 35.0997, beside the closed form in ``plan.inventory``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.machine import last_line
from benchmarks.quality._plan_brute import best_lots, best_switches, newsvendor, small, whole_lots
from benchmarks.quality._plan_value import value
from lotwise.plan.inventory.newsvendor import normal
from lotwise.plan.network.made import Options, make
from tests.plan.network.rules import breaches

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

SEEDS = range(40)
LOTS_SEEDS = range(12)
SAME = 1e-6
"""Share of the optimum by which a plan may fall short of it and be the same."""
QUANTITY, COST, SHARES = 132.8155, 35.0997, 10_000
NEAR = {"quantity": 0.01, "cost": 0.005}
"""How far equal shares, in place of the normal distribution, may put each."""


def losses(
    make_case: Callable[[int], tuple[Problem, Network]], best: Callable[[Problem, Network], float], seeds: range
) -> list[float]:
    """Return the percent of the optimum each plan loses.

    Not a number where it breaks a rule or its bound is below the optimum.
    """
    found = []
    for seed in seeds:
        problem, network = make_case(seed)
        plan, flow = make(problem, network, Options(gap=0.0))
        optimum = best(problem, network)
        loss = 100 * (1 - value(problem, network, flow.level, flow.times) / optimum)
        wrong = breaches(problem, network, plan, flow) or plan.bound < optimum * (1 - SAME)
        found.append(float("nan") if wrong else loss)
    return found


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    figures: dict[str, object] = {}
    kinds = {
        "set-ups and orders, 4 products": losses(small, best_switches, SEEDS),
        "set-ups and orders, 6 products": losses(lambda seed: small(seed, products=6), best_switches, SEEDS),
        "whole lots, 2 products": losses(whole_lots, best_lots, LOTS_SEEDS),
    }
    met = True
    for name, lost in kinds.items():
        equal = sum(loss <= 100 * SAME for loss in lost)
        print(f"{name:32} the optimum in {equal} of {len(lost)}; worst loss {max(lost):.4f} %")
        figures[name] = {"optimal": equal, "cases": len(lost), "worst_loss_percent": round(max(lost), 5)}
        met &= equal == len(lost)
    plan = make(*newsvendor(SHARES), Options(breakpoints=SHARES))[0]
    closed = normal(120.0, 10.0, 2.0, 18.0)
    told = {"quantity": float(plan.supply[0, 0]), "cost": 18 * 120 - plan.objective}
    for (name, found), target, formula in zip(told.items(), (QUANTITY, COST), (closed.quantity, closed.cost), strict=True):
        near = abs(found - target) <= NEAR[name] and np.round(formula, 4) == target
        print(f"newsvendor {name}: plan {found:.4f}, closed form {float(formula):.4f}, {target} within {NEAR[name]}: {near}")
        figures[f"newsvendor_{name}"] = {"plan": round(found, 4), "closed_form": round(float(formula), 4)}
        met &= bool(near)
    figures["met"] = met
    print("equal to brute force and to the newsvendor: " + ("met" if met else "missed"))
    print(last_line("plan-small", figures, seed=0))


if __name__ == "__main__":
    main()
