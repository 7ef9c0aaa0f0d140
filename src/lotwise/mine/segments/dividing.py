"""Ways of dividing customers: each learns from some of them and assigns all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.segments import rfm

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lotwise.mine.segments.features import Behavior

    Divider = Callable[[NDArray[np.int64]], "Division"]

FULL = 5
"""Customers for each parameter of a covariance from which it is full; below, it is diagonal."""

SMALLEST = 0.02
"""Share of the customers below which HDBSCAN sees no segment."""

GAIN, LONGEST = 5e-3, 1000
"""Gain of the mean log-likelihood at which a mixture is done, and steps after which it is done in any case."""

DENSE = 1500
"""Customers that HDBSCAN learns from at most: every second one, every third one, ... beyond."""

FEWEST = 5
"""Customers below which it sees none either."""


@dataclass(frozen=True)
class Division:
    """Which segment each customer is in.

    Parameters
    ----------
    labels
        Numbers from 0, ``(n_customers,)``.
    certainty
        Chance that the customer belongs there, same shape.
    bic
        Bayesian information criterion on the customers it was learned from, where there is a likelihood.
    names
        Names the segments have of themselves.
    """

    labels: NDArray[np.int64]
    certainty: NDArray[np.float64]
    bic: float | None = None
    names: tuple[str, ...] = ()


def k_means(points: NDArray[np.float64], count: int, seed: int) -> Divider:
    """Return k-means with k-means++ starts; certainty is that of equal round normal clouds about its centers."""

    def divide(rows: NDArray[np.int64]) -> Division:
        from sklearn.cluster import KMeans  # noqa: PLC0415  slow to import

        model = KMeans(_possible(count, points[rows]), n_init=4, random_state=seed).fit(points[rows])
        return round_clouds(points, model.cluster_centers_, rows)

    return divide


def round_clouds(points: NDArray[np.float64], centers: NDArray[np.float64], rows: NDArray[np.int64]) -> Division:
    """Return the nearest center, and its chance if round clouds of equal spread lie about the centers.

    Parameters
    ----------
    points, centers
        ``(n_customers, n_components)`` and ``(n_segments, n_components)``.
    rows
        Customers the spread and the sizes are taken from.
    """
    squares = (points**2).sum(axis=1)[:, None] - 2 * points @ centers.T + (centers**2).sum(axis=1)[None, :]
    labels = squares.argmin(axis=1)
    nearest = np.maximum(squares[rows, labels[rows]], 0)
    spread = max(float(nearest.mean()) / points.shape[1], 1e-12)
    odds = -squares / (2 * spread)
    odds -= odds.max(axis=1, keepdims=True)
    return Division(labels, 1 / np.exp(odds).sum(axis=1))


def gaussian_mixture(points: NDArray[np.float64], count: int, seed: int) -> Divider:
    """Return a mixture of normal clouds by expectation maximization, begun from k-means."""

    def divide(rows: NDArray[np.int64]) -> Division:
        from sklearn.mixture import GaussianMixture  # noqa: PLC0415  slow to import

        width, clouds = points.shape[1], _possible(count, points[rows])
        kind = "full" if len(rows) >= FULL * clouds * (width * (width + 1) // 2) else "diag"
        model = GaussianMixture(clouds, covariance_type=kind, reg_covar=1e-3, tol=GAIN, max_iter=LONGEST, random_state=seed)
        model.fit(points[rows])
        chances = model.predict_proba(points)
        return Division(chances.argmax(axis=1), chances.max(axis=1), float(model.bic(points[rows])))

    return divide


def _possible(count: int, points: NDArray[np.float64]) -> int:
    """Return a number of segments, but no more than there are different points."""
    if len(np.unique(points[:, 0])) >= count:  # one column mostly tells, and fast
        return count
    return min(count, len(np.unique(points, axis=0)))


def hdbscan(points: NDArray[np.float64]) -> Divider:
    """Return density clusters; customers between them go to their nearest neighbor's, with certainty 0."""

    def divide(rows: NDArray[np.int64]) -> Division:
        from sklearn.cluster import HDBSCAN  # noqa: PLC0415  slow to import
        from sklearn.neighbors import KDTree  # noqa: PLC0415  the same

        rows = rows[:: -(-len(rows) // DENSE)]
        least = max(FEWEST, int(SMALLEST * len(rows)))
        model = HDBSCAN(min_cluster_size=least, min_samples=FEWEST, copy=True).fit(points[rows])
        inside = np.flatnonzero(model.labels_ >= 0)
        if not len(inside):
            return Division(np.zeros(len(points), dtype=np.int64), np.zeros(len(points)))
        nearest = inside[KDTree(points[rows][inside]).query(points, return_distance=False)[:, 0]]
        certainty = model.probabilities_[nearest]
        certainty[rows] = model.probabilities_
        return Division(model.labels_[nearest].astype(np.int64), certainty)

    return divide


def by_rfm(behavior: Behavior) -> Divider:
    """Return the groups of recency, frequency and money; who is in one is in it for certain."""

    def divide(rows: NDArray[np.int64]) -> Division:
        if behavior.recency is None or behavior.orders is None or behavior.revenue is None:
            raise ValueError("features that were given ready hold no recency, orders and revenue")
        scored = rfm.scores(behavior.recency, behavior.orders, behavior.revenue, rows)
        return Division(rfm.group(scored), np.ones(len(scored)), names=rfm.GROUPS)

    return divide
