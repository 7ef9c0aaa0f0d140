"""The whole plan as one mixed-integer program, exact in its scenarios, for HiGHS: the peer and the referee of ``lotwise``.

Written from the formulation (capacity, set-up, order, component, material, supply), apart from the package's own rows.
Goods keep and demand waits. ``"curves"`` holds the expected cost of each product and week as its true piecewise-linear
function of cumulative supply, one piece a scenario; ``"scenarios"`` one stock and one backlog a scenario. Both are exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import highspy
import numpy as np
from scipy.sparse import coo_array, csr_array

if TYPE_CHECKING:
    import numpy.typing as npt

    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

    Array = npt.NDArray[np.float64]
    Numbers = npt.NDArray[np.int64]

INFINITY = float("inf")


@dataclass
class Program:
    """A program that is maximized, as it is being written.

    Parameters
    ----------
    columns, rows
        Numbers by block.
    """

    columns: dict[str, Numbers] = field(default_factory=dict)
    rows: dict[str, Numbers] = field(default_factory=dict)
    offset: float = 0.0
    _sides: list[Array] = field(default_factory=list)
    _bounds: list[Array] = field(default_factory=list)
    _entries: list[tuple[Any, ...]] = field(default_factory=list)
    _whole: list[Numbers] = field(default_factory=list)
    _sizes: list[int] = field(default_factory=lambda: [0, 0])

    def var(self, name: str, shape: tuple[int, ...], high: Any = INFINITY, gain: Any = 0.0, *, low: Any = 0.0) -> Numbers:  # noqa: ANN401
        """Return the numbers of new columns."""
        self.columns[name] = self._new(1, shape)
        self._bounds.append(
            np.stack([np.broadcast_to(np.asarray(part, dtype=float), shape).ravel() for part in (low, high, gain)])
        )
        return self.columns[name]

    def whole(self, name: str, shape: tuple[int, ...], high: Any, gain: Any = 0.0) -> Numbers:  # noqa: ANN401
        """Return the numbers of new columns that are whole."""
        self._whole.append(self.var(name, shape, high, gain))
        return self._whole[-1]

    def row(self, name: str, shape: tuple[int, ...], low: Any, high: Any) -> Numbers:  # noqa: ANN401
        """Return the numbers of new rows."""
        self.rows[name] = self._new(0, shape)
        self._sides.append(np.stack([np.broadcast_to(np.asarray(part, dtype=float), shape).ravel() for part in (low, high)]))
        return self.rows[name]

    def add(self, rows: Any, columns: Any, values: Any) -> None:  # noqa: ANN401
        """Add coefficients, broadcast."""
        self._entries.append(
            tuple(part.ravel() for part in np.broadcast_arrays(rows, columns, np.asarray(values, dtype=float)))
        )

    def spread(self, rows: Numbers, columns: Numbers, matrix: csr_array, sign: float = 1.0) -> None:
        """Add one sparse matrix for every week; rows and columns have one more axis, the weeks."""
        parts = coo_array(matrix)
        self.add(rows[parts.coords[0]], columns[parts.coords[1]], sign * parts.data[:, None])

    def take_gains(self) -> Array:
        """Return what each column gains, and let it gain nothing from now on."""
        gains = np.concatenate([bounds[2] for bounds in self._bounds])
        for bounds in self._bounds:
            bounds[2] = 0.0
        return gains

    def highs(self, *, whole: bool = True) -> Any:  # noqa: ANN401  the solver has no types
        """Return the program inside the solver, on one thread and silent."""
        program, low_high_gain, sides = (
            highspy.HighsLp(),
            np.concatenate(self._bounds, axis=1),
            np.concatenate(self._sides, axis=1),
        )
        rows, columns, values = (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
        matrix = coo_array((values, (rows, columns)), shape=tuple(self._sizes)).tocsc()
        program.num_row_, program.num_col_ = self._sizes
        program.col_lower_, program.col_upper_, program.col_cost_ = low_high_gain
        program.row_lower_, program.row_upper_ = sides
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = (
            matrix.indptr,
            matrix.indices,
            matrix.data,
        )
        program.sense_, program.offset_ = highspy.ObjSense.kMaximize, self.offset
        if whole and self._whole:
            kinds = np.full(self._sizes[1], highspy.HighsVarType.kContinuous, dtype=object)
            kinds[np.concatenate([numbers.ravel() for numbers in self._whole])] = highspy.HighsVarType.kInteger
            program.integrality_ = kinds.tolist()
        solver = highspy.Highs()
        for option, value in {"output_flag": False, "threads": 1, "random_seed": 0}.items():
            solver.setOptionValue(option, value)
        solver.passModel(program)
        return solver

    def _new(self, axis: int, shape: tuple[int, ...]) -> Numbers:
        numbers = self._sizes[axis] + np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
        self._sizes[axis] += numbers.size
        return numbers


def write(problem: Problem, network: Network, form: Literal["curves", "scenarios"] = "curves") -> Program:
    """Return the program of a plan; levels in the block ``level``, times on in ``times``."""
    items, activities, machines = network.items, network.activities, network.machines
    program, weeks = Program(), network.weeks
    level = program.var("level", activities.high.shape, activities.high, -activities.cost[:, None], low=activities.low)
    stock = _stock(program, network)
    supply = program.var("supply", problem.shape, gain=-problem.terms.cost[:, None])
    balance = program.row("balance", stock.shape, -items.arriving, -items.arriving)
    program.spread(balance, level, activities.takes, -1.0)
    gives = coo_array(activities.gives)
    for item, number, units in zip(*gives.coords, gives.data, strict=True):
        lead = int(activities.lead[number])
        program.add(balance[item, lead:], level[number, : max(weeks - lead, 0)], units)
    program.add(balance, stock, -1.0)
    program.add(balance[:, 1:], stock[:, :-1], 1.0)
    sold = items.product >= 0
    program.add(balance[sold], supply[items.product[sold]], -1.0)
    times = _switches(program, problem, network, level)
    overtime = program.var("overtime", machines.hours.shape, machines.overtime, -machines.overtime_cost[:, None])
    capacity = program.row("capacity", machines.hours.shape, -INFINITY, machines.hours)
    program.spread(capacity, level, activities.uses)
    program.spread(capacity, times, network.switches.hours)
    program.add(capacity, overtime, -1.0)
    (_pieces if form == "curves" else _scenarios)(program, problem, supply)
    return program


def solve(
    program: Program, *, seconds: float | None = None, whole: bool = True, gap: float = 0.0
) -> tuple[dict[str, Array], float, float]:
    """Return the values by block, the objective, and the bound; no values where none were found in time."""
    solver = program.highs(whole=whole)
    solver.setOptionValue("mip_rel_gap", gap)
    if seconds is not None:
        solver.setOptionValue("time_limit", float(seconds))
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return {}, -INFINITY, float(info.mip_dual_bound)
    found = np.asarray(solver.getSolution().col_value)
    objective = float(solver.getObjectiveValue())
    values = {name: found[numbers] for name, numbers in program.columns.items()}
    return values, objective, float(info.mip_dual_bound) if whole else objective


def most(problem: Problem, network: Network) -> Array:
    """Return the most of each level that can be of use (big M); ``(n_activities, n_weeks)``."""
    high = network.activities.high.copy()
    wanted = np.maximum(problem.demand.sum(axis=2).max(axis=0) - problem.opening, 0.0)
    gives = coo_array(network.activities.gives)
    sold = (network.items.product[gives.coords[0]] >= 0) & (gives.data == 1.0)
    item, number = gives.coords[0][sold], gives.coords[1][sold]
    high[number] = np.minimum(high[number], wanted[network.items.product[item], None])
    return np.asarray(high)


def _stock(program: Program, network: Network) -> Numbers:
    items, weeks = network.items, network.weeks
    keeps = np.where(items.keeps, INFINITY, 0.0)[:, None]
    gain = np.concatenate([np.repeat(-items.holding[:, None], weeks - 1, axis=1), -items.left[:, None]], axis=1)
    return program.var("stock", (len(items.names), weeks), keeps, gain)


def _switches(program: Program, problem: Problem, network: Network, level: Numbers) -> Numbers:
    switches, high = network.switches, most(problem, network)
    shape = switches.open.shape
    times = program.whole("times", shape, switches.open * switches.most[:, None], -switches.cost[:, None])
    least = program.row("least", shape, 0.0, INFINITY)
    program.spread(least, level, switches.weight)
    program.add(least, times, -switches.least[:, None])
    bounded = np.flatnonzero(np.isfinite(switches.largest))
    largest = program.row("largest", (len(bounded), shape[1]), -INFINITY, 0.0)
    program.spread(largest, level, switches.weight[bounded])
    program.add(largest, times[bounded], -switches.largest[bounded, None])
    member = coo_array(switches.weight)
    free = np.isinf(switches.largest[member.coords[0]])
    who, over = member.coords[1][free], member.coords[0][free]
    on = program.row("on", (len(who), shape[1]), -INFINITY, 0.0)
    program.add(on, level[who], 1.0)
    program.add(on, times[over], -high[who])
    stepped = np.flatnonzero(network.activities.multiple > 0)
    if len(stepped):
        step = network.activities.multiple[stepped, None]
        count = program.whole("count", (len(stepped), shape[1]), np.floor(network.activities.high[stepped] / step))
        multiple = program.row("multiple", count.shape, 0.0, 0.0)
        program.add(multiple, level[stepped], 1.0)
        program.add(multiple, count, -step)
    return times


def _pieces(program: Program, problem: Problem, supply: Numbers) -> None:
    """Add what cumulative supply earns, one piece between neighboring scenarios."""
    terms, (products, weeks) = problem.terms, problem.shape
    points = np.sort(np.cumsum(problem.demand, axis=2), axis=0).transpose(1, 2, 0)
    scenarios = points.shape[2]
    up, down = slopes(problem)
    share = np.arange(scenarios + 1) / scenarios
    width = np.concatenate([np.diff(points, axis=2, prepend=0.0), np.full((products, weeks, 1), INFINITY)], axis=2)
    piece = program.var("piece", width.shape, width, up[..., None] - share * (up - down)[..., None])
    total = program.row("cumulative", problem.shape, *(2 * [_first(problem)]))
    program.add(total[..., None], piece, 1.0)
    program.add(total[:, 1:, None], piece[:, :-1], -1.0)
    program.add(total, supply, -1.0)
    program.offset -= float((terms.delay[:, None] * points.mean(axis=2)[:, :-1]).sum())


def _scenarios(program: Program, problem: Problem, supply: Numbers) -> None:
    """Add stock and backlog of every scenario."""
    terms, demand = problem.terms, problem.demand
    up, down = slopes(problem)
    stock = program.var("scenario stock", demand.shape, gain=down / len(demand))
    late = program.var("backlog", demand.shape, gain=-up / len(demand))
    side = _first(problem) - demand
    rows = program.row("cumulative", demand.shape, side, side)
    for columns, sign in ((stock, 1.0), (late, -1.0)):
        program.add(rows, columns, sign)
        program.add(rows[..., 1:], columns[..., :-1], -sign)
    program.add(rows, supply, -1.0)
    program.offset += float((terms.price * demand.sum(axis=2)).sum() / len(demand))


def slopes(problem: Problem) -> tuple[Array, Array]:
    """Return what one unit of cumulative supply more earns where it is short, and over; ``(n_products, n_weeks)``."""
    terms, weeks = problem.terms, problem.shape[1]
    last = np.arange(weeks) == weeks - 1
    return np.where(last, terms.price[:, None], terms.delay[:, None]), np.where(
        last, terms.salvage[:, None], -terms.holding[:, None]
    )


def _first(problem: Problem) -> Array:
    first = np.zeros(problem.shape)
    first[:, 0] = problem.opening
    return first
