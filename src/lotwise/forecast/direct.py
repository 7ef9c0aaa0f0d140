"""From a learner to a curve: fit without the last weeks, calibrate on them, fit again on everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from lotwise.forecast import conformal
from lotwise.forecast.design import YOUNG
from lotwise.forecast.task import Curve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.config import Forecast
    from lotwise.forecast.design import Design, Rows
    from lotwise.forecast.panel import Array
    from lotwise.forecast.task import Task

UNSEEN_WEEKS = 6
"""Weeks kept from a learner to calibrate its quantiles."""
PATHS = 24
"""Past origins whose error paths carry the correlation of the draws."""
FEWEST_ROWS = 60
"""Fewer rows than this teach nothing."""
MOST_ROWS = 400_000
"""Of more rows than this, series are left out evenly."""


class Fitted(Protocol):
    """A learner after it has learned."""

    def expect(self, design: Design, rows: Rows) -> Array:
        """Return the expected units of each row; ``(n_rows,)``."""


class Learner(Protocol):
    """What learns from rows of a design whose targets are known."""

    def __call__(self, design: Design, rows: Rows, names: Sequence[str], params: Forecast, *, seed: int) -> Fitted:
        """Return the fitted model."""


def curve(task: Task, fit: Learner) -> Curve | None:
    """Return a learner's calibrated forecast, or None where its history is too short or empty."""
    design, end = task.design, task.end
    unseen = min(UNSEEN_WEEKS, (end + 1) // 4)
    early = taught(design, end - unseen)
    if unseen == 0 or not teaches(design, early):
        return None
    first = fit(design, early, task.names, task.params, seed=task.seed)
    held = design.rows(np.arange(max(end - unseen - design.horizon + 1, 0), end))
    held = held.where(design.known(held, end) & (held.target > end - unseen))
    level = design.dispersion
    calibration = conformal.calibrate(
        design.units[held.series, held.target], first.expect(design, held), level[held.series, held.origin]
    )
    errors = paths(design, end, first)
    last = fit(design, taught(design, end), task.names, task.params, seed=task.seed)
    ahead = design.rows([end])
    mean = last.expect(design, ahead)
    quantiles = calibration.quantiles(mean, level[ahead.series, ahead.origin])
    shape = (len(design.units), design.horizon)
    return Curve(mean.reshape(shape), quantiles.reshape(*shape, -1), errors)


def taught(design: Design, end: int) -> Rows:
    """Return the rows a model may learn from at the end of a week: every second origin, the last one first."""
    young = min(YOUNG, max((end + 1) // 4, 1))
    rows = design.rows(np.arange(end - 1, -1, -2), young=young)
    rows = rows.where(design.known(rows, end))
    step = -(-len(rows.series) // MOST_ROWS)
    return rows if step <= 1 else rows.where(rows.series % step == 0)


def teaches(design: Design, rows: Rows) -> bool:
    """Whether there are enough rows to learn from, and any demand in them."""
    return len(rows.series) >= FEWEST_ROWS and bool(design.units[rows.series, rows.target].sum() > 0)


def paths(design: Design, end: int, model: Fitted) -> Array:
    """Return the scaled errors from the last origins whose whole horizon is known; ``(n_series, horizon, n_origins)``."""
    last = end - design.horizon
    origins = np.arange(max(last - PATHS + 1, 0), last + 1)
    rows = design.rows(origins)
    mean = model.expect(design, rows)
    error = (design.units[rows.series, rows.target] - mean) / conformal.scale(mean)
    return error.reshape(len(design.units), len(origins), design.horizon).swapaxes(1, 2)
