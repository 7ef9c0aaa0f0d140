"""The whole numbers that a search works in: as coarse as hold a problem, for penalties are made for such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.deliver.problem import LATEST, METERS, TICKS

if TYPE_CHECKING:
    from lotwise.deliver.problem import Problem, Reals

COST_ERROR = 1e-4
"""Relative error of a cost by meter or tick that is not noticed."""
FINEST = 20_000
"""Scales of money that are tried."""
MONEY_DIGITS = 4
"""Most decimals added for fixed costs and prizes."""
NEVER = int(np.iinfo(np.int64).max)
"""PyVRP's time without a limit."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole numbers in which a problem is solved, as coarse as they can be: PyVRP's penalties are made for such.

    Parameters
    ----------
    meters, ticks
        Meters and ticks in one unit of distance and of time.
    money
        Units of money in one of the user's.
    """

    meters: int
    ticks: int
    money: int

    def time(self, tick: int) -> int:
        """Return a tick in units of time; one that never comes as PyVRP's own."""
        return NEVER if tick >= LATEST else int(tick) // self.ticks


def scale(problem: Problem, prize: Reals) -> Scale:
    """Return the coarsest units that hold all distances and times, and money to within a ten-thousandth."""
    depots, stops, fleet = problem.depots, problem.stops, problem.fleet
    times = (depots.opens, depots.closes, depots.loading, stops.opens, stops.closes, stops.service, stops.release)
    ticks = int(np.gcd.reduce(np.concatenate([*times, fleet.starts, fleet.ends, problem.ticks.ravel()]))) or 1
    meters = int(np.gcd.reduce(problem.meters.ravel())) or 1
    unit = np.concatenate([fleet.kilometer_cost * meters / METERS, fleet.hour_cost * ticks / (60 * TICKS)])
    money = 1
    if (unit > 0).any():
        tried = np.arange(1, FINEST + 1) * max(round(1 / unit.max()), 1)
        error = _error(tried[:, None] * unit[unit > 0]).max(axis=1)
        good = np.flatnonzero(error <= COST_ERROR)
        money = int(tried[good[0] if len(good) else error.argmin()])
    whole = np.concatenate([fleet.fixed, np.nan_to_num(prize)])
    for _ in range(MONEY_DIGITS):
        if (_error(whole[whole > 0] * money) <= COST_ERROR).all():
            break
        money *= 10
    return Scale(meters, ticks, money)


def _error(values: Reals) -> Reals:
    """Return what rounding to whole numbers changes, as a share."""
    found: Reals = np.abs(np.rint(values) / values - 1)
    return found
