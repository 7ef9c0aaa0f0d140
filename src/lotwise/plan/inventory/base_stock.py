"""Order up to a level at every review: levels for a service target.

Every ``review`` periods the position (on hand and on order, less what is owed) is raised to ``level``; what is ordered at
the start of a period is there at the start of the period ``lead`` later, before its demand. An order therefore answers for the
demand of ``lead + review`` periods, the *protection*.

Two measures of service, with D(n) the demand of n periods, S the level, L the lead time and R the review:

- ``cycle``: share of review cycles in which nothing is short, ``P(D(L + R) <= S)``.
- ``fill``: share of demand served from stock in its own period,
  ``1 - (E(D(L + R) - S)+ - E(D(L) - S)+) / E D(R)``; the second loss takes out what was short already.

Both are exact with backorders, and with lost sales where the lead time is 0. With lost sales and a lead time the levels are on
the safe side, for what is lost is not ordered again; ``search`` finds the lower level by simulation.

References
----------
Hadley and Whitin (1963), Analysis of Inventory Systems. Axsäter (2015), Inventory Control, 3rd ed., chapter 5.
Zipkin (2000), Foundations of Inventory Management. Bijvank and Vis (2011), Lost-sales inventory theory: a review,
European Journal of Operational Research 215(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from lotwise.errors import InputError
from lotwise.plan.inventory.bounds import at_least, between, one_of, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MEASURES = ("cycle", "fill")
"""What a service target can mean."""
HALVINGS = 200
"""Most halvings of the search for a normal level; about 60 reach the last digit."""
TAIL = 40.0
"""Standard deviations beyond which a normal is taken to hold nothing."""
EDGE = 1e-12
"""Differences of shares below this are rounding."""


@dataclass(frozen=True, slots=True)
class BaseStock:
    """Order up to ``level`` units at every review; ``()`` or one for each row of demand.

    Raises
    ------
    InputError
        A level is not finite.
    """

    level: NDArray[np.float64]

    def __post_init__(self) -> None:
        object.__setattr__(self, "level", at_least("level", self.level, -np.inf))

    def order(self, position: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the units to order at a position: on hand and on order, less what is owed."""
        return np.maximum(self.level - position, 0.0)


def loss(z: ArrayLike) -> NDArray[np.float64]:
    """Return the standard normal loss ``E(Z - z)+ = phi(z) - z (1 - Phi(z))``."""
    z = np.asarray(z, dtype=np.float64)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    found: NDArray[np.float64] = density - z * ndtr(-z)
    return found


def normal(
    mean: ArrayLike, sd: ArrayLike, target: ArrayLike, *, lead: ArrayLike = 0, review: ArrayLike = 1, measure: str = "cycle"
) -> BaseStock:
    """Return the level for normal demand, independent from period to period.

    Parameters
    ----------
    mean, sd
        Units a period; both at least 0. All arrays broadcast.
    target
        Share of cycles or of demand, between 0 and 1.
    lead, review
        Whole periods, from 0 and from 1.
    measure
        ``cycle`` or ``fill``.

    Raises
    ------
    InputError
        A value is out of range, or a fill rate is asked for where the mean is 0.
    """
    mean, sd, target = at_least("mean", mean), at_least("sd", sd), between("target", target)
    lead, review = whole("lead", lead), whole("review", review, 1)
    one_of("measure", measure, MEASURES)
    protection = lead + review
    if measure == "cycle":
        return BaseStock(mean * protection + ndtri(target) * sd * np.sqrt(protection))
    if not (mean > 0).all():
        raise InputError("mean: found 0 with a fill rate; expected demand. Leave these rows out or ask for measure='cycle'.")

    allowed = (1.0 - target) * mean * review
    low, high = mean * lead - TAIL * sd * np.sqrt(lead), mean * protection + TAIL * sd * np.sqrt(protection)
    low, high, allowed = np.broadcast_arrays(low, high, allowed)
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        if ((middle <= low) | (middle >= high)).all():
            break
        short = _short(middle, mean * protection, sd * np.sqrt(protection)) - _short(middle, mean * lead, sd * np.sqrt(lead))
        low, high = np.where(short > allowed, middle, low), np.where(short > allowed, high, middle)
    return BaseStock(high)


def _short(level: NDArray[np.float64], mean: NDArray[np.float64], sd: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``E(D - level)+`` for normal demand, also where it does not vary."""
    varies = sd > 0
    unit = np.where(varies, sd, 1.0)
    found: NDArray[np.float64] = np.where(varies, unit * loss((level - mean) / unit), np.maximum(mean - level, 0.0))
    return found


def windows(demand: ArrayLike, lead: int, review: int = 1) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return demand over the lead time, and over the protection that begins with it, for every start.

    Parameters
    ----------
    demand
        Units, at least 0; ``(..., n_periods)``: past demand, or paths drawn by a forecast.
    lead, review
        Whole periods, from 0 and from 1.

    Returns
    -------
    before, during
        ``(..., n_periods - lead - review + 1)`` each; ``before <= during``. Neighbors share periods, which is right
        for the level and makes it look surer than it is.

    Raises
    ------
    InputError
        A value is out of range, or there are fewer periods than ``lead + review``.
    """
    demand = at_least("demand", demand)
    lead, review = int(whole("lead", lead)), int(whole("review", review, 1))
    periods = demand.shape[-1] if demand.ndim else 0
    if periods < lead + review:
        raise InputError(
            f"demand: found {periods} periods; expected at least lead + review = {lead + review}. Give a longer history."
        )
    zero = np.zeros((*demand.shape[:-1], 1))
    total = np.concatenate([zero, np.cumsum(demand, axis=-1)], axis=-1)
    starts = periods - lead - review + 1
    start = total[..., :starts]
    return total[..., lead : lead + starts] - start, total[..., lead + review :] - start


def sample(during: ArrayLike, target: ArrayLike, *, before: ArrayLike | None = None, measure: str = "cycle") -> BaseStock:
    """Return the smallest level that reaches the target on the samples themselves.

    For ``cycle`` it is an order statistic. The expected shortage is piecewise linear in the level, so that for ``fill``
    the level is exact too, and seldom a whole number: round up where half a unit cannot be stocked.

    Parameters
    ----------
    during
        Demand over the protection, units, at least 0; ``(..., n_samples)``, as ``windows`` gives it.
    target
        Share of cycles or of demand, between 0 and 1; broadcasts to ``during`` less its last axis.
    before
        Demand over the lead time, of the same samples; for ``fill`` with a lead time. Default: no lead time.
    measure
        ``cycle`` or ``fill``.

    Raises
    ------
    InputError
        A value is out of range, there is no sample, ``before`` does not fit or exceeds ``during``, or a fill rate is asked
        for where there is no demand.
    """
    during, target = at_least("during", during), between("target", target)
    one_of("measure", measure, MEASURES)
    if not during.ndim or not during.shape[-1]:
        raise InputError("during: found no sample; expected at least one along the last axis. Give past or drawn demand.")
    if measure == "cycle":
        ordered = np.sort(during, axis=-1)
        count = ordered.shape[-1]
        places = np.broadcast_to(np.ceil(target * count - EDGE * count).astype(int) - 1, during.shape[:-1])
        return BaseStock(np.take_along_axis(ordered, np.maximum(places, 0)[..., None], axis=-1)[..., 0])

    early = np.zeros(during.shape) if before is None else at_least("before", before)
    if early.shape != during.shape or (early > during).any():
        raise InputError(
            "before: found other shapes than during's, or more demand; expected a part of the same samples' demand."
        )
    targets = np.broadcast_to(target, during.shape[:-1])
    levels = np.empty(targets.shape)
    for place in np.ndindex(targets.shape):
        levels[place] = _filling(early[place], during[place], float(targets[place]))
    return BaseStock(levels)


def _filling(before: NDArray[np.float64], during: NDArray[np.float64], target: float) -> float:
    """Return the level at which the mean shortage of a cycle is what the target allows: a bend, or between two."""
    demand = during.mean() - before.mean()
    if demand <= 0:
        raise InputError("during: found no demand in a row, with a fill rate; expected some. Leave the row out.")
    bends = np.unique(np.concatenate([before, during]))
    short = _mean_short(during, bends) - _mean_short(before, bends)
    allowed = (1.0 - target) * demand
    right = int(np.argmax(short <= allowed))  # never the first: below the least sample all demand is short
    rise = (short[right - 1] - allowed) / (short[right - 1] - short[right])
    return float(bends[right - 1] + rise * (bends[right] - bends[right - 1]))


def _mean_short(demand: NDArray[np.float64], levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of ``(demand - level)+`` at each level."""
    ordered = np.sort(demand)
    beyond = np.append(np.cumsum(ordered[::-1])[::-1], 0.0)
    first = np.searchsorted(ordered, levels, side="right")
    found: NDArray[np.float64] = (beyond[first] - (len(ordered) - first) * levels) / len(ordered)
    return found
