"""What it is worth to plan with scenarios rather than with the mean forecast.

Run it with: make bench ONLY=plan-uncertainty (one to two minutes). 20 generated factories of 100 products and 8 weeks
(simulated). Both plans rest on the same 50 scenarios, one on all of them, one on their mean taken for certain; both are
judged on 200 other scenarios of the same law. Plans are made once and not revised: a rolling planner needs less
protection. The interval is Student's over factories.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import t as student

from benchmarks.machine import last_line
from benchmarks.quality._plan_cases import SEED, case, mean_only, split
from benchmarks.quality._plan_value import value
from lotwise.plan.network.made import make

WORLDS, PRODUCTS, WEEKS, KNOWN, JUDGED = 20, 100, 8, 50, 200


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    print("world   mean forecast   scenarios   gain %")
    found = []
    for world in range(WORLDS):
        problem, network = case(PRODUCTS, WEEKS, KNOWN + JUDGED, seed=SEED + world)
        known, came = split(problem, KNOWN)
        flows = [make(asked, network)[1] for asked in (mean_only(known), known)]
        mean, scenarios = (value(came, network, flow.level, flow.times) for flow in flows)
        found.append((mean, scenarios))
        print(f"{world:5} {mean:15,.0f} {scenarios:11,.0f} {100 * (scenarios / mean - 1):8.2f}", flush=True)
    mean, scenarios = np.array(found).T
    gain = 100 * (scenarios / mean - 1)
    reach = float(student.ppf(0.975, WORLDS - 1) * gain.std(ddof=1) / np.sqrt(WORLDS))
    low, high = float(gain.mean()) - reach, float(gain.mean()) + reach
    met = low > 0
    print(
        f"scenarios earn {gain.mean():.2f} % more [{low:.2f}, {high:.2f}], more in {int((gain > 0).sum())} of {WORLDS} worlds"
    )
    figures = {"gain_percent": round(float(gain.mean()), 3), "low": round(low, 3), "high": round(high, 3), "met": met}
    figures |= {"worlds_won": int((gain > 0).sum()), "worlds": WORLDS}
    print(last_line("plan-uncertainty", figures, seed=SEED))


if __name__ == "__main__":
    main()
