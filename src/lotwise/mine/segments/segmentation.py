"""From features to segments: scaled, reduced, divided, numbered and named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from lotwise.mine.segments import migrating, naming
from lotwise.mine.segments.choosing import Trial, beyond_one_cloud, choose, ground, trials
from lotwise.mine.segments.dividing import Division
from lotwise.mine.segments.reducing import reduce
from lotwise.mine.segments.scaling import scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.config.mining import MineSegments
    from lotwise.mine.segments.features import Behavior
    from lotwise.mine.segments.migrating import Before
    from lotwise.mine.segments.reducing import Reduced
    from lotwise.mine.segments.scaling import Scaled

LEAST = 20
"""Customers below which the number of segments is not chosen: all are one, unless a number is asked for."""

APART = 0.05
"""Silhouette above that of one normal cloud, below which segments are cut out of one cloud and not found apart."""


@dataclass(frozen=True)
class Segmentation:
    """Customers in segments.

    Parameters
    ----------
    behavior
        Customers and features.
    labels
        Place of each customer's segment in ``numbers`` and ``names``, the segment with most revenue first.
    certainty
        Chance that the customer belongs there.
    numbers, names
        ``S1``, ``S2``, ... and what sets each apart.
    trials, chosen
        What was tried, and which of it the segments are made of.
    scaled, reduced
        Features as customers were divided by them; absent where all are one segment.
    asked
        Segments asked for, where fewer could be made; else absent.
    apart
        Silhouette above that of one cloud; absent where there is none.
    """

    behavior: Behavior
    labels: NDArray[np.int64]
    certainty: NDArray[np.float64]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    trials: tuple[Trial, ...]
    chosen: Trial
    scaled: Scaled | None = None
    reduced: Reduced | None = None
    asked: int | None = None
    apart: float | None = None

    def note(self) -> str:
        """Return how the segments came to be, in words."""
        told = [self._method()]
        if self.apart is not None and self.apart < APART and self.chosen.method != "rfm":
            told.append("customers lie in one cloud: the lines between segments are drawn, not found")
        if self.asked is not None:
            told.append(f"{self.asked} segments were asked for, of customers so alike no more could be made")
        if self.scaled is not None and self.scaled.constant:
            told.append(f"left out, the same for all: {', '.join(self.scaled.constant)}")
        if self.scaled is not None and self.scaled.chance:
            told.append(f"left out, as different between orders as between customers: {', '.join(self.scaled.chance)}")
        return "; ".join(told)

    def _method(self) -> str:
        if self.reduced is None or self.scaled is None:
            return "all customers are one segment"
        if self.chosen.method == "rfm":
            return "by fifths of recency, frequency and money"
        ways = {"none": "features", "pca": "principal components", "factors": "factors"}
        width = self.reduced.points.shape[1]
        by = f"{self.chosen.method} on {width} {ways[self.reduced.method]}"
        if self.reduced.method != "none":
            by += f" (parallel analysis; {self.reduced.explained:.0%} of the variance of {len(self.scaled.kept)} features)"
        return by


def divide(behavior: Behavior, params: MineSegments, rng: np.random.Generator, before: Before | None = None) -> Segmentation:
    """Return the customers in segments.

    Parameters
    ----------
    behavior
        Customers and features, one customer at least.
    params
        ``[mine.segments]``.
    rng
        Draws samples, resamples and starts.
    before
        The run before: a segment that goes on keeps its number, and its name while each word of it is true.
    """
    import sklearn.cluster  # noqa: F401, PLC0415  slow to import; limits hold for libraries that are loaded

    with threadpool_limits(1):  # sums in several threads end in other last digits
        return _divide(behavior, params, rng, before)


def _divide(behavior: Behavior, params: MineSegments, rng: np.random.Generator, before: Before | None) -> Segmentation:
    scaled = scale(behavior)
    few = len(behavior.customers) < LEAST and params.segments == 0 and params.method != "rfm"
    if few or params.segments == 1 or (not scaled.kept and params.method != "rfm"):
        return _one(behavior, scaled, params)
    reduced = reduce(scaled.points, params.reduce, rng)
    on = ground(reduced.points, params.resamples, rng)
    tried = trials(on, behavior, params)
    if not any(trial.method != "rfm" for trial in tried) and params.method != "rfm":
        return _one(behavior, scaled, params)
    chosen = choose(tried, params)
    apart = None
    if chosen.silhouette is not None:
        apart = beyond_one_cloud(on, chosen.segments, chosen.silhouette, rng)
    labels = _by_revenue(behavior, chosen)
    matched: list[str | None] = [None] * chosen.segments
    if before is not None:
        matched = migrating.match(behavior.customers, labels, chosen.segments, before)
    return Segmentation(
        behavior=behavior,
        labels=labels,
        certainty=chosen.division.certainty,
        numbers=tuple(migrating.number(matched, before)),
        names=_names(behavior, chosen, labels, matched, before),
        trials=tuple(tried),
        chosen=chosen,
        scaled=scaled,
        reduced=reduced,
        asked=params.segments if chosen.segments < params.segments and chosen.method != "rfm" else None,
        apart=apart,
    )


def _one(behavior: Behavior, scaled: Scaled, params: MineSegments) -> Segmentation:
    """Return all customers as one segment."""
    count = len(behavior.customers)
    labels = np.zeros(count, dtype=np.int64)
    trial = Trial("k-means", Division(labels, np.ones(count)), 1, None, None, 1.0)
    asked = params.segments if params.segments > 1 else None
    return Segmentation(behavior, labels, np.ones(count), ("S1",), (naming.ALL,), (trial,), trial, scaled=scaled, asked=asked)


def _by_revenue(behavior: Behavior, chosen: Trial) -> NDArray[np.int64]:
    """Return the labels in the order of revenue, or of customers where no revenue is known."""
    weight = None if behavior.revenue is None else behavior.revenue
    worth = np.bincount(chosen.division.labels, weights=weight, minlength=chosen.segments)
    rank = np.empty(chosen.segments, dtype=np.int64)
    rank[np.argsort(-worth, kind="stable")] = np.arange(chosen.segments)
    return rank[chosen.division.labels]


def _names(
    behavior: Behavior, chosen: Trial, labels: NDArray[np.int64], matched: list[str | None], before: Before | None
) -> tuple[str, ...]:
    if chosen.division.names:
        first = [int(np.flatnonzero(labels == segment)[0]) for segment in range(chosen.segments)]
        return tuple(chosen.division.names[chosen.division.labels[place]] for place in first)
    kept = [None if old is None or before is None else before.names[old] for old in matched]
    return tuple(naming.name(behavior, labels, chosen.segments, kept))
