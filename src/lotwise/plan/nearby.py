"""Curves and planes around a supply: for products whose weeks hang together, so that no curve is exact.

Expected earnings are evaluated exactly on a few steps away from a supply, one week at a time, and stand in the
program as the sum of those piecewise-linear curves: a step more or less made in one week, and in the next round
a step made a week earlier or later. The program's solution is a direction along which the plan is improved, each
plan settled; two kinds of step in turn keep it from stalling where one kind is blind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.settle import settle
from lotwise.plan.tangents import tangent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lotwise.plan.problem import Problem, Terms
    from lotwise.plan.solver import Model

STEPS = (-1.0, -0.5, -0.2, 0.0, 0.2, 0.5, 1.0)
"""Breakpoints of a curve around a supply, in shares of its reach."""
SURE, LEAST_SPREAD = 1e-6, 0.1
"""Share of mean demand below which demand is taken as known, and the share that steps reach where it is."""
CLOSE = (-0.3, 0.3)
"""Where planes touch for a close bound, in standard deviations of a week's demand."""


def add_nearby(
    model: Model,
    supply: NDArray[np.int64],
    problem: Problem,
    chosen: NDArray[np.int64],
    *,
    around: NDArray[np.float64],
    reach: float,
    together: bool,
) -> None:
    """Add the curves around a supply, which also bound how far the solution may move.

    Parameters
    ----------
    model, supply
        The program and its columns of supply, ``(n_products, n_weeks)``.
    problem, chosen
        What is to be planned, and the products the curves are for.
    around
        The supply; ``(n_products, n_weeks)``.
    reach
        How far the curves go, in standard deviations of (cumulative) demand.
    together
        Whether a step moves units between a week and the next (curves of cumulative supply) or adds
        units to a week (curves of its supply).
    """
    here, demand, terms = around[chosen], problem.demand[:, chosen], problem.terms.part(chosen)
    weeks = here.shape[1]
    spread = np.cumsum(demand, axis=2).std(axis=0) if together else demand.std(axis=0)
    room = np.full(here.shape, np.inf)
    if together:
        room[:, :-1] = here[:, 1:]
    level = (np.cumsum(demand, axis=2) if together else demand).mean(axis=0)
    spread = np.where(spread > SURE * level, spread, LEAST_SPREAD * level)
    steps = np.stack([np.clip(step * reach * (spread + 1e-3), -here, room) for step in STEPS])
    opening = np.zeros(here.shape)
    opening[:, 0] = problem.opening[chosen]
    earned = np.empty(steps.shape)
    earned[:] = _earnings(here + opening, demand, terms)[:, None]
    for week in range(weeks):
        for number in np.flatnonzero(STEPS):
            moved = _moved(here, week, steps[number, :, week], together=together)
            earned[number, :, week] = _earnings(moved + opening, demand, terms)
    widths = np.diff(steps, axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = np.where(widths > 0, np.diff(earned, axis=0) / widths, 0.0)
    reached = np.cumsum(here, axis=1) if together else here
    pieces = model.var("pieces, nearby", widths.shape, high=widths, gain=slopes)
    rows = model.row("nearby", here.shape, reached + steps[0], reached + steps[0])
    for week in range(weeks):
        model.add(rows[:, week, None], supply[chosen, 0 if together else week : week + 1], 1.0)
    model.add(rows, pieces, -1.0)


def add_planes(
    model: Model,
    supply: NDArray[np.int64],
    problem: Problem,
    chosen: NDArray[np.int64],
    *,
    around: NDArray[np.float64],
    close: bool,
) -> None:
    """Add planes that bound earnings from above and touch them at and around a supply.

    Parameters
    ----------
    model, supply, problem, chosen, around
        As for ``add_nearby``.
    close
        Whether planes touch on all sides of the supply, for a close bound, or at a few points.
    """
    demand, terms = problem.demand[:, chosen], problem.terms.part(chosen)
    earnings = model.var("earnings", (len(chosen),), low=-np.inf, gain=1.0)
    opening = np.zeros((len(chosen), problem.shape[1]))
    opening[:, 0] = problem.opening[chosen]
    for number, point in enumerate(_points(around[chosen], demand.std(axis=0), close=close)):
        _, slopes, height = tangent(point + opening, demand, terms)
        rows = model.row(f"plane {number}", (len(chosen),), high=height + (slopes * opening).sum(axis=1))
        model.add(rows, earnings, 1.0)
        model.add(rows[:, None], supply[chosen], -slopes)


def _earnings(ready: NDArray[np.float64], demand: NDArray[np.float64], terms: Terms) -> NDArray[np.float64]:
    """Return the mean earnings of each product, the cost of making left out."""
    profit = settle(ready, demand, terms).profit.sum(axis=-1).mean(axis=0)
    found: NDArray[np.float64] = profit + (terms.cost[:, None] * ready).sum(axis=1)
    return found


def _points(here: NDArray[np.float64], spread: NDArray[np.float64], *, close: bool) -> Iterator[NDArray[np.float64]]:
    yield from (np.zeros(here.shape), here, 0.9 * here, 1.1 * here)
    for week in range(here.shape[1] if close else 0):
        for step in CLOSE:
            for together in (False, True):
                moved = _moved(here, week, step * spread[:, week], together=together)
                yield np.maximum(moved, 0.0)


def _moved(here: NDArray[np.float64], week: int, step: NDArray[np.float64], *, together: bool) -> NDArray[np.float64]:
    """Return a supply with some units more in one week, taken from the next week where they move together."""
    moved = here.copy()
    moved[:, week] += step
    if together and week + 1 < here.shape[1]:
        moved[:, week + 1] -= step
    return moved
