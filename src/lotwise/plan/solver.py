"""A linear or mixed-integer program written in named blocks, solved by HiGHS. The only file that knows the solver.

A block is an array: ``var`` gives the column numbers of a whole array of variables, ``row`` the row
numbers of a whole array of constraints, and ``add`` puts coefficients where the two broadcast. Values
and duals come back by the block's name, in the block's shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
from scipy.sparse import coo_array

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

INFINITY = float("inf")
GAP = 1e-6
"""Share of the objective by which a mixed-integer solution may fall short of its bound, unless said otherwise."""
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
    """

    feasible: bool
    objective: float
    bound: float
    values: dict[str, NDArray[np.float64]]
    duals: dict[str, NDArray[np.float64]]


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

    def add(self, rows: ArrayLike, columns: ArrayLike, values: ArrayLike) -> None:
        """Add coefficients where rows, columns and values broadcast; the same place twice adds up."""
        spread = np.broadcast_arrays(np.asarray(rows), np.asarray(columns), np.asarray(values, dtype=float))
        self._entries.append(tuple(array.ravel() for array in spread))

    def solve(self, start: Mapping[str, NDArray[np.float64]] | None = None, *, gap: float = GAP) -> Solution:
        """Return the optimum, or that there is none because no point is feasible.

        Parameters
        ----------
        start
            Values of some blocks that a feasible point of a mixed-integer program has; the solution is no worse.
        gap
            Share of the objective by which a mixed-integer solution may fall short of its bound.

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
        options: dict[str, bool | int | float | str]
        options = {"output_flag": False, "threads": 1, "random_seed": 0, "presolve": "off"}
        if self._whole:
            options |= {"presolve": "choose", "mip_rel_gap": gap, "mip_max_nodes": NODES}
        for option, value in options.items():
            highs.setOptionValue(option, value)
        highs.passModel(self._program())
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
        if status not in enough:
            message = f"The linear program ended as '{highs.modelStatusToString(status)}', expected an optimum"
            raise RuntimeError(message)
        found = highs.getSolution()
        values = np.asarray(found.col_value)
        duals = np.asarray(found.row_dual) if len(found.row_dual) else np.zeros(self.rows)
        objective = float(highs.getObjectiveValue())
        return Solution(
            feasible=True,
            objective=objective,
            bound=max(float(info.mip_dual_bound), objective) if self._whole else objective,
            values={name: values[numbers] for name, numbers in self._vars.items()},
            duals={name: duals[numbers] for name, numbers in self._rows.items()},
        )

    def _program(self) -> Any:  # noqa: ANN401  the solver has no types
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = self.columns, self.rows
        program.col_lower_, program.col_upper_, program.col_cost_ = _joined(self._bounds, 3)
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
        program.sense_, program.offset_ = highspy.ObjSense.kMaximize, self._constant
        return program


def _joined(blocks: list[tuple[NDArray[Any], ...]], parts: int) -> list[NDArray[Any]]:
    """Return each part of all blocks in one array."""
    return [np.concatenate([np.zeros(0), *(block[part] for block in blocks)]) for part in range(parts)]


def _spread(values: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return np.broadcast_to(np.asarray(values, dtype=float), shape).ravel()
