"""Where things come from, as arrays: items, the activities that turn items into items, machines, set-ups and orders.

Making a lot, buying, moving between sites and standing one component in for another are the same thing: an
activity that takes items and machine-hours in one week and gives items some weeks later. What comes only whole (a
set-up, a lot or an order of a smallest size, an added shift) is a switch over activities. A ``Network`` is the supply side of
a ``Problem``: it is frozen and knows no table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

Kind = Literal["make", "buy", "move", "replace"]


@dataclass(frozen=True, slots=True)
class Items:
    """What is made, bought, kept or moved: one item at one site each; arrays of shape ``(n_items,)`` unless said otherwise.

    Parameters
    ----------
    names, sites, kinds, units
        Code; site (``"all"`` where there is one); ``"product"``, ``"component"`` or ``"material"``; what it is counted in.
    product
        Number of the product in the problem whose supply for sale is taken from here, -1 for none. A product is
        sold from one item; where several sites deliver, activities move it there.
    keeps
        Whether units stay for later weeks here. A product that is sold does not: its supply is for sale in its week, and
        the problem keeps its stock.
    arriving
        Units there at the start of each week without any activity: opening stock in the first, open purchases and lots
        under way in theirs; ``(n_items, n_weeks)``.
    holding
        Money for carrying one unit from one week into the next.
    left
        Money lost on one unit left after the last week, against its standard cost.
    safety, safety_cost
        Units that should stay on hand, and money for each unit and week below that.
    space
        Room one unit takes in the store of its site.
    """

    names: tuple[str, ...]
    sites: tuple[str, ...]
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    product: NDArray[np.int64]
    keeps: NDArray[np.bool_]
    arriving: NDArray[np.float64]
    holding: NDArray[np.float64]
    left: NDArray[np.float64]
    safety: NDArray[np.float64]
    safety_cost: NDArray[np.float64]
    space: NDArray[np.float64]

    def part(self, chosen: NDArray[np.int64]) -> Items:
        """Return some of the items."""
        numbers = ("product", "keeps", "arriving", "holding", "left", "safety", "safety_cost", "space")
        return replace(
            self,
            **_named(self, ("names", "sites", "kinds", "units"), chosen),
            **_chosen(self, numbers, chosen),
        )


@dataclass(frozen=True, slots=True)
class Activities:
    """What turns items into items. The level of an activity in a week is what is started (ordered, sent) in it.

    Parameters
    ----------
    names
        One name each, unlike all others.
    kinds
        ``"make"``, ``"buy"``, ``"move"`` or ``"replace"`` (one item stands in for another).
    takes, gives
        Sparse, ``(n_items, n_activities)``: units taken in the week of starting, and units given ``lead`` weeks
        later, for one unit of level. Yield lies in ``gives``, scrap in ``takes``; a co-product is one more item given.
    uses
        Sparse, ``(n_machines, n_activities)``: machine-hours in the week of starting, for one unit of level.
    lead
        Whole weeks from starting to having; ``(n_activities,)``.
    cost
        Money for one unit of level **above standard**: what products' unit costs hold already (materials at
        their standard cost, making) is left out, so that a cheaper supplier costs less than 0; ``(n_activities,)``.
    low, high
        Least and most of each level; ``(n_activities, n_weeks)``. 0 in weeks in which it is not effective; equal where
        it is decided (frozen weeks, approved lots).
    multiple
        Units levels are whole multiples of, 0 for any; ``(n_activities,)``.
    before
        Level in the plan before, not a number where there was none; ``(n_activities, n_weeks)``.
    change_cost
        Money for one unit more or less than ``before``; ``(n_activities,)``.
    """

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    takes: csr_array
    gives: csr_array
    uses: csr_array
    lead: NDArray[np.int64]
    cost: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    multiple: NDArray[np.float64]
    before: NDArray[np.float64]
    change_cost: NDArray[np.float64]

    def part(self, chosen: NDArray[np.int64]) -> Activities:
        """Return some of the activities, over all items and machines."""
        numbers = ("lead", "cost", "low", "high", "multiple", "before", "change_cost")
        return replace(
            self,
            **_named(self, ("names", "kinds"), chosen),
            takes=self.takes[:, chosen],
            gives=self.gives[:, chosen],
            uses=self.uses[:, chosen],
            **_chosen(self, numbers, chosen),
        )


@dataclass(frozen=True, slots=True)
class Machines:
    """Machine groups; arrays of shape ``(n_machines,)`` unless said otherwise.

    Parameters
    ----------
    names, sites
        Code and site.
    hours, overtime
        Regular hours, and most overtime hours, of each week; ``(n_machines, n_weeks)``.
    overtime_cost
        Money for one overtime hour.
    """

    names: tuple[str, ...]
    sites: tuple[str, ...]
    hours: NDArray[np.float64]
    overtime: NDArray[np.float64]
    overtime_cost: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Switches:
    """What comes only whole: in each week a switch is on n times, n = 0, 1, ..., ``most``; ``(n_switches,)`` each.

    With n the members' levels, weighted and added up, lie between ``n least`` and ``n largest``; n = 0 stops them all. A
    family's set-up is a switch over all its activities; a smallest lot or order a switch over one; an added shift a
    switch over none that gives hours.

    Parameters
    ----------
    names
        One name each, unlike all others.
    kinds
        ``"setup"``, ``"lot"``, ``"order"`` or ``"shift"``.
    weight
        Sparse, ``(n_switches, n_activities)``: weight of each member's level, above 0.
    least, largest
        Least and most weighted level of one time on; ``largest`` infinite where there is no limit.
    most
        Most times on in a week; 1 wherever ``largest`` is infinite.
    hours
        Sparse, ``(n_machines, n_switches)``: hours taken each time on; below 0 for hours given.
    cost
        Money each time on.
    open
        Whether it may be on in each week; ``(n_switches, n_weeks)``.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    weight: csr_array
    least: NDArray[np.float64]
    largest: NDArray[np.float64]
    most: NDArray[np.int64]
    hours: csr_array
    cost: NDArray[np.float64]
    open: NDArray[np.bool_]

    def part(self, chosen: NDArray[np.int64], members: NDArray[np.int64]) -> Switches:
        """Return some of the switches over some of the activities, over all machines."""
        return replace(
            self,
            **_named(self, ("names", "kinds"), chosen),
            weight=self.weight[chosen][:, members],
            hours=self.hours[:, chosen],
            **_chosen(self, ("least", "largest", "most", "cost", "open"), chosen),
        )


@dataclass(frozen=True, slots=True)
class Network:
    """The supply side of one problem.

    Parameters
    ----------
    items, activities, machines, switches
        See there; every product of the problem has one item that it is sold from, or none and no supply.
    sites, room
        Sites whose store has a limit, and its room; kept units of all items there take at most that.
    """

    items: Items
    activities: Activities
    machines: Machines
    switches: Switches
    sites: tuple[str, ...] = ()
    room: tuple[float, ...] = ()

    @property
    def weeks(self) -> int:
        """Number of weeks."""
        return int(self.activities.high.shape[1])


def _named(of: object, names: tuple[str, ...], chosen: NDArray[np.int64]) -> dict[str, Any]:
    return {name: tuple(getattr(of, name)[number] for number in chosen) for name in names}


def _chosen(of: object, names: tuple[str, ...], chosen: NDArray[np.int64]) -> dict[str, Any]:
    return {name: getattr(of, name)[chosen] for name in names}
