"""How often customers order and whether they still do: the BG/NBD model.

While a customer is one, orders come at random at a rate of one's own; after each order one may leave for good, with a
chance of one's own. Rates are spread over customers as a gamma, chances as a beta distribution.

References
----------
Fader, P. S., Hardie, B. G. S. & Lee, K. L. (2005). "Counting your customers" the easy way: an alternative to the
Pareto/NBD model. Marketing Science 24(2), 275-284. Equation numbers are those of the paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.special import digamma, expit, gammaln, hyp2f1, xlogy

from lotwise.errors import ContractError, breaches
from lotwise.mine.profiles.estimates import Estimates, maximize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]

NAMES = ("r", "alpha", "a", "b")
LEAST_CUSTOMERS, LEAST_REPEATERS = 20, 5
NEAR = 1e-4
NODES = 64


def fit(repeats: Reals, recency: Reals, age: Reals) -> Estimates:
    """Return the four parameters of the model: r, alpha (in the unit of time), a and b.

    Parameters
    ----------
    repeats
        x: orders after the first, ``(n_customers,)``.
    recency
        t_x: time from the first order to the last; 0 where there is one.
    age
        T: time from the first order to today.

    Raises
    ------
    ContractError
        The values contradict one another, or there are too few customers to tell four parameters from.
    """
    check(repeats, recency, age)
    few = [
        f"{found} customers {what}; at least {least} are needed"
        for found, what, least in (
            (len(repeats), "in all", LEAST_CUSTOMERS),
            (int((repeats > 0).sum()), "who ordered on a second day", LEAST_REPEATERS),
        )
        if found < least
    ]
    if few:
        raise ContractError(breaches("Too few customers for a model of how often they order", few))
    unit, kinds = float(age.mean()), np.unique(repeats, return_counts=True)
    t_x, whole = recency / unit, age / unit

    def scaled(values: Reals) -> tuple[float, Reals]:
        return _likelihood(values, repeats, t_x, whole, kinds)

    rate = max(float(repeats.sum() / age.sum()) * unit, 1e-3)
    scale = np.array([1.0, 1.0 / rate, 1.0, 1.0])
    best = maximize(scaled, NAMES, *(np.array(start) * scale for start in STARTS), scale=scale, rows=len(repeats))
    values = best.values * np.array([1.0, unit, 1.0, 1.0])
    # f(x) of the orders' times: each of the x repeat orders brings a density per unit of time.
    shift = float(repeats.sum() * np.log(unit))
    return Estimates(NAMES, values, best.covariance, best.log_likelihood - shift, best.rows, best.on_bound)


STARTS = ((0.5, 0.5, 0.5, 2.0), (2.0, 2.0, 0.1, 1.0))
"""Where the search begins: customers who differ much and leave, customers who are alike and stay."""


def check(repeats: Reals, recency: Reals, age: Reals) -> None:
    """Check a summary.

    Raises
    ------
    ContractError
        Values are not finite, negative, not whole, or contradict one another; every breach is listed with its row.
    """
    rules = (
        (~(np.isfinite(repeats) & np.isfinite(recency) & np.isfinite(age)), "hold a value that is absent or not finite"),
        (repeats < 0, "have x below 0"),
        (repeats != np.floor(repeats), "have x that is not whole"),
        (recency < 0, "have t_x below 0"),
        (age <= 0, "have T at or below 0; it is the time from the first order to today"),
        (recency > age, "have t_x above T: their last order is after today"),
        ((repeats == 0) & (recency > 0), "have x = 0 and t_x above 0; one order has t_x = 0"),
        ((repeats > 0) & (recency <= 0), "have x above 0 and t_x = 0; orders of one day count as one"),
    )
    found = [f"{int(bad.sum())} rows {what}, such as row {int(np.flatnonzero(bad)[0]) + 1}" for bad, what in rules if bad.any()]
    if found:
        raise ContractError(breaches("The summary (x, t_x, T) contradicts itself", found))


def log_likelihood(values: Reals, repeats: Reals, recency: Reals, age: Reals) -> tuple[float, Reals]:
    """Return the log-likelihood of r, alpha, a and b (equation 6) and its gradient, ``(4,)``."""
    kinds = np.unique(repeats, return_counts=True)
    return _likelihood(np.asarray(values, np.float64), repeats, recency, age, kinds)


def _likelihood(values: Reals, x: Reals, t_x: Reals, age: Reals, kinds: tuple[Reals, Whole]) -> tuple[float, Reals]:
    """Return the same; ``kinds`` are the different x and how many customers have each: gamma functions are of these only."""
    r, alpha, a, b = values
    left = _odds(values, x, t_x, age)
    gone = expit(left)
    over_all, over_seen = np.log(alpha + age), np.log(alpha + t_x)
    each, count = kinds
    constant = (
        gammaln(r + each) - gammaln(r) + gammaln(b + each) - gammaln(b) - gammaln(a + b + each) + gammaln(a + b)
    ) @ count  # fmt: skip
    total = (np.logaddexp(0.0, left) - r * np.log1p(age / alpha) - x * over_all).sum()
    follow = np.where(x > 0, b + x - 1, 1.0)
    beta = (digamma(a + b) - digamma(a + b + each)) @ count
    slopes = (
        (digamma(r + each) - digamma(r)) @ count + (np.log(alpha) - over_all - gone * (over_seen - over_all)).sum(),
        (r / alpha - (r + x) * ((1 - gone) / (alpha + age) + gone / (alpha + t_x))).sum(),
        beta + gone.sum() / a,
        beta + (digamma(b + each) - digamma(b)) @ count - (gone / follow).sum(),
    )
    return float(constant + total), np.array(slopes)


def _odds(values: Reals, x: Reals, t_x: Reals, age: Reals) -> Reals:
    """Return the log odds that a customer has left; minus infinity where there was one order."""
    r, alpha, a, b = values
    follow = np.where(x > 0, b + x - 1, 1.0)
    odds: Reals = np.log(a) - np.log(follow) + (r + x) * (np.log(alpha + age) - np.log(alpha + t_x))
    return np.where(x > 0, odds, -np.inf)


def alive(model: Estimates, repeats: Reals, recency: Reals, age: Reals) -> Reals:
    """Return the chance that each customer still is one, ``(n_customers,)``.

    Customers with one order have 1: in this model one leaves only after an order that is not the first.

    References
    ----------
    Fader, Hardie & Lee (2008), Computing P(alive) using the BG/NBD model. brucehardie.com/notes/021.
    """
    chance: Reals = expit(-_odds(model.values, repeats, recency, age))
    return chance


def expected(model: Estimates, repeats: Reals, recency: Reals, age: Reals, ahead: float) -> Reals:
    """Return the orders each customer is expected to place in the time ``ahead``, given what was seen (equation 10)."""
    return alive(model, repeats, recency, age) * _if_alive(model.values, repeats, age, ahead)


def expected_new(model: Estimates, ahead: float) -> float:
    """Return the repeat orders expected of a customer in the time ``ahead`` after a first order (equation 9)."""
    return float(_if_alive(model.values, np.zeros(1), np.zeros(1), ahead)[0])


def _if_alive(values: Reals, x: Reals, age: Reals, ahead: float) -> Reals:
    """Return the orders expected of customers who are still there.

    The paper's ``(1 - z)^(r + x) 2F1(r + x, b + x; a + b + x - 1; z)`` overflows for frequent customers; Euler's
    transformation makes it ``(1 - z)^(a - 1) 2F1(a + b - 1 - r, a - 1; a + b + x - 1; z)``, with ``z = t / (alpha + T + t)``.
    At a = 1 and a + b + x = 1 both are 0 / 0: there the mean of both sides is taken.
    """
    r, alpha, a, b = values
    if abs(a - 1) < NEAR or (np.abs(a + b + x - 1) < NEAR).any():
        sides = [_if_alive(np.array([r, alpha, a + move, b]), x, age, ahead) for move in (-2 * NEAR, 2 * NEAR)]
        mean: Reals = (sides[0] + sides[1]) / 2
        return mean
    z = ahead / (alpha + age + ahead)
    with np.errstate(all="ignore"):
        series = hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
        found = (a + b + x - 1) / (a - 1) * (1 - np.exp(xlogy(a - 1, 1 - z)) * series)
    most = (r + x) / (alpha + age) * ahead
    wrong = ~np.isfinite(found) | (found < 0) | (found > most) | (r > REGULAR)
    if wrong.any():
        found[wrong] = _by_quadrature(values, x[wrong], age[wrong], ahead)
    return np.asarray(found, np.float64)


REGULAR = 50.0
"""Above this r the series alternates with large terms, and quadrature takes its place."""


def _by_quadrature(values: Reals, x: Reals, age: Reals, ahead: float) -> Reals:
    """Return the same by Gauss-Jacobi quadrature over the chance p of leaving: E[(1 - E[exp(-lambda p t)]) / p]."""
    r, alpha, a, b = values
    found = np.empty(len(x))
    for count in np.unique(x):
        rows = x == count
        p, weight = _nodes(a, b + count)
        stays = np.exp(-(r + count) * np.log1p(p * (ahead / (alpha + age[rows]))[:, None]))
        found[rows] = ((1 - stays) / p) @ weight
    return found


def _nodes(a: float, b: float) -> tuple[Reals, Reals]:
    """Return nodes and weights of the mean under a beta distribution (Golub & Welsch, 1969); no weight can overflow."""
    one, two = b - 1, a - 1
    n = np.arange(1, NODES)
    total = 2 * n + one + two
    diagonal = np.concatenate([[(a - b) / (a + b)], (two**2 - one**2) / (total * (total + 2))])
    with np.errstate(invalid="ignore", divide="ignore"):
        square = 4 * n * (n + one) * (n + two) * (n + one + two) / (total**2 * (total + 1) * (total - 1))
    square[0] = 4 * a * b / ((a + b) ** 2 * (a + b + 1))
    at, vectors = eigh_tridiagonal(diagonal, np.sqrt(square))
    return np.maximum((1 + at) / 2, np.finfo(np.float64).tiny), vectors[0] ** 2


def draw(
    model: Estimates,
    history: tuple[Reals, Reals, Reals],
    ahead: float,
    draws: int,
    rng: np.random.Generator,
    *,
    wander: float = 0.0,
) -> Whole:
    """Return orders that could come in the time ``ahead``, ``(n_customers, draws)``, given what was seen.

    Rate and chance of leaving are drawn from their distributions given x, t_x and T; orders are as many as the rate
    brings, up to the one after which the customer leaves. The parameters are taken as known. ``wander`` is the variance of
    a factor with mean 1 by which a rate ahead differs from that so far; 0 in the paper.
    """
    x, t_x, age = history
    r, alpha, a, b = model.values
    shape = (len(x), draws)
    rate = rng.gamma(np.broadcast_to((r + x)[:, None], shape)) / (alpha + age)[:, None]
    if wander > 0:
        rate *= rng.gamma(1 / wander, wander, shape)
    leaves = np.clip(rng.beta(a, np.broadcast_to((b + x)[:, None], shape)), 1e-12, 1.0)
    until = np.minimum(rng.geometric(leaves), np.iinfo(np.int32).max)
    there = rng.random(shape) < alive(model, x, t_x, age)[:, None]
    orders: Whole = np.where(there, np.minimum(rng.poisson(rate * ahead), until), 0)
    return orders
