"""What a plan over a network must keep, written from the meaning of the arrays alone: no solver, no row of any program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from lotwise.plan.lots import Plan
    from lotwise.plan.network.flow import Flow
    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

    Array = npt.NDArray[np.float64]

EDGE = 1e-5
"""Share of the units that move through a balance by which it may miss: flows are published to six digits."""


@dataclass(frozen=True)
class Done:
    """What is done, as in ``Flow``."""

    level: Array
    times: Array
    stock: Array
    overtime: Array


def breaches(problem: Problem, network: Network, plan: Plan, flow: Flow) -> list[str]:
    """Return every rule that the plan breaks, in words; none where it keeps them all."""
    found = _of_levels(network, flow) + _of_switches(network, flow) + _of_items(network, plan.supply, flow)
    found += _of_machines(network, flow) + _of_rooms(network, flow)
    if plan.supply.shape != problem.shape:
        found.append(f"supply has shape {plan.supply.shape}, not {problem.shape}")
    return found + _of_money(problem, network, plan, flow)


def of_decisions(network: Network, level: Array, times: Array) -> list[str]:
    """Return every rule that levels and times alone break; stocks and overtime are what follows from them."""
    keeps = network.items.keeps[:, None]
    busy = np.maximum(hours(network, level, times) - network.machines.hours, 0.0)
    stock = np.where(keeps, stocks(network, level), 0.0)
    supply = np.zeros((int(network.items.product.max(initial=-1)) + 1, network.weeks))
    sold = (network.items.product >= 0) & ~network.items.keeps
    np.add.at(supply, network.items.product[sold], stocks(network, level)[sold])
    done = Done(level, times, stock, busy)
    return (
        _of_levels(network, done) + _of_switches(network, done) + _of_items(network, supply, done) + _of_machines(network, done)
    )


def given(network: Network, level: Array) -> Array:
    """Return the units each item is given in each week, ``lead`` weeks after activities start; ``(n_items, n_weeks)``."""
    weeks, activities = network.weeks, network.activities
    later = np.zeros_like(level)
    for number, lead in enumerate(activities.lead.tolist()):
        later[number, lead:] = level[number, : max(weeks - lead, 0)]
    return np.asarray(activities.gives @ later)


def stocks(network: Network, level: Array) -> Array:
    """Return what is left of each item at the end of each week, on the books; ``(n_items, n_weeks)``."""
    balance = network.items.arriving + given(network, level) - network.activities.takes @ level
    return np.asarray(np.where(network.items.keeps[:, None], np.cumsum(balance, axis=1), balance))


def hours(network: Network, level: Array, times: Array) -> Array:
    """Return the hours each machine is busy; ``(n_machines, n_weeks)``."""
    return np.asarray(network.activities.uses @ level + network.switches.hours @ times)


def charges(network: Network, level: Array, times: Array) -> dict[str, Array]:
    """Return the money above standard of each cause; ``(n_weeks,)`` each."""
    activities, switches, items = network.activities, network.switches, network.items
    stock = np.where(items.keeps[:, None], np.maximum(stocks(network, level), 0.0), 0.0)
    extra = np.maximum(hours(network, level, times) - network.machines.hours, 0.0)
    found = {"overtime": network.machines.overtime_cost @ extra}
    for kind in ("setup", "lot", "order", "shift"):
        found[kind] = np.array([name == kind for name in switches.kinds], dtype=float) * switches.cost @ times
    for kind in ("buy", "make", "move", "replace"):
        found[kind] = np.array([name == kind for name in activities.kinds], dtype=float) * activities.cost @ level
    carried = stock.copy()
    carried[:, -1] = 0.0
    found["holding"] = items.holding @ carried
    short = np.maximum(items.safety[:, None] - stock, 0.0)
    found["safety"] = np.where(items.keeps, items.safety_cost, 0.0) @ short
    found["left"] = np.zeros(network.weeks)
    found["left"][-1] = items.left @ stock[:, -1]
    return found


def _of_levels(network: Network, flow: Flow | Done) -> list[str]:
    activities, level = network.activities, flow.level
    room = EDGE * (1.0 + np.abs(level))
    step = np.where(activities.multiple > 0, activities.multiple, 1.0)[:, None]
    odd = np.abs(level / step - np.rint(level / step)) > EDGE
    name = _named(activities.names)
    return [
        *_cells("level below its least", level < activities.low - room, name),
        *_cells("level above its most", level > activities.high + room, name),
        *_cells("level that is no whole multiple", odd & (activities.multiple > 0)[:, None], name),
    ]


def _of_switches(network: Network, flow: Flow | Done) -> list[str]:
    switches, times = network.switches, flow.times
    load = np.asarray(switches.weight @ flow.level)
    with np.errstate(invalid="ignore"):
        most = np.where(times > 0, times * switches.largest[:, None], 0.0)
    name, room = _named(switches.names), EDGE * (1.0 + load)
    members = np.diff(switches.weight.indptr) > 0
    return [
        *_cells("times that are not whole", np.abs(times - np.rint(times)) > 0, name),
        *_cells("times below 0 or above most", (times < 0) | (times > switches.most[:, None]), name),
        *_cells("on while it may not be", (times > 0) & ~switches.open, name),
        *_cells("less than the least", load < times * switches.least[:, None] - room, name),
        *_cells("more than the largest", members[:, None] & (load > most + room), name),
    ]


def _of_items(network: Network, told: Array, flow: Flow | Done) -> list[str]:
    items = network.items
    gives, takes = given(network, flow.level), np.asarray(network.activities.takes @ flow.level)
    moved = np.cumsum(items.arriving + gives + takes, axis=1)
    room, name = EDGE * (1.0 + moved), _named(tuple(map(" at ".join, zip(items.names, items.sites, strict=True))))
    keeps, sold = items.keeps[:, None], (items.product >= 0)[:, None]
    books = stocks(network, flow.level)
    found = _cells("stock below 0", (books < -room) & ~(sold & ~keeps), name)
    found += _cells("stock unlike the books", keeps & (np.abs(flow.stock - books) > room), name)
    found += _cells("stock of what does not keep", ~keeps & (flow.stock != 0), name)
    supply = np.zeros_like(told)
    direct = (items.product >= 0) & ~items.keeps
    np.add.at(supply, items.product[direct], books[direct])
    off = np.abs(told - supply) > EDGE * (1.0 + supply)
    return found + _cells("supply unlike what is given", off, lambda number: f"product {number}")


def _of_machines(network: Network, flow: Flow | Done) -> list[str]:
    machines = network.machines
    busy, name = hours(network, flow.level, flow.times), _named(machines.names)
    room = EDGE * (1.0 + machines.hours)
    return [
        *_cells("busier than open", busy > machines.hours + flow.overtime + room, name),
        *_cells("overtime above its most", flow.overtime > machines.overtime + room, name),
        *_cells("overtime below 0", flow.overtime < 0, name),
    ]


def _of_rooms(network: Network, flow: Flow) -> list[str]:
    if not network.sites:
        return []
    at = np.array([[site == own for own in network.items.sites] for site in network.sites], dtype=float)
    full = at @ (network.items.space[:, None] * flow.stock)
    room = np.array(network.room)[:, None]
    return _cells("more stored than there is room", full > room * (1 + EDGE) + EDGE, _named(network.sites))


def _of_money(problem: Problem, network: Network, plan: Plan, flow: Flow) -> list[str]:
    found, true = [], charges(network, flow.level, flow.times)
    for cause, money in true.items():
        told = flow.charges.get(cause, np.zeros(network.weeks))
        if cause == "lot" and cause not in flow.charges:
            continue
        if np.abs(told - money).max(initial=0.0) > EDGE * (
            1.0 + np.abs(money).sum() + problem.terms.cost @ plan.supply.sum(axis=1)
        ):
            found.append(f"charges: {cause} of {told.round(3).tolist()}, found {money.round(3).tolist()}")
    return found


def _named(names: tuple[str, ...]) -> Callable[[int], str]:
    return lambda number: names[number]


def _cells(what: str, broken: npt.NDArray[np.bool_], name: Callable[[int], str]) -> list[str]:
    return [f"{what}: {name(int(row))} in week {week}" for row, week in np.argwhere(broken)]
