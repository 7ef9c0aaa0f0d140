"""The exact program of a plan that minds the worst outcomes: the referee of CVaR."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.quality._plan_program import INFINITY, Program, write

if TYPE_CHECKING:
    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem


def write_risk(problem: Problem, network: Network, risk: float, tail: float) -> Program:
    """Return the program of (1 - risk) mean profit + risk CVaR, the mean profit of the worst share ``tail`` of scenarios.

    References
    ----------
    Rockafellar and Uryasev (2000), Optimization of conditional value-at-risk, Journal of Risk 2(3).
    """
    program, scenarios = write(problem, network, "scenarios"), len(problem.demand)
    gains = program.take_gains()
    own = (
        np.stack([program.columns[name] for name in ("scenario stock", "backlog")]).transpose(1, 0, 2, 3).reshape(scenarios, -1)
    )
    common = np.setdiff1d(np.flatnonzero(gains), own)
    sold = -np.einsum("svt,v->s", problem.demand, problem.terms.price)
    program.offset = 0.0
    profit = program.var("profit", (scenarios,), gain=(1 - risk) / scenarios, low=-INFINITY)
    rows = program.row("profit", (scenarios,), sold, sold)
    program.add(rows[:, None], common, gains[common])
    program.add(rows[:, None], own, scenarios * gains[own])
    program.add(rows, profit, -1.0)
    level = program.var("value at risk", (1,), gain=risk, low=-INFINITY)
    below = program.var("below it", (scenarios,), gain=-risk / (tail * scenarios))
    worst = program.row("worst", (scenarios,), 0.0, INFINITY)
    program.add(worst, below, 1.0)
    program.add(worst, profit, 1.0)
    program.add(worst, level, -1.0)
    return program
