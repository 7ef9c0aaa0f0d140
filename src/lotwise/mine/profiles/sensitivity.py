"""How each customer takes discounts and prices, as rows of profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.profiles import elasticity, offers, shares
from lotwise.mine.profiles.bought import MONDAY
from lotwise.mine.profiles.rows import words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.profiles.bought import Bought
    from lotwise.mine.profiles.history import History
    from lotwise.mine.profiles.rows import Rows

    Index = NDArray[np.int64]


def discounts(rows: Rows, bought: Bought, promotions: pa.Table | None) -> str | None:
    """Add what is bought at a discount, against how often it is on offer; return why not, where it is not told."""
    known = np.isfinite(bought.discount)
    if not known.any():
        return "no line tells its discount, so liking for offers is not told"
    cut = offers.discounted(bought.revenue[known], bought.discount[known])
    if not cut.any():
        return "no line was bought at a discount, so liking for offers is not told"
    cell, week = bought.cell[known], bought.week[known]
    share = offers.on_offer(cell, week, cut, _planned(bought, promotions, int(week.max()) + 1))
    found = offers.liking(bought.customer[known], cut, share, len(bought.customers))
    who = np.flatnonzero(found.lines)
    counts = words(found.taken[who], " of ", found.lines[who], " lines")
    low, high = shares.interval(found.taken[who], found.lines[who])
    value = found.taken[who] / found.lines[who]
    rows.add("share bought at a discount", who, counts, value=value, low=low, high=high, unit="share")
    told = np.flatnonzero(np.isfinite(found.times))
    evidence = words(
        found.taken[told], " of ", found.lines[told], " lines at a discount, ", found.foreseen[told],
        " had weeks been all the same to the customer; drawn to the mean of all, ", np.full(len(told), found.mean),
    )  # fmt: skip
    rows.add(
        "liking for offers", told, evidence, value=found.times[told], low=found.low[told], high=found.high[told],
        unit="times as often as on offer",
    )  # fmt: skip
    return None if len(told) else "too few customers for liking for offers"


def _planned(bought: Bought, promotions: pa.Table | None, weeks: int) -> Index:
    """Return the cells and weeks before today in which a discount was planned, as ``cell * weeks + week``."""
    if promotions is None or promotions.num_rows == 0 or promotions["discount"].null_count == promotions.num_rows:
        return np.empty(0, np.int64)
    some = promotions.filter(pc.greater_equal(promotions["discount"], offers.LEAST_DISCOUNT))
    product = _place(some["product"], bought.products)
    region = _place(some["region"], bought.regions)
    week = (some["week"].to_numpy().astype("datetime64[D]").astype(np.int64) + MONDAY) // 7 - bought.first_week
    kept = (product >= 0) & (region >= 0) & (week >= 0) & (week < weeks)
    key: Index = (product * len(bought.regions) + region) * weeks + week
    return np.asarray(key[kept], np.int64)


def _place(names: pa.ChunkedArray, known: tuple[str, ...]) -> Index:
    place: Index = pc.fill_null(pc.index_in(names, value_set=pa.array(known, pa.string())), -1).to_numpy().astype(np.int64)
    return place


def prices(rows: Rows, bought: Bought, history: History, least_orders: int) -> str | None:
    """Add price elasticities; return why not, where they are not told."""
    if not bought.has_money:
        return "no line tells its revenue, so price elasticity is not told"
    week, cell = bought.week, bought.cell
    visit = bought.visits()
    orders = np.zeros((len(bought.regions), int(week.max()) + 1))
    np.add.at(orders, (bought.region[visit], week[visit]), 1.0)
    regions = np.arange(int(cell.max()) + 1) % len(bought.regions)
    told = elasticity.prices(cell, week, (bought.units, bought.revenue), orders[regions])
    start, enough = np.zeros(len(bought.customers), np.int64), np.zeros(len(bought.customers), np.bool_)
    start[history.who] = (history.first + MONDAY) // 7 - bought.first_week
    enough[history.who] = history.repeats + 1 >= least_orders
    found = elasticity.elasticities(told, (bought.customer, cell, week), start, enough)
    who = np.flatnonzero(np.isfinite(found.value))
    if not len(who):
        return "too few products whose price changed for a price elasticity"
    evidence = words(
        found.lines[who], " lines of products whose price changed; drawn to the mean of all, ", np.full(len(who), found.mean)
    )
    rows.add(
        "price elasticity", who, evidence, value=found.value[who], low=found.low[who], high=found.high[who],
        unit="% more often for a price 1 % higher",
    )  # fmt: skip
    return None
