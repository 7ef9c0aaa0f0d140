"""Any further series a user has: a market index, mentions, supplier news; each signal by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import did_you_mean
from lotwise.forecast import windows
from lotwise.forecast.features import plans
from lotwise.forecast.features.sound import sound
from lotwise.forecast.panel import EVERYWHERE, Array, Facts, position, real

if TYPE_CHECKING:
    from lotwise.config import Source

PREFIX = "signals."

MEANINGS = {
    "{signal} now": "last value of the signal '{signal}'",
    "{signal}, mean of 4": "mean of the signal '{signal}' in the last 4 weeks",
    "{signal} now, over usual": "last value of the signal '{signal}' less its mean so far, in its own standard deviations",
    "{signal} planned": "value of the signal '{signal}' announced for the target week",
    "{signal} planned, over usual": "value announced for the target week less its mean so far, in standard deviations",
}


def features(facts: Facts, source: Source, name: str | None = None) -> dict[str, Array]:
    """Return the features of every signal of the table, or of one.

    Parameters
    ----------
    facts
        With the table ``signals(signal, product, region, week)``; product or region ``"all"`` speaks of those
        that have no row of their own.
    source
        Where ``known`` is ``"plan"``, the value of the target week is told too.
    name
        The signal; None for all.
    """
    table = facts.tables["signals"]
    known = sorted(str(one) for one in pc.unique(table["signal"].cast(pa.string())).to_pylist() if one)
    if name is not None and name not in known:
        facts.note(
            f"{source.name}: table 'signals' has no row of '{name}' about what is forecast{did_you_mean(name, known)}; left out"
        )
        return {}
    found: dict[str, Array] = {}
    for one in [name] if name is not None else known:
        rows = table.filter(pc.equal(table["signal"].cast(pa.string()), one))
        found |= sound(facts, f"{source.name}: signal '{one}'", _told(facts, source, one, rows))
    return found


def _told(facts: Facts, source: Source, name: str, rows: pa.Table) -> dict[str, Array]:
    weeks = facts.panel.shape[1]
    values = spread(facts, rows)
    past, lead = values[:, :weeks], plans.delay_of(source)
    last, usual, width = (
        windows.delay(one, lead) for one in (windows.filled(past), windows.mean(past), windows.deviation(past))
    )
    found = {f"{name} now": last, f"{name}, mean of 4": windows.delay(windows.mean(past, 4), lead)}
    found[f"{name} now, over usual"] = _standard(last - usual, width)
    told = {feature: array[:, :, None] for feature, array in found.items()}
    if source.known == "plan":
        target = plans.target(facts, source, values, last)
        told[f"{name} planned"] = target
        told[f"{name} planned, over usual"] = _standard(target - usual[:, :, None], width[:, :, None])
    return told


def spread(facts: Facts, rows: pa.Table) -> Array:
    """Return one signal's value for each series and week, the closest that speaks of it; ``(n_series, n_weeks + horizon)``.

    A row of the product comes before one of product ``"all"``; among these a row of the region before one of ``"all"``.
    """
    everything = pc.equal(rows["product"].cast(pa.string()), EVERYWHERE)
    found = facts.panel.spread(rows.filter(pc.invert(everything)), "value", facts.axis)
    wide = rows.filter(everything)
    if wide.num_rows == 0:
        return found
    when, values = position(wide["week"], facts.axis), real(wide["value"])
    region = wide["region"].to_numpy(zero_copy_only=False).astype(str)
    for place in np.unique(facts.panel.regions):
        series = facts.panel.regions == place
        for said in (region == place, (region == EVERYWHERE) | (place == EVERYWHERE)):
            fits = said & (when >= 0) & np.isfinite(values)
            count = np.bincount(when[fits], minlength=len(facts.axis))
            mean = np.bincount(when[fits], weights=values[fits], minlength=len(facts.axis)) / np.maximum(count, 1)
            found[series] = np.where(np.isfinite(found[series]) | (count == 0), found[series], mean)
    return found


def _standard(difference: Array, width: Array) -> Array:
    return np.where(width > 0, difference / np.where(width > 0, width, 1), np.where(np.isfinite(difference), 0.0, np.nan))
