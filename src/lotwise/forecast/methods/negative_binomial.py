"""Counts whose mean moves: negative binomials and the series' own counts, weighted by how well they foretold each series.

Every setting says how fast the past fades, how strongly a series is drawn to the others, how widely counts spread
and how much its own earlier counts (packs of six, nearly always one) stand beside the negative binomial. A series
weighs the settings by the likelihood of its own past, all series together say how common each setting is.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from scipy.special import gammaln

from lotwise.forecast import direct
from lotwise.forecast.methods import boosted, ensemble
from lotwise.forecast.methods.empirical import average, flat, paths
from lotwise.forecast.methods.intermittent import tsb
from lotwise.forecast.task import Curve, whole
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Index
    from lotwise.forecast.task import Task

KEEPS = (0.8, 0.9, 0.97)
"""Share of its weight that a past week keeps after a week."""
PULLS = (1.0, 6.0)
"""Weeks of the middle series' demand that stand beside a series' own."""
SHAPES = (0.2, 0.6, 2.0, 10.0, 100.0)
"""Variance is mean + mean squared / shape."""
OWN = (0.0, 0.5)
"""Weight of a week's own earlier counts against that of the negative binomial, which is 1."""
SETTINGS = np.array(list(product(KEEPS, PULLS, SHAPES, OWN)))
MOST = 200
"""Larger weeks, and those in fractions, are counted in two-hundredths of the series' largest week."""
FLOOR = 0.02
"""The middle series is expected to sell no less a week."""
SAMPLE = 4000
"""Series, evenly chosen, that say how common each setting is."""
ROUNDS = 30
"""Steps of expectation-maximization."""


def negative_binomial(task: Task) -> Curve:
    """Return the mixture's mean and quantiles, the same at every horizon.

    The mean after each week is ``(sum of faded demand + pull * pool) / (sum of faded weeks + pull)``, the pool
    being the median over series of their mean weeks; it looks one week ahead, and what it says holds for all. The
    other series therefore matter, though only through the pool and the weights.

    References
    ----------
    Snyder, Ord & Beaumont (2012), Forecasting the intermittent demand for slow-moving inventories: a modelling
    approach, International Journal of Forecasting 28; Harvey & Fernandes (1989), Time series models for count
    observations, Journal of Business & Economic Statistics 7, for the fading mean; Laird (1978), Nonparametric maximum
    likelihood estimation of a mixing distribution, JASA 73, for how common each setting is.
    """
    units, horizon = task.units, task.horizon
    numbers, unit = counts(units)
    pool = max(float(np.median(average(np.where(numbers < 0, np.nan, numbers)))), FLOOR)
    sample = numbers[:: -(-len(numbers) // SAMPLE)]
    prior = common(likelihoods(sample, pool))
    weights = posterior(likelihoods(numbers, pool), prior)
    mean, quantiles = _predicted(numbers, pool, weights, SETTINGS, np.asarray(LEVELS))
    errors = paths(units, flat(tsb)(units, horizon, task.season))
    scaled = (quantiles * unit[:, None])[:, None, :]
    return Curve(np.repeat((mean * unit)[:, None], horizon, axis=1), np.repeat(scaled, horizon, axis=1), errors)


def beside_poisson(task: Task) -> Curve:
    """Return the mean of the quantiles of ``negative_binomial`` and of pooled Poisson boosting, level by level.

    One knows the series best, the other what series have in common; where there is too little to boost, the first
    alone.
    """
    pooled = direct.curve(task, fit=boosted.fit)
    own = negative_binomial(task)
    return own if pooled is None else ensemble.mixed([own, pooled], (1.0, 1.0))


def counts(units: Array) -> tuple[Index, Array]:
    """Return demand as counts, -1 where it is not known, and the size of one count of each series.

    Returns
    -------
    tuple
        ``(n_series, n_weeks)`` and ``(n_series,)``. A negative demand counts as none.
    """
    known = np.maximum(np.nan_to_num(units), 0.0)
    most = known.max(axis=1, initial=0.0)
    unit = np.where((whole(units) & (most <= MOST)) | (most == 0), 1.0, most / MOST)
    return np.where(np.isfinite(units), np.rint(known / unit[:, None]), -1).astype(np.int64), unit


def likelihoods(numbers: Index, pool: float) -> Array:
    """Return the log-likelihood of each series' weeks, each foretold from those before it; ``(n_series, n_settings)``."""
    number, shape = np.arange(MOST + 1)[None, :], np.array(SHAPES)[:, None]
    ways = gammaln(number + shape) - gammaln(shape) - gammaln(number + 1)
    return np.asarray(_likelihoods(numbers, pool, np.array(KEEPS), np.array(PULLS), ways))


def common(logs: Array) -> Array:
    """Return how common each setting is among the series, by expectation-maximization; ``(n_settings,)``."""
    found = np.full(logs.shape[1], 1 / logs.shape[1])
    for _ in range(ROUNDS):
        found = (posterior(logs, found).sum(axis=0) + 0.5) / (len(logs) + 0.5 * len(found))
    return found


def posterior(logs: Array, prior: Array) -> Array:
    """Return the weight of each setting for each series; ``(n_series, n_settings)``, rows adding up to 1."""
    weights = prior * np.exp(logs - logs.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _likelihoods(numbers: Index, pool: float, keeps: Array, pulls: Array, ways: Array) -> Array:
    n_series, n_weeks = numbers.shape
    n_settings = len(keeps) * len(pulls) * len(SHAPES) * len(OWN)
    found = np.zeros((n_series, n_settings))
    for series in range(n_series):
        place = 0
        for keep in keeps:
            same, seen, sold = _faded(numbers[series], keep)
            for pull in pulls:
                for kind in range(len(SHAPES)):
                    shape = SHAPES[kind]
                    for week in range(1, n_weeks):
                        number = numbers[series, week]
                        if number < 0:
                            continue
                        mean = (sold[week] + pull * pool) / (seen[week] + pull)
                        part = np.log(shape / (shape + mean))
                        chance = np.exp(ways[kind, number] + shape * part + number * (part + np.log(mean / shape)))
                        for other in range(len(OWN)):
                            own = OWN[other]
                            mixed = (own * same[week] + chance) / (own * seen[week] + 1)
                            found[series, place + other] += np.log(max(mixed, 1e-300))
                    place += len(OWN)
    return found


@njit(cache=True)  # type: ignore[untyped-decorator]
def _faded(numbers: Index, keep: float) -> tuple[Array, Array, Array]:
    """Return, before each week and after the last, the faded weeks with that week's count, all known weeks, and demand."""
    n_weeks = len(numbers)
    same, seen, sold = np.zeros(n_weeks + 1), np.zeros(n_weeks + 1), np.zeros(n_weeks + 1)
    for week in range(n_weeks):
        weight = 1.0
        for before in range(week - 1, -1, -1):
            if numbers[before] >= 0 and numbers[before] == numbers[week]:
                same[week] += weight
            weight *= keep
        known = numbers[week] >= 0
        seen[week + 1] = keep * seen[week] + (1.0 if known else 0.0)
        sold[week + 1] = keep * sold[week] + (numbers[week] if known else 0.0)
    return same, seen, sold


@njit(cache=True)  # type: ignore[untyped-decorator]
def _predicted(numbers: Index, pool: float, weights: Array, settings: Array, levels: Array) -> tuple[Array, Array]:
    """Return the mean and the quantiles of each series' mixture, counted up to twice the most there can be."""
    top = 2 * MOST
    means, quantiles = np.zeros(len(numbers)), np.full((len(numbers), len(levels)), float(top))
    for series in range(len(numbers)):
        share, expected, echo, means[series] = _ahead(numbers[series], pool, weights[series], settings)
        shape = settings[:, 2]
        chance = (shape / (shape + expected)) ** shape
        reached, total = 0, 0.0
        for number in range(top + 1):
            total += (share * chance).sum() + (echo[number] if number <= MOST else 0.0)
            chance *= (number + shape) / (number + 1) * expected / (shape + expected)
            while reached < len(levels) and total >= levels[reached] - 1e-12:
                quantiles[series, reached] = number
                reached += 1
            if reached == len(levels):
                break
    return means, quantiles


@njit(cache=True)  # type: ignore[untyped-decorator]
def _ahead(numbers: Index, pool: float, weights: Array, settings: Array) -> tuple[Array, Array, Array, float]:
    """Return the weight and the mean of each negative binomial, the probability own counts add to each, and the mean."""
    share, expected, echo, mean = np.zeros(len(settings)), np.zeros(len(settings)), np.zeros(MOST + 1), 0.0
    known = np.flatnonzero(numbers >= 0)
    for place in range(len(settings)):
        keep, pull, _, own = settings[place]
        faded = keep ** (len(numbers) - 1 - known)
        seen, sold = faded.sum(), (faded * numbers[known]).sum()
        expected[place] = (sold + pull * pool) / (seen + pull)
        part = weights[place] / (own * seen + 1)
        share[place] = part
        mean += part * (own * sold + expected[place])
        if own > 0:
            for week in range(len(known)):
                echo[numbers[known[week]]] += part * own * faded[week]
    return share, expected, echo, mean
