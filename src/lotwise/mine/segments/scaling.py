"""Features on one scale, so that each counts for as much as it says of customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.segments.features import Behavior

FARTHEST = 4.0
"""Values farther from the middle count as this far."""

TINY = 1e-9


@dataclass(frozen=True)
class Scaled:
    """Features as customers are divided by them.

    Parameters
    ----------
    points
        One row a customer, one column a feature kept, ``(n_customers, n_kept)``.
    kept
        Places of these features.
    constant, chance
        Names of features left out: the same for all; varying between a customer's orders as much as between customers.
    """

    points: NDArray[np.float64]
    kept: tuple[int, ...]
    constant: tuple[str, ...]
    chance: tuple[str, ...]


def scale(behavior: Behavior) -> Scaled:
    """Return the features that divide customers, on one scale.

    Amounts go by their logarithm, shares by their square root. The median becomes 0 and the standard deviation 1, taken with
    the outermost hundredth at either end drawn in; nothing lies farther off than 4. A customer's difference from the mean
    counts as far as it is their own: a feature that is half chance weighs half.
    """
    columns, kept, constant, chance = [], [], [], []
    for place, feature in enumerate(behavior.features):
        values, own = behavior.values[:, place], behavior.own[:, place]
        if np.ptp(values) <= TINY * max(1.0, float(np.abs(values).max())):
            constant.append(feature.name)
        elif not own.any():
            chance.append(feature.name)
        elif feature.divides:
            columns.append(_column(values, own, feature.scale))
            kept.append(place)
    points = np.column_stack(columns) if columns else np.empty((len(behavior.customers), 0))
    return Scaled(points, tuple(kept), tuple(constant), tuple(chance))


def _column(values: NDArray[np.float64], own: NDArray[np.float64], kind: str) -> NDArray[np.float64]:
    """Return one feature, scaled; by how much is taken from what was seen, so that chance is not blown up."""
    if kind == "log":
        seen = np.log1p(np.maximum(values, 0))
        told = seen.mean() + own * (seen - seen.mean())
    elif kind == "root":
        seen = np.sqrt(np.maximum(values, 0))
        told = np.sqrt(np.maximum(values.mean() + own * (values - values.mean()), 0))
    else:
        seen = values
        told = values.mean() + own * (values - values.mean())
    least, middle, most = np.quantile(seen, [0.01, 0.5, 0.99])
    spread = float(np.clip(seen, least, most).std())
    spread = spread if spread > TINY else float(seen.std())
    found: NDArray[np.float64] = np.clip((told - middle) / spread, -FARTHEST, FARTHEST)
    return found
