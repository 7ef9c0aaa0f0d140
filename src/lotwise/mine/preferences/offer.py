"""From a fitted model to a market: what each alternative is worth now, and what one unit of it earns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.preferences.line import LISTED, Line, best, every
from lotwise.mine.preferences.market import Market, outside_worth, shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.preferences.model import Model
    from lotwise.mine.preferences.sets import Sets

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]

NOW = 13
"""Weeks at the end whose prices and promotions are those of now."""

ASSUMED = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
"""Shares of customers who take nothing under which the line is found again, to see whether it stays the same."""

DRAWS = 50
"""Draws of a mixed logit's tastes that stand for its customers in a market."""


@dataclass(frozen=True)
class Plan:
    """The line that earns most, beside offering all.

    Parameters
    ----------
    market
        The market it was found in.
    line
        The line.
    now, then
        Share of customers who take each alternative with all offered, and with the line, ``(n_alternatives,)``.
    steady
        Share of other assumptions on those who take nothing under which each is kept, or left out, just as well.
    outside
        Share of customers who take nothing with all offered, assumed.
    """

    market: Market
    line: Line
    now: Reals
    then: Reals
    steady: Reals
    outside: float


def recent(sets: Sets) -> Sets:
    """Return the choices of the last weeks."""
    return sets.select(sets.week > sets.week.max() - NOW) if len(sets) else sets


def worth_now(model: Model, sets: Sets) -> tuple[Reals, Reals]:
    """Return exp(utility) of each alternative at the mean attributes of the last weeks, and the groups' shares.

    Parameters
    ----------
    model
        A model of the choice.
    sets
        Its choices.

    Returns
    -------
    tuple
        ``(n_groups, n_alternatives)``, 0 for what was not on sale; ``(n_groups,)``.
    """
    there, mean = mean_now(model, sets)
    utility = model.worths[:DRAWS] @ mean.T
    raised = np.exp(utility - utility.max(axis=1, keepdims=True))
    return np.where(there, raised, 0.0), model.shares[:DRAWS] / model.shares[:DRAWS].sum()


def mean_now(model: Model, sets: Sets) -> tuple[Flags, Reals]:
    """Return what was on sale in the last weeks, and its mean attributes there, ``(n_alternatives, n_attributes)``."""
    last = recent(sets).keep(model.names)
    weight = last.counts().sum(axis=1)[:, None] * last.available
    total = weight.sum(axis=0)
    mean = np.einsum("sj,sjk->jk", weight, last.offered) / np.maximum(total, 1e-300)[:, None]
    return total > 0, mean


def taken_now(model: Model, sets: Sets) -> tuple[Reals, Reals]:
    """Return the share of each alternative in the last weeks' sets in each group: its worth, rules and all, and the groups."""
    last = recent(sets)
    weight = last.counts().sum(axis=1)
    taken = np.tensordot(model.by_group(last)[:DRAWS], weight, axes=([1], [0])) / max(weight.sum(), 1.0)
    return taken, model.shares[:DRAWS] / model.shares[:DRAWS].sum()


def market(model: Model, sets: Sets, margin: Reals, worth: tuple[Reals, Reals], always: Flags, outside: float) -> Market:
    """Return the market in which the given share takes nothing when all is offered.

    Parameters
    ----------
    model, sets
        The model, and its choices.
    margin
        Money one unit of each alternative earns.
    worth
        What ``worth_now`` or ``taken_now`` gives.
    always
        Alternatives that stay whatever is decided.
    outside
        Share of customers who take nothing.
    """
    worths, groups = worth
    nest, dissimilarity = _nests(model)
    made = Market(sets.alternatives, margin, worths, np.ones(len(groups)), groups / groups.sum(), always, nest, dissimilarity)
    return replace(made, outside=outside_worth(worths, outside, made))


def plan(made: Market, *, most: int, outside: float) -> Plan:
    """Return the line that earns most, and under which other assumptions it would be the same.

    Parameters
    ----------
    made
        The market.
    most
        Most alternatives; 0: any number.
    outside
        Share of customers who take nothing that the market was made with.
    """
    line = best(made, most=most)
    offered = made.worth.sum(axis=0) > 0
    now, then = shares(made, np.stack([offered, line.kept]))
    others = [share for share in ASSUMED if abs(share - outside) > 1e-9]  # noqa: PLR2004  rounding
    same, free = np.zeros(len(made.names)), int((~made.fixed).sum())
    for share in others:
        other = replace(made, outside=outside_worth(made.worth, share, made))
        found = every(other, most=most) if free <= LISTED else best(other, most=most)
        same += found.kept == line.kept
    return Plan(made, line, now, then, same / len(others), outside)


def _nests(model: Model) -> tuple[NDArray[np.int64] | None, Reals | None]:
    from lotwise.mine.choice.nested import Nests  # noqa: PLC0415  only where there are nests

    if model.fitted is None or not isinstance(model.fitted.form, Nests):
        return None, None
    form = model.fitted.form
    return form.nest, form.dissimilarity(model.fitted.coefficients)
