"""Products with little or no history: what their analogs sell, corrected by their own weeks as these come in.

A series' level in an ordinary week starts from that of products like it (``analogs``), and every week of its own
moves it: a Gamma prior, Poisson weeks, and a strength of the prior chosen on products whose history was hidden.
Plans of promotion and the first weeks after a launch are factors on the level (``launches``). Quantiles are the scaled
errors of hidden products, by how many of their weeks were left visible, so they hold what tells products apart as well
as what tells weeks apart.

``curve`` needs two weeks and five series, so it also stands in where a learner has too little to learn from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import analogs, conformal, launches
from lotwise.forecast.panel import Panel
from lotwise.forecast.task import Curve
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from lotwise.forecast.analogs import Traits
    from lotwise.forecast.conformal import Calibration
    from lotwise.forecast.panel import Array, Facts, Index, Mask
    from lotwise.forecast.task import Task

YOUNG = 8
"""A series with fewer weeks of its own is new."""
RECENT = 13
"""Weeks a level is measured over."""
FEWEST = 5
"""Fewer series with a history than this are no analogs to learn from."""
WEIGHTS = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Strengths of the prior tried, in units and in weeks."""
TELLING = 0.1
"""Levels of analogs that differ by less than this (deviation of logarithms) tell nothing: all products share one.
What is left is which products were left out, and binning errors by that would make every interval too narrow."""
PATHS = 24
"""Past origins whose error paths carry the correlation of the draws."""
FLOOR = 0.02
"""No expectation is below this many units."""


@dataclass(frozen=True)
class Prior:
    """What is expected of series before their own weeks are looked at.

    Parameters
    ----------
    level
        Units in an ordinary week; ``(n_series,)``.
    spread
        How far their analogs disagree, deviation over mean; ``(n_series,)``.
    units, weeks
        The prior counts as much as ``units / level + weeks`` ordinary weeks of a series' own.
    """

    level: Array
    spread: Array
    units: float = 1.0
    weeks: float = 1.0

    def shrunk(self, sold: Array, exposure: Array) -> Array:
        """Return the level after some weeks: the posterior mean of a Gamma rate with Poisson counts.

        Parameters
        ----------
        sold
            Units in those weeks; ``(n_series,)``.
        exposure
            Those weeks in ordinary weeks, a promoted one counting more; ``(n_series,)``.

        References
        ----------
        Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.6. The second term of the strength allows for weeks
        that vary more than Poisson counts do.
        """
        strength = self.units / np.maximum(self.level, FLOOR) + self.weeks
        total = strength + exposure
        return np.where(total > 0, (strength * self.level + sold) / np.maximum(total, 1e-9), self.level)


@dataclass(frozen=True)
class Weeks:
    """Weeks of some series, and what they count: units, and ordinary weeks; ``(n_series, n_weeks)`` each."""

    units: Array
    exposure: Array

    def recent(self, span: int) -> tuple[Array, Array]:
        """Return units and ordinary weeks of the last ``span`` weeks, absent ones left out; ``(n_series,)`` each."""
        units = self.units[:, self.units.shape[1] - min(span, self.units.shape[1]) :]
        exposure = self.exposure[:, : self.units.shape[1]][:, self.units.shape[1] - units.shape[1] :]
        return np.nan_to_num(units).sum(axis=1), np.where(np.isfinite(units), exposure, 0.0).sum(axis=1)

    def where(self, rows: Index) -> Weeks:
        """Return some of the series."""
        return Weeks(self.units[rows], self.exposure[rows])

    def until(self, week: int) -> Weeks:
        """Return the weeks before a place."""
        return Weeks(self.units[:, :week], self.exposure)


def curve(task: Task, facts: Facts | None = None) -> Curve | None:
    """Return the forecast of all series from their analogs and their own last weeks.

    A series without a week of its own is expected to sell from the week it is launched in, where ``products``
    says when, and otherwise nothing: nobody could have known of it.

    Parameters
    ----------
    task
        Demand as of the cutoff.
    facts
        The tables that may be known (``launches.told`` leaves the others out); without them all products are alike.

    Returns
    -------
    Curve or None
        None where there are fewer than two weeks, or fewer than ``FEWEST`` series with a history.
    """
    return _made(task.units, task.horizon, facts)


def _made(units: Array, horizon: int, facts: Facts | None) -> Curve | None:
    """Return the forecast after the last of some weeks."""
    end = units.shape[1] - 1
    held = min(horizon, (end + 1) // 2)
    weeks = Weeks(units, launches.exposure(facts, units, horizon))
    traits = _comparable(analogs.traits(facts, end) if facts else analogs.alike(units.shape), units)
    if held == 0 or len(_teachers(units[:, : end + 1 - held])) < FEWEST:
        return None
    strength, calibrations = _learned(weeks, held, traits)
    prior = replace(_prior(weeks, traits), units=strength.units, weeks=strength.weeks)
    first = launches.begun(facts, units)
    weeks = replace(weeks, exposure=weeks.exposure * launches.phase(units, weeks.exposure, prior.level, first))
    mean = np.maximum(prior.shrunk(*weeks.recent(YOUNG))[:, None] * weeks.exposure[:, end + 1 :], FLOOR)
    age = np.isfinite(units).sum(axis=1)
    quantiles = _quantiles(calibrations, age, mean, prior.spread)
    sells = (age > 0)[:, None] | (np.arange(end + 1, end + 1 + horizon)[None, :] >= first[:, None])
    return Curve(np.where(sells, mean, 0.0), np.where(sells[:, :, None], quantiles, 0.0), _paths(weeks, mean))


def young(made: Curve, task: Task, facts: Facts | None = None) -> Curve:
    """Return a method's forecast, that of series with fewer than ``YOUNG`` weeks moved towards their analogs'.

    The analogs' forecast weighs 1 up to half of ``YOUNG`` weeks and 0 from ``YOUNG`` weeks on; quantiles are averaged
    level by level. Error paths stay the method's own; where it has none, those of past weeks around its mean stand in, for
    a new series has no history to draw from.

    Parameters
    ----------
    made
        Any method's forecast.
    task, facts
        As in ``curve``.
    """
    age = np.isfinite(task.units).sum(axis=1)
    few = _with_analogs(age < YOUNG)
    other = None if (age >= YOUNG).all() else _made(task.units[few], task.horizon, _of(facts, few))
    if other is None:
        return made
    share = np.clip(2 - 2 * age[few] / YOUNG, 0.0, 1.0)[:, None]
    mean, quantiles = made.mean.copy(), made.quantiles.copy()
    mean[few] = share * other.mean + (1 - share) * mean[few]
    quantiles[few] = share[:, :, None] * other.quantiles + (1 - share[:, :, None]) * quantiles[few]
    plain = Weeks(task.units, np.ones((len(age), task.end + 1 + task.horizon)))
    errors = _paths(plain, made.mean) if made.errors is None else made.errors
    return Curve(mean, quantiles, errors)


def _with_analogs(new: Mask) -> Index:
    """Return the new series, and as many others, spread evenly, as analogs are sought among."""
    others = np.flatnonzero(~new)
    step = max(-(-len(others) // analogs.MOST_TEACHERS), 1)
    return np.sort(np.concatenate([np.flatnonzero(new), others[::step]]))


def _of(facts: Facts | None, rows: Index) -> Facts | None:
    """Return the facts of some series."""
    if facts is None:
        return None
    every = facts.panel
    measures = {name: values[rows] for name, values in every.measures.items()}
    return replace(facts, panel=Panel(every.products[rows], every.regions[rows], every.weeks, every.units[rows], measures))


def complete(made: Curve | None, base: Curve, task: Task, facts: Facts | None = None) -> tuple[Curve, str]:
    """Return a forecast of every series, however short the history, and what made it.

    The chain: the method's own forecast where it made one, its new series moved towards their analogs (``"method"``);
    else the analogs' forecast of all series, which takes two weeks and ``FEWEST`` series (``"analogs"``); else what
    is known without any model (``"history"``).

    Parameters
    ----------
    made
        The method's forecast; None where it had too little to learn from.
    base
        Own history, which there always is.
    task, facts
        As in ``curve``.
    """
    if made is not None:
        return young(made, task, facts), "method"
    other = curve(task, facts)
    return (base, "history") if other is None else (other, "analogs")


def _teachers(units: Array) -> Index:
    """Return the series with a history: at least ``YOUNG`` of the last weeks, or as many as there are."""
    return np.flatnonzero(np.isfinite(units[:, -RECENT:]).sum(axis=1) >= min(YOUNG, units.shape[1]))


def _comparable(traits: Traits, units: Array) -> Traits:
    """Return the traits, without prices where most new series have none: errors learned with them would not be theirs."""
    new = np.isfinite(units).sum(axis=1) < YOUNG
    if not new.any() or np.isfinite(traits.price[new]).mean() > 0.5:  # noqa: PLR2004  most
        return traits
    return replace(traits, price=np.full(len(units), np.nan))


def _prior(weeks: Weeks, traits: Traits) -> Prior:
    """Return what analogs say of every series, its own product left out where it has a history itself."""
    teachers = _teachers(weeks.units)
    sold, exposure = weeks.where(teachers).recent(RECENT)
    known = analogs.fit(traits.where(teachers), sold / np.maximum(exposure, 1e-9))
    level, spread = known.expect(traits)
    level[teachers], spread[teachers] = known.expect(traits.where(teachers), leave=True)
    logs = np.log(np.maximum(level[teachers], FLOOR))
    if logs.std() < TELLING:
        level[:], spread[:] = level[teachers].mean(), spread[teachers].mean()
    return Prior(level, spread)


def _learned(weeks: Weeks, held: int, traits: Traits) -> tuple[Prior, list[Calibration]]:
    """Return the strength of the prior, and the quantiles by visible weeks, from series whose history is hidden.

    The last ``held`` weeks are what is foretold; of the weeks before them 0, 1, ... are left visible.
    """
    stop = weeks.units.shape[1] - held
    before = weeks.until(stop)
    rows = _teachers(before.units)
    prior = _prior(before, traits)
    rows = rows[:: -(-len(rows) // analogs.MOST_TEACHERS)]
    prior = Prior(prior.level[rows], prior.spread[rows])
    before, ahead = before.where(rows), weeks.exposure[rows, stop : stop + held]
    came = weeks.units[rows, stop:]
    seen = [before.recent(age) for age in range(min(YOUNG, stop) + 1)]
    prior = min(
        (replace(prior, units=units, weeks=count) for units in WEIGHTS for count in WEIGHTS),
        key=lambda one: sum(_missed(one, *visible, ahead, came) for visible in seen[1:]),
    )
    return prior, [_calibrated(prior, *visible, ahead, came) for visible in seen]


def _missed(prior: Prior, sold: Array, exposure: Array, ahead: Array, came: Array) -> float:
    known = np.isfinite(came)
    return analogs.deviance(came[known], (prior.shrunk(sold, exposure)[:, None] * ahead)[known])


def _calibrated(prior: Prior, sold: Array, exposure: Array, ahead: Array, came: Array) -> Calibration:
    mean = np.maximum(prior.shrunk(sold, exposure)[:, None] * ahead, FLOOR)
    spread = np.broadcast_to(prior.spread[:, None], mean.shape)
    known = np.isfinite(came)
    return conformal.calibrate(came[known], mean[known], spread[known])


def _quantiles(calibrations: list[Calibration], age: Index, mean: Array, spread: Array) -> Array:
    """Return the quantiles of each series by how many weeks of its own it has; ``(n_series, horizon, n_levels)``."""
    place = np.minimum(age, len(calibrations) - 1)
    found = np.zeros((*mean.shape, len(LEVELS)))
    for number in np.unique(place):
        rows = place == number
        wide = np.broadcast_to(spread[rows, None], mean[rows].shape).ravel()
        found[rows] = calibrations[number].quantiles(mean[rows].ravel(), wide).reshape(found[rows].shape)
    return found


def _paths(weeks: Weeks, mean: Array) -> Array:
    """Return the scaled errors of past weeks around the level, in whole paths; ``(n_series, horizon, n_origins)``."""
    horizon = mean.shape[1]
    last = weeks.units.shape[1]
    usual = weeks.exposure[:, :last] * (mean[:, :1] / np.maximum(weeks.exposure[:, last : last + 1], 1e-9))
    error = (weeks.units - usual) / conformal.scale(usual)
    if last < horizon:
        return np.full((*mean.shape, 1), np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(error, horizon, axis=1)[:, -PATHS:]
    return np.ascontiguousarray(windows.swapaxes(1, 2))
