"""Where buyers go when something is not to be had, and how they answer to prices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from lotwise.mine.preferences.sets import PRICE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.preferences.sets import Sets

    Reals = NDArray[np.float64]

STEP = 0.01
"""Share by which a price is raised and lowered to see what changes."""


class Chances(Protocol):
    """What substitution needs of a model."""

    def probabilities(self, sets: Sets) -> Reals:
        """Return the probability of each alternative of each set."""


def diverted(model: Chances, sets: Sets) -> Reals:
    """Return where the buyers of each alternative go when it is taken away, ``(n_alternatives, n_alternatives)``.

    Row: what is missing; column: what is taken instead, as a share of its buyers; rows sum to 1. Averaged over the
    sets as often as they were chosen from, where something else was on offer. A row of zeros: nothing else ever was.

    Parameters
    ----------
    model
        A model of the choice.
    sets
        The choices.
    """
    weight = sets.counts().sum(axis=1)
    now = model.probabilities(sets)
    count = len(sets.alternatives)
    found = np.zeros((count, count))
    for gone in range(count):
        there = np.flatnonzero(sets.available[:, gone] & (sets.available.sum(axis=1) > 1) & (weight > 0))
        if len(there) == 0:
            continue
        available = sets.available[there].copy()
        available[:, gone] = False
        then = model.probabilities(replace(sets, offered=sets.offered[there], available=available))
        moved = weight[there] @ np.clip(then - now[there], 0, None)
        moved[gone] = 0.0
        found[gone] = moved / moved.sum() if moved.sum() > 0 else 0.0
    return found


def elasticities(model: Chances, sets: Sets) -> Reals:
    """Return the change in % of the choice of each alternative when the price of one rises 1 %.

    Row: whose price rises; column: whose choice changes; ``(n_alternatives, n_alternatives)``, not a number where an
    alternative has no price. Measured on all sets together, as often as they were chosen from.

    Parameters
    ----------
    model
        A model of the choice that reads the price.
    sets
        The choices.
    """
    count = len(sets.alternatives)
    found = np.full((count, count), np.nan)
    if PRICE not in sets.names:
        return found
    column = sets.names.index(PRICE)
    weight = sets.counts().sum(axis=1)
    total = weight @ model.probabilities(sets)
    for dearer in range(count):
        if not (sets.offered[:, dearer, column] > 0).any():
            continue
        sides = []
        for factor in (1 + STEP, 1 - STEP):
            offered = sets.offered.copy()
            offered[:, dearer, column] *= factor
            sides.append(weight @ model.probabilities(replace(sets, offered=offered)))
        change = (sides[0] - sides[1]) / (2 * STEP)
        found[dearer] = np.divide(change, total, out=np.full(count, np.nan), where=total > 0)
    return found
