"""A factory that is planned week by week: what it can do, what is asked of it, and what a planner may see of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

import numpy as np

from lotwise.errors import InputError
from lotwise.plan.problem import Problem, Terms, no_resources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network


class Forecaster(Protocol):
    """Whatever draws the demand of the coming weeks."""

    def __call__(self, past: NDArray[np.float64], weeks: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return ``(n_scenarios, n_products, weeks)`` units, given those of all weeks before, ``(n_products, n_past)``."""
        ...


@dataclass(frozen=True, slots=True)
class Environment:
    """A factory, the demand that will come, and how it is forecast. One environment, many planners.

    Parameters
    ----------
    products
        Codes.
    first
        Monday of the first week.
    terms
        What a unit earns and costs. Salvage is what a unit left over is worth after the last week, of the simulation and of
        every planner's window: where the factory goes on, about its cost.
    network
        The supply side in every week there is. ``items.arriving`` holds stocks, and what was on its way, before the first
        week; units of products on hand are ``opening``.
    opening
        Units of each product on hand before the first week; ``(n_products,)``.
    past
        Units asked for before the first week; ``(n_products, n_past)``.
    demand
        Units that will be asked for; ``(n_products, n_weeks)``, as many weeks as the network has. Planners do not see it.
    forecast
        Draws scenarios, the same ones for every planner. It is given what was asked for, not what was sold.
    horizon
        Weeks a planner looks ahead; fewer where the network ends.

    Raises
    ------
    InputError
        Shapes that do not fit together, or a horizon below 1.
    """

    products: tuple[str, ...]
    first: date
    terms: Terms
    network: Network
    opening: NDArray[np.float64]
    past: NDArray[np.float64]
    demand: NDArray[np.float64]
    forecast: Forecaster
    horizon: int = 8

    def __post_init__(self) -> None:
        count, weeks = len(self.products), self.network.weeks
        wanted = {"opening": (count,), "demand": (count, weeks), "past": (count, *self.past.shape[1:2])}
        wrong = [
            f"- {name}: found shape {getattr(self, name).shape}, expected {shape}"
            for name, shape in wanted.items()
            if getattr(self, name).shape != shape
        ]
        if wrong:
            raise InputError("The environment's arrays do not fit its products and weeks:\n" + "\n".join(wrong))
        if self.horizon < 1:
            raise InputError(f"horizon: found {self.horizon}; expected at least 1 week. Give the weeks a planner looks ahead.")


@dataclass(frozen=True, slots=True)
class State:
    """What a planner sees at the start of a week, after what was due has come in and before demand comes.

    Parameters
    ----------
    week
        Weeks since the first; 0 in the first.
    products, mondays, terms
        Codes, the Mondays of the weeks that are planned for, and what a unit earns and costs.
    past
        Units asked for in all weeks before; ``(n_products, n_past + week)``.
    scenarios
        Units that may be asked for; ``(n_scenarios, n_products, n_weeks)``, equally likely.
    on_hand, owed
        Units of each product to sell, and units asked for before that wait; ``(n_products,)``.
    network
        The supply side of the weeks planned for. ``items.arriving`` holds the stock of what is kept (first week) and all
        that is on its way; ``activities.before`` the levels of the last plan, not a number where it had none.
    """

    week: int
    products: tuple[str, ...]
    mondays: tuple[date, ...]
    terms: Terms
    past: NDArray[np.float64]
    scenarios: NDArray[np.float64]
    on_hand: NDArray[np.float64]
    owed: NDArray[np.float64]
    network: Network

    def problem(self, demand: NDArray[np.float64] | None = None) -> Problem:
        """Return the demand side as a problem: these scenarios (by default its own), with what is owed in the first week."""
        asked = (self.scenarios if demand is None else demand).astype(np.float64)
        asked[:, :, 0] += self.owed
        return Problem(
            products=self.products,
            weeks=self.mondays,
            demand=asked,
            terms=self.terms,
            resources=no_resources(len(self.products), len(self.mondays)),
            opening=self.on_hand,
            information="now",
            cutoff=self.mondays[0],
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What a planner decides.

    Parameters
    ----------
    level
        Level of each activity: the first week's is carried out, later weeks' are the plan so far;
        ``(n_activities, n_weeks)``, at least one week.
    times
        Times each switch is on in the first week, ``(n_switches,)``; absent: as few as the levels need.
    """

    level: NDArray[np.float64]
    times: NDArray[np.float64] | None = None


def mondays(environment: Environment, week: int, weeks: int) -> tuple[date, ...]:
    """Return the Mondays of so many weeks from one on."""
    return tuple(environment.first + timedelta(weeks=number) for number in range(week, week + weeks))


def window(
    network: Network,
    week: int,
    weeks: int,
    *,
    due: NDArray[np.float64],
    stock: NDArray[np.float64],
    before: NDArray[np.float64],
) -> Network:
    """Return the network of some weeks, as it stands at the start of the first of them.

    Parameters
    ----------
    network, week, weeks
        All weeks, the first one of the window, and how many.
    due
        Units that arrive in each week of the network without a new decision; ``(n_items, n_weeks)``.
    stock
        Units kept, those due this week included; 0 for items that do not keep; ``(n_items,)``.
    before
        Levels of the last plan for weeks of the window; ``(n_activities, up to weeks)``.
    """
    items, activities, machines, switches = network.items, network.activities, network.machines, network.switches
    shown = slice(week, week + weeks)
    arriving = due[:, shown].copy()
    arriving[:, 0] = np.where(items.keeps, stock, np.where(items.product >= 0, 0.0, arriving[:, 0]))
    in_time = np.arange(weeks) + activities.lead[:, None] < weeks
    known = np.full(in_time.shape, np.nan)
    known[:, : before.shape[1]] = before[:, :weeks]
    return replace(
        network,
        items=replace(items, arriving=arriving),
        activities=replace(
            activities,
            low=np.where(in_time, activities.low[:, shown], 0.0),
            high=np.where(in_time, activities.high[:, shown], 0.0),
            before=known,
        ),
        machines=replace(machines, hours=machines.hours[:, shown], overtime=machines.overtime[:, shown]),
        switches=replace(switches, open=switches.open[:, shown]),
    )
