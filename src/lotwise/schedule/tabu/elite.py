"""The good schedules of one search, kept apart from one another: parents of the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lotwise.schedule.tabu.chains import Chains

NEAR = 0.05
"""Schedules that differ in less than this share of their operations are one and the same; only the better is kept."""
ALIKE = 0.1
"""Where the schedules kept differ in less than this share on average, nothing new comes from them."""


@dataclass(frozen=True)
class Good:
    """A schedule by its choices and a topological order; ``places`` numbers where each operation is, behind which."""

    makespan: int
    choice: np.ndarray
    order: np.ndarray
    places: np.ndarray


def good(shop: Chains, makespan: int, choice: np.ndarray, order: np.ndarray) -> Good:
    """Return a schedule that can be compared with others."""
    n = len(order)
    turn = np.empty(n, dtype=np.int64)
    turn[order] = np.arange(n)
    machine = shop.machine[choice[:n]]
    rising = np.lexsort((turn, machine))
    behind = np.full(n, -1, dtype=np.int64)
    same = machine[rising][1:] == machine[rising][:-1]
    behind[rising[1:][same]] = rising[:-1][same]
    return Good(makespan, choice, order, behind * len(machine) * 2 + machine)


@dataclass
class Elite:
    """At most ``size`` schedules, no two of them near each other."""

    size: int
    members: list[Good] = field(default_factory=list)

    def take(self, new: Good) -> None:
        """Keep a schedule if it is better than the one it is near to, or than the worst."""
        apart = [int((new.places != member.places).sum()) for member in self.members]
        if apart and min(apart) <= NEAR * len(new.order):
            self._replace(int(np.argmin(apart)), new)
        elif len(self.members) < self.size:
            self.members.append(new)
        else:
            self._replace(int(np.argmax([member.makespan for member in self.members])), new)

    def _replace(self, at: int, new: Good) -> None:
        if new.makespan <= self.members[at].makespan:
            self.members[at] = new

    def start_over(self) -> None:
        """Keep only the best where the members have become alike."""
        places = np.array([member.places for member in self.members])
        pairs = len(places) * (len(places) - 1) // 2
        apart = sum(int((places[at] != places[at + 1 :]).sum()) for at in range(len(places)))
        if pairs and apart < ALIKE * pairs * places.shape[1]:
            self.members = [min(self.members, key=lambda member: member.makespan)]
