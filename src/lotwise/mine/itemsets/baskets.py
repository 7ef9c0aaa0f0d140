"""Baskets: which items came together, as compressed rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array

from lotwise.errors import ContractError, breaches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

SHOWN = 3
"""Examples shown in a message."""
EXACT = 2**53
"""Weights are added up exactly below this."""


@dataclass(frozen=True)
class Baskets:
    """Baskets of items; each basket holds an item once.

    Parameters
    ----------
    pointers
        Where each basket begins in ``items``, and the end; ``(n_baskets + 1,)``.
    items
        Places of the items in ``names``, ascending within a basket; ``(n_pairs,)``.
    weights
        How often each basket counts; ``(n_baskets,)``.
    names
        Names of the items.
    """

    pointers: NDArray[np.int64]
    items: NDArray[np.int32]
    weights: NDArray[np.int64]
    names: tuple[str, ...]

    @classmethod
    def of(
        cls, basket_places: ArrayLike, item_places: ArrayLike, names: Sequence[str], weights: ArrayLike | None = None
    ) -> Baskets:
        """Return the baskets that lines (basket, item) make; a line that stands twice counts once.

        Parameters
        ----------
        basket_places, item_places
            Number of the basket, and place of the item in ``names``, of each line; from 0; in any order.
        names
            Names of the items.
        weights
            How often each basket counts: whole numbers, 0 or more. Their number is the number of baskets, so that baskets
            without an item can be counted too. Default: 1 each, for baskets up to the largest number.

        Raises
        ------
        ContractError
            Places or weights are not finite, not whole, negative or out of range; every breach is listed.
        """
        found: list[str] = []
        basket = _whole("basket_places", basket_places, found)
        item = _whole("item_places", item_places, found)
        weight = None if weights is None else _whole("weights", weights, found)
        if len(basket) != len(item):
            found.append(f"basket_places has {len(basket)} values, item_places {len(item)}; expected one of each a line")
        _within("item_places", item, len(names), "names", found)
        if weight is not None:
            _within("basket_places", basket, len(weight), "weights", found)
            if weight.sum(dtype=np.float64) >= EXACT:
                found.append(f"the weights add up to {weight.sum(dtype=np.float64):.3g}; expected less than 2^53")
        if found:
            raise ContractError(breaches("The baskets break their contract", found))
        if weight is None:
            weight = np.ones(int(basket.max()) + 1 if len(basket) else 0, dtype=np.int64)
        pointers, items = _rows(basket, item, len(weight), len(names))
        return cls(pointers, items, weight, tuple(names))

    def __len__(self) -> int:
        """Return the number of baskets."""
        return len(self.weights)

    @property
    def total(self) -> int:
        """The weight of all baskets: their number, where each counts once."""
        return int(self.weights.sum())


def _rows(
    basket: NDArray[np.int64], item: NDArray[np.int64], baskets: int, names: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return where each basket begins, and its different items in order."""
    lines = (np.ones(len(basket), dtype=np.bool_), (basket, item))
    matrix = coo_array(lines, shape=(baskets, max(names, 1))).tocsr()  # adds up lines that stand twice, and sorts
    matrix.sort_indices()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32, copy=False)


def _whole(name: str, given: ArrayLike, found: list[str]) -> NDArray[np.int64]:
    """Return whole numbers from 0; what is none is told and left out."""
    values = np.asarray(given)
    if values.ndim != 1 or values.dtype.kind not in "iufb":
        if values.size:
            found.append(f"{name} has shape {values.shape} and type {values.dtype}; expected one row of whole numbers")
        return np.empty(0, dtype=np.int64)
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        _tell(name, "that are not finite", values, ~finite, found)
        whole = finite & (values == np.floor(values)) & (np.abs(values) < EXACT)
        _tell(name, "that are not whole numbers", values, finite & ~whole, found)
        values = np.where(whole, values, 0)
    _tell(name, "below 0", values, values < 0, found)
    return np.where(values < 0, 0, values).astype(np.int64) if values.dtype.kind != "u" else values.astype(np.int64)


def _within(name: str, values: NDArray[np.int64], count: int, of: str, found: list[str]) -> None:
    _tell(name, f"beyond the {count} {of}", values, values >= count, found)


def _tell(name: str, fault: str, values: NDArray[np.generic], bad: NDArray[np.bool_], found: list[str]) -> None:
    if np.any(bad):
        rows = np.flatnonzero(bad)
        shown = ", ".join(f"{values[row]} (row {row})" for row in rows[:SHOWN])
        found.append(f"{name} has {len(rows)} values {fault}: {shown}")
