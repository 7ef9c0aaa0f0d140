"""The multinomial logit of one option: which value a segment chooses, given what is known of the values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.optimize import minimize
from scipy.special import logsumexp

from lotwise.errors import InputError
from lotwise.forecast.options.choices import NOT_CHOSEN, table, texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.forecast.panel import Array

TASTE_RIDGE = 1e-4
"""Penalty on what an attribute is worth: next to none, it only keeps attributes that say the same apart."""

EXACT = {"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-6}
"""The penalty is small beside the likelihood: a search that stops early leaves constants where attributes should be."""


@dataclass(frozen=True)
class Logit:
    """What each value is worth to each segment.

    Parameters
    ----------
    segments, values
        Names.
    tastes
        What one unit of each attribute is worth, by its name.
    worth
        Utility of each value to each segment; ``(n_segments, n_values)``.
    """

    segments: tuple[str, ...]
    values: tuple[str, ...]
    tastes: dict[str, float]
    worth: Array

    def shares(self) -> pa.Table:
        """Return the columns ``segment, value, take_rate``; the rates of a segment sum to 1."""
        chance = np.exp(self.worth - logsumexp(self.worth, axis=1, keepdims=True))
        return pa.table(
            {
                "segment": np.repeat(np.array(self.segments), len(self.values)),
                "value": np.tile(np.array(self.values), len(self.segments)),
                "take_rate": chance.ravel(),
            }
        )


def logit(
    frame: Any,  # noqa: ANN401  any table
    option: str,
    *,
    segment: str | None = None,
    attributes: Mapping[str, Mapping[str, float]] | None = None,
    offered: Sequence[str] | None = None,
    ridge: float = 1.0,
) -> Logit:
    """Return a multinomial logit of an option's values, by segment.

    The utility of a value is its attributes times their worth, plus a constant of its own, plus one in the segment.
    The constants are held near 0 by the ridge, so that segments with few orders choose as all do, and a value that
    was never sold could not be chosen before: it is judged by its attributes.

    Parameters
    ----------
    frame
        One row a unit sold; pandas, Polars, Arrow or a dict of columns.
    option
        Column of the option.
    segment
        Column of the customer's segment; without it, all customers are one.
    attributes
        Numbers known of each value, such as its extra price, by value and name; 0 where absent.
    offered
        Values that can be chosen from now on; by default those in the frame.
    ridge
        Penalty on half the squared constants; above 0.

    Raises
    ------
    InputError
        The frame is no table, lacks a column, no row can be used, or the ridge is not above 0.

    References
    ----------
    McFadden (1974), Conditional logit analysis of qualitative choice behavior.
    """
    if ridge <= 0:
        raise InputError(f"The ridge is {ridge:g}; expected a number above 0, such as 1")
    data = table(frame, [option, *([segment] if segment else [])])
    chosen = texts(data, option)
    seen = set(chosen.unique().to_pylist())
    values = sorted(seen if offered is None else {str(value) for value in offered} | (seen & {NOT_CHOSEN}))
    names = texts(data, segment) if segment else pa.chunked_array([pa.repeat(pa.scalar("all"), data.num_rows)])
    segments = sorted(names.unique().to_pylist())
    value = pc.fill_null(pc.index_in(chosen, value_set=pa.array(values, pa.string())), -1).to_numpy()
    if not (value >= 0).any():
        raise InputError(f"No row chooses a value of option '{option}' that is offered; it has {', '.join(values) or 'none'}")
    group = pc.index_in(names, value_set=pa.array(segments, pa.string())).to_numpy()
    counts = np.zeros((len(segments), len(values)))
    np.add.at(counts, (group[value >= 0], value[value >= 0]), 1.0)
    sold = counts.any(axis=0)
    known = sorted({name for own in (attributes or {}).values() for name in own})
    cell = [[(attributes or {}).get(name, {}).get(attribute, 0.0) for attribute in known] for name in values]
    told = np.array(cell, float).reshape(len(values), len(known))
    taste, constants = _fit(counts[:, sold], told[sold], ridge)
    worth = np.repeat((told @ taste)[None], len(segments), axis=0)
    worth[:, sold] += constants
    return Logit(tuple(segments), tuple(values), dict(zip(known, taste.tolist(), strict=True)), worth)


def loss(state: Array, counts: Array, attributes: Array, ridge: float) -> tuple[float, Array]:
    """Return the penalized negative log likelihood of a logit, and its gradient.

    Parameters
    ----------
    state
        Worth of the attributes, constants of the values, constants of the values in each segment.
    counts
        Units of each segment and value; ``(n_segments, n_values)``.
    attributes
        ``(n_values, n_attributes)``.
    ridge
        Penalty on the constants.
    """
    taste, common, own = _split(state, counts.shape, attributes.shape[1])
    worth = attributes @ taste + common + own
    total = logsumexp(worth, axis=1, keepdims=True)
    miss = counts.sum(axis=1, keepdims=True) * np.exp(worth - total) - counts
    value = float((counts * (total - worth)).sum())
    value += 0.5 * ridge * float((common**2).sum() + (own**2).sum()) + 0.5 * TASTE_RIDGE * float((taste**2).sum())
    by_value = miss.sum(axis=0)
    slope = [attributes.T @ by_value + TASTE_RIDGE * taste, by_value + ridge * common, (miss + ridge * own).ravel()]
    return value, np.concatenate(slope)


def _fit(counts: Array, attributes: Array, ridge: float) -> tuple[Array, Array]:
    """Return the worth of the attributes, and the constants of each value in each segment."""
    start = np.zeros(attributes.shape[1] + counts.shape[1] + counts.size)
    found = minimize(loss, start, (counts, attributes, ridge), jac=True, method="L-BFGS-B", options=EXACT)
    taste, common, own = _split(found.x, counts.shape, attributes.shape[1])
    return taste, common + own


def _split(state: Array, shape: tuple[int, ...], attributes: int) -> tuple[Array, Array, Array]:
    taste, common, own = np.split(state, [attributes, attributes + shape[1]])
    return taste, common, own.reshape(shape)
