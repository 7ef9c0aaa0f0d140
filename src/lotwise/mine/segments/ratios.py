"""The rates that describe a customer: each order's part in them, and the words for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.segments.feature import Feature
from lotwise.mine.segments.rates import Rate, rate, returned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from lotwise.mine.segments.lines import Labels, Lines

MOST_CATEGORIES = 15
"""Categories told apart: the largest by revenue."""

MOST_PLACES = 6
"""Places of which each one's share is a feature; of more, only how many a customer buys at."""

MOST_VALUES = 8
"""Values of one option told apart."""

LEAST_SHARE = 0.02
"""Names that bear less of the lines or revenue are not told apart."""

FIXED, ALWAYS = 0.9, 0.95
"""Where this share of customers buy this share at one place, place describes and does not divide."""

SATURDAY, MORNING, EVENING = 5, 12, 17

Found = tuple[Feature, Rate]


@dataclass(frozen=True)
class Orders:
    """Orders with at least one sale that stood.

    Parameters
    ----------
    lines
        The lines they are made of.
    rows
        Lines that are such sales.
    of
        Order of each of these, numbered from 0.
    whose
        Customer of each order.
    revenue
        Money of each of the rows, 0 at least.
    """

    lines: Lines
    rows: NDArray[np.int64]
    of: NDArray[np.int64]
    whose: NDArray[np.int64]
    revenue: NDArray[np.float64]

    def total(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of a weight of the rows in each order."""
        return np.bincount(self.of, weights=weight, minlength=len(self.whose)).astype(float)

    def rate(self, above: NDArray[np.float64], below: NDArray[np.float64]) -> Rate:
        """Return the ratio of two sums over each customer's orders."""
        return rate(self.whose, above, below, len(self.lines.customers))


def orders(lines: Lines) -> Orders:
    """Return the orders that hold a sale that stood; one number used by two customers is two orders."""
    rows = np.flatnonzero(lines.sold)
    whose = lines.customer[rows]
    key = whose * (int(lines.order.max(initial=0)) + 1) + lines.order[rows]
    _, first, of = np.unique(key, return_index=True, return_inverse=True)
    return Orders(lines, rows, of, whose[first], np.maximum(lines.revenue[rows], 0))


def ratios(found: Orders) -> Iterator[Found]:
    """Yield every rate that the lines tell of."""
    lines, rows = found.lines, found.rows
    money, units = found.total(found.revenue), found.total(np.maximum(lines.units[rows], 0))
    one = np.ones(len(found.whose))
    yield Feature("revenue an order", "large orders", "small orders", "order size", "log"), found.rate(money, one)
    yield Feature("price of one unit", "high prices", "low prices", "price", "log"), found.rate(money, units)
    if lines.discount is not None:
        off = found.total(np.maximum(lines.discount[rows], 0))
        yield Feature("share of discount", "much discount", "little discount", "discount", "root"), found.rate(off, money + off)
    if lines.returned.any():
        yield _returns(lines)
    yield from _times(found)
    yield from _categories(found)
    yield from _places(found)
    yield from _options(found)


def _returns(lines: Lines) -> Found:
    units, count = np.abs(lines.units), len(lines.customers)
    back = np.bincount(lines.customer[lines.returned], weights=units[lines.returned], minlength=count).astype(float)
    bought = np.bincount(lines.customer[lines.sold], weights=units[lines.sold], minlength=count).astype(float)
    return Feature("share of units returned", "many returns", "few returns", "returns", "root"), returned(back, bought)


def _times(found: Orders) -> Iterator[Found]:
    """Yield the shares of orders on weekends, before noon and in the evening."""
    first = np.empty(len(found.whose), dtype=np.int64)
    first[found.of[::-1]] = found.rows[::-1]
    one = np.ones(len(first))
    weekend = (found.lines.day[first] + 3) % 7 >= SATURDAY  # 1970-01-01 was a Thursday
    weekends = Feature("share of orders on weekends", "weekends", "weekdays", "weekday", "root")
    yield weekends, found.rate(weekend.astype(float), one)
    if found.lines.hour is None:
        return
    hour = found.lines.hour[first]
    early = Feature("share of orders before noon", "mornings", "rarely mornings", "hour", "root")
    yield early, found.rate((hour < MORNING).astype(float), one)
    late = Feature("share of orders from 5 pm", "evenings", "rarely evenings", "hour", "root")
    yield late, found.rate((hour >= EVENING).astype(float), one)


def _categories(found: Orders) -> Iterator[Found]:
    """Yield the share of revenue in each of the largest categories."""
    labels = found.lines.labels.get("category")
    if labels is None:
        return
    for name, above, below in _shares(found, labels, found.revenue, MOST_CATEGORIES):
        yield Feature(f"share of {name}", f"much {name}", f"little {name}", "category", "root"), found.rate(above, below)


def _places(found: Orders) -> Iterator[Found]:
    """Yield the share of orders at each place and region, where there are few.

    Where customers keep to one region, it is not what they do but where they live: neither it nor its places divide them.
    """
    region, location = (_shares_at(found, label) for label in ("region", "location"))
    moves = {"region": _moves(found, region), "location": _moves(found, location)}
    if region and location and not moves["region"] and _lies_within(found.lines.labels):
        moves["location"] = False
    for label, shares in (("region", region), ("location", location)):
        if label == "region" and [share.value.tobytes() for _, share in region] == [s.value.tobytes() for _, s in location]:
            continue
        for name, share in shares:
            yield Feature(f"share of orders at {name}", f"at {name}", f"rarely at {name}", label, "root", moves[label]), share


def _shares_at(found: Orders, label: str) -> list[tuple[str, Rate]]:
    labels = found.lines.labels.get(label)
    if labels is None or len(labels.names) > MOST_PLACES:
        return []
    once = np.bincount(found.of, minlength=len(found.whose))[found.of]
    return [(name, found.rate(*pair)) for name, *pair in _shares(found, labels, 1.0 / once, MOST_PLACES)]


def _moves(found: Orders, shares: list[tuple[str, Rate]]) -> bool:
    """Return whether many customers buy at more than one place."""
    if not shares:
        return False
    most = np.max([np.maximum(share.value, 1 - share.value) for _, share in shares], axis=0)
    return float((most[np.unique(found.whose)] >= ALWAYS).mean()) < FIXED


def _lies_within(labels: Mapping[str, Labels]) -> bool:
    """Return whether each location goes with one region only."""
    inner, outer = labels["location"], labels["region"]
    pairs = np.unique(inner.place * (len(outer.names) + 1) + outer.place)
    return len(pairs) == len(np.unique(inner.place))


def _options(found: Orders) -> Iterator[Found]:
    """Yield the share of lines with each value of each option."""
    for option, labels in found.lines.options.items():
        for name, above, below in _shares(found, labels, np.ones(len(found.rows)), MOST_VALUES):
            words = f"{_plain(option)} {name}"
            yield Feature(f"share with {words}", words, f"rarely {words}", "option", "root"), found.rate(above, below)


def _shares(
    found: Orders, labels: Labels, weight: NDArray[np.float64], most: int
) -> Iterator[tuple[str, NDArray[np.float64], NDArray[np.float64]]]:
    """Yield the largest names, with what each order bears of each and of all; of two names that share all, the larger."""
    place = labels.place[found.rows]
    known = place >= 0
    mass = np.bincount(place[known], weights=weight[known], minlength=len(labels.names))
    if (mass > 0).sum() <= 1:
        return
    largest = np.argsort(-mass, kind="stable")[:most]
    kept = largest[mass[largest] >= LEAST_SHARE * mass.sum()]
    pair = 2
    if (mass > 0).sum() == pair:
        kept = kept[:1]
    below = found.total(np.where(known, weight, 0.0))
    for number in kept:
        yield _plain(labels.names[number]), found.total(np.where(place == number, weight, 0.0)), below


def _plain(name: str) -> str:
    """Return a name as it reads within a sentence; commas part the words of a segment's name."""
    return " ".join((name.lower() if name.isupper() and len(name) > 3 else name).replace(",", " ").split())  # noqa: PLR2004
