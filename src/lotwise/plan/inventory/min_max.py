"""(s, S): when the position is at or below s, order up to S; the best pair where every order costs a fixed amount.

Demand is whole units, independent and alike in every period; what is short is owed. With m(0) = 1 / (1 - p(0)), m(j) = (sum
of p(i) m(j - i) for i = 1..j) / (1 - p(0)) and M(n) = m(0) + ... + m(n - 1), the renewal argument gives the exact cost a
period

``c(s, S) = (K + sum of m(j) G(S - j) for j = 0..S - s - 1) / M(S - s)``,

where G(y) is the expected holding and shortage cost of the period in which an order placed at position y arrives:
``G(y) = h E(y - D(L + 1))+ + b E(D(L + 1) - y)+``.

References
----------
Zheng and Federgruen (1991), Finding optimal (s, S) policies is about as simple as evaluating a single policy, Operations
Research 39(4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError
from lotwise.plan.inventory.bounds import above, at_least, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MOST = 100_000
"""Widest S - s looked at; beyond it, count in dozens or pallets."""
SUM = 1e-6
"""How far probabilities may be from a sum of 1; they are divided by it."""


@dataclass(frozen=True, slots=True)
class MinMax:
    """At or below ``reorder`` (s) order up to ``up_to`` (S) units; ``()`` or one for each row of demand.

    Raises
    ------
    InputError
        s is not below S, or one is not finite.
    """

    reorder: NDArray[np.float64]
    up_to: NDArray[np.float64]

    def __post_init__(self) -> None:
        reorder, up_to = at_least("reorder", self.reorder, -np.inf), at_least("up_to", self.up_to, -np.inf)
        wrong = np.argwhere(np.atleast_1d(reorder >= up_to))
        if len(wrong):
            raise InputError(f"reorder: found s not below S at {wrong[0].tolist()}; expected s < S. Lower s or raise S.")
        object.__setattr__(self, "reorder", reorder)
        object.__setattr__(self, "up_to", up_to)

    def order(self, position: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the units to order at a position: on hand and on order, less what is owed."""
        return np.where(position <= self.reorder, self.up_to - position, 0.0)


@dataclass(frozen=True, slots=True)
class Item:
    """An item's demand, lead time and costs.

    Parameters
    ----------
    demand
        Probability of 0, 1, 2, ... units in a period; they sum to 1 within ``SUM``.
    order_cost
        Money an order, K, at least 0.
    holding, penalty
        Money a period by unit on hand and by unit owed, above 0.
    lead
        Whole periods from 0, as in ``simulate``.

    Raises
    ------
    InputError
        A value is out of range, or there is no demand at all.
    """

    demand: NDArray[np.float64]
    order_cost: float
    holding: float
    penalty: float
    lead: int = 0

    def __post_init__(self) -> None:
        found = np.trim_zeros(at_least("demand", self.demand).ravel(), "b")
        if abs(found.sum() - 1.0) > SUM:
            raise InputError(
                f"demand: found probabilities that sum to {found.sum():g}; expected 1. Divide by the sum, or add the tail."
            )
        if len(found) < 2:  # noqa: PLR2004 - one probability is that of no demand
            raise InputError("demand: found no demand above 0; expected some. Nothing needs to be ordered for this item.")
        at_least("order_cost", self.order_cost)
        above("holding", self.holding)
        above("penalty", self.penalty)
        whole("lead", self.lead)
        object.__setattr__(self, "demand", found / found.sum())

    @property
    def protection(self) -> NDArray[np.float64]:
        """Probability of 0, 1, 2, ... units in ``lead + 1`` periods."""
        found = self.demand
        for _ in range(int(self.lead)):
            found = np.convolve(found, self.demand)
        return found


def cost(policy: MinMax, item: Item) -> float:
    """Return the exact cost a period in the long run, by the renewal equation above.

    Parameters
    ----------
    policy
        One s and one S, whole.
    item
        Demand, lead time and costs.

    Raises
    ------
    InputError
        s or S is broken, not one number, or they are more than ``MOST`` apart.
    """
    reorder, up_to = (_one(name, value) for name, value in (("reorder", policy.reorder), ("up_to", policy.up_to)))
    renewal = _Renewal(item)
    return renewal.cost(reorder, up_to)


def orders(policy: MinMax, item: Item) -> float:
    """Return the orders a period in the long run: ``1 / M(S - s)``, the renewal reward of one order a cycle.

    Parameters
    ----------
    policy
        One s and one S, whole.
    item
        Demand; its costs play no part.
    """
    gap = _one("up_to", policy.up_to) - _one("reorder", policy.reorder)
    return 1.0 / float(_Renewal(item).visits(gap).sum())


def best(item: Item) -> tuple[MinMax, float]:
    """Return an optimal (s, S) and its cost a period: of all policies whatever, none costs less.

    Zheng and Federgruen's algorithm: s falls from the least of G until one more step does not pay, then S rises as long as
    G(S) is not above the best cost, and s follows. Of several optimal pairs it gives the one with the lowest S looked at
    first.

    Parameters
    ----------
    item
        Demand, lead time and costs.

    Raises
    ------
    InputError
        S - s would be wider than ``MOST``: the unit is too small for the order cost.
    """
    renewal = _Renewal(item)
    low = renewal.least()
    reorder, up_to = low - 1, low
    while renewal.cost(reorder, up_to) > renewal.carried(reorder):
        reorder -= 1
    found = renewal.cost(reorder, up_to)

    trial = up_to + 1
    while renewal.carried(trial) <= found:
        if renewal.cost(reorder, trial) < found:
            up_to = trial
            while reorder + 1 < up_to and renewal.cost(reorder, up_to) <= renewal.carried(reorder + 1):
                reorder += 1
            found = renewal.cost(reorder, up_to)
        trial += 1
    return MinMax(np.asarray(float(reorder)), np.asarray(float(up_to))), found


class _Renewal:
    """Visits m(j) and costs G(y) of one item, worked out once as far as they are asked for."""

    def __init__(self, item: Item) -> None:
        self._item = item
        self._visits = np.array([1.0 / (1.0 - item.demand[0])])
        during = item.protection
        self._mean = float(during @ np.arange(len(during)))
        levels = np.arange(len(during))
        below = np.cumsum(during)
        over = np.concatenate([[0.0], np.cumsum(below)[:-1]])  # E(y - D)+ grows by P(D <= y - 1) a unit
        self._table = item.holding * over + item.penalty * (over + self._mean - levels)

    def least(self) -> int:
        """Return the smallest place where G is least."""
        return int(np.argmin(self._table))

    def carried(self, level: int) -> float:
        """Return G at a level."""
        return float(self._carried(np.asarray([level]))[0])

    def _carried(self, levels: NDArray[np.int64]) -> NDArray[np.float64]:
        inside = self._table[np.clip(levels, 0, len(self._table) - 1)]
        beyond = np.maximum(levels - (len(self._table) - 1), 0)
        found: NDArray[np.float64] = inside + self._item.holding * beyond + self._item.penalty * np.maximum(-levels, 0)
        return found

    def visits(self, count: int) -> NDArray[np.float64]:
        """Return m(0), ..., m(count - 1)."""
        if count > MOST:
            raise InputError(
                f"order_cost: found an S - s wider than {MOST:,} units; expected at most that. Count demand in a larger unit."
            )
        known = len(self._visits)
        if known < count:
            chances = self._item.demand
            grown = np.concatenate([self._visits, np.zeros(max(count, 2 * known) - known)])
            for place in range(known, len(grown)):
                reach = min(place, len(chances) - 1)
                earlier = grown[place - reach : place][::-1]
                grown[place] = chances[1 : reach + 1] @ earlier / (1.0 - chances[0])
            self._visits = grown
        return self._visits[:count]

    def cost(self, reorder: int, up_to: int) -> float:
        """Return c(s, S)."""
        visits = self.visits(up_to - reorder)
        carried = self._carried(np.arange(up_to, reorder, -1))
        return float((self._item.order_cost + visits @ carried) / visits.sum())


def _one(name: str, value: ArrayLike) -> int:
    found = np.asarray(value, dtype=np.float64)
    if found.size != 1 or found.item() != round(found.item()):
        raise InputError(f"{name}: found {found}; expected one whole number. Ask for one item at a time, in whole units.")
    return int(found.item())
