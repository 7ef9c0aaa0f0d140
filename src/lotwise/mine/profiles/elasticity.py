"""How each customer's purchases follow prices: an elasticity of one's own, drawn to the mean of all.

What a customer bought of one product is spread over the weeks since the customer's first order in proportion to
``orders of all in the week * price ** beta``; the total drops out (a Poisson regression with one constant a customer and
product, Hausman, Hall & Griliches 1984, Econometrica 52, 909-938). Beta differs over customers as a normal distribution with
mean ``m`` and variance ``v``. At the beta ``c`` of all purchases together, the score S of a customer's own purchases with
information I is nearly normal about ``(m - c) I`` with variance ``I + v I^2``; ``m`` and ``v`` maximize the likelihood of these
scores. What is told of a customer is ``m + (S - (m - c) I) / (I + 1 / v)`` with variance ``1 / (I + 1 / v)``: one step of
Newton, drawn to the mean of all (empirical Bayes, Laplace's approximation).

Whatever moves with the price, such as a display in the same week, counts as if the price had done it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.profiles.tallies import tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Index = NDArray[np.int64]

NORMAL_90 = 1.6448536269514722
LEAST_WEEKS, LEAST_SOLD, LEAST_CHANGE = 8, 0.5, 0.01
"""A product counts where it was sold in at least half of at least 8 weeks, at prices that differ by 1 % or more."""
MOST_CELLS = 5000
STEPS = 50
LEAST_CUSTOMERS = 5


@dataclass(frozen=True)
class Elasticity:
    """Price elasticities, one element a customer.

    Parameters
    ----------
    value
        Change in % of how often one buys when the price rises 1 %; NaN where nothing is told.
    low, high
        Its 90 % interval.
    lines
        Lines it rests on.
    mean, variance
        m and v: mean and variance over customers; NaN where there is nothing to tell them from.
    """

    value: Reals
    low: Reals
    high: Reals
    lines: Index
    mean: float
    variance: float


@dataclass(frozen=True)
class Prices:
    """Weekly prices of products that are sold often, and when orders are placed.

    Parameters
    ----------
    log_price
        Logarithm of the price, ``(n_cells, n_weeks)``, carried over weeks without a sale, 0 before the first sale.
    orders
        Orders of all in each week while the product was sold, else 0, ``(n_cells, n_weeks)``.
    place
        Row of each product and region; -1 where it is left out.
    """

    log_price: Reals
    orders: Reals
    place: Index


def prices(cell: Index, week: Index, money: tuple[Reals, Reals], orders: Reals) -> Prices:
    """Return the weekly prices that differ enough to learn from.

    Parameters
    ----------
    cell, week
        Product and region, and week, of each line sold.
    money
        Units and revenue of each line.
    orders
        Orders by cell and week that could have held it, ``(n_cells, n_weeks)`` or ``(1, n_weeks)``.
    """
    cells, weeks = int(cell.max()) + 1, orders.shape[1]
    where, when, price = _weekly(cell * weeks + week, money, weeks)
    first, last = np.full(cells, weeks), np.full(cells, -1)
    np.minimum.at(first, where, when)
    np.maximum.at(last, where, when)
    chosen = _chosen(where, price, last - first + 1, np.bincount(cell, minlength=cells))
    place = np.full(cells, -1)
    place[chosen] = np.arange(len(chosen))
    kept = place[where] >= 0
    at = (place[where[kept]], when[kept])
    laid, source = np.zeros((len(chosen), weeks)), np.zeros((len(chosen), weeks), np.int64)
    laid[at], source[at] = price[kept], when[kept]
    laid = np.take_along_axis(laid, np.maximum.accumulate(source, axis=1), axis=1)
    inside = (np.arange(weeks) >= first[chosen][:, None]) & (np.arange(weeks) <= last[chosen][:, None])
    # Centered, so that price ** beta stays near 1; a constant of a product drops out.
    laid -= (laid * inside).sum(axis=1, keepdims=True) / np.maximum(inside.sum(axis=1, keepdims=True), 1)
    return Prices(np.where(inside, laid, 0.0), np.broadcast_to(orders, (cells, weeks))[chosen] * inside, place)


def _weekly(key: Index, money: tuple[Reals, Reals], weeks: int) -> tuple[Index, Index, Reals]:
    """Return product and region, week, and log of the mean price, wherever something was paid."""
    used, _, (units, revenue) = tally(key, *money)
    good = (units > 0) & (revenue > 0)
    return used[good] // weeks, used[good] % weeks, np.log(revenue[good] / units[good])


def _chosen(where: Index, price: Reals, span: Index, lines: Index) -> Index:
    """Return the products and regions sold often enough at prices that differ, the best sellers where there are many."""
    sold = np.bincount(where, minlength=len(span))
    mean = np.bincount(where, weights=price, minlength=len(span)) / np.maximum(sold, 1)
    square = np.bincount(where, weights=(price - mean[where]) ** 2, minlength=len(span)) / np.maximum(sold, 1)
    chosen = np.flatnonzero((sold >= LEAST_SOLD * span) & (span >= LEAST_WEEKS) & (np.sqrt(square) >= LEAST_CHANGE))
    if len(chosen) > MOST_CELLS:
        chosen = np.sort(chosen[np.argsort(-lines[chosen], kind="stable")[:MOST_CELLS]])
    return chosen


def elasticities(told: Prices, line: tuple[Index, Index, Index], start: Index, enough: NDArray[np.bool_]) -> Elasticity:
    """Return each customer's price elasticity.

    Parameters
    ----------
    told
        Weekly prices.
    line
        Customer, product and region, and week, of each line sold.
    start
        Week of each customer's first order.
    enough
        Customers with enough orders for an elasticity of their own; the mean is that of all.
    """
    customer, cell, week = line
    kept = told.place[cell] >= 0
    customer, row, week = customer[kept], told.place[cell[kept]], week[kept]
    began = start[customer]
    lines = np.bincount(customer, minlength=len(start))
    nothing = np.full(len(start), np.nan)
    none = Elasticity(nothing, nothing, nothing, lines, float("nan"), float("nan"))
    if not len(row):
        return none
    paid = float(told.log_price[row, week].sum())
    count = np.bincount(row * told.orders.shape[1] + began, minlength=told.orders.size).reshape(told.orders.shape)
    mean = _together(told, paid, count)
    if not np.isfinite(mean):
        return none
    middle, spread = _moments(told, mean)
    score: Reals = np.bincount(customer, weights=told.log_price[row, week] - middle[row, began], minlength=len(start)).astype(
        np.float64
    )
    information: Reals = np.bincount(customer, weights=spread[row, began], minlength=len(start)).astype(np.float64)
    some = enough & (information > 0)
    if some.sum() < LEAST_CUSTOMERS:
        return none
    shift, variance = _spread(score[some], information[some])
    value, error = nothing.copy(), nothing.copy()
    value[some] = mean + shift + variance * (score[some] - shift * information[some]) / (1 + variance * information[some])
    error[some] = np.sqrt(variance / (1 + variance * information[some]))
    return Elasticity(value, value - NORMAL_90 * error, value + NORMAL_90 * error, lines, mean + shift, variance)


def _moments(told: Prices, beta: float) -> tuple[Reals, Reals]:
    """Return mean and variance of the log price of a purchase in a week at or after each, ``(n_cells, n_weeks)``."""
    weight = told.orders * np.exp(beta * told.log_price)

    def later(values: Reals) -> Reals:
        summed: Reals = np.cumsum(values[:, ::-1], axis=1)[:, ::-1]
        return summed

    total = later(weight)
    safe = np.where(total > 0, total, 1.0)
    mean = later(weight * told.log_price) / safe
    return mean, np.maximum(later(weight * told.log_price**2) / safe - mean**2, 0.0)


def _together(told: Prices, paid: float, count: Index) -> float:
    """Return the elasticity at which the mean log price paid is the one expected: the score of all is 0."""
    beta = 0.0
    for _ in range(STEPS):
        middle, spread = _moments(told, beta)
        information = float((count * spread).sum())
        if information <= 0:
            return float("nan")
        step = float(np.clip((paid - (count * middle).sum()) / information, -2, 2))
        beta += step
        if abs(step) < 1e-9:  # noqa: PLR2004  nothing changes any more
            break
    return beta


def _spread(score: Reals, information: Reals) -> tuple[float, float]:
    """Return how far the mean over customers lies from the beta scored at, and the variance, where scores are most likely."""

    def shift(variance: Reals) -> float:
        return float((score * information / variance).sum() / (information**2 / variance).sum())

    def unlikely(logarithm: float) -> float:
        variance = information + np.exp(logarithm) * information**2
        return float((np.log(variance) + (score - shift(variance) * information) ** 2 / variance).sum())

    from scipy.optimize import minimize_scalar  # noqa: PLC0415  slow to import

    found = minimize_scalar(unlikely, bounds=(-14.0, 6.0), method="bounded")
    variance = float(np.exp(found.x))
    return shift(information + variance * information**2), variance
