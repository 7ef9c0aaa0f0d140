"""What each customer does, in numbers with names a planner reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.segments.feature import Feature
from lotwise.mine.segments.ratios import MOST_PLACES, orders, ratios

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lotwise.mine.segments.lines import Lines


@dataclass(frozen=True)
class Behavior:
    """Customers and their features.

    Parameters
    ----------
    customers
        Names, sorted.
    features
        What the columns say.
    values
        The features, as they are shown, ``(n_customers, n_features)``.
    own
        How much of a customer's difference from the mean is their own and not chance, from 0 to 1, same shape.
    recency, orders, revenue
        Days since the last order, orders and revenue so far, ``(n_customers,)``; absent for features that were given ready.
    """

    customers: tuple[str, ...]
    features: tuple[Feature, ...]
    values: NDArray[np.float64]
    own: NDArray[np.float64]
    recency: NDArray[np.float64] | None = None
    orders: NDArray[np.float64] | None = None
    revenue: NDArray[np.float64] | None = None


def describe(lines: Lines) -> Behavior:
    """Return the features of every customer with at least one sale that stood.

    Rates, such as the share of discount, are ratios of sums over a customer's orders; with them comes how sure they are,
    so that one order tells less than fifty.
    """
    count = len(lines.customers)
    found = orders(lines)
    ordered = np.bincount(found.whose, minlength=count).astype(float)
    keep = np.flatnonzero(ordered > 0)
    last = np.full(count, lines.today)
    last[keep] = -1
    np.maximum.at(last, lines.customer[found.rows], lines.day[found.rows])
    recency = (lines.today - last).astype(float)
    stands = lines.sold | lines.returned
    revenue = np.bincount(lines.customer[stands], weights=lines.revenue[stands], minlength=count).astype(float)
    amounts = [
        (Feature("days since the last order", "long ago", "recently", "recency", "log"), recency),
        (Feature("orders", "often", "seldom", "activity", "log"), ordered),
        (Feature("revenue", "spends much", "spends little", "activity", "log"), revenue),
        *_breadth(lines),
    ]
    rates = [(feature, rate.take(keep)) for feature, rate in ratios(found)] if len(keep) else []
    return Behavior(
        customers=tuple(lines.customers[i] for i in keep),
        features=(*(feature for feature, _ in amounts), *(feature for feature, _ in rates)),
        values=np.column_stack([*(values[keep] for _, values in amounts), *(rate.value for _, rate in rates)]),
        own=np.column_stack(
            [*(np.ones(len(keep)) for _ in amounts), *(rate.own(logs=feature.scale == "log") for feature, rate in rates)]
        ),
        recency=recency[keep],
        orders=ordered[keep],
        revenue=revenue[keep],
    )


def _breadth(lines: Lines) -> Iterator[tuple[Feature, NDArray[np.float64]]]:
    """Yield how many categories, and how many places where there are many, each customer bought in."""
    for label, least, feature in (
        ("category", 1, Feature("different categories", "many categories", "few categories", "activity", "log")),
        ("location", MOST_PLACES, Feature("different places", "many places", "few places", "location", "log")),
    ):
        labels = lines.labels.get(label)
        if labels is None or len(labels.names) <= least:
            continue
        known = lines.sold & (labels.place >= 0)
        pairs = np.unique(lines.customer[known] * len(labels.names) + labels.place[known])
        yield feature, np.bincount(pairs // len(labels.names), minlength=len(lines.customers)).astype(float)
