"""Learners of scikit-learn: a tree, a forest, a support vector machine and a neural network, on one target and one scale.

All learn the logarithm of demand over its level from features of mean 0 and spread 1, absent ones at their mean,
and their expectations are multiplied by one factor so that they add up to what was sold. Those that slow down
faster than their rows grow learn from evenly spaced rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np

from lotwise.forecast.direct import by_parts
from lotwise.forecast.methods.linear import Standard, expected, logarithm, smearing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sklearn.neural_network import MLPRegressor

    from lotwise.config import Forecast
    from lotwise.forecast.design import Design, Rows
    from lotwise.forecast.panel import Array

LEAF = 20
"""Fewest rows in a leaf of the single tree."""
TREES = 60
"""Trees of the forest."""
FOREST_LEAF = 3
"""Fewest rows in a leaf of the forest."""
FOREST_ROWS = 12_000
"""Rows each tree of the forest draws, at most."""
MACHINE_ROWS = 2_000
"""Rows the support vector machine learns from, at most: its seconds grow with their square."""
NETWORK_ROWS = 50_000
"""Rows the neural network learns from, at most."""
LAYERS = (64, 32)
"""Units of the hidden layers."""
PASSES = 20
"""Times the neural network sees its rows."""


class Model(Protocol):
    """A regression of scikit-learn."""

    def fit(self, x: Array, y: Array) -> object:
        """Fit it."""

    def predict(self, x: Array) -> Array:
        """Return what it predicts."""


class Kind(Protocol):
    """What makes a model that is not fitted yet."""

    def __call__(self, rows: int, seed: int) -> Model:
        """Return the model for a number of rows."""


@dataclass(frozen=True)
class Learned:
    """A fitted model of the logarithm of demand over its level.

    Parameters
    ----------
    model
        Fitted.
    standard
        Of the features.
    names
        Sources it was told.
    smear
        Logarithm of the smearing factor.
    most
        Units of the best week of any series it learned from; it expects no more.
    """

    model: Model
    standard: Standard
    names: tuple[str, ...]
    smear: float
    most: float

    def expect(self, design: Design, rows: Rows) -> Array:
        """Return the expected units of each row."""
        ratio = by_parts(rows, lambda part: self.model.predict(self.standard(design.matrix(part, self.names))))
        return expected(design, rows, ratio + self.smear, self.most)


def fit(
    design: Design, rows: Rows, names: Sequence[str], params: Forecast, *, seed: int, kind: Kind, most: int | None = None
) -> Learned:
    """Return a model fitted on the targets of some rows.

    Parameters
    ----------
    design
        Features and demand.
    rows
        Rows whose targets are known.
    names
        Sources whose features it may use.
    params
        Not used.
    seed
        Of whatever is random in it.
    kind
        Makes the model.
    most
        Rows it learns from, at most; more are thinned evenly. None: all.
    """
    del params
    step = 1 if most is None else -(-len(rows.series) // most)
    few = rows.where(slice(None, None, step))
    matrix = design.matrix(few, names)
    standard = Standard.of(matrix)
    scaled = standard(matrix)
    model = kind(len(scaled), seed)
    model.fit(scaled, logarithm(design, few))
    smear = np.log(smearing(design, few, model.predict(scaled)))
    return Learned(model, standard, tuple(names), float(smear), float(design.units[rows.series, rows.target].max()))


@dataclass(frozen=True)
class Passes:
    """A neural network that is trained for ``PASSES`` passes, neither more nor fewer."""

    network: MLPRegressor

    def fit(self, x: Array, y: Array) -> None:
        """Train it."""
        for _ in range(PASSES):
            self.network.partial_fit(x, y)

    def predict(self, x: Array) -> Array:
        """Return what it predicts."""
        return np.asarray(self.network.predict(x))


def _tree(rows: int, seed: int) -> Model:
    from sklearn.tree import DecisionTreeRegressor  # noqa: PLC0415  scikit-learn takes a second to import

    del rows
    found: Model = DecisionTreeRegressor(min_samples_leaf=LEAF, random_state=seed)
    return found


def _forest(rows: int, seed: int) -> Model:
    from sklearn.ensemble import ExtraTreesRegressor  # noqa: PLC0415  as above

    found: Model = ExtraTreesRegressor(
        TREES,
        min_samples_leaf=FOREST_LEAF,
        max_features=0.5,
        bootstrap=True,
        max_samples=min(rows, FOREST_ROWS),
        n_jobs=1,
        random_state=seed,
    )
    return found


def _machine(rows: int, seed: int) -> Model:
    from sklearn.svm import SVR  # noqa: PLC0415  as above

    del rows, seed
    found: Model = SVR(C=1.0, epsilon=0.2, gamma="scale", cache_size=200)
    return found


def _network(rows: int, seed: int) -> Model:
    from sklearn.neural_network import MLPRegressor  # noqa: PLC0415  as above

    return Passes(MLPRegressor(hidden_layer_sizes=LAYERS, alpha=1e-2, batch_size=min(256, rows), random_state=seed))


tree = partial(fit, kind=_tree)
"""A decision tree."""
forest = partial(fit, kind=_forest)
"""A forest of extremely randomized trees (Geurts, Ernst & Wehenkel, 2006): a third of a random forest's seconds."""
machine = partial(fit, kind=_machine, most=MACHINE_ROWS)
"""A support vector machine with Gaussian kernel."""
network = partial(fit, kind=_network, most=NETWORK_ROWS)
"""A neural network of two hidden layers."""
