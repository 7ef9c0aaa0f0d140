"""From a learner to a curve: fit without the last weeks, calibrate on them, fit again on everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

import numpy as np

from lotwise.forecast import conformal
from lotwise.forecast.design import YOUNG
from lotwise.forecast.task import Curve
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lotwise.config import Forecast
    from lotwise.forecast.design import Design, Rows
    from lotwise.forecast.panel import Array, Index
    from lotwise.forecast.task import Task

UNSEEN_WEEKS = 6
"""Weeks kept from a learner to calibrate its quantiles."""
PATHS = 24
"""Past origins whose error paths carry the correlation of the draws."""
PATH_ROWS = 4_000_000
"""Of more rows than this along the paths, there are fewer origins."""
FEWEST_ROWS = 60
"""Fewer rows than this teach nothing."""
MOST_ROWS = 400_000
"""Of more rows than this, series are left out evenly."""
CHUNK = 100_000
"""Rows whose features are laid out at once."""
SIZES = 4
"""Bins of expected units in which a learner's own quantiles are moved."""


class Fitted(Protocol):
    """A learner after it has learned."""

    def expect(self, design: Design, rows: Rows) -> Array:
        """Return the expected units of each row; ``(n_rows,)``."""


@runtime_checkable
class Spread(Fitted, Protocol):
    """A fitted learner that knows quantiles of its own."""

    def quantiles(self, design: Design, rows: Rows) -> Array:
        """Return the quantiles of each row, rising and never negative; ``(n_rows, n_levels)``."""


@runtime_checkable
class Explained(Fitted, Protocol):
    """A fitted learner that can say what each feature contributed."""

    def contributions(self, design: Design, rows: Rows) -> tuple[list[tuple[str, str]], Array]:
        """Return the source and name of each feature, and what each adds to the logarithm of a row's expectation.

        The last column, ``(n_rows, n_features + 1)``, is what is expected before any feature is looked at. A
        row's sum and the logarithm of its level are the logarithm of ``expect`` before its bounds.
        """


class Learner(Protocol):
    """What learns from rows of a design whose targets are known."""

    def __call__(self, design: Design, rows: Rows, names: Sequence[str], params: Forecast, *, seed: int) -> Fitted:
        """Return the fitted model."""


@dataclass(frozen=True)
class Pair:
    """A learner fitted twice.

    Parameters
    ----------
    early
        On the weeks before the last ``unseen`` ones: it calibrates.
    late
        On all weeks up to ``fitted``: it forecasts.
    fitted
        Place of the last week ``late`` learned from.
    unseen
        Weeks that ``early`` did not learn from.
    design
        What both learned from.
    """

    early: Fitted
    late: Fitted
    fitted: int
    unseen: int
    design: Design = field(repr=False)

    @cached_property
    def errors(self) -> Array:
        """Return the scaled errors of ``early`` along past paths; ``(n_series, horizon, n_origins)``."""
        return paths(self.design, self.fitted, self.early)

    def blind(self, rows: Rows, ask: Callable[[Fitted, Rows], Array]) -> Array:
        """Return what is answered for each row by a model that has not learned from its target."""
        after = rows.target > self.fitted
        if not after.any():
            return ask(self.early, rows)
        found = ask(self.late, rows)
        if not after.all():
            found[~after] = ask(self.early, rows.where(~after))
        return found


@dataclass(frozen=True)
class Calibrated:
    """A learner's forecast, and what it would have said of the weeks it was calibrated on.

    Parameters
    ----------
    curve
        The forecast.
    rows
        The rows it was calibrated on.
    mean, quantiles
        Of those rows; ``(n_rows,)`` and ``(n_rows, n_levels)``.
    """

    curve: Curve
    rows: Rows
    mean: Array
    quantiles: Array


def curve(task: Task, fit: Learner) -> Curve | None:
    """Return a learner's calibrated forecast, or None where its history is too short or empty."""
    found = calibrated(task, fit)
    return None if found is None else found.curve


def calibrated(task: Task, fit: Learner) -> Calibrated | None:
    """Return a learner's forecast with its calibration, or None where its history is too short or empty."""
    design, end = task.design, task.end
    pair = pair_of(task, fit)
    if pair is None:
        return None
    held = unseen_rows(design, end, pair)
    ahead = design.rows([end])
    before, mean = pair.blind(held, lambda model, rows: model.expect(design, rows)), pair.late.expect(design, ahead)
    units, level = design.units[held.series, held.target], design.dispersion
    if isinstance(pair.late, Spread):
        own = pair.blind(held, lambda model, rows: cast("Spread", model).quantiles(design, rows))
        moves = Moves.of(units, before, own)
        quantiles, checked = moves.moved(mean, pair.late.quantiles(design, ahead)), moves.moved(before, own)
    else:
        was, now = (conformal.groups(design, rows, task.names) for rows in (held, ahead))
        calibration = conformal.calibrate(units, before, level[held.series, held.origin], was)
        quantiles = calibration.quantiles(mean, level[ahead.series, ahead.origin], now)
        checked = calibration.quantiles(before, level[held.series, held.origin], was)
    shape = (len(design.units), design.horizon)
    found = Curve(mean.reshape(shape), quantiles.reshape(*shape, -1), pair.errors if task.paths else None)
    return Calibrated(found, held, before, checked)


def pair_of(task: Task, fit: Learner) -> Pair | None:
    """Return a learner fitted for a task, from what the task has kept where it can; None where there is too little."""
    design = task.design
    fitted = task.end if task.fitted is None else task.fitted
    key = (fit, task.names, fitted, task.seed)
    if key not in task.kept:
        unseen = min(UNSEEN_WEEKS, (fitted + 1) // 4)
        early = taught(design, fitted - unseen)
        if unseen == 0 or not teaches(design, early):
            return None
        first, last = (fit(design, rows, task.names, task.params, seed=task.seed) for rows in (early, taught(design, fitted)))
        task.kept[key] = Pair(first, last, fitted, unseen, design)
    return cast("Pair", task.kept[key])


def taught(design: Design, end: int) -> Rows:
    """Return the rows a model may learn from at the end of a week: every second origin, the last one first."""
    return _known(design, np.arange(end - 1, -1, -2), end, young=min(YOUNG, max((end + 1) // 4, 1)))


def _known(design: Design, origins: Index, end: int, *, after: int = -1, young: int = 0) -> Rows:
    """Return the rows whose target was known by a week and lies after another, of every so-manieth series if they are many."""
    units = design.units[:, : end + 1]
    count = 0
    if len(units) * len(origins) * design.horizon > MOST_ROWS:
        began = design.age(origins) > (young or -1)
        for ahead in range(1, design.horizon + 1):
            inside = (origins + ahead > after) & (origins + ahead <= end)
            count += int((began[:, inside] & np.isfinite(units[:, origins[inside] + ahead])).sum())
    series = np.arange(0, len(units), max(-(-count // MOST_ROWS), 1))
    rows = design.rows(origins, young=young, series=series)
    return rows.where(design.known(rows, end) & (rows.target > after))


def teaches(design: Design, rows: Rows) -> bool:
    """Whether there are enough rows to learn from, and any demand in them."""
    return len(rows.series) >= FEWEST_ROWS and bool(design.units[rows.series, rows.target].sum() > 0)


def unseen_rows(design: Design, end: int, pair: Pair) -> Rows:
    """Return the rows of the last weeks known, that calibrate."""
    last = end - pair.unseen
    return _known(design, np.arange(max(last - design.horizon + 1, 0), end), end, after=last)


def paths(design: Design, end: int, model: Fitted) -> Array:
    """Return the scaled errors from the last origins whose whole horizon is known; ``(n_series, horizon, n_origins)``."""
    last = end - design.horizon
    count = int(np.clip(PATH_ROWS // (len(design.units) * design.horizon), 1, PATHS))
    origins = np.arange(max(last - count + 1, 0), last + 1)
    rows = design.rows(origins)
    mean = model.expect(design, rows)
    error = (design.units[rows.series, rows.target] - mean) / conformal.scale(mean)
    return error.reshape(len(design.units), len(origins), design.horizon).swapaxes(1, 2)


def by_parts(rows: Rows, answer: Callable[[Rows], Array]) -> Array:
    """Return the answers to all rows, the features of a part of them laid out at a time."""
    if len(rows.series) == 0:
        return np.zeros(0)
    return np.concatenate([answer(rows.where(slice(start, start + CHUNK))) for start in range(0, len(rows.series), CHUNK)])


@dataclass(frozen=True)
class Moves:
    """How far a learner's own quantiles must be moved to cover what came.

    Parameters
    ----------
    sizes
        Upper edges of the bins of expected units; ``(n_bins - 1,)``.
    steps
        By bin and level, in units of ``conformal.scale``; ``(n_bins, n_levels)``.
    """

    sizes: Array
    steps: Array

    @classmethod
    def of(cls, units: Array, mean: Array, quantiles: Array) -> Moves:
        """Return the moves after which the share of each level lies below it, in bins of size of equal count.

        References
        ----------
        Romano, Patterson & Candes (2019), Conformalized quantile regression, NeurIPS: here one-sided, level by
        level, in bins, with the k-th of n distances at level k / (n + 1).
        """
        bins = int(np.clip(len(units) / conformal.PER_BIN, 1, SIZES))
        sizes = np.quantile(mean, np.arange(1, bins) / bins)
        place = np.searchsorted(sizes, mean, side="right")
        distance = (units[:, None] - quantiles) / conformal.scale(mean)[:, None]
        steps = np.zeros((bins, len(LEVELS)))
        for number in np.unique(place):
            inside = distance[place == number]
            steps[number] = [np.quantile(inside[:, k], level, method="weibull") for k, level in enumerate(LEVELS)]
        return cls(sizes, steps)

    def moved(self, mean: Array, quantiles: Array) -> Array:
        """Return the quantiles moved, rising and never negative."""
        step = self.steps[np.searchsorted(self.sizes, mean, side="right")]
        return np.asarray(np.sort(np.maximum(quantiles + step * conformal.scale(mean)[:, None], 0.0), axis=1))
