"""What each customer's orders are like: how many, how far apart, how large, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.profiles import shares
from lotwise.mine.profiles.rows import days, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.profiles.bought import Bought
    from lotwise.mine.profiles.history import History
    from lotwise.mine.profiles.rows import Rows

    Reals = NDArray[np.float64]
    Index = NDArray[np.int64]


def rhythm(rows: Rows, history: History, today: int) -> None:
    """Add how often each customer orders and how far beyond that the last order lies."""
    who, visits, since = history.who, (history.repeats + 1).astype(np.int64), today - history.last
    rows.add(
        "orders so far", who, words("days with an order from ", days(history.first), " to ", days(history.last)),
        value=visits, unit="orders",
    )  # fmt: skip
    rows.add("days since last order", who, words("last order on ", days(history.last)), value=since, unit="days")
    some = np.isfinite(history.gap)
    gaps = visits[some] - 1
    rows.add(
        "days between orders", who[some], words("median of ", gaps, " gaps; 90 % of them lie between the ends"),
        value=history.gap[some], low=history.gap_low[some], high=history.gap_high[some], unit="days",
    )  # fmt: skip
    rows.add(
        "days overdue", who[some],
        words(since[some], " days since the last order, usually ", history.gap[some], " (", gaps, " gaps)"),
        value=np.maximum(since[some] - history.gap[some], 0.0), unit="days",
    )  # fmt: skip


def size(rows: Rows, bought: Bought) -> None:
    """Add how many lines, units and how much money an order has, each with the interval of its mean."""
    inverse = np.cumsum(bought.starts) - 1
    customer = bought.customer[bought.starts]
    orders = np.bincount(customer, minlength=len(bought.customers))
    who = np.flatnonzero(orders)
    evidence = words("mean of ", orders[who], " orders")
    kinds = [("lines per order", np.ones(len(inverse)), "lines"), ("units per order", bought.units, "units")]
    kinds += [("revenue per order", bought.revenue, "money")] if bought.has_money else []
    for feature, values, unit in kinds:
        each: Reals = np.bincount(inverse, weights=values, minlength=len(customer)).astype(np.float64)
        mean, half = _mean(customer, each, len(bought.customers))
        rows.add(feature, who, evidence, value=mean[who], low=(mean - half)[who], high=(mean + half)[who], unit=unit)


def _mean(customer: Index, each: Reals, customers: int) -> tuple[Reals, Reals]:
    """Return the mean by customer and half of its 90 % interval (normal); NaN where there is one value."""
    count = np.bincount(customer, minlength=customers).astype(np.float64)
    mean = np.bincount(customer, weights=each, minlength=customers) / np.maximum(count, 1)
    square = np.bincount(customer, weights=(each - mean[customer]) ** 2, minlength=customers)
    error = np.sqrt(np.divide(square, (count - 1) * count, out=np.full(customers, np.nan), where=count > 1))
    return mean, shares.NORMAL_90 * error


def returned(rows: Rows, bought: Bought) -> None:
    """Add the share of lines that came back, where any line of all did."""
    if bought.returned is None:
        return
    lines = np.bincount(bought.customer, minlength=len(bought.customers))
    back = np.minimum(np.bincount(bought.returned, minlength=len(bought.customers)), lines)
    who = np.flatnonzero(lines)
    low, high = shares.interval(back[who], lines[who])
    evidence = words(back[who], " of ", lines[who], " lines")
    rows.add("share returned", who, evidence, value=back[who] / lines[who], low=low, high=high, unit="share")
