"""The worst scenarios, as a part of a program: the mean of what the worst share of them earns (CVaR).

Costs of making and of the network are the same in every scenario, so only earnings differ: they are added up over all
products, scenario by scenario, and the worst are the worst of the sum. The mean over any set of so many scenarios is a
concave function of supply that is nowhere below the mean of the worst, and equal to it where the set is the worst one. A
row for each set seen so far bounds the mean of the worst from above: exact curves of the set over the pieces that are
there already, and for products without an exact curve planes above what each of them earns in the set, which touch at every
supply seen so far.

References
----------
Rockafellar and Uryasev (2000), optimization of conditional value-at-risk; Kuenzi-Bay and Mayer (2006), computational
aspects of minimizing conditional value-at-risk: cuts of sets of scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.curves import curves_of, has_curve
from lotwise.plan.network.chords import slopes_of
from lotwise.plan.network.served import Plane
from lotwise.plan.settle import BLOCK, settle
from lotwise.plan.tangents import tangent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.curves import CurveBlock
    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Model, Solution

ROUNDING = 1e-9
ROWS, FEWEST = 20_000, 3
"""Rows of planes up to which all are kept; beyond, the last of each cut, so many at least."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A set of scenarios, and planes above what products without an exact curve earn in them.

    Parameters
    ----------
    scenarios
        Numbers of the scenarios.
    planes
        Of each product's mean earnings in them; none where every product has a curve.
    """

    scenarios: NDArray[np.int64]
    planes: tuple[Plane, ...] = ()

    def touching(self, problem: Problem, supply: NDArray[np.float64]) -> Cut:
        """Return the same with planes that touch at one more supply."""
        if has_curve(problem).all():
            return self
        ready = supply.copy()
        ready[:, 0] += problem.opening
        _, slopes, height = tangent(ready, problem.demand[self.scenarios], problem.terms)
        return replace(self, planes=(*self.planes, Plane(slopes, height + slopes[:, 0] * problem.opening)))


@dataclass(frozen=True, slots=True)
class Worst:
    """How much the worst scenarios count in a program.

    Parameters
    ----------
    weight
        Weight of their mean; the mean of all has the rest.
    count
        How many they are.
    cuts
        Sets of scenarios seen so far.
    points
        Supplies at which the planes of every cut touch; ``(n_products, n_weeks)`` each.
    """

    weight: float
    count: int
    cuts: tuple[Cut, ...] = ()
    points: tuple[NDArray[np.float64], ...] = ()

    def touching(self, problem: Problem, supply: NDArray[np.float64]) -> Worst:
        """Return the same with the cut of the worst scenarios of one more supply, and planes that touch there."""
        most = max(ROWS // max(int((~has_curve(problem)).sum()) * (len(self.cuts) + 1), 1), FEWEST)
        seen = (cut.touching(problem, supply) for cut in self.cuts)
        cuts = tuple(replace(cut, planes=cut.planes[-most:]) for cut in seen)
        worst = replace(self, cuts=cuts, points=(*self.points, supply)[-most:])
        return worst.with_cut(problem, np.sort(np.argsort(earnings(problem, supply), kind="stable")[: self.count]))

    def with_cut(self, problem: Problem, scenarios: NDArray[np.int64]) -> Worst:
        """Return the same with the cut of one more set of scenarios."""
        cut = Cut(scenarios)
        for point in self.points:
            cut = cut.touching(problem, point)
        return replace(self, cuts=(*self.cuts, cut))

    def mean(self, earned: NDArray[np.float64]) -> float:
        """Return the mean of the worst of some earnings or profits, one a scenario."""
        return float(np.sort(earned)[: self.count].mean())


def count_of(scenarios: int, tail: float) -> int:
    """Return how many scenarios the worst share of them is: rounded up, one at least."""
    return int(np.clip(np.ceil(tail * scenarios - ROUNDING), 1, scenarios))


def earnings(problem: Problem, supply: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a supply earns in each scenario, products added up, the cost of making left out; ``(n_scenarios,)``."""
    total = np.full(len(problem.demand), float(problem.terms.cost @ supply.sum(axis=1)))
    for start in range(0, len(supply), BLOCK):
        chosen = slice(start, start + BLOCK)
        terms, opening = problem.terms.part(chosen), problem.opening[chosen]
        total += settle(supply[chosen], problem.demand[:, chosen], terms, opening=opening).profit.sum(axis=(1, 2))
    return total


def weighted(problem: Problem, supply: NDArray[np.float64], worst: Worst) -> float:
    """Return the weighted mean of all scenarios and the worst, the cost of making taken off: the measure."""
    earned = earnings(problem, supply)
    spent = float(problem.terms.cost @ supply.sum(axis=1))
    return (1 - worst.weight) * float(earned.mean()) + worst.weight * worst.mean(earned) - spent


def in_mean(problem: Problem, worst: Worst) -> Problem:
    """Return the problem with what units earn cut to the weight of the mean of all scenarios."""
    terms, share = problem.terms, 1 - worst.weight
    cut = {name: share * getattr(terms, name) for name in ("price", "cost", "salvage", "holding", "delay")}
    return replace(problem, terms=replace(terms, **cut))


def add_worst(model: Model, supply: NDArray[np.int64], problem: Problem, shown: CurveBlock, worst: Worst) -> None:
    """Add the mean of the worst scenarios, below every cut.

    Parameters
    ----------
    model, supply
        The program and its columns of supply, ``(n_products, n_weeks)``.
    problem
        What is planned, its terms not cut to any weight.
    shown
        The curves of the products that have exact ones.
    worst
        The cuts.
    """
    mean = model.var("worst", (1,), low=-np.inf, gain=worst.weight)
    pieces = model.columns_of(f"pieces, {shown.name}")
    found = [_chords(problem, shown, cut.scenarios) for cut in worst.cuts]
    rows = model.row("worst", (len(found),), high=[constant for _, constant in found])
    model.add(rows, mean, 1.0)
    for row, (slopes, _) in zip(rows, found, strict=True):
        model.add(row, pieces, -slopes)
    hanging = np.flatnonzero(~has_curve(problem))
    each = model.var("worst of each", (len(found), len(hanging)), low=-np.inf)
    model.add(rows[:, None], each, -1.0)
    for number, cut in enumerate(worst.cuts):
        high = np.reshape([plane.height[hanging] for plane in cut.planes], (len(cut.planes), len(hanging)))
        below = model.row(f"worst {number}", high.shape, high=high)
        model.add(below, each[number], 1.0)
        for row, plane in zip(below, cut.planes, strict=True):
            model.add(row[:, None], supply[hanging], -plane.slopes[hanging])


def with_worst(shown: CurveBlock, solution: Solution, problem: Problem, worst: Worst) -> CurveBlock:
    """Return the block with what the cuts pay for its pieces: the curves that the solution is best for."""
    chosen = np.flatnonzero(has_curve(problem))
    share, (widths, slopes) = _counting(problem, solution, worst), shown.chords
    for cut, price in zip(worst.cuts, np.maximum(solution.duals["worst"], 0.0), strict=False):
        if price > 0:
            slopes = slopes + price * _chords(problem, shown, cut.scenarios)[0]
    demand, terms = problem.demand[:, chosen], problem.terms.part(chosen)
    reached = np.where(terms.backorder[:, None], np.cumsum(demand, axis=2), demand)
    order = np.argsort(reached, axis=0, kind="stable")
    each, ordered = share[order], np.take_along_axis(reached, order, axis=0)
    counted = np.cumsum(each, axis=0)
    below = np.cumsum(each * ordered, axis=0) + ordered * (counted[-1:] - counted)
    curves = curves_of(demand[:1], terms)
    return replace(shown, curves=replace(curves, sorted=ordered, below=below), chords=(widths, slopes))


def as_likely(problem: Problem, solution: Solution, worst: Worst) -> Problem:
    """Return the problem with scenarios drawn by what they count in a solution, evenly over their order; as many."""
    counted = np.cumsum(_counting(problem, solution, worst))
    places = (np.arange(len(counted)) + 0.5) / len(counted) * counted[-1]
    return replace(problem, demand=problem.demand[np.minimum(np.searchsorted(counted, places), len(counted) - 1)])


def _counting(problem: Problem, solution: Solution, worst: Worst) -> NDArray[np.float64]:
    """Return what each scenario counts in a solution: its share of the mean of all, and of the sets whose cuts are tight."""
    share = np.full(len(problem.demand), (1 - worst.weight) / len(problem.demand))
    for cut, price in zip(worst.cuts, np.maximum(solution.duals["worst"], 0.0), strict=False):
        share[cut.scenarios] += price / len(cut.scenarios)
    return share


def _chords(problem: Problem, shown: CurveBlock, scenarios: NDArray[np.int64]) -> tuple[NDArray[np.float64], float]:
    """Return what each unit of a piece earns in a set of scenarios on average, and what is earned without supply."""
    chosen = np.flatnonzero(has_curve(problem))
    curves = curves_of(problem.demand[np.ix_(scenarios, chosen)], problem.terms.part(chosen))
    return slopes_of(curves, shown.chords[0]), float(curves.constant.sum())
