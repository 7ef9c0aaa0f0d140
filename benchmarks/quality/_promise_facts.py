"""What promises are made from in a generated factory: its network and plan, without the tables of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.promising.facts import PLENTY, Facts, Line, Way

if TYPE_CHECKING:
    from lotwise.plan.lots import Plan
    from lotwise.plan.network.flow import Flow
    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

EDGE = 1e-6


def facts_of(problem: Problem, network: Network, plan: Plan, flow: Flow) -> Facts:
    """Return what a plan over a network of one site leaves free; each item is made or bought by one activity.

    Parameters
    ----------
    problem, network, plan, flow
        As ``make`` takes and returns them; firm units are taken off what is planned.
    """
    items, activities, machines = network.items, network.activities, network.machines
    gives = activities.gives.tocoo()
    maker = dict(zip(gives.row.tolist(), gives.col.tolist(), strict=True))
    setups = {activity: _setups(network, activity) for activity in maker.values()}
    ways, bought, opens = {}, np.zeros(items.arriving.shape), {}
    for item, activity in maker.items():
        if activities.kinds[activity] == "buy":
            wait = int(activities.lead[activity])
            bought[item, wait:] = PLENTY
            opens[items.names[item]] = wait
        else:
            ways[items.names[item]] = _way(network, activity, setups[activity])
    free, planned = flow.stock.copy(), np.zeros(flow.stock.shape)
    sold = np.flatnonzero(items.product >= 0)
    product = items.product[sold]
    owed = np.zeros(problem.shape) if problem.firm is None else problem.firm
    free[sold] = problem.opening[product, None] + np.cumsum(plan.supply[product] - owed[product], axis=1)
    planned[sold] = plan.supply[product]
    up, shared = np.zeros(free.shape, dtype=bool), np.zeros(free.shape, dtype=bool)
    for item, activity in maker.items():
        family, own = setups[activity]
        up[item] = flow.times[own] > 0 if own >= 0 else True
        shared[item] = flow.times[family] > 0 if family >= 0 else True
    load = network.activities.uses @ flow.level + network.switches.hours @ flow.times
    demand = np.full(free.shape, np.nan)
    money = dict(
        zip(problem.products, zip(problem.terms.price.tolist(), problem.terms.cost.tolist(), strict=True), strict=True)
    )
    if flow.demand_price is not None:
        demand[sold] = np.maximum(flow.demand_price[product], 0.0)
    return Facts(
        weeks=problem.weeks, machines=machines.names, items=items.names,
        regular=np.maximum(machines.hours - (load - flow.overtime) - EDGE, 0.0),
        extra=np.maximum(machines.overtime - flow.overtime - EDGE, 0.0), overtime_cost=machines.overtime_cost,
        open_hours=machines.hours.mean(axis=1), machine_price=flow.machine_price, item_price=flow.item_price,
        demand_price=demand, free=np.minimum(np.maximum(free - EDGE, 0.0) + bought, PLENTY), planned=planned,
        up=up, shared=shared, ways=ways, opens=opens, products=money,
    )  # fmt: skip


def _setups(network: Network, activity: int) -> tuple[int, int]:
    """Return the switch of an activity's family, and its own; -1 for none."""
    weight = network.switches.weight.tocsc()
    mine = weight.indices[weight.indptr[activity] : weight.indptr[activity + 1]].tolist()
    members = np.diff(network.switches.weight.tocsr().indptr)
    shared = [switch for switch in mine if network.switches.kinds[switch] == "setup" and members[switch] > 1]
    own = [switch for switch in mine if network.switches.kinds[switch] == "setup" and members[switch] == 1]
    return (shared or [-1])[0], (own or [-1])[0]


def _way(network: Network, activity: int, setups: tuple[int, int]) -> Way:
    activities, names = network.activities, network.items.names
    uses, takes, hours = activities.uses.tocsc(), activities.takes.tocsc(), network.switches.hours.tocsc()
    mine = slice(uses.indptr[activity], uses.indptr[activity + 1])
    steps = [(int(machine), float(each), 0.0, 0.0) for machine, each in zip(uses.indices[mine], uses.data[mine], strict=True)]
    for place, switch in enumerate(setups):
        if switch >= 0:
            mine = slice(hours.indptr[switch], hours.indptr[switch + 1])
            for machine, each in zip(hours.indices[mine], hours.data[mine], strict=True):
                steps.append((int(machine), 0.0, 0.0 if place == 0 else float(each), float(each) if place == 0 else 0.0))
    mine = slice(takes.indptr[activity], takes.indptr[activity + 1])
    lines = [Line(names[item], float(each)) for item, each in zip(takes.indices[mine], takes.data[mine], strict=True)]
    return Way(steps=tuple(steps), lines=tuple(lines), lead=int(activities.lead[activity]))
