"""Why a product is offered, in words that are true: computed from what made its score and its place."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from lotwise.recommend.items import DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lotwise.recommend.blend import Blend, Weights
    from lotwise.recommend.evidence import Evidence
    from lotwise.recommend.supply import Supply

EPOCH = date(1970, 1, 1)
NAMED = 2
"""Products named as the reason for another."""

COLUMNS = 256
"""Products whose similarities are held in memory at once."""

LATELY_DAYS = 28
"""Days that popularity is told over."""

RHYTHM = 3
"""Days with a purchase from which a rhythm can be told."""


def liking(
    model: Blend,
    weights: Weights,
    names: Sequence[str],
    customer: NDArray[np.int64],
    product: NDArray[np.int64],
    *,
    evidence: Evidence | None = None,
) -> list[str]:
    """Return why each customer likes each product: the reason is the part of the score that is largest.

    Parameters
    ----------
    model
        The blend the scores are from.
    weights
        Its weights.
    names
        Name of each of its products, as shown to people, ``(m,)``.
    customer, product
        Places of the pairs to explain in ``model.purchases``, ``(k,)``.
    evidence
        What is known to go together; it is told beside what a product is bought with.
    """
    again = weights.again * np.log1p(np.asarray(model.habits[customer, product]).ravel())
    drawn, friends = _drawn(model, customer, product)
    drawn *= weights.items
    sells = weights.popular * model.level[product]
    days = _days(model, customer, product)
    lately, ever = model.purchases.between(model.end - LATELY_DAYS, model.end).buyers(), model.purchases.buyers()
    words = []
    for k, item in enumerate(product):
        if again[k] > 0 and again[k] >= max(drawn[k], sells[k]):
            words.append(_again(days[k]))
        elif drawn[k] > 0 and drawn[k] >= sells[k] and friends[k]:
            proof = evidence.words(friends[k], item) if evidence else ""
            words.append(f"Bought with {' and '.join(names[friend] for friend in friends[k])}, which you buy{proof}")
        else:
            words.append(_popular(lately[item], ever[item]))
    return words


def place(rank: int, plain_rank: int, product: int, supply: Supply) -> str:
    """Return why a product stands before or behind its place by liking alone; empty where it does not.

    Parameters
    ----------
    rank, plain_rank
        Its place in the list, and by liking alone, from 1.
    product
        Its place in ``supply``.
    supply
        What the plan says.
    """
    if rank < plain_rank:
        free = supply.free[product]
        return f"; moved up: it earns more, and {free} has free hours" if free else "; moved up: it earns more"
    if rank > plain_rank and supply.scarce[product]:
        return f"; moved down: {supply.scarce[product]} is short"
    return ""


def _again(days: NDArray[np.int64]) -> str:
    times = {1: "once", 2: "twice"}.get(len(days), f"{len(days)} times")
    last = (EPOCH + timedelta(days=int(days[-1]))).isoformat()
    if len(days) < RHYTHM:
        return f"You bought it {times}, last on {last}"
    return f"You bought it {times}, last on {last}; usually every {round(median(np.diff(days).tolist()))} days"


def _popular(lately: int, ever: int) -> str:
    count, when = (lately, f"in the last {LATELY_DAYS // 7} weeks") if lately else (ever, "so far")
    return f"Popular: {count} customer{'s' if count > 1 else ''} bought it {when}"


def _days(model: Blend, customer: NDArray[np.int64], product: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the different days on which each customer bought each product."""
    known = model.purchases
    pair = known.customer * known.shape[1] + known.product
    wanted = customer * known.shape[1] + product
    starts, stops = np.searchsorted(pair, wanted, side="left"), np.searchsorted(pair, wanted, side="right")
    return [np.unique(known.day[start:stop]) for start, stop in zip(starts, stops, strict=True)]


def _drawn(
    model: Blend, customer: NDArray[np.int64], product: NDArray[np.int64]
) -> tuple[NDArray[np.float64], list[list[int]]]:
    """Return what the item model gives each pair, and the customer's products that give most of it."""
    x = model.items.x
    total = np.zeros(len(product))
    friends: list[list[int]] = [[] for _ in product]
    offered, column = np.unique(product, return_inverse=True)
    for start in range(0, len(offered), COLUMNS):
        influence = np.round(model.items.influence(offered[start : start + COLUMNS]), DIGITS)
        for k in np.flatnonzero((column >= start) & (column < start + COLUMNS)):
            own = slice(x.indptr[customer[k]], x.indptr[customer[k] + 1])
            given = x.data[own] * influence[x.indices[own], column[k] - start]
            total[k] = given.sum()
            best = np.argsort(-given, kind="stable")[:NAMED]
            friends[k] = [int(x.indices[own][b]) for b in best if given[b] > 0]
    return total, friends
