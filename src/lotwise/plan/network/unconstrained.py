"""What demand asks for: the network with its limits taken away, and what that would take of them.

Hours of machines, room, set-ups, lots, orders, shifts and the most of each level do not limit; bills, lead times, weeks in
which something is not effective, and what is decided already do. Hours, set-ups and room are free in the program, so that
they do not steer it; what is published says the hours and times on it takes, against the network's own hours, and
pays for them as far as they have a price. Its bound is what no plan earns, with limits or without.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from lotwise.plan.network.network import Switches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network

NOTHING = 1e-6
UNPAID = ("overtime", "setup", "order", "shift")
"""Causes of charges that the program without limits does not know: the plan may fall short of its bound by them."""


def unlimited(network: Network) -> Network:
    """Return the network with nothing that limits but bills, lead times, effectivity and what is decided.

    A level whose most is 0 (not effective, or ready after the last week) stays 0; one that is decided stays as it is.
    """
    activities, weeks = network.activities, network.weeks
    free = (activities.high > 0) & (activities.low < activities.high)
    size, none = len(activities.names), np.zeros(0)
    return replace(
        network,
        activities=replace(activities, high=np.where(free, np.inf, activities.high), multiple=np.zeros(size)),
        machines=replace(network.machines, hours=np.full((len(network.machines.names), weeks), np.inf)),
        switches=Switches(
            (),
            (),
            csr_array((0, size)),
            *(none, none, none.astype(np.int64)),
            csr_array((len(network.machines.names), 0)),
            none,
            np.zeros((0, weeks), dtype=bool),
        ),
        room=(np.inf,) * len(network.room),
    )


def times_of(network: Network, level: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the fewest times each switch has to be on for these levels, no smallest lots asked for; ``(n_switches, n_weeks)``.

    A switch over no activities (an added shift) is never on.
    """
    switches = network.switches
    carried = np.asarray(switches.weight @ level)
    largest = np.where(np.isfinite(switches.largest) & (switches.largest > 0), switches.largest, np.inf)[:, None]
    return np.where(carried > NOTHING, np.maximum(np.ceil(carried / largest - NOTHING), 1.0), 0.0)
