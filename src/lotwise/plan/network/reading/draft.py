"""A network in the making: items and activities one by one, before they become arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.reading.given import CUSTOMERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Kind
    from lotwise.plan.network.reading.bills import Line
    from lotwise.plan.network.reading.given import Given
    from lotwise.plan.network.reading.places import Places


IN_USE = " in use"
"""Ends the name of what users take of an item that is taken to be there."""


@dataclass(frozen=True, slots=True)
class Part:
    """One item at one site; ``product`` and ``keeps`` as in ``network.Items``, ``standard`` money for one unit.

    An item that neither keeps nor is sold stands for no thing of its own: a step of a routing, alternates, what is in use.
    """

    name: str
    site: str
    kind: str
    unit: str
    standard: float
    product: int = -1
    keeps: bool = True


@dataclass(frozen=True, slots=True)
class Whole:
    """A switch that a draft is a member of; drafts that name the same one share it. Fields as in ``network.Switches``."""

    name: str
    kind: str
    least: float = 0.0
    largest: float = np.inf
    most: int = 1
    hours: dict[int, float] = field(default_factory=dict)
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Draft:
    """One activity; fields as in ``network.Activities`` and ``network.Labels``, items and machines by their numbers.

    Parameters
    ----------
    gives
        The first is what the activity is there for.
    holds
        Weeks in which it is effective, none for all.
    most
        Most units of level in a week.
    wholes
        Switches it is a member of, families left out.
    key
        What lots, purchases and shipments of the plan before are found by: ``("make", item, site, route)``, ``("buy", item,
        supplier, site)``, ``("move", item, origin, target)``; empty where no table has it.
    """

    name: str
    kind: Kind
    takes: dict[int, float]
    gives: dict[int, float]
    uses: dict[int, float] = field(default_factory=dict)
    lead: int = 0
    cost: float = 0.0
    holds: NDArray[np.bool_] | None = None
    most: float = np.inf
    multiple: float = 0.0
    wholes: tuple[Whole, ...] = ()
    unit_price: float = 0.0
    family: str = ""
    key: tuple[str, ...] = ()

    @property
    def main(self) -> int:
        """Number of the item it is there for."""
        return next(iter(self.gives))

    def reach(self, weeks: int) -> NDArray[np.float64]:
        """Return the most units of level in each week: 0 where it is not effective or gives after the last; ``(n_weeks,)``."""
        opens = np.arange(weeks) + self.lead < weeks
        return np.where(opens if self.holds is None else opens & self.holds, self.most, 0.0)


@dataclass(slots=True)
class Book:
    """Where items and activities are written down while a network is made.

    Parameters
    ----------
    given, places, bill, standard
        What it is made from.
    parts, number
        Items so far, and the number of each (item, site).
    in_use
        Number of the item that users take in place of a kept one, where what is used early is taken to be there.
    drafts
        Activities so far.
    """

    given: Given
    places: Places
    bill: dict[str, tuple[Line, ...]]
    standard: dict[str, float]
    parts: list[Part] = field(default_factory=list)
    number: dict[tuple[str, str], int] = field(default_factory=dict)
    in_use: dict[int, int] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)

    def add(self, part: Part) -> int:
        """Return the number of one more item."""
        self.number[part.name, part.site] = len(self.parts)
        self.parts.append(part)
        return len(self.parts) - 1

    def taken(self, item: str, site: str) -> int:
        """Return the number of the item that making something at a site takes."""
        kept = self.number[item, site]
        return self.in_use.get(kept, kept)

    def sold(self, product: str) -> int:
        """Return the number of the item a product is sold from."""
        return self.number[product, self.places.sale[product]]


def add_items(book: Book) -> None:
    """Write down every item at every site it is at, and the items that products are sold from; by name, then site."""
    given, places = book.given, book.places
    for item in sorted(places.order):
        is_sold = item in given.products
        for site in places.at[item]:
            is_sale = is_sold and item not in places.moved
            book.add(_part(book, item, site, product=given.products[item] if is_sale else -1))
        if is_sold and (item, places.sale[item]) not in book.number:
            book.add(_part(book, item, places.sale[item], product=given.products[item]))


def _part(book: Book, item: str, site: str, *, product: int) -> Part:
    unit = book.given.value(item, site if site != CUSTOMERS else "all", "unit", also="materials") or "units"
    return Part(item, site, _kind(book, item), unit, book.standard[item], product, keeps=product < 0)


def _kind(book: Book, item: str) -> str:
    if item in book.given.products:
        return "product"
    is_bought = item in book.given.index["materials"] or item in book.given.suppliers
    return "material" if is_bought and item not in book.given.made else "component"
