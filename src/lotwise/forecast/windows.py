"""What the weeks up to each week say: running sums, means and spreads along the weeks of a panel.

Every function maps ``(n_series, n_weeks)`` to the same shape; column t uses columns 0..t only, and absent
values (not-a-number) are left out. That is what keeps a forecast blind to what came after its cutoff.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Mask


def delay(values: Array, weeks: int) -> Array:
    """Return the values of ``weeks`` weeks before; absent where there were none yet."""
    if weeks == 0:
        return values
    early = np.full_like(values[:, :weeks], np.nan)
    return np.concatenate([early, values[:, :-weeks]], axis=1)[:, : values.shape[1]]


def ahead(values: Array, weeks: int, horizon: int, *, shift: int = 0) -> Array:
    """Return the value of each target week at each origin; ``(n_series, weeks, horizon)``.

    Parameters
    ----------
    values
        ``(n_series, at least weeks + horizon)``.
    weeks
        Number of origins.
    horizon
        Weeks ahead.
    shift
        Weeks added to the target: -1 for the week before it.
    """
    place = np.arange(weeks)[:, None] + np.arange(1, horizon + 1)[None, :] + shift
    return np.asarray(values[:, place])


def total(values: Array, span: int | None = None) -> Array:
    """Return the sum of the last ``span`` weeks (all weeks so far when None)."""
    sums = np.cumsum(np.nan_to_num(values), axis=1)
    if span is None or span >= values.shape[1]:
        return sums
    return np.asarray(sums - np.concatenate([np.zeros((len(values), span)), sums[:, :-span]], axis=1))


def mean(values: Array, span: int | None = None) -> Array:
    """Return the mean of the last ``span`` weeks; absent where none has a value."""
    count = total(np.isfinite(values).astype(float), span)
    return np.where(count > 0, total(values, span) / np.maximum(count, 1), np.nan)


def deviation(values: Array, span: int | None = None) -> Array:
    """Return the standard deviation (population) of the last ``span`` weeks."""
    return np.sqrt(np.maximum(mean(values**2, span) - mean(values, span) ** 2, 0))


def slope(values: Array, span: int) -> Array:
    """Return the change a week of the least-squares line through the last ``span`` weeks; absent below three values."""
    known = np.isfinite(values)
    week = np.where(known, np.arange(values.shape[1], dtype=float), np.nan)
    count = total(known.astype(float), span)
    across, squares, along = total(week, span), total(week**2, span), total(values, span)
    spread = count * squares - across**2
    rise = count * total(week * values, span) - across * along
    return np.where((count > 2) & (spread > 0), rise / np.where(spread > 0, spread, 1), np.nan)  # noqa: PLR2004  a line takes two


def smooth(values: Array, keep: float) -> Array:
    """Return the exponential mean that keeps ``keep`` of itself each week."""
    level = np.full(len(values), np.nan)
    found = np.empty_like(values)
    for week in range(values.shape[1]):
        now = values[:, week]
        fresh = np.where(np.isnan(level), now, keep * level + (1 - keep) * now)
        level = np.where(np.isnan(now), level, fresh)
        found[:, week] = level
    return found


def since(happened: Mask) -> Array:
    """Return the weeks since it last happened, 0 in its week, the weeks so far where it never did."""
    week = np.arange(happened.shape[1])
    last = np.maximum.accumulate(np.where(happened, week, -1), axis=1)
    return (week - last).astype(float)


def filled(values: Array) -> Array:
    """Return the values, each absent one replaced by the last before it."""
    week = np.arange(values.shape[1])
    last = np.maximum.accumulate(np.where(np.isfinite(values), week, -1), axis=1)
    found = np.take_along_axis(values, np.maximum(last, 0), axis=1)
    return np.where(last >= 0, found, np.nan)


def view(values: Array, span: int) -> Array:
    """Return the last ``span`` weeks of each week; ``(n_series, n_weeks, span)``."""
    early = np.full((len(values), span - 1), np.nan)
    return np.lib.stride_tricks.sliding_window_view(np.concatenate([early, values], axis=1), span, axis=1)


def median(values: Array, span: int) -> Array:
    """Return the median of the last ``span`` weeks; absent where none has a value."""
    ordered = np.sort(view(values, span), axis=2)
    count = np.isfinite(ordered).sum(axis=2)
    low = np.take_along_axis(ordered, np.maximum((count - 1) // 2, 0)[..., None], axis=2)[..., 0]
    high = np.take_along_axis(ordered, np.minimum(count // 2, span - 1)[..., None], axis=2)[..., 0]
    return np.where(count > 0, (low + high) / 2, np.nan)


def largest(values: Array, span: int) -> Array:
    """Return the largest of the last ``span`` weeks; absent where none has a value."""
    found = np.fmax.reduce(view(values, span), axis=2)
    return np.asarray(found)
