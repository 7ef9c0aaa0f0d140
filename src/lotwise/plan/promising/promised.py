"""A promise, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from lotwise.plan.promising.kernel import ITEM, MACHINE, SOON

if TYPE_CHECKING:
    from datetime import date

    from lotwise.plan.promising.facts import Facts

LAST_DAY = 4
"""Days from Monday to the day by which all of a week is ready: Friday."""


@dataclass(frozen=True, slots=True)
class Promise:
    """The earliest week units can be promised for.

    Parameters
    ----------
    product, options, units, region
        What was asked for; options as pairs of option and value.
    week
        Monday of the week they are ready in; absent: not within the weeks planned.
    day
        Day they are delivered: the Friday of that week, and the days on the way to the region.
    p50, p90
        Days by which half, and nine in ten, of such promises were delivered in the past; absent where nothing is known of it.
    cost
        Standard cost, and what the hours and materials would earn otherwise, all units together; absent without a week.
    revenue
        What they are sold for.
    binds
        What keeps them from a week earlier.
    by_week
        Units, of those asked for, that can be promised for each week.
    estimate
        Day beyond the weeks planned by which they may be made, on machines otherwise empty; absent with a week, or where
        more time would not help. An estimate, never a promise.
    """

    product: str
    options: tuple[tuple[str, str], ...]
    units: float
    region: str
    week: date | None
    day: date | None
    p50: date | None
    p90: date | None
    cost: float | None
    revenue: float
    binds: str
    by_week: tuple[float, ...]
    estimate: date | None = None

    @property
    def margin(self) -> float | None:
        """Revenue less cost; absent without a week."""
        return None if self.cost is None else self.revenue - self.cost


def binds(facts: Facts, kind: int, number: int, week: int) -> str:
    """Return what stands in the way of the week before, in words.

    Parameters
    ----------
    facts
        What was asked of.
    kind, number, week
        What the search found: the kind of limit, the number of the machine or item, and of the week.
    """
    if kind == MACHINE:
        return f"'{facts.machines[number]}' has no hours left in the week of {facts.weeks[week]}."
    name = facts.items[number] if number >= 0 else ""
    if kind == SOON:
        first = facts.weeks[min(facts.first, len(facts.weeks) - 1)]
        return f"'{name}' would have to be started before {first}, the first week in which anything new can be started."
    if kind == ITEM and name in facts.opens:
        weeks = facts.opens[name]
        return f"'{name}' is used up in the week of {facts.weeks[week]}; what is ordered now takes {_weeks(weeks)} to arrive."
    if kind == ITEM and name in facts.products:
        return f"All '{name}' planned until the week of {facts.weeks[week]} is ordered, and no routing says how more are made."
    if kind == ITEM:
        return f"'{name}' is used up in the week of {facts.weeks[week]}, and nothing says how more are made or bought."
    return "Nothing: it can be there in the first week asked about."


def last_day(week: date, days: int) -> date:
    """Return the day units of a week are delivered, so many days on the way."""
    return week + timedelta(days=LAST_DAY + days)


def _weeks(count: int) -> str:
    return "1 week" if count == 1 else f"{count} weeks"
