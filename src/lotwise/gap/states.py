"""Which settled states say what: the base, the subsets of the sources, and fits made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.gap.interval import total
from lotwise.tables.forecasted import JOINED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.gap.value import Cells, Value

NONE, RECENT, METHOD, NOW = "none", "recent", "method", "now"
BASES = {
    NONE: "each product's own past demand, all weeks equally likely",
    RECENT: "the demand of each product's last 13 weeks, all equally likely",
}
"""The plans without any data but a product's own past: sample average approximations (SAA)."""


def base(value: Value) -> str | None:
    """Return the state that stands for knowing nothing: whichever of ``BASES`` earned more; None where neither was settled.

    The better one is taken after the fact, which makes the base stronger than anyone could have chosen it, and what is
    said to be gained over it smaller.
    """
    settled = [state for state in BASES if state in value.profit]
    return max(settled, key=lambda state: total(value.profit[state]), default=None)


def subsets(value: Value, names: Sequence[str]) -> dict[frozenset[str], str]:
    """Return the state in which just these sources were told, for every subset of the sources that was settled."""
    found = {frozenset(): METHOD, frozenset(names): NOW}
    found |= {frozenset(names[:place]): f"upto-{name}" for place, name in enumerate(names[:-1], start=1)}
    found |= {frozenset(names) - {name}: f"now-{name}" for name in names if f"now-{name}" in value.profit}
    for state in value.profit:
        told = state.removeprefix("with-").split(JOINED) if state.startswith("with-") else []
        if told and set(told) <= set(names):
            found.setdefault(frozenset(told), state)
    return {some: state for some, state in found.items() if state in value.profit}


def noise(value: Value) -> float | None:
    """Return how far money moves when the same model learns again with another seed: one standard deviation.

    It is that of a difference of two fits over all windows, whose fits are independent: the root of the sum over windows of
    (V(again) - V(now)) squared, over all repeats; None where nothing was learned again.
    """
    again = [state for state in value.profit if state.startswith("again-")]
    if not again:
        return None
    squares = []
    for state in again:
        by_week = value.gain(state, NOW).sum(axis=0)
        squares.append(np.square(np.bincount(value.windows, weights=by_week)).sum())
    return float(np.sqrt(np.mean(squares)))


def combined(figures: Mapping[str, Cells], weights: Mapping[str, float]) -> Cells:
    """Return the sum of weight x figure over states, cell by cell."""
    parts = [weight * figures[state] for state, weight in weights.items()]
    found: Cells = np.sum(parts, axis=0)
    return found


def mean(figures: Mapping[str, Cells], weights: Mapping[str, float]) -> float | None:
    """Return the mean of the same sum over the cells in which every state has a figure; None where a state has none."""
    if not weights or not set(weights) <= set(figures):
        return None
    cells = combined(figures, weights)
    known = np.isfinite(cells)
    return float(cells[known].mean()) if known.any() else None
