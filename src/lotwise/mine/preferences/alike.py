"""Whether customers' choices hang together more than chance: the test before classes of customers are looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.special import ndtr

from lotwise.mine.preferences.sets import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.preferences.sets import Sets

    Reals = NDArray[np.float64]


def cell_scores(sets: Sets, part_worths: Reals) -> Reals:
    """Return attributes less their mean under the logit, a row a cell, ``(n_sets * n_alternatives, n_attributes)``."""
    utility = np.where(sets.available, sets.offered @ part_worths, -np.inf)
    raised = np.where(sets.available, np.exp(utility - utility.max(axis=1, keepdims=True, initial=-700)), 0.0)
    chance = raised / np.maximum(raised.sum(axis=1, keepdims=True), 1e-300)
    mean = np.matmul(chance[:, None, :], sets.offered)
    found: Reals = (sets.offered - mean).reshape(-1, sets.offered.shape[2])
    return found


def robust(sets: Sets, part_worths: Reals, covariance: Reals) -> Reals:
    """Return the covariance that holds where one customer's choices hang together: the sandwich over persons."""
    counts, persons = sets.by_person()
    scores = counts @ cell_scores(sets, part_worths)
    count = len(persons)
    found: Reals = covariance @ (scores.T @ scores) @ covariance * (count / max(count - 1, 1))
    return found


def chance_alike(sets: Sets, part_worths: Reals) -> float:
    """Return the chance of such likeness within customers' choices in different orders were all customers alike.

    For each pair of attributes the products of their scores are added up over pairs of choices of one person in different
    orders. With one taste for all the sum has mean 0, and over persons it is nearly normal; the smallest p-value is
    corrected for the number of pairs of attributes (Bonferroni).

    References
    ----------
    Chesher (1984), Testing for neglected heterogeneity, Econometrica 52; McFadden & Train (2000), Mixed MNL models for
    discrete response, Journal of Applied Econometrics 15, section 4.
    """
    scores = cell_scores(sets, part_worths)[sets.cell]
    width = scores.shape[1]
    if width == 0 or len(sets) == 0:
        return 1.0
    scale = np.sqrt((scores**2).mean(axis=0))
    scores = scores / np.where(scale > 0, scale, 1.0)
    persons, who = distinct(sets.person)
    orders, which = distinct(sets.order)
    owner = np.zeros(len(orders), dtype=np.int64)
    owner[which] = who
    ordered = _summed(scores, which, len(orders))
    whole = _summed(ordered, owner, len(persons))
    pairs = [(a, b) for a in range(width) for b in range(a, width)]
    one, two = (np.array(side) for side in zip(*pairs, strict=True))
    within = _summed(ordered[:, one] * ordered[:, two], owner, len(persons))
    apart = whole[:, one] * whole[:, two] - within
    error = np.sqrt((apart**2).sum(axis=0))
    z = np.divide(apart.sum(axis=0), error, out=np.zeros(len(pairs)), where=error > 0)
    # Likeness is a positive sum of one attribute with itself, and a sum of either sign of two.
    p = np.where(one == two, ndtr(-z), 2 * ndtr(-np.abs(z)))
    return float(min(p.min() * len(pairs), 1.0))


def _summed(values: Reals, group: NDArray[np.int64], count: int) -> Reals:
    table = csr_array((np.ones(len(values)), (group, np.arange(len(values)))), shape=(count, len(values)))
    found: Reals = table @ values
    return found
