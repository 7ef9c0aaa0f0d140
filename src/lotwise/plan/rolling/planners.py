"""Planners that make a whole plan every week and carry out its first week, and what such a planner may be told of demand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.made import Options, make
from lotwise.plan.rolling.environment import Decision

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from lotwise.plan.network.network import Network
    from lotwise.plan.rolling.environment import Environment, State
    from lotwise.plan.rolling.simulate import Planner

    Told = Callable[[State], NDArray[np.float64]]
    """What a planner believes of the coming weeks: ``(n_scenarios, n_products, n_weeks)``."""


def scenarios(state: State) -> NDArray[np.float64]:
    """Return all scenarios."""
    return state.scenarios


def mean(state: State) -> NDArray[np.float64]:
    """Return the mean forecast, as the only scenario."""
    return np.asarray(state.scenarios.mean(axis=0, keepdims=True))


def quantile(share: float) -> Told:
    """Return the path whose demand up to each week is a quantile of what may be asked up to it: a forecast with safety stock.

    Parameters
    ----------
    share
        Of the scenarios that ask for no more; between 0 and 1.
    """

    def told(state: State) -> NDArray[np.float64]:
        total = np.quantile(np.cumsum(state.scenarios, axis=2), share, axis=0)
        return np.diff(total, axis=1, prepend=0.0)[None]

    return told


def revised(weeks: int = 1) -> Told:
    """Return scenarios as one sees them who will plan again: of demand up to each week only that of its last weeks is open.

    A supply can be changed until its lead time before it is for sale, and what is asked for until then will be known: of the
    demand up to a week only that of the last ``weeks`` + 1 weeks is left to protect against. Scenarios as they are make a
    plan that is never looked at again, which protects its later weeks more than a planner needs who comes back every week.

    Parameters
    ----------
    weeks
        Weeks from starting what is sold to having it, at least 0. Default 1.

    References
    ----------
    Veinott (1965), Optimal policy for a multi-product, dynamic, nonstationary inventory problem, Management Science 12(3):
    protection over lead time and review alone is optimal under the conditions given there.
    """

    def told(state: State) -> NDArray[np.float64]:
        expected = state.scenarios.mean(axis=0)
        open_still = state.scenarios - expected
        open_still[:, :, weeks + 1 :] -= (state.scenarios - expected)[:, :, : -weeks - 1]
        total = np.maximum.accumulate(np.cumsum(expected + open_still, axis=2), axis=2)  # nobody asks for less than nothing
        return np.maximum(np.diff(total, axis=2, prepend=0.0), 0.0)

    return told


def perfect(environment: Environment) -> Told:
    """Return what will come, of one environment: no planner can know it, and it shows what knowing is worth."""

    def told(state: State) -> NDArray[np.float64]:
        return environment.demand[None, :, state.week : state.week + len(state.mondays)]

    return told


def planned(
    told: Told = scenarios, *, change_cost: ArrayLike = 0.0, frozen_weeks: int = 0, options: Options | None = None
) -> Planner:
    """Return a planner that makes the best plan for what it is told (``plan.network.made.make``) every week.

    Parameters
    ----------
    told
        ``scenarios``, ``revised(weeks)``, ``mean``, ``quantile(share)``, ``perfect(environment)``, any function of the state.
    change_cost
        Money for one unit of level more or less than in the plan before; one number or ``(n_activities,)``. It steadies
        plans and is no cost to anybody. Default 0: every plan is made anew.
    frozen_weeks
        First weeks in which the plan before is kept.
    options
        As ``make`` takes them.
    """

    def planner(state: State) -> Decision:
        network = _steadied(state, np.asarray(change_cost, dtype=np.float64), frozen_weeks)
        _, flow = make(state.problem(told(state)), network, options or Options(prices=False))
        return Decision(level=flow.level, times=flow.times[:, 0])

    return planner


def _steadied(state: State, change_cost: NDArray[np.float64], frozen_weeks: int) -> Network:
    """Return the state's network with a price on changes, and its first weeks as they were planned."""
    activities = state.network.activities
    before = activities.before
    decided = np.isfinite(before) & (np.arange(before.shape[1]) < frozen_weeks)
    return replace(
        state.network,
        activities=replace(
            activities,
            change_cost=np.broadcast_to(change_cost, len(activities.names)).copy(),
            low=np.where(decided, before, activities.low),
            high=np.where(decided, before, activities.high),
        ),
    )
