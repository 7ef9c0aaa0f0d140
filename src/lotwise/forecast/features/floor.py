"""What the floor made of the plan: scrap and output, from the week a lot was finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.features.history import level
from lotwise.forecast.panel import Array, Facts, days, position, real

if TYPE_CHECKING:
    from lotwise.config import Source
    from lotwise.forecast.panel import Index

SPAN = 13
"""Weeks a share is taken over."""

MEANINGS = {
    "made of 4": "units made in the last 4 weeks, a week, over the level of demand",
    "scrap share": "units scrapped of those begun in the last 13 weeks",
    "output over plan": "good units made over units planned, lots of the last 13 weeks",
}


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the units made, the share scrapped, and output against plan of each product's finished lots.

    A lot is known in the week it was finished, in its production week where no day is given. Lots of
    components, which no customer asks for, tell a product nothing here.
    """
    table = facts.tables["work"]
    when = known(facts)
    sums = {name: _sums(facts, when, name) for name in ("planned", "made", "scrapped") if name in table.column_names}
    made = windows.total(sums["made"], SPAN)
    found = {"made of 4": windows.mean(sums["made"], 4) / level(facts.panel.units)}
    if "scrapped" in sums:
        begun = made + windows.total(sums["scrapped"], SPAN)
        found["scrap share"] = np.where(
            begun > 0, windows.total(sums["scrapped"], SPAN) / np.where(begun > 0, begun, 1), np.nan
        )
    planned = windows.total(sums["planned"], SPAN)
    found["output over plan"] = np.where(planned > 0, made / np.where(planned > 0, planned, 1), np.nan)
    return {name: windows.delay(values, source.lead)[:, :, None] for name, values in found.items()}


def known(facts: Facts) -> Index:
    """Return the place of the week in which each lot was known, -1 outside the panel."""
    table = facts.tables["work"]
    week = position(table["week"], facts.panel.weeks)
    if "finished" not in table.column_names:
        return week
    given = np.isfinite(days(table["finished"]).astype("datetime64[D]"))
    finished = position(table["finished"], facts.panel.weeks)
    return np.where(given, finished, week)


def _sums(facts: Facts, when: Index, column: str) -> Array:
    table, panel = facts.tables["work"], facts.panel
    values = np.nan_to_num(real(table[column]))
    found = np.zeros(panel.shape)
    for place in np.unique(panel.regions):
        series = panel.within(table["item"], str(place))
        usable = (series >= 0) & (when >= 0)
        np.add.at(found, (series[usable], when[usable]), values[usable])
    return found
