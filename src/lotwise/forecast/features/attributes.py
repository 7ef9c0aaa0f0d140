"""What kind of product it is, and how its kind is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.features.history import level

if TYPE_CHECKING:
    from lotwise.config import Source
    from lotwise.forecast.panel import Array, Facts, Index

KINDS = ("category", "department", "type", "package")


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the product's group at each level, and the recent over the long-run demand of its groups."""
    found: dict[str, Array] = {kind: facts.groups(kind).astype(float)[:, None, None] for kind in KINDS}
    units = np.nan_to_num(facts.panel.units)
    for kind in ("category", "department"):
        group = facts.groups(kind)
        sums = _sums(units, group)
        usual = windows.mean(sums) + 0.5
        for span in (1, 4):
            recent = windows.delay((windows.mean(sums, span) / usual)[group], source.lead)
            found[f"{kind} trend {span}"] = recent[:, :, None]
    share = level(facts.panel.units) / (windows.mean(_sums(units, facts.groups("category")))[facts.groups("category")] + 0.5)
    found["share of its category"] = windows.delay(share, source.lead)[:, :, None]
    return found


def _sums(units: Array, group: Index) -> Array:
    sums = np.zeros((group.max() + 1, units.shape[1]))
    np.add.at(sums, group, units)
    return sums
