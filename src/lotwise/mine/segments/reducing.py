"""Many features that go together become few components, each of which counts alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW = 5
"""Features that ``auto`` leaves as they are."""

LEAST, MOST = 2, 10
"""Fewest and most components."""

SHUFFLES = 20
ROWS = 2000
"""Customers that parallel analysis looks at; a sample beyond."""

FAINT = 0.3
"""Spread of a scaled feature below which it is mostly chance and has no say in how many components there are."""


@dataclass(frozen=True)
class Reduced:
    """Customers as points among whom distances are taken.

    Parameters
    ----------
    points
        One row a customer, ``(n_customers, n_components)``.
    method
        ``none``, ``pca`` or ``factors``.
    explained
        Share of the variance of the features that the components hold.
    """

    points: NDArray[np.float64]
    method: str
    explained: float


def reduce(points: NDArray[np.float64], method: str, rng: np.random.Generator) -> Reduced:
    """Return the points in as many components as parallel analysis finds, each with standard deviation 1.

    How much customers buy sways most features, so that distances in principal components as they are see little else.
    With equal spread, what they buy, where and when counts as well.

    Parameters
    ----------
    points
        Scaled features, ``(n_customers, n_features)``.
    method
        ``pca``: principal components; ``factors``: factor scores, turned by varimax; ``none``; ``auto``: principal
        components where there are more than five features.
    rng
        Shuffles the columns for parallel analysis.
    """
    customers, count = points.shape
    if method == "none" or count <= LEAST or customers <= count or (method == "auto" and count <= FEW):
        return Reduced(points, "none", 1.0)
    centered = points - points.mean(axis=0)
    values, vectors = np.linalg.eigh(centered.T @ centered / (customers - 1))
    values, vectors = values[::-1], vectors[:, ::-1]
    number = min(max(parallel(centered, rng), LEAST), MOST, int((values > 1e-9 * values[0]).sum()))
    explained = float(values[:number].sum() / values.sum())
    if method == "factors":
        return Reduced(_factors(points, number), "factors", explained)
    signs = np.where(np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None, :], 0) < 0, -1.0, 1.0)
    return Reduced((centered @ (vectors * signs)[:, :number]) / np.sqrt(values[:number]), "pca", explained)


def parallel(centered: NDArray[np.float64], rng: np.random.Generator) -> int:
    """Return how many components hold more than chance: Horn's parallel analysis of the correlations.

    A component counts while its variance is above the 95 % quantile of that of the component of the same rank when every
    feature is shuffled by itself.

    Parameters
    ----------
    centered
        Features less their means, ``(n_customers, n_features)``.
    rng
        Shuffles them.

    References
    ----------
    J. L. Horn, A rationale and test for the number of factors in factor analysis, Psychometrika 30 (1965).
    """
    strong = centered[:, centered.std(axis=0) >= FAINT]
    if strong.shape[1] < LEAST:
        return int(strong.shape[1])
    rows = strong if len(strong) <= ROWS else rng.permutation(strong)[:ROWS]
    seen = _variances(rows)
    chance = np.quantile([_variances(rng.permuted(rows, axis=0)) for _ in range(SHUFFLES)], 0.95, axis=0)
    above = seen > chance
    return len(seen) if above.all() else int(above.argmin())


def _variances(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the variances of the principal components of the correlations, falling."""
    spread = rows.std(axis=0)
    scaled = (rows - rows.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    found: NDArray[np.float64] = np.linalg.eigvalsh(scaled.T @ scaled / len(rows))[::-1]
    return found


def _factors(points: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    from sklearn.decomposition import FactorAnalysis  # noqa: PLC0415  slow to import

    found: NDArray[np.float64] = FactorAnalysis(number, rotation="varimax", tol=1e-3).fit_transform(points)
    spread = found.std(axis=0)
    return found / np.where(spread > 0, spread, 1.0)
