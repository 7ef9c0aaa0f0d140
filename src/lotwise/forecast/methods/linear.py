"""Linear regression of the logarithm of demand over its level: in closed form, by gradient descent, and ridge."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lotwise.forecast.direct import by_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lotwise.config import Forecast
    from lotwise.forecast.design import Design, Rows
    from lotwise.forecast.panel import Array

Numbers = npt.NDArray[np.floating[Any]]

LOG = logging.getLogger("lotwise.forecast")

FLOOR = 0.02
"""No expectation is below this many units."""
HALF = 0.5
"""Added to demand and to its level before the logarithm, which 0 has not."""
PENALTIES = np.logspace(-6, 3, 37)
"""Penalties that ridge chooses from, over the largest squared singular value."""


@dataclass(frozen=True)
class Solution:
    """Coefficients, and how far the data determine them.

    Parameters
    ----------
    coefficients
        One a column; ``(n_columns,)``.
    rank
        Directions the columns really span.
    free
        Columns whose coefficients the data do not determine.
    penalty
        Of the squared coefficients.
    steps
        Steps taken; 0 in closed form.
    """

    coefficients: Array
    rank: int
    free: tuple[int, ...] = ()
    penalty: float = 0.0
    steps: int = 0

    def said(self, names: Sequence[str]) -> str:
        """Return in words what the data do not determine, "" where they determine everything."""
        if not self.free:
            return ""
        which = ", ".join(names[place] for place in self.free)
        many = len(self.coefficients)
        return (
            f"rank {self.rank} of {many} columns; the coefficients of {which} are not identified, the shortest solution is used"
        )


def closed(matrix: Array, target: Array, *, penalty: float = 0.0) -> Solution:
    """Return the coefficients of least squares: of all that fit equally well, the shortest.

    ``b = V diag(s / (s^2 + penalty)) U' y`` over the singular values above rounding; with no penalty this is
    the pseudo-inverse.

    Parameters
    ----------
    matrix
        ``(n_rows, n_columns)``; a column of ones is the intercept.
    target
        ``(n_rows,)``.
    penalty
        Of the sum of squared coefficients (ridge); 0: none.

    References
    ----------
    Golub & Van Loan, Matrix Computations, 4th ed., sections 5.5 and 6.1.
    """
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    kept = values > _rounding(matrix, values)
    left, values, right = left[:, kept], values[kept], right[kept]
    found = right.T @ (values / (values**2 + penalty) * (left.T @ target))
    return Solution(found, len(values), _free(right), penalty)


def descended(matrix: Array, target: Array, *, steps: int = 1_000_000, tolerance: float = 1e-13) -> Solution:
    """Return the coefficients of least squares by gradient descent from zero.

    The loss is half the sum of squares, its gradient ``X'(X b - y)``; a step goes against it. With steps of one over
    the largest squared singular value the loss never rises. From zero every step stays in the span of the rows, so the
    limit is the shortest solution, the one of the closed form.

    Parameters
    ----------
    matrix, target
        As in ``closed``.
    steps
        Most steps taken.
    tolerance
        A step this small against the coefficients ends the descent.
    """
    gram, pull = matrix.T @ matrix, matrix.T @ target
    values = np.linalg.svd(matrix, compute_uv=False)
    rate = 1 / values[0] ** 2 if values[0] > 0 else 0.0
    found = np.zeros(matrix.shape[1])
    taken = 0
    for taken in range(1, steps + 1):  # noqa: B007  how many were taken is told
        move = rate * (pull - gram @ found)
        found += move
        if np.abs(move).max() <= tolerance * max(np.abs(found).max(), np.finfo(float).tiny):
            break
    _, singular, right = np.linalg.svd(matrix, full_matrices=False)
    kept = singular > _rounding(matrix, singular)
    return Solution(found, int(kept.sum()), _free(right[kept]), steps=taken)


def ridge(matrix: Array, target: Array) -> Solution:
    """Return the coefficients under the penalty whose generalized cross-validation error is smallest.

    References
    ----------
    Golub, Heath & Wahba (1979), Generalized cross-validation as a method for choosing a good ridge parameter,
    Technometrics 21.
    """
    left, values, _ = np.linalg.svd(matrix, full_matrices=False)
    scale = max(float(values[0]) ** 2, np.finfo(float).tiny)
    along = left.T @ target
    rest = float(target @ target - along @ along)
    errors = []
    for penalty in PENALTIES * scale:
        shrunk = penalty / (values**2 + penalty)
        spare = len(target) - len(values) + shrunk.sum()
        errors.append((rest + ((shrunk * along) ** 2).sum()) / spare**2)
    return closed(matrix, target, penalty=float(PENALTIES[int(np.argmin(errors))] * scale))


@dataclass(frozen=True)
class Standard:
    """How features are made comparable: logarithms of their sizes, then what stands for absent ones, mean, spread and range.

    Ratios to a level have long tails, and what is expected is the logarithm of one; so a value x becomes
    sign(x) ln(1 + abs(x)) first.

    Parameters
    ----------
    mean, spread, low, high
        Of the rows learned from; ``(n_features,)``. A feature is held within its range, so that nothing is
        drawn out beyond what was seen.
    """

    mean: Array
    spread: Array
    low: Array
    high: Array

    @classmethod
    def of(cls, matrix: Numbers) -> Standard:
        """Return the standard of some rows; a feature that is always absent is always 0."""
        matrix = _log(matrix)
        seen = np.isfinite(matrix)
        count = np.maximum(seen.sum(axis=0), 1)
        mean = np.where(seen, matrix, 0).sum(axis=0) / count
        spread = np.sqrt((np.where(seen, matrix - mean, 0) ** 2).sum(axis=0) / count)
        low, high = np.where(seen, matrix, mean).min(axis=0), np.where(seen, matrix, mean).max(axis=0)
        return cls(mean, np.where(spread > 1e-9 * (1 + np.abs(mean)), spread, np.inf), low, high)

    def __call__(self, matrix: Numbers) -> Array:
        """Return the features of some rows with mean 0 and spread 1, absent ones 0."""
        matrix = _log(matrix)
        held = np.clip(np.where(np.isfinite(matrix), matrix, self.mean), self.low, self.high)
        return np.asarray((held - self.mean) / self.spread)


def logarithm(design: Design, rows: Rows) -> Array:
    """Return the target of learners that know squared errors only: the log of demand over its level, a half added to both."""
    return np.log(design.units[rows.series, rows.target] + HALF) - np.log(design.level[rows.series, rows.origin] + HALF)


def smearing(design: Design, rows: Rows, fitted: Array) -> float:
    """Return what expectations must be multiplied by to have the right sum, for the mean is above the mean of logs.

    References
    ----------
    Duan (1983), Smearing estimate: a nonparametric retransformation method, JASA 78; here as a ratio of sums.
    """
    expected = float((design.level[rows.series, rows.origin] * np.exp(fitted)).sum())
    return max(float(design.units[rows.series, rows.target].sum()) / expected, np.finfo(float).tiny)


def expected(design: Design, rows: Rows, fitted: Array, most: float) -> Array:
    """Return the expected units of each row from its expected logarithm over the level, between ``FLOOR`` and ``most``."""
    raw = fitted + np.log(design.level[rows.series, rows.origin])
    return np.asarray(np.maximum(np.exp(np.minimum(raw, np.log(max(most, FLOOR)))), FLOOR))


@dataclass(frozen=True)
class Linear:
    """A fitted linear model of the logarithm of demand over its level.

    Parameters
    ----------
    solution
        Intercept, and a coefficient for each feature of mean 0 and spread 1.
    standard
        Of the features.
    names
        Sources it was told.
    smear
        Logarithm of the smearing factor.
    most
        Units of the best week of any series it learned from; it expects no more.
    """

    solution: Solution
    standard: Standard
    names: tuple[str, ...]
    smear: float
    most: float

    def expect(self, design: Design, rows: Rows) -> Array:
        """Return the expected units of each row."""
        intercept, *slopes = self.solution.coefficients
        fitted = by_parts(rows, lambda part: self.standard(design.matrix(part, self.names)) @ slopes)
        return expected(design, rows, fitted + intercept + self.smear, self.most)

    def contributions(self, design: Design, rows: Rows) -> tuple[list[tuple[str, str]], Array]:
        """Return each feature's source and name, and coefficient x (value - mean); the last column is the rest."""
        intercept, *slopes = self.solution.coefficients
        shares = self.standard(design.matrix(rows, self.names)) * slopes
        rest = np.full((len(shares), 1), intercept + self.smear)
        return design.features(self.names), np.concatenate([shares, rest], axis=1)


def fit(design: Design, rows: Rows, names: Sequence[str], params: Forecast, *, seed: int) -> Linear:
    """Return the model of least squares; what the data do not determine is told to the logger ``lotwise.forecast``.

    Parameters
    ----------
    design
        Features and demand.
    rows
        Rows whose targets are known.
    names
        Sources whose features it may use.
    params, seed
        Not used: nothing is set and nothing is random.
    """
    del params, seed
    return _fitted(design, rows, names, closed)


def fit_ridge(design: Design, rows: Rows, names: Sequence[str], params: Forecast, *, seed: int) -> Linear:
    """Return the model with a penalty on its coefficients, chosen by generalized cross-validation; as ``fit`` otherwise."""
    del params, seed
    return _fitted(design, rows, names, ridge)


def _fitted(design: Design, rows: Rows, names: Sequence[str], solve: Callable[[Array, Array], Solution]) -> Linear:
    matrix = design.matrix(rows, names)
    standard = Standard.of(matrix)
    columns = np.concatenate([np.ones((len(matrix), 1)), standard(matrix)], axis=1)
    solution = solve(columns, logarithm(design, rows))
    if solution.free:
        LOG.info(solution.said(["intercept", *(feature for _, feature in design.features(names))]))
    smear = np.log(smearing(design, rows, columns @ solution.coefficients))
    return Linear(solution, standard, tuple(names), float(smear), float(design.units[rows.series, rows.target].max()))


def _log(matrix: Numbers) -> Array:
    return np.asarray(np.sign(matrix) * np.log1p(np.abs(matrix.astype(float))))


def _rounding(matrix: Array, values: Array) -> float:
    """Return the singular value below which a direction is rounding only, as LAPACK's users reckon it."""
    return float(values.max(initial=0.0) * max(matrix.shape) * np.finfo(float).eps)


def _free(right: Array) -> tuple[int, ...]:
    """Return the columns that do not lie wholly in the span of the rows of ``right``."""
    return tuple(np.flatnonzero((right**2).sum(axis=0) < 1 - 1e-9).tolist())
