"""Demand served, as a part of a program: what it costs to serve a given share, and how much of it is served.

The units that are served are what is earned where a unit sold brings 1 and a unit that waits costs 1 a week: for lost
demand the units sold, in their week; for demand that waits the units asked for less those waiting at the ends of the
weeks, so that a unit that waits two weeks counts twice (the gamma service level; the share met in its week is never
lower). Both are concave in supply: sums over the same pieces as money for products with an exact curve, planes above the
truth for the others.

References
----------
Schneider (1981), effect of service-levels on order-points or order-levels in inventory models: the gamma service level.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.curves import add_curves, curves_of, has_curve
from lotwise.plan.network.chords import slopes_of
from lotwise.plan.problem import Terms
from lotwise.plan.settle import expect
from lotwise.plan.tangents import tangent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.curves import CurveBlock
    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Model, Solution


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane above what any supply gives, for each product; it touches where it was made.

    Parameters
    ----------
    slopes
        What one unit of supply adds; ``(n_products, n_weeks)``.
    height
        What no supply at all gives; ``(n_products,)``.
    """

    slopes: NDArray[np.float64]
    height: NDArray[np.float64]

    def part(self, chosen: NDArray[np.int64]) -> Plane:
        """Return the planes of some products."""
        return Plane(self.slopes[chosen], self.height[chosen])


@dataclass(frozen=True, slots=True)
class Served:
    """How much of each product's demand a program has to serve.

    Parameters
    ----------
    wanted
        Share of the demand that should be served, all weeks and scenarios added up; ``(n_products,)``.
    asked
        What the program asks for, so that the settled service is what is wanted; ``(n_products,)``.
    money, units
        Planes for products without an exact curve: of what a supply earns where a unit sold brings no more than one that is
        left, and of the units served; as many of each.
    """

    wanted: NDArray[np.float64]
    asked: NDArray[np.float64]
    money: tuple[Plane, ...] = ()
    units: tuple[Plane, ...] = ()

    def part(self, chosen: NDArray[np.int64]) -> Served:
        """Return the same for some products."""
        money, units = (tuple(plane.part(chosen) for plane in planes) for planes in (self.money, self.units))
        return Served(self.wanted[chosen], self.asked[chosen], money, units)

    def touching(self, problem: Problem, supply: NDArray[np.float64]) -> Served:
        """Return the same with planes that touch at one more supply."""
        ready = supply.copy()
        ready[:, 0] += problem.opening
        found = []
        for terms in (at_cost(problem.terms), in_units(problem.terms)):
            _, slopes, height = tangent(ready, problem.demand, terms)
            found.append(Plane(slopes, height + slopes[:, 0] * problem.opening))
        return replace(self, money=(*self.money, found[0]), units=(*self.units, found[1]))


def in_units(terms: Terms) -> Terms:
    """Return terms under which a supply earns the units it serves."""
    one, none = np.ones(len(terms.price)), np.zeros(len(terms.price))
    return Terms(one, none, none, none, one, terms.shelf, terms.backorder)


def at_cost(terms: Terms) -> Terms:
    """Return terms under which a unit sold brings what one left over does: what it costs to serve is left.

    With a given number of units sold it makes no difference to which plan costs least, and the cost stays concave.
    """
    return replace(terms, price=terms.salvage)


def service_of(problem: Problem, supply: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of each product's demand that a supply serves, settled; ``(n_products,)``, 1 without demand.

    Parameters
    ----------
    problem
        The demand side; its scenarios are equally likely.
    supply
        Units for sale in each week; ``(n_products, n_weeks)``.
    """
    units = replace(problem, terms=in_units(problem.terms))
    served = expect(units, supply, charges=np.zeros(problem.shape)).profit.sum(axis=1)
    asked = _asked(problem)
    return np.where(asked > 0, served / np.where(asked > 0, asked, 1.0), 1.0)


def at_least_cost(problem: Problem, supply: NDArray[np.float64], served: Served) -> float:
    """Return what a supply earns at cost, less ``terms.price`` for each unit that is missing of the wanted service."""
    cheap = replace(problem, terms=at_cost(problem.terms))
    missing = np.maximum(served.wanted - service_of(problem, supply), 0.0) * _asked(problem)
    return float(expect(cheap, supply, charges=np.zeros(problem.shape)).profit.sum() - problem.terms.price @ missing)


def add_served(
    model: Model,
    supply: NDArray[np.int64],
    problem: Problem,
    breakpoints: int,
    served: Served,
    around: NDArray[np.float64] | None = None,
) -> CurveBlock:
    """Add what a supply earns at cost, and that each product's service is reached; return the block of exact curves.

    What is not served costs ``terms.price`` a unit, so that the program is feasible where the service is out of reach: a
    price that no cost comes near.

    Parameters
    ----------
    model, supply
        The program and its columns of supply, ``(n_products, n_weeks)``.
    problem, breakpoints
        What is planned, and the pieces of each curve.
    served
        What is to be served.
    around
        A supply near which the pieces are made finer, ``(n_products, n_weeks)``; none by default.
    """
    curved = has_curve(problem)
    exact, hanging = np.flatnonzero(curved), np.flatnonzero(~curved)
    unserved = model.var("unserved", (len(curved),), gain=-problem.terms.price)
    wanted = served.asked * _asked(problem)
    cheap = replace(problem, terms=at_cost(problem.terms))
    shown = add_curves(model, supply, cheap, exact, breakpoints=breakpoints, around=around)
    units, shares = _shares(problem, exact, shown)
    rows = model.row("service", (len(exact),), low=wanted[exact] - units)
    model.add(rows[None, :, None], model.columns_of(f"pieces, {shown.name}"), shares)
    model.add(rows, unserved[exact], 1.0)
    if len(hanging):
        money = model.var("money", (len(hanging),), low=-np.inf, gain=1.0)
        given = model.var("served", (len(hanging),), low=-np.inf)
        for name, columns, planes in (("money", money, served.money), ("units", given, served.units)):
            for number, plane in enumerate(planes):
                rows = model.row(f"{name} {number}", (len(hanging),), high=plane.height[hanging])
                model.add(rows, columns, 1.0)
                model.add(rows[:, None], supply[hanging], -plane.slopes[hanging])
        rows = model.row("service, planes", (len(hanging),), low=wanted[hanging])
        model.add(rows, given, 1.0)
        model.add(rows, unserved[hanging], 1.0)
    return shown


def with_service(shown: CurveBlock, solution: Solution, problem: Problem) -> CurveBlock:
    """Return the block with what the rows of service pay for its pieces: the curves that the solution is best for."""
    chosen = np.flatnonzero(has_curve(problem))
    price = np.maximum(-solution.duals["service"], 0.0)[:, None]
    widths, slopes = shown.chords
    chords = widths, slopes + price * _shares(problem, chosen, shown)[1]
    return replace(shown, curves=replace(shown.curves, up=shown.curves.up + price), chords=chords)


def _asked(problem: Problem) -> NDArray[np.float64]:
    return np.asarray(problem.demand.mean(axis=0).sum(axis=1), dtype=float)


def _shares(problem: Problem, chosen: NDArray[np.int64], shown: CurveBlock) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the units served without supply, and those each unit of a piece adds."""
    curves = curves_of(problem.demand[:, chosen], in_units(problem.terms.part(chosen)))
    return curves.constant.sum(axis=1), slopes_of(curves, shown.chords[0])
