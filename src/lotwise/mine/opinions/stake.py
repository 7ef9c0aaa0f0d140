"""The money at stake in what customers ask for: the orders that unhappy writers do not place again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.customers import Purchases

    Places = NDArray[np.int64]

YEAR = 365
SOON = 28
"""Days a writer must have been seen after the text."""

LONG = 180
"""Days after the text in which orders count."""

WRITERS = 30
"""Unhappy writers, and happy ones, that it takes."""

HISTORY = 90
"""Days of orders from which a year's margin is told."""

RESAMPLES = 400
INTERVAL = (5.0, 95.0)


@dataclass(frozen=True)
class Fall:
    """How much less unhappy writers order again than happy ones.

    Parameters
    ----------
    fall
        1 - orders a day of the unhappy / orders a day of the happy; None where it cannot be told.
    resampled
        The same in each resample of the writers.
    unhappy, happy
        Writers of each kind.
    reason
        Why it cannot be told; empty where it can.
    """

    fall: float | None
    resampled: NDArray[np.float64]
    unhappy: int
    happy: int
    reason: str = ""


@dataclass(frozen=True)
class Stake:
    """Margin a year at stake with the ends of its 90 % interval, and how it was reckoned or why it could not be."""

    money: float | None
    low: float | None
    high: float | None
    basis: str


def falls(bought: Purchases, writer: NDArray[np.str_], day: NDArray[np.int64], chance: NDArray[np.float64],
          rng: np.random.Generator) -> Fall:  # fmt: skip
    """Return how much less the writers of unhappy texts ordered after them than those of happy texts.

    The first text of each customer counts; orders from the day after, up to ``LONG`` days. Writers are resampled.

    Parameters
    ----------
    bought
        The order lines.
    writer, day, chance
        Of each text: the customer, the day, the chance that it is for something.
    rng
        Of the resamples.
    """
    first: dict[str, int] = {}
    for row in np.argsort(day, kind="stable"):
        if writer[row] and bought.today - day[row] - 1 >= SOON:
            first.setdefault(str(writer[row]), int(row))
    rows = np.array(sorted(first.values()), dtype=np.int64)
    place = {name: number for number, name in enumerate(bought.customers)}
    known = np.array([row for row in rows if writer[row] in place], dtype=np.int64)
    unhappy = chance[known] < 0.5  # noqa: PLR2004  the likelier side
    happy = ~unhappy
    counts = int(unhappy.sum()), int(happy.sum())
    if min(counts) < WRITERS:
        reason = f"{counts[0]} unhappy and {counts[1]} happy writers seen for {SOON} days after; it takes {WRITERS} of each"
        return Fall(None, np.empty(0), *counts, reason)
    since = day[known]
    until = np.minimum(since + LONG, bought.today - 1)
    orders = _orders(bought, np.array([place[str(name)] for name in writer[known]]), since, until)
    days = (until - since).astype(np.float64)
    weights = np.vstack([np.ones(len(known)), rng.poisson(1.0, (RESAMPLES, len(known)))])
    sums = [[(weights[:, side] * of[side]).sum(axis=1) for of in (orders, days)] for side in (unhappy, happy)]
    rates = [(ordered + 0.5) / (seen + 1.0) for ordered, seen in sums]
    told = 1 - rates[0] / rates[1]
    if not orders[happy].any():
        return Fall(None, np.empty(0), *counts, "no happy writer has ordered again")
    return Fall(float(told[0]), told[1:], *counts)


def _orders(
    bought: Purchases, who: NDArray[np.int64], since: NDArray[np.int64], until: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the different orders of each customer after one day and up to another."""
    sold = bought.sold
    keys = np.unique(np.column_stack([bought.customer[sold], bought.day[sold], bought.order[sold]]), axis=0)
    scale = np.int64(1_000_000)
    rank = keys[:, 0] * scale + keys[:, 1]
    found = np.searchsorted(rank, who * scale + until, side="right") - np.searchsorted(rank, who * scale + since, side="right")
    return found.astype(np.float64)


def yearly(
    bought: Purchases, price: NDArray[np.float64], cost: NDArray[np.float64]
) -> tuple[dict[str, float], dict[str, int], str]:
    """Return product -> margin of a year of all that its buyers bought, and how many they are; '' stands for everybody.

    Parameters
    ----------
    bought
        The order lines.
    price, cost
        Of one unit of each product of ``bought``; NaN where they are not known. The price stands in for absent revenue.

    Returns
    -------
    tuple
        Margins, buyers, and why there are none (empty where there are).
    """
    if not len(bought):
        return {}, {}, "there are no orders of customers known by name"
    start = max(int(bought.day.min()), bought.today - YEAR)
    span = bought.today - start
    if span < HISTORY:
        return {}, {}, f"orders reach back {span} days; it takes {HISTORY}"
    recent = bought.sold & (bought.day >= start)
    units, product = bought.units[recent], bought.product[recent]
    revenue = np.where(bought.revenue[recent] != 0, bought.revenue[recent], units * np.nan_to_num(price[product]))
    margin = np.nan_to_num(revenue - units * cost[product]) * YEAR / span
    if np.isnan(cost[product]).all():
        return {}, {}, "the costs of the products are not known (table economics)"
    of = np.bincount(bought.customer[recent], margin, minlength=len(bought.customers))
    pairs = np.unique(np.column_stack([product, bought.customer[recent]]), axis=0)
    sums = np.bincount(pairs[:, 0], of[pairs[:, 1]], minlength=len(bought.products))
    count = np.bincount(pairs[:, 0], minlength=len(bought.products))
    margins = {name: float(sums[number]) for number, name in enumerate(bought.products) if count[number]}
    buyers = {name: int(count[number]) for number, name in enumerate(bought.products) if count[number]}
    return margins | {"": float(of.sum())}, buyers | {"": len(np.unique(bought.customer[recent]))}, ""


def reckon(asking: int, texts: int, margin: float, buyers: int, fall: Fall, rng: np.random.Generator) -> Stake:
    """Return the margin a year at stake in one request: margin of the buyers x share of texts that ask x fall in orders.

    Parameters
    ----------
    asking, texts
        Texts that ask for it, of all texts of the product.
    margin, buyers
        Margin of a year of all that the product's buyers bought, and how many they are.
    fall
        From ``falls``; below 0 it counts as 0.
    rng
        Of the draws of the share (Jeffreys' interval), which go with the resamples of the fall.
    """
    if fall.fall is None:
        return Stake(None, None, None, f"not reckoned: {fall.reason}")
    worth = max(margin, 0.0)
    share = asking / texts
    shares = rng.beta(asking + 0.5, texts - asking + 0.5, len(fall.resampled))
    low, high = np.percentile(worth * shares * np.maximum(fall.resampled, 0.0), INTERVAL)
    money = worth * share * max(fall.fall, 0.0)
    basis = (
        f"margin of a year of its {buyers:,} buyers, {worth:,.0f}, x {share:.1%} of the texts x {max(fall.fall, 0.0):.1%} "
        f"fewer orders after unhappy texts ({fall.unhappy:,} writers) than after happy ones ({fall.happy:,}); a comparison, "
        f"not a trial, and amounts of several changes overlap"
    )
    return Stake(money, min(float(low), money), max(float(high), money), basis)
