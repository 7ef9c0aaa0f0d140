"""How much money one order brings: the Gamma-Gamma model.

The money of one order is spread about a customer's mean as a gamma distribution, and the means over customers as an
inverse gamma one. The mean has to have nothing to do with how often a customer orders; ``together`` says whether it has.

References
----------
Fader, P. S. & Hardie, B. G. S. (2013). The Gamma-Gamma model of monetary value. brucehardie.com/notes/025.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma, gammaln

from lotwise.errors import ContractError, breaches
from lotwise.mine.profiles.estimates import Estimates, maximize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]

NAMES = ("p", "q", "gamma")
LEAST_CUSTOMERS, LEAST_REPEATERS = 20, 5


def fit(orders: Reals, mean: Reals) -> Estimates:
    """Return the three parameters of the model: p, q and gamma (in money).

    Parameters
    ----------
    orders
        Orders that each mean is of, at least 1, ``(n_customers,)``. Fader & Hardie leave a customer's first order out.
    mean
        Mean money of one order, above 0.

    Raises
    ------
    ContractError
        A value is not above 0, or there are too few customers.
    """
    wrong = ~(np.isfinite(orders) & np.isfinite(mean) & (orders >= 1) & (mean > 0))
    found = []
    if wrong.any():
        found.append(
            f"{int(wrong.sum())} rows have fewer than one order or no money above 0, such as row "
            f"{int(np.flatnonzero(wrong)[0]) + 1}; leave these customers out"
        )
    if len(orders) < LEAST_CUSTOMERS:
        found.append(f"{len(orders)} customers in all; at least {LEAST_CUSTOMERS} are needed")
    again = int((orders > 1).sum())
    if again < LEAST_REPEATERS:
        found.append(f"{again} customers with more than one order; at least {LEAST_REPEATERS} are needed")
    if found:
        raise ContractError(breaches("The money of one order cannot be modeled", found))
    unit = float(mean.mean())

    def scaled(values: Reals) -> tuple[float, Reals]:
        return _likelihood(values, orders, mean / unit)

    scale = np.array([5.0, 3.0, 1.0])
    best = maximize(scaled, NAMES, np.array([5.0, 3.0, 0.5]), scale=scale, rows=len(orders))
    values = best.values * np.array([1.0, 1.0, unit])
    shift = len(orders) * np.log(unit)
    return Estimates(NAMES, values, best.covariance, best.log_likelihood - float(shift), best.rows, best.on_bound)


def log_likelihood(values: Reals, orders: Reals, mean: Reals) -> tuple[float, Reals]:
    """Return the log-likelihood of p, q and gamma and its gradient, ``(3,)``."""
    return _likelihood(np.asarray(values, np.float64), orders, mean)


def _likelihood(values: Reals, x: Reals, z: Reals) -> tuple[float, Reals]:
    p, q, gamma = values
    shape, seen = p * x, x * z
    # ln(x z / (gamma + x z)) and ln(gamma / (gamma + x z)), without losing the small one
    own, prior = -np.log1p(gamma / seen), -np.log1p(seen / gamma)
    total = gammaln(shape + q) - gammaln(shape) - gammaln(q) + shape * own + q * prior - np.log(z)
    slopes = (
        x * (digamma(shape + q) - digamma(shape) + own),
        digamma(shape + q) - digamma(q) + prior,
        q / gamma - (shape + q) / (gamma + seen),
    )
    return float(total.sum()), np.array([slope.sum() for slope in slopes])


def expected(model: Estimates, orders: Reals, mean: Reals) -> Reals:
    """Return the money expected of each customer's next order: a weighted mean of one's own and everybody's.

    Customers without an order that brought money (``orders`` 0) get everybody's mean; infinite where q is at most 1.
    """
    p, q, gamma = model.values
    below = p * orders + q - 1
    seen = np.where(orders > 0, orders * np.nan_to_num(mean), 0.0)
    mean_next: Reals = np.divide(p * (gamma + seen), below, out=np.full(len(below), np.inf), where=below > 0)
    return mean_next


def draw(model: Estimates, orders: Reals, mean: Reals, counts: Whole, rng: np.random.Generator) -> tuple[Reals, Reals]:
    """Return drawn means of one order and sums over ``counts`` orders, each ``(n_customers, draws)``."""
    p, q, gamma = model.values
    seen = np.where(orders > 0, orders * np.nan_to_num(mean), 0.0)
    shape = np.broadcast_to((p * orders + q)[:, None], counts.shape)
    scale = (gamma + seen)[:, None] / np.maximum(rng.gamma(shape), 1e-300)
    return p * scale, rng.gamma(p * counts) * scale


def together(orders: Reals, mean: Reals) -> float:
    """Return the correlation over customers between how many orders there were and the money of one; NaN where untold.

    Of customers with more than one order; the money enters by its logarithm, so that no large order decides alone.
    """
    some = (orders > 1) & (mean > 0)
    if some.sum() < LEAST_REPEATERS or np.ptp(orders[some]) == 0 or np.ptp(mean[some]) == 0:
        return float("nan")
    return float(np.corrcoef(np.log(orders[some]), np.log(mean[some]))[0, 1])
