"""Makes the plan of a problem over its network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from lotwise.plan.curves import has_curve
from lotwise.plan.lots import Plan
from lotwise.plan.network.charges import charges_of, shared_out
from lotwise.plan.network.fix import Search, Solved, fix, is_lumpy, relaxed_bounds, used_times
from lotwise.plan.network.flow import Flow
from lotwise.plan.network.follow import follow, worth
from lotwise.plan.network.prices import corner_prices, prices_of
from lotwise.plan.network.risk import averse, settled
from lotwise.plan.network.risk import start as first_cuts
from lotwise.plan.network.rows import missing_promises
from lotwise.plan.network.sale import View
from lotwise.plan.network.service import close, dear, reached
from lotwise.plan.network.service import start as first_service
from lotwise.plan.network.unconstrained import UNPAID, times_of, unlimited
from lotwise.plan.settle import expect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network
    from lotwise.plan.network.prices import Prices
    from lotwise.plan.network.rows import Bounds
    from lotwise.plan.problem import Problem


@dataclass(frozen=True, slots=True)
class Options:
    """How a plan over a network is made.

    Parameters
    ----------
    breakpoints
        Pieces of each curve.
    mode
        ``"profit"``: what earns most; ``"service"``: the least cost that meets ``service``, or as much of it as there is
        capacity for (``service``); ``"unconstrained"``: no limit of machines, rooms, supplies and lots (``unconstrained``).
    service
        Share of each product's demand to be met in its week, as ``served.service_of`` counts it; ``(n_products,)``; used
        with ``mode="service"``.
    risk, tail
        Weight of the mean profit of the worst share ``tail`` of scenarios (CVaR, ``risk``) against the mean of all; of no
        use with ``mode="service"``, in which nothing is earned.
    gap
        Share of the bound by which a plan may fall short of it; beyond half of that a closer bound is worked out.
    prices
        Whether to work out prices and how far they hold; without, they are those of the last program.
    """

    breakpoints: int = 12
    mode: Literal["profit", "service", "unconstrained"] = "profit"
    service: NDArray[np.float64] | None = None
    risk: float = 0.0
    tail: float = 0.1
    gap: float = 0.01
    prices: bool = True


DIGITS = 6
CLOSELY = 35_000
"""Rows up to which a closer bound is worked out: it takes about three times the linear program's time."""


def make(problem: Problem, network: Network, options: Options | None = None) -> tuple[Plan, Flow]:
    """Return the plan that earns the most on average over the problem's scenarios, and what the network does for it.

    Parameters
    ----------
    problem
        The demand side: scenarios, what a unit earns, opening stock of products, promised units. Its resources and lot
        rules are not looked at: the network says what limits.
    network
        The supply side.
    options
        How; the defaults of ``Options`` where absent.

    Returns
    -------
    plan
        Supply for sale, what it earns (the network's charges included), the bound: what no plan exceeds in the measure
        that is maximized, which counts changes against the plan before and promises that are late, shown as the plan's
        own profit plus what may be left to gain. In mode ``"service"`` that is cost which might be saved at the same
        service; with ``risk`` it is weighted profit.
    flow
        Levels, times on, stocks, overtime, charges, prices.

    Raises
    ------
    RuntimeError
        What is decided already cannot be carried out; ``build`` makes sure that it can.
    ValueError
        The mode is ``"service"``, and no service is given.
    """
    options = Options() if options is None else options
    if (problem.demand == problem.demand[:1]).all():
        problem = replace(problem, demand=problem.demand[:1])
    search = _search(problem, network, options)
    free = relaxed_bounds(search.problem, search.network)
    search, relaxed = _relaxed(search, free)
    if not relaxed.solution.feasible:
        message = "What is decided already (frozen weeks, approved lots) does not fit the network, which build should have seen"
        raise RuntimeError(message)
    bound = relaxed.solution.objective + relaxed.slack
    found = relaxed
    if is_lumpy(search.network):
        found = fix(search, relaxed, bound=bound)
        if relaxed.rows <= CLOSELY and bound - found.solution.objective > options.gap / 2 * abs(bound):
            strong = search.solve_strong(free, relaxed)
            bound = min(bound, strong.solution.objective + strong.slack)
    if search.view.served is not None:
        search, found, left = reached(search, relaxed, found, bound)
    else:
        search, found, left = _improved(search, free, found, bound)
    return _published(problem, network, search, found, left, _prices(problem, search, found, options))


def _search(problem: Problem, network: Network, options: Options) -> Search:
    """Return what is planned in a mode, and how."""
    if options.mode == "service":
        if options.service is None:
            message = "Found mode 'service' without the share of each product's demand to serve: give 'service' too"
            raise ValueError(message)
        problem = dear(problem)
        return Search(problem, network, options.breakpoints, View(served=first_service(problem, options.service)))
    network = unlimited(network) if options.mode == "unconstrained" else network
    worst = first_cuts(problem, risk=options.risk, tail=options.tail)
    return Search(problem, network, options.breakpoints, View(worst=worst))


def _relaxed(search: Search, free: Bounds) -> tuple[Search, Solved]:
    """Return the linear program's optimum in which everything may happen in part, and the search with the cuts it took."""
    if search.view.worst is not None:
        return averse(search, free)[:2]
    if search.view.served is not None:
        return close(search, free)
    return search, search.solve(free)


def _improved(search: Search, free: Bounds, found: Solved, bound: float) -> tuple[Search, Solved, float]:
    """Return the search, its best plan, and what may be left to gain."""
    problem = search.problem
    if search.view.worst is not None:
        search, found = settled(search, free, found)
    found = follow(search, found)
    if len(problem.demand) > 1 and not has_curve(problem).all():
        view = replace(search.view, around=found.solution.values["supply"], reach=0.0, close=True)
        above = replace(search, view=view).solve(free)
        bound = above.solution.objective + above.slack
    return search, found, max(bound - worth(search, found), 0.0)


def _prices(problem: Problem, search: Search, found: Solved, options: Options) -> Prices:
    """Return the prices of a plan; those of what is not limited are those of the last program."""
    if not options.prices or options.mode == "unconstrained":
        return corner_prices(search, found)
    prices = prices_of(search, found)
    if options.mode != "service":
        return prices
    return replace(prices, demand=prices.demand + (problem.terms.price - search.problem.terms.price)[:, None])


def _published(
    problem: Problem, network: Network, search: Search, found: Solved, left: float, prices: Prices
) -> tuple[Plan, Flow]:
    """Return a solution as a plan and its flow."""
    values = found.solution.values
    supply = np.asarray(np.round(np.maximum(values["supply"], 0.0), DIGITS) + 0.0, dtype=float)
    stock = np.zeros(network.items.arriving.shape)
    stock[network.items.keeps] = np.maximum(values["stock"], 0.0)
    level = np.maximum(values["level"], 0.0)
    is_limited = search.network is network
    times = used_times(network, level, np.rint(values["times"])) if is_limited else times_of(network, level)
    load = network.activities.uses @ level + network.switches.hours @ times
    overtime = np.clip(load - network.machines.hours, 0.0, network.machines.overtime)
    charges = charges_of(network, level, times, stock, overtime)
    left += 0.0 if is_limited else sum(float(charges[cause].sum()) for cause in UNPAID)
    flow = Flow(
        level=level,
        times=times,
        stock=stock,
        overtime=overtime,
        charges=charges,
        machine_price=prices.machine,
        item_price=prices.item,
        room_price=prices.room,
        demand_price=prices.demand,
        ranges=prices.ranges,
    )
    outcome = expect(problem, supply, charges=shared_out(problem, supply, charges))
    plan = Plan(
        supply=supply,
        outcome=outcome,
        bound=float(outcome.profit.sum()) + left,
        price=np.zeros(problem.resources.capacity.shape),
        rows=found.rows,
        columns=found.columns,
        missing=missing_promises(problem, supply),
        needs=np.zeros(problem.resources.capacity.shape, dtype=bool),
        flow=flow,
    )
    return plan, flow
