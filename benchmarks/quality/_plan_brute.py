"""Small factories and their best plans by trying everything: all settings of switches, or all whole lots."""

from __future__ import annotations

from dataclasses import replace
from itertools import product as combinations
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import csr_array
from scipy.special import ndtri

from benchmarks.quality._plan_cases import MONDAY, case
from benchmarks.quality._plan_program import write
from lotwise.plan.network.network import Activities, Items, Machines, Network, Switches
from lotwise.plan.problem import Problem, Terms, no_resources

if TYPE_CHECKING:
    import numpy.typing as npt

SETTINGS = 2**11
"""Most settings of switches that are tried."""
EDGE = 1e-9


def small(seed: int, *, products: int = 4, weeks: int = 3, scenarios: int = 10, switches: int = 3) -> tuple[Problem, Network]:
    """Return a factory in which what is a switch is drawn: a few of its set-ups and orders, dear enough to matter."""
    problem, network = case(products, weeks, scenarios, seed=seed, lumpy=10.0)
    rng = np.random.default_rng([seed, 2])
    rows = np.sort(rng.choice(len(network.switches.names), switches, replace=False))
    return problem, replace(network, switches=some_switches(network, rows))


def whole_lots(seed: int, *, products: int = 2, weeks: int = 3, scenarios: int = 10, lots: int = 3) -> tuple[Problem, Network]:
    """Return a factory without switches whose products come in whole lots, fewer than ``lots`` of each a week."""
    problem, network = case(products, weeks, scenarios, seed=seed)
    mean = problem.demand.mean(axis=(0, 2))
    multiple = np.maximum(np.round(0.7 * mean), 1.0)
    steps = np.where(np.arange(len(network.activities.names)) < products, 0.0, network.activities.multiple)
    steps[:products] = multiple
    high = network.activities.high.copy()
    high[:products] = (lots - 1) * multiple[:, None]
    activities = replace(network.activities, multiple=steps, high=high)
    return problem, replace(network, activities=activities, switches=some_switches(network, np.zeros(0, dtype=int)))


def newsvendor(scenarios: int) -> tuple[Problem, Network]:
    """Return one product made for one week; demand N(120, 10) in equal shares, 2 a unit over, 18 a unit short."""
    share = (np.arange(scenarios) + 0.5) / scenarios
    one, none = np.ones(1), np.zeros(1)
    items = Items(
        ("p",),
        ("all",),
        ("product",),
        ("pieces",),
        np.zeros(1, dtype=np.int64),
        np.zeros(1, dtype=bool),
        np.zeros((1, 1)),
        *(5 * (none,)),
    )
    unit, empty = csr_array(np.ones((1, 1))), csr_array((1, 1))
    high = np.full((1, 1), 1000.0)
    activities = Activities(
        ("make",),
        ("make",),
        empty,
        unit,
        csr_array((0, 1)),
        np.zeros(1, dtype=np.int64),
        none,
        0 * high,
        high,
        none,
        0 * high + np.nan,
        none,
    )
    machines = Machines((), (), np.zeros((0, 1)), np.zeros((0, 1)), np.zeros(0))
    whole = np.zeros(0, dtype=np.int64)
    switches = Switches(
        (), (), csr_array((0, 1)), np.zeros(0), np.zeros(0), whole, csr_array((0, 0)), np.zeros(0), np.zeros((0, 1), dtype=bool)
    )
    terms = Terms(28 * one, 10 * one, 8 * one, none, none, np.full(1, 99), np.ones(1, dtype=bool))
    demand = (120 + 10 * ndtri(share))[:, None, None]
    problem = Problem(("p",), (MONDAY,), demand, terms, no_resources(1, 1), none)
    return problem, Network(items, activities, machines, switches)


def best_switches(problem: Problem, network: Network) -> float:
    """Return the most that can be earned: a linear program for every setting of the switches."""
    program = write(problem, network)
    solver = program.highs(whole=False)
    free = np.flatnonzero((network.switches.open & _can_be_on(network)).ravel())
    if 2 ** len(free) > SETTINGS:
        message = f"{len(free)} switches and weeks are too many to try all settings"
        raise ValueError(message)
    columns = program.columns["times"].ravel().astype(np.int32)
    setting, best = np.zeros(len(columns)), -np.inf
    for number in range(2 ** len(free)):
        gray = number ^ (number >> 1)
        setting[free] = (gray >> np.arange(len(free))) & 1
        solver.changeColsBounds(len(columns), columns, setting, setting)
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            best = max(best, float(solver.getObjectiveValue()))
    return best


def best_lots(problem: Problem, network: Network) -> float:
    """Return the most that can be earned with whole lots of products: a linear program for every number of lots."""
    program = write(problem, network)
    solver = program.highs(whole=False)
    products = problem.shape[0]
    columns = program.columns["count"].ravel().astype(np.int32)
    most = np.rint(network.activities.high[:products] / network.activities.multiple[:products, None]).astype(int)
    best = -np.inf
    for counts in combinations(*(range(number + 1) for number in most.ravel().tolist())):
        setting = np.array(counts, dtype=float)
        solver.changeColsBounds(len(columns), columns, setting, setting)
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            best = max(best, float(solver.getObjectiveValue()))
    return best


def _can_be_on(network: Network) -> npt.NDArray[np.bool_]:
    reach = network.switches.weight @ network.activities.high
    return np.asarray(reach >= np.maximum(network.switches.least[:, None], EDGE))


def some_switches(network: Network, rows: npt.NDArray[np.int64]) -> Switches:
    """Return some of the switches of a network."""
    switches = network.switches
    return replace(
        switches,
        names=tuple(switches.names[row] for row in rows),
        kinds=tuple(switches.kinds[row] for row in rows),
        **{name: getattr(switches, name)[rows] for name in ("weight", "least", "largest", "most", "cost", "open")},
        hours=switches.hours[:, rows],
    )
