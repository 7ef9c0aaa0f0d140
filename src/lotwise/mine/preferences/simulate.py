"""Shares under another offer and other prices, with intervals by the uncertainty of the part-worths."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.preferences.market import shares
from lotwise.mine.preferences.offer import market

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.preferences.model import Model
    from lotwise.mine.preferences.sets import Sets

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]

NOBODY = 1e-12
"""Share of those who take nothing that stands for none."""

DRAWS = 200
"""Draws of the part-worths from their covariance that an interval of shares is read from (Krinsky & Robb, 1986)."""


def simulated(
    model: Model,
    sets: Sets,
    now: tuple[Reals, Flags],
    then: tuple[Reals, Flags],
    outside: float,
    rng: np.random.Generator,
) -> tuple[Reals, Reals, Reals]:
    """Return the share of each alternative with another offer, and both ends of its 95 % interval.

    Parameters
    ----------
    model, sets
        The model, and its choices.
    now, then
        Attributes ``(n_alternatives, n_attributes)`` and which alternatives are offered, now and with the other offer.
    outside
        Share of those who come that take nothing with the offer of now; 0: nobody ever does.
    rng
        For the draws. The dissimilarities of nests, and a mixed logit, are taken as they were estimated.
    """
    found = np.array([_shares(model, sets, worths, now, then, outside) for worths in _draws(model, rng)])
    if len(found) == 1:
        return found[0], found[0], found[0]
    low, high = np.quantile(found[1:], [0.025, 0.975], axis=0)
    return found[0], low, high


def _draws(model: Model, rng: np.random.Generator) -> list[Reals]:
    """Return part-worths ``(n_groups, n_attributes)``: as estimated first, then drawn; of a mixed logit as estimated only."""
    found = [model.worths]
    if model.name == "mixed logit":
        return found
    roots = []
    for group in model.groups:
        values, vectors = np.linalg.eigh(group.covariance)
        roots.append(vectors * np.sqrt(np.maximum(values, 0.0)))
    moves = rng.normal(size=(DRAWS, len(roots), len(model.names)))
    return found + [found[0] + np.array([root @ move for root, move in zip(roots, some, strict=True)]) for some in moves]


def _shares(
    model: Model, sets: Sets, worths: Reals, now: tuple[Reals, Flags], then: tuple[Reals, Flags], outside: float
) -> Reals:
    """Return the share of each alternative; nothing is worth what makes its share the one told with all of now offered."""
    before, after = worths @ now[0].T, worths @ then[0].T
    top = np.maximum(before.max(axis=1), after.max(axis=1))[:, None]
    whole = np.where(now[1], np.exp(before - top), 0.0)
    made = market(model, sets, np.zeros(len(now[1])), (whole, model.shares), ~now[1], max(outside, NOBODY))
    found: Reals = shares(replace(made, worth=np.where(then[1], np.exp(after - top), 0.0)), then[1][None])[0]
    return found if outside else np.asarray(found / found.sum())
