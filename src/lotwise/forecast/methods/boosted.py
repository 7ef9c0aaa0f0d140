"""The direct pooled models: gradient-boosted trees over all series, origins and weeks ahead.

Each row starts from its series' long-run level, so the trees learn ratios to it and pool over products of
any size; the weeks ahead are a feature, so nothing is fed back recursively. The losses are Poisson's,
Tweedie's (which gives less weight to large demands), the squared error of the logarithm (which counts every
percent the same) and, for whole distributions, the pinball loss at eleven levels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import lightgbm
import numpy as np

from lotwise.forecast.direct import by_parts
from lotwise.forecast.methods.linear import expected, logarithm, smearing
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lotwise.config import Forecast
    from lotwise.forecast.design import Design, Rows, Single
    from lotwise.forecast.panel import Array

FLOOR = 0.02
"""No expectation is below this many units."""
POWER = 1.5
"""Tweedie's variance power: between Poisson's 1 and the gamma law's 2."""
STEP = 2.0
"""Most a tree may move the logarithm of an expectation, before the learning rate: where a series that hardly ever
sold suddenly sells, the Newton step of a logarithmic link is without bound, and so is what it would expect next."""
FITTED = (0.025, 0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95, 0.975)
"""Levels at which quantiles are boosted; the others lie on straight lines between them."""
QUANTILE_ROWS = 60_000
"""Rows the model of quantiles learns from, at most; more are thinned evenly, for its leaves are sorted anew in every round."""
SEEDS = 2
"""Models of the logarithm that are averaged: they differ in the rows and features their trees draw."""
SHARE = np.diff(np.concatenate([[0.0], (np.asarray(LEVELS)[1:] + np.asarray(LEVELS)[:-1]) / 2, [1.0]]))
"""Weight of each level in a mean."""


@dataclass(frozen=True)
class Pooled:
    """A fitted model of expectations.

    Parameters
    ----------
    booster
        The trees.
    names
        Sources it was told.
    most
        Units of the best week of any series it learned from; it expects no more, for a ratio learned from
        a slow seller would let a fast one explode.
    """

    booster: lightgbm.Booster
    names: tuple[str, ...]
    most: float

    def expect(self, design: Design, rows: Rows) -> Array:
        """Return the expected units of each row."""
        raw = by_parts(rows, lambda part: _raw(self.booster, design.matrix(part, self.names)))
        offset = np.log(design.level[rows.series, rows.origin])
        return np.asarray(np.maximum(np.exp(np.minimum(raw + offset, np.log(max(self.most, FLOOR)))), FLOOR))

    def contributions(self, design: Design, rows: Rows) -> tuple[list[tuple[str, str]], Array]:
        """Return each feature's source and name, and its share in the logarithm of each row's expectation.

        Returns
        -------
        tuple
            ``[(source, feature)]`` and ``(n_rows, n_features + 1)``; the last column is the trees' mean.

        References
        ----------
        Lundberg et al. (2020), From local explanations to global understanding with explainable AI for trees, Nature
        Machine Intelligence 2: exact Shapley values by the path-dependent TreeSHAP.
        """
        return design.features(self.names), by_parts(rows, lambda part: _shares(self.booster, design.matrix(part, self.names)))


@dataclass(frozen=True)
class Logarithmic:
    """A fitted model of the logarithm of demand over its level.

    Parameters
    ----------
    boosters
        The trees, ``SEEDS`` times; what they say is averaged.
    names
        Sources it was told.
    smear
        Logarithm of the smearing factor.
    most
        Units of the best week of any series it learned from; it expects no more.
    """

    boosters: tuple[lightgbm.Booster, ...]
    names: tuple[str, ...]
    smear: float
    most: float

    def expect(self, design: Design, rows: Rows) -> Array:
        """Return the expected units of each row."""
        return expected(design, rows, self._mean(design, rows, _raw) + self.smear, self.most)

    def contributions(self, design: Design, rows: Rows) -> tuple[list[tuple[str, str]], Array]:
        """Return what ``Pooled.contributions`` does; the last column is the trees' mean and the smearing factor."""
        found = self._mean(design, rows, _shares)
        found[:, -1] += self.smear
        return design.features(self.names), found

    def _mean(self, design: Design, rows: Rows, ask: Callable[[lightgbm.Booster, Single], Array]) -> Array:
        def part(some: Rows) -> Array:
            matrix = design.matrix(some, self.names)
            return np.asarray(np.mean([ask(booster, matrix) for booster in self.boosters], axis=0))

        return by_parts(rows, part)


@dataclass(frozen=True)
class Quantiled:
    """A fitted model of quantiles.

    Parameters
    ----------
    boosters
        One for each of ``FITTED``.
    names
        Sources it was told.
    most
        Units of the best week of any series it learned from.
    """

    boosters: tuple[lightgbm.Booster, ...]
    names: tuple[str, ...]
    most: float

    def quantiles(self, design: Design, rows: Rows) -> Array:
        """Return the quantiles of each row, rising and never negative; ``(n_rows, n_levels)``."""
        return by_parts(rows, lambda part: self._part(design, part))

    def expect(self, design: Design, rows: Rows) -> Array:
        """Return the mean under the quantile curve of each row."""
        return np.asarray(np.maximum(self.quantiles(design, rows) @ SHARE, FLOOR))

    def _part(self, design: Design, rows: Rows) -> Array:
        matrix = design.matrix(rows, self.names)
        ratio = np.sort(np.stack([_raw(booster, matrix) for booster in self.boosters], axis=1), axis=1)
        curve = np.clip(ratio * design.level[rows.series, rows.origin][:, None], 0, self.most)
        place = np.interp(LEVELS, FITTED, np.arange(len(FITTED)))
        low = np.minimum(place.astype(int), len(FITTED) - 2)
        share = place - low
        return np.asarray(curve[:, low] * (1 - share) + curve[:, low + 1] * share)


def fit(design: Design, rows: Rows, names: Sequence[str], params: Forecast, *, seed: int, objective: str = "poisson") -> Pooled:
    """Return the model fitted on the targets of some rows.

    Parameters
    ----------
    design
        Features and demand.
    rows
        Rows whose targets are known.
    names
        Sources whose features it may use.
    params
        Rounds, leaves and learning rate.
    seed
        Of bagging and of the choice of features.
    objective
        ``"poisson"`` or ``"tweedie"``, both with a logarithmic link.
    """
    settings = _settings(params, seed) | {
        "objective": objective,
        "tweedie_variance_power": POWER,
        "max_delta_step": STEP,
    }
    target = design.units[rows.series, rows.target]
    start = np.log(design.level[rows.series, rows.origin])
    data = lightgbm.Dataset(design.matrix(rows, names), target, init_score=start, params=settings, free_raw_data=True)
    return Pooled(lightgbm.train(settings, data, num_boost_round=params.rounds), tuple(names), float(target.max()))


tweedie = partial(fit, objective="tweedie")
"""The same with Tweedie's loss."""


def lognormal(design: Design, rows: Rows, names: Sequence[str], params: Forecast, *, seed: int) -> Logarithmic:
    """Return the model of the logarithm of demand fitted on the targets of some rows; parameters as of ``fit``.

    Where what moves demand multiplies it, as price and promotion do, squared errors of the logarithm are close to the
    likelihood; a mean that is exact in sum is restored by one factor.
    """
    settings = _settings(params, seed) | {"objective": "regression"}
    matrix = design.matrix(rows, names)
    data = lightgbm.Dataset(matrix, logarithm(design, rows), params=settings)
    drawn = [settings | {"bagging_seed": 2 * seed + one, "feature_fraction_seed": 2 * seed + one} for one in range(SEEDS)]
    boosters = tuple(lightgbm.train(one, data, num_boost_round=params.rounds) for one in drawn)
    found = Logarithmic(boosters, tuple(names), 0.0, float(design.units[rows.series, rows.target].max()))
    fitted = np.mean([_raw(booster, matrix) for booster in boosters], axis=0)
    return replace(found, smear=float(np.log(smearing(design, rows, fitted))))


def quantile(design: Design, rows: Rows, names: Sequence[str], params: Forecast, *, seed: int) -> Quantiled:
    """Return the model of quantiles fitted on the targets of some rows, over their levels; parameters as of ``fit``.

    A row weighs the root of its level, between counting units and counting series.
    """
    rows = rows.where(slice(None, None, -(-len(rows.series) // QUANTILE_ROWS)))
    settings = _settings(params, seed) | {"objective": "quantile"}
    level = design.level[rows.series, rows.origin]
    target = design.units[rows.series, rows.target]
    data = lightgbm.Dataset(design.matrix(rows, names), target / level, weight=np.sqrt(level), params=settings)
    boosters = [lightgbm.train(settings | {"alpha": alpha}, data, num_boost_round=params.rounds) for alpha in FITTED]
    return Quantiled(tuple(boosters), tuple(names), float(target.max()))


def _settings(params: Forecast, seed: int) -> dict[str, object]:
    return {
        "num_leaves": params.leaves,
        "learning_rate": params.learning_rate,
        "min_data_in_leaf": 20,
        "feature_fraction": 0.6,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 2.0,
        "max_bin": 127,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
        "verbosity": -1,
    }


def _raw(booster: lightgbm.Booster, matrix: Single) -> Array:
    return np.asarray(booster.predict(matrix, raw_score=True, num_threads=1), float)


def _shares(booster: lightgbm.Booster, matrix: Single) -> Array:
    return np.asarray(booster.predict(matrix, pred_contrib=True, num_threads=1), float)
