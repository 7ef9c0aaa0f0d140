"""Ridge logistic regression by Newton's method, which ends where the gradient does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TOLERANCE = 1e-6
"""Largest gradient, a row, at which the search ends."""
STEPS = 60


@dataclass(frozen=True)
class Line:
    """Log odds that are linear in the features.

    Parameters
    ----------
    weights
        ``(n_features + 1,)``; the last is the constant.
    converged
        Whether the gradient came to an end.
    """

    weights: Floats
    converged: bool

    def odds(self, rows: Floats) -> Floats:
        """Return the log odds of each row."""
        return np.asarray(rows @ self.weights[:-1] + self.weights[-1])

    def chance(self, rows: Floats) -> Floats:
        """Return the chance of each row."""
        return np.asarray(expit(self.odds(rows)))


def fit(
    rows: Floats, happened: Floats, *, ridge: float | Floats, start: Floats | None = None, towards: Floats | None = None
) -> Line:
    """Return the line of least penalized log loss; finite under perfect separation, since the ridge holds it.

    Minimizes ``sum(log loss) + sum(ridge (weights - towards)^2) / 2`` by Newton steps, halved while they do not improve.

    Parameters
    ----------
    rows
        Features, standardized by the caller, ``(n_rows, n_features)``.
    happened
        0 or 1, ``(n_rows,)``.
    ridge
        Penalty of each weight, above 0; a number is that of every feature, the constant being free but for 1e-6.
    start
        Weights to begin with; default: nothing but the share.
    towards
        Weights that the penalty draws to; default 0.
    """
    whole = np.column_stack([rows, np.ones(len(rows))]).astype(np.float64)
    size = whole.shape[1]
    penalty = np.r_[np.full(size - 1, ridge), 1e-6] if np.isscalar(ridge) else np.asarray(ridge, dtype=np.float64)
    aim = np.zeros(size) if towards is None else towards
    weights = aim.copy() if start is None else start.copy()
    if start is None and towards is None:
        share = (happened.sum() + 0.5) / (len(happened) + 1.0)
        weights[-1] = np.log(share / (1 - share))
    loss = _loss(whole, happened, weights, penalty, aim)
    for _ in range(STEPS):
        chance = expit(whole @ weights)
        slope = whole.T @ (chance - happened) + penalty * (weights - aim)
        if np.abs(slope).max() <= TOLERANCE * len(happened):
            return Line(weights, converged=True)
        bend = whole * np.sqrt(chance * (1 - chance))[:, None]
        step = cho_solve(cho_factor(bend.T @ bend + np.diag(penalty)), slope)
        scale, tried = 1.0, _loss(whole, happened, weights - step, penalty, aim)
        while not tried < loss and scale > 1e-8:  # noqa: PLR2004  a step that small changes nothing
            scale /= 2
            tried = _loss(whole, happened, weights - scale * step, penalty, aim)
        if not tried < loss:
            return Line(weights, converged=bool(np.abs(slope).max() <= 100 * TOLERANCE * len(happened)))
        weights, loss = weights - scale * step, tried
    return Line(weights, converged=False)


def _loss(whole: Floats, happened: Floats, weights: Floats, penalty: Floats, aim: Floats) -> float:
    odds = whole @ weights
    return float((np.logaddexp(0.0, odds) - happened * odds).sum() + (penalty * (weights - aim) ** 2).sum() / 2)
