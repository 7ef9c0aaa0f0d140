"""Who buys: how many households, how faithful, and which of them are due to buy again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from lotwise.forecast import windows
from lotwise.forecast.features import buyers
from lotwise.forecast.features.history import level
from lotwise.forecast.panel import Array, Facts, Index, position, ranked, real

if TYPE_CHECKING:
    import pyarrow as pa

    from lotwise.config import Source

SOONEST, LATEST = 0.5, 4.0
"""A household is due between these shares of its usual interval after its last purchase."""
LONG, SHORT = 13, 4

MEANINGS = {
    "households": "households that bought in the last known week, over the level of demand",
    "households of {n} weeks": "households that bought, mean of the last {n} weeks, over the level",
    "units a household": "units a household bought in a week it bought, in the last 13 weeks",
    "share of new households": "share of the last 13 weeks' buyers that bought for the first time",
    "due": "units of households whose usual interval is about over in the target week, over the level",
    "largest household": "share of all units so far that one household has bought",
    "share of income {band}": "share of the last 8 weeks' buyers with income {band}",
    "share with children": "share of the last 8 weeks' buyers with children",
}


@dataclass(frozen=True)
class Purchases:
    """Units one customer bought of one series in one week, sorted by series, customer and week."""

    series: Index
    customer: Index
    week: Index
    units: Array

    @property
    def pair(self) -> Index:
        """Number of each purchase's series and customer."""
        fresh = np.ones(len(self.week), bool)
        fresh[1:] = (np.diff(self.series) != 0) | (np.diff(self.customer) != 0)
        return np.cumsum(fresh) - 1

    @property
    def so_far(self) -> Array:
        """Units its customer has bought of its series up to each purchase.

        Summed as whole millionths, so that later purchases of others cannot reach it even by rounding.
        """
        pair = self.pair
        start = np.flatnonzero(np.diff(pair, prepend=-1))[pair]
        parts = np.rint(self.units * 1e6).astype(np.int64)
        running = np.cumsum(parts)
        return np.asarray((running - running[start] + parts[start]) / 1e6)


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return households, loyalty, the mix of customers, and the units that are due in the target week."""
    scale = level(facts.panel.units)[:, :, None]
    bought = purchases(facts)
    shape = facts.panel.shape
    households = _count(bought, shape)
    fresh = _first(bought)
    new = _count(Purchases(bought.series[fresh], bought.customer[fresh], bought.week[fresh], bought.units[fresh]), shape)
    units = _count(bought, shape, weights=bought.units)
    found = {
        "households": households,
        "households of 4 weeks": windows.mean(households, SHORT),
        "households of 13 weeks": windows.total(households, LONG) / LONG,
    }
    found = {name: windows.delay(array, source.lead)[:, :, None] / scale for name, array in found.items()}
    many = windows.total(households, LONG)
    shares = {
        "units a household": windows.total(units, LONG) / np.maximum(many, 1),
        "share of new households": windows.total(new, LONG) / np.maximum(many, 1),
        "largest household": buyers.largest(bought, shape),
    }
    shares |= buyers.mix(facts, bought, _customers(facts))
    found |= {name: windows.delay(array, source.lead)[:, :, None] for name, array in shares.items()}
    found["due"] = due(bought, shape, facts.horizon, lead=source.lead) / scale
    return found


def purchases(facts: Facts) -> Purchases:
    """Return the order lines of known customers, summed by series, customer and week."""
    orders = facts.tables["orders"]
    panel = facts.panel
    week = position(orders["time"], panel.weeks)
    one_place = "region" not in orders.column_names and len(np.unique(panel.regions)) == 1
    series = (
        panel.within(orders["product"], str(panel.regions[0]))
        if one_place
        else panel.series(orders["product"], orders["region"] if "region" in orders.column_names else None)
    )
    valid = pc.is_valid(orders["customer"]).to_numpy(zero_copy_only=False)
    names, customer = ranked(_named(orders))
    units = real(orders["units"])
    usable = (week >= 0) & (series >= 0) & (units > 0) & np.isfinite(units) & valid
    if "kind" in orders.column_names:
        usable &= orders["kind"].to_numpy(zero_copy_only=False) == "sale"
    key = (series[usable] * len(names) + customer[usable]) * panel.shape[1] + week[usable]
    distinct, place = np.unique(key, return_inverse=True)
    order = np.lexsort((units[usable], place.reshape(-1)))
    amount: Array = np.bincount(place.reshape(-1)[order], weights=units[usable][order], minlength=len(distinct)).astype(float)
    pair, when = np.divmod(distinct, panel.shape[1])
    return Purchases(pair // max(len(names), 1), pair % max(len(names), 1), when, amount)


def _named(orders: pa.Table) -> pa.ChunkedArray:
    return pc.fill_null(orders["customer"].cast("string"), "")


def _customers(facts: Facts) -> list[str]:
    """Return the customer of each number that purchases count by."""
    return [str(name) for name in ranked(_named(facts.tables["orders"]))[0]]


def due(bought: Purchases, shape: tuple[int, int], horizon: int, *, lead: int = 0) -> Array:
    """Return the units that are due in each target week, seen from each origin; ``(n_series, n_weeks, horizon)``.

    A household that bought in at least two weeks buys its mean quantity once in its usual interval,
    where the weeks since its last purchase lie between half and four times that interval.

    Parameters
    ----------
    bought
        Purchases.
    shape
        Number of series and weeks.
    horizon
        Weeks ahead.
    lead
        Weeks before purchases are known.
    """
    found = np.zeros((*shape, horizon))
    if len(bought.week) == 0:
        return found
    pair = bought.pair
    start = np.flatnonzero(np.diff(pair, prepend=-1))[pair]
    times = np.arange(len(pair)) - start
    mean = bought.so_far / (times + 1)
    interval = (bought.week - bought.week[start]) / np.maximum(times, 1)
    following = np.append(np.where(np.diff(pair) == 0, bought.week[1:], shape[1]), shape[1])
    usual = times > 0
    for step in range(1, horizon + 1):
        away = step + lead
        first = np.maximum(bought.week, bought.week - away + np.floor(SOONEST * interval).astype(int) + 1)
        last = np.minimum(following, bought.week - away + np.ceil(LATEST * interval).astype(int))
        active = usual & (first < last) & (first < shape[1])
        rate = mean[active] / interval[active]
        change = np.zeros((shape[0], shape[1] + 1))
        np.add.at(change, (bought.series[active], first[active]), rate)
        np.add.at(change, (bought.series[active], np.minimum(last[active], shape[1])), -rate)
        found[:, :, step - 1] = windows.delay(np.cumsum(change, axis=1)[:, :-1], lead)
    return np.maximum(found, 0)


def _count(bought: Purchases, shape: tuple[int, int], weights: Array | None = None) -> Array:
    flat = bought.series * shape[1] + bought.week
    return np.bincount(flat, weights=weights, minlength=shape[0] * shape[1]).reshape(shape).astype(float)


def _first(bought: Purchases) -> Index:
    """Return the place of each household's first purchase of each series."""
    return np.flatnonzero(np.diff(bought.pair, prepend=-1))
