"""Makes the plan of a problem some of whose products are assembled after they are ordered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.charges import charges_of, shared_out
from lotwise.plan.network.fix import is_lumpy, used_times
from lotwise.plan.network.made import Options, make
from lotwise.plan.network.pooling.assembly import assembly_of
from lotwise.plan.network.pooling.bound import bound
from lotwise.plan.network.pooling.cases import cases
from lotwise.plan.network.pooling.orders import terms_of_firm
from lotwise.plan.network.pooling.reduction import reduce
from lotwise.plan.network.pooling.serving import Room, serve
from lotwise.plan.network.rows import late_cost
from lotwise.plan.settle import Outcome, expect, settle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.lots import Plan
    from lotwise.plan.network.flow import Flow
    from lotwise.plan.network.network import Network
    from lotwise.plan.network.pooling.assembly import Assembly
    from lotwise.plan.network.pooling.cases import Cases
    from lotwise.plan.network.pooling.serving import Served
    from lotwise.plan.problem import Problem

SCENARIOS, FEW = 20, 4
"""Scenarios kept where something comes whole, as many programs are then solved; and the fewest where one would be too large."""
CELLS = 40_000
"""Rows of items, machines and demand in all cases together, about: where nothing comes whole as many scenarios are kept."""
RESERVES = (0.0, 1.0)
"""Shares of the prices that assembly asks for: the one that earns most in all scenarios is carried out."""
DIGITS = 6


def pool(problem: Problem, network: Network, options: Options | None = None) -> tuple[Plan, Flow]:
    """Return the plan that earns the most where some products are assembled only once they are ordered.

    Decided here and now: everything but the last make activity of the products that ``problem.on_order`` names and that can
    wait (``ways.ways_of``): lots of components and of all other products, purchases, moves, every set-up, and the units
    that are promised. Decided once orders are known, scenario by scenario: how much of what is ordered beyond promises and
    opening stock is assembled in its week or later, within the components and hours that are there. Nothing is assembled
    ahead. What the orders of a scenario are becomes known week by week.

    Parameters
    ----------
    problem, network
        As for ``made.make``.
    options
        As there; with another mode than ``"profit"``, or a weight of risk, all products are planned ahead.

    Returns
    -------
    plan
        Supply of a product that is assembled after the order is its promised units and the mean of what is assembled; its
        outcome is the mean over all scenarios of carrying assembly out without foresight (``serving``). The bound holds for
        every such plan in all scenarios.
    flow
        With the mean of assembly, and of the stock it leaves. ``expected`` is the part of each level that no work order is
        written for yet. Overtime is that of the mean load; its charge is the mean over the scenarios, which is no less.

    Notes
    -----
    Where ``on_order`` is absent, or nothing it names can wait, the plan is that of ``made.make``, to the last digit.

    The bound lets assembly look ahead within a scenario, which nobody can: what the plan may fall short of it is mostly that.

    References
    ----------
    Gerchak and Henig (1986), an inventory model with component commonality; Song and Zipkin (2003), supply chain operations:
    assemble-to-order systems; Heitsch and Roemisch (2003) for the reduced scenarios.
    """
    options = Options() if options is None else options
    assembly = assembly_of(problem, network) if options.mode == "profit" and options.risk == 0 else None
    if assembly is None:
        return make(problem, network, options)
    size = _size(assembly)
    kept = min(SCENARIOS, size) if is_lumpy(network) else size
    two_stage = cases(assembly, *reduce(_asked(assembly), kept))
    plan, flow = make(two_stage.problem, two_stage.network, options)
    flow = _here_and_now(assembly, two_stage, flow)
    room = _room(network, flow)
    served = max((serve(assembly, room, reserve=share) for share in RESERVES), key=_worth)
    most = bound(assembly, plan.supply[: len(problem.products)], size=size, breakpoints=options.breakpoints)
    return _published(assembly, two_stage, (plan, flow), served, most)


def waiting(problem: Problem, network: Network, options: Options) -> NDArray[np.bool_] | None:
    """Return which products wait for their orders, of those that ``problem.on_order`` names; nothing where none does."""
    assembly = assembly_of(problem, network) if options.mode == "profit" and options.risk == 0 else None
    if assembly is None:
        return None
    found = np.zeros(len(problem.products), dtype=bool)
    found[assembly.orders.products] = True
    return found


def without_limits(problem: Problem, plan: Plan, network: Network) -> Plan:
    """Return a plan without limits in which products that wait for orders get what is ordered, when it is.

    Parameters
    ----------
    problem, network
        What is planned.
    plan
        Its plan without limits, which makes everything ahead.
    """
    assembly = assembly_of(problem, network)
    if assembly is None:
        return plan
    orders, who = assembly.orders, assembly.orders.products
    stock, terms = orders.stock, problem.terms.part(who)
    firm = np.maximum(np.cumsum(orders.firm, axis=1) - orders.reserved[:, None], 0.0)
    made = np.diff(firm, axis=1, prepend=0.0) + orders.further.mean(axis=0)
    supply, outcome = plan.supply.copy(), {name: getattr(plan.outcome, name).copy() for name in Outcome.__slots__}
    supply[who] = made
    sold = orders.firm + stock.sold.mean(axis=0) + orders.further.mean(axis=0)
    for name, value in (
        ("sold", sold),
        ("lost", np.zeros(made.shape)),
        ("left", stock.left.mean(axis=0)),
        ("expired", stock.expired.mean(axis=0)),
        ("revenue", terms.price[:, None] * (sold - stock.sold.mean(axis=0)) + stock.revenue.mean(axis=0)),
        ("cost", terms.cost[:, None] * made + stock.cost.mean(axis=0)),
    ):
        outcome[name][who] = value
    return replace(plan, supply=supply, outcome=Outcome(**outcome))


def _worth(served: Served) -> float:
    return round(served.worth, DIGITS)


def _asked(assembly: Assembly) -> NDArray[np.float64]:
    """Return what is ordered of each group in each week, in money it can earn; ``(n_scenarios, n_numbers)``."""
    terms, orders = assembly.problem.terms, assembly.orders
    parts = []
    for group in assembly.groups:
        worth = max(float(terms.price[group[0]] - terms.cost[group[0]]), 0.0)
        parts.append(worth * orders.further[:, np.searchsorted(orders.products, group)].sum(axis=1))
    return np.concatenate(parts, axis=1)


def _size(assembly: Assembly) -> int:
    """Return how many scenarios one program holds."""
    rows = sum(int((np.diff(table.tocsr().indptr) > 0).sum()) for table in (assembly.ways.takes, assembly.ways.uses))
    return max(CELLS // max((rows + len(assembly.groups)) * assembly.network.weeks, 1), FEW)


def _here_and_now(assembly: Assembly, two_stage: Cases, flow: Flow) -> Flow:
    """Return what is decided before anything is assembled, with prices over all cases."""
    network, products = assembly.network, len(assembly.problem.products)
    items, machines = len(network.items.names), len(network.machines.names)
    item_price = two_stage.over_cases(flow.item_price, items, two_stage.items)
    for number, group in enumerate(assembly.groups):
        first = items + (len(two_stage.items) + number) * two_stage.count
        item_price[np.isin(network.items.product, group)] = flow.item_price[first : first + two_stage.count].sum(axis=0)
    demand = flow.demand_price
    if demand is not None:
        own = demand[:products].copy()
        for number, group in enumerate(assembly.groups):
            first = products + number * two_stage.count
            own[group] = demand[first : first + two_stage.count].sum(axis=0)
        demand = own
    return replace(
        flow,
        level=flow.level[: len(network.activities.names)],
        stock=flow.stock[:items],
        overtime=flow.overtime[:machines],
        machine_price=two_stage.over_cases(flow.machine_price, machines, two_stage.machines),
        item_price=item_price,
        demand_price=demand,
        ranges=None,
    )


def _room(network: Network, flow: Flow) -> Room:
    """Return what a flow leaves to assembly."""
    busy = network.activities.uses @ flow.level + network.switches.hours @ flow.times
    return Room(
        stock=flow.stock,
        hours=np.maximum(network.machines.hours - busy, 0.0),
        overtime=np.maximum(network.machines.overtime - np.maximum(busy - network.machines.hours, 0.0), 0.0),
        ready=flow.times > 0,
        item_price=np.maximum(flow.item_price, 0.0),
        machine_price=flow.machine_price,
    )


def _published(
    assembly: Assembly, two_stage: Cases, here_and_now: tuple[Plan, Flow], served: Served, most: float
) -> tuple[Plan, Flow]:
    """Return the plan with the mean of what is assembled in all scenarios."""
    problem, orders, (plan, first) = assembly.problem, assembly.orders, here_and_now
    known = plan.supply[: len(problem.products)]
    supply = known.copy()
    supply[orders.products] += served.sold
    flow = _with_assembly(assembly, first, served)
    charges = shared_out(problem, supply, flow.charges)
    outcome = _outcome(assembly, known, served, charges)
    profit = float(outcome.profit.sum())
    reached = profit - float(flow.charges["change"].sum()) - _late(two_stage.problem, plan.supply)
    return (
        replace(
            plan,
            supply=np.round(supply, DIGITS) + 0.0,
            outcome=outcome,
            bound=profit + max(most - reached, 0.0),
            price=np.zeros(problem.resources.capacity.shape),
            needs=np.zeros(problem.resources.capacity.shape, dtype=bool),
            flow=flow,
        ),
        flow,
    )


def _with_assembly(assembly: Assembly, first: Flow, served: Served) -> Flow:
    """Return the flow with the mean of what is assembled, and what all of it costs above standard."""
    network, ways = assembly.network, assembly.ways
    expected = np.asarray(ways.levels @ served.way)
    level = first.level + expected
    times = used_times(network, level, first.times)
    stock = np.where(network.items.keeps[:, None], first.stock - np.cumsum(ways.takes @ served.way, axis=1), 0.0)
    stock = np.maximum(stock, 0.0)
    machines = network.machines
    alone = np.maximum(network.activities.uses @ first.level + network.switches.hours @ first.times - machines.hours, 0.0)
    load = network.activities.uses @ level + network.switches.hours @ times
    overtime = np.clip(load - machines.hours, 0.0, machines.overtime)
    charges = charges_of(network, level, times, stock, overtime)
    charges["overtime"] = machines.overtime_cost @ (np.minimum(alone, machines.overtime) + served.overtime)
    charges["change"] = first.charges["change"]
    charges["safety"] = network.items.safety_cost @ served.below
    return replace(first, level=level, times=times, stock=stock, overtime=overtime, charges=charges, expected=expected)


def _outcome(assembly: Assembly, known: NDArray[np.float64], served: Served, charges: NDArray[np.float64]) -> Outcome:
    """Return the means over all scenarios: promised units, units from opening stock, and units assembled."""
    problem, orders = assembly.problem, assembly.orders
    who, terms = orders.products, problem.terms.part(orders.products)
    ahead = expect(problem, known, charges=np.zeros(problem.shape))
    firm = settle(known[who], orders.firm, terms_of_firm(terms, problem.shape[1]), opening=orders.reserved)
    stock = orders.stock
    found = {name: getattr(ahead, name).copy() for name in Outcome.__slots__}
    price, cost, delay = terms.price[:, None], terms.cost[:, None], terms.delay[:, None]
    for name, more in (
        ("sold", served.sold),
        ("lost", served.lost),
        ("left", 0.0),
        ("expired", 0.0),
        ("revenue", price * served.sold),
        ("cost", cost * served.sold + delay * served.late),
    ):
        own = 0.0 if name == "lost" else getattr(stock, name).mean(axis=0)
        found[name][who] = getattr(firm, name) + own + more
    found["cost"] += charges
    return Outcome(**found)


def _late(problem: Problem, supply: NDArray[np.float64]) -> float:
    """Return the money by which promised units that are late steer the plan."""
    if problem.firm is None:
        return 0.0
    owed = np.maximum(np.cumsum(problem.firm, axis=1) - problem.opening[:, None], 0.0)
    missing = np.maximum(owed - np.cumsum(supply, axis=1), 0.0)
    return late_cost(problem, missing[owed[:, -1] > 0])
