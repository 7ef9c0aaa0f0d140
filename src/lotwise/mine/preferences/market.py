"""A market: what each alternative is worth to each group of customers, and what it earns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import ContractError, breaches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Market:
    """What can be offered, to whom, and what one unit earns.

    Parameters
    ----------
    names
        The alternatives.
    margin
        Money one unit of each earns, ``(n_alternatives,)``.
    worth
        exp(utility) of each alternative to each group of customers, ``(n_groups, n_alternatives)``; the groups are the
        latent classes of a model, the draws of a mixed logit, or one.
    outside
        exp(utility) of taking nothing, ``(n_groups,)``; above 0.
    weight
        Share of customers in each group, ``(n_groups,)``; sums to 1.
    always
        Which alternatives are offered whatever is decided, ``(n_alternatives,)``; default: none.
    nest, dissimilarity
        Nest of each alternative, ``(n_alternatives,)``, and the dissimilarity of each nest in (0, 1], ``(n_nests,)``, for a
        nested logit; default: no nests. Taking nothing is a nest of its own.

    Raises
    ------
    ContractError
        Shapes do not fit, a number is not finite, or a worth, weight or dissimilarity is out of its range.
    """

    names: tuple[str, ...]
    margin: Reals
    worth: Reals
    outside: Reals
    weight: Reals
    always: Flags | None = None
    nest: NDArray[np.int64] | None = None
    dissimilarity: Reals | None = None

    def __post_init__(self) -> None:
        """Check shapes and ranges."""
        found = _wrong(self)
        if found:
            raise ContractError(breaches("This market cannot be", found))

    @property
    def fixed(self) -> Flags:
        """Which alternatives are offered whatever is decided."""
        return np.zeros(len(self.names), dtype=bool) if self.always is None else self.always


def shares(market: Market, offered: Flags) -> Reals:
    """Return the share of customers who take each alternative under each offer, ``(n_offers, n_alternatives)``.

    Parameters
    ----------
    market
        The market.
    offered
        Which alternatives are offered, ``(n_offers, n_alternatives)``. What is missing to 1 takes nothing.
    """
    total = np.zeros(offered.shape)
    for group, weight in enumerate(market.weight):
        total += weight * _group_shares(market, group, offered)
    return total


def earned(market: Market, offered: Flags) -> Reals:
    """Return the margin of one customer under each offer, ``(n_offers,)``."""
    found: Reals = shares(market, offered) @ market.margin
    return found


def outside_worth(worth: Reals, share: float, market: Market | None = None) -> Reals:
    """Return the worth of nothing at which the given share of every group takes nothing when all is offered.

    Parameters
    ----------
    worth
        exp(utility), ``(n_groups, n_alternatives)``.
    share
        Share of customers who take nothing, in (0, 1); sales do not show it, so it is assumed.
    market
        A market whose nests hold; default: no nests.
    """
    inside = worth.sum(axis=1)
    if market is not None and market.nest is not None and market.dissimilarity is not None:
        sums = _nest_sums(market, worth)
        inside = (sums**market.dissimilarity).sum(axis=1)
    found: Reals = inside * share / (1 - share)
    return found


def _group_shares(market: Market, group: int, offered: Flags) -> Reals:
    worth = market.worth[group] * offered
    if market.nest is None or market.dissimilarity is None:
        return np.asarray(worth / (market.outside[group] + worth.sum(axis=1))[:, None], dtype=np.float64)
    curve = market.dissimilarity[market.nest]
    inner = np.where(offered, market.worth[group] ** (1 / curve), 0.0)
    sums = _nest_sums(market, worth)
    whole = market.outside[group] + (sums**market.dissimilarity).sum(axis=1)
    within = np.divide(inner, sums[:, market.nest], out=np.zeros_like(inner), where=inner > 0)
    return np.asarray(within * (sums**market.dissimilarity)[:, market.nest] / whole[:, None], dtype=np.float64)


def _nest_sums(market: Market, worth: Reals) -> Reals:
    """Return the sum of worth^(1 / dissimilarity) over each nest, ``(n_rows, n_nests)``."""
    assert market.nest is not None  # noqa: S101  for the type checker: both callers have looked
    assert market.dissimilarity is not None  # noqa: S101  the same
    inner = worth ** (1 / market.dissimilarity[market.nest])
    member = market.nest[:, None] == np.arange(len(market.dissimilarity))
    found: Reals = inner @ member
    return found


def _wrong(market: Market) -> list[str]:
    count, groups = len(market.names), len(market.weight)
    shapes = {"margin": (count,), "worth": (groups, count), "outside": (groups,), "weight": (groups,)}
    found = [
        f"'{name}' has shape {getattr(market, name).shape}, expected {shape}"
        for name, shape in shapes.items()
        if getattr(market, name).shape != shape
    ]
    found += [f"'{name}' holds numbers that are not finite" for name in shapes if not np.isfinite(getattr(market, name)).all()]
    if found:
        return found
    if count == 0 or groups == 0:
        return ["it has no alternative or no group of customers"]
    if (market.worth < 0).any():
        found.append("'worth' is exp(utility) and cannot be below 0")
    if (market.outside <= 0).any():
        found.append("'outside' must be above 0: some customers take nothing, whatever is offered")
    if (market.weight < 0).any() or abs(market.weight.sum() - 1) > 1e-6:  # noqa: PLR2004  rounding
        found.append(f"'weight' must be shares that sum to 1, it sums to {market.weight.sum():.4g}")
    if market.dissimilarity is not None and not ((market.dissimilarity > 0) & (market.dissimilarity <= 1)).all():
        found.append("'dissimilarity' must lie in (0, 1]")
    return found
