"""What is to be planned, as arrays: products by weeks by scenarios, what they earn, what they use.

A ``Problem`` is one plan to make: one state of information, one cutoff, with or without limits. It is
frozen and knows no table, so that every solver and every test starts from the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Terms:
    """What one unit of each product earns and costs; arrays of shape ``(n_products,)``.

    Parameters
    ----------
    price, cost, salvage
        Money of one unit sold, made, and left over. Salvage is at most the smaller of cost and price:
        otherwise units would be made to be left over.
    holding
        Money for carrying one unit from one week into the next.
    delay
        Money for each week one unit is delivered late; used where demand waits.
    shelf
        Weeks a unit can be sold, its first included; at least 1. Make it large where it keeps.
    backorder
        Whether each product's unmet demand waits (and is lost only after the last week) or is lost in its week.
    """

    price: NDArray[np.float64]
    cost: NDArray[np.float64]
    salvage: NDArray[np.float64]
    holding: NDArray[np.float64]
    delay: NDArray[np.float64]
    shelf: NDArray[np.int64]
    backorder: NDArray[np.bool_]

    def part(self, chosen: NDArray[np.int64] | slice) -> Terms:
        """Return the terms of some products."""
        return Terms(*(getattr(self, name)[chosen] for name in Terms.__slots__))


@dataclass(frozen=True, slots=True)
class Resources:
    """Machines and materials, and what one unit of each product takes of them.

    Parameters
    ----------
    names, kinds, units
        Of each resource: its name, ``"machine"`` or ``"material"``, and ``"hours"`` or the material's unit.
    uses
        Sparse, ``(n_resources, n_products)``: hours or units for one unit of the product.
    capacity
        ``(n_resources, n_weeks)``: regular hours of the week, or units of material that can arrive in it
        (the first week with the stock on hand); infinite where there is no limit. Hours not used are
        gone, material not used stays.
    overtime, overtime_cost
        ``(n_resources,)``: most overtime hours a week, and the cost of one; 0 for materials.
    count
        ``(n_resources,)``: machines in each group, 1 for materials; absent: 1 each.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    uses: csr_array
    capacity: NDArray[np.float64]
    overtime: NDArray[np.float64]
    overtime_cost: NDArray[np.float64]
    count: NDArray[np.int64] | None = None

    @property
    def is_machine(self) -> NDArray[np.bool_]:
        """Whether each resource is a machine; ``(n_resources,)``."""
        return np.array([kind == "machine" for kind in self.kinds], dtype=bool)

    def used(self, supply: NDArray[np.float64], lead: int = 0) -> NDArray[np.float64]:
        """Return hours or units used in each week, ``lead`` weeks before the supply; ``(n_resources, n_weeks)``."""
        weeks = supply.shape[1]
        taken = np.zeros((len(self.names), weeks))
        taken[:, : weeks - lead] = (self.uses @ supply)[:, lead:]
        return taken

    def overtime_used(self, supply: NDArray[np.float64], lead: int = 0) -> NDArray[np.float64]:
        """Return the overtime hours the supply needs; ``(n_resources, n_weeks)``."""
        spare = np.where(self.is_machine[:, None], self.capacity, np.inf)
        return np.maximum(self.used(supply, lead) - spare, 0.0)

    def scarce(self, most: NDArray[np.float64], lead: int = 0) -> NDArray[np.bool_]:
        """Return whether this much of everything takes more of each resource than its regular capacity; ``(n_resources,)``."""
        machine = self.is_machine[:, None]
        used, capacity = self.used(most, lead), self.capacity
        used = np.where(machine, used, np.cumsum(used, axis=1))
        over: NDArray[np.bool_] = used > np.where(machine, capacity, np.cumsum(capacity, axis=1))
        return np.asarray(over.any(axis=1), dtype=bool)

    def overtime_money(self, supply: NDArray[np.float64], lead: int = 0) -> NDArray[np.float64]:
        """Return the cost of overtime, shared out by machine-hours; ``(n_products, n_weeks)``.

        The shares of one machine and week add up to its overtime cost, so that the profit of all
        products is the profit of the plan.
        """
        used, extra = self.used(supply, lead), self.overtime_used(supply, lead)
        with np.errstate(invalid="ignore", divide="ignore"):
            per_hour = np.where(extra > 0, extra * self.overtime_cost[:, None] / used, 0.0)
        money = np.zeros_like(supply)
        money[:, lead:] = (self.uses.T @ per_hour)[:, : supply.shape[1] - lead] * supply[:, lead:]
        return money


def no_resources(products: int, weeks: int) -> Resources:
    """Return resources of a plan without limits: none."""
    return Resources((), (), (), csr_array((0, products)), np.zeros((0, weeks)), np.zeros(0), np.zeros(0))


EDGE = 1e-6
"""Fewer units than this away from a lot is rounding: plans are published to six digits."""


@dataclass(frozen=True, slots=True)
class LotRules:
    """What lots may be: the supply of a product and week is 0, or at least a minimum and a whole multiple.

    Parameters
    ----------
    minimum
        Units of the smallest lot of each product, 0 for any; ``(n_products,)``.
    multiple
        Units lots are whole multiples of, 0 for any; ``(n_products,)``.
    """

    minimum: NDArray[np.float64]
    multiple: NDArray[np.float64]

    @property
    def least(self) -> NDArray[np.float64]:
        """Smallest lot: the minimum, rounded up to a multiple; ``(n_products,)``."""
        step = np.where(self.multiple > 0, self.multiple, 1.0)
        count = np.maximum(np.ceil((self.minimum - EDGE) / step), 1.0)
        return np.where(self.multiple > 0, count * step, self.minimum)

    @property
    def bind(self) -> NDArray[np.bool_]:
        """Whether each product has a rule; ``(n_products,)``."""
        return (self.minimum > 0) | (self.multiple > 0)

    def part(self, chosen: NDArray[np.int64] | slice) -> LotRules:
        """Return the rules of some products."""
        return LotRules(self.minimum[chosen], self.multiple[chosen])

    def down(self, units: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the largest lots that are no larger than ``units``, but for rounding; ``(n_products, n_weeks)``."""
        edge = EDGE + 1e-12 * units
        step = np.where(self.multiple > 0, self.multiple, 1.0)[:, None]
        lots = np.where(self.multiple[:, None] > 0, np.floor((units + edge) / step) * step, units)
        return np.where(lots + edge >= self.least[:, None], np.maximum(lots, self.least[:, None]), 0.0)

    def up(self, units: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the smallest lots that are no smaller than ``units``, 0 where there are none; ``(n_products, n_weeks)``."""
        edge = EDGE + 1e-12 * units
        step = np.where(self.multiple > 0, self.multiple, 1.0)[:, None]
        lots = np.where(self.multiple[:, None] > 0, np.ceil((units - edge) / step) * step, units)
        return np.where(units > EDGE, np.maximum(lots, self.least[:, None]), 0.0)

    def kept(self, supply: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return whether the supply of each product and week is a lot or nothing; ``(n_products, n_weeks)``."""
        found: NDArray[np.bool_] = np.abs(supply - self.down(supply)) <= EDGE + 1e-12 * supply
        return found


@dataclass(frozen=True, slots=True)
class Problem:
    """One plan to make.

    Parameters
    ----------
    products, weeks
        What is made, and the Mondays of the weeks it can be sold in.
    demand
        ``(n_scenarios, n_products, n_weeks)``: units asked for, scenarios equally likely.
    terms
        What a unit earns and costs.
    resources
        What limits the plan; ``no_resources`` for none.
    opening
        ``(n_products,)``: units on hand before the first week, taken as fresh.
    firm
        ``(n_products, n_weeks)``: units promised for the week (part of every scenario's demand), or absent.
    lead
        Weeks from making a unit to having it for sale; the first ``lead`` weeks sell from stock.
    rules
        What lots may be, or absent where they may be anything.
    on_order
        ``(n_products,)``: whether each product is assembled only once it is ordered, in a plan over a network; absent where
        none is.
    information, limits, cutoff
        Where the plan belongs in the tables.
    """

    products: tuple[str, ...]
    weeks: tuple[date, ...]
    demand: NDArray[np.float64]
    terms: Terms
    resources: Resources
    opening: NDArray[np.float64]
    firm: NDArray[np.float64] | None = None
    lead: int = 0
    rules: LotRules | None = None
    on_order: NDArray[np.bool_] | None = None
    information: str = ""
    limits: str = "real"
    cutoff: date | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Number of products and of weeks."""
        return len(self.products), len(self.weeks)

    def without_lots(self) -> Problem:
        """Return the same problem with lots of any size."""
        return replace(self, rules=None, limits="no lots")

    def without_limits(self) -> Problem:
        """Return the same problem with every machine, material, lead time and lot rule taken away."""
        return replace(self, resources=no_resources(*self.shape), lead=0, rules=None, limits="none", firm=None)

    def part(self, chosen: NDArray[np.int64]) -> Problem:
        """Return the problem of some products, with all resources to themselves."""
        return replace(
            self,
            products=tuple(self.products[number] for number in chosen),
            demand=self.demand[:, chosen],
            terms=self.terms.part(chosen),
            resources=replace(self.resources, uses=self.resources.uses[:, chosen]),
            opening=self.opening[chosen],
            firm=None if self.firm is None else self.firm[chosen],
            rules=None if self.rules is None else self.rules.part(chosen),
            on_order=None if self.on_order is None else self.on_order[chosen],
        )
