"""What customers think of a product: how many rate and review it, how well, and whether that is changing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.features.events import counts
from lotwise.forecast.features.history import level
from lotwise.forecast.panel import Array, Facts, real

if TYPE_CHECKING:
    from lotwise.config import Source

RECENT = 8
"""Weeks that count as recent."""

MEANINGS = {
    "ratings and reviews of 8": "ratings and reviews of the last 8 weeks, a week, over the level of demand",
    "ratings so far": "logarithm of one more than the ratings so far",
    "rating": "mean rating so far",
    "rating of 8, over its own": "mean rating of the last 8 weeks, less the mean rating so far",
}


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the number of ratings and reviews, the mean rating and its recent change; nothing where none was given."""
    table = facts.tables["events"]
    kind = table["kind"].to_numpy(zero_copy_only=False).astype(str)
    said = np.isin(kind, ("rating", "review"))
    if not said.any():
        return {}
    found = {f"ratings and reviews of {RECENT}": windows.mean(counts(facts, said), RECENT) / level(facts.panel.units)}
    if "value" in table.column_names:
        value = real(table["value"])
        rated = said & np.isfinite(value)
        count, total = counts(facts, rated), counts(facts, rated, np.nan_to_num(value))
        usual = _mean(total, count, None)
        found["ratings so far"] = np.log1p(windows.total(count))
        found["rating"] = usual
        found[f"rating of {RECENT}, over its own"] = _mean(total, count, RECENT) - usual
    return {name: windows.delay(values, source.lead)[:, :, None] for name, values in found.items()}


def _mean(total: Array, count: Array, span: int | None) -> Array:
    many = windows.total(count, span)
    return np.where(many > 0, windows.total(total, span) / np.maximum(many, 1), np.nan)
