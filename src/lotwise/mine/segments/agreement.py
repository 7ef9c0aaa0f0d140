"""How well customers are divided: silhouette, and agreement of two divisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def adjusted_rand(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Return how much two divisions agree on pairs of customers: 1 for the same, 0 as by chance.

    Parameters
    ----------
    one, other
        Segment of each customer, numbered from 0.

    References
    ----------
    L. Hubert, P. Arabie, Comparing partitions, Journal of Classification 2 (1985), equation 5.
    """
    wide = int(other.max()) + 1
    table = np.bincount(one * wide + other, minlength=(int(one.max()) + 1) * wide).reshape(-1, wide).astype(float)
    both, first, second = (_pairs(counts) for counts in (table, table.sum(axis=1), table.sum(axis=0)))
    chance = first * second / max(_pairs(np.array([float(len(one))])), 1.0)
    most = (first + second) / 2
    return float((both - chance) / (most - chance)) if most != chance else 1.0


def silhouette(distances: NDArray[np.float64], labels: NDArray[np.int64]) -> float | None:
    """Return the mean silhouette, or nothing where there are not two segments and fewer than customers.

    Parameters
    ----------
    distances
        Between any two customers of a sample, ``(n_sample, n_sample)``.
    labels
        Segment of each, numbered from 0.

    References
    ----------
    P. J. Rousseeuw, Silhouettes, Journal of Computational and Applied Mathematics 20 (1987).
    """
    seen, places = np.unique(labels, return_inverse=True)
    if not 1 < len(seen) < len(labels):
        return None
    member = np.eye(len(seen))[places]
    sizes = member.sum(axis=0)
    sums = distances @ member
    mine = np.arange(len(labels))
    within = sums[mine, places] / np.maximum(sizes[places] - 1, 1)
    means = sums / sizes
    means[mine, places] = np.inf
    nearest = means.min(axis=1)
    widths = np.divide(nearest - within, np.maximum(nearest, within), out=np.zeros(len(labels)), where=nearest + within > 0)
    return float(widths[sizes[places] > 1].sum() / len(labels))


def _pairs(counts: NDArray[np.float64]) -> float:
    return float((counts * (counts - 1)).sum() / 2)
