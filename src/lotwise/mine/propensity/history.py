"""All that is known of customers, as streams of days on which they bought or showed interest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.propensity.planned import NOTHING, Planned, Plans
from lotwise.mine.propensity.streams import Stream, stream

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.mine.customers import Purchases
    from lotwise.mine.propensity.streams import Floats, Ints
    from lotwise.stage import Inputs

BANDS = ("age", "income", "household", "children")
INTEREST = ("view", "cart", "wish", "search")
"""Events that tell what a customer is interested in."""

RELATED = 60
"""Categories among which related ones are looked for: those bought most often in the first half of the history, so that
no weeks kept apart take part."""


@dataclass(frozen=True)
class History:
    """What customers did up to today.

    Parameters
    ----------
    customers
        Their pseudonyms, in order.
    today
        First day that is not known yet, counted from 1970-01-01.
    every
        Days on which they bought anything.
    categories
        Days on which they bought a category: those foreseen and others bought often.
    foreseen
        Names of the categories foreseen.
    interest
        Days on which they viewed, put in the cart, wished for or searched a category; ``""`` for anything.
    bands
        Age, income and the like as numbers, ``(n_customers, n_bands)``; NaN where not told.
    planned
        What is planned for the weeks ahead, and whose habits it meets.
    """

    customers: tuple[str, ...]
    today: int
    every: Stream
    categories: Mapping[str, Stream]
    foreseen: tuple[str, ...]
    interest: Mapping[str, Stream] = field(default_factory=dict)
    bands: Floats | None = None
    planned: Planned | None = None

    @property
    def start(self) -> int:
        """Return the first day that anybody bought."""
        return int(self.every.day.min()) if len(self.every.day) else self.today

    def stream(self, category: str | None) -> Stream:
        """Return the days on which a category was bought; None for anything."""
        return self.every if category is None else self.categories[category]

    def known(self, day: int) -> Ints:
        """Return the customers who had bought something before a day."""
        return np.flatnonzero(np.nan_to_num(self.every.first, nan=np.inf) < day)


def recall(
    bought: Purchases, category: Ints, names: Sequence[str], foreseen: Sequence[str], *, cut: Floats, plans: Plans = NOTHING
) -> History:
    """Return the history of some purchases.

    Parameters
    ----------
    bought
        Order lines.
    category
        Place in ``names`` of each product's category, ``(n_products,)``.
    foreseen
        Categories foreseen, some of ``names``.
    cut
        Money off the list price of each line, ``(n_lines,)``.
    plans
        Promotions and campaigns by product.
    """
    sold = bought.sold
    customer, product, day = bought.customer[sold], bought.product[sold], bought.day[sold]
    money, off = np.nan_to_num(bought.revenue[sold]), np.nan_to_num(cut[sold])
    count = len(bought.customers)
    kind = category[product] if len(category) else product
    early = day < (int(day.min()) + bought.today) // 2 if len(day) else day < 0
    often = np.argsort(-np.bincount(kind[early], minlength=len(names)), kind="stable")[:RELATED]
    wanted = [names.index(name) for name in foreseen]
    streams = {}
    for place in dict.fromkeys([*wanted, *(int(place) for place in often)]):
        rows = kind == place
        streams[names[place]] = stream(count, customer[rows], day[rows], money[rows], off[rows])
    planned = None
    if plans.any:
        group = np.full(len(names), -1)
        group[wanted] = np.arange(len(wanted))
        planned = Planned(plans, count, tuple(foreseen), customer, product, day, group[kind])
    every = stream(count, customer, day, money, off)
    return History(bought.customers, bought.today, every, streams, tuple(foreseen), planned=planned)


def with_told(past: History, *, interest: Mapping[str, Stream], bands: Floats | None) -> History:
    """Return a history with what customers looked at and told of themselves."""
    return replace(past, interest=interest, bands=bands)


def most_revenue(bought: Purchases, category: Ints, names: Sequence[str], most: int) -> tuple[str, ...]:
    """Return the categories with most revenue, or most lines where no money is known; ties by name."""
    lines = bought.sold & (bought.day < bought.today)
    worth = np.where(bought.revenue.any(), bought.revenue, 1.0)[lines]
    total = np.bincount(category[bought.product[lines]], weights=worth, minlength=len(names))
    order = np.argsort(-total, kind="stable")[:most]
    return tuple(names[place] for place in order if total[place] > 0)


def bands(table: pa.Table, customers: Sequence[str]) -> Floats | None:
    """Return what customers told of themselves, a table ``customers``, as numbers; None where it holds no row."""
    place = pc.index_in(pa.array(customers, pa.string()), value_set=table["customer"].combine_chunks())
    told = [_ordered(table[name].combine_chunks().take(place)) for name in BANDS]
    return np.column_stack(told) if table.num_rows else None


def interest(
    inputs: Inputs, bought: Purchases, category: Ints, names: Sequence[str], foreseen: Sequence[str]
) -> dict[str, Stream]:
    """Return the days on which customers showed interest, by category foreseen, and ``""`` for anything."""
    if not inputs.has("events"):
        return {}
    table = inputs.table("events")
    table = table.filter(pc.and_(pc.is_in(table["kind"], pa.array(INTEREST)), pc.is_valid(table["customer"])))
    who = pc.index_in(table["customer"], value_set=pa.array(bought.customers, pa.string()))
    what = pc.index_in(table["product"], value_set=pa.array(bought.products, pa.string()))
    customer = pc.fill_null(who, -1).to_numpy().astype(np.int64)
    product = pc.fill_null(what, -1).to_numpy().astype(np.int64)
    day = table["time"].to_numpy().astype("datetime64[D]").astype(np.int64)
    known = (customer >= 0) & (day < bought.today)
    kind = np.where(product >= 0, np.r_[category, -1][product], -1)
    chosen = {"": known} | {name: known & (kind == names.index(name)) for name in foreseen}
    zeros = np.zeros(len(day))
    return {
        name: stream(len(bought.customers), customer[rows], day[rows], zeros[rows], zeros[rows])
        for name, rows in chosen.items()
    }


def _ordered(values: pa.Array) -> Floats:
    """Return bands as numbers that rise with the first number in them, such as 25 for '25-34'; texts by the alphabet."""
    words = values.to_pylist()
    known = sorted({word for word in words if word is not None}, key=lambda word: (_number(word), word))
    rank = {word: float(place) for place, word in enumerate(known)}
    return np.array([rank.get(word, np.nan) if word is not None else np.nan for word in words], dtype=np.float64)


def _number(word: str) -> float:
    found = re.search(r"\d+", word)
    below = word.lower().startswith(("under", "less", "<"))
    return (float(found.group()) - (0.5 if below else 0.0)) if found else float("inf")
