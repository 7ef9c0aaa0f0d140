"""Why a forecast is what it is: units that each feature added to a product's usual level, adding up to the forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import direct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.forecast.panel import Array
    from lotwise.forecast.task import Task


@dataclass(frozen=True)
class Reasons:
    """What a forecast is made of.

    Parameters
    ----------
    features
        Source and name of each feature; the base features, which every model has, are of source ``""``.
    start
        Units expected before any feature is looked at: the usual level; ``(n_series, horizon)``.
    units
        Units each feature added; ``(n_series, horizon, n_features)``. With ``start`` they add up to the forecast's mean.
    values
        The features' values; ``(n_series, horizon, n_features)``.
    """

    features: list[tuple[str, str]]
    start: Array
    units: Array
    values: Array


def learned(task: Task, fit: direct.Learner) -> Reasons | None:
    """Return what a learner's forecast is made of, or None where it has none or cannot say.

    A learner explains the logarithm of its expectation. The difference between the forecast and the usual level is
    shared out in proportion to those logarithms: the logarithmic mean Divisia index, which leaves no remainder
    and favors no order of the features.

    References
    ----------
    Ang (2015), LMDI decomposition approach: a guide for implementation, Energy Policy 86.
    """
    pair = direct.pair_of(task, fit)
    if pair is None or not isinstance(pair.late, direct.Explained):
        return None
    design = task.design
    rows = design.rows([task.end])
    features, logs = pair.late.contributions(design, rows)
    mean = pair.late.expect(design, rows)
    start = design.level[rows.series, rows.origin] * np.exp(logs[:, -1])
    total = logs[:, :-1].sum(axis=1)
    rate = np.divide(mean - start, total, out=np.zeros_like(total), where=np.abs(total) > 1e-12)  # noqa: PLR2004  nothing moved it
    start = np.where(rate == 0, mean, start)
    shape = (len(design.units), design.horizon)
    units = (logs[:, :-1] * rate[:, None]).reshape(*shape, -1)
    return Reasons(features, start.reshape(shape), units, design.matrix(rows, task.names).astype(float).reshape(*shape, -1))


def mixed(parts: Sequence[tuple[float, Reasons | None]]) -> Reasons | None:
    """Return what a weighted mean of forecasts of the same features is made of; None where a part cannot say."""
    known = [(weight, reasons) for weight, reasons in parts if reasons is not None]
    if len(known) < len(parts) or not known:
        return None
    start = sum(weight * reasons.start for weight, reasons in known)
    units = sum(weight * reasons.units for weight, reasons in known)
    return Reasons(known[0][1].features, np.asarray(start), np.asarray(units), known[0][1].values)
