"""Turns what somebody would like to do into what the factory can do: first come, first served, in an order of urgency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.rolling.environment import Decision
from lotwise.plan.rolling.execute import EDGE, times_for

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_array

    from lotwise.plan.network.network import Network


def ration(
    network: Network, wanted: NDArray[np.float64], *, order: NDArray[np.int64] | None = None, overtime: bool = True
) -> Decision:
    """Return a decision within the limits of the first week that comes close to what is wanted.

    Activities are served one after the other. Each gets as much of what it wants as machine-hours (those of a set-up that it
    is the first to need included), items on hand and its own limits allow. What is wanted below a smallest lot or
    order is raised to it, or dropped where that does not fit; whole multiples are rounded down.

    Parameters
    ----------
    network
        As the planner sees it.
    wanted
        Level of each activity; ``(n_activities,)``.
    order
        Numbers of activities, the most urgent first; by default all in their order. Those left out get nothing.
    overtime
        Whether overtime may be used.

    Notes
    -----
    Activities without lead time that make what others take in the same week must come before them in ``order``.
    """
    room = _Room(network, overtime=overtime)
    for number in range(len(wanted)) if order is None else order.tolist():
        if wanted[number] > EDGE:
            room.serve(number, float(wanted[number]))
    return Decision(level=room.level[:, None])


class _Room:
    """What is left of the week's hours and items while activities are served."""

    def __init__(self, network: Network, *, overtime: bool) -> None:
        activities, switches = network.activities, network.switches
        self._columns = [array.tocsc() for array in (activities.takes, activities.gives, activities.uses, switches.weight)]
        self._setup, self._switches = switches.hours.tocsc(), switches
        self._activities = activities
        self._hours = network.machines.hours[:, 0] + (network.machines.overtime[:, 0] if overtime else 0.0)
        self._have = network.items.arriving[:, 0].copy()
        self._weighted = np.zeros(len(network.switches.names))
        self.level = np.zeros(len(activities.names))

    def serve(self, number: int, wanted: float) -> None:
        """Give one activity what it wants, as far as there is room."""
        (items, takes), (given, gives), (machines, uses), (mine, weight) = (_column(array, number) for array in self._columns)
        activities, switches = self._activities, self._switches
        if not switches.open[mine, 0].all():
            return
        so_far, step = self._weighted[mine], activities.multiple[number]
        least = max([*((switches.least[mine] - so_far) / weight), activities.low[number, 0], step])
        most = min([*((switches.largest * switches.most)[mine] - so_far) / weight, activities.high[number, 0]])
        found = min([max(wanted, least), most, *(self._have[items] / takes)])
        for _ in range(2):  # less may need fewer set-ups, whose hours are then free
            added = self._added(mine, so_far + weight * max(found, 0.0))
            found = min([found, *((self._hours - added)[machines] / uses)])
        if step > 0:
            found = np.floor(found / step + EDGE) * step
        if found < least - EDGE or found <= EDGE:
            return
        added = self._added(mine, so_far + weight * found)
        if (added > np.maximum(self._hours, 0.0) + EDGE).any():
            return
        self.level[number] = found
        self._weighted[mine] += weight * found
        self._hours -= added
        self._hours[machines] -= uses * found
        self._have[items] -= takes * found
        if activities.lead[number] == 0:
            self._have[given] += gives * found

    def _added(self, mine: NDArray[np.int64], weighted: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the hours its switches take more than so far."""
        more = times_for(self._switches, weighted, mine) - times_for(self._switches, self._weighted[mine], mine)
        taken = np.zeros(len(self._hours))
        for switch, times in zip(mine.tolist(), more.tolist(), strict=True):
            machines, hours = _column(self._setup, switch)
            taken[machines] += times * hours
        return taken


def _column(array: csc_array, number: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return places and values of one column."""
    part = slice(array.indptr[number], array.indptr[number + 1])
    return array.indices[part], array.data[part]
