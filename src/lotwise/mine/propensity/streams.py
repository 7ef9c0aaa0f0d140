"""Who bought something on which day: one stream of purchases a category, and one of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

SPAN, ZERO = 1 << 23, 1 << 22
"""More days than a calendar holds, and where 1970 lies in them: customer and day make one number."""
KEPT = 24
"""Days whose places are kept, for most features of one day begin with the same ones."""


@dataclass(frozen=True)
class Stream:
    """Days on which customers bought, one element a customer and day, sorted by both.

    Parameters
    ----------
    customers
        Number of customers there are; those without a purchase count too.
    customer, day
        Who and when, ``(n_visits,)``; days are counted from 1970-01-01.
    lines, money, cut
        Order lines, revenue, and money off the list price of the visit, ``(n_visits,)``.
    """

    customers: int
    customer: Ints
    day: Ints
    lines: Floats
    money: Floats
    cut: Floats

    @cached_property
    def key(self) -> Ints:
        """Return customer and day as one number, ascending."""
        return self.customer * SPAN + self.day + ZERO

    @cached_property
    def begins(self) -> Ints:
        """Return where each customer's visits begin, and the end, ``(n_customers + 1,)``."""
        return np.searchsorted(self.customer, np.arange(self.customers + 1))

    def before(self, days: Ints) -> Ints:
        """Return the place after the last visit before each day, ``(n_days, n_customers)``."""
        return np.array([self._before(int(day)) for day in days]).reshape(len(days), self.customers)

    @cached_property
    def _places(self) -> dict[int, Ints]:
        return {}

    def _before(self, day: int) -> Ints:
        if day not in self._places:
            if len(self._places) >= KEPT:
                self._places.clear()
            self._places[day] = np.searchsorted(self.key, np.arange(self.customers) * SPAN + day + ZERO)
        return self._places[day]

    @cached_property
    def _counts(self) -> dict[tuple[int, float], Floats]:
        return {}

    def count(self, day: int, half_life: float) -> Floats:
        """Return the visits before a day, each halved for every half-life since, ``(n_customers,)``; kept for a day."""
        if (day, half_life) not in self._counts:
            if any(known != day for known, _ in self._counts):
                self._counts.clear()
            self._counts[day, half_life] = self.decayed(np.ones(len(self.day)), np.array([day]), half_life)[0]
        return self._counts[day, half_life]

    def visits(self, start: Ints, end: Ints) -> Ints:
        """Return visits from each start up to, without, each end, ``(n_days, n_customers)``."""
        return self.before(end) - self.before(start)

    def last(self, days: Ints) -> Floats:
        """Return the last visit before each day, NaN for none, ``(n_days, n_customers)``."""
        place = self.before(days)
        known = place > self.begins[:-1]
        return np.where(known, np.r_[self.day, 0][place - 1], np.nan)

    @cached_property
    def first(self) -> Floats:
        """Return each customer's first visit, NaN for none, ``(n_customers,)``."""
        known = self.begins[1:] > self.begins[:-1]
        return np.where(known, np.r_[self.day, 0][self.begins[:-1]], np.nan)

    def sums(self, values: Floats, days: Ints) -> Floats:
        """Return the sum of a value of each visit over those before each day, ``(n_days, n_customers)``."""
        total = np.r_[0.0, np.cumsum(values)]
        return np.asarray(total[self.before(days)] - total[self.begins[:-1]])

    def decayed(self, values: Floats, days: Ints, half_life: float) -> Floats:
        """Return the same with each visit's value halved for every half-life that lies between it and the day."""
        found = np.empty((len(days), self.customers))
        for row, day in enumerate(days):
            known = self.day < day
            weight = values[known] * np.exp2((self.day[known] - day) / half_life)
            found[row] = np.bincount(self.customer[known], weights=weight, minlength=self.customers)
        return found

    @cached_property
    def gaps(self) -> tuple[Flags, Floats]:
        """Return which visits follow another of the same customer, and the days since it (1 where none), ``(n_visits,)``."""
        follows = np.zeros(len(self.day), dtype=bool)
        follows[1:] = self.customer[1:] == self.customer[:-1]
        days = np.ones(len(self.day))
        days[1:] = np.where(follows[1:], np.diff(self.day), 1)
        return follows, days


def stream(customers: int, customer: Ints, day: Ints, money: Floats, cut: Floats) -> Stream:
    """Return order lines, in any order, as one stream."""
    key, place = np.unique(np.asarray(customer, dtype=np.int64) * SPAN + day + ZERO, return_inverse=True)
    count = len(key)
    lines, paid, off = (
        np.bincount(place, weights=values, minlength=count).astype(np.float64) for values in (np.ones(len(place)), money, cut)
    )
    return Stream(customers, key // SPAN, key % SPAN - ZERO, lines, paid, off)
