"""One product, one period, one decision before demand is known: what a quantity earns, and the best one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from typing import Self

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

_NEAR = 1e-10
"""A level that rounding put this little above a scenario's own is that scenario's."""


@dataclass(frozen=True)
class Terms:
    """What a unit earns and costs in each decision.

    Parameters
    ----------
    price, cost, salvage
        Money a unit sells for, costs, and brings when it is left, salvage <= cost; ``(n,)``.
    uses
        Capacity a unit takes; ``(n,)``.
    """

    price: Array
    cost: Array
    salvage: Array
    uses: Array

    def take(self, rows: Index) -> Terms:
        """Return some of the decisions."""
        return Terms(self.price[rows], self.cost[rows], self.salvage[rows], self.uses[rows])

    def ratio(self, charge: float = 0.0) -> Array:
        """Return the critical ratio (p - c - charge a) / (p - s), 0 where a unit earns nothing; ``(n,)``.

        Parameters
        ----------
        charge
            Money a unit of capacity is charged with.

        References
        ----------
        Arrow, Harris and Marschak (1951), Optimal inventory policy, Econometrica 19(3).
        """
        margin = self.price - self.cost - charge * self.uses
        return np.divide(margin, self.price - self.salvage, out=np.zeros_like(margin), where=margin > 0)

    def profit(self, sold: Array, made: Array) -> Array:
        """Return the money of units sold and made, the rest being left: p sold - c made + s (made - sold)."""
        return np.asarray((self.price - self.salvage) * sold - (self.cost - self.salvage) * made)


class Demand(Protocol):
    """What may be asked for in each decision."""

    def at(self, ratio: Array) -> Array:
        """Return the least quantity that covers demand with these probabilities, 0 where one is 0; ``(n,)``."""
        ...

    def sold(self, quantity: Array) -> Array:
        """Return the expected units sold of these quantities; ``(n,)``."""
        ...

    def take(self, rows: Index) -> Self:
        """Return some of the decisions."""
        ...


@dataclass(frozen=True)
class Quantiles:
    """Demand between quantiles at the 23 ``LEVELS``: straight between them, held beyond the outer two.

    Parameters
    ----------
    values
        Rising; ``(n, n_levels)``.
    """

    values: Array

    def at(self, ratio: Array) -> Array:
        """Return the quantiles at these levels; ``(n,)``."""
        place = np.interp(ratio, LEVELS, np.arange(len(LEVELS)))
        low = np.minimum(place.astype(np.int64), len(LEVELS) - 2)
        share, row = place - low, np.arange(len(self.values))
        between = self.values[row, low] * (1 - share) + self.values[row, low + 1] * share
        return np.where(ratio > 0, between, 0.0)

    def sold(self, quantity: Array) -> Array:
        """Return E min(q, D), exactly: the integral of min(q, Q(u)) over levels u; ``(n,)``."""
        mass = np.diff([0.0, *LEVELS, 1.0])
        curve = np.concatenate([self.values[:, :1], self.values, self.values[:, -1:]], axis=1)
        low, high, q = curve[:, :-1], curve[:, 1:], quantity[:, None]
        below = np.divide(q - low, high - low, out=(q >= high).astype(np.float64), where=high > low).clip(0, 1)
        each = below * (low + np.minimum(q, high)) / 2 + (1 - below) * q
        return np.asarray(each @ mass)

    def mean(self) -> Array:
        """Return the expected units; ``(n,)``."""
        return self.sold(self.values[:, -1])

    def take(self, rows: Index) -> Quantiles:
        """Return some of the decisions."""
        return Quantiles(self.values[rows])


@dataclass(frozen=True)
class Scenarios:
    """Demand as equally likely scenarios.

    Parameters
    ----------
    values
        Rising; ``(n, n_scenarios)``.
    """

    values: Array

    def at(self, ratio: Array) -> Array:
        """Return the scenarios at these levels; ``(n,)``."""
        count = self.values.shape[1]
        place = np.clip(np.ceil(ratio * count - _NEAR) - 1, 0, count - 1).astype(np.int64)
        return np.where(ratio > 0, self.values[np.arange(len(self.values)), place], 0.0)

    def sold(self, quantity: Array) -> Array:
        """Return E min(q, D); ``(n,)``."""
        return np.asarray(np.minimum(self.values, quantity[:, None]).mean(axis=1))

    def take(self, rows: Index) -> Scenarios:
        """Return some of the decisions."""
        return Scenarios(self.values[rows])
