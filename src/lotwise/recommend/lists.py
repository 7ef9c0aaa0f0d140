"""Lists of products: the first of them, and how good they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def top(scores: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Return the places of the highest scores of each row, highest first, ties by place, ``(n, min(count, m))``.

    Equal scores fall the same way on every machine, which a partial sort alone does not promise.

    Parameters
    ----------
    scores
        Finite or minus infinity, ``(n, m)``.
    count
        Length of the lists.
    """
    n, m = scores.shape
    count = min(count, m)
    least = np.partition(scores, m - count, axis=1)[:, m - count, None]
    row, place = np.nonzero(scores >= least)
    order = np.lexsort((place, -scores[row, place], row))
    row, place = row[order], place[order]
    nth = np.arange(len(row)) - np.searchsorted(row, row)
    found: NDArray[np.int64] = place[nth < count].reshape(n, count)
    return found


def ndcg(hit: NDArray[np.bool_], size: NDArray[np.int64], *, first: int = 10) -> NDArray[np.float64]:
    """Return the normalized discounted cumulative gain of each list, between 0 and 1, ``(n,)``.

    Gains are binary, the k-th place weighs ``1 / log2(k + 1)``, and the ideal list is cut at ``first``.

    Parameters
    ----------
    hit
        Whether the k-th product of a list was bought, ``(n, length)``.
    size
        How many products were bought in all, at least 1, ``(n,)``.
    first
        Places that count.
    """
    gain = 1 / np.log2(np.arange(2, first + 2))
    ideal = np.cumsum(gain)[np.minimum(size, first) - 1]
    found: NDArray[np.float64] = hit[:, :first] @ gain[: hit.shape[1]] / ideal
    return found


def recall(hit: NDArray[np.bool_], size: NDArray[np.int64], *, first: int = 20) -> NDArray[np.float64]:
    """Return the share of what was bought that stands in each list, not truncated, ``(n,)``; parameters as for ``ndcg``."""
    found: NDArray[np.float64] = hit[:, :first].sum(axis=1) / size
    return found
