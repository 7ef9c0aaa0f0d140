"""How much customers like offers: what they buy at a discount against how often it is on offer.

A customer's lines at a discount are taken to be a Poisson count with mean ``theta * E``; E is the number there would be
had each line been bought in a week at random, so theta = 1 is somebody to whom offers are all the same. Theta is spread
over customers as a gamma distribution, whose two parameters come from all customers (maximum likelihood); what is told of
one customer is the posterior: the customer's own figure, drawn to the mean of all the more, the fewer lines there are.

References
----------
Clayton, D. & Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks. Biometrics 43, 671-681.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma, gammaincinv, gammaln

from lotwise.mine.profiles.estimates import maximize
from lotwise.mine.profiles.tallies import tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Index = NDArray[np.int64]

LEAST_DISCOUNT = 0.005
"""Share off the list price from which a line was bought at a discount; less is rounding."""
LOW, HIGH = 0.05, 0.95
LEAST_CUSTOMERS = 5


@dataclass(frozen=True)
class Liking:
    """Liking for offers, one element a customer.

    Parameters
    ----------
    taken, lines
        Lines at a discount, and all whose discount is known.
    foreseen
        E: lines at a discount had each been bought in a week at random.
    times
        Theta, the posterior mean: how many times as often as on offer.
    low, high
        Its 90 % interval.
    mean
        The mean of all.
    """

    taken: Index
    lines: Index
    foreseen: Reals
    times: Reals
    low: Reals
    high: Reals
    mean: float


def discounted(revenue: Reals, discount: Reals) -> NDArray[np.bool_]:
    """Return whether each line was bought at a discount; ``discount`` is money off the list price, NaN where not known."""
    whole = revenue + discount
    return (discount > 0) & (discount >= LEAST_DISCOUNT * np.maximum(whole, 0))


def on_offer(cell: Index, week: Index, cut: NDArray[np.bool_], planned: Index) -> Reals:
    """Return, for each line, the share of weeks in which what it holds was on offer.

    Parameters
    ----------
    cell
        Number of the product and region, ``(n_lines,)``.
    week
        Week of each line, counted from any week.
    cut
        Whether it was bought at a discount.
    planned
        ``cell * n_weeks + week`` of the weeks in which a discount was planned, where that is known.
    """
    if not len(cell):
        return np.empty(0)
    weeks = int(week.max()) + 1
    cells = int(cell.max()) + 1
    first, last = np.full(cells, weeks), np.zeros(cells, np.int64)
    np.minimum.at(first, cell, week)
    np.maximum.at(last, cell, week)
    offered, _, _ = tally(np.concatenate([(cell * weeks + week)[cut], planned]))
    where, when = offered // weeks, offered % weeks
    inside = (when >= first[where]) & (when <= last[where])
    count = np.bincount(where[inside], minlength=cells)
    share: Reals = (count / np.maximum(last - first + 1, 1))[cell]
    return share


def liking(customer: Index, cut: NDArray[np.bool_], share: Reals, customers: int) -> Liking:
    """Return how much each customer likes offers.

    Parameters
    ----------
    customer
        Customer of each line, ``(n_lines,)``.
    cut
        Whether it was bought at a discount.
    share
        Share of weeks in which what it holds was on offer.
    customers
        How many customers there are.
    """
    lines: Index = np.bincount(customer, minlength=customers)
    taken: Index = np.bincount(customer[cut], minlength=customers)
    foreseen: Reals = np.bincount(customer, weights=share, minlength=customers).astype(np.float64)
    told = foreseen > 0
    times, low, high = (np.full(customers, np.nan) for _ in range(3))
    if told.sum() < LEAST_CUSTOMERS or not taken[told].any():
        return Liking(taken, lines, foreseen, times, low, high, float("nan"))
    shape, mean = _spread(taken[told].astype(np.float64), foreseen[told])
    after, rate = shape + taken[told], shape / mean + foreseen[told]
    times[told], low[told], high[told] = after / rate, gammaincinv(after, LOW) / rate, gammaincinv(after, HIGH) / rate
    return Liking(taken, lines, foreseen, times, low, high, mean)


def _spread(taken: Reals, foreseen: Reals) -> tuple[float, float]:
    """Return shape and mean of theta over customers: the marginal counts are negative binomial."""

    def likelihood(values: Reals) -> tuple[float, Reals]:
        shape, mean = values
        rate = shape / mean
        total = (
            gammaln(shape + taken) - gammaln(shape) - shape * np.log1p(foreseen / rate)
            + taken * (np.log(foreseen) - np.log(rate + foreseen))
        )  # fmt: skip
        by_rate = shape / rate - (shape + taken) / (rate + foreseen)
        by_shape = digamma(shape + taken) - digamma(shape) - np.log1p(foreseen / rate)
        return float(total.sum()), np.array([(by_shape + by_rate / mean).sum(), (-by_rate * shape / mean**2).sum()])

    begin = np.array([5.0, taken.sum() / foreseen.sum()])
    found = maximize(likelihood, ("shape", "mean"), begin, scale=begin, rows=len(taken))
    return float(found.values[0]), float(found.values[1])
