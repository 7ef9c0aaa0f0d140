"""What is to be explained, and by what: rows with a target and named features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Scale = Literal["number", "log", "yes or no"]


@dataclass(frozen=True)
class Feature:
    """One feature of every row.

    Parameters
    ----------
    name
        What it is, in words.
    values
        Its values, ``(n_rows,)``: numbers, or places in ``levels``; absent: nan.
    levels
        The words its values stand for; empty for a number.
    """

    name: str
    values: NDArray[np.float64]
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cases:
    """Rows of one target.

    Parameters
    ----------
    target
        Name of what is moved.
    values
        The target, ``(n_rows,)``: a number, a logarithm, or 0 and 1.
    scale
        Which of these it is.
    unit
        Unit of the target, as shown.
    features
        What may move it.
    block
        Rows of one block (a week) are kept apart together, ``(n_rows,)``; blocks are in order of time.
    left_out
        Columns that are no features, each with the reason.
    """

    target: str
    values: NDArray[np.float64]
    scale: Scale
    unit: str
    features: tuple[Feature, ...]
    block: NDArray[np.int64]
    left_out: tuple[str, ...] = ()

    def matrix(self) -> NDArray[np.float64]:
        """Return the features as columns, ``(n_rows, n_features)``."""
        return np.column_stack([feature.values for feature in self.features])

    def sample(self, most: int, rng: np.random.Generator) -> Cases:
        """Return at most so many of the rows, drawn evenly, in their order."""
        count = len(self.values)
        if count <= most:
            return self
        rows = np.sort(rng.choice(count, most, replace=False))
        features = tuple(Feature(f.name, f.values[rows], f.levels) for f in self.features)
        return Cases(self.target, self.values[rows], self.scale, self.unit, features, self.block[rows], self.left_out)
