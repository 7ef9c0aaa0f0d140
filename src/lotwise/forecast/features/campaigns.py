"""Coupon campaigns that cover a product: how many, and how many customers they were sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.features import plans
from lotwise.forecast.panel import Array, Facts, days, monday, real

if TYPE_CHECKING:
    from lotwise.config import Source

MEANINGS = {
    "campaigns now, over usual": "campaigns that cover the product in the last known week, less their mean so far",
    "campaigns planned": "campaigns that cover the product in the target week",
    "campaigns planned, over usual": "campaigns of the target week, less their mean so far",
    "campaign customers now, over usual": "customers reached in the last known week, less their mean so far",
    "campaign customers planned": "customers the campaigns of the target week were sent to",
    "campaign customers planned, over usual": "customers reached in the target week, less their mean so far",
}


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the campaigns and their customers in the target week (where they are plans) and now, over the usual."""
    weeks = facts.panel.shape[1]
    found: dict[str, Array] = {}
    for name, values in running(facts).items():
        lead = plans.delay_of(source)
        now, usual = windows.delay(values[:, :weeks], lead), windows.delay(windows.mean(values[:, :weeks]), lead)
        found[f"{name} now, over usual"] = (now - usual)[:, :, None]
        if source.known == "plan":
            target = plans.target(facts, source, values, usual)
            found[f"{name} planned"] = target
            found[f"{name} planned, over usual"] = target - usual[:, :, None]
    return found


def running(facts: Facts) -> dict[str, Array]:
    """Return campaigns and customers reached of each series in each week; ``(n_series, n_weeks + horizon)``."""
    table = facts.tables["campaigns"]
    axis = facts.axis
    first = np.clip((monday(days(table["start"])) - axis[0]).astype(int) // 7, 0, len(axis))
    last = np.clip((monday(days(table["end"])) - axis[0]).astype(int) // 7 + 1, 0, len(axis))
    found: dict[str, Array] = {}
    reach = {"campaigns": np.ones(table.num_rows)}
    if "customers" in table.column_names:
        reach["campaign customers"] = np.nan_to_num(real(table["customers"]))
    for name, size in reach.items():
        change = np.zeros((facts.panel.shape[0], len(axis) + 1))
        for place in np.unique(facts.panel.regions):
            series = facts.panel.within(table["product"], str(place))
            usable = (series >= 0) & (first < last)
            np.add.at(change, (series[usable], first[usable]), size[usable])
            np.add.at(change, (series[usable], last[usable]), -size[usable])
        found[name] = np.cumsum(change, axis=1)[:, :-1]
    return found
