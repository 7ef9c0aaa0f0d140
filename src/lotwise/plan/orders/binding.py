"""What binds one item in one week: down the network along the largest price, to a machine, a store, a limit or a lead time.

At the optimum of a linear program what an item is worth in a week is what the activity that gives it costs: its own cost above
standard, and its hours, units taken and stock carried at their own prices (complementary slackness). Following the largest of
these parts leads to the row that makes the item scarce; what one unit there takes of that row is multiplied up on the way.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lotwise.plan.orders.loads import hours

if TYPE_CHECKING:
    from scipy.sparse import csc_array

    from lotwise.plan.orders.current import Current

LEAST = 1e-6
DEEP = 200
"""Steps after which a chain is cut: nobody makes anything in so many."""
Kind = Literal["machine", "storage", "limit", "lead", "none"]


@dataclass(frozen=True, slots=True)
class Binding:
    """The row that makes one item scarce in one week.

    Parameters
    ----------
    kind
        ``machine``: its hours; ``storage``: room of a site; ``limit``: the most of an activity, such as what a supplier
        delivers; ``lead``: nothing could bring the item in time; ``none``: nothing is scarce.
    number
        Number of the machine, site, activity (``limit``) or item (``lead``).
    name
        What it is called in ``prices``: machine, ``room SITE``, item or ``ITEM SITE``.
    week
        Week it binds in.
    price
        What one more hour or unit would earn.
    each
        Hours or units of it for one unit of the item asked about.
    chain
        What leads there, first to last: lots, purchases, items.
    """

    kind: Kind
    number: int
    name: str
    week: int
    price: float
    each: float
    chain: tuple[str, ...] = ()

    @property
    def part(self) -> float:
        """Its part of the worth of one unit of the item asked about, in money."""
        return self.price * self.each


@dataclass(frozen=True, slots=True)
class Step:
    """One step down: the item and week behind another, units of it for one, and what lies between."""

    item: int
    week: int
    each: float
    name: str


class Chains:
    """Finds what binds, and remembers every step it has taken.

    Parameters
    ----------
    current
        The current plan.
    """

    def __init__(self, current: Current) -> None:
        self.current = current
        self._steps: dict[tuple[int, int], Step | Binding] = {}
        self._takes, self._uses = _columns(current.takes), _columns(current.uses)
        self._weights = _columns(current.network.switches.weight.tocsc())
        self._gives = _columns(current.givers.T.tocsc())
        self._level, self._high = current.flow.level.tolist(), current.network.activities.high.tolist()
        self._lead = current.network.activities.lead.tolist()
        self._machine, self._item = current.flow.machine_price.tolist(), current.flow.item_price.tolist()
        self._stock = current.flow.stock.tolist()
        run, setup, shifts = hours(current)
        machines = current.network.machines
        self._spare = (machines.hours + machines.overtime + shifts - run - setup).tolist()
        started = current.started
        self._numbers: dict[tuple[int, int], str] = {}
        for n in range(len(started.number) - 1, -1, -1):
            self._numbers[int(started.activity[n]), int(started.week[n])] = started.number[n]

    def binding(self, item: int, week: int) -> Binding:
        """Return what binds an item in a week, by their numbers."""
        chain: list[str] = []
        each = 1.0
        for _ in range(DEEP):
            if (item, week) not in self._steps:
                self._steps[item, week] = self._step(item, week)
            step = self._steps[item, week]
            if isinstance(step, Binding):
                chain += step.chain
                return Binding(step.kind, step.number, step.name, step.week, step.price, each * step.each, tuple(chain))
            item, week, each = step.item, step.week, each * step.each
            chain += [step.name] if step.name else []
        return Binding("none", item, "", week, 0.0, each, tuple(chain))

    def path(self, item: int, week: int) -> list[tuple[int, int, float]]:
        """Return the items and weeks on the way to what binds, and units of each for one unit of the first."""
        self.binding(item, week)
        found, each = [(item, week, 1.0)], 1.0
        while len(found) < DEEP and isinstance(step := self._steps.get((item, week)), Step):
            item, week, each = step.item, step.week, each * step.each
            found.append((item, week, each))
        return found

    def givers(self, item: int, week: int) -> list[tuple[int, int, float]]:
        """Return activity, week of starting and units given of all that could give an item in a week."""
        return [
            (activity, week - self._lead[activity], units)
            for activity, units in self._gives[item]
            if week >= self._lead[activity] and self._high[activity][week - self._lead[activity]] > LEAST
        ]

    def cost(self, activity: int, week: int) -> float:
        """Return what one unit of level started in a week costs above standard, all it takes and uses at its price."""
        return float(self.current.network.activities.cost[activity]) + sum(part for part, *_ in self._parts(activity, week))

    def number(self, activity: int, week: int) -> str:
        """Return the number of the first lot, purchase or shipment of an activity in a week; its item where there is none."""
        if self.current.passes[activity]:
            return ""
        known = self._numbers.get((activity, week))
        return known or self.current.network.items.names[int(self.current.labels.item[activity])]

    def _parts(self, activity: int, week: int) -> list[tuple[float, bool, int, float]]:
        """Return what one unit of level uses: money, whether it is a machine, its number, hours or units."""
        machines = [(self._machine[m][week] * q, True, m, q) for m, q in self._uses[activity]]
        return machines + [(self._item[i][week] * q, False, i, q) for i, q in self._takes[activity]]

    def _step(self, item: int, week: int) -> Step | Binding:
        name, price = self.current.resource[self.current.shown[item]], self._item[item][week]
        givers = self.givers(item, week)
        running = [giver for giver in givers if self._level[giver[0]][giver[1]] > LEAST]
        carried = week > 0 and self._stock[item][week - 1] > LEAST
        if not running and carried:
            return self._carried(item, week)
        if not givers:
            return Binding("lead" if price > LEAST else "none", item, name, week, price, 1.0, (name,))
        if running:
            activity, start, units = max(running, key=lambda giver: (self._level[giver[0]][giver[1]], -giver[0]))
        else:
            activity, start, units = min(givers, key=lambda giver: (self.cost(giver[0], giver[1]) / giver[2], giver[0]))
        rest = price - self.cost(activity, start) / units
        if running and price > LEAST and rest > 0.5 * price:
            found = self._unpriced(activity, start, units, rest)
            if found is not None:
                return found
        return self._behind(activity, start, units)

    def _unpriced(self, activity: int, week: int, units: float, rest: float) -> Binding | None:
        """Return what else stops an activity: hours that are full without a price of their own, or its most.

        Where several rows stop it at once the program puts the price on one of them; ``rest`` is what they share.
        """
        number = self.number(activity, week)
        for machine, each in self._uses[activity]:
            if each > 0 and self._spare[machine][week] < LEAST * max(1.0, self._level[activity][week]):
                name = self.current.network.machines.names[machine]
                chain = (number, name) if number else (name,)
                return Binding("machine", machine, name, week, rest * units / each, each / units, chain)
        if self._level[activity][week] < self.most(activity, week) - LEAST:
            return None
        item = int(self.current.shown[self.current.labels.item[activity]])
        name = self.current.resource[item]
        return Binding("limit", activity, name, week, rest, 1.0, (number or name,))

    def most(self, activity: int, week: int) -> float:
        """Return the most that can be started in a week, by the activity's own limit and those of its lots and orders."""
        switches, most = self.current.network.switches, self._high[activity][week]
        for switch, weight in self._weights[activity]:
            most = min(most, float(switches.largest[switch] * switches.most[switch]) / weight)
        return float(most)

    def _behind(self, activity: int, week: int, units: float) -> Step | Binding:
        """Return the dearest part of what an activity uses."""
        parts = self._parts(activity, week)
        number = self.number(activity, week)
        money, is_machine, place, quantity = max(
            parts, key=lambda part: (part[0], part[1], -part[2]), default=(0.0, True, -1, 0.0)
        )
        if money <= LEAST:
            return Binding("none", -1, "", week, 0.0, 0.0, (number,) if number else ())
        if not is_machine:
            return Step(place, week, quantity / units, number)
        name = self.current.network.machines.names[place]
        chain = (number, name) if number else (name,)
        return Binding("machine", place, name, week, self._machine[place][week], quantity / units, chain)

    def _carried(self, item: int, week: int) -> Step | Binding:
        """Return what is behind a unit carried from the week before: its store where that is dearer than the unit."""
        network = self.current.network
        site, before = network.items.sites[item], self._item[item][week - 1]
        if site in network.sites:
            place, space = network.sites.index(site), float(network.items.space[item])
            price = float(self.current.flow.room_price[place, week - 1])
            if price * space > max(before, LEAST):
                return Binding("storage", place, f"room {site}", week - 1, price, space, (f"room {site}",))
        return Step(item, week - 1, 1.0, "")


def _columns(table: csc_array) -> list[list[tuple[int, float]]]:
    """Return row and value of the entries of each column."""
    rows, values, edges = table.indices.tolist(), table.data.tolist(), table.indptr.tolist()
    return [list(zip(rows[a:b], values[a:b], strict=True)) for a, b in itertools.pairwise(edges)]
