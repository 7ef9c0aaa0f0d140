"""What customers looked at, searched, put in the cart, wished for and sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.features.history import level
from lotwise.forecast.panel import Array, Facts, position

if TYPE_CHECKING:
    from lotwise.config import Source

KINDS = ("view", "search", "cart", "wish", "return", "rating")


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return each kind's count in the last week and in four, over the product's level and over its own usual."""
    table = facts.tables["events"]
    panel = facts.panel
    scale = level(panel.units)
    when = position(table["time"], panel.weeks)
    kind = table["kind"].to_numpy(zero_copy_only=False).astype(str)
    places = [panel.within(table["product"], str(place)) for place in np.unique(panel.regions)]
    found: dict[str, Array] = {}
    for name in KINDS:
        rows = (kind == name) & (when >= 0)
        if not rows.any():
            continue
        count = np.zeros(panel.shape)
        for series in places:
            fits = rows & (series >= 0)
            np.add.at(count, (series[fits], when[fits]), 1.0)
        for span in (1, 4):
            recent = windows.mean(count, span)
            found[f"{name} {span}"] = windows.delay(recent / scale, source.lead)[:, :, None]
            found[f"{name} {span}, over usual"] = windows.delay(recent / (windows.mean(count) + 0.5), source.lead)[:, :, None]
    return found
