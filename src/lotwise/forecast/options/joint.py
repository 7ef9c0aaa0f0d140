"""What a joint distribution of options answers, once and in each of many draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.forecast.panel import Array, Index


class Joint(Protocol):
    """A joint distribution of all options, as codes."""

    def log_prob(self, codes: Index) -> Array:
        """Return the log probability of each row; ``(n_rows,)``."""

    def sample(self, rows: int, rng: np.random.Generator) -> Index:
        """Return random rows; ``(n_rows, n_options)``."""

    def marginals(self) -> list[Array]:
        """Return the share of each value of each option."""

    def pair(self, first: int, second: int) -> Array:
        """Return the joint shares of two options; ``(n_first, n_second)``."""

    def redrawn(self, codes: Index, weight: Array, prior: Sequence[Array]) -> Joints:
        """Return the distribution with its shares counted anew in each draw.

        Parameters
        ----------
        codes
            Rows; ``(n_rows, n_options)``.
        weight
            Their weight in each draw; ``(n_draws, n_rows)``.
        prior
            Units counted beforehand in each draw, by option; ``(n_draws, n_values)`` each.
        """


class Joints(Protocol):
    """A joint distribution of all options for each of some draws."""

    def sample(self, draw: Index, rng: np.random.Generator) -> Index:
        """Return a random row from the distribution of each draw named; ``(n_rows, n_options)``."""

    def marginals(self) -> list[Array]:
        """Return the share of each value in each draw, by option; ``(n_draws, n_values)`` each."""


def picked(table: Array, rng: np.random.Generator) -> Index:
    """Return a random place in each row of shares; ``(n_rows,)``."""
    above = table.cumsum(axis=1)
    return np.asarray((above[:, :-1] <= rng.random((len(table), 1)) * above[:, -1:]).sum(axis=1))


def held(codes: Index, size: int) -> csr_array:
    """Return 1 at the value each row holds, nothing where the code is negative; ``(n_rows, n_values)``."""
    known = np.flatnonzero(codes >= 0)
    return csr_array((np.ones(len(known)), (known, codes[known])), shape=(len(codes), size))
