"""The closed-form item model EASE: what a customer buys, foretold from the other products they buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import linalg

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

DIGITS = 6
"""Scores are rounded to this many digits, so that the order does not hang on the last bit of a matrix product."""


@dataclass(frozen=True)
class ItemModel:
    """A fitted item model.

    Parameters
    ----------
    x
        What it was fitted on, ``(n_customers, n_products)``.
    ridge
        The regularization.
    weights
        Primal form: ``B``, ``(n_products, n_products)``. None in the dual form.
    solved
        Dual form: ``ridge (X X' + ridge I)^-1 X / (1 - q)``, ``(n_customers, n_products)``, where ``q_j = x_j' K^-1 x_j``.
        None in the primal form.
    """

    x: sparse.csr_array
    ridge: float
    weights: NDArray[np.float64] | None = None
    solved: NDArray[np.float64] | None = None

    def scores(self, start: int, stop: int) -> NDArray[np.float64]:
        """Return the scores of the customers from ``start`` to ``stop``, ``(stop - start, n_products)``.

        In the dual form ``(X X') K^-1 X = X - ridge K^-1 X``, so a customer that was fitted on needs no
        further product of matrices.
        """
        rows = self.x[start:stop]
        found: NDArray[np.float64]
        found = rows.toarray() - self.solved[start:stop] if self.weights is None else rows @ self.weights  # type: ignore[index]
        return np.round(found, DIGITS, out=found)

    def influence(self, columns: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what one unit of each product adds to the scores of some, ``(n_products, len(columns))``."""
        if self.weights is not None:
            return self.weights[:, columns]
        added = self.x.T @ self.solved[:, columns] / self.ridge  # type: ignore[index]
        added[columns, np.arange(len(columns))] = 0.0
        return np.asarray(added)


def fit(x: sparse.csr_array, ridge: float, *, form: Literal["auto", "primal", "dual"] = "auto") -> ItemModel:
    """Return the item model that best rebuilds each product's column from the others'.

    It minimizes ``|X - X B|^2 + ridge |B|^2`` subject to ``diag(B) = 0``, which has a closed form. The
    primal form inverts a matrix of products, the dual one of customers; they are equal by Woodbury's
    identity, and ``auto`` takes the smaller.

    Parameters
    ----------
    x
        How much each customer bought of each product, ``(n_customers, n_products)``.
    ridge
        Regularization, above 0.
    form
        Which matrix to invert.

    References
    ----------
    H. Steck, Embarrassingly shallow autoencoders for sparse data, WWW 2019.
    """
    n, m = x.shape
    if form == "primal" or (form == "auto" and m <= n):
        p = _inverse((x.T @ x).toarray(), ridge)
        b = p / -np.diag(p)
        np.fill_diagonal(b, 0.0)
        return ItemModel(x, ridge, weights=b)
    solved = x.T @ _inverse((x @ x.T).toarray(), ridge)
    q = np.asarray(x.T.multiply(solved).sum(axis=1)).ravel()
    solved *= (ridge / (1 - q))[:, None]
    return ItemModel(x, ridge, solved=np.ascontiguousarray(solved.T))


def _inverse(gram: NDArray[np.float64], ridge: float) -> NDArray[np.float64]:
    """Return ``(gram + ridge I)^-1`` of a symmetric matrix by its Cholesky factor, changing neither."""
    factor, _ = linalg.lapack.dpotrf(gram + ridge * np.eye(len(gram)), lower=0, clean=1, overwrite_a=1)
    half, _ = linalg.lapack.dpotri(factor, lower=0, overwrite_c=1)
    np.fill_diagonal(half, np.diag(half) / 2)
    whole: NDArray[np.float64] = half + half.T
    return whole
