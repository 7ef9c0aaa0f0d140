"""Other planners of the same generated factories: HiGHS on the whole program, and CP-SAT."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.quality._plan_program import most, slopes, solve, write

if TYPE_CHECKING:
    import numpy.typing as npt

    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

    Array = npt.NDArray[np.float64]
    Answer = tuple[Array, Array, float] | None

FINE, FINER = 10, 20
"""Parts of a unit CP-SAT counts in: of what is made, of what is bought."""


def by_highs(problem: Problem, network: Network, seconds: float) -> Answer:
    """Return levels, times and bound of the mixed-integer program, or none where nothing was found in time."""
    values, _, bound = solve(write(problem, network), seconds=seconds)
    return (values["level"], np.rint(values["times"]), bound) if values else None


def by_cpsat(problem: Problem, network: Network, seconds: float) -> Answer:
    """Return levels, times and bound of CP-SAT in a process of its own, or none where nothing was found in time."""
    with tempfile.TemporaryDirectory() as folder:
        facts, answer = Path(folder) / "facts.npz", Path(folder) / "answer.npz"
        np.savez(facts, **_facts(problem, network))  # type: ignore[arg-type]  # allow_pickle is no array
        command = [sys.executable, "-m", "benchmarks.quality._plan_cpsat", str(facts), str(answer), str(seconds)]
        subprocess.run(command, check=True)
        with np.load(answer) as found:
            return (found["level"], found["times"], float(found["bound"])) if "level" in found else None


def has_cpsat() -> bool:
    """Return whether ortools is installed."""
    return importlib.util.find_spec("ortools") is not None


def _facts(problem: Problem, network: Network) -> dict[str, Array]:
    items, activities, machines, switches = network.items, network.activities, network.machines, network.switches
    terms, points = problem.terms, np.sort(np.cumsum(problem.demand, axis=2), axis=0).transpose(1, 2, 0)
    up, down = slopes(problem)
    last = np.arange(network.weeks) == network.weeks - 1
    return {
        "most": most(problem, network),
        "grain": np.array([FINER if kind == "buy" else FINE for kind in activities.kinds]),
        "unit": np.array([FINER if kind == "material" else FINE for kind in items.kinds]),
        "lead": activities.lead,
        "takes": activities.takes.toarray(),
        "gives": activities.gives.toarray(),
        "uses": activities.uses.toarray(),
        "hours": machines.hours,
        "overtime": machines.overtime,
        "overtime_cost": machines.overtime_cost,
        "weight": switches.weight.toarray(),
        "least": switches.least,
        "switch_hours": switches.hours.toarray(),
        "switch_cost": switches.cost,
        "open": (switches.open * switches.most[:, None]).astype(float),
        "product": items.product,
        "arriving": items.arriving,
        "carry": np.where(last, items.left[:, None], items.holding[:, None]),
        "points": points,
        "up": up,
        "down": down,
        "opening": problem.opening,
        "cost": terms.cost,
        "constant": np.array(-float((terms.delay[:, None] * points.mean(axis=2)[:, :-1]).sum())),
    }
