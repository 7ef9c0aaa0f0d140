"""How often promises are kept: at their day, and at the days by which half and nine in ten should be.

Run: ``python -m benchmarks.quality.promises [--quick]``. Simulated: factories of ``_plan_cases`` (30 products, 8 weeks), each
planned once; customers ask for 1 to 60 % of a week's mean demand until 150 promises are reserved; then a floor whose law
is known carries the plan out with disturbances (``_promise_floor``). The delays of 12 worlds are learned (``Delays``), and the
days they give are judged on 12 other worlds. Intervals are those of the mean over worlds, two standard errors.

Beside it: what the days learned are worth where the floor is twice as bad as it was when they were learned, and what is
kept where nothing is disturbed at all (lots of a week still take their turn).
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.machine import last_line
from benchmarks.quality._plan_cases import SEED, case
from benchmarks.quality._promise_facts import facts_of
from benchmarks.quality._promise_floor import Floor, delivered
from lotwise.plan.network.made import Options, make
from lotwise.plan.promising import Book, Delays, learn
from lotwise.plan.promising.promised import LAST_DAY

PROMISES, WORLDS, REFUSED = 150, 12, 300
LAST = LAST_DAY + 1
"""End of Friday, in days from Monday."""


def world(seed: int, strengths: tuple[float, ...]) -> dict[float, tuple[np.ndarray, np.ndarray]]:
    """Return weeks ahead and days late of each promise of a world, for floors of each strength."""
    problem, network = case(30, 8, 20, seed=seed)
    plan, flow = make(problem, network, Options(breakpoints=8, prices=False))
    book = Book(facts_of(problem, network, plan, flow))
    rng = np.random.default_rng([SEED, seed])
    mean, rows, refused = problem.demand.mean(axis=(0, 2)), [], 0
    while len(rows) < PROMISES and refused < REFUSED:
        product = int(rng.choice(len(mean), p=mean / mean.sum()))
        promise = book.promise(problem.products[product], max(round(rng.uniform(0.01, 0.6) * mean[product]), 1))
        if promise.week is None or problem.weeks.index(promise.week) > len(problem.weeks) - 3:
            refused += 1  # the floor needs weeks after a promise to show how late it is
            continue
        book.reserve(promise)
        rows.append((product, problem.weeks.index(promise.week), promise.units))
    promised = np.array(rows)
    owed = np.zeros(problem.shape)
    np.add.at(owed, (promised[:, 0].astype(int), promised[:, 1].astype(int)), promised[:, 2])
    supply = problem.opening[:, None] + np.cumsum(plan.supply, axis=1)
    more = np.diff(np.maximum.accumulate(np.maximum(np.cumsum(owed, axis=1) - supply, 0.0), axis=1), axis=1, prepend=0.0)
    found = {}
    for strength in strengths:
        floor = np.random.default_rng([SEED, seed, 1])
        done, good = Floor(strength).finished(network, plan.supply + more, floor)
        late = delivered(promised, problem.opening, done, good) - (7 * promised[:, 1] + LAST)
        found[strength] = promised[:, 1].astype(int), np.ceil(late - 1e-9)
    return found


def kept(late: np.ndarray, ahead: np.ndarray, delays: Delays | None, which: int) -> float:
    """Return the share kept by the promised day (no delays), or by the day that delays give."""
    days = np.zeros(len(late)) if delays is None else np.array([delays.after(int(week))[which] for week in ahead])
    return float((late <= days).mean())


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    count = 4 if "--quick" in sys.argv else WORLDS
    train = [world(100 + number, (1.0,))[1.0] for number in range(count)]
    delays = learn(np.concatenate([late for _, late in train]), np.concatenate([ahead for ahead, _ in train]))
    print(f"learned of {sum(len(late) for _, late in train):,} promises: half by {delays.together[0]:+d} days, nine in ten by "
          f"{delays.together[1]:+d}; by weeks ahead {delays.ahead}")  # fmt: skip
    test = [world(200 + number, (1.0, 2.0, 0.0)) for number in range(count)]
    figures: dict[str, object] = {"learned": list(delays.together)}
    print(f"{'floor':28s}{'promised day':>18s}{'p50 day':>18s}{'p90 day':>18s}")
    for name, strength in (("as learned", 1.0), ("twice as bad", 2.0), ("nothing disturbed", 0.0)):
        shares = np.array(
            [[kept(one[strength][1], one[strength][0], *how) for how in ((None, 0), (delays, 0), (delays, 1))] for one in test]
        )
        mean, error = shares.mean(axis=0), 2 * shares.std(axis=0, ddof=1) / np.sqrt(len(shares))
        cells = "".join(f"{100 * m:10.1f} +- {100 * e:4.1f}" for m, e in zip(mean, error, strict=True))
        print(f"{name:28s}{cells}  % kept, {sum(len(one[strength][0]) for one in test):,} promises")
        figures[name] = {
            key: {"kept_percent": round(100 * float(m), 1), "interval": round(100 * float(e), 1)}
            for key, m, e in zip(("promised", "p50", "p90"), mean, error, strict=True)
        }
    print(last_line("promises", figures, seed=SEED))


if __name__ == "__main__":
    main()
