"""What products have in common: a few factors of their attributes instead of hundreds of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, svds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.forecast.panel import Array, Facts, Index

FACTORS = 4
FEWEST = 20
"""Products below this number have no factors: there are nearly as many as products."""
SMALL = 100
"""Up to this many values the decomposition is exact and dense."""


def scores(facts: Facts, kinds: Sequence[str]) -> tuple[Array, float]:
    """Return the first factors of each series' attributes, and the share of their variance these hold.

    Principal components of the indicators of every value that at least two products share (type 'soap', package
    '12 oz', ...), scaled to unit variance over the products. Signs are chosen so that the largest score is above 0.

    Parameters
    ----------
    facts
        With the table ``products``.
    kinds
        Columns of it.

    Returns
    -------
    tuple
        Scores, ``(n_series, n_factors)`` with no column where there is nothing in common, and the share.

    References
    ----------
    Jolliffe, Principal Component Analysis, 2nd ed. (2002), section 13.1 (discrete data).
    """
    _, first, series = np.unique(facts.panel.products, return_index=True, return_inverse=True)
    blocks = [_indicators(facts.groups(kind)[first]) for kind in kinds]
    marks = sparse.hstack(blocks, format="csr") if blocks else sparse.csr_matrix((len(first), 0))
    count = min(FACTORS, marks.shape[1] - 1)
    if len(first) < FEWEST or count < 1:
        return np.zeros((len(facts.panel.products), 0)), 0.0
    share = np.asarray(marks.mean(axis=0)).ravel()
    left, sizes = _decomposed(marks, share, count)
    total = float(len(first) * (share * (1 - share)).sum())
    left = left * np.sqrt(len(first))
    left *= np.where(left[np.abs(left).argmax(axis=0), np.arange(left.shape[1])] < 0, -1.0, 1.0)
    return np.round(left, 4)[series.reshape(-1)], float((sizes**2).sum() / total)


def _indicators(group: Index) -> sparse.csr_matrix:
    """Return a column for each value that at least two products share; ``(n_products, n_values)``."""
    counts = np.bincount(group)
    shared = counts >= 2  # noqa: PLR2004  one product has it in common with nobody
    shared[counts == len(group)] = False
    place = np.cumsum(shared) - 1
    rows = np.flatnonzero(shared[group])
    return sparse.csr_matrix((np.ones(len(rows)), (rows, place[group[rows]])), shape=(len(group), int(shared.sum())))


def _decomposed(marks: sparse.csr_matrix, share: Array, count: int) -> tuple[Array, Array]:
    """Return the first left singular vectors and values of the centered indicators, the largest first."""
    if min(marks.shape) <= SMALL:
        left, sizes, _ = np.linalg.svd(marks.toarray() - share, full_matrices=False)
        return left[:, :count], sizes[:count]
    across = np.ones(marks.shape[0])
    centered = LinearOperator(
        marks.shape,
        matvec=lambda v: marks @ v.ravel() - across * (share @ v.ravel()),
        rmatvec=lambda v: marks.T @ v.ravel() - share * v.sum(),
        dtype=np.float64,
    )
    start = np.random.default_rng(0).standard_normal(min(marks.shape))
    left, sizes, _ = svds(centered, k=count, v0=start)
    order = np.argsort(-sizes)
    return left[:, order], sizes[order]
