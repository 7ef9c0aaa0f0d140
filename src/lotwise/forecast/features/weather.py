"""The weather of the target week, where it is forecast or the season tells it, and of the last known week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.features import plans
from lotwise.forecast.features.history import OLD, before
from lotwise.forecast.panel import Array, Facts, position, real

if TYPE_CHECKING:
    from lotwise.config import Source

YEARS = 30
"""Years a climate mean goes back at most."""

MEANINGS = {
    "{kind} now": "mean {kind} of the last known week",
    "{kind} now, over usual": "{kind} of the last known week, less the mean of 8 weeks",
    "{kind} of the season": "climate mean: mean {kind} of the weeks around the target week in the years before",
    "{kind} expected": "{kind} forecast for the target week; beyond the forecast its climate mean, or the mean of 8 weeks",
    "{kind} expected, over usual": "{kind} forecast for the target week, less the mean of the last 8 weeks",
    "{kind} expected, over the season": "{kind} forecast for the target week, less its climate mean",
}


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return temperature and rain: the target week's where known ahead, the last known week's, and over the usual.

    Days after the cutoff are read as a forecast, and only of a source declared ``known = "plan"``; otherwise what
    came is not told. Where no forecast reaches, the climate mean stands in: the mean of the weeks around the
    target week in the years before, as far as they were known; the mean of 8 weeks where there is no such year.
    """
    weeks, horizon = facts.panel.shape[1], facts.horizon
    found: dict[str, Array] = {}
    for kind in ("temperature", "rain"):
        if kind not in facts.tables["weather"].column_names:
            continue
        values = weekly(facts, kind)
        lead = plans.delay_of(source)
        usual = windows.delay(windows.mean(values[:, :weeks], 8), lead)
        now = windows.delay(values[:, :weeks], lead)
        found[f"{kind} now"] = now[:, :, None]
        found[f"{kind} now, over usual"] = (now - usual)[:, :, None]
        climate = before(values[:, :weeks], horizon, lead=lead, years=YEARS)
        seasonal = weeks > OLD and bool(np.isfinite(climate).any())
        if seasonal:
            found[f"{kind} of the season"] = climate
        if source.known == "plan":
            target = plans.target(facts, source, values, np.where(np.isfinite(climate), climate, usual[:, :, None]))
            found[f"{kind} expected"] = target
            found[f"{kind} expected, over usual"] = target - usual[:, :, None]
            if seasonal:
                found[f"{kind} expected, over the season"] = target - climate
    return found


def weekly(facts: Facts, kind: str) -> Array:
    """Return the week's mean of one measure in each series' region; ``(n_series, n_weeks + horizon)``."""
    table = facts.tables["weather"]
    when = position(table["day"], facts.axis)
    region = table["region"].to_numpy(zero_copy_only=False).astype(str)
    values = real(table[kind])
    found = np.full((facts.panel.shape[0], len(facts.axis)), np.nan)
    for place in np.unique(facts.panel.regions):
        rows = (when >= 0) & np.isfinite(values) & ((region == place) | (region == "all") | (place == "all"))
        count = np.bincount(when[rows], minlength=len(facts.axis))
        total = np.bincount(when[rows], weights=values[rows], minlength=len(facts.axis))
        found[facts.panel.regions == place] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return found
