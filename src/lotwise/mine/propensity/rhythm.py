"""Each customer's own rhythm: what the days between purchases say about the next ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_ndtr

if TYPE_CHECKING:
    from lotwise.mine.propensity.streams import Floats, Ints, Stream

PRIOR = 2.0
"""Gaps that everybody's mean counts for beside a customer's own."""
NARROW = 0.05
"""Least variance of the logarithm of a gap."""
ROUNDS = 20
LEAST = 1e-4
"""Least chance told, and the least distance from certainty."""


def renewal(stream: Stream, days: Ints, ahead: int) -> Floats:
    """Return the chance of a purchase in the days ahead, given the time since the last: a renewal process with leaving.

    The gaps between a customer's purchases are taken as log-normal; the mean of their logarithm is the customer's own,
    shrunk towards everybody's, and the spread is everybody's within customers. After each purchase a customer leaves for
    good with one chance ``p``, found by expectation maximization from all gaps that ended and all silences that have not.
    With ``r`` days since the last purchase the chance is ``(1 - p) (S(r) - S(r + ahead)) / ((1 - p) S(r) + p)``. Only what
    lies before the day counts.

    Parameters
    ----------
    days
        Cutoffs, ``(n_days,)``; what happened on the day or later is not looked at.
    ahead
        Days of the window.

    Returns
    -------
    Floats
        ``(n_days, n_customers)``; NaN for customers who had not bought.

    References
    ----------
    Fader, Hardie and Lee (2005), "Counting your customers the easy way", Marketing Science 24: leaving after a purchase;
    here gaps are log-normal instead of exponential, and one chance holds for everybody.
    """
    follows, gap = stream.gaps
    logs = np.where(follows, np.log(gap), 0.0)
    count = stream.sums(follows.astype(float), days)
    total, square = stream.sums(logs, days), stream.sums(logs**2, days)
    pooled = count.sum(axis=1, keepdims=True)
    overall = total.sum(axis=1, keepdims=True) / np.maximum(pooled, 1)
    within = (square - total**2 / np.maximum(count, 1)).sum(axis=1, keepdims=True)
    freedom = np.maximum((count - 1).clip(min=0).sum(axis=1, keepdims=True), 1)
    spread = np.sqrt(np.maximum(within / freedom, NARROW))
    mean = (total + PRIOR * overall) / (count + PRIOR)
    spread = spread * np.sqrt(1 + 1 / (count + PRIOR))
    since = np.asarray(days)[:, None] - stream.last(days)
    now, then = (np.exp(log_ndtr((mean - np.log(since + more)) / spread)) for more in (0, ahead))
    leaving = _leaving(now, pooled[:, 0])[:, None]
    return np.asarray(np.clip((1 - leaving) * (now - then) / ((1 - leaving) * now + leaving), LEAST, 1 - LEAST))


def _leaving(silent: Floats, ended: Floats) -> Floats:
    """Return the chance to leave after a purchase, from the chance of each silence were nobody to leave, ``(n_days,)``."""
    known = np.isfinite(silent)
    held = np.where(known, silent, 1.0)
    spells = known.sum(axis=1)
    chance = np.full(len(silent), 0.05)
    for _ in range(ROUNDS):
        left = np.where(known, chance[:, None] / ((1 - chance[:, None]) * held + chance[:, None]), 0.0).sum(axis=1)
        chance = np.clip((left + 0.5) / (ended + spells + 1.0), LEAST, 0.5)
    return chance


def expected(stream: Stream, known: Floats, days: Ints, ahead: int, half_life: float = np.inf) -> Floats:
    """Return the chance of a purchase in the days ahead by an empirical-Bayes gamma-Poisson (NBD) model.

    Each customer buys at a rate of their own; the rates follow a gamma distribution whose two parameters are found by
    moments from all customers as of the day. With ``x`` purchases in ``T`` days the chance is
    ``1 - ((b + T) / (b + T + ahead)) ^ (a + x)``. With a half-life both ``x`` and ``T`` forget the past.

    Parameters
    ----------
    known
        Day each customer was first seen, NaN for never, ``(n_customers,)``.
    half_life
        Days after which a purchase counts half.

    References
    ----------
    Ehrenberg (1959), "The pattern of consumer purchases", Applied Statistics 8.
    """
    age = np.maximum(np.nan_to_num(np.asarray(days)[:, None] - known[None, :]), 0.0)
    if np.isinf(half_life):
        count, span = stream.sums(np.ones(len(stream.day)), days), age
    else:
        count = np.array([stream.count(int(day), half_life) for day in days])
        span = half_life / np.log(2) * -np.expm1(-age * np.log(2) / half_life)
    alive = span > 0
    weight = span.sum(axis=1, keepdims=True)
    mean = np.maximum(count.sum(axis=1, keepdims=True) / np.maximum(weight, 1e-9), 1e-7)
    rate = np.where(alive, count / np.maximum(span, 1e-9), 0.0)
    spread = (span * (rate - mean) ** 2).sum(axis=1, keepdims=True) / np.maximum(weight, 1e-9)
    noise = mean * alive.sum(axis=1, keepdims=True) / np.maximum(weight, 1e-9)
    between = np.maximum(spread - noise, 0.01 * mean**2)
    inverse = mean / between
    shape = mean * inverse
    chance = -np.expm1(-(shape + count) * np.log1p(ahead / (inverse + span)))
    return np.asarray(np.clip(chance, LEAST, 1 - LEAST))


def logit(chance: Floats) -> Floats:
    """Return the log odds of a chance; NaN stays NaN."""
    held = np.clip(chance, LEAST, 1 - LEAST)
    return np.log(held) - np.log1p(-held)
