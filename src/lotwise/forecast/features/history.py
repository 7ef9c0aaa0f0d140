"""What a series' own past demand says of its next weeks, over its long-run level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows

if TYPE_CHECKING:
    from lotwise.config import Source
    from lotwise.forecast.panel import Array, Facts

YEAR, OLD = 52, 60
"""Weeks in a year, and of history from which a year ago can say something."""

MEANINGS = {
    "lag {n}": "units {n} weeks before the first week ahead, over the long-run level",
    "mean {n}": "mean units of the last {n} weeks, over the level",
    "exponential mean": "exponentially weighted mean of past units, over the level",
    "deviation 8": "standard deviation of the last 8 weeks, over the level",
    "largest 8": "largest of the last 8 weeks, over the level",
    "median 8": "median of the last 8 weeks, over the level",
    "trend": "change a week of a line through the last 8 weeks, over the level",
    "weeks since a sale": "weeks since anything was sold",
    "idle weeks of 8": "share of the last 8 weeks without a sale",
    "a year before": "mean units of the three weeks around the target week a year before, over the level",
}


def level(units: Array) -> Array:
    """Return the long-run mean of each series up to each week, half a unit having been sold besides; ``(n_series, n_weeks)``.

    The half keeps the level above 0 and fades as weeks pass, so that what hardly ever sells is known to hardly ever sell.
    """
    weeks = windows.total(np.isfinite(units).astype(float))
    return np.asarray((windows.total(units) + 0.5) / np.maximum(weeks, 1))


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return lags, means, trend, spread and silence of own demand."""
    units = facts.panel.units
    scale = level(units)
    sold = np.nan_to_num(units) > 0
    idle = np.where(np.isfinite(units), ~sold, np.nan)
    found = {f"lag {lag}": windows.delay(units, lag - 1) / scale for lag in range(1, 5)}
    found |= {f"mean {span}": windows.mean(units, span) / scale for span in (4, 8, 13)}
    found |= {
        "exponential mean": windows.smooth(units, 0.7) / scale,
        "deviation 8": windows.deviation(units, 8) / scale,
        "largest 8": windows.largest(units, 8) / scale,
        "median 8": windows.median(units, 8) / scale,
        "trend": windows.slope(units, 8) / scale,
        "weeks since a sale": windows.since(sold),
        "idle weeks of 8": windows.mean(idle, 8),
    }
    return {name: windows.delay(values, source.lead)[:, :, None] for name, values in found.items()}


def weekly(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the features of own demand, and the target week's a year before where there is more than a year."""
    found = features(facts, source)
    units = facts.panel.units
    if units.shape[1] > OLD:
        scale = windows.delay(level(units), source.lead)
        found["a year before"] = before(units, facts.horizon, lead=source.lead) / scale[:, :, None]
    return found


def before(values: Array, horizon: int, *, lead: int = 0, years: int = 1) -> Array:
    """Return the mean of the three weeks around each target week in the years before; ``(n_series, n_weeks, horizon)``.

    A year that is not wholly known at the origin is left out; absent where none is.

    Parameters
    ----------
    values
        ``(n_series, n_weeks)``.
    horizon
        Weeks ahead.
    lead
        Weeks before values are known.
    years
        Most years to go back.
    """
    around = windows.mean(values, 3)
    found = np.full((*values.shape, horizon), np.nan)
    for step in range(1, horizon + 1):
        backs = (round(year * 365.25 / 7) - step - 1 for year in range(1, years + 1))
        past = [windows.delay(around, back) for back in backs if lead <= back < values.shape[1]]
        if past:
            count = sum(np.isfinite(one).astype(float) for one in past)
            sums = sum(np.nan_to_num(one) for one in past)
            found[:, :, step - 1] = np.where(count > 0, sums / np.maximum(count, 1), np.nan)
    return found
