"""The weather of the target week, where it is forecast, and of the last known week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.features import plans
from lotwise.forecast.panel import Array, Facts, position, real

if TYPE_CHECKING:
    from lotwise.config import Source


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return temperature and rain: the target week's where known ahead, the last known week's, and over the usual."""
    weeks = facts.panel.shape[1]
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
        if source.known == "plan":
            target = plans.target(facts, source, values, usual)
            found[f"{kind} expected"] = target
            found[f"{kind} expected, over usual"] = target - usual[:, :, None]
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
