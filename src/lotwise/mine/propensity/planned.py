"""What is planned for the coming weeks, and whose habits it meets: promotions and coupon campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.mine.propensity.streams import Floats, Ints
    from lotwise.stage import Inputs

WEEK = 7
HABIT = 90.0
"""Half-life in days of what a customer is in the habit of buying."""

EMPTY = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Plans:
    """Planned promotions and campaigns by product; every array of a kind has one element a row.

    Parameters
    ----------
    products
        Number of products.
    product, week, strength
        Promotions: place of the product, Monday of the week, and how strong: the largest of display, mailer and discount,
        averaged over places.
    notice
        Weeks ahead that promotions are known for; 0: as far as they stand in the table.
    covered, start, end
        Campaigns: place of the product, first day, last day.
    """

    products: int
    product: Ints
    week: Ints
    strength: Floats
    notice: int
    covered: Ints
    start: Ints
    end: Ints

    @property
    def any(self) -> bool:
        """Whether anything is planned at all."""
        return len(self.product) + len(self.covered) > 0

    def promoted(self, day: int, ahead: int) -> Floats:
        """Return how strongly each product is promoted in the days from one on, ``(n_products,)``."""
        known = ahead if self.notice == 0 else min(ahead, WEEK * self.notice)
        rows = (self.week >= day - WEEK + 1) & (self.week < day + known)
        total = np.bincount(self.product[rows], weights=self.strength[rows], minlength=self.products)
        return total / max(ahead / WEEK, 1.0)

    def campaigned(self, day: int, ahead: int) -> Floats:
        """Return 1 for products that a campaign covers in the days from one on, else 0, ``(n_products,)``."""
        rows = (self.start < day + ahead) & (self.end >= day)
        return (np.bincount(self.covered[rows], minlength=self.products) > 0).astype(float)


NOTHING = Plans(0, EMPTY, EMPTY, EMPTY.astype(float), 0, EMPTY, EMPTY, EMPTY)
"""No plan is known."""


@dataclass(frozen=True)
class Planned:
    """Plans, and the order lines that tell habits.

    Parameters
    ----------
    plans
        What is planned.
    customers
        Number of customers.
    foreseen
        Categories foreseen.
    customer, product, day
        Order lines, ``(n_lines,)``.
    group
        Place in ``foreseen`` of the line's category, -1 for none, ``(n_lines,)``.
    """

    plans: Plans
    customers: int
    foreseen: tuple[str, ...]
    customer: Ints
    product: Ints
    day: Ints
    group: Ints

    def meets(self, day: int, ahead: int) -> dict[str, tuple[Floats, Floats]]:
        """Return the promoted and the campaigned share of what each customer buys by habit, by category; ``""`` for all.

        Habits are order lines before the day, halved every 90 days.
        """
        past = np.flatnonzero(self.day < day)
        weight = np.exp2((self.day[past] - day) / HABIT)
        customer, product, group = self.customer[past], self.product[past], self.group[past]
        told = [self.plans.promoted(day, ahead)[product] * weight, self.plans.campaigned(day, ahead)[product] * weight]
        shape = (len(self.foreseen) + 1, self.customers)
        key = (group + 1) * self.customers + customer
        whole, *parts = (
            np.bincount(key, weights=values, minlength=shape[0] * shape[1]).reshape(shape) for values in (weight, *told)
        )
        found = {"": _shares([part.sum(axis=0) for part in parts], whole.sum(axis=0))}
        for place, name in enumerate(self.foreseen):
            found[name] = _shares([part[place + 1] for part in parts], whole[place + 1])
        return found


def _shares(parts: Sequence[Floats], whole: Floats) -> tuple[Floats, Floats]:
    promoted, campaigned = (part / np.maximum(whole, 0.05) for part in parts)
    return promoted, campaigned


def plans(inputs: Inputs, products: Sequence[str]) -> Plans:
    """Return what the settings declare to be known as a plan; a source known only for the past tells nothing of the future."""
    notice = {
        table: source.lead
        for source in inputs.settings.source
        if source.known == "plan"
        for table in ("promotions", "campaigns")
        if any(named.split(".")[0] == table for named in source.tables) and inputs.has(table)
    }
    known = pa.array(products, pa.string())
    product, week, strength = EMPTY, EMPTY, EMPTY.astype(float)
    covered, start, end = EMPTY, EMPTY, EMPTY
    if "promotions" in notice:
        product, week, strength = _promotions(inputs.table("promotions"), known)
    if "campaigns" in notice:
        table = inputs.table("campaigns")
        place = pc.fill_null(pc.index_in(table["product"], value_set=known), -1).to_numpy().astype(np.int64)
        rows = place >= 0
        covered, start, end = place[rows], _days(table["start"])[rows], _days(table["end"])[rows]
    return Plans(len(products), product, week, strength, notice.get("promotions", 0), covered, start, end)


def _promotions(table: pa.Table, known: pa.Array) -> tuple[Ints, Ints, Floats]:
    place = pc.fill_null(pc.index_in(table["product"], value_set=known), -1).to_numpy().astype(np.int64)
    rows = place >= 0
    told = [np.nan_to_num(pc.fill_null(table[name], 0.0).to_numpy()) for name in ("display", "mailer", "discount")]
    strength = np.max(told, axis=0)[rows]
    week = _days(table["week"])[rows]
    first = int(week.min()) if len(week) else 0
    span = int(week.max()) - first + 1 if len(week) else 1
    key, row = np.unique(place[rows] * span + week - first, return_inverse=True)
    mean = np.bincount(row, weights=strength) / np.maximum(np.bincount(row), 1)
    return key // span, key % span + first, mean


def _days(values: pa.ChunkedArray) -> Ints:
    return np.asarray(values.to_numpy().astype("datetime64[D]").astype(np.int64))
