"""A planner's changes to a forecast, each with its reason, owner and expiry.

They are a source like any other, and their worth is measured like any other's: the forecast from state ``now`` has
them applied, the one from ``now-overrides`` has not, and both are settled against the same demand. As they change
the forecast itself, they give a model nothing to learn from; they are applied to what it answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.forecast.panel import EVERYWHERE, days, position, real

if TYPE_CHECKING:
    from lotwise.config import Source
    from lotwise.forecast.panel import Array, Facts, Index, Mask

MEANINGS: dict[str, str] = {}


class Adjusted(NamedTuple):
    """A forecast with a planner's changes.

    Parameters
    ----------
    mean
        ``(n_series, horizon)``.
    quantiles
        ``(n_series, horizon, n_levels)``.
    used
        The rows that were applied, with their reasons; one may hold for several regions.
    """

    mean: Array
    quantiles: Array
    used: pa.Table


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return nothing: overrides are applied after the model, by ``adjusted``."""
    del facts, source
    return {}


def adjusted(mean: Array, quantiles: Array, overrides: pa.Table, facts: Facts, end: int) -> Adjusted:
    """Return a forecast with the overrides that were made by its cutoff and hold at it.

    An override counts if it was made on or before the cutoff (the Monday after week ``end``) and does not expire
    before it. Of several for one product, region and week the last one made wins; made on one day, the one that
    stands last. ``units`` makes the mean that number, ``add`` adds to it, ``factor`` multiplies it; the quantiles
    keep their shape over the mean (shifted where units are added), rise and are never negative. Of region ``"all"``,
    units set or added for all regions together are shared out by their means.

    Parameters
    ----------
    mean, quantiles
        The model's answer; ``(n_series, horizon)`` and ``(n_series, horizon, n_levels)``; left as they are.
    overrides
        Columns ``product, region, week, kind, value, made`` and, where there are any, ``expiry, reason, owner``.
    facts
        Whose series and weeks the forecast is of.
    end
        Place of the last known week.
    """
    cutoff = facts.axis[end] + np.timedelta64(7, "D")
    step = position(overrides["week"], facts.axis) - end - 1
    held = _held(overrides, cutoff) & (step >= 0) & (step < mean.shape[1]) & np.isfinite(real(overrides["value"]))
    kind = overrides["kind"].to_numpy(zero_copy_only=False).astype(str)
    value = real(overrides["value"])
    winner = _winners(facts, overrides, np.flatnonzero(held), step, mean.shape)
    new, shift = mean.copy(), np.zeros_like(mean)
    for row in np.unique(winner[winner >= 0]):
        cells = winner == row
        old = mean[cells]
        wide = str(overrides["region"][int(row)].as_py()) == EVERYWHERE and kind[row] != "factor"
        share = _shares(old) if wide else np.ones(len(old))
        if kind[row] == "factor":
            new[cells] = old * max(value[row], 0.0)
        elif kind[row] == "add":
            shift[cells] = value[row] * share
            new[cells] = np.maximum(old + shift[cells], 0.0)
        else:
            new[cells] = max(value[row], 0.0) * share
    moved = winner >= 0
    added = moved & (shift != 0)
    ratio = np.where(moved & (mean > 0), new / np.where(mean > 0, mean, 1), 1.0)
    scaled = np.where(added[:, :, None], quantiles + shift[:, :, None], quantiles * ratio[:, :, None])
    flat = np.where((moved & (mean <= 0) & ~added)[:, :, None], new[:, :, None], scaled)
    used = overrides.take(pa.array(np.unique(winner[winner >= 0])))
    return Adjusted(new, np.maximum(flat, 0.0), used)


def _held(overrides: pa.Table, cutoff: np.datetime64) -> Mask:
    held = days(overrides["made"]) <= cutoff
    if "expiry" in overrides.column_names:
        expiry = days(overrides["expiry"])
        held &= np.isnat(expiry) | (expiry >= cutoff)
    return np.asarray(held)


def _winners(facts: Facts, overrides: pa.Table, rows: Index, step: Index, shape: tuple[int, ...]) -> Index:
    """Return the row that holds in each cell, -1 where none does; ``(n_series, horizon)``."""
    found = np.full(shape, -1, np.int64)
    made = days(overrides["made"])
    ordered = rows[np.argsort(made[rows], kind="stable")]
    chosen = overrides.take(pa.array(ordered))
    own = facts.panel.series(chosen["product"], chosen["region"])
    everywhere = pc.equal(chosen["region"].cast(pa.string()), EVERYWHERE).to_numpy(zero_copy_only=False)
    for place, row in enumerate(ordered):
        product = str(chosen["product"][place].as_py())
        series = np.flatnonzero(facts.panel.products == product) if everywhere[place] else own[place : place + 1]
        found[series[series >= 0], step[row]] = row
    return found


def _shares(mean: Array) -> Array:
    return mean / mean.sum() if mean.sum() > 0 else np.full(len(mean), 1 / max(len(mean), 1))
