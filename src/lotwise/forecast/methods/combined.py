"""The combination: dynamic theta and damped trend, on demand and on its logarithm, with a pooled autoregression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast.methods import autoregression, damped, holdout, seasons, theta

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Index
    from lotwise.forecast.task import Curve, Task

CHUNK = 4096
"""Series whose members are laid out at once."""
ROOM = np.log(5.0)
"""How far beyond all it has seen, in logarithms, a series is let go."""
NONE_NEAR = 0.01
"""A series that comes this near to nothing, as a share of its mean, is looked at as 1 + demand / mean."""


def combined(task: Task) -> Curve:
    """Return the mix of two forecasts: the median of four smoothing methods, and a pooled autoregression.

    The four know each series alone, without its (shrunken) season; the autoregression learns from all series of
    the panel what theirs have in common. How much each counts is what the last weeks would have liked best.
    Seasons are those of ``task.season``; series of fewer than six weeks are expected to stay where they are.

    References
    ----------
    Petropoulos & Svetunkov (2020), A simple combination of univariate models, International Journal of Forecasting
    36, for the median of few different methods.
    """
    return holdout.curve(task, ahead)


def ahead(units: Array, ends: Index, origins: Index, horizon: int, season: int) -> Array:
    """Return the median of the smoothing methods, and the autoregression where there is enough to learn it from.

    Parameters and shapes are those of ``theta.ahead``; ``(2 or 1, n_series, n_origins, horizon)``.
    """
    filled = seasons.filled(units, season)
    begin = seasons.begins(filled)
    offset = lift(filled, ends)
    values = filled + offset[:, None]
    factor = seasons.factors(values, season, ends)
    weeks = np.arange(units.shape[1])
    plain = values / seasons.along(factor, weeks)
    again = seasons.along(factor, holdout.targets(origins, horizon))
    members = [smoothed(plain, ends, origins, horizon) * again]
    spans = autoregression.spans(np.maximum(ends - begin, 0), horizon, season)
    if spans:
        found = np.zeros_like(members[0])
        seen = [(plain, again), (values, np.ones_like(again))][: 2 if (factor != 1).any() else 1]
        for shown, back in seen:
            for lags in spans:
                made = autoregression.ahead(np.log(shown), ends, origins, horizon, lags)
                found += np.exp(inside(made, np.log(shown), ends)) * back / (len(seen) * len(spans))
        members.append(found)
    return np.stack(members) - offset[:, None, None]


def lift(filled: Array, ends: Index) -> Array:
    """Return what is added to each series so that it has a logarithm: its mean if it comes near 0, or nothing."""
    known = np.where(np.arange(filled.shape[1]) < ends[:, None], filled, np.nan)
    mean = np.nan_to_num(np.nansum(known, axis=1) / np.maximum(np.isfinite(known).sum(axis=1), 1))
    least = np.where(np.isfinite(filled), filled, np.inf).min(axis=1)
    return np.where(least > NONE_NEAR * mean, 0.0, np.where(mean > 0, mean, 1.0))


def smoothed(plain: Array, ends: Index, origins: Index, horizon: int) -> Array:
    """Return the median of dynamic theta and damped trend, each on the values and on their logarithms."""
    found = np.empty((len(plain), len(origins), horizon))
    for start in range(0, len(plain), CHUNK):
        part, end = plain[start : start + CHUNK], ends[start : start + CHUNK]
        logs = np.log(part)
        made = [method(part, end, origins, horizon) for method in (theta.dynamic, damped.average)]
        made += [np.exp(inside(method(logs, end, origins, horizon), logs, end)) for method in (theta.dynamic, damped.average)]
        ordered = np.sort(np.stack(made), axis=0)
        found[start : start + CHUNK] = np.maximum((ordered[1] + ordered[2]) / 2, 0.0)
    return found


def inside(made: Array, logs: Array, ends: Index) -> Array:
    """Return forecasts of logarithms, kept within five times the largest and a fifth of the least seen."""
    known = np.isfinite(logs) & (np.arange(logs.shape[1]) < ends[:, None])
    low = np.where(known, logs, np.inf).min(axis=1, initial=np.inf)
    high = np.where(known, logs, -np.inf).max(axis=1, initial=-np.inf)
    seen = known.any(axis=1)
    low, high = np.where(seen, low - ROOM, -np.inf), np.where(seen, high + ROOM, np.inf)
    return np.clip(made, low[:, None, None], high[:, None, None])
