"""Where the target week stands in its month, and which holidays it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.panel import Array, Days, Facts, Mask, position

if TYPE_CHECKING:
    from lotwise.config import Source

YEAR = 60
"""Weeks of history from which the week of the year can say something."""
FAR = 9


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the month's turn and week, holidays, and the weeks to the next one. A calendar is always known ahead."""
    del source
    weeks, horizon = facts.panel.shape[1], facts.horizon
    axis = facts.axis
    week = axis.astype("datetime64[D]")
    day = (week - week.astype("datetime64[M]").astype("datetime64[D]")).astype(int) + 1
    turn = ((week + 6).astype("datetime64[M]") != week.astype("datetime64[M]")) | (day == 1)
    found = {"day of the month": day.astype(float), "holds the first of a month": turn.astype(float)}
    if weeks > YEAR:
        start = week.astype("datetime64[Y]").astype("datetime64[D]")
        found["week of the year"] = ((week - start).astype(int) // 7).astype(float)
    rows = {name: np.broadcast_to(values, (1, len(axis))) for name, values in found.items()}
    if "calendar" in facts.tables:
        special = _special(facts, axis)
        rows["special days"] = special
        rows["weeks to a special day"] = _until(special > 0)
        rows["weeks since a special day"] = np.minimum(windows.since(special > 0), FAR)
    return {name: windows.ahead(values, weeks, horizon) for name, values in rows.items()}


def _special(facts: Facts, axis: Days) -> Array:
    """Return the special days of each series' region in each week; ``(n_series, n_weeks + horizon)``."""
    table = facts.tables["calendar"]
    when = position(table["day"], axis)
    region = table["region"].to_numpy(zero_copy_only=False).astype(str)
    found = np.zeros((facts.panel.shape[0], len(axis)))
    for place in np.unique(facts.panel.regions):
        rows = (when >= 0) & ((region == place) | (region == "all") | (place == "all"))
        found[facts.panel.regions == place] = np.bincount(when[rows], minlength=len(axis))
    return found


def _until(happens: Mask) -> Array:
    """Return the weeks until it happens next, at most ``FAR``."""
    back = windows.since(happens[:, ::-1])[:, ::-1]
    return np.minimum(np.where(happens[:, ::-1].cumsum(axis=1)[:, ::-1] > 0, back, FAR), FAR)
