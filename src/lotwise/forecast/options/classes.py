"""Latent classes: kinds of buyers, within each of which options are chosen independently, found by EM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.special import logsumexp

from lotwise.forecast.options.joint import picked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.forecast.panel import Array, Index

ROUNDS = 100
CLOSE = 1e-4
"""Gain of log posterior a unit at which EM stops."""
STRENGTH = 0.5
"""Units of the overall shares in each class, so that no combination is impossible."""


@dataclass(frozen=True)
class Classes:
    """A mixture of products of shares.

    Parameters
    ----------
    sizes
        Number of values of each option.
    share
        Share of each class; ``(n_classes,)``.
    tables
        Shares of the values of all options laid end to end, by class; ``(n_classes, n_values)``.
    path
        Log posterior after each round of EM; it never falls.
    """

    sizes: Index
    share: Array
    tables: Array
    path: tuple[float, ...] = ()

    def log_prob(self, codes: Index) -> Array:
        """Return the log probability of each row of codes; ``(n_rows,)``."""
        by_class = _cells(codes, self.sizes) @ np.log(self.tables).T + np.log(self.share)
        return np.asarray(logsumexp(by_class, axis=1))

    def sample(self, rows: int, rng: np.random.Generator) -> Index:
        """Return random rows of codes; ``(n_rows, n_options)``."""
        of = picked(np.broadcast_to(self.share, (rows, len(self.share))), rng)
        return np.stack([picked(table[of], rng) for table in self._split()], axis=1)

    def marginals(self) -> list[Array]:
        """Return the exact share of each value of each option."""
        return [self.share @ table for table in self._split()]

    def pair(self, first: int, second: int) -> Array:
        """Return the exact joint shares of two options; ``(n_first, n_second)``."""
        tables = self._split()
        if first == second:
            return np.diag(self.share @ tables[first])
        return np.asarray((self.share[:, None] * tables[first]).T @ tables[second])

    def redrawn(self, codes: Index, weight: Array, prior: Sequence[Array]) -> Mixtures:
        """Return the same classes with their shares counted anew in each draw; see ``Joint.redrawn``."""
        cells = _cells(codes, self.sizes)
        by_class = cells @ np.log(self.tables).T + np.log(self.share)
        member = np.exp(by_class - logsumexp(by_class, axis=1, keepdims=True))
        share = weight @ member + 1.0
        alone = weight @ cells + np.concatenate(prior, axis=1)
        alone /= np.repeat(np.add.reduceat(alone, _first(self.sizes), axis=1), self.sizes, axis=1)
        tables = np.stack([(weight * own) @ cells + STRENGTH * alone for own in member.T], axis=1)
        split = np.split(tables, np.cumsum(self.sizes)[:-1], axis=2)
        split = [table / table.sum(axis=2, keepdims=True) for table in split]
        return Mixtures(share / share.sum(axis=1, keepdims=True), tuple(split))

    def _split(self) -> list[Array]:
        return np.split(self.tables, np.cumsum(self.sizes)[:-1], axis=1)


@dataclass(frozen=True)
class Mixtures:
    """Shares of the classes in each draw, ``(n_draws, n_classes)``, and by option ``(n_draws, n_classes, n_values)``."""

    share: Array
    tables: tuple[Array, ...]

    def sample(self, draw: Index, rng: np.random.Generator) -> Index:
        """Return a random row from the distribution of each draw named; ``(n_rows, n_options)``."""
        of = picked(self.share[draw], rng)
        return np.stack([picked(table[draw, of], rng) for table in self.tables], axis=1)

    def marginals(self) -> list[Array]:
        """Return the exact share of each value in each draw, by option; ``(n_draws, n_values)`` each."""
        return [(self.share[:, None, :] @ table)[:, 0] for table in self.tables]


def fit(codes: Index, weight: Array, prior: Sequence[Array], *, count: int, seed: int) -> Classes:
    """Return latent classes fitted by EM from a random start.

    Parameters
    ----------
    codes
        ``(n_rows, n_options)``; a negative code counts for nothing.
    weight
        Of each row.
    prior
        Share of each value, by option, which each class is smoothed toward.
    count
        Number of classes.
    seed
        Of the start.

    References
    ----------
    Dempster, Laird & Rubin (1977); Goodman (1974), Biometrika 61, for latent classes.
    """
    sizes = np.array([len(alone) for alone in prior], np.int64)
    cells, alone = _cells(codes, sizes), np.concatenate(prior)
    member = np.random.default_rng(seed).dirichlet(np.ones(count), len(codes))
    path: list[float] = []
    for _ in range(ROUNDS):
        held = member * weight[:, None]
        share = (held.sum(axis=0) + 1.0) / (held.sum() + count)
        tables = (cells.T @ held).T + STRENGTH * alone
        tables /= np.repeat(np.add.reduceat(tables, _first(sizes), axis=1), sizes, axis=1)
        by_class = cells @ np.log(tables).T + np.log(share)
        total = logsumexp(by_class, axis=1)
        member = np.exp(by_class - total[:, None])
        path.append(float(weight @ total + np.log(share).sum() + STRENGTH * (np.log(tables) @ alone).sum()))
        if len(path) > 1 and path[-1] - path[-2] < CLOSE * weight.sum():
            break
    return Classes(sizes, share, tables, tuple(path))


def _first(sizes: Index) -> Index:
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)


def _cells(codes: Index, sizes: Index) -> csr_array:
    """Return 1 at each value a row holds, all options laid end to end; ``(n_rows, n_values)``."""
    row, option = np.nonzero(codes >= 0)
    shape = (len(codes), int(sizes.sum()))
    return csr_array((np.ones(len(row)), (row, _first(sizes)[option] + codes[row, option])), shape=shape)
