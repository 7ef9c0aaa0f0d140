"""What kind of product it is, and how its kind is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.features.factors import scores
from lotwise.forecast.features.history import level

if TYPE_CHECKING:
    from lotwise.config import Source
    from lotwise.forecast.panel import Array, Facts, Index

KINDS = ("category", "department", "type", "package")
FACTORED = ("department", "type", "package", "brand")
"""Attributes that factors are drawn from."""

MEANINGS = {
    "{kind}": "number of the product's {kind}",
    "{kind} trend {n}": "mean demand of the product's {kind} in the last {n} weeks, over its long-run mean",
    "share of its category": "long-run mean of the product, over that of its category",
    "factor {n}": "factor {n} of department, type, package and brand: what products with many such attributes in common share",
}


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the product's group at each level, factors of its attributes, and how its groups do against their past."""
    there = facts.tables["products"].column_names
    kinds = (*KINDS, "brand") if "brand" in there else KINDS
    found: dict[str, Array] = {kind: facts.groups(kind).astype(float)[:, None, None] for kind in kinds}
    factors, held = scores(facts, [kind for kind in FACTORED if kind in there])
    for place in range(factors.shape[1]):
        found[f"factor {place + 1}"] = factors[:, place, None, None]
    if factors.shape[1]:
        facts.note(f"{source.name}: {factors.shape[1]} factors hold {held:.0%} of the variance of its products' attributes")
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
