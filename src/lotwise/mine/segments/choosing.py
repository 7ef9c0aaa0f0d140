"""Ways of dividing customers are tried; the one kept is stable under resampling and parts them well."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.segments import dividing
from lotwise.mine.segments.agreement import adjusted_rand, silhouette

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lotwise.config.mining import MineSegments
    from lotwise.mine.segments.dividing import Divider, Division
    from lotwise.mine.segments.features import Behavior

LEARNED = 4000
"""Customers a division is learned from; a sample beyond, and all are assigned."""

SAMPLE = 1000
"""Customers the silhouette is taken over."""

RESAMPLED = 0.8
"""Share of the customers in a resample, drawn without putting back (Ben-Hur, Elisseeff and Guyon, 2002)."""

NEAR, LIKE, SMALLEST = 0.9, 0.02, 0.02
"""The rule: silhouettes of this share of the best, stabilities this close to the best, segments of this share at least."""

PER_CLOUD = 10
"""Customers for each cloud, below which a Gaussian mixture is not tried."""


@dataclass(frozen=True)
class Trial:
    """One way of dividing that was tried.

    Parameters
    ----------
    method
        ``k-means``, ``gaussian mixture``, ``hdbscan`` or ``rfm``.
    division
        What it gave; labels are numbered from 0 without gaps.
    segments
        How many segments it made.
    silhouette, stability
        Mean silhouette on a sample, and mean adjusted Rand index between resamples; absent where not to be had.
    smallest
        Share of customers in the smallest segment.
    """

    method: str
    division: Division
    segments: int
    silhouette: float | None
    stability: float | None
    smallest: float


@dataclass(frozen=True)
class Ground:
    """What every trial is made on.

    Parameters
    ----------
    points
        Customers in components.
    rows
        Those learned from.
    resamples
        Parts of these.
    sample, distances
        Those the silhouette is taken over, and how far apart they are.
    seed
        Seed of the methods' own starts.
    """

    points: NDArray[np.float64]
    rows: NDArray[np.int64]
    resamples: tuple[NDArray[np.int64], ...]
    sample: NDArray[np.int64]
    distances: NDArray[np.float64]
    seed: int


def ground(points: NDArray[np.float64], resamples: int, rng: np.random.Generator) -> Ground:
    """Return the samples that every trial is made on."""
    everyone = np.arange(len(points))
    rows = everyone if len(points) <= LEARNED else np.sort(rng.choice(everyone, LEARNED, replace=False))
    size = max(int(RESAMPLED * len(rows)), 1)
    parts = tuple(np.sort(rng.choice(rows, size, replace=False)) for _ in range(resamples))
    sample = everyone if len(points) <= SAMPLE else np.sort(rng.choice(everyone, SAMPLE, replace=False))
    return Ground(points, rows, parts, sample, _distances(points[sample]), int(rng.integers(2**31)))


def trials(on: Ground, behavior: Behavior, params: MineSegments) -> list[Trial]:
    """Return every way tried: k-means and Gaussian mixtures of each number, HDBSCAN and RFM.

    Only that Gaussian mixture whose BIC is lowest is resampled; the number of the others is not the one its data ask for.

    Parameters
    ----------
    on
        The samples.
    behavior
        The customers' features, for RFM.
    params
        ``[mine.segments]``.
    """
    found = list(_trials(on, behavior, params))
    once = {(trial.method, trial.segments): trial for trial in reversed(found)}
    return [once[key] for key in sorted(once, key=_place)]


def choose(tried: list[Trial], params: MineSegments) -> Trial:
    """Return the trial that segments are made of.

    Of k-means, the Gaussian mixture of the lowest BIC and HDBSCAN, those stay whose smallest segment holds 2 % of the
    customers, and of these those whose silhouette is within 10 % of the best; of the most stable of them, to 0.02, that of the
    largest silhouette is kept. Where the settings name a method, of its trials only.

    Parameters
    ----------
    tried
        Trials of two segments or more, or one of one.
    params
        ``[mine.segments]``.
    """
    if params.method == "rfm":
        return next(trial for trial in tried if trial.method == "rfm")
    known = [trial for trial in tried if trial.method != "rfm" and trial.stability is not None and trial.silhouette is not None]
    if params.segments:
        known = [trial for trial in known if trial.segments == params.segments] or known
    if not known:
        return next(trial for trial in tried if trial.method != "rfm")
    large = [trial for trial in known if trial.smallest >= SMALLEST] or known
    best = max(trial.silhouette or 0.0 for trial in large)
    near = [trial for trial in large if (trial.silhouette or 0.0) >= best - (1 - NEAR) * abs(best)]
    top = max(trial.stability or 0.0 for trial in near)
    stable = [trial for trial in near if (trial.stability or 0.0) >= top - LIKE]
    return max(stable, key=lambda trial: (trial.silhouette or 0.0, -trial.segments))


def beyond_one_cloud(on: Ground, segments: int, found: float, rng: np.random.Generator) -> float:
    """Return how far a silhouette is above that of k-means on one normal cloud, which has no segments to be found.

    Parameters
    ----------
    on
        The samples.
    segments
        How many segments.
    found
        Silhouette of the customers.
    rng
        Draws the cloud.

    References
    ----------
    R. Tibshirani, G. Walther, T. Hastie, Estimating the number of clusters via the gap statistic, Journal of the Royal
    Statistical Society B 63 (2001): a reference without clusters.
    """
    cloud = rng.normal(size=(len(on.rows), on.points.shape[1])) * on.points.std(axis=0)
    labels = dividing.k_means(cloud, segments, on.seed)(np.arange(len(cloud))).labels
    sample = slice(0, len(on.sample))
    none = silhouette(_distances(cloud[sample]), labels[sample])
    return found - (none or 0.0)


def _trials(on: Ground, behavior: Behavior, params: MineSegments) -> Iterator[Trial]:
    counts = [params.segments] if params.segments else list(range(2, params.most + 1))
    distinct = len(np.unique(on.points[on.rows], axis=0)) if on.points.shape[1] else 1
    counts = [count for count in counts if 1 <= count <= max(distinct, 1)]
    wanted = {params.method} if params.method != "auto" else {"k-means", "gaussian mixture", "hdbscan"}
    if "k-means" in wanted:
        for count in counts:
            yield _trial("k-means", dividing.k_means(on.points, count, on.seed), on)
    if "gaussian mixture" in wanted:
        yield from _mixtures(on, [count for count in counts if count * PER_CLOUD <= len(on.rows)])
    if "hdbscan" in wanted and len(on.rows) >= 2 * PER_CLOUD:
        yield _trial("hdbscan", dividing.hdbscan(on.points), on)
    if behavior.recency is not None:
        yield _trial("rfm", dividing.by_rfm(behavior), on)


def _mixtures(on: Ground, counts: list[int]) -> Iterator[Trial]:
    """Yield the Gaussian mixtures; the one of the lowest BIC with its stability."""
    ways = [dividing.gaussian_mixture(on.points, count, on.seed) for count in counts]
    found = [way(on.rows) for way in ways]
    bics = [division.bic if division.bic is not None else np.inf for division in found]
    for place, (way, division) in enumerate(zip(ways, found, strict=True)):
        yield _judged("gaussian mixture", division, on, way if place == int(np.argmin(bics)) else None)


def _trial(method: str, way: Divider, on: Ground) -> Trial:
    return _judged(method, way(on.rows), on, way)


def _judged(method: str, division: Division, on: Ground, way: Divider | None) -> Trial:
    """Return a division with its figures; stability only where there is a way to divide resamples."""
    seen, labels, sizes = np.unique(division.labels, return_inverse=True, return_counts=True)
    names = tuple(division.names[number] for number in seen) if division.names else ()
    tidy = dividing.Division(labels, division.certainty, division.bic, names)
    width = silhouette(on.distances, labels[on.sample])
    stability = None
    if way is not None and len(seen) > 1:
        again = [way(part).labels for part in on.resamples]
        stability = float(np.mean([adjusted_rand(one, other) for one, other in combinations(again, 2)]))
    return Trial(method, tidy, len(seen), width, stability, float(sizes.min() / len(labels)))


def _place(key: tuple[str, int]) -> tuple[int, int]:
    return ("k-means", "gaussian mixture", "hdbscan", "rfm").index(key[0]), key[1]


def _distances(points: NDArray[np.float64]) -> NDArray[np.float64]:
    squares = (points**2).sum(axis=1)
    found: NDArray[np.float64] = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * points @ points.T, 0))
    return found
