"""The least cost at which every product reaches its service.

Price plays no part in what is made: a unit sold brings no more than one left over, so that only making, holding, delay,
salvage and the network's charges count, and each product has to serve its share of demand (``served``). What is missing of
it costs more than anything else in the program: where capacity allows it, the service is reached; where not, as much of it
as possible. The program takes a little less for served than a supply serves (pieces of curves) or a little more
(planes), so each plan is settled, and the share the program is asked for is corrected, until the settled service is no more
than ``ABOVE`` over the one wanted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.curves import has_curve
from lotwise.plan.network.fix import fix, is_lumpy
from lotwise.plan.network.follow import worth
from lotwise.plan.network.served import Served, service_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.fix import Search, Solved
    from lotwise.plan.network.rows import Bounds
    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Solution

DEAR = 200.0
"""Money for one unit that is not served, in prices (or unit costs) of the product: what no other cost comes near."""
ABOVE = 0.001
"""Share of demand by which the settled service may be above the one wanted."""
AIM = 0.0003
"""Share of demand above the one wanted at which the program aims, so that rounding does not take it below."""
EDGE = 1e-7
ROUNDS = 12
AGAIN = 6
"""How often lots are decided again that are too few."""
MORE = 4.0
"""Base of the powers, less 1, of the service that is missing by which more is asked for then."""
DIGITS = 6
FIRST = (0.0, 0.5, 1.0, 1.5)
"""Shares of mean demand at which planes touch at first."""


def dear(problem: Problem) -> Problem:
    """Return the problem in whose program a unit that is not served costs its price, and nothing costs as much.

    Promised units that are late, and what is missing of what is decided, cost multiples of it, as they do of prices.
    """
    terms = problem.terms
    price = DEAR * np.maximum(np.maximum(terms.price, terms.cost), 1e-3)
    return replace(problem, terms=replace(terms, price=price))


def start(problem: Problem, wanted: NDArray[np.float64]) -> Served:
    """Return what a program has to serve, with first planes for products without an exact curve.

    Parameters
    ----------
    problem
        What is planned.
    wanted
        Share of each product's demand to be served; ``(n_products,)``.
    """
    wanted = np.asarray(wanted, dtype=float)
    served = Served(wanted, wanted)
    if has_curve(problem).all():
        return served
    mean = problem.demand.mean(axis=0)
    for share in FIRST:
        served = served.touching(problem, share * mean)
    return served


def reach(search: Search, bounds: Bounds, *, near: Solved | None = None, settled: bool = True) -> tuple[Search, Solved]:
    """Return the search whose program has come closest to the service wanted, and its plan.

    Parameters
    ----------
    search
        What is planned; its view says what is served.
    bounds
        Within which.
    near
        A solution of a program of the same size.
    settled
        Whether to correct what the program asks for; without, only planes are added, and the last program bounds every plan.
    """
    hangs = not has_curve(search.problem).all()
    best, found = None, search.solve(bounds, near=near)
    for _ in range(ROUNDS):
        served = search.view.served
        if served is None or not found.solution.feasible:
            break
        supply = np.maximum(found.solution.values["supply"], 0.0)
        value = search.earned(supply) - search.costs(found)
        if not settled or best is None or value > best[0]:
            best = value, search, found
        off = service_of(search.problem, supply) - served.wanted
        asked, wrong = _corrected(served.asked, off, found.solution, has_curve(search.problem))
        if not wrong.any() or not (settled or hangs):
            break
        served = replace(served, asked=asked) if settled else served
        served = served.touching(search.problem, supply) if hangs else served
        search = replace(search, view=replace(search.view, served=served))
        found = search.solve(bounds, near=None if hangs else found)
    if best is None:
        return search, found
    return _with_planes(best[1], search), best[2]


def _with_planes(search: Search, seen: Search) -> Search:
    """Return a search with all planes another has seen."""
    served, other = search.view.served, seen.view.served
    if served is None or other is None or not other.money:
        return search
    return replace(search, view=replace(search.view, served=replace(other, asked=served.asked)))


def close(search: Search, bounds: Bounds) -> tuple[Search, Solved]:
    """Return the search with pieces finer, and planes, near the optimum within bounds, and that optimum.

    What no plan exceeds that serves what is wanted is the objective and the slack of the solution.
    """
    search, found = reach(search, bounds, settled=False)
    if not found.solution.feasible:
        return search, found
    search = replace(search, view=replace(search.view, around=np.maximum(found.solution.values["supply"], 0.0)))
    return reach(search, bounds, settled=False)


def reached(search: Search, relaxed: Solved, found: Solved, bound: float) -> tuple[Search, Solved, float]:
    """Return the search, its cheapest plan that serves what is wanted, and what might be saved at the same service.

    Parameters
    ----------
    search
        What is planned.
    relaxed
        The linear program's optimum in which everything may happen in part.
    found
        A plan in which everything comes whole.
    bound
        What no plan exceeds that serves what is wanted, in the measure of the program's objective.

    Notes
    -----
    Lots that turn out too few for the service are decided again: with the planes that were seen since, and with more asked
    for where that changes nothing. Where a service is out of reach, plans
    are compared that serve no more than ``ABOVE`` less than this one.
    """
    can = relaxed.solution.values["unserved"] <= EDGE
    best_search, best = new_search, new = reach(search, found.bounds, near=found)
    stuck = int(has_curve(search.problem).all())
    for _ in range(AGAIN if is_lumpy(search.network) else 0):
        more = _asking_more(search, can, (new_search, new), MORE**stuck - 1)
        if more is None:
            break
        search, start, last = more, more.solve(relaxed.bounds), new
        again = fix(search, start, bound=start.solution.objective + start.slack)
        new_search, new = reach(search, again.bounds, near=again)
        stuck += np.allclose(new.solution.values["supply"], last.solution.values["supply"], atol=EDGE)
        if _rank(new_search, new, can) > _rank(best_search, best, can):
            best_search, best = new_search, new
    judge = within_reach(best_search, best)
    if judge is not best_search:
        judge, above = close(judge, relaxed.bounds)
        bound = above.solution.objective + above.slack
    return best_search, best, max(bound - worth(judge, best), 0.0)


def _asking_more(search: Search, can: NDArray[np.bool_], seen: tuple[Search, Solved], times: float) -> Search | None:
    """Return the search that asks more of products that fall short though they can serve it, or none where there are none.

    Planes seen since are kept.
    """
    before, served = search.view.served, seen[0].view.served
    short = _short(*seen) * can
    if before is None or served is None or not (short > EDGE).any():
        return None
    asked = np.where(short > EDGE, np.minimum(before.asked + times * (short + AIM), 1.0), before.asked)
    return replace(search, view=replace(search.view, served=replace(served, asked=asked)))


def _rank(search: Search, found: Solved, can: NDArray[np.bool_]) -> tuple[float, float]:
    """Return how good a plan is: first the service that is missing though it is in reach, then what it costs."""
    return -round(float((_short(search, found) * can).sum()), DIGITS), worth(search, found)


def _short(search: Search, found: Solved) -> NDArray[np.float64]:
    """Return the share of each product's demand by which a plan falls short of the service wanted."""
    served = search.view.served
    wanted = np.zeros(search.problem.shape[0]) if served is None else served.wanted
    there = service_of(search.problem, np.maximum(found.solution.values["supply"], 0.0))
    return np.asarray(np.maximum(wanted - there, 0.0), dtype=float)


def within_reach(search: Search, found: Solved) -> Search:
    """Return the search that wants no more of any product than a plan serves, less ``ABOVE`` where that is too little."""
    served = search.view.served
    if served is None:
        return search
    short = _short(search, found)
    if not (short > EDGE).any():
        return search
    share = np.where(short > EDGE, served.wanted - short - ABOVE, served.wanted)
    return replace(search, view=replace(search.view, served=replace(served, wanted=share, asked=share)))


def _corrected(
    asked: NDArray[np.float64], off: NDArray[np.float64], solution: Solution, curved: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the shares to ask for next, and for which products they differ.

    Where service is out of reach asking for more moves nothing, nor does asking for less where it comes of itself.
    """
    tight = np.zeros(len(asked), dtype=bool)
    tight[curved] = solution.duals["service"] < -EDGE
    if not curved.all():
        tight[~curved] = solution.duals["service, planes"] < -EDGE
    out = solution.values["unserved"] > EDGE
    wrong = ((off < -EDGE) & ~out) | ((off > ABOVE) & tight)
    return np.where(wrong, np.clip(asked - off + AIM, 0.0, 1.0 + AIM), asked), wrong
