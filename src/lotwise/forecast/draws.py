"""Joint scenarios: every marginal is the forecast's own, weeks and products move together as they did.

The Schaake shuffle: each cell's equally likely values are put in the order of ranks of a template, and
the template is made of whole past paths, so products that erred together before err together again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast.methods.empirical import history
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array, Index


def shuffle(values: Array, template: Array, rng: np.random.Generator) -> Array:
    """Return the values of each cell in the order of ranks of a template; equal ranks are split at random.

    Parameters
    ----------
    values
        Equally likely values of each cell, rising; ``(n_series, horizon, n_scenarios)``.
    template
        ``(n_series, horizon, n_scenarios)``; an absent value may take any rank.

    References
    ----------
    Clark et al. (2004), The Schaake shuffle, Journal of Hydrometeorology 5.
    """
    chance = rng.random(template.shape)
    order = np.lexsort((chance, _complete(template, rng)), axis=-1)
    found = np.empty_like(values)
    np.put_along_axis(found, order, values, axis=-1)
    return found


def _complete(template: Array, rng: np.random.Generator) -> Array:
    """Return a template whose absent values are others of the same cell, taken at random; 0 where it has none."""
    known = np.isfinite(template)
    rows = ~known.all(axis=-1)
    if not rows.any():
        return template
    ordered = np.sort(np.where(known[rows], template[rows], np.inf), axis=-1)
    count = known[rows].sum(axis=-1, keepdims=True)
    place = (rng.random(ordered.shape) * count).astype(np.int64)
    other = np.where(count > 0, np.take_along_axis(ordered, place, axis=-1), 0.0)
    found = template.copy()
    found[rows] = np.where(known[rows], template[rows], other)
    return found


def points(scenarios: int) -> Array:
    """Return the level each of a number of equally likely scenarios stands for: (k - 1/2) / S."""
    return (np.arange(1, scenarios + 1) - 0.5) / scenarios


def along(quantiles: Array, scenarios: int) -> Array:
    """Return equally likely values from the quantile curve, straight between levels; ``(..., n_scenarios)``."""
    place = np.interp(points(scenarios), LEVELS, np.arange(len(LEVELS)))
    low = np.minimum(place.astype(int), len(LEVELS) - 2)
    share = place - low
    return np.asarray(quantiles[..., low] * (1 - share) + quantiles[..., low + 1] * share)


def evenly(choices: Index, scenarios: int, rng: np.random.Generator) -> Index:
    """Return as many random choices as scenarios, each choice as often as any other, give or take one."""
    rounds = -(-scenarios // len(choices))
    return np.concatenate([rng.permutation(choices) for _ in range(rounds)])[:scenarios]


def bootstrap(units: Array, horizon: int, scenarios: int, rng: np.random.Generator) -> Array:
    """Return scenarios of no information: whole past weeks, all series at once, each week ahead on its own.

    Parameters
    ----------
    units
        Demand up to the cutoff; ``(n_series, n_weeks)``.

    Returns
    -------
    Array
        ``(n_series, horizon, n_scenarios)``; each cell holds its series' own history, at equal steps of probability.
    """
    values = np.repeat(history(units, points(scenarios))[:, None], horizon, axis=1)
    weeks = np.stack([evenly(np.arange(units.shape[1]), scenarios, rng) for _ in range(horizon)])
    return shuffle(values, units[:, weeks], rng)


def paths(quantiles: Array, errors: Array, scenarios: int, rng: np.random.Generator) -> Array:
    """Return scenarios of a forecast, in the order of ranks of whole past error paths.

    Parameters
    ----------
    quantiles
        ``(n_series, horizon, n_levels)``.
    errors
        Scaled errors of forecasts made from past origins; ``(n_series, horizon, n_origins)``.

    Returns
    -------
    Array
        ``(n_series, horizon, n_scenarios)``.
    """
    chosen = evenly(np.arange(errors.shape[2]), scenarios, rng)
    return shuffle(along(quantiles, scenarios), errors[:, :, chosen], rng)
