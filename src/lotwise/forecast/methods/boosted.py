"""The direct pooled model: one gradient-boosted Poisson regression over all series, origins and weeks ahead.

Each row starts from the logarithm of its series' long-run level, so the trees learn ratios to it and
pool over products of any size; the weeks ahead are a feature, so nothing is fed back recursively.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import lightgbm
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.config import Forecast
    from lotwise.forecast.design import Design, Rows
    from lotwise.forecast.panel import Array

FLOOR = 0.02
"""No expectation is below this many units."""
CHUNK = 100_000
"""Rows whose features are laid out at once."""


@dataclass(frozen=True)
class Pooled:
    """A fitted model.

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
        parts = [rows.where(slice(start, start + CHUNK)) for start in range(0, len(rows.series), CHUNK)]
        matrices = (design.matrix(part, self.names) for part in parts)
        raw = [self.booster.predict(matrix, raw_score=True, num_threads=1) for matrix in matrices]
        offset = np.log(design.level[rows.series, rows.origin])
        expected = np.exp(np.minimum(np.concatenate([*raw, np.zeros(0)]) + offset, np.log(max(self.most, FLOOR))))
        return np.asarray(np.maximum(expected, FLOOR))


def fit(design: Design, rows: Rows, names: Sequence[str], params: Forecast, *, seed: int) -> Pooled:
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
    """
    settings = {
        "objective": "poisson",
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
    target = design.units[rows.series, rows.target]
    start = np.log(design.level[rows.series, rows.origin])
    data = lightgbm.Dataset(design.matrix(rows, names), target, init_score=start, params=settings, free_raw_data=True)
    return Pooled(lightgbm.train(settings, data, num_boost_round=params.rounds), tuple(names), float(target.max()))
