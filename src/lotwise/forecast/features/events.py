"""What customers looked at, searched, put in the cart, wished for and sent back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.forecast import windows
from lotwise.forecast.features.history import level
from lotwise.forecast.panel import Array, Facts, Mask, position

if TYPE_CHECKING:
    from lotwise.config import Source

KINDS = ("view", "search", "cart", "wish", "return")

MEANINGS = {
    "{kind} {n}": "events of kind {kind} about the product, mean of the last {n} weeks, over the level of demand",
    "{kind} {n}, over usual": "events of kind {kind}, mean of the last {n} weeks, over their mean so far",
    "carts a unit": "times the product was put in a cart in the last 4 weeks, over the units asked for in them",
    "carts a unit, over usual": "carts over units of the last 4 weeks, over the same of all weeks so far",
    "searches of its category, over usual": "searches that name the product's category, mean of 4 weeks over their mean so far",
}


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return counts by kind of the last week and of four, carts over sales, and searches for the category."""
    scale = level(facts.panel.units)
    kind = facts.tables["events"]["kind"].to_numpy(zero_copy_only=False).astype(str)
    found: dict[str, Array] = {}
    for name in KINDS:
        if not (kind == name).any():
            continue
        count = counts(facts, kind == name)
        for span in (1, 4):
            recent = windows.mean(count, span)
            found[f"{name} {span}"] = recent / scale
            found[f"{name} {span}, over usual"] = recent / (windows.mean(count) + 0.5)
        if name == "cart":
            found |= _carts(count, facts.panel.units)
    wanted = searches(facts, kind == "search")
    if wanted is not None:
        found["searches of its category, over usual"] = windows.mean(wanted, 4) / (windows.mean(wanted) + 0.5)
    return {name: windows.delay(values, source.lead)[:, :, None] for name, values in found.items()}


def counts(facts: Facts, rows: Mask, weights: Array | None = None) -> Array:
    """Return how many events, or the sum of their weights, each series had in each week; ``(n_series, n_weeks)``."""
    table, panel = facts.tables["events"], facts.panel
    when = position(table["time"], panel.weeks)
    found = np.zeros(panel.shape)
    for place in np.unique(panel.regions):
        series = panel.within(table["product"], str(place))
        fits = rows & (when >= 0) & (series >= 0)
        np.add.at(found, (series[fits], when[fits]), 1.0 if weights is None else weights[fits])
    return found


def searches(facts: Facts, rows: Mask) -> Array | None:
    """Return the searches of each week whose words name the category of each series, or None where there are none.

    A category of Latin letters must begin a word (``tea`` is found in ``teas``, not in ``steak``); others may stand anywhere.
    """
    table = facts.tables["events"]
    products = facts.tables.get("products")
    if "text" not in table.column_names or products is None or not rows.any():
        return None
    asked = table.filter(pa.array(rows))
    coded = pc.fill_null(pc.utf8_lower(asked["text"].cast(pa.string())), "").combine_chunks().dictionary_encode()
    when, word = position(asked["time"], facts.panel.weeks), coded.indices.to_numpy()
    group, weeks = facts.groups("category"), facts.panel.shape[1]
    known = dict(zip(products["product"].to_pylist(), products["category"].to_pylist(), strict=True))
    found = np.zeros(facts.panel.shape)
    for number in np.unique(group):
        members = group == number
        name = known.get(str(facts.panel.products[members][0]))
        if name:
            named = _named(coded.dictionary, name)[word] & (when >= 0)
            found[members] = np.bincount(when[named], minlength=weeks)
    return found if found.any() else None


def _named(texts: pa.Array, category: str) -> Mask:
    start = r"\b" if category.isascii() else ""
    return np.asarray(pc.match_substring_regex(texts, start + re.escape(category.lower())).to_numpy(zero_copy_only=False), bool)


def _carts(carts: Array, units: Array) -> dict[str, Array]:
    recent, usual = ((windows.total(carts, span) + 0.5) / (windows.total(units, span) + 0.5) for span in (4, None))
    return {"carts a unit": recent, "carts a unit, over usual": recent / usual}
