"""Weighted ensembles: quantile curves averaged level by level, with weights that did best on the calibration weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from lotwise.forecast import scores
from lotwise.forecast.direct import calibrated
from lotwise.forecast.task import Curve
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.forecast.direct import Learner
    from lotwise.forecast.panel import Array
    from lotwise.forecast.task import Task

WEIGHED = 5_000
"""Rows that weights are fitted on, at most."""


def curve(task: Task, *, members: Sequence[Learner], weights: Sequence[float] | None = None) -> Curve | None:
    """Return the weighted mean of several learners' calibrated forecasts, or None where there is too little history.

    Parameters
    ----------
    task
        What is asked; learners it has already kept are not fitted again.
    members
        The learners.
    weights
        One a member; None: those whose mixture lost least on the weeks the members were calibrated on.
    """
    made = [calibrated(task, fit) for fit in members]
    found = [one for one in made if one is not None]
    if len(found) < len(made):
        return None
    if weights is None:
        rows = found[0].rows
        came = task.design.units[rows.series, rows.target]
        weights = fitted(came, np.stack([one.quantiles for one in found])).tolist()
    return mixed([one.curve for one in found], weights)


def mixed(curves: Sequence[Curve], weights: Sequence[float]) -> Curve:
    """Return the weighted mean of several curves: of their means, of their quantiles at each level, and of their errors.

    Averaging quantiles keeps the members' shape; averaging their probabilities would widen it.

    Parameters
    ----------
    curves
        Of one task. Error paths are those of the members that have any.
    weights
        One a curve, not negative; only their ratios matter.

    References
    ----------
    Lichtendahl, Grushka-Cockayne & Winkler (2013), Is it better to average probabilities or quantiles?, Management
    Science 59.
    """
    share = np.asarray(weights, float) / np.sum(weights)
    paths = [(part, one.errors) for part, one in zip(share, curves, strict=True) if one.errors is not None and part > 0]
    total = sum(part for part, _ in paths)
    return Curve(
        np.tensordot(share, np.stack([one.mean for one in curves]), 1),
        np.tensordot(share, np.stack([one.quantiles for one in curves]), 1),
        sum((part / total * errors for part, errors in paths), np.zeros(1)) if paths else None,
    )


def fitted(units: Array, quantiles: Array) -> Array:
    """Return the weights, not negative and of sum 1, under which the mixed curve's pinball loss is least.

    Parameters
    ----------
    units
        What came; ``(n_rows,)``.
    quantiles
        What the members had said of it; ``(n_members, n_rows, n_levels)``. The loss is convex in the weights; of
        more rows than ``WEIGHED``, every so-manieth is looked at.
    """
    count = len(quantiles)
    equal = np.full(count, 1 / count)
    step = -(-len(units) // WEIGHED)
    units, quantiles = units[::step], quantiles[:, ::step]
    size = float(np.abs(units).sum())
    if count == 1 or size == 0:
        return equal
    level = np.asarray(LEVELS)

    def loss(weights: Array) -> tuple[float, Array]:
        mixture = np.tensordot(weights, quantiles, 1)
        slope = np.where(units[:, None] > mixture, -level, 1 - level)
        return float(scores.pinball(units, mixture).sum()) / size, np.tensordot(quantiles, slope, 2) / size

    whole = {"type": "eq", "fun": lambda weights: weights.sum() - 1, "jac": lambda _: np.ones(count)}
    found = minimize(loss, equal, jac=True, method="SLSQP", bounds=[(0, 1)] * count, constraints=whole, options={"maxiter": 50})
    weights = np.clip(found.x, 0, None)
    tried = [equal, weights / weights.sum(), *np.eye(count)]
    return np.asarray(tried[int(np.argmin([loss(one)[0] for one in tried]))])
