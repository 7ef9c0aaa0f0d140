"""How often and how lately each customer ordered: the summary that models of buying take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.profiles.tallies import tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Index = NDArray[np.int64]
    Reals = NDArray[np.float64]

WEEK = 7.0


@dataclass(frozen=True)
class History:
    """One element a customer who ordered at least once.

    Parameters
    ----------
    who
        Place of the customer, ascending.
    repeats
        x: days with an order after the first such day.
    recency
        t_x: weeks from the first day with an order to the last.
    age
        T: weeks from the first day with an order to today.
    first, last
        First and last day with an order, counted from 1970-01-01.
    gap, gap_low, gap_high
        Median, 5 % and 95 % quantile of the days between orders; NaN where there are fewer than two (median) or five gaps.
    spend
        Mean revenue of a day with an order, over the days on which it is above 0; NaN where there is none.
    paid
        Days with an order whose revenue is above 0.
    """

    who: Index
    repeats: Reals
    recency: Reals
    age: Reals
    first: Index
    last: Index
    gap: Reals
    gap_low: Reals
    gap_high: Reals
    spend: Reals
    paid: Index


LEAST_GAPS, LEAST_SPREAD = 2, 5


def summarize(customer: Index, day: Index, revenue: Reals, *, today: int) -> History:
    """Return the history of every customer; all orders of one day are one.

    Parameters
    ----------
    customer, day, revenue
        Sold lines: place of the customer, day counted from 1970-01-01, money.
    today
        First day not known yet, in the same count; lines from it on are left out.
    """
    known = day < today
    customer, day, revenue = customer[known], day[known], revenue[known]
    base = int(day.min()) if len(day) else 0
    span = max(today - base, 1)
    visit, _, (money,) = tally(customer * span + (day - base), revenue)
    visitor, on = visit // span, visit % span + base
    who, start, count = np.unique(visitor, return_index=True, return_counts=True)
    first, last = on[start], on[start + count - 1]
    gap = _gaps(visitor, on, np.searchsorted(who, visitor), len(who))
    good = money > 0
    place = np.searchsorted(who, visitor[good])
    paid = np.bincount(place, minlength=len(who))
    total = np.bincount(place, weights=money[good], minlength=len(who))
    spend = np.divide(total, paid, out=np.full(len(who), np.nan), where=paid > 0)
    return History(
        who, (count - 1).astype(np.float64), (last - first) / WEEK, (today - first) / WEEK, first, last, *gap, spend, paid
    )  # fmt: skip


def _gaps(visitor: Index, day: Index, place: Index, customers: int) -> tuple[Reals, Reals, Reals]:
    """Return the median and the 5 % and 95 % quantiles of the days between orders, by customer."""
    same = visitor[1:] == visitor[:-1]
    gap, owner = np.diff(day)[same], place[1:][same]
    order = np.lexsort((gap, owner))
    gap, count = gap[order].astype(np.float64), np.bincount(owner, minlength=customers)
    start = np.cumsum(count) - count

    def quantile(share: float, least: int) -> Reals:
        found = np.full(customers, np.nan)
        some = count >= least
        at = share * (count[some] - 1)
        below = np.floor(at).astype(np.int64)
        lower, upper = gap[start[some] + below], gap[start[some] + np.minimum(below + 1, count[some] - 1)]
        found[some] = lower + (at - below) * (upper - lower)
        return found

    return quantile(0.5, LEAST_GAPS), quantile(0.05, LEAST_SPREAD), quantile(0.95, LEAST_SPREAD)
