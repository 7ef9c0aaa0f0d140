"""A linear or mixed-integer program written in named blocks, solved by HiGHS. The only file that knows the solver.

A block is an array: ``var`` gives the column numbers of a whole array of variables, ``row`` the row
numbers of a whole array of constraints, and ``add`` puts coefficients where the two broadcast. Values
and duals come back by the block's name, in the block's shape.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import highspy
import numpy as np
from scipy.sparse import coo_array

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

INFINITY = float("inf")
GAP = 1e-6
"""Share of the objective by which a mixed-integer solution may fall short of its bound, unless said otherwise."""
Options = dict[str, bool | int | float | str]
METHODS: dict[str, Options] = {
    "simplex": {},
    "presolved": {"presolve": "choose"},
    "large": {"presolve": "choose", "solver": "ipm", "run_crossover": "on"},
    "interior": {"presolve": "choose", "solver": "ipm", "run_crossover": "off"},
    "middle": {"presolve": "off", "solver": "ipm", "run_crossover": "off"},
}
CLOSE = 1e-3
"""How far an interior point may lie outside a row, in its units."""
Method = Literal["simplex", "presolved", "large", "interior", "middle"]
NODES = 300
"""Most nodes of a mixed-integer search: a limit in seconds would make results differ between machines."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solve found.

    Parameters
    ----------
    feasible
        Whether any point keeps every row; when not, values and duals mean nothing.
    objective
        Value of the objective.
    bound
        What no point can exceed: the objective of a linear program, the dual bound of a mixed-integer one.
    values
        Array of values by variable block.
    duals
        Array by row block: what the objective gains when the row's bounds rise by one. Zeros with integer
        columns: only a linear program has duals.
    reduced
        Array by variable block: what the objective gains when the variable rises by one and all rows give way. Zeros with
        integer columns.
    basis
        Where the simplex method ended, to start from in a program of the same rows and columns; opaque, absent where it
        was not used.
    ranges
        Array by row block, ``(2, ...)``: least and most value of the row's bounds for which its dual holds, the others as they
        are; of a row with two bounds, of the one it lies at. Empty unless asked for.
    """

    feasible: bool
    objective: float
    bound: float
    values: dict[str, NDArray[np.float64]]
    duals: dict[str, NDArray[np.float64]]
    reduced: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    basis: Any = None
    ranges: dict[str, NDArray[np.float64]] = field(default_factory=dict)


class Model:
    """A linear program that is maximized; some of its columns may have to be whole numbers.

    Parameters
    ----------
    constant
        Added to the objective.
    """

    def __init__(self, *, constant: float = 0.0) -> None:
        self.columns = 0
        self.rows = 0
        self._constant = constant
        self._vars: dict[str, NDArray[np.int64]] = {}
        self._rows: dict[str, NDArray[np.int64]] = {}
        self._bounds: list[tuple[NDArray[np.float64], ...]] = []
        self._sides: list[tuple[NDArray[np.float64], ...]] = []
        self._entries: list[tuple[NDArray[Any], ...]] = []
        self._whole: list[NDArray[np.int64]] = []

    def var(
        self,
        name: str,
        shape: tuple[int, ...],
        low: ArrayLike = 0.0,
        high: ArrayLike = INFINITY,
        gain: ArrayLike = 0.0,
        *,
        integer: bool = False,
    ) -> NDArray[np.int64]:
        """Return the column numbers of a block of variables; ``gain`` is what one unit adds to the objective."""
        numbers = self.columns + np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
        self.columns += numbers.size
        self._vars[name] = numbers
        if integer and numbers.size:
            self._whole.append(numbers.ravel())
        self._bounds.append(tuple(_spread(values, shape) for values in (low, high, gain)))
        return numbers

    def row(
        self, name: str, shape: tuple[int, ...], low: ArrayLike = -INFINITY, high: ArrayLike = INFINITY
    ) -> NDArray[np.int64]:
        """Return the row numbers of a block of constraints ``low <= row <= high``."""
        numbers = self.rows + np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
        self.rows += numbers.size
        self._rows[name] = numbers
        self._sides.append(tuple(_spread(values, shape) for values in (low, high)))
        return numbers

    def columns_of(self, name: str) -> NDArray[np.int64]:
        """Return the column numbers of a block of variables."""
        return self._vars[name]

    def sides(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the least and the most of each constraint of a block."""
        place = list(self._rows).index(name)
        low, high = (side.reshape(self._rows[name].shape) for side in self._sides[place])
        return low, high

    def add(self, rows: ArrayLike, columns: ArrayLike, values: ArrayLike) -> None:
        """Add coefficients where rows, columns and values broadcast; the same place twice adds up."""
        spread = np.broadcast_arrays(np.asarray(rows), np.asarray(columns), np.asarray(values, dtype=float))
        self._entries.append(tuple(array.ravel() for array in spread))

    def solve(
        self,
        start: Mapping[str, NDArray[np.float64]] | None = None,
        *,
        gap: float = GAP,
        nodes: int = NODES,
        method: Method = "simplex",
        basis: Any = None,  # noqa: ANN401  the solver has no types
        ranging: bool = False,
    ) -> Solution:
        """Return the optimum, or that there is none because no point is feasible.

        Parameters
        ----------
        start
            Values of some blocks that a feasible point of a mixed-integer program has; the solution is no worse.
        gap
            Share of the objective by which a mixed-integer solution may fall short of its bound.
        nodes
            Most nodes of a mixed-integer search.
        method
            Of a linear program: ``"simplex"``; ``"presolved"``, the same after presolving; ``"large"``, an interior point moved
            to a corner, faster from some thousand rows on; or ``"interior"``, which stays inside the optimal points
            and prices, true to about ``CLOSE``; or ``"middle"``, the same without presolving, which moves to a side.
        basis
            Of a solution of a program with the same rows and columns, to start the simplex method from.
        ranging
            Whether to say how far the rows' bounds may move while the duals hold; of a linear program that ends in a corner.

        Notes
        -----
        A mixed-integer search ends within ``gap`` of its bound or after ``NODES`` nodes; then the bound says
        how far the solution may be from the optimum.

        Raises
        ------
        RuntimeError
            The program is unbounded or the solver failed, which a plan's program cannot be.
        """
        highs = highspy.Highs()
        options: Options
        options = {"output_flag": False, "threads": 1, "random_seed": 0, "presolve": "off"}
        if self._whole:
            options |= {"presolve": "choose", "mip_rel_gap": gap, "mip_max_nodes": nodes}
        else:
            options |= METHODS[method]
        for option, value in options.items():
            highs.setOptionValue(option, value)
        is_interior = method in {"interior", "middle"} and not self._whole
        sign = -1.0 if is_interior else 1.0  # without crossover it gives the duals of a maximum the wrong sign
        highs.passModel(self._program(sign))
        if basis is not None:
            highs.setBasis(basis)
        if self._whole and start:
            numbers = np.concatenate([self._vars[name].ravel() for name in start]).astype(np.int32)
            highs.setSolution(numbers.size, numbers, np.concatenate([np.ravel(values) for values in start.values()]))
        highs.run()
        status, info = highs.getModelStatus(), highs.getInfo()
        if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            return Solution(feasible=False, objective=-INFINITY, bound=-INFINITY, values={}, duals={})
        enough = {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty}
        if self._whole and info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            enough.add(highspy.HighsModelStatus.kSolutionLimit)
        if is_interior and info.max_primal_infeasibility <= CLOSE:
            enough.add(highspy.HighsModelStatus.kUnknown)  # without crossover it does not call a point optimal
        if status not in enough:
            message = f"The linear program ended as '{highs.modelStatusToString(status)}', expected an optimum"
            raise RuntimeError(message)
        found = highs.getSolution()
        values = np.asarray(found.col_value)
        duals = sign * np.asarray(found.row_dual) if len(found.row_dual) else np.zeros(self.rows)
        reduced = sign * np.asarray(found.col_dual) if len(found.col_dual) else np.zeros(self.columns)
        objective = sign * float(highs.getObjectiveValue())
        return Solution(
            feasible=True,
            objective=objective,
            bound=max(float(info.mip_dual_bound), objective) if self._whole else objective,
            values={name: values[numbers] for name, numbers in self._vars.items()},
            duals={name: duals[numbers] for name, numbers in self._rows.items()},
            reduced={name: reduced[numbers] for name, numbers in self._vars.items()},
            basis=None if self._whole or is_interior else highs.getBasis(),
            ranges=self._ranges(highs) if ranging and not self._whole and not is_interior else {},
        )

    def _ranges(self, highs: Any) -> dict[str, NDArray[np.float64]]:  # noqa: ANN401  the solver has no types
        """Return how far the bounds of each row may move; ``(2, ...)`` by block.

        The solver says so of rows that lie at a bound. Any other has the dual 0 until its bounds reach it.
        """
        _, found = highs.getRanging()
        status = highs.getBasis().row_status
        inside = np.array([one == highspy.HighsBasisStatus.kBasic for one in status], dtype=bool)
        at = np.asarray(highs.getSolution().row_value)
        low, high = _joined(self._sides, 2)
        least, most = (np.asarray(side.value_, dtype=float) for side in (found.row_bound_dn, found.row_bound_up))
        least = np.where(inside, np.where(np.isfinite(high), at, -INFINITY), least)
        most = np.where(inside, np.where(np.isfinite(low), at, INFINITY), most)
        return {name: np.stack([least[numbers], most[numbers]]) for name, numbers in self._rows.items()}

    def _program(self, sign: float = 1.0) -> Any:  # noqa: ANN401  the solver has no types
        """Return the program as the solver takes it, with sign -1 as that of the smallest loss."""
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = self.columns, self.rows
        program.col_lower_, program.col_upper_, cost = _joined(self._bounds, 3)
        program.col_cost_ = sign * cost
        program.row_lower_, program.row_upper_ = _joined(self._sides, 2)
        rows, columns, values = _joined(self._entries, 3)
        matrix = coo_array((values, (rows.astype(np.int64), columns.astype(np.int64))), shape=(self.rows, self.columns)).tocsr()
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = (
            matrix.indptr,
            matrix.indices,
            matrix.data,
        )
        if self._whole:
            kinds = np.full(self.columns, highspy.HighsVarType.kContinuous, dtype=object)
            kinds[np.concatenate(self._whole)] = highspy.HighsVarType.kInteger
            program.integrality_ = kinds.tolist()
        program.sense_ = highspy.ObjSense.kMaximize if sign > 0 else highspy.ObjSense.kMinimize
        program.offset_ = sign * self._constant
        return program


def _joined(blocks: list[tuple[NDArray[Any], ...]], parts: int) -> list[NDArray[Any]]:
    """Return each part of all blocks in one array."""
    return [np.concatenate([np.zeros(0), *(block[part] for block in blocks)]) for part in range(parts)]


def _spread(values: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return np.broadcast_to(np.asarray(values, dtype=float), shape).ravel()
