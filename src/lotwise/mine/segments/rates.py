"""Rates of customers from their orders, and how much of each is the customer's own and not chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


SEVERAL = 1.5
"""Orders' worth of evidence from which a customer tells how orders vary."""

LEAST = 0.005
"""Variance between customers, as a share of that between orders, below which there is held to be none."""


@dataclass(frozen=True)
class Rate:
    """One rate of every customer.

    Parameters
    ----------
    value
        The rate; the mean of the others for customers of whom it is not known, ``(n_customers,)``.
    evidence
        Orders it rests on, as many equal ones would say (Kish, 1965); 0 where it is not known, same shape.
    noise
        Variance of the rate by chance, same shape; read where the evidence is several orders; absent where that is nowhere.
    """

    value: NDArray[np.float64]
    evidence: NDArray[np.float64]
    noise: NDArray[np.float64] | None

    def own(self, *, logs: bool) -> NDArray[np.float64]:
        """Return how much of each customer's difference from the mean is their own, from 0 to 1.

        Between customers a rate varies with variance ``b``, between the orders of one customer with ``v``. The best linear
        guess of the customer's own rate after ``n`` orders lies ``n / (n + v / b)`` of the way from the mean to what was
        seen; ``b`` is the variance seen between customers of several orders less the mean of ``v / n`` (method of moments).

        Parameters
        ----------
        logs
            Whether the rate is looked at by its logarithm.

        References
        ----------
        H. Buehlmann, Experience rating and credibility, ASTIN Bulletin 4 (1967).
        """
        is_known = self.evidence > 0
        several = self.evidence >= SEVERAL
        if self.noise is None or several.sum() <= 1:
            return is_known.astype(float)
        value, noise = self.value, self.noise
        if logs:
            floor = np.maximum(value, 1e-9)
            value, noise = np.log(floor), noise / floor**2
        evidence = self.evidence[several]
        weight = evidence / (evidence + np.median(evidence))
        mean = np.average(value[several], weights=weight)
        between = np.average((value[several] - mean) ** 2 - noise[several], weights=weight)
        each = np.average(noise[several] * evidence, weights=evidence - 1)
        own = np.zeros(len(value))
        if between > LEAST * each:
            own[is_known] = self.evidence[is_known] / (self.evidence[is_known] + each / between)
        return own

    def take(self, rows: NDArray[np.int64]) -> Rate:
        """Return the rate of some of the customers."""
        return Rate(self.value[rows], self.evidence[rows], None if self.noise is None else self.noise[rows])


def rate(whose: NDArray[np.int64], above: NDArray[np.float64], below: NDArray[np.float64], count: int) -> Rate:
    """Return the sum of ``above`` over the sum of ``below`` of each customer's orders.

    Parameters
    ----------
    whose
        Customer of each order, ``(n_orders,)``.
    above, below
        What stands above and below the line in each order; orders with nothing below are no evidence.
    count
        Customers.
    """
    tops, bottoms = _sum(whose, above, count), _sum(whose, below, count)
    squares = _sum(whose, below**2, count)
    is_known = bottoms > 0
    value = np.divide(tops, bottoms, out=np.zeros(count), where=is_known)
    evidence = np.divide(bottoms**2, squares, out=np.zeros(count), where=squares > 0)
    off = _sum(whose, (above - value[whose] * below) ** 2, count)
    is_several = evidence >= SEVERAL
    freed = np.divide(evidence, evidence - 1, out=np.zeros(count), where=is_several)
    noise = np.divide(off * freed, bottoms**2, out=np.zeros(count), where=is_known)
    value[~is_known] = value[is_known].mean() if is_known.any() else 0.0
    return Rate(value, evidence, noise if is_several.any() else None)


def returned(back: NDArray[np.float64], bought: NDArray[np.float64]) -> Rate:
    """Return the share of units that came back, each unit by itself: returns name no order.

    Parameters
    ----------
    back, bought
        Units of each customer that came back, and that were bought.
    """
    value = np.divide(np.minimum(back, bought), bought, out=np.zeros(len(back)), where=bought > 0)
    value[bought <= 0] = value[bought > 0].mean() if (bought > 0).any() else 0.0
    noise = np.divide(value * (1 - value), bought - 1, out=np.zeros(len(back)), where=bought >= SEVERAL)
    return Rate(value, np.maximum(bought, 0), noise)


def _sum(whose: NDArray[np.int64], weight: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    return np.bincount(whose, weights=weight, minlength=count).astype(float)
