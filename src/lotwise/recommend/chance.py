"""From a score to a chance: how often products with such a score were bought within the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import isotonic_regression

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = 60
"""Steps of the map at most; each holds an equal number of purchases."""

FEWEST = 10
"""Purchases in a step at least, where there are as many."""


@dataclass(frozen=True)
class Chance:
    """A map from score to chance that never falls.

    Parameters
    ----------
    score
        Mean score of each step, ascending.
    share
        Share of the step's customer-product pairs that were bought, ascending, between 0 and 1.
    """

    score: NDArray[np.float64]
    share: NDArray[np.float64]

    def of(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the chance for each score, straight between the steps and flat beyond them."""
        return np.interp(scores, self.score, self.share)


def fit(scores: NDArray[np.float64], bought: NDArray[np.bool_]) -> Chance:
    """Return the map under which chances and what was bought agree, by isotonic regression over steps.

    The steps end at quantiles of the scores of bought products, so that each rests on equally many
    purchases. A step's share leans on the overall share as if one more pair had been seen.

    Parameters
    ----------
    scores
        Score of each customer-product pair, any shape.
    bought
        Whether it was bought, of the same shape.
    """
    steps = int(np.clip(np.count_nonzero(bought) // FEWEST, 1, STEPS))
    edges = np.unique(np.quantile(scores[bought], np.arange(1, steps) / steps, method="lower")) if steps > 1 else np.empty(0)
    step = np.searchsorted(edges, scores.ravel(), side="right")
    pairs, total, hits = (np.bincount(step, value, len(edges) + 1) for value in (None, scores.ravel(), bought.ravel()))
    kept = pairs > 0
    overall = hits.sum() / pairs.sum()
    share = isotonic_regression((hits[kept] + overall) / (pairs[kept] + 1), weights=pairs[kept] + 1.0).x
    return Chance(total[kept] / pairs[kept], share)
