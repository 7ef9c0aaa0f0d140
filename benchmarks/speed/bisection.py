"""One capacity shared by 500 products, demand in 50 scenarios: bisection beside a linear program solved by HiGHS.

Run it with: make bench ONLY=bisection. Data are simulated; the set-up is that of a weekly purchasing budget.

The program has a column for each product's quantity and one for what each scenario sells of it, 25,500 in all, a row for
each scenario and product and one for the capacity. It is handed over as arrays. The bar counts the seconds HiGHS needs to
solve it and no model building, against all of ours; both are warm, on one thread, and seconds are those of the processor. A
second, smaller program is beside it, for one who knows the curves: each product's earnings as 50 pieces under one row.

The dual at a breakpoint is an interval, and a solver may give any point of it. So both duals are proved apart: a price is a
dual if the best that could be earned by buying and selling capacity at it, found by trying every scenario, is what was earned
(weak duality). In each case at random the dual is one point and the two must agree to 1e-6; the last case lies at a breakpoint.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import coo_array

from benchmarks.machine import last_line
from lotwise.gap.frames.capacity import Shared, share
from lotwise.gap.frames.newsvendor import Scenarios, Terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

PRODUCTS, SCENARIOS = 500, 50
SEEDS, BUDGETS = (0, 1, 2), (0.9, 0.7, 0.5, 0.25)
SAME, BAR = 1e-6, 50.0


def case(seed: int) -> tuple[Scenarios, Terms]:
    """Return demand of 500 products in 50 scenarios, with margins of groceries, the budget being money spent."""
    rng = np.random.default_rng(seed)
    price = rng.uniform(1, 20, PRODUCTS)
    cost = price * rng.uniform(0.5, 0.8, PRODUCTS)
    salvage = cost * rng.uniform(0, 0.9, PRODUCTS)
    demand = rng.gamma(2.0, rng.gamma(2.0, 5.0, (PRODUCTS, 1)), (PRODUCTS, SCENARIOS))
    return Scenarios(np.sort(demand, axis=1)), Terms(price, cost, salvage, cost)


def scenario_program(demand: Scenarios, terms: Terms, capacity: float) -> highspy.HighsLp:
    """Return max sum of (p - s) E[w] - (c - s) q, with w <= demand, w <= q in each scenario, and one capacity."""
    n, count = demand.values.shape
    row, product = np.arange(n * count), np.repeat(np.arange(n), count)
    entries = (
        np.concatenate([np.ones(n * count), -np.ones(n * count), terms.uses]),
        (np.concatenate([row, row, np.full(n, n * count)]), np.concatenate([n + row, product, np.arange(n)])),
    )
    return _program(
        gain=np.concatenate([terms.salvage - terms.cost, np.repeat((terms.price - terms.salvage) / count, count)]),
        upper=np.concatenate([np.full(n, highspy.kHighsInf), demand.values.ravel()]),
        entries=coo_array(entries, shape=(n * count + 1, n + n * count)),
        sides=np.append(np.zeros(n * count), capacity),
    )


def piece_program(demand: Scenarios, terms: Terms, capacity: float) -> highspy.HighsLp:
    """Return the same as pieces between scenarios, each with its own gain a unit, under one row."""
    n, count = demand.values.shape
    chance = 1 - np.arange(count) / count
    gain = (terms.price - terms.salvage)[:, None] * chance - (terms.cost - terms.salvage)[:, None]
    width = np.diff(demand.values, axis=1, prepend=0)
    uses = np.repeat(terms.uses, count)
    entries = coo_array((uses, (np.zeros(n * count, int), np.arange(n * count))), shape=(1, n * count))
    return _program(gain=gain.ravel(), upper=width.ravel(), entries=entries, sides=np.array([capacity]))


def _program(
    *, gain: NDArray[np.float64], upper: NDArray[np.float64], entries: coo_array, sides: NDArray[np.float64]
) -> highspy.HighsLp:
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = entries.shape
    program.col_cost_, program.col_lower_, program.col_upper_ = gain, np.zeros(len(gain)), upper
    program.row_lower_, program.row_upper_ = np.full(len(sides), -highspy.kHighsInf), sides
    matrix = entries.tocsr()
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    program.sense_ = highspy.ObjSense.kMaximize
    return program


def solved(
    build: Callable[[Scenarios, Terms, float], highspy.HighsLp], demand: Scenarios, terms: Terms, capacity: float
) -> dict[str, float]:
    """Return objective, dual of the capacity, and seconds of building and of solving."""
    start = time.process_time()
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1)):
        solver.setOptionValue(option, value)
    solver.passModel(build(demand, terms, capacity))
    built = time.process_time()
    solver.run()
    ended = time.process_time()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    dual = float(solver.getSolution().row_dual[-1])
    return {"objective": solver.getObjectiveValue(), "dual": dual, "build_s": built - start, "solve_s": ended - built}


def ours(demand: Scenarios, terms: Terms, capacity: float) -> tuple[Shared, float]:
    """Return our answer and the seconds of one of five runs, the middle one."""
    seconds = []
    for _ in range(5):
        start = time.process_time()
        found = share(demand, terms, capacity)
        seconds.append(time.process_time() - start)
    return found, float(np.median(seconds))


def bound(demand: Scenarios, terms: Terms, capacity: float, price: float) -> float:
    """Return the most that could be earned if capacity were bought and sold at a price: never less than the optimum."""
    points = np.concatenate([np.zeros((PRODUCTS, 1)), demand.values], axis=1)
    sold = np.minimum(demand.values[:, None, :], points[:, :, None]).mean(axis=2)
    margin, left = (terms.price - terms.salvage)[:, None], (terms.cost - terms.salvage)[:, None]
    earned = margin * sold - left * points - price * terms.uses[:, None] * points
    return float(earned.max(axis=1).sum() + price * capacity)


def compare(name: str, demand: Scenarios, terms: Terms, capacity: float) -> dict[str, float]:
    """Return differences and seconds of one case, and print them."""
    mine, seconds = ours(demand, terms, capacity)
    whole, small = (solved(build, demand, terms, capacity) for build in (scenario_program, piece_program))
    row = {
        "objective_off": abs(mine.objective - whole["objective"]),
        "dual_off": abs(mine.price - whole["dual"]),
        "our_proof": abs(bound(demand, terms, capacity, mine.price) - mine.objective),
        "their_proof": abs(bound(demand, terms, capacity, whole["dual"]) - whole["objective"]),
        "used_off": abs(float(terms.uses @ mine.quantity) - capacity),
        "seconds": seconds,
        "solve_s": whole["solve_s"],
        "build_s": whole["build_s"],
        "pieces_s": small["solve_s"],
        "times": whole["solve_s"] / seconds,
        "times_built": (whole["build_s"] + whole["solve_s"]) / seconds,
        "times_pieces": small["solve_s"] / seconds,
    }
    print(
        f"{name:24}{mine.objective:>12.3f}{mine.price:>11.6f}{whole['dual']:>11.6f}"
        + "".join(f"{row[key]:>10.1e}" for key in ("objective_off", "dual_off", "our_proof", "their_proof"))
        + f"{1000 * seconds:>9.2f}{1000 * row['solve_s']:>9.0f}{1000 * row['build_s']:>8.0f}{row['times']:>8.0f}x"
        + f"{row['times_built']:>7.0f}x{1000 * row['pieces_s']:>8.1f}{row['times_pieces']:>7.1f}x",
        flush=True,
    )
    return row


def said(met: bool) -> str:  # noqa: FBT001  the claim itself
    """Return whether a bar was met, in words."""
    return "met" if met else "missed"


def main() -> None:
    """Print the table, and the figures as JSON on the last line."""
    print(
        f"{'':24}{'objective':>12}{'our dual':>11}{'HiGHS':>11}{'off by':>10}{'dual by':>10}{'our proof':>10}{'theirs':>10}",
        end="",
    )
    print(f"{'ours ms':>9}{'solve ms':>9}{'build':>8}{'faster':>9}{'built':>8}{'pieces':>8}{'':>8}")
    share(*case(0), 1.0)
    found = []
    for seed in SEEDS:
        demand, terms = case(seed)
        free = float(terms.uses @ share(demand, terms, np.inf).quantity)
        found += [compare(f"seed {seed}, budget {part:.0%}", demand, terms, part * free) for part in BUDGETS]
    demand, terms = case(SEEDS[0])
    charged = demand.at(terms.ratio(0.05))
    corner = float(terms.uses @ charged)
    edge = compare("seed 0, at a breakpoint", demand, terms, corner)
    ends = [share(demand, terms, corner * (1 + step)).price for step in (1e-9, -1e-9)]
    print(f"at the breakpoint any price from {ends[0]:.9f} to {ends[1]:.9f} is a dual")
    scale = max(row["objective_off"] for row in found)
    agree = scale <= SAME and max(row["dual_off"] for row in found) <= SAME
    proved = max(max(row["our_proof"], row["their_proof"]) for row in [*found, edge]) <= SAME
    times = min(row["times"] for row in found)
    print(f"bar: objective and dual as HiGHS's to {SAME}: {said(agree)}; all duals proved to {SAME}: {said(proved)}")
    print(f"bar: >= {BAR:.0f}x faster than HiGHS solves (building left out), at worst {times:.0f}x: {said(times >= BAR)}")
    figures = {
        "objective_off": scale,
        "dual_off": max(row["dual_off"] for row in found),
        "proofs_off": max(max(row["our_proof"], row["their_proof"]) for row in [*found, edge]),
        "times_faster_least": round(times, 1),
        "times_faster_middle": round(float(np.median([row["times"] for row in found])), 1),
        "times_faster_with_building": round(float(np.median([row["times_built"] for row in found])), 1),
        "times_faster_than_pieces": round(float(np.median([row["times_pieces"] for row in found])), 1),
        "milliseconds": round(1000 * float(np.median([row["seconds"] for row in found])), 3),
        "highs_seconds": round(float(np.median([row["solve_s"] for row in found])), 3),
    }
    print(last_line("bisection", figures, seed=SEEDS[0]))


if __name__ == "__main__":
    main()
