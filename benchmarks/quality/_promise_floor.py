"""A floor that carries out a plan with promises in it, simulated: machines stop, lots lose units, materials come late.

The law, known here and to no planner:

- A lot of a week is begun on Monday and takes its turn on its machine group in random order; what is not done by Friday goes
  first in the next week. A group works its planned hours evenly over five days.
- In each week a group loses Exp(3 %) of its hours, and one in ten times another 25 %.
- Of a lot 2 % are lost on average (beta, standard deviation 1 %); what is lost is missing until the next lot.
- One material in 25 comes 1 to 7 days late; lots of the week that take it wait for it.
- From the machine to the customer's parcel it takes a lognormal time, half a day in the middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lotwise.plan.network.network import Network

    Numbers = np.ndarray

DAYS, WEEK = 5, 7


@dataclass(frozen=True)
class Floor:
    """How strong the disturbances are; 1 is the law above, 0 none at all."""

    strength: float = 1.0

    def finished(self, network: Network, lots: Numbers, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
        """Return the day each product's lot of each week is done, and its good units; days from the first Monday.

        Parameters
        ----------
        network
            Of the plan.
        lots
            Units of each product to make ready in each week; ``(n_products, n_weeks)``.
        rng
            Source of everything that happens.
        """
        products, weeks = lots.shape
        sold = np.flatnonzero(network.items.product >= 0)
        maker = network.activities.gives.tocsr()[sold].argmax(axis=1)
        hours = network.activities.uses.tocsc()[:, np.asarray(maker).ravel()].toarray()
        takes = (network.activities.takes.tocsc()[:, np.asarray(maker).ravel()] > 0).toarray()
        group = hours.argmax(axis=0)
        done = np.full((products, weeks), np.inf)
        for machine in range(len(hours)):
            mine = np.flatnonzero(group == machine)
            free = 0.0
            for week in range(weeks):
                work = hours[machine, mine] * lots[mine, week]
                lost = self.strength * (rng.exponential(0.03) + 0.25 * (rng.random() < 0.1))
                there = max(work.sum(), 0.9 * network.machines.hours[machine, week]) * max(1.0 - lost, 0.2) / DAYS
                waits = self._waits(takes[:, mine], rng)
                for place in rng.permutation(len(mine)):
                    if lots[mine[place], week] <= 0:
                        continue
                    start = max(free, WEEK * week + waits[place])
                    free = _later(start, work[place] / max(there, 1e-9))
                    done[mine[place], week] = free + self.strength * 0.5 * rng.lognormal(0, 0.6)
        good = 1.0 - self.strength * rng.beta(3.9, 191.0, lots.shape)
        return done, lots * good

    def _waits(self, takes: Numbers, rng: np.random.Generator) -> Numbers:
        """Return the days each lot of one week waits for what goes into it."""
        late = np.where(rng.random(len(takes)) < 0.04 * self.strength, rng.integers(1, WEEK + 1, len(takes)), 0)
        return (takes * late[:, None]).max(axis=0)


def _later(start: float, days: float) -> float:
    """Return the time after so many working days; nothing is worked on the last two days of a week."""
    week, day = divmod(start, WEEK)
    if day >= DAYS:
        week, day = week + 1, 0.0
    total = day + days
    return WEEK * (week + total // DAYS) + total % DAYS


def delivered(promised: Numbers, opening: Numbers, done: Numbers, good: Numbers) -> Numbers:
    """Return the day each promise is kept: those of a product one after the other, as its lots are done.

    Parameters
    ----------
    promised
        Product, week and units of each promise; ``(n_promises, 3)``.
    opening
        Units of each product on hand.
    done, good
        From ``Floor.finished``.
    """
    found = np.full(len(promised), np.inf)
    for product in np.unique(promised[:, 0]).astype(int):
        mine = np.flatnonzero(promised[:, 0] == product)
        mine = mine[np.argsort(promised[mine, 1], kind="stable")]
        order = np.argsort(done[product], kind="stable")
        there = opening[product] + np.cumsum(good[product, order])
        days = done[product, order]
        for place, need in zip(mine, np.cumsum(promised[mine, 2]), strict=True):
            enough = np.flatnonzero(there >= need - 1e-9)
            found[place] = 0.0 if need <= opening[product] + 1e-9 else days[enough[0]] if len(enough) else np.inf
    return found
