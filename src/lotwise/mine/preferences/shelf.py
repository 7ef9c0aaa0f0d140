"""What was on the shelf of each region in each week, at which price and how promoted, as far as sales tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.preferences.sets import PRICE, held_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lotwise.mine.preferences.sold import Sold

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]

AROUND = 2
"""Weeks before and after a week in which a sale shows that a product was on sale."""

WEEKS = 10_000
"""More weeks than there are since 1970: a region and a week make one number."""

NEAREST = 5
"""Weeks with a sale whose median price stands for a week without one."""

RATE = 3.0
"""Lines a week from which a week without one shows that the product was out of stock: by chance it happens in 5 % (e^-3)."""

PROMOTED = ("display", "mailer", "front")


def prices(sold: Sold, mine: Whole, told: Whole, where: tuple[Whole, Whole]) -> tuple[Reals, Reals]:
    """Return the median price paid and the median regular price of each product in each set, gaps filled."""
    region, week = where
    spot = np.full(len(sold.products), -1)
    spot[told] = np.arange(len(told))
    line = mine[(spot[sold.product[mine]] >= 0) & np.isfinite(sold.price[mine])]
    cell = np.searchsorted(region * WEEKS + week, sold.region[line] * WEEKS + sold.week[line])
    key = cell * len(told) + spot[sold.product[line]]
    found = []
    for values in (sold.price[line], sold.regular[line]):
        table = np.full(len(region) * len(told), np.nan)
        keys, medians = _medians(key, values)
        table[keys] = medians
        found.append(_filled(table.reshape(len(region), len(told)), where))
    return found[0], found[1]


def _medians(key: Whole, values: Reals) -> tuple[Whole, Reals]:
    order = np.lexsort((values, key))
    keys, first, count = np.unique(key[order], return_index=True, return_counts=True)
    ranked = values[order]
    low, high = first + (count - 1) // 2, first + count // 2
    return keys, (ranked[low] + ranked[high]) / 2


def _filled(table: Reals, where: tuple[Whole, Whole]) -> Reals:
    """Return the table with gaps filled by the median of the nearest weeks known in the region.

    The last price alone would carry one week's discount on over the weeks in which nothing was sold because it had ended.
    Weeks before those kept apart are filled from weeks before them only.
    """
    region, week = where
    first = held_from(week)
    side = np.zeros(len(week), dtype=bool) if first is None else week >= first
    filled = table.copy()
    for place in np.unique(region):
        rows = np.flatnonzero(region == place)
        for column in np.flatnonzero(np.isnan(table[rows]).any(axis=0)):
            values = table[rows, column]
            known = np.flatnonzero(np.isfinite(values))
            for late in (False, True):
                gap = np.flatnonzero(np.isnan(values) & (side[rows] == late))
                seen = known if late else known[~side[rows][known]]
                if len(gap) and len(seen):
                    apart = np.abs(week[rows[gap]][:, None] - week[rows[seen]])
                    nearest = np.argsort(apart, axis=1, kind="stable")[:, :NEAREST]
                    filled[rows[gap], column] = np.median(values[seen][nearest], axis=1)
    return filled


def listed(products: pa.Table, names: list[str]) -> Reals:
    """Return the list price of each product, not a number where it has none."""
    prices = dict(zip(products["product"].to_pylist(), products["unit_price"].to_pylist(), strict=True))
    return np.array([np.nan if prices.get(name) is None else prices[name] for name in names])


def on_sale(alternative: Whole, at: Whole, where: tuple[Whole, Whole], count: int) -> Flags:
    """Return which alternatives were on sale in each set: sold then, or near it and so slowly that none was sold by chance."""
    region, week = where
    lines = np.zeros((len(region), count))
    np.add.at(lines, (at, alternative), 1.0)
    first = held_from(week)
    around, weeks = np.zeros_like(lines), np.zeros_like(lines)
    key = region * WEEKS + week
    for step in range(-AROUND, AROUND + 1):
        spot = np.minimum(np.searchsorted(key, key + step), len(key) - 1)
        there = key[spot] == key + step
        if first is not None:  # weeks before those kept apart look at none of them
            there &= (week >= first) | (week + step < first)
        around[there] += lines[spot[there]]
        weeks[there] += lines[spot[there]] > 0
    rate = np.divide(around, weeks, out=np.zeros_like(around), where=weeks > 0)
    found: Flags = (lines > 0) | ((around > 0) & (rate < RATE))
    return found


def promoted(promotions: pa.Table | None, names: list[str], regions: Sequence[str], week: Whole) -> dict[str, Reals]:
    """Return display, mailer and front of each product in each set, 0 where nothing is told; and the price, if that is told."""
    if promotions is None or promotions.num_rows == 0:
        return {}
    mine = promotions.filter(pc.is_in(promotions["product"], value_set=pa.array(names, pa.string())))
    spot = {name: place for place, name in enumerate(names)}
    place = {key: row for row, key in enumerate(zip(regions, week.tolist(), strict=True))}
    weeks = (mine["week"].cast(pa.int32()).to_numpy().astype(np.int64) + 3) // 7
    rows = np.array(
        [place.get(key, -1) for key in zip(mine["region"].to_pylist(), weeks.tolist(), strict=True)], dtype=np.int64
    )
    column = np.array([spot[name] for name in mine["product"].to_pylist()], dtype=np.int64)
    found = {}
    for name in (*PROMOTED, PRICE):
        if name not in mine.column_names:
            continue
        table = np.full((len(week), len(names)), np.nan if name == PRICE else 0.0)
        table[rows[rows >= 0], column[rows >= 0]] = mine[name].to_numpy()[rows >= 0]
        found[name] = table
    return found
