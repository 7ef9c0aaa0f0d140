"""What each limit costs when demand is known: machines, materials, lead time, lot sizes.

All machines and materials are relaxed together along the straight path from what there is to what the ideal plan
uses. A limit's share is the integral of its shadow price along the path, times what is added to it: its
Aumann-Shapley price. The optimum is a concave, piecewise-linear function of the place on the path, so that
tangents at a few places give the integral and the shares add up to the loss by themselves.

References
----------
Aumann and Shapley (1974), Values of Non-Atomic Games. Billera and Heath (1982), Allocation of shared costs: a set of
axioms yielding a unique procedure, Mathematics of Operations Research 7(1). Wolfe (1976), Finding the nearest point in
a polytope, Mathematical Programming 11.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import nnls

from lotwise.plan.limits import add_limits, most_useful, prices
from lotwise.plan.scenarios import add_scenarios
from lotwise.plan.settle import settle
from lotwise.plan.solver import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.problem import Problem

SOLVES = 12
"""Most places on the path that are solved. What is left between two of them is shared out by the tangents at both: the
split of the loss is exact in small plans, and within 1 % of it where hundreds of products give way one by one."""
LEAST = 1e-7
"""Share of the loss that is rounding."""
NUDGE = 1e-5
"""How far on the path limits are moved ahead of others to see which of them bind."""
ROUNDING = 1e-9
"""Share of a profit that is rounding."""
EDGE = 1e-7
"""Shares of a capacity or of a slope below this are rounding."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best plan for known demand: its profit and shadow prices, ``(n_resources, n_weeks)``."""

    value: float
    price: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the path, the optimum there, and what each resource adds to its slope; ``(n_resources,)``."""

    place: float
    value: float
    worth: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the path between two points; ``is_straight`` where the tangents are known to be the optimum itself."""

    left: Point
    right: Point
    is_straight: bool = False

    @property
    def meet(self) -> tuple[float, float]:
        """Where the tangents at both ends meet, and their height there, which the optimum does not exceed."""
        left, right = self.left, self.right
        up, down = left.worth.sum(), right.worth.sum()
        width, rise = right.place - left.place, right.value - left.value
        way = (rise - down * width) / (up - down) if up - down > LEAST * abs(up) else width / 2
        way = float(np.clip(way, 0.0, width))
        return left.place + way, float(left.value + up * way)

    @property
    def doubt(self) -> float:
        """Area between tangents and chord: the most money the integral of the optimum could be off by."""
        width = self.right.place - self.left.place
        if self.is_straight or width <= 0:
            return 0.0
        place, height = self.meet
        chord = self.left.value + (self.right.value - self.left.value) * (place - self.left.place) / width
        return (height - chord) * width / 2

    @property
    def shares(self) -> NDArray[np.float64]:
        """The rise between the ends by resource: each end's prices hold as far as its tangent does; ``(n_resources,)``."""
        place = self.meet[0]
        found: NDArray[np.float64] = self.left.worth * (place - self.left.place) + self.right.worth * (self.right.place - place)
        return found


def wanted(problem: Problem) -> NDArray[np.float64]:
    """Return the ideal supply: no limits, known demand, every unit as late as it can be; ``(n_products, n_weeks)``.

    Parameters
    ----------
    problem
        With one scenario.
    """
    terms, weeks = problem.terms, problem.shape[1]
    at_once = replace(terms, backorder=np.zeros_like(terms.backorder))
    short = settle(np.zeros(problem.shape), problem.demand[0], at_once, opening=problem.opening).lost
    saved = np.where(terms.backorder, terms.delay, 0.0)[:, None] * (weeks - 1 - np.arange(weeks))
    return np.where((terms.price - terms.cost)[:, None] + saved > 0, short, 0.0)


def best(problem: Problem) -> Optimum:
    """Return the best plan for known demand within machines, materials and lead time; lot rules play no part.

    Parameters
    ----------
    problem
        With one scenario.
    """
    model = Model()
    supply = model.var("supply", problem.shape, high=most_useful(problem), gain=-problem.terms.cost[:, None])
    add_limits(model, supply, problem)
    add_scenarios(model, supply, problem)
    solution = model.solve()
    return Optimum(solution.objective, prices(solution, problem))


def ideal(problem: Problem) -> float:
    """Return the profit of the ideal supply.

    Parameters
    ----------
    problem
        With one scenario.
    """
    return float(settle(wanted(problem), problem.demand[0], problem.terms, opening=problem.opening).profit.sum())


def shares(problem: Problem, *, solves: int = SOLVES) -> NDArray[np.float64]:
    """Return what each machine and material costs: Aumann-Shapley prices times what the ideal plan lacks.

    They are at least 0, add up to the ideal profit less the best profit within machines and materials, and are 0
    for what the ideal plan does not exceed. Where several limits are short in step shadow prices are not unique;
    those that spread the money most evenly are taken, so that equal limits cost the same.

    Parameters
    ----------
    problem
        With one scenario; its lead time and lot rules play no part.
    solves
        Most places on the path that are solved, both ends left out. With fewer than the path has bends the
        shares still add up, and the split is near.

    Returns
    -------
    NDArray
        Money, ``(n_resources,)``.
    """
    problem = replace(problem, lead=0, rules=None)
    lacking = _lacking(problem)
    if not lacking.any():
        return np.zeros(len(lacking))
    start, end = _point(problem, lacking, 0.0), Point(1.0, ideal(problem), np.zeros(len(lacking)))
    least = LEAST * (end.value - start.value) + ROUNDING * abs(end.value)
    if end.value - start.value <= least:
        return np.zeros(len(lacking))
    pieces = [Piece(start, end)]
    for _ in range(solves):
        doubts = [piece.doubt for piece in pieces]
        if max(doubts) <= least:
            break
        piece = pieces.pop(int(np.argmax(doubts)))
        place, height = piece.meet
        found = best(_raised(problem, place * lacking))
        if height - found.value <= least:
            pieces.append(replace(piece, is_straight=True))
            continue
        middle = _point(problem, lacking, place, found)
        pieces += [Piece(piece.left, middle), Piece(middle, piece.right)]
    found_shares: NDArray[np.float64] = np.sum([piece.shares for piece in pieces], axis=0)
    return found_shares


def _lacking(problem: Problem) -> NDArray[np.float64]:
    """Return hours, and units that must arrive, which the ideal plan needs beyond what there is; ``(n_resources, n_weeks)``.

    Material is added as late as it can be, for what the weeks before leave over is used first.
    """
    resources = problem.resources
    over = resources.used(wanted(problem)) - resources.capacity
    owed = np.maximum.accumulate(np.maximum(np.cumsum(over, axis=1), 0.0), axis=1)
    lacking = np.where(resources.is_machine[:, None], np.maximum(over, 0.0), np.diff(owed, axis=1, prepend=0.0))
    return np.where(lacking > EDGE * np.where(np.isfinite(resources.capacity), resources.capacity, 1.0), lacking, 0.0)


def _raised(problem: Problem, extra: NDArray[np.float64]) -> Problem:
    """Return the problem with more capacity; ``(n_resources, n_weeks)`` or what broadcasts to it."""
    return replace(problem, resources=replace(problem.resources, capacity=problem.resources.capacity + extra))


def _point(problem: Problem, lacking: NDArray[np.float64], place: float, found: Optimum | None = None) -> Point:
    here = _raised(problem, place * lacking)
    found = found or best(here)
    return Point(place, found.value, _evenly(here, found, lacking))


def _evenly(problem: Problem, found: Optimum, lacking: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each resource adds to the slope, by the optimal shadow prices that spread it most evenly.

    Of all optimal prices they have the smallest sum of squares, which is unique. Where the limits that seem
    dearest are moved a little ahead of the others, the optimum there has prices that are optimal here and lower for
    them; the point nearest to 0 between the prices found so far says which limits to try next (Wolfe 1976).
    """
    corners = [(found.price * lacking).sum(axis=1)]
    short = int(lacking.any(axis=1).sum())
    for _ in range(2 * short if short > 1 else 0):
        worth = _nearest(corners)
        ahead = NUDGE * lacking * (worth / (worth.max() or 1.0))[:, None]
        other = best(_raised(problem, ahead))
        corner = (other.price * lacking).sum(axis=1)
        is_optimal = abs(other.value - (other.price * ahead).sum() - found.value) <= ROUNDING * max(1.0, abs(found.value))
        if not is_optimal or corner @ worth >= (1.0 - EDGE) * worth @ worth:
            break
        corners.append(corner)
    return _nearest(corners)


def _nearest(corners: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the point nearest to 0 between some corners.

    With weights w >= 0 it minimizes ``|corners w|^2 + (1 - sum w)^2``, whose solution is the nearest point but for its length.
    """
    stack = np.stack(corners)
    size = np.abs(stack).max() or 1.0
    weights = nnls(np.vstack([stack.T / size, np.ones(len(stack))]), np.append(np.zeros(stack.shape[1]), 1.0))[0]
    nearest: NDArray[np.float64] = weights @ stack / weights.sum()
    return nearest
