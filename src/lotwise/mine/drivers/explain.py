"""How much each feature moves a target: exact TreeSHAP, permutation in blocks kept apart, and linear coefficients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.mine.drivers.linear import Linear, fit_linear

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.drivers.cases import Cases

FOLDS = 3
"""Parts of the blocks, each kept apart once."""

ROUNDS, SHOWN = 70, 2000
"""Boosting rounds, and rows whose SHAP values are computed."""

RESAMPLES = 500
LITTLE = 1e-3
"""Share of the loss up to which nothing is explained."""

LEAST_DRAW = 0.2
"""Least share of what is explained that a resample is taken to explain: fewer are too few to be divided by."""


@dataclass(frozen=True)
class Explained:
    """What moves a target. n features, m explained rows.

    Parameters
    ----------
    shap
        What each feature added in each explained row, on the target's scale (log odds for yes or no), ``(m, n)``.
    rows
        The explained rows.
    base
        What the model expects before any feature is looked at.
    lost, low, high
        Share of what is explained that is lost when a feature is shuffled in blocks kept apart, with its 90 % interval,
        ``(n,)``.
    explained
        Share of variance (of log loss for yes or no) the trees explain in blocks kept apart; below 0: worse than the mean.
    linear
        The linear model, and what it explains there.
    linear_explained
        The same share for it.
    """

    shap: NDArray[np.float64]
    rows: NDArray[np.int64]
    base: float
    lost: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    explained: float
    linear: Linear
    linear_explained: float


def explain(cases: Cases, rng: np.random.Generator) -> Explained:
    """Return what moves the target.

    Parameters
    ----------
    cases
        At least 20 rows, a target that varies and at least one feature (``enough`` says whether).
    rng
        For shuffling and resampling.

    References
    ----------
    Lundberg et al. (2020), From local explanations to global understanding with explainable AI for trees, Nature Machine
    Intelligence 2: path-dependent TreeSHAP, exact. Fisher, Rudin and Dominici (2019), All models are wrong, but many are
    useful, JMLR 20: model reliance by permutation, here of blocks kept apart.
    """
    matrix = cases.matrix()
    blocks = np.unique(cases.block, return_inverse=True)[1]
    fold = _folds(blocks)
    losses = _Losses(len(cases.values), matrix.shape[1])
    for part in np.unique(fold):
        inside, apart = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
        losses.add(cases, matrix, inside, apart, rng)
    booster = _fit(cases, matrix, np.arange(len(matrix)))
    rows = np.arange(len(matrix)) if len(matrix) <= SHOWN else np.sort(rng.choice(len(matrix), SHOWN, replace=False))
    parts = np.asarray(booster.predict(matrix[rows], pred_contrib=True, num_threads=1), dtype=np.float64)
    lost, low, high = losses.lost(blocks, rng)
    return Explained(
        parts[:, :-1], rows, float(parts[0, -1]), lost, low, high, losses.explained(losses.trees),
        fit_linear(cases, np.arange(len(matrix))), losses.explained(losses.linear),
    )  # fmt: skip


def enough(cases: Cases) -> str | None:
    """Return why nothing can be explained; None where it can."""
    count = len(cases.values)
    if count < 20:  # noqa: PLR2004  fewer rows say nothing of any feature
        return f"{count} rows; 20 at least are needed"
    if np.ptp(cases.values) == 0:
        return "the target is the same in every row"
    if not cases.features:
        left = f" ({'; '.join(cases.left_out)})" if cases.left_out else ""
        return f"no column varies that could move it{left}"
    return None


def _folds(blocks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the fold of each row: runs of blocks of about equal size; rows themselves where there are few blocks."""
    count = int(blocks.max()) + 1
    if count < FOLDS:
        return np.arange(len(blocks)) % FOLDS
    return np.asarray(blocks * FOLDS // count)


def _fit(cases: Cases, matrix: NDArray[np.float64], rows: NDArray[np.int64]) -> Any:  # noqa: ANN401  a Booster
    import lightgbm as lgb  # noqa: PLC0415  heavy, and not needed to read tables

    sorted_out = [place for place, feature in enumerate(cases.features) if feature.levels]
    settings = {
        "objective": "binary" if cases.scale == "yes or no" else "regression", "num_leaves": 15, "learning_rate": 0.1,
        "min_data_in_leaf": max(5, min(40, len(rows) // 50)), "lambda_l2": 5.0, "cat_smooth": 20.0, "max_bin": 63,
        "deterministic": True, "force_row_wise": True, "num_threads": 1, "seed": 1, "verbosity": -1,
    }  # fmt: skip
    data = lgb.Dataset(
        matrix[rows], cases.values[rows], categorical_feature=sorted_out or [], params={"max_bin": 63, "verbosity": -1}
    )
    return lgb.train(settings, data, num_boost_round=ROUNDS)


class _Losses:
    """Loss of each row kept apart: of the mean, the trees, the linear model, and with each feature shuffled."""

    def __init__(self, rows: int, features: int) -> None:
        self.mean, self.trees, self.linear = np.zeros(rows), np.zeros(rows), np.zeros(rows)
        self.shuffled = np.zeros((features, rows))

    def add(
        self,
        cases: Cases,
        matrix: NDArray[np.float64],
        inside: NDArray[np.int64],
        apart: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> None:
        """Learn from the rows inside and score those apart."""
        truth = cases.values[apart]
        self.mean[apart] = _loss(cases, truth, np.full(len(apart), cases.values[inside].mean()))
        booster = _fit(cases, matrix, inside)
        here = matrix[apart]
        self.trees[apart] = _loss(cases, truth, booster.predict(here, num_threads=1))
        self.linear[apart] = _loss(cases, truth, fit_linear(cases, inside).predict(cases, apart))
        used = booster.feature_importance() > 0
        for place in range(matrix.shape[1]):
            if not used[place]:
                self.shuffled[place, apart] = self.trees[apart]
                continue
            kept = here[:, place].copy()
            here[:, place] = kept[rng.permutation(len(kept))]
            self.shuffled[place, apart] = _loss(cases, truth, booster.predict(here, num_threads=1))
            here[:, place] = kept

    def explained(self, losses: NDArray[np.float64]) -> float:
        """Return the share of the mean's loss that is gone."""
        whole = float(self.mean.sum())
        return 1 - float(losses.sum()) / whole if whole > 0 else 0.0

    def lost(
        self, blocks: NDArray[np.int64], rng: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return the share of what is explained that each feature carries, with 90 % intervals over resampled blocks.

        Where (almost) nothing is explained there is nothing to carry: 0.
        """
        count = int(blocks.max()) + 1
        by_block = np.array([np.bincount(blocks, row - self.trees, count) for row in self.shuffled])
        gained = np.bincount(blocks, self.mean - self.trees, count)
        weight = rng.multinomial(count, np.full(count, 1 / count), RESAMPLES).T
        whole = float(gained.sum())
        if whole <= LITTLE * float(self.mean.sum()):
            return (np.zeros(len(by_block)),) * 3
        share = by_block.sum(axis=1) / whole
        draws = (by_block @ weight) / np.maximum(gained @ weight, LEAST_DRAW * whole)
        low, high = np.quantile(draws, [0.05, 0.95], axis=1)
        return share, np.minimum(low, share), np.maximum(high, share)


def _loss(cases: Cases, truth: NDArray[np.float64], said: NDArray[np.float64]) -> NDArray[np.float64]:
    if cases.scale == "yes or no":
        chance = np.clip(said, 1e-6, 1 - 1e-6)
        return np.asarray(-(truth * np.log(chance) + (1 - truth) * np.log(1 - chance)))
    return np.asarray((truth - said) ** 2)
