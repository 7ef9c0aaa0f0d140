"""Where the target week stands in its month and year, and which holidays it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.features import feasts
from lotwise.forecast.panel import WEEK, Array, Days, Facts, Mask, position

if TYPE_CHECKING:
    from lotwise.config import Source

YEAR = 60
"""Weeks of history from which the week of the year, or a feast, can say something."""
FAR = 9
"""More weeks than this to or since a day are this many."""

MEANINGS = {
    "day of the month": "day of the month the target week begins on",
    "holds the first of a month": "whether the target week holds the first day of a month",
    "week of the year": "weeks since the first of January, from 0",
    "special days": "special days of the table 'calendar' in the target week",
    "weeks to a special day": "weeks from the target week to the next special day, at most 9",
    "weeks since a special day": "weeks since the last special day, at most 9",
    "public holidays": "public holidays of the country in the target week",
    "working days": "days of the target week on which the country works",
    "make-up workdays": "weekend days of the target week on which the country works, in place of a day off elsewhere",
    "weeks to a public holiday": "weeks from the target week to the next public holiday, at most 9",
    "weeks since a public holiday": "weeks since the last public holiday, at most 9",
    "weeks to {feast}": "weeks from the target week to the next {feast}, at most 9",
    "weeks since {feast}": "weeks since the last {feast}, at most 9",
    "days of Ramadan": "days of Ramadan in the target week",
}


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the month's turn and week, holidays, and the weeks to the next one. A calendar is always known ahead.

    Special days come from the table ``calendar``; public holidays, working days and feasts from the source's
    ``country``, all regions being in it. Feasts move from year to year, and are told from more than a year of history on.
    """
    weeks, horizon = facts.panel.shape[1], facts.horizon
    early = WEEK * np.arange(-FAR, 0)
    axis = np.concatenate([facts.axis[0] + early, facts.axis, facts.axis[-1] - early[::-1]])
    day = (axis - axis.astype("datetime64[M]").astype("datetime64[D]")).astype(int) + 1
    turn = ((axis + 6).astype("datetime64[M]") != axis.astype("datetime64[M]")) | (day == 1)
    found = {"day of the month": day.astype(float), "holds the first of a month": turn.astype(float)}
    if weeks > YEAR:
        start = axis.astype("datetime64[Y]").astype("datetime64[D]")
        found["week of the year"] = ((axis - start).astype(int) // 7).astype(float)
    if source.country:
        found |= _public(source.country, axis, yearly=weeks > YEAR)
    rows = {name: values[None, :] for name, values in found.items()}
    if "calendar" in facts.tables:
        special = _special(facts, axis)
        rows |= {"special days": special} | _around(special > 0, "a special day")
    return {name: windows.ahead(values[:, FAR:], weeks, horizon) for name, values in rows.items()}


def _public(country: str, axis: Days, *, yearly: bool) -> dict[str, Array]:
    found = feasts.weekly(country, axis)
    holds = {"a public holiday": found["public holidays"] > 0}
    if yearly:
        holds |= feasts.feasts(country, axis)
        fasting = feasts.fasting(country, axis)
        if fasting is not None:
            found["days of Ramadan"] = fasting
    for name, mask in holds.items():
        found |= {feature: values[0] for feature, values in _around(mask[None, :], name).items()}
    return found


def _special(facts: Facts, axis: Days) -> Array:
    """Return the special days of each series' region in each week; ``(n_series, n_weeks_of_axis)``."""
    table = facts.tables["calendar"]
    when = position(table["day"], axis)
    region = table["region"].to_numpy(zero_copy_only=False).astype(str)
    found = np.zeros((facts.panel.shape[0], len(axis)))
    for place in np.unique(facts.panel.regions):
        rows = (when >= 0) & ((region == place) | (region == "all") | (place == "all"))
        found[facts.panel.regions == place] = np.bincount(when[rows], minlength=len(axis))
    return found


def _around(happens: Mask, name: str) -> dict[str, Array]:
    """Return the weeks until it happens next, and since it last did, at most ``FAR``."""
    back = windows.since(happens[:, ::-1])[:, ::-1]
    ahead = np.where(happens[:, ::-1].cumsum(axis=1)[:, ::-1] > 0, back, FAR)
    since = np.where(happens.cumsum(axis=1) > 0, windows.since(happens), FAR)
    return {f"weeks to {name}": np.minimum(ahead, FAR), f"weeks since {name}": np.minimum(since, FAR)}
