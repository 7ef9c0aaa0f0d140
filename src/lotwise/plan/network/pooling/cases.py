"""The two-stage program as a network of its own: assembly, and what it takes from, once for each case.

A case is one of a few scenarios with its probability. Every item and machine that assembly takes from is there once in each
case; what is decided here and now gives to, takes from and runs on all of them at once, assembly only on those of its
case, at money times the case's probability. So the plan of this network is the plan of the two-stage program, with all that
comes whole decided for all cases together, and it is made as any other.

Stock of a component, as decided here and now, never falls below 0 in any case; a store has room for it before anything is
assembled. A machine's set-up for assembly is decided here and now: it stands ready for whatever is ordered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, hstack, kron, vstack

from lotwise.plan.network.network import Activities, Items, Machines, Network
from lotwise.plan.network.pooling.orders import terms_of_firm
from lotwise.plan.problem import Terms, no_resources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Kind
    from lotwise.plan.network.pooling.assembly import Assembly
    from lotwise.plan.network.pooling.ways import Ways
    from lotwise.plan.problem import Problem


@dataclass(frozen=True, slots=True)
class Cases:
    """A problem over a network with assembly in cases.

    Parameters
    ----------
    problem
        Products as before, of those assembled after the order only the promises; then one for each group and case, the
        cases of a group one after the other.
    network
        Items, activities, machines and switches as before, and behind them those of the cases.
    items, machines
        Numbers of the items and machines that are there once for each case; the copies of one follow one another.
    count
        Number of cases.
    """

    problem: Problem
    network: Network
    items: NDArray[np.int64]
    machines: NDArray[np.int64]
    count: int

    def over_cases(self, values: NDArray[np.float64], size: int, copied: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return values of the first ``size`` rows, those of the copies added to the rows they are copies of."""
        found = values[:size].copy()
        copies = values[size : size + len(copied) * self.count]
        found[copied] += copies.reshape(len(copied), self.count, found.shape[1]).sum(axis=1)
        return found


def cases(assembly: Assembly, chosen: NDArray[np.int64], probability: NDArray[np.float64], *, room: bool = True) -> Cases:
    """Return the two-stage program of some scenarios as a problem over a network.

    Parameters
    ----------
    assembly
        What is planned.
    chosen, probability
        Numbers of the scenarios, and how likely each is.
    room
        Whether stores need room for components before anything is assembled of them; without, a bound is true for every plan.
    """
    network, groups, count = assembly.network, assembly.groups, len(chosen)
    ways, first = _of_groups(assembly.ways, groups)
    items = np.flatnonzero(np.diff(ways.takes.tocsr().indptr) > 0)
    machines = np.flatnonzero(np.diff(ways.uses.tocsr().indptr) > 0)
    return Cases(
        problem=_problem(assembly, chosen, probability),
        network=Network(
            items=_items(assembly, items, probability, room=room),
            activities=_activities(network, ways, first, (items, machines, len(groups)), probability),
            machines=_machines(network, machines, probability),
            switches=replace(
                network.switches,
                weight=csr_array(hstack([network.switches.weight, kron(ways.member, np.ones((1, count)))])),
                hours=_copied(network.switches.hours, machines, count),
            ),
            sites=network.sites,
            room=network.room,
        ),
        items=items,
        machines=machines,
        count=count,
    )


def _of_groups(ways: Ways, groups: list[NDArray[np.int64]]) -> tuple[Ways, NDArray[np.int64]]:
    """Return the ways of each group's first product, and the number of the group of each."""
    leads = {int(group[0]): number for number, group in enumerate(groups)}
    mine = np.array([way for way, product in enumerate(ways.product.tolist()) if product in leads], dtype=np.int64)
    return ways.part(mine), np.array([leads[product] for product in ways.product[mine].tolist()], dtype=np.int64)


def _problem(assembly: Assembly, chosen: NDArray[np.int64], probability: NDArray[np.float64]) -> Problem:
    problem, orders, groups = assembly.problem, assembly.orders, assembly.groups
    scenarios, weeks = len(problem.demand), problem.shape[1]
    known = problem.demand.copy()
    known[:, orders.products] = orders.firm
    place = np.searchsorted(orders.products, np.concatenate(groups))
    ends = np.cumsum([len(group) for group in groups])[:-1]
    asked = [orders.further[np.ix_(chosen, part)].sum(axis=1) for part in np.split(place, ends)]
    cells = np.concatenate(asked)
    opening = problem.opening.copy()
    opening[orders.products] = orders.reserved
    firm = problem.firm
    demand = np.concatenate([known, np.broadcast_to(cells, (scenarios, *cells.shape))], axis=1)
    names = [f"{problem.products[group[0]]} (case {case})" for group in groups for case in chosen.tolist()]
    return replace(
        problem,
        products=(*problem.products, *names),
        demand=demand[:1] if (demand == demand[:1]).all() else demand,
        terms=_terms(problem, orders.products, groups, probability),
        resources=no_resources(len(problem.products) + len(cells), weeks),
        opening=np.concatenate([opening, np.zeros(len(cells))]),
        firm=None if firm is None else np.concatenate([firm, np.zeros((len(cells), weeks))]),
        rules=None,
        on_order=None,
    )


def _terms(
    problem: Problem, products: NDArray[np.int64], groups: list[NDArray[np.int64]], probability: NDArray[np.float64]
) -> Terms:
    """Return the terms of all products: promises wait, and nothing is assembled in a case before it is ordered there."""
    terms, weeks = problem.terms, problem.shape[1]
    own = {name: getattr(terms, name).copy() for name in Terms.__slots__}
    for name in ("backorder", "delay", "shelf"):
        own[name][products] = getattr(terms_of_firm(terms.part(products), weeks), name)
    leads = np.array([group[0] for group in groups], dtype=np.int64)
    share = np.tile(probability, len(groups))
    each = {name: np.repeat(getattr(terms, name)[leads], len(probability)) for name in Terms.__slots__}
    waits = each["backorder"]
    price = np.maximum(each["price"], each["cost"])
    each |= {
        "price": share * each["price"],
        "cost": share * each["cost"],
        "salvage": -share * price,
        "holding": share * price,
        "delay": share * each["delay"],
        "shelf": np.where(waits, np.maximum(each["shelf"], weeks), 1),
    }
    return Terms(**{name: np.concatenate([own[name], each[name].astype(own[name].dtype)]) for name in Terms.__slots__})


def _items(assembly: Assembly, chosen: NDArray[np.int64], probability: NDArray[np.float64], *, room: bool) -> Items:
    """Return the items, their copies, and what each group is sold from in each case; money of copies is of their case."""
    items, weeks, count = assembly.network.items, assembly.network.weeks, len(probability)
    copy, sold = len(chosen) * count, len(assembly.groups) * count
    share = np.tile(probability, len(chosen))

    def text(name: str, end: tuple[str, ...], kind: str) -> tuple[str, ...]:
        own = getattr(items, name)
        return (*own, *(own[item] + part for item in chosen.tolist() for part in end), *(kind for _ in range(sold)))

    def money(name: str) -> NDArray[np.float64]:
        own = getattr(items, name).copy()
        spread = share * np.repeat(own[chosen], count)
        own[chosen] = 0.0
        return np.concatenate([own, spread, np.zeros(sold)])

    safety = items.safety.copy()
    safety[chosen] = 0.0
    space = items.space.copy()
    space[chosen] = items.space[chosen] if room else 0.0
    named = tuple(f" (case {case})" for case in range(count))
    plain = ("",) * count
    return Items(
        names=text("names", named, "case"),
        sites=text("sites", plain, "all"),
        kinds=text("kinds", plain, "product"),
        units=text("units", plain, "units"),
        product=np.concatenate([items.product, np.full(copy, -1), len(assembly.problem.products) + np.arange(sold)]).astype(
            np.int64
        ),
        keeps=np.concatenate([items.keeps, np.ones(copy, dtype=bool), np.zeros(sold, dtype=bool)]),
        arriving=np.concatenate([items.arriving, np.repeat(items.arriving[chosen], count, axis=0), np.zeros((sold, weeks))]),
        holding=money("holding"),
        left=money("left"),
        safety=np.concatenate([safety, np.repeat(items.safety[chosen], count), np.zeros(sold)]),
        safety_cost=money("safety_cost"),
        space=np.concatenate([space, np.zeros(copy + sold)]),
    )


def _activities(
    network: Network,
    ways: Ways,
    group: NDArray[np.int64],
    size: tuple[NDArray[np.int64], NDArray[np.int64], int],
    probability: NDArray[np.float64],
) -> Activities:
    """Return the activities, and each way in each case; a way takes and gives within its case only."""
    activities, (items, machines, groups), count = network.activities, size, len(probability)
    more, old = len(ways.product) * count, len(network.items.names)
    case = np.identity(count)
    to = csr_array((np.ones(len(group)), (group, np.arange(len(group)))), shape=(groups, len(group)))
    own = kron(ways.takes.tocsr()[items], case)
    high = np.where(np.repeat(ways.open, count, axis=0), np.inf, 0.0)

    def given(name: str, rest: csr_array, sold: csr_array) -> csr_array:
        table = getattr(activities, name)
        before = vstack([_copied(table, items, count), csr_array((groups * count, table.shape[1]))])
        return csr_array(hstack([before, vstack([csr_array((old, more)), rest, sold])]))

    none = csr_array((groups * count, more))
    made: list[Kind] = ["make"] * more
    named = (f"way {way} (case {number})" for way in range(len(ways.product)) for number in range(count))
    return Activities(
        names=(*activities.names, *named),
        kinds=(*activities.kinds, *made),
        takes=given("takes", csr_array(own), none),
        gives=given("gives", csr_array((len(items) * count, more)), csr_array(kron(to, case))),
        uses=csr_array(
            hstack(
                [
                    _copied(activities.uses, machines, count),
                    vstack([csr_array((activities.uses.shape[0], more)), kron(ways.uses.tocsr()[machines], case)]),
                ]
            )
        ),
        lead=np.concatenate([activities.lead, np.zeros(more, dtype=np.int64)]),
        cost=np.concatenate([activities.cost, np.kron(ways.cost, probability)]),
        low=np.concatenate([activities.low, np.zeros((more, network.weeks))]),
        high=np.concatenate([activities.high, high]),
        multiple=np.concatenate([activities.multiple, np.zeros(more)]),
        before=np.concatenate([activities.before, np.full((more, network.weeks), np.nan)]),
        change_cost=np.concatenate([activities.change_cost, np.zeros(more)]),
    )


def _machines(network: Network, chosen: NDArray[np.int64], probability: NDArray[np.float64]) -> Machines:
    machines, count = network.machines, len(probability)
    cost = machines.overtime_cost.copy()
    cost[chosen] = 0.0
    return Machines(
        names=(*machines.names, *(f"{machines.names[n]} (case {case})" for n in chosen.tolist() for case in range(count))),
        sites=(*machines.sites, *(machines.sites[n] for n in chosen.tolist() for _ in range(count))),
        hours=np.concatenate([machines.hours, np.repeat(machines.hours[chosen], count, axis=0)]),
        overtime=np.concatenate([machines.overtime, np.repeat(machines.overtime[chosen], count, axis=0)]),
        overtime_cost=np.concatenate([cost, np.kron(machines.overtime_cost[chosen], probability)]),
    )


def _copied(table: csr_array, rows: NDArray[np.int64], count: int) -> csr_array:
    """Return a table with some of its rows once more for each case, behind all others."""
    return csr_array(vstack([table, table.tocsr()[np.repeat(rows, count)]]))
