"""Do the prices of a plan foretell what things cost? Against exact re-solves.

Run it with: make bench ONLY=plan-prices (a minute). A generated factory, 100 products, 8 weeks, 50 scenarios. Set-ups and
orders stay as in the plan; everything else is solved anew, exactly (``_plan_program.py``), with two units of demand more of one
product in the first week, for 20 products: the loss against two times the published price of the product and its
standard cost (prices are above standard). What the two more customers pay is no part of it: served soon or late, it is
the same. Beside it an hour more of the 20 dearest machine-weeks, and a unit more of 20 components and materials at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.machine import last_line
from benchmarks.quality._plan_cases import SEED, case
from benchmarks.quality._plan_program import write
from lotwise.plan.network.made import make

if TYPE_CHECKING:
    import numpy.typing as npt

    from lotwise.plan.network.flow import Flow
    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

    Array = npt.NDArray[np.float64]

SIZE = (100, 8, 50)
ASKED, MORE, BAR = 20, 2.0, 2.0
"""Things asked about, units of demand, percent the total may be off."""


class Resolved:
    """The exact program of a plan whose switches stay, ready to be solved again with other sides."""

    def __init__(self, problem: Problem, network: Network, flow: Flow) -> None:
        self.program = write(problem, network)
        self.solver = self.program.highs(whole=False)
        columns = self.program.columns["times"].ravel().astype(np.int32)
        times = flow.times.ravel().astype(float)
        self.solver.changeColsBounds(len(columns), columns, times, times)
        self.before = self.money()

    def money(self) -> float:
        """Return the optimum."""
        self.solver.run()
        return float(self.solver.getObjectiveValue())

    def gain(self, block: str, place: tuple[int, ...], more: float) -> float:
        """Return what the optimum gains when both sides of a row rise."""
        row = int(self.program.rows[block][place])
        low, high = self.solver.getLp().row_lower_[row], self.solver.getLp().row_upper_[row]
        self.solver.changeRowBounds(row, low + more, high + more)
        gained = self.money() - self.before
        self.solver.changeRowBounds(row, low, high)
        return gained


def compare(told: Array, exact: Array) -> dict[str, float]:
    """Return both totals and how far the first is off, in percent; and the middle error of single ones."""
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.abs(told / exact - 1)
    return {
        "told": round(float(told.sum()), 2),
        "exact": round(float(exact.sum()), 2),
        "off_percent": round(100 * abs(float(told.sum() / exact.sum()) - 1), 3),
        "median_off_percent": round(100 * float(np.nanmedian(each)), 3),
    }


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    problem, network = case(*SIZE)
    flow = make(problem, network)[1]
    again, rng = Resolved(problem, network, flow), np.random.default_rng(SEED)
    item_of = {int(product): item for item, product in enumerate(network.items.product) if product >= 0}
    products = np.sort(rng.choice(SIZE[0], ASKED, replace=False))
    exact = np.array([-again.gain("cumulative", (product, 0), -MORE) for product in products])
    above = np.array([flow.item_price[item_of[int(product)], 0] for product in products])
    told = MORE * (above + problem.terms.cost[products])
    figures: dict[str, object] = {"demand": compare(told, exact)}
    dearest = np.argsort(-flow.machine_price, axis=None)[:ASKED]
    hours = [tuple(int(n) for n in np.unravel_index(place, flow.machine_price.shape)) for place in dearest]
    figures["hours"] = compare(
        np.array([flow.machine_price[place] for place in hours]),
        np.array([again.gain("capacity", place, 1.0) for place in hours]),
    )
    kept = rng.choice(np.flatnonzero(network.items.keeps), ASKED, replace=False)
    figures["items"] = compare(
        flow.item_price[kept, 0], np.array([again.gain("balance", (int(item), 0), -1.0) for item in kept])
    )
    print(f"{'':12} {'told':>12} {'exact':>12} {'off %':>8} {'median off %':>13}")
    for name in ("demand", "hours", "items"):
        found = figures[name]
        assert isinstance(found, dict)
        money = f"{found['told']:12,.2f} {found['exact']:12,.2f}"
        print(f"{name:12} {money} {found['off_percent']:8.2f} {found['median_off_percent']:13.2f}")
    assert isinstance(figures["demand"], dict)
    off = figures["demand"]["off_percent"]
    figures |= {"off_percent": off, "met": off <= BAR}
    print(f"demand: off by {off} %, bar {BAR} %: {'met' if off <= BAR else 'missed'}")
    print(last_line("plan-prices", figures, seed=SEED))


if __name__ == "__main__":
    main()
