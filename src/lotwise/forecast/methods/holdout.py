"""The curve of a method fitted twice: without the last weeks to see how it errs, and on everything to forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from lotwise.forecast import conformal, windows
from lotwise.forecast.direct import PATHS
from lotwise.forecast.methods import seasons
from lotwise.forecast.task import Curve
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Index
    from lotwise.forecast.task import Task

HELD = 2
"""Horizons kept from the first fit, though never more than a third of a series."""
ERRORS = 100
"""Errors of each week ahead wanted at least; a panel of few series keeps more weeks for it."""
MIXED = 30
"""Errors needed to choose a share."""
OWN = 2.0
"""Horizons of errors at which a series' own spread counts as much as the pool's."""
SHARES = np.linspace(0.0, 1.0, 5)
"""Shares that are tried where two forecasts are mixed."""


class Ahead(Protocol):
    """A method whose parameters are fitted on the first weeks and that then runs on, origin by origin."""

    def __call__(self, units: Array, ends: Index, origins: Index, horizon: int, season: int) -> Array:
        """Return the forecasts of each member; ``(n_members, n_series, n_origins, horizon)``, one or two members."""


def curve(task: Task, ahead: Ahead) -> Curve:
    """Return the forecast of a method, mixed and calibrated by the errors of weeks its first fit had not seen.

    Errors are taken relative to the size of each series' changes and to how wide it errs against the others, pooled
    by week ahead, the k-th of n standing at level k / (n + 1), and scaled back for each series.
    Two members are mixed in the share that would have erred least on the same weeks, the panel as a whole.
    """
    units, horizon = task.units, task.horizon
    n_series, n_weeks = units.shape
    lengths = n_weeks - seasons.begins(units)
    held = np.minimum(max(HELD * horizon, -(-ERRORS // max(n_series, 1))), lengths // 3)
    late = np.arange(max(n_weeks - horizon - PATHS, 0), n_weeks)
    late = late[(late < n_weeks - horizon) | (late == n_weeks - 1)]
    now = ahead(units, np.full(n_series, n_weeks), late, horizon, task.season)
    scale = changes(units, task.season)
    share, score = 0.5, None
    if held.max(initial=0) > 0:
        early = np.arange(n_weeks - 1 - held.max(), n_weeks - 1)
        before = ahead(units, n_weeks - held, early, horizon, task.season)
        came = arrived(units, early, horizon)
        came[early[None, :] < (n_weeks - held - 1)[:, None]] = np.nan
        share = mixed(before, came, scale)
        score = (came - blended(before, share)) / scale[:, None, None]
    made = np.maximum(blended(now, share), 0.0)
    mean = np.nan_to_num(made[:, -1])
    errors = (arrived(units, late[:-1], horizon) - made[:, :-1]) / conformal.scale(np.nan_to_num(made[:, :-1]))
    quantiles = np.repeat(mean[:, :, None], len(LEVELS), axis=2)
    if score is not None:
        quantiles = quantiles + spread(score)[:, None, None] * levels(leveled(score))[None] * scale[:, None, None]
    return Curve(mean, np.maximum(quantiles, 0.0), errors.swapaxes(1, 2) if len(late) > 1 else None)


def arrived(units: Array, origins: Index, horizon: int) -> Array:
    """Return what came in each week ahead, absent where it is not known yet; ``(n_series, n_origins, horizon)``."""
    weeks = targets(origins, horizon)
    last = units.shape[1] - 1
    return np.where(weeks <= last, units[:, np.minimum(weeks, last)], np.nan)


def targets(origins: Index, horizon: int) -> Index:
    """Return the week each forecast is about; ``(n_origins, horizon)``."""
    return origins[:, None] + np.arange(1, horizon + 1)


def changes(units: Array, season: int) -> Array:
    """Return the mean absolute change from week to week of each series, its season aside, kept above 0; ``(n_series,)``."""
    filled = seasons.filled(units, season)
    least = 0.01 * np.abs(np.nan_to_num(windows.mean(units)[:, -1])) + 1e-9
    plain = windows.mean(np.abs(np.diff(filled, axis=1)))[:, -1] if units.shape[1] > 1 else least
    found = np.nan_to_num(plain)
    if season > 1 and units.shape[1] > season + 1:
        yearly = filled[:, season:] - filled[:, :-season]
        again = np.nan_to_num(windows.mean(np.abs(np.diff(yearly, axis=1)))[:, -1], nan=np.inf) / np.sqrt(2)
        found = np.minimum(found, np.where(again > 0, again, np.inf))
    return np.maximum(found, least)


def mixed(members: Array, came: Array, scale: Array) -> float:
    """Return the share of the second member that errs least in scaled absolute terms; a half where errors are few."""
    known = np.isfinite(came) & np.isfinite(members).all(axis=0)
    if len(members) == 1 or known.sum() < MIXED:
        return 0.5
    lost = [np.abs((came - blended(members, share)) / scale[:, None, None])[known].mean() for share in SHARES]
    return float(SHARES[int(np.argmin(lost))])


def blended(members: Array, share: float) -> Array:
    """Return one forecast of one or two members, the second with this share; absent ones are left to the other."""
    first, second = members[0], members[-1]
    both = (1 - share) * first + share * second
    return np.asarray(np.where(np.isfinite(both), both, np.where(np.isfinite(first), first, second)))


def levels(score: Array) -> Array:
    """Return the quantiles of the scaled errors at each week ahead, which widen with it; ``(horizon, n_levels)``.

    A week ahead without errors takes those of the last one that has them, wider by the root of the time.
    """
    found = np.zeros((score.shape[2], len(LEVELS)))
    last = 0
    for step in range(score.shape[2]):
        here = score[:, :, step]
        here = here[np.isfinite(here)]
        if len(here) > 1:
            found[step] = np.quantile(here, LEVELS, method="weibull")
            last = step
        elif step > 0:
            found[step] = found[last] * np.sqrt((step + 1) / (last + 1))
    return found


def leveled(score: Array) -> Array:
    """Return the scaled errors relative to how wide each series errs, each half of the origins by the other half.

    Errors of calm and of restless series are one distribution only after this; taken by their own half they would
    look calmer than those to come.
    """
    found = np.empty_like(score)
    late = np.arange(score.shape[1]) >= score.shape[1] // 2
    for half in (late, ~late):
        others = np.where(half[None, :, None], np.nan, score)
        found[:, half] = score[:, half] / spread(others)[:, None, None]
    return found


def spread(score: Array) -> Array:
    """Return how wide each series errs against the pool, drawn towards 1 where it has few errors; ``(n_series,)``."""
    known = np.isfinite(score)
    size = np.abs(np.nan_to_num(score))
    usual = size.sum(axis=(0, 1)) / np.maximum(known.sum(axis=(0, 1)), 1)
    count = known.sum(axis=(1, 2))
    own = (size / np.maximum(usual, 1e-300)).sum(axis=(1, 2))
    few = OWN * score.shape[2]
    return np.asarray((own + few) / (count + few))
