"""A linear model of the same target: coefficients of standardized features, with their errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.drivers.cases import Cases

RIDGE = 1e-3
"""Penalty on each coefficient for each row: it parts features that go together, and moves others by a thousandth."""

EVEN = 1e-12
"""Spread, as a share of the largest value, up to which a number is the same everywhere but for rounding."""

MOST_LEVELS = 30
STEPS = 30


@dataclass(frozen=True)
class Linear:
    """A linear model. k columns: one a number, one a value (but the most frequent) of a feature of words.

    Parameters
    ----------
    feature, level
        Which feature each column is of, and which of its levels (-1: a number), ``(k,)``.
    mean, spread
        What columns are standardized by, ``(k,)``; absent values count as the mean.
    start, coefficients, errors
        Constant, coefficients ``(k,)`` on the target's scale (log odds for yes or no) for one standard deviation more,
        and their standard errors, which allow for unequal variances.
    """

    feature: NDArray[np.int64]
    level: NDArray[np.int64]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    start: float
    coefficients: NDArray[np.float64]
    errors: NDArray[np.float64]

    def predict(self, cases: Cases, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what is expected in the rows: the mean, or a chance for yes or no."""
        found = self.start + _columns(cases, rows, self) @ self.coefficients
        return np.asarray(1 / (1 + np.exp(-np.clip(found, -30, 30)))) if cases.scale == "yes or no" else np.asarray(found)

    def of(self, feature: int) -> tuple[float, float] | None:
        """Return the coefficient of a number and its standard error; None for a feature of words or without a column."""
        place = np.flatnonzero((self.feature == feature) & (self.level < 0))
        return (float(self.coefficients[place[0]]), float(self.errors[place[0]])) if len(place) else None


def fit_linear(cases: Cases, rows: NDArray[np.int64]) -> Linear:
    """Return the linear (for yes or no: logistic) model learned from the rows, with a slight ridge.

    References
    ----------
    MacKinnon and White (1985), Some heteroskedasticity-consistent covariance matrix estimators, Journal of Econometrics 29
    (HC1); Newton's method for the logistic model.
    """
    columns: list[tuple[int, int, float, float]] = []
    for place, one in enumerate(cases.features):
        values = one.values[rows]
        if not one.levels:
            known = values[np.isfinite(values)]
            if len(known) and known.std() > EVEN * np.abs(known).max():
                columns.append((place, -1, known.mean(), known.std()))
            continue
        counts = np.bincount(values[np.isfinite(values)].astype(np.int64), minlength=len(one.levels))
        for code in np.argsort(-counts, kind="stable")[1 : MOST_LEVELS + 1]:
            share = counts[code] / len(rows)
            if share > 0:
                columns.append((place, int(code), share, np.sqrt(share * (1 - share))))
    feature, level, mean, spread = np.array(columns, dtype=np.float64).reshape(-1, 4).T
    nothing = np.zeros(len(columns))
    shape = Linear(feature.astype(np.int64), level.astype(np.int64), mean, spread, 0.0, nothing, nothing)
    matrix = np.column_stack([np.ones(len(rows)), _columns(cases, rows, shape)])
    found, errors = (_logistic if cases.scale == "yes or no" else _squares)(matrix, cases.values[rows])
    return Linear(shape.feature, shape.level, shape.mean, shape.spread, float(found[0]), found[1:], errors[1:])


def _columns(cases: Cases, rows: NDArray[np.int64], model: Linear) -> NDArray[np.float64]:
    found = np.empty((len(rows), len(model.feature)))
    for column, (place, code) in enumerate(zip(model.feature, model.level, strict=True)):
        values = cases.features[place].values[rows]
        values = (values == code).astype(np.float64) if code >= 0 else values
        found[:, column] = np.nan_to_num((values - model.mean[column]) / model.spread[column])
    return found


Fit = tuple["NDArray[np.float64]", "NDArray[np.float64]"]


def _squares(columns: NDArray[np.float64], target: NDArray[np.float64]) -> Fit:
    penalty = _penalty(columns)
    inverse = np.linalg.inv(columns.T @ columns + penalty)
    found = inverse @ (columns.T @ target)
    residual = target - columns @ found
    middle = columns.T @ (columns * (residual**2)[:, None])
    room = max(len(target) - len(found), 1)
    return found, np.sqrt(np.maximum(np.diag(inverse @ middle @ inverse), 0) * len(target) / room)


def _logistic(columns: NDArray[np.float64], target: NDArray[np.float64]) -> Fit:
    penalty = _penalty(columns)
    found = np.zeros(columns.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(columns @ found, -30, 30)))
        slope = columns.T @ (target - chance) - penalty @ found
        curve = columns.T @ (columns * (chance * (1 - chance))[:, None]) + penalty + 1e-9 * np.eye(len(found))
        step = np.linalg.solve(curve, slope)
        found = found + step * min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:  # noqa: PLR2004  as exact as it gets
            break
    return found, np.sqrt(np.maximum(np.diag(np.linalg.inv(curve)), 0))


def _penalty(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    penalty = RIDGE * len(columns) * np.eye(columns.shape[1])
    penalty[0, 0] = 0.0
    return np.asarray(penalty)
