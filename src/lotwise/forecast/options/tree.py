"""The Chow-Liu forest: the best joint distribution of options in which each depends on one other at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

from lotwise.forecast.options.joint import held, picked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.forecast.panel import Array, Index

ROOT = -1
STRENGTH = 0.5
"""Units of an option's own shares that smooth each conditional table, so that no combination is impossible."""


@dataclass(frozen=True)
class Tree:
    """A forest of options: shares of each root, and of each other option given its parent.

    Parameters
    ----------
    order
        Options, parents before children; ``(n_options,)``.
    parent
        Option each depends on, ``ROOT`` where none; ``(n_options,)``.
    tables
        By option: shares ``(n_values,)`` of a root, or ``(n_parent_values, n_values)``, rows sum to 1.
    """

    order: Index
    parent: Index
    tables: tuple[Array, ...]

    def log_prob(self, codes: Index) -> Array:
        """Return the log probability of each row of codes; ``(n_rows,)``."""
        found = np.zeros(len(codes))
        for child, (parent, table) in enumerate(zip(self.parent, self.tables, strict=True)):
            known = np.log(table)
            found += known[codes[:, child]] if parent == ROOT else known[codes[:, parent], codes[:, child]]
        return found

    def sample(self, rows: int, rng: np.random.Generator) -> Index:
        """Return random rows of codes; ``(n_rows, n_options)``."""
        found = np.empty((rows, len(self.tables)), np.int64)
        for child in self.order:
            above, table = self.parent[child], self.tables[child]
            rows_of = np.broadcast_to(table, (rows, len(table))) if above == ROOT else table[found[:, above]]
            found[:, child] = picked(rows_of, rng)
        return found

    def marginals(self) -> list[Array]:
        """Return the exact share of each value of each option."""
        found: list[Array] = [np.zeros(0)] * len(self.tables)
        for child in self.order:
            parent, table = self.parent[child], self.tables[child]
            found[child] = table if parent == ROOT else found[parent] @ table
        return found

    def pair(self, first: int, second: int) -> Array:
        """Return the exact joint shares of two options, passed along the path between them; ``(n_first, n_second)``."""
        alone = self.marginals()
        joint = {first: np.diag(alone[first])}
        front = [first]
        while front and second not in joint:
            near = front.pop()
            for other in self._neighbors(near):
                if other not in joint:
                    joint[other] = joint[near] @ self._given(other, near, alone)
                    front.append(other)
        return joint[second] if second in joint else np.outer(alone[first], alone[second])

    def redrawn(self, codes: Index, weight: Array, prior: Sequence[Array]) -> Trees:
        """Return the same forest with its tables counted anew in each draw; see ``Joint.redrawn``."""
        cells = [held(codes[:, option], units.shape[1]) for option, units in enumerate(prior)]
        alone = [weight @ cell + units for cell, units in zip(cells, prior, strict=True)]
        alone = [units / units.sum(axis=1, keepdims=True) for units in alone]
        tables = []
        for child, above in enumerate(self.parent):
            if above == ROOT:
                tables.append(alone[child])
                continue
            shape = self.tables[child].shape
            both = codes[:, above] * shape[1] + codes[:, child]
            both = np.where((codes[:, above] < 0) | (codes[:, child] < 0), -1, both)
            block = (weight @ held(both, shape[0] * shape[1])).reshape(-1, *shape) + STRENGTH * alone[child][:, None, :]
            tables.append(block / block.sum(axis=2, keepdims=True))
        return Trees(self, tuple(tables))

    def _neighbors(self, option: int) -> list[int]:
        children = np.flatnonzero(self.parent == option).tolist()
        return children if self.parent[option] == ROOT else [*children, int(self.parent[option])]

    def _given(self, option: int, known: int, alone: Sequence[Array]) -> Array:
        """Return the shares of one option given its neighbor; ``(n_known_values, n_values)``."""
        if self.parent[option] == known:
            return self.tables[option]
        joint = (alone[option][:, None] * self.tables[known]).T
        return np.asarray(joint / np.maximum(joint.sum(axis=1, keepdims=True), np.finfo(float).tiny))


@dataclass(frozen=True)
class Trees:
    """One forest with other tables in each draw: ``(n_draws, n_values)`` or ``(n_draws, n_parent_values, n_values)``."""

    tree: Tree
    tables: tuple[Array, ...]

    def sample(self, draw: Index, rng: np.random.Generator) -> Index:
        """Return a random row from the distribution of each draw named; ``(n_rows, n_options)``."""
        found = np.empty((len(draw), len(self.tables)), np.int64)
        for child in self.tree.order:
            above, table = self.tree.parent[child], self.tables[child]
            found[:, child] = picked(table[draw] if above == ROOT else table[draw, found[:, above]], rng)
        return found

    def marginals(self) -> list[Array]:
        """Return the exact share of each value in each draw, by option; ``(n_draws, n_values)`` each."""
        found: list[Array] = [np.zeros(0)] * len(self.tables)
        for child in self.tree.order:
            above, table = self.tree.parent[child], self.tables[child]
            found[child] = table if above == ROOT else (found[above][:, None, :] @ table)[:, 0]
        return found


def fit(codes: Index, weight: Array, prior: Sequence[Array]) -> Tree:
    """Return the forest of highest penalized likelihood, and its smoothed tables.

    Of all forests, the one with the most mutual information along its edges has the highest likelihood. An edge
    must gain more than half the log of the sample for each of its parameters (BIC), or it is left out.

    Parameters
    ----------
    codes
        ``(n_rows, n_options)``; a negative code counts for nothing.
    weight
        Of each row.
    prior
        Share of each value, by option: the shares of a root, and what conditional tables are smoothed toward.

    References
    ----------
    Chow & Liu (1968), IEEE Transactions on Information Theory 14; Edwards, de Abreu & Labouriau (2010) for forests.
    """
    sizes = np.array([len(alone) for alone in prior], np.int64)
    counts = _counts(codes, sizes, weight)
    start = np.concatenate([[0], np.cumsum(sizes)])
    order, parent = _forest(_gains(counts, sizes, start))
    tables = []
    for child, alone in enumerate(prior):
        if parent[child] == ROOT:
            tables.append(np.asarray(alone))
            continue
        above = parent[child]
        block = counts[start[above] : start[above + 1], start[child] : start[child + 1]] + STRENGTH * alone
        tables.append(block / block.sum(axis=1, keepdims=True))
    return Tree(order, parent, tuple(tables))


def independent(prior: Sequence[Array]) -> Tree:
    """Return the forest without edges: every option chosen for itself."""
    size = len(prior)
    return Tree(np.arange(size), np.full(size, ROOT), tuple(np.asarray(alone) for alone in prior))


def _counts(codes: Index, sizes: Index, weight: Array) -> Array:
    """Return the weight of each pair of values, all options laid end to end; ``(n_values, n_values)``."""
    start = np.concatenate([[0], np.cumsum(sizes)])
    row, option = np.nonzero(codes >= 0)
    column = start[option] + codes[row, option]
    shape = (len(codes), int(start[-1]))
    left = csr_array((weight[row], (row, column)), shape=shape)
    right = csr_array((np.ones(len(row)), (row, column)), shape=shape)
    return np.asarray((left.T @ right).todense(), float)


def _gains(counts: Array, sizes: Index, start: Index) -> Array:
    """Return how much log likelihood each pair of options gains beyond its penalty; upper triangle, 0 where none."""
    found = np.zeros((len(sizes), len(sizes)))
    for first in range(len(sizes)):
        for second in range(first + 1, len(sizes)):
            block = counts[start[first] : start[first + 1], start[second] : start[second + 1]]
            total = block.sum()
            if total <= 1:
                continue
            even = np.outer(block.sum(axis=1), block.sum(axis=0)) / total
            held = block > 0
            gain = (block[held] * np.log(block[held] / even[held])).sum()
            penalty = 0.5 * np.log(total) * (sizes[first] - 1) * (sizes[second] - 1)
            found[first, second] = max(gain - penalty, 0.0)
    return found


def _forest(gain: Array) -> tuple[Index, Index]:
    """Return the options with parents before children, and each one's parent, of the heaviest forest."""
    edges = minimum_spanning_tree(csr_array(-gain))
    count, group = connected_components(edges, directed=False)
    order, parent = [], np.full(len(gain), ROOT)
    for number in range(count):
        root = int(np.flatnonzero(group == number)[0])
        found, above = breadth_first_order(edges, root, directed=False)
        order.append(found)
        parent[found[1:]] = above[found[1:]]
    return np.concatenate(order).astype(np.int64), parent.astype(np.int64)
