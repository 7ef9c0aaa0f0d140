"""What to have ready when it can be made ready only once: the newsvendor.

A unit left over costs ``holding``, a unit short costs ``penalty``. The expected cost
``holding E(Q - D)+ + penalty E(D - Q)+`` is least at the quantile of demand at ``penalty / (holding + penalty)``.

References
----------
Arrow, Harris and Marschak (1951), Optimal inventory policy, Econometrica 19(3). Snyder and Shen (2019), Fundamentals of
Supply Chain Theory, 2nd ed., chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from lotwise.errors import InputError
from lotwise.plan.inventory.bounds import above, at_least

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

STEP = 1 / 64
"""Step of the quadrature; halving it moves the cost of a normal by less than 1e-12 of it."""
REACH = 3.6
"""Where the quadrature ends: beyond it lies a share of demand below 1e-24."""

LAST = 1.0 - 2.0**-53
"""The largest share below 1."""
EDGE = 1e-12
"""Differences of shares, and falls as a share of a value, below this are rounding."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The optimal quantity and its expected cost, of one shape."""

    quantity: NDArray[np.float64]
    cost: NDArray[np.float64]


def normal(mean: ArrayLike, sd: ArrayLike, holding: ArrayLike, penalty: ArrayLike) -> Choice:
    """Return the optimal quantity for normal demand, and its cost ``(holding + penalty) sd phi(z)``.

    Parameters
    ----------
    mean, sd
        Of demand, in units; ``sd`` at least 0.
    holding, penalty
        Money by unit left over and by unit short, above 0. All four broadcast.

    Raises
    ------
    InputError
        A value is out of range.
    """
    mean, sd = at_least("mean", mean, -np.inf), at_least("sd", sd)
    holding, penalty = above("holding", holding), above("penalty", penalty)
    z = ndtri(penalty / (holding + penalty))
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    mean, cost = np.broadcast_arrays(mean, (holding + penalty) * sd * density)
    return Choice(mean + sd * z, cost.copy())


def sample(demand: ArrayLike, holding: ArrayLike, penalty: ArrayLike, weights: ArrayLike | None = None) -> Choice:
    """Return the smallest optimal quantity for an empirical sample, and its cost on that sample.

    Parameters
    ----------
    demand
        Units, at least 0; ``(..., n_samples)``.
    holding, penalty
        Money by unit left over and by unit short, above 0; they broadcast to the shape of ``demand`` less its last axis.
    weights
        Of the samples, at least 0; they broadcast to ``demand``. Default: all alike.

    Raises
    ------
    InputError
        A value is out of range, there is no sample, or all weights of a row are 0.

    References
    ----------
    Levi, Roundy and Shmoys (2007), Provably near-optimal sampling-based policies for stochastic inventory control
    models, Mathematics of Operations Research 32(4).
    """
    demand = at_least("demand", demand)
    holding, penalty = above("holding", holding), above("penalty", penalty)
    if not demand.ndim or not demand.shape[-1]:
        raise InputError("demand: found no sample; expected at least one along the last axis. Give past or drawn demand.")
    weights = np.broadcast_to(at_least("weights", 1.0 if weights is None else weights), demand.shape)
    total = weights.sum(axis=-1, keepdims=True)
    if not total.all():
        raise InputError("weights: found a row of zeros; expected a weight above 0 in every row. Correct the weights.")

    order = np.argsort(demand, axis=-1, kind="stable")
    values = np.take_along_axis(demand, order, axis=-1)
    reached = np.cumsum(np.take_along_axis(weights, order, axis=-1), axis=-1) / total
    ratio = np.broadcast_to(penalty / (holding + penalty), demand.shape[:-1])[..., None]
    place = np.argmax(reached >= ratio - EDGE, axis=-1)[..., None]
    quantity = np.take_along_axis(values, place, axis=-1)
    over, short = np.maximum(quantity - demand, 0.0), np.maximum(demand - quantity, 0.0)
    mean_over, mean_short = ((weights * part).sum(axis=-1) / total[..., 0] for part in (over, short))
    return Choice(quantity[..., 0], holding * mean_over + penalty * mean_short)


def quantile(demand: Callable[[NDArray[np.float64]], NDArray[np.float64]], holding: ArrayLike, penalty: ArrayLike) -> Choice:
    """Return the optimal quantity for demand given by its quantile function.

    Its cost is ``penalty * (integral of F^-1 above r) - holding * (integral of F^-1 below r)`` at
    ``r = penalty / (holding + penalty)``, by double-exponential quadrature on either side: exact to rounding where the
    quantile function is smooth, near where it jumps (0.2 % off for Poisson demand of mean 20). For whole units use
    ``sample`` with the values as samples and their probabilities as weights.

    Parameters
    ----------
    demand
        Takes shares in (0, 1), ``(n_shares, ...)`` with the shape that ``holding`` and ``penalty`` broadcast to, and gives
        units of the same shape.
    holding, penalty
        Money by unit left over and by unit short, above 0.

    Raises
    ------
    InputError
        A cost is out of range, or the function gives something that is not finite, or falls.

    References
    ----------
    Takahasi and Mori (1974), Double exponential formulas for numerical integration, Publications of RIMS 9(3).
    """
    holding, penalty = np.broadcast_arrays(above("holding", holding), above("penalty", penalty))
    ratio = penalty / (holding + penalty)
    shares, weights = _nodes()
    spread = (slice(None),) + (None,) * ratio.ndim
    below, above_it = ratio * shares[spread], 1.0 - (1.0 - ratio) * shares[spread]
    best, low, high = (np.asarray(demand(at), dtype=np.float64) for at in (ratio[None], below, np.minimum(above_it, LAST)))
    rises = (np.diff(low, axis=0) >= -EDGE * np.abs(low[1:])).all() and (np.diff(high, axis=0) <= EDGE * np.abs(high[1:])).all()
    if not (rises and all(np.isfinite(part).all() for part in (best, low, high))):
        raise InputError(
            "demand: found a quantile function that falls or is not finite inside (0, 1); expected one that rises."
        )
    mean_low, mean_high = (np.tensordot(weights, part, axes=1) for part in (low, high))
    return Choice(best[0], penalty * (1.0 - ratio) * mean_high - holding * ratio * mean_low)


def _nodes() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return places in (0, 1), rising, and weights that sum to 1; symmetric, thick at both ends."""
    t = np.arange(-REACH, REACH + STEP / 2, STEP)
    s = np.pi / 2 * np.sinh(t)
    places = 1.0 / (1.0 + np.exp(-2.0 * s))
    weights = STEP * np.pi / 2 * np.cosh(t) / (2.0 * np.cosh(s) ** 2)
    return places, weights / weights.sum()
