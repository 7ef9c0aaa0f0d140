"""What would help where something binds, what it costs, and what it would bring at most.

A shadow price holds for a few units only: what a remedy brings is the price times the hours or units it adds, at most, within
the range the price holds for where that is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.orders.words import called, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lotwise.plan.orders.binding import Binding, Chains
    from lotwise.plan.orders.current import Current

    Ranges = Mapping[tuple[str, int], tuple[float, float]]

LEAST = 1e-6
CENT = 0.01


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing that would help.

    Parameters
    ----------
    text
        What to do.
    cost, gain
        What it costs, not a number where nobody says; and what it brings at most, its cost not yet taken off.
    """

    text: str
    cost: float
    gain: float


@dataclass(frozen=True)
class Wanted:
    """What is to be put right: units of an item that are short in a week.

    Parameters
    ----------
    item, week, units
        Number of the item and of the week, units short.
    binding
        What binds there.
    ranges
        Units fewer and more for which the price of a resource holds, by its name in ``prices`` and number of the week.
    """

    item: int
    week: int
    units: float
    binding: Binding
    ranges: Ranges = field(default_factory=dict)

    @property
    def more(self) -> float:
        """Hours or units of the binding row that would be needed."""
        return self.units * self.binding.each

    @property
    def gain(self) -> float:
        """Money all of it would bring at most."""
        return self.worth(self.more)

    def worth(self, more: float) -> float:
        """Return the money so much more of the binding row brings at most."""
        _, most = self.ranges.get((self.binding.name, self.binding.week), (0.0, np.inf))
        return self.binding.price * min(more, most)


def cheapest(chains: Chains, wanted: Wanted) -> Remedy | None:
    """Return the cheapest remedy that brings more than it costs, else one whose cost nobody says, else none."""
    if wanted.binding.price <= LEAST or wanted.more <= LEAST:
        return None
    found = [remedy for remedy in _all(chains, wanted) if remedy.gain >= CENT]
    pays = [remedy for remedy in found if remedy.cost < remedy.gain - CENT]
    if pays:
        return min(pays, key=lambda remedy: (round(remedy.cost - remedy.gain, 2), remedy.cost, remedy.text))
    return next((remedy for remedy in found if np.isnan(remedy.cost)), None)


def _all(chains: Chains, wanted: Wanted) -> Iterator[Remedy]:
    current, kind = chains.current, wanted.binding.kind
    if kind == "machine":
        yield from _overtime(current, wanted)
        yield from _shifts(current, wanted)
    if kind in ("limit", "lead"):
        yield from _more_of(current, wanted)
    if kind == "storage":
        yield Remedy(
            f"{wanted.more:,.4g} more of {wanted.binding.name} in the week of {_when(current, wanted)}", np.nan, wanted.gain
        )
    yield from _alternatives(chains, wanted)


def _when(current: Current, wanted: Wanted) -> str:
    return str(current.day(wanted.binding.week))


def _overtime(current: Current, wanted: Wanted) -> Iterator[Remedy]:
    machines, machine, week = current.network.machines, wanted.binding.number, wanted.binding.week
    cost = float(machines.overtime_cost[machine])
    if cost <= 0:
        return
    most, spare = (
        float(machines.overtime[machine, week]),
        machines.overtime[machine, week] - current.flow.overtime[machine, week],
    )
    beyond = f", beyond the limit of {most:,.4g}" if wanted.more > spare + LEAST else ""
    text = f"{wanted.more:,.4g} hours of overtime on {wanted.binding.name} in the week of {_when(current, wanted)}{beyond}"
    yield Remedy(text, cost * wanted.more, wanted.gain)


def _shifts(current: Current, wanted: Wanted) -> Iterator[Remedy]:
    switches, machine, week = current.network.switches, wanted.binding.number, wanted.binding.week
    hours = switches.hours.tocsr()[[machine]].toarray()[0]
    for number in np.flatnonzero(np.array([kind == "shift" for kind in switches.kinds], dtype=bool) & (hours < 0)).tolist():
        count = ceil(wanted.more / -hours[number] - LEAST)
        spare = int(switches.most[number] - current.flow.times[number, week]) if switches.open[number, week] else 0
        beyond = ", beyond those that can be added" if count > spare else ""
        what = "an added shift" if count == 1 else f"{count} added shifts"
        text = f"{what} on {wanted.binding.name} in the week of {_when(current, wanted)}{beyond}"
        yield Remedy(text, count * float(switches.cost[number]), wanted.gain)


def _more_of(current: Current, wanted: Wanted) -> Iterator[Remedy]:
    """Yield an order placed earlier or delivered faster, or more than one week's limit."""
    binding, activities, labels = wanted.binding, current.network.activities, current.labels
    unit, more, name = unit_of(current, binding), wanted.more, called(current, binding)
    if binding.kind == "limit":
        if activities.low[binding.number, binding.week] == activities.high[binding.number, binding.week]:
            yield Remedy(f"free what is decided of {name} in the week of {_when(current, wanted)}", np.nan, wanted.gain)
            return
        who = f" from {labels.supplier[binding.number]}" if labels.supplier[binding.number] else ""
        text = f"{more:,.6g} {unit} more of {name}{who} in the week of {_when(current, wanted)} than its limit"
        yield Remedy(text, max(float(activities.cost[binding.number]), 0.0) * more, wanted.gain)
        return
    mine = np.flatnonzero(labels.item == binding.number)
    if not len(mine):
        return
    wait = min(int(activities.lead[a]) for a in mine)
    if any(activities.kinds[a] == "buy" for a in mine):
        begun = f"; at its lead time it had to be ordered in the week of {current.day(binding.week - wait)}"
        text = f"an expedited purchase of {more:,.6g} {unit} of {name}, there by the week of {_when(current, wanted)}"
        text += begun
    else:
        text = f"{more:,.6g} {unit} of {name} from elsewhere by the week of {_when(current, wanted)}"
    yield Remedy(text, np.nan, wanted.gain)


def _alternatives(chains: Chains, wanted: Wanted) -> Iterator[Remedy]:
    """Yield other activities that give an item on the way and do not run: another machine, component or supplier."""
    current, activities, flow = chains.current, chains.current.network.activities, chains.current.flow
    for item, week, each in chains.path(wanted.item, wanted.week):
        short, worth = wanted.units * each, float(flow.item_price[item, week])
        for activity, start, units in chains.givers(item, week):
            spare = float(activities.high[activity, start]) * units
            if current.is_granted[activity] or flow.level[activity, start] > LEAST or spare < short - LEAST:
                continue
            extra = max(chains.cost(activity, start), 0.0) / units * short + _switching(current, activity, start)
            named = int(current.shown[item])
            text = f"{short:,.6g} {current.network.items.units[named]} of {current.network.items.names[named]}"
            text += f" {_named(current, activity)} in the week of {current.day(start)}"
            yield Remedy(text, extra, min(worth * short, wanted.gain))


def _switching(current: Current, activity: int, week: int) -> float:
    """Return what it costs to switch on what an activity needs: set-ups, lots and orders that are off."""
    switches = current.network.switches
    column = switches.weight.tocsc()
    mine = column.indices[column.indptr[activity] : column.indptr[activity + 1]]
    return float(sum(switches.cost[n] for n in mine if current.flow.times[n, week] < 1))


def _named(current: Current, activity: int) -> str:
    labels, items = current.labels, current.network.items
    kind = current.network.activities.kinds[activity]
    if kind == "buy":
        return f"bought from {labels.supplier[activity] or 'another supplier'}"
    if kind == "make":
        return f"made on {labels.route[activity] or 'another route'}"
    origin = int(labels.origin[activity])
    return f"sent from {items.sites[origin]}" if kind == "move" else f"replaced by {items.names[origin]}"
