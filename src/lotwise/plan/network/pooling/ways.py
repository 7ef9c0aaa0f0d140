"""The ways in which a product can be assembled after its order is known: activities that together take components and hours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product as combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, csr_array

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

MOST_WAYS = 24
"""Ways of one product and week beyond which it is planned ahead like the others."""
DEEP = 20
"""Steps and choices within one another that are followed."""
Levels = dict[int, float]


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways of assembling one unit of a product in one week; none of them has a lead time.

    Parameters
    ----------
    product
        Number of the product; ``(n_ways,)``.
    levels
        Level of each activity for one unit; ``(n_activities, n_ways)``.
    takes
        Units of each item that keeps; ``(n_items, n_ways)``.
    uses
        Hours of each machine; ``(n_machines, n_ways)``.
    member
        Weighted level within each switch; ``(n_switches, n_ways)``.
    cost
        Money above standard; ``(n_ways,)``.
    open
        Whether it can be had in each week; ``(n_ways, n_weeks)``.
    """

    product: NDArray[np.int64]
    levels: csc_array
    takes: csc_array
    uses: csc_array
    member: csc_array
    cost: NDArray[np.float64]
    open: NDArray[np.bool_]

    @property
    def products(self) -> NDArray[np.int64]:
        """Numbers of the products that are assembled after the order, ascending."""
        return np.unique(self.product)

    def part(self, chosen: NDArray[np.int64]) -> Ways:
        """Return some of the ways."""
        levels, takes, uses, member = (table[:, chosen] for table in (self.levels, self.takes, self.uses, self.member))
        return Ways(self.product[chosen], levels, takes, uses, member, self.cost[chosen], self.open[chosen])


def ways_of(problem: Problem, network: Network) -> Ways:
    """Return the ways of all products that can be assembled after the order is known.

    Of the products ``problem.on_order`` names these are the ones that one last make activity (or several to choose from)
    brings straight to where they are sold, in the week it is started in, in lots of any size, with nothing else coming out.
    Steps and components with a choice are part of the way. A product with units under way, decided lots, opening stock that
    perishes within the plan, or more than ``MOST_WAYS`` choices is left to be planned ahead.
    """
    look = _Look(network)
    found: dict[tuple[int, tuple[tuple[int, float], ...]], list[int]] = {}
    asked = np.zeros(len(problem.products), dtype=bool) if problem.on_order is None else problem.on_order
    for product in np.flatnonzero(asked).tolist():
        perishes = problem.opening[product] > 0 and problem.terms.shelf[product] < problem.shape[1]
        mine = None if perishes else look.of_product(product)
        for week, ways in enumerate(mine or ()):
            for way in ways:
                found.setdefault((product, tuple(sorted(way.items()))), []).append(week)
    return _as_arrays(network, found)


def _as_arrays(network: Network, found: dict[tuple[int, tuple[tuple[int, float], ...]], list[int]]) -> Ways:
    activities = network.activities
    cells = [(activity, number, level) for number, (_, way) in enumerate(found) for activity, level in way]
    rows, columns, data = (np.array([cell[place] for cell in cells]) for place in range(3))
    shape = (len(activities.names), len(found))
    levels = csc_array((data.astype(float), (rows.astype(np.int64), columns.astype(np.int64))), shape=shape)
    kept = csr_array(activities.takes.multiply(network.items.keeps[:, None].astype(float)))
    open_ = np.zeros((len(found), network.weeks), dtype=bool)
    for number, weeks in enumerate(found.values()):
        open_[number, weeks] = True
    return Ways(
        product=np.array([product for product, _ in found], dtype=np.int64),
        levels=levels,
        takes=csc_array(kept @ levels),
        uses=csc_array(activities.uses @ levels),
        member=csc_array(network.switches.weight @ levels),
        cost=np.asarray(activities.cost @ levels, dtype=float),
        open=open_,
    )


class _Look:
    """Follows what gives an item that is not kept, down to components that are."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._takes, self._gives = network.activities.takes.tocsc(), network.activities.gives.tocsc()
        self._uses, self._givers = network.activities.uses.tocsc(), network.activities.gives.tocsr()
        self._fits = _fits(network)

    def of_product(self, product: int) -> list[list[Levels]] | None:
        """Return the ways of each week, or nothing where the product has to be planned ahead."""
        items, weeks = self._network.items, self._network.weeks
        where = np.flatnonzero(items.product == product)
        if len(where) != 1 or items.keeps[where[0]] or items.arriving[where[0]].any():
            return None
        kinds = {self._network.activities.kinds[activity] for activity in self._of(int(where[0]))}
        if kinds != {"make"} or self._network.activities.low[self._of(int(where[0]))].any():
            return None
        found = []
        for week in range(weeks):
            ways = self._ways(int(where[0]), week, 0)
            if ways is None:
                return None
            found.append(ways)
        return found if any(found) else None

    def _of(self, item: int) -> list[int]:
        return [int(a) for a in self._givers.indices[self._givers.indptr[item] : self._givers.indptr[item + 1]]]

    def _ways(self, item: int, week: int, depth: int) -> list[Levels] | None:
        """Return the ways to one unit of an item that does not keep, in one week; nothing where they cannot be listed."""
        activities = self._network.activities
        givers = self._of(item)
        if depth > DEEP or not all(self._fits[giver] for giver in givers):
            return None
        found: list[Levels] = []
        for giver in self._worth_asking([giver for giver in givers if activities.high[giver, week] > 0]):
            parts = list(self._parts(giver, week, depth))
            if any(part is None for part in parts):
                return None
            each = float(self._givers[item, giver])
            for choice in combinations(*(part for part in parts if part is not None)):
                way = {giver: 1.0 / each}
                for needs in choice:
                    for activity, level in needs.items():
                        way[activity] = way.get(activity, 0.0) + level / each
                found.append(way)
        return found if len(found) <= MOST_WAYS else None

    def _parts(self, giver: int, week: int, depth: int) -> Iterator[list[Levels] | None]:
        """Yield the ways to what an activity takes of each item that does not keep."""
        for item, units in _column(self._takes, giver):
            if self._network.items.keeps[item]:
                continue
            ways = None if self._network.items.product[item] >= 0 else self._ways(item, week, depth + 1)
            if ways is None:
                yield None
            else:
                yield [{activity: level * units for activity, level in way.items()} for way in ways]

    def _worth_asking(self, givers: list[int]) -> list[int]:
        """Return the givers, or the one that takes nothing and is no dearer than any other."""
        cost = self._network.activities.cost
        least = min((cost[giver] for giver in givers), default=0.0)
        free = [g for g in givers if cost[g] <= least and not _column(self._takes, g) and not _column(self._uses, g)]
        return free[:1] or givers


def _column(table: csc_array, number: int) -> list[tuple[int, float]]:
    part = slice(table.indptr[number], table.indptr[number + 1])
    return list(zip(table.indices[part].tolist(), table.data[part].tolist(), strict=True))


def _fits(network: Network) -> NDArray[np.bool_]:
    """Return whether each activity can wait for an order: no lead time, one item, any size, set-ups at most."""
    activities, switches = network.activities, network.switches
    fits = (activities.lead == 0) & (activities.multiple == 0) & (np.diff(activities.gives.tocsc().indptr) == 1)
    fits &= ~activities.low.any(axis=1) & ((activities.high == 0) | np.isinf(activities.high)).all(axis=1)
    plain = (switches.least == 0) & np.isinf(switches.largest)
    member = switches.weight.tocoo()
    fits[member.col[~plain[member.row]]] = False
    return np.asarray(fits, dtype=bool)
