"""CP-SAT in a process of its own: reads one shop from standard input, writes schedules to standard output.

OR-Tools and highspy cannot be loaded into one process, and a crash of the solver must not end ours. ``exact`` runs it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.extras import need
from lotwise.schedule.exact.goal import set_goal
from lotwise.schedule.exact.model import Program, program
from lotwise.schedule.exact.parcel import read, shop_from, write
from lotwise.schedule.exact.ways import fixed_modes

if TYPE_CHECKING:
    from collections.abc import Mapping


def answer_of(p: Program, value: Any) -> dict[str, np.ndarray]:  # noqa: ANN401 - a function of CP-SAT's
    """Return modes and starts as CP-SAT has them."""
    mode, start = np.zeros(p.shop.size, dtype=np.int64), np.zeros(p.shop.size, dtype=np.int64)
    for o, of_fact in fixed_modes(p.shop).items():
        mode[o] = of_fact
    for o, ways in enumerate(p.ways):
        start[o] = p.start[o] if not ways else value(p.start[o])
        for way, literal in zip(ways, p.taken[o], strict=True):
            if value(literal):
                mode[o] = way.mode
    worked = np.array([bool(value(literal)) for literal in p.worked], dtype=bool)
    return {"mode": mode, "start": start, "worked": worked}


def set_limits(solver: Any, asked: Mapping[str, np.ndarray], *, ordered: bool) -> None:  # noqa: ANN401 - CP-SAT's solver
    """Set how long to look, and with how many workers.

    ``ordered``: there are circuits. Probing their literals before the search took 5 of 7 seconds of a shop with 90 operations.
    """
    parameters = solver.parameters
    if ordered:
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
    parameters.random_seed = int(asked["seed"])
    parameters.num_workers = int(asked["workers"])
    if asked["deadline"] > 0:
        parameters.max_time_in_seconds = max(0.05, float(asked["deadline"]) - time.time())
        return
    parameters.max_deterministic_time = float(asked["effort"])
    parameters.interleave_search = True


def solve(asked: Mapping[str, np.ndarray]) -> None:
    """Solve what was asked for; write every better schedule, then the last word."""
    cp = need("ortools.sat.python.cp_model", extra="schedule")
    shop, begin = shop_from(asked)
    p = program(shop, begin, asked["free"])
    scale, began, out = set_goal(p), time.time(), sys.stdout.buffer

    class Better(cp.CpSolverSolutionCallback):  # type: ignore[name-defined, misc]
        """Writes each better schedule as it is found."""

        count = 0

        def on_solution_callback(self) -> None:
            """Write the schedule CP-SAT has just found."""
            found = answer_of(p, self.value)
            self.count += 1
            spent = time.time() - began if asked["deadline"] > 0 else self.count
            write(out, {**found, "total": np.array(self.objective_value / scale + p.constant), "spent": np.array(spent)})

    solver = cp.CpSolver()
    set_limits(solver, asked, ordered=p.ordered)
    status = solver.solve(p.model, Better())
    feasible = status in {cp.OPTIMAL, cp.FEASIBLE}
    bound = solver.best_objective_bound / scale + p.constant if feasible else -np.inf
    write(out, {"bound": np.array(bound), "impossible": np.array(status == cp.INFEASIBLE)})


def _end_with_parent() -> None:
    """End this process when standard input closes: the one that asked is gone."""
    sys.stdin.buffer.read()
    os._exit(1)


def main() -> None:
    """Answer one question."""
    asked = read(sys.stdin.buffer)
    if asked is None:
        return
    threading.Thread(target=_end_with_parent, daemon=True).start()
    solve(asked)


if __name__ == "__main__":
    main()
