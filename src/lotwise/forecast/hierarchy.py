"""What adds up to what: product -> category -> department -> total, regions beside them, as one sparse matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

from lotwise.errors import ContractError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from lotwise.forecast.panel import Array, Index

TOTAL = "total"
BETWEEN = " / "
"""What stands between the labels of a node of several columns."""


@dataclass(frozen=True)
class Hierarchy:
    """The nodes of a hierarchy, the widest level first, the bottom series last and in the order given.

    Parameters
    ----------
    summing
        S: 1 where a bottom series is part of a node; sparse, ``(n_nodes, n_bottom)``.
    levels
        Names of the levels: ``"total"``, or their columns.
    level
        Level of each node; ``(n_nodes,)``.
    names
        Names of the nodes, each unique in its level; ``(n_nodes,)``.
    """

    summing: csr_array
    levels: tuple[str, ...]
    level: Index
    names: npt.NDArray[np.str_]

    @property
    def upper(self) -> int:
        """Number of nodes above the bottom."""
        nodes, bottom = self.summing.shape
        return int(nodes - bottom)

    def totals(self, bottom: Array) -> Array:
        """Return the values of all nodes from those of the bottom series; ``(n_nodes, ...)``."""
        flat = bottom.reshape(len(bottom), -1)
        return np.asarray(self.summing @ flat).reshape(-1, *bottom.shape[1:])

    def above(self, level: int) -> Index:
        """Return the node of a level that each bottom series is part of; ``(n_bottom,)``."""
        nodes = np.flatnonzero(self.level == level)
        return np.asarray(nodes[self.summing[nodes].tocsc().indices], np.int64)


def hierarchy(keys: Mapping[str, Sequence[str]], levels: Sequence[Sequence[str]] | None = None) -> Hierarchy:
    """Return the hierarchy of some series.

    Parameters
    ----------
    keys
        Labels of each bottom series by column, together unique, such as department, category and product.
    levels
        Columns of each level above the bottom, the widest first; ``()`` is the total. By default the total and
        each run of columns from the first one: department, then department and category, and so on. Levels need
        not nest: ``[(), ("region",), ("category",)]``.

    Raises
    ------
    ContractError
        Labels differ in number, a level names a column that is not there, or two series have the same labels.
    """
    columns = {name: np.asarray(labels, np.str_) for name, labels in keys.items()}
    given = [tuple(level) for level in levels] if levels is not None else [tuple(keys)[:size] for size in range(len(keys))]
    _check(columns, given)
    count = len(next(iter(columns.values())))
    blocks, names = [], []
    for level in given:
        labels, code = np.unique(_joined(columns, level, count), return_inverse=True)
        blocks.append(csr_array((np.ones(count), (code.reshape(-1), np.arange(count))), shape=(len(labels), count)))
        names.append(labels)
    blocks.append(csr_array((np.ones(count), (np.arange(count), np.arange(count))), shape=(count, count)))
    names.append(_joined(columns, tuple(keys), count))
    number = np.repeat(np.arange(len(names)), [len(labels) for labels in names])
    said = tuple(BETWEEN.join(level) or TOTAL for level in (*given, tuple(keys)))
    return Hierarchy(csr_array(vstack(blocks)), said, number, np.concatenate(names))


def _joined(columns: Mapping[str, npt.NDArray[np.str_]], level: Sequence[str], count: int) -> npt.NDArray[np.str_]:
    if not level:
        return np.full(count, TOTAL)
    found = columns[level[0]]
    for name in level[1:]:
        found = np.strings.add(np.strings.add(found, BETWEEN), columns[name])
    return found


def _check(columns: Mapping[str, npt.NDArray[np.str_]], levels: Sequence[Sequence[str]]) -> None:
    sizes = {name: len(labels) for name, labels in columns.items()}
    if len(set(sizes.values())) != 1 or 0 in sizes.values():
        raise ContractError(f"A hierarchy needs one label a series in each column; the columns hold {sizes}.")
    for name in (name for level in levels for name in level):
        if name not in columns:
            raise ContractError(f"A level names the column '{name}', which is not there{did_you_mean(name, columns)}.")
    rows = _joined(columns, tuple(columns), next(iter(sizes.values())))
    labels, count = np.unique(rows, return_counts=True)
    if (count > 1).any():
        raise ContractError(
            f"{int((count > 1).sum())} series share their labels, first '{labels[count > 1][0]}'; "
            "add a column that tells them apart, such as the product."
        )
