"""What a supply earns, by moving one unit at a time: the rules of settlement again, in plain loops.

Written from the rules and not from ``settle``, which it is the oracle of:

- What is made costs ``cost`` and is on the shelf in its week; opening stock is as fresh as what the first week makes.
- Each unit asked for takes the oldest unit on the shelf, for ``price``; who waits is served before who asks.
- After that a unit in its last week on the shelf, and after the last week every unit, goes for ``salvage``; a unit that stays
  costs ``holding``.
- A unit asked for that is not there is lost, or waits and costs ``delay``; after the last week it is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Week:
    """What happened in one week: units, and money."""

    sold: int = 0
    lost: int = 0
    left: int = 0
    expired: int = 0
    revenue: float = 0.0
    cost: float = 0.0


@dataclass
class Shop:
    """One product: its terms, the week each unit on the shelf was made in, and the units that are waited for."""

    price: float
    cost: float
    salvage: float
    holding: float
    delay: float
    shelf: int
    waits: bool
    units: list[int] = field(default_factory=list)
    waiting: int = 0

    def make(self, count, now, week):
        """Put what is made on the shelf."""
        for _ in range(count):
            self.units.append(now)
            week.cost += self.cost

    def sell(self, count, week):
        """Serve who waits and who asks, from the oldest unit on."""
        for _ in range(self.waiting + count):
            if self.units:
                self.units.remove(min(self.units))
                week.sold += 1
                week.revenue += self.price
            else:
                week.lost += 1
        week.left = len(self.units)

    def close(self, now, week, *, is_last):
        """Take out what is too old, keep the rest, and send away or put on the list who was not served."""
        for made in list(self.units):
            if is_last or now - made + 1 >= self.shelf:
                self.units.remove(made)
                week.expired += 1
                week.revenue += self.salvage
            else:
                week.cost += self.holding
        self.waiting = 0
        if self.waits and not is_last:
            self.waiting, week.lost = week.lost, 0
            week.cost += self.waiting * self.delay


def simulate(supply, demand, terms, product, opening=0):
    """Return the weeks of one product.

    Parameters
    ----------
    supply, demand
        Whole units made and asked for in each week.
    terms, product
        What a unit earns and costs, and which product of the terms.
    opening
        Whole units on hand before the first week.
    """
    names = ("price", "cost", "salvage", "holding", "delay", "shelf", "backorder")
    shop = Shop(*(getattr(terms, name)[product].item() for name in names), units=[0] * int(opening))
    weeks = []
    for now, (made, asked) in enumerate(zip(supply, demand, strict=True)):
        week = Week()
        shop.make(int(made), now, week)
        shop.sell(int(asked), week)
        shop.close(now, week, is_last=now == len(supply) - 1)
        weeks.append(week)
    return weeks
