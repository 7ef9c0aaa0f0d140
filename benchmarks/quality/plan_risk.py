"""Plans that mind the worst outcomes, and plans that must serve: against exact programs, and what they cost.

Run it with: make bench ONLY=plan-risk (two minutes). CVaR: (1 - risk) mean profit + risk the mean profit of the worst
tenth of scenarios, on small factories against the exact program over all scenarios (Rockafellar and Uryasev, 2000); then
what caution costs and brings on a factory of 50 products, on 200 scenarios kept apart. Service: the least cost at which a
share of demand is met in its week, for several shares, also judged on scenarios kept apart.
"""

from __future__ import annotations

import numpy as np

from benchmarks.machine import last_line
from benchmarks.quality._plan_brute import small
from benchmarks.quality._plan_cases import SEED, case, split
from benchmarks.quality._plan_program import solve
from benchmarks.quality._plan_value import met_in_week, profits, worst
from benchmarks.quality._plan_worst import write_risk
from lotwise.plan.network.made import Options, make

SEEDS, TAIL = range(10), 0.1
RISKS, SERVICES = (0.0, 0.25, 0.5, 0.75, 1.0), (0.8, 0.9, 0.95, 0.98)
SIZE, KNOWN, JUDGED = (50, 8), 50, 200


def against_exact(risk: float) -> list[float]:
    """Return the percent each small plan falls short of the exact optimum of the same measure."""
    found = []
    for seed in SEEDS:
        problem, network = small(seed, scenarios=20)
        flow = make(problem, network, Options(risk=risk, tail=TAIL, breakpoints=20, gap=0.0))[1]
        profit = profits(problem, network, flow.level, flow.times)
        reached = (1 - risk) * profit.mean() + risk * worst(profit, TAIL)
        found.append(100 * (1 - float(reached) / solve(write_risk(problem, network, risk, TAIL))[1]))
    return found


def main() -> None:
    """Print the tables, and the figures as JSON in the last line."""
    figures: dict[str, object] = {}
    for risk in (0.5, 1.0):
        lost = against_exact(risk)
        print(f"risk {risk}: {len(lost)} small factories, short of the exact optimum by {max(lost):.4f} % at most")
        figures[f"exact, risk {risk}"] = {"worst_loss_percent": round(max(lost), 4)}
    problem, network = case(*SIZE, KNOWN + JUDGED)
    known, came = split(problem, KNOWN)
    print(f"\nrisk      mean  worst {TAIL:.0%}   mean, kept apart  worst, kept apart")
    for risk in RISKS:
        flow = make(known, network, Options(risk=risk, tail=TAIL))[1]
        inside, outside = (profits(asked, network, flow.level, flow.times) for asked in (known, came))
        row = [float(part) for part in (inside.mean(), worst(inside, TAIL), outside.mean(), worst(outside, TAIL))]
        print(f"{risk:4} {row[0]:10,.0f} {row[1]:10,.0f} {row[2]:18,.0f} {row[3]:18,.0f}", flush=True)
        figures[f"risk {risk}"] = dict(zip(("mean", "worst", "mean_apart", "worst_apart"), np.round(row).tolist(), strict=True))
    print("\nservice asked  reached  kept apart  least product      profit")
    for share in SERVICES:
        flow = make(known, network, Options(mode="service", service=np.full(SIZE[0], share)))[1]
        reached, apart = (met_in_week(asked, network, flow.level) for asked in (known, came))
        mean = float(profits(known, network, flow.level, flow.times).mean())
        print(f"{share:13} {reached.mean():8.3f} {apart.mean():11.3f} {reached.min():14.3f} {mean:11,.0f}", flush=True)
        figures[f"service {share}"] = {
            "reached": round(float(reached.mean()), 4),
            "least": round(float(reached.min()), 4),
            "apart": round(float(apart.mean()), 4),
            "profit": round(mean),
        }
    print(last_line("plan-risk", figures, seed=SEED))


if __name__ == "__main__":
    main()
