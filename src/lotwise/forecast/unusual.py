"""One-off weeks: a single spike or crash that no plan explains and that did not last.

A bulk order, a strike or a week of panic teaches a level that will not come again. A week is one-off when it lies far
from the level of the weeks around it while both its neighbors do not, so neither a lasting shift of level nor demand that
is always this uneven counts. That can be told ``LATER`` weeks after it at the earliest; until then it counts in full.

Taming is for learning only. What came is what came: never score or settle against tamed demand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.forecast import panel as dense
from lotwise.forecast.panel import EVERYWHERE

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Mask, Panel

BEFORE, LATER = 13, 4
"""Weeks before and after a week that say what was usual."""
FEWEST = 8
"""Fewer usual weeks say nothing."""
FAR = 5.0
"""Standard deviations from the usual level that make a week one-off."""
CALM = 2.5
"""Standard deviations its neighbors may lie from it, and what a one-off week is cut to."""
NORMAL = 1.4826
"""Standard deviation of a normal law over its median absolute deviation."""
CHUNK = 5000


@dataclass(frozen=True)
class Unusual:
    """Which weeks are one-off, and what was usual around them.

    Parameters
    ----------
    weeks
        ``(n_series, n_weeks)``; the last ``LATER`` are never one-off yet.
    usual
        Median of the weeks around each; absent where there are too few; ``(n_series, n_weeks)``.
    spread
        Standard deviation of a usual week, in the same shape.
    """

    weeks: Mask
    usual: Array
    spread: Array


def find(units: Array, *, explained: Mask | None = None, far: float = FAR) -> Unusual:
    """Return the one-off weeks; column t depends on columns 0..t + ``LATER`` only.

    The spread is the largest of the scaled median absolute deviation, the standard deviation without the week itself,
    and that of Poisson counts, so that uneven demand is not taken for spikes. Where most weeks are idle no week is one-off:
    there a sale is no spike.

    Parameters
    ----------
    units
        Demand, absent where not known; ``(n_series, n_weeks)``.
    explained
        Weeks that a promotion, a holiday or the like accounts for: never one-off, and no part of what is usual.
    far
        Standard deviations from the usual level that make a week one-off.

    References
    ----------
    Leys et al. (2013), Detecting outliers: use absolute deviation around the median, Journal of Experimental Social
    Psychology 49; Chen & Liu (1993), Joint estimation of model parameters and outlier effects in time series, JASA 88,
    for additive outliers against level shifts.
    """
    plain = units if explained is None else np.where(explained, np.nan, units)
    parts = [_found(plain[start : start + CHUNK], far) for start in range(0, len(units), CHUNK)]
    if not parts:
        return Unusual(np.zeros(units.shape, bool), np.full(units.shape, np.nan), np.full(units.shape, np.nan))
    return Unusual(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def tamed(units: Array, *, explained: Mask | None = None, far: float = FAR) -> Array:
    """Return demand to learn from: one-off weeks cut to ``CALM`` standard deviations from what was usual.

    Give it demand up to the cutoff, as in ``tamed(task.units)``. A week is cut only where ``LATER`` weeks after it are
    known; all other weeks stay as they are, bit for bit.

    Parameters
    ----------
    units, explained, far
        As in ``find``.
    """
    found = find(units, explained=explained, far=far)
    limit = found.usual + np.sign(units - found.usual) * CALM * found.spread
    return np.where(found.weeks, np.maximum(limit, 0.0), units)


def listed(panel: Panel, found: Unusual, calendar: pa.Table | None = None) -> pa.Table:
    """Return the one-off weeks as rows ``product, region, week, units, usual, event``.

    Parameters
    ----------
    panel
        Demand.
    found
        Its one-off weeks.
    calendar
        Table ``calendar``; ``event`` is what it names in that week and region, and null where it names nothing.
    """
    series, week = np.nonzero(found.weeks)
    names = {} if calendar is None else _names(calendar, panel)
    regions = panel.regions[series].tolist()
    events = [
        names.get((region, place)) or names.get((EVERYWHERE, place))
        for region, place in zip(regions, week.tolist(), strict=True)
    ]
    return pa.table(
        {
            "product": pa.array(panel.products[series].tolist(), pa.string()),
            "region": pa.array(regions, pa.string()),
            "week": pa.array(panel.weeks[week], pa.date32()),
            "units": panel.units[series, week],
            "usual": found.usual[series, week],
            "event": pa.array(events, pa.string()),
        }
    )


def _names(calendar: pa.Table, panel: Panel) -> dict[tuple[str, int], str]:
    """Return the names of the days of each region and week, joined by commas."""
    place = dense.position(calendar["day"], panel.weeks).tolist()
    found: dict[tuple[str, int], list[str]] = {}
    for region, week, name in zip(calendar["region"].to_pylist(), place, calendar["name"].to_pylist(), strict=True):
        if week >= 0 and name:
            found.setdefault((region, week), []).append(name)
    return {key: ", ".join(dict.fromkeys(names)) for key, names in found.items()}


def _found(units: Array, far: float) -> tuple[Mask, Array, Array]:
    """Return the one-off weeks of some series, what was usual, and the spread."""
    padded = np.pad(units, ((0, 0), (BEFORE, LATER)), constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, BEFORE + 1 + LATER, axis=1).copy()
    around[:, :, BEFORE] = np.nan
    count = np.isfinite(around).sum(axis=2)
    enough = count >= FEWEST
    usual = np.where(enough, _median(around), np.nan)
    off = _median(np.abs(around - usual[:, :, None]))
    mean = np.nansum(around, axis=2) / np.maximum(count, 1)
    alone = np.sqrt(np.nansum((around - mean[:, :, None]) ** 2, axis=2) / np.maximum(count - 1, 1))
    spread = np.maximum(np.maximum(NORMAL * off, alone), np.sqrt(usual + 0.1))
    before, after = (np.abs(around[:, :, BEFORE + step] - usual) <= CALM * spread for step in (-1, 1))
    settled = np.arange(units.shape[1]) < units.shape[1] - LATER
    single = before & after & settled & (usual > 0)
    return single & (np.abs(units - usual) > far * spread), usual, spread


def _median(values: Array) -> Array:
    """Return the median along the last axis, absent values left out."""
    ordered = np.sort(values, axis=2)
    count = np.isfinite(ordered).sum(axis=2)
    low = np.take_along_axis(ordered, (np.maximum(count - 1, 0) // 2)[..., None], axis=2)[..., 0]
    high = np.take_along_axis(ordered, np.minimum(count // 2, values.shape[2] - 1)[..., None], axis=2)[..., 0]
    return (low + high) / 2
