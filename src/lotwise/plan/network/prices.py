"""What one more hour, unit or unit of room would earn, beside a finished plan.

With everything that comes whole fixed, the plan is a linear program once more. Where several prices fit its optimum, those in
the middle are taken, which do not jump from one side to the other when a number changes a little; where nothing can be
spared the price of one more counts.

A promise that is late steers the plan by more than lateness costs. Prices are straight lines in that penalty as long as it
decides what comes first, so that prices at once and at twice the penalty say those at what lateness costs.

References
----------
Roos, Terlaky and Vial (2005), Interior point methods for linear optimization: the middle of all optimal prices.
Bertsimas and Tsitsiklis (1997), Introduction to linear optimization, section 5.1: how far a price holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.rows import add_network, late_unit
from lotwise.plan.network.sale import add_earnings
from lotwise.plan.solver import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.fix import Search, Solved
    from lotwise.plan.network.rows import Bounds
    from lotwise.plan.solver import Solution

    Values = dict[str, NDArray[np.float64]]

SMALL, LARGE = 5_000, 3_000
"""Rows up to which the middle is that of all prices, and not of those that presolving leaves; above which the interior-point
method is faster to a corner."""
MOST = 12_000
"""Rows up to which prices are those in the middle."""
RANGED = 12_000
"""Rows up to which prices say how far they hold."""
LOOSE = 10.0
"""Times the largest useful level that a switch lets through: what machines allow is said by the machines' rows."""
NEAR = 0.1
"""How far the supply of a product without an exact curve may move, in standard deviations of demand."""
HAIR = 1e-3
"""Share of the largest useful level, and units, that levels may be above it."""
SAME = 1e-3
"""Share of a price, and money, by which that in the middle may differ from that in a corner where there is only one."""
FAR = 10.0
"""Times the largest price in a corner above which one in the middle has none: nothing can be spared there."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices beside a plan.

    Parameters
    ----------
    machine, item, room, demand
        What one more hour of a machine, unit of an item there, unit of room, and unit ordered would earn; by week.
    ranges
        Fewer and more of each for which the price holds, by block of rows, ``(2, ...)``; absent beyond ``RANGED`` rows.
    """

    machine: NDArray[np.float64]
    item: NDArray[np.float64]
    room: NDArray[np.float64]
    demand: NDArray[np.float64]
    ranges: dict[str, NDArray[np.float64]] | None = None


def prices_of(search: Search, found: Solved) -> Prices:
    """Return the prices of a finished plan.

    Parameters
    ----------
    search
        What was planned.
    found
        The plan, everything in it whole.

    Notes
    -----
    Ranges are those of one corner of the program's optimum, and 0 where several prices fit: the first unit already has
    another price than the last. Beyond ``MOST`` rows prices are the corner's that the plan was found in.
    """
    if found.rows > MOST:
        return corner_prices(search, found)
    bounds = _finished(search, found)
    model = _program(search, found, bounds)
    corner = model.solve(method="large" if model.rows > LARGE else "presolved", ranging=model.rows <= RANGED)
    if not corner.feasible:
        return corner_prices(search, found)
    middle, at_corner = _middle(model), _values(corner)
    if _promises_bind(search, corner):
        twice = _program(search, found, replace(bounds, late=_late(search, 2.0)))
        middle = _without_penalty(middle, _middle(twice))
        at_corner = _without_penalty(at_corner, _values(twice.solve(basis=corner.basis)))
    chosen, ranges = {}, {}
    for name, price in middle.items():
        most = FAR * max(float(np.abs(at_corner[name]).max(initial=0.0)), 1.0)
        spared = _can_be(search, bounds) if name == "items" else True
        chosen[name] = np.where(spared & (np.abs(price) <= most), price, at_corner[name])
        if name in corner.ranges:
            alone = np.abs(chosen[name] - at_corner[name]) <= SAME * (1 + np.abs(at_corner[name]))
            ranges[name] = np.where(alone, _around(model, corner, name), 0.0)
            chosen[name] = np.where(alone, at_corner[name], chosen[name])
    return _as_prices(search, chosen, ranges or None)


def corner_prices(search: Search, found: Solved) -> Prices:
    """Return the prices of the last program as it was solved, the penalty for late promises taken out."""
    here = _values(found.solution)
    if not _promises_bind(search, found.solution):
        return _as_prices(search, here)
    there = [search.solve(replace(found.bounds, late=_late(search, times)), near=found).solution for times in (1.0, 2.0)]
    if not all(one.feasible for one in there):
        return _as_prices(search, here)
    return _as_prices(search, _without_penalty(*(_values(one) for one in there)))


def _finished(search: Search, found: Solved) -> Bounds:
    """Return the bounds of a plan in which all that comes whole is as it is, and nothing else is held."""
    network, values = search.network, found.solution.values
    times, activities = np.rint(values["times"]), network.activities
    step = (activities.multiple > 0)[:, None]
    useful = np.minimum((1 + HAIR) * found.bounds.high + HAIR, activities.high)  # else it takes the worth of what it is made of
    high = np.where(found.bounds.low < found.bounds.high, useful, found.bounds.high)
    low, high = (np.where(step, values["level"], side) for side in (found.bounds.low, high))
    reach = LOOSE * (np.maximum(found.bounds.reach, values["level"]) + 1.0)
    return replace(found.bounds, low=low, high=high, reach=reach, off=times, on=times, supply=None, crowds=False, whole=False)


def _can_be(search: Search, bounds: Bounds) -> NDArray[np.bool_]:
    """Return whether there can be anything of each item in each week; ``(n_items, n_weeks)``."""
    network = search.network
    activities, items = network.activities, network.items
    on = (network.switches.weight.T @ (bounds.on == 0)) == 0  # no switch of it is off
    may = (bounds.high > 0) & on
    gives, takes = (matrix != 0 for matrix in (activities.gives, activities.takes))
    there = items.arriving > 0
    for _ in range(len(items.names) + 1):
        runs = may & ((takes.T @ ~there) == 0)
        new = there.copy()
        for wait in np.unique(activities.lead[activities.lead < network.weeks]):
            mine = activities.lead == wait
            new[:, wait:] |= (gives[:, mine] @ runs[mine, : network.weeks - wait]) > 0
        new = np.where(items.keeps[:, None], np.logical_or.accumulate(new, axis=1), new)
        if np.array_equal(new, there):
            break
        there = new
    return there


def _program(search: Search, found: Solved, bounds: Bounds) -> Model:
    """Return the linear program of a finished plan, its curves fine around it."""
    model = Model()
    supply = add_network(model, search.problem, search.network, bounds)
    view = replace(search.view, around=np.maximum(found.solution.values["supply"], 0.0), reach=NEAR)
    add_earnings(model, supply, search.problem, search.breakpoints, view)
    return model


def _middle(model: Model) -> Values:
    return _values(model.solve(method="interior" if model.rows > SMALL else "middle"))


def _without_penalty(
    once: dict[str, NDArray[np.float64]], twice: dict[str, NDArray[np.float64]]
) -> dict[str, NDArray[np.float64]]:
    """Return prices without the penalty for late promises, from those at once and at twice that penalty."""
    return {name: 2 * price - twice[name] for name, price in once.items()}


def _values(solution: Solution) -> Values:
    """Return what one more of each row, and of each product's supply for sale, earns."""
    return {
        "machines": solution.duals["machines"],
        "items": -solution.duals["items"],
        "rooms": solution.duals["rooms"],
        "supply": solution.reduced["supply"],
    }


def _as_prices(
    search: Search, values: dict[str, NDArray[np.float64]], ranges: dict[str, NDArray[np.float64]] | None = None
) -> Prices:
    """Return prices from the values of rows; one more unit ordered takes what one more unit for sale would earn."""
    problem, items = search.problem, search.network.items
    sold = np.flatnonzero(items.product >= 0)
    taken = values["supply"].copy()
    taken[items.product[sold]] += values["items"][sold]
    margin = problem.terms.price - problem.terms.cost
    return Prices(
        machine=np.maximum(values["machines"], 0.0) + 0.0,
        item=values["items"] + 0.0,
        room=np.maximum(values["rooms"], 0.0) + 0.0,
        demand=margin[:, None] - taken,
        ranges=ranges,
    )


def _around(model: Model, corner: Solution, name: str) -> NDArray[np.float64]:
    """Return how many fewer and more there may be of what a block of rows limits."""
    least, most = corner.ranges[name]
    _, now = model.sides(name)
    fewer, more = (most - now, now - least) if name == "items" else (now - least, most - now)  # a balance is -arriving
    return np.asarray(np.maximum(np.stack([fewer, more]), 0.0), dtype=float)


def _late(search: Search, times: float) -> NDArray[np.float64]:
    """Return what lateness costs, and so many times what the penalty is above that; ``(n_products,)``.

    Where demand waits its earnings hold what lateness costs already.
    """
    terms = search.problem.terms
    real = np.where(terms.backorder, 0.0, terms.delay)
    penalty = late_unit(search.problem, np.arange(len(real)))
    return np.asarray(real + times * (penalty - real), dtype=float)


def _promises_bind(search: Search, corner: Solution) -> bool:
    return search.problem.firm is not None and bool((np.abs(corner.duals["promises"]) > SAME).any())
