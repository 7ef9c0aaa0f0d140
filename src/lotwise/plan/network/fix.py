"""Finds what comes only whole: linear program, what is on fixed, small programs, linear program again.

The linear program lets set-ups and orders happen in part; no plan earns more, which is the bound. What it turns on by more
than a little is turned on, smallest lots and orders are decided a block at a time (``decide``) at its prices, and
with all of that fixed the linear program says how much. What then carries nothing is turned off, and prices and needs are
those of a real plan: the rounds repeat with them. A problem with few switches is solved as one mixed-integer
program from there.

References
----------
Maes, McClain and Van Wassenhove (1991), multilevel capacitated lotsizing: LP-based heuristics.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.curves import has_curve
from lotwise.plan.network.charges import charges_of
from lotwise.plan.network.decide import Around, Block, blocks, decide
from lotwise.plan.network.echelon import add_echelons
from lotwise.plan.network.fitting import made_to_fit
from lotwise.plan.network.most import most_levels
from lotwise.plan.network.rows import Bounds, add_network, late_cost
from lotwise.plan.network.sale import View, add_earnings
from lotwise.plan.solver import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Method, Solution

LARGE = 3_000
"""Rows above which the interior-point method is faster than the simplex method where there is no basis to start from."""
LITTLE = 0.02
"""Share of a set-up in the linear program above which it is made."""
ROUNDS = 3
"""Times lots are decided again at the prices of the plan so far; once in a large problem, where more earns next to nothing."""
FEW, SMALL = 80, 1_000
"""Whole-number columns, and columns, up to which the whole problem is solved as one program: beyond, it takes seconds and
finds nothing better."""
NODES = 4_000
"""Most nodes of its search, times the whole-number columns: a search with few of them is cheap."""
FAR, LEAST_NODES = 0.05, 60
"""Share of the bound beyond which a problem of some thousand rows is searched too, and the nodes that takes at least."""
TRIES, AT_FIRST, THINNED = 24, 4, 12_000
"""Linear programs solved to see whether fewer set-ups earn more, those after which none was found to, and rows up to which it
is tried."""
NOTHING = 1e-6


@dataclass(frozen=True)
class Solved:
    """A linear or mixed-integer program of a network, solved.

    Parameters
    ----------
    bounds
        Within which.
    solution
        What was found.
    slack
        How much its objective may fall short of the true optimum within these bounds.
    rows, columns
        Size of the program.
    """

    bounds: Bounds
    solution: Solution
    slack: float
    rows: int
    columns: int

    @property
    def is_relaxed(self) -> bool:
        """Whether some switch may be on in part."""
        return bool((self.bounds.off < self.bounds.on).any())


@dataclass(frozen=True)
class Search:
    """A problem over a network, and how its programs are made.

    Parameters
    ----------
    problem, network
        What is planned.
    breakpoints
        Pieces of each curve.
    view
        What is maximized, and how products without an exact curve stand in the program.
    """

    problem: Problem
    network: Network
    breakpoints: int
    view: View

    def costs(self, found: Solved) -> float:
        """Return what a plan costs beside what its supply earns: charges above standard, changes, late promises."""
        values, network = found.solution.values, self.network
        stock = np.zeros(network.items.arriving.shape)
        stock[network.items.keeps] = values["stock"]
        charges = charges_of(network, values["level"], values["times"], stock, values["overtime"])
        return float(sum(money.sum() for money in charges.values())) + late_cost(self.problem, values["missing"])

    def earned(self, supply: NDArray[np.float64]) -> float:
        """Return what a supply earns, settled, in the measure that is maximized; the network's costs are left out."""
        return self.view.earned(self.problem, supply)

    def seen(self, found: Solved) -> Search:
        """Return the search with a cut of the worst scenarios at a plan, where they count."""
        return replace(self, view=self.view.seen(self.problem, np.maximum(found.solution.values["supply"], 0.0)))

    def solve(self, bounds: Bounds, *, near: Solved | None = None, interior: bool = False) -> Solved:
        """Return the program's optimum within bounds, started from one of the same size where there is one."""
        model = Model()
        supply = add_network(model, self.problem, self.network, bounds)
        shown = add_earnings(model, supply, self.problem, self.breakpoints, self.view)
        far = near is None or near.rows != model.rows or (model.rows > LARGE and near.is_relaxed)
        basis = None if near is None or far else near.solution.basis
        fresh: Method = "large" if model.rows > LARGE else "presolved"
        method: Method = "interior" if interior else "simplex" if basis is not None else fresh
        solution = model.solve(method=method, basis=None if interior else basis)
        if shown is None or not solution.feasible:
            return Solved(bounds, solution, 0.0, model.rows, model.columns)
        slack = self.view.valued(shown, solution, self.problem).slack(solution)
        return Solved(bounds, solution, slack, model.rows, model.columns)

    def solve_strong(self, bounds: Bounds, near: Solved) -> Solved:
        """Return the program's optimum within bounds and inequalities that keep set-ups from happening in part.

        With one scenario there are no curves to take them through: what comes back is what is near.
        """
        model = Model()
        around = np.maximum(near.solution.values["supply"], 0.0)
        supply = add_network(model, self.problem, self.network, bounds)
        shown = add_earnings(model, supply, self.problem, self.breakpoints, self.view)
        if shown is None:
            return near
        chosen = np.flatnonzero(has_curve(self.problem))
        add_echelons(model, self.problem, self.network, shown=shown, chosen=chosen, around=around)
        solution = model.solve(method="interior")
        if not solution.feasible:
            return Solved(bounds, solution, 0.0, model.rows, model.columns)
        slack = self.view.valued(shown, solution, self.problem).slack_by_piece(solution)
        return Solved(bounds, solution, slack, model.rows, model.columns)

    def solve_whole(self, bounds: Bounds, start: Solved, *, nodes: int) -> Solved:
        """Return the mixed-integer program's best point, no worse than the start."""
        model = Model()
        supply = add_network(model, self.problem, self.network, replace(bounds, whole=True))
        shown = add_earnings(model, supply, self.problem, self.breakpoints, self.view)
        if shown is not None:
            chosen, around = np.flatnonzero(has_curve(self.problem)), np.maximum(start.solution.values["supply"], 0.0)
            add_echelons(model, self.problem, self.network, shown=shown, chosen=chosen, around=around)
        given = {name: start.solution.values[name] for name in ("level", "times")}
        solution = model.solve(given, gap=1e-7, nodes=nodes)
        return Solved(bounds, solution, 0.0, model.rows, model.columns)


def relaxed_bounds(problem: Problem, network: Network) -> Bounds:
    """Return the bounds of the linear program in which everything may happen in part."""
    switches, activities = network.switches, network.activities
    most, reach = most_levels(problem, network)
    low = np.maximum(activities.low, 0.0)
    largest = np.where(switches.largest > 0, switches.largest, np.inf)[:, None]
    needed = np.ceil((switches.weight @ low) / largest - NOTHING)
    off = np.where(switches.weight @ low > NOTHING, np.maximum(needed, 1.0), 0.0)
    on = np.maximum(switches.most[:, None] * switches.open.astype(float), off)
    return Bounds(low, most, reach, off, on)


def is_lumpy(network: Network) -> bool:
    """Return whether anything comes only whole."""
    return bool(len(network.switches.names) or (network.activities.multiple > 0).any())


def fix(search: Search, relaxed: Solved, *, bound: float) -> Solved:
    """Return the best plan found in which everything comes whole.

    Parameters
    ----------
    search
        What is planned.
    relaxed
        The linear program's optimum.
    bound
        What no plan exceeds, in the measure of the program's objective.
    """
    network = search.network
    best = around = relaxed
    apart = blocks(network, chosen=_kind(network, "lot", "order"))
    rounds = ROUNDS if relaxed.rows <= LARGE else 1
    for number in range(rounds):
        around = made_to_fit(search, relaxed.bounds, _decided(search, relaxed.bounds, around, apart), around)
        for _ in range(rounds):
            closed = _closed(network, around)
            if closed is None:
                break
            around = search.solve(closed, near=around)
        if number == 0 or around.solution.objective > best.solution.objective:
            best = around
        if not apart:
            break
    if best.rows <= THINNED:
        best = _thinned(search, relaxed.bounds, best)
    columns = (len(network.switches.names) + int((network.activities.multiple > 0).sum())) * network.weeks
    left = bound - best.solution.objective
    is_far = left > FAR * abs(bound) and best.rows <= LARGE
    if is_far or (left > 1e-7 * abs(bound) and columns <= FEW and best.columns <= SMALL):
        found = search.solve_whole(relaxed.bounds, best, nodes=max(NODES // max(columns, 1), LEAST_NODES))
        if found.solution.feasible and found.solution.objective > best.solution.objective:
            best = search.solve(_as_found(network, relaxed.bounds, found.solution.values), near=best)
    return best


def _thinned(search: Search, free: Bounds, best: Solved) -> Solved:
    """Return a plan with fewer set-ups where that earns more.

    Those that cost most for what they carry are turned off some at a time, never two weeks on end of one; what the linear
    program then loses is more than they cost, or it is the better plan. Fewer are tried where it is not.
    """
    network = search.network
    members = network.switches.weight.tocoo()
    tries, batch, failed = TRIES, 0, np.zeros(best.bounds.off.shape, dtype=bool)
    first = best
    while tries > (TRIES - AT_FIRST if best is first else 0):
        values, times = best.solution.values, np.rint(best.solution.values["times"])
        machine = np.maximum(best.solution.duals["machines"], 0.0)
        money = network.switches.cost[:, None] + np.maximum(network.switches.hours.T @ machine, 0.0)
        share = np.zeros(times.shape)
        full = np.maximum(free.reach[members.col], NOTHING)
        np.maximum.at(share, members.row, values["level"][members.col] / full)
        may = _kind(network, "setup")[:, None] & (times > free.off) & (money > NOTHING) & ~failed
        order = np.argsort(-np.where(may, money / np.maximum(share, NOTHING), -1.0), axis=None, kind="stable")[: may.sum()]
        batch = min(batch or max(len(order) // 6, 1), len(order))
        if not batch:
            break
        chosen = _apart_in_time(order, times.shape, batch)
        fewer = np.where(chosen, free.off, times)
        found = search.solve(replace(best.bounds, off=fewer, on=fewer), near=best)
        tries -= 1
        if found.solution.feasible and found.solution.objective > best.solution.objective:
            best = found
            continue
        if batch == 1:
            failed |= chosen
        batch = max(batch // 2, 1)
    return best


def _apart_in_time(order: NDArray[np.int64], shape: tuple[int, ...], most: int) -> NDArray[np.bool_]:
    """Return the first of an order of cells, no two of them neighbors in time."""
    chosen = np.zeros((shape[0], shape[1] + 2), dtype=bool)
    count = 0
    for cell in order:
        row, week = divmod(int(cell), shape[1])
        if not chosen[row, week : week + 3].any():
            chosen[row, week + 1] = True
            count += 1
        if count == most:
            break
    return chosen[:, 1:-1]


def _kind(network: Network, *kinds: str) -> NDArray[np.bool_]:
    return np.array([kind in kinds for kind in network.switches.kinds], dtype=bool)


def _decided(search: Search, free: Bounds, around: Solved, apart: list[Block]) -> Bounds:
    """Return bounds in which everything that comes whole is fixed: set-ups by the program's shares, lots by blocks."""
    network, values, duals = search.network, around.solution.values, around.solution.duals
    share = values["times"]
    times = np.where(_kind(network, "shift")[:, None], np.rint(share), np.ceil(share - LITTLE))
    times = np.clip(times, free.off, free.on)
    lots = _kind(network, "lot", "order")
    off, on = np.where(lots[:, None], free.off, times), np.where(lots[:, None], free.on, times)
    low, high = free.low.copy(), free.high.copy()
    prices = Around(
        machine=np.maximum(duals["machines"], 0.0),
        item=-duals["items"],
        level=values["level"],
        bounds=Bounds(low, high, free.reach, off.copy(), on.copy()),
    )
    likely = search.view.likely(search.problem, around.solution)
    for block in apart:
        found = decide(likely, network, block, prices, search.breakpoints, search.view)
        if found is None:
            continue
        off[block.switches] = on[block.switches] = np.rint(found.values["times"])
        step = network.activities.multiple[block.activities] > 0
        whole = _whole(found.values["level"][step], network.activities.multiple[block.activities[step]])
        low[block.activities[step]] = high[block.activities[step]] = whole
    return Bounds(low, high, free.reach, off, on)


def _whole(level: NDArray[np.float64], multiple: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.rint(level / multiple[:, None]) * multiple[:, None], dtype=float)


def _as_found(network: Network, free: Bounds, values: dict[str, NDArray[np.float64]]) -> Bounds:
    """Return bounds in which all that comes whole is as it was found."""
    times = np.rint(values["times"])
    step = network.activities.multiple > 0
    low, high = free.low.copy(), free.high.copy()
    whole = _whole(values["level"][step], network.activities.multiple[step])
    decided = free.low[step] >= free.high[step]
    low[step] = high[step] = np.where(decided, free.low[step], whole)
    return Bounds(low, high, free.reach, times, times)


def used_times(network: Network, level: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the times each switch is on, 0 where it carries nothing; ``(n_switches, n_weeks)``."""
    has_members = (np.diff(network.switches.weight.indptr) > 0)[:, None]
    return np.where(has_members & (network.switches.weight @ level <= NOTHING), 0.0, times)


def _closed(network: Network, found: Solved) -> Bounds | None:
    """Return bounds in which what carries nothing is off, or none where everything carries something."""
    times = np.rint(found.solution.values["times"])
    used = used_times(network, found.solution.values["level"], times)
    return None if np.array_equal(used, times) else replace(found.bounds, off=used, on=used)
