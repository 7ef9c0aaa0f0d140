"""The network as rows of a program: balances of items, hours of machines, switches, room, promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.limits import promised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem
    from lotwise.plan.solver import Model

TIE = 0.01
"""Weeks of holding that a unit left after the last week costs the program, so that a material is kept rather than what is
made of it."""
LATE = 5.0
"""Money for one promised unit that is a week late, in prices of the product: more than making it early ever costs."""
MISSING = 50.0
"""Money for one unit or hour that is not there, in the largest price of any product: nothing is worth that."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is decided of a network so far, and how its program is made.

    Parameters
    ----------
    low, high
        Least and most of each level; ``(n_activities, n_weeks)``.
    reach
        Most of each level that can be while its switches are on; ``(n_activities, n_weeks)``. Tighter than ``high``, but no
        bound of its own: it would take the worth of the machines' rows.
    off, on
        Least and most times each switch is on; ``(n_switches, n_weeks)``.
    penalty
        Money for one unit or hour that is missing, which shows what does not fit; none where nothing may be missing.
    whole
        Whether times on, and levels with a multiple, are whole numbers.
    level_cost, times_cost
        Money for one unit of level and one time on, where they differ from the network's; ``(n_activities, n_weeks)``,
        ``(n_switches, n_weeks)``.
    late
        Money for one promised unit one week late, ``(n_products,)``; by default more than making it in time costs.
    supply
        Least and most supply for sale, where it is decided; ``(n_products, n_weeks)`` each.
    crowds
        Whether to say that members of a set-up take no more than a machine has: what the rows of machines say already where
        everything comes whole.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    reach: NDArray[np.float64]
    off: NDArray[np.float64]
    on: NDArray[np.float64]
    penalty: float | None = None
    whole: bool = False
    level_cost: NDArray[np.float64] | None = None
    times_cost: NDArray[np.float64] | None = None
    late: NDArray[np.float64] | None = None
    supply: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    crowds: bool = True


def add_network(model: Model, problem: Problem, network: Network, bounds: Bounds) -> NDArray[np.int64]:
    """Add everything a network can do to a model; return its columns of supply, ``(n_products, n_weeks)``.

    The blocks of columns are ``level``, ``times``, ``stock``, ``overtime``, ``below safety``, ``missing units``,
    ``missing hours``, ``missing``, ``more`` and ``less``; of rows ``items``, ``machines``, ``rooms`` and ``promises``.
    """
    activities, switches, weeks = network.activities, network.switches, network.weeks
    least, largest = (0.0, np.inf) if bounds.supply is None else bounds.supply
    supply = model.var("supply", problem.shape, low=least, high=largest, gain=-problem.terms.cost[:, None])
    level_cost = activities.cost[:, None] if bounds.level_cost is None else bounds.level_cost
    times_cost = switches.cost[:, None] if bounds.times_cost is None else bounds.times_cost
    shape = (len(switches.names), weeks)
    level = model.var("level", bounds.high.shape, low=bounds.low, high=bounds.high, gain=-level_cost)
    times = model.var("times", shape, low=bounds.off, high=bounds.on, gain=-times_cost, integer=bounds.whole)
    stock = _add_items(model, network, supply, level, bounds.penalty)
    _add_machines(model, network, level, times, bounds.penalty)
    _add_switches(model, network, level, times, bounds)
    if bounds.crowds:
        _add_crowds(model, network, level, times)
    _add_rooms(model, network, stock)
    _add_promises(model, problem, supply, bounds.late)
    _add_changes(model, network, level)
    if bounds.whole:
        _add_multiples(model, network, level, bounds)
    return supply


def penalty_of(problem: Problem) -> float:
    """Return money for one missing unit or hour that nothing is worth."""
    return MISSING * max(float(problem.terms.price.max(initial=0.0)), 1e-3)


def _add_items(
    model: Model, network: Network, supply: NDArray[np.int64], level: NDArray[np.int64], penalty: float | None
) -> NDArray[np.int64]:
    """Add stocks and the balance of every item and week; return the columns of stock of the items that keep."""
    items, activities, weeks = network.items, network.activities, network.weeks
    keeps, sold = np.flatnonzero(items.keeps), np.flatnonzero(items.product >= 0)
    gain = np.repeat(-items.holding[keeps, None], weeks, axis=1)
    gain[:, -1:] = -(items.left + TIE * items.holding)[keeps, None]
    stock = model.var("stock", (len(keeps), weeks), gain=gain)
    rows = model.row("items", items.arriving.shape, -items.arriving, -items.arriving)
    model.add(rows[keeps], stock, -1.0)
    model.add(rows[keeps, 1:], stock[:, :-1], 1.0)
    model.add(rows[sold], supply[items.product[sold]], -1.0)
    takes, gives = activities.takes.tocoo(), activities.gives.tocoo()
    model.add(rows[takes.row], level[takes.col], -takes.data[:, None])
    lead = activities.lead[gives.col]
    for wait in np.unique(lead[lead < weeks]):
        chosen = lead == wait
        model.add(rows[gives.row[chosen], wait:], level[gives.col[chosen], : weeks - wait], gives.data[chosen, None])
    short = model.var("missing units", items.arriving.shape, high=0.0 if penalty is None else np.inf, gain=-(penalty or 0.0))
    model.add(rows, short, 1.0)
    guarded = np.flatnonzero(items.keeps & (items.safety > 0))
    below = model.var("below safety", (len(guarded), weeks), gain=-items.safety_cost[guarded, None])
    held = model.row("safety", (len(guarded), weeks), low=items.safety[guarded, None])
    model.add(held, stock[np.searchsorted(keeps, guarded)], 1.0)
    model.add(held, below, 1.0)
    return stock


def _add_machines(
    model: Model, network: Network, level: NDArray[np.int64], times: NDArray[np.int64], penalty: float | None
) -> None:
    machines, uses, hours = network.machines, network.activities.uses.tocoo(), network.switches.hours.tocoo()
    rows = model.row("machines", machines.hours.shape, high=machines.hours)
    extra = model.var("overtime", machines.hours.shape, high=machines.overtime, gain=-machines.overtime_cost[:, None])
    model.add(rows, extra, -1.0)
    model.add(rows[uses.row], level[uses.col], uses.data[:, None])
    model.add(rows[hours.row], times[hours.col], hours.data[:, None])
    high = 0.0 if penalty is None else np.inf
    model.add(rows, model.var("missing hours", machines.hours.shape, high=high, gain=-(penalty or 0.0)), -1.0)


def _add_switches(model: Model, network: Network, level: NDArray[np.int64], times: NDArray[np.int64], bounds: Bounds) -> None:
    """Add that members run only while their switch is on, and by how much."""
    switches, weeks = network.switches, network.weeks
    member = switches.weight.tocoo()
    reach = np.minimum(member.data[:, None] * bounds.reach[member.col], switches.largest[member.row, None])
    stops = model.row("stops", (len(member.row), weeks), high=0.0)
    model.add(stops, level[member.col], member.data[:, None])
    model.add(stops, times[member.row], -reach)
    for name, low, high, each in (
        ("least", 0.0, np.inf, switches.least),
        ("largest", -np.inf, 0.0, np.where(np.isfinite(switches.largest), switches.largest, 0.0)),
    ):
        several = np.diff(switches.weight.indptr) > (1 if name == "largest" else 0)
        bound = np.flatnonzero((each > 0) & several)
        rows = model.row(name, (len(bound), weeks), low=low, high=high)
        place = np.full(len(each), -1)
        place[bound] = np.arange(len(bound))
        mine = place[member.row] >= 0
        model.add(rows[place[member.row[mine]]], level[member.col[mine]], member.data[mine, None])
        model.add(rows, times[bound], -each[bound, None])


def _add_crowds(model: Model, network: Network, level: NDArray[np.int64], times: NDArray[np.int64]) -> None:
    """Add that all members of a set-up together take no more than a machine has, and nothing while it is off.

    With whole set-ups the rows of machines and stops say so already; in the linear program it keeps a family that fills its
    machine from being set up in part.
    """
    machines, switches = network.machines, network.switches
    given = -np.minimum(switches.hours.toarray(), 0.0) @ (switches.most[:, None] * switches.open)
    there = machines.hours + machines.overtime + given
    member, uses = (switches.weight > 0).tocsc(), network.activities.uses.tocoo()
    taken = (network.activities.uses @ member.T.tocsr()).tocoo()  # machine by switch: whether its members run there
    rows = model.row("crowds", (len(taken.row), network.weeks), high=0.0)
    count = np.diff(member.indptr)[uses.col]
    entry = np.repeat(np.arange(len(uses.data)), count)
    first = np.repeat(np.cumsum(count) - count, count)
    switch = member.indices[np.repeat(member.indptr[uses.col], count) + np.arange(len(entry)) - first]
    number = np.zeros(switches.hours.shape, dtype=np.int64)
    number[taken.row, taken.col] = np.arange(len(taken.row))
    model.add(rows[number[uses.row[entry], switch]], level[uses.col[entry]], uses.data[entry, None])
    own = np.maximum(switches.hours.toarray(), 0.0)[taken.row, taken.col]
    model.add(rows, times[taken.col], own[:, None] - there[taken.row])


def _add_multiples(model: Model, network: Network, level: NDArray[np.int64], bounds: Bounds) -> None:
    """Add that levels are whole multiples, but for those that are decided."""
    step = network.activities.multiple
    free = np.nonzero((step > 0)[:, None] & (bounds.low < bounds.high))
    count = model.var("count", (len(free[0]),), integer=True)
    rows = model.row("multiples", (len(free[0]),), 0.0, 0.0)
    model.add(rows, level[free], 1.0)
    model.add(rows, count, -step[free[0]])


def _add_rooms(model: Model, network: Network, stock: NDArray[np.int64]) -> None:
    items = network.items
    rows = model.row("rooms", (len(network.sites), network.weeks), high=np.array(network.room, dtype=float).reshape(-1, 1))
    keeps = np.flatnonzero(items.keeps)
    for number, site in enumerate(network.sites):
        there = np.array([items.sites[item] == site and items.space[item] > 0 for item in keeps], dtype=bool)
        model.add(rows[number], stock[there], items.space[keeps[there], None])


def _add_promises(model: Model, problem: Problem, supply: NDArray[np.int64], cost: NDArray[np.float64] | None) -> None:
    """Add the promised units, and that those not there in time are late in every week until they are."""
    if problem.firm is None:
        model.var("missing", (0, problem.shape[1]))
        return
    owed = np.maximum(np.cumsum(problem.firm, axis=1) - problem.opening[:, None], 0.0)
    who = np.flatnonzero(owed[:, -1] > 0)
    late = model.var(
        "missing", (len(who), problem.shape[1]), gain=-(late_unit(problem, who) if cost is None else cost[who])[:, None]
    )
    rows = model.row("promises", late.shape, low=owed[who])
    model.add(rows, late, 1.0)
    for week in range(problem.shape[1]):
        model.add(rows[:, week:], supply[who, week, None], 1.0)


def late_cost(problem: Problem, missing: NDArray[np.float64]) -> float:
    """Return the money by which promised units that are late steer a plan, from the program's block ``missing``."""
    if problem.firm is None:
        return 0.0
    owed = np.cumsum(problem.firm, axis=1)[:, -1] - problem.opening
    return float((late_unit(problem, np.flatnonzero(owed > 0))[:, None] * missing).sum())


def late_unit(problem: Problem, who: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the money by which one promised unit of some products steers a plan for each week it is late."""
    return np.asarray(LATE * np.maximum(problem.terms.price[who], 1e-3), dtype=float)


def missing_promises(problem: Problem, supply: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the units of each promise (``limits.promised``) that a supply does not keep."""
    products, weeks, owed = promised(problem)
    there = np.cumsum(supply, axis=1)[products, weeks]
    return np.maximum(np.round(owed - there, 6), 0.0) + 0.0


def _add_changes(model: Model, network: Network, level: NDArray[np.int64]) -> None:
    """Add the cost of every unit by which a level differs from the plan before."""
    activities = network.activities
    known = np.isfinite(activities.before) & (activities.change_cost > 0)[:, None] & (activities.low < activities.high)
    where = np.nonzero(known)
    cost = activities.change_cost[where[0]]
    more, less = (model.var(name, (len(cost),), gain=-cost) for name in ("more", "less"))
    rows = model.row("changes", (len(cost),), activities.before[where], activities.before[where])
    model.add(rows, level[where], 1.0)
    model.add(rows, more, -1.0)
    model.add(rows, less, 1.0)
