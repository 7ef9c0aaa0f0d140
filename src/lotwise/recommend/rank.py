"""Which products to offer, in which order: by what they bring, without giving up too much of what is liked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.recommend.lists import top

if TYPE_CHECKING:
    from numpy.typing import NDArray

POOL = 60
"""Products of each customer that may come into the list: so many most liked, and so many that bring most."""

HALVINGS = 20
NEAR = 1e-12


@dataclass(frozen=True)
class Ranking:
    """The lists of some customers; every array is ``(n, length)``.

    Parameters
    ----------
    place
        Which product stands at each rank.
    chance
        The chance that it is bought.
    contribution
        Chance times (margin - capacity cost), in money.
    plain_rank
        Its place by liking alone, from 1.
    """

    place: NDArray[np.int64]
    chance: NDArray[np.float64]
    contribution: NDArray[np.float64]
    plain_rank: NDArray[np.int64]


def rank(
    scores: NDArray[np.float64], chances: NDArray[np.float64], value: NDArray[np.float64], *, length: int, kept: float
) -> Ranking:
    """Return for each customer the list that brings most and keeps a share of the most-liked list's chances.

    Among the lists whose chances sum to at least ``kept`` times those of the most-liked list, one of
    highest contribution is found by a Lagrange multiplier: the products with the highest contribution
    plus multiplier times chance, with the smallest multiplier that keeps enough. Within the list the
    order is by contribution; where every price is 0, that is chance times margin.

    Parameters
    ----------
    scores
        Liking, ``(n, m)``.
    chances
        Chance of being bought, never falling with the score, ``(n, m)``.
    value
        What one unit brings: margin - capacity cost, in money, ``(m,)``.
    length
        Products in a list; fewer where there are fewer products.
    kept
        Share of the most-liked list's chances that is kept at least, between 0 and 1.

    References
    ----------
    H. Everett, Generalized Lagrange multiplier method, Operations Research 11 (1963).
    """
    length = min(length, scores.shape[1])
    liked = top(scores, POOL + length)
    pool, repeat = _union(scores, liked, top(chances * value, POOL + length))
    chance = np.where(repeat, -1.0, _at(chances, pool))
    brings = np.where(repeat, -2.0, _at(chances, pool) * value[pool] / max(np.abs(value).max(), NEAR))
    least = kept * _at(chances, liked[:, :length]).sum(axis=1)
    place = _at(pool, _pick(brings, chance, least, length))
    order = np.lexsort((place, -_at(scores, place), -_at(chances, place) * value[place]), axis=1)
    place = _at(place, order)
    return Ranking(place, _at(chances, place), _at(chances, place) * value[place], _plain_rank(scores, place))


def _at(values: NDArray[Any], places: NDArray[np.int64]) -> NDArray[Any]:
    return np.take_along_axis(values, places, axis=1)


def _union(
    scores: NDArray[np.float64], one: NDArray[np.int64], other: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return both lists of each row, the most liked first and repeats last, and which places are repeats."""
    both = np.sort(np.concatenate([one, other], axis=1), axis=1)
    repeat = np.diff(both, axis=1, prepend=-1) == 0
    order = np.lexsort((both, -_at(scores, both), repeat), axis=1)
    return _at(both, order), _at(repeat, order)


def _pick(
    brings: NDArray[np.float64], chance: NDArray[np.float64], least: NDArray[np.float64], length: int
) -> NDArray[np.int64]:
    """Return the products of each row that bring most and whose chances sum to ``least``, by halving the multiplier.

    What they bring is between -1 and 1, and -2 for places that may not be picked, whose chance is -1.
    The multiplier is ``share / (1 - share)``; at a share of 1 the list is the most-liked one, which always keeps enough.
    """
    low, high = np.full(len(least), -1.0), np.ones(len(least))
    share = np.zeros(len(least))
    for _ in range(HALVINGS):
        picked = top((1 - share)[:, None] * brings + share[:, None] * chance, length)
        enough = _at(chance, picked).sum(axis=1) >= least - NEAR
        high, low = np.where(enough, share, high), np.where(enough, low, share)
        share = np.where(high > 0, (np.maximum(low, 0) + high) / 2, 0.0)
    return top((1 - high)[:, None] * brings + high[:, None] * chance, length)


def _plain_rank(scores: NDArray[np.float64], place: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place each listed product has by score alone, ties by place, from 1."""
    ranks = np.empty(place.shape, dtype=np.int64)
    products = np.arange(scores.shape[1])
    for k in range(place.shape[1]):
        mine, own = place[:, k, None], _at(scores, place[:, k, None])
        ranks[:, k] = 1 + ((scores > own) | ((scores == own) & (products < mine))).sum(axis=1)
    return ranks
