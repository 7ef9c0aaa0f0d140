"""What a method is asked, and what it answers: a task in, a curve out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lotwise.config import Forecast
    from lotwise.forecast.design import Design
    from lotwise.forecast.panel import Array, Mask


@dataclass(frozen=True)
class Task:
    """Demand as of one week, what may be known of it, and how far ahead it is wanted.

    Parameters
    ----------
    design
        Demand and features of all weeks; a method reads nothing that came after ``end``.
    end
        Place of the last known week.
    names
        Sources a method may be told, in order.
    params
        ``[forecast]``.
    seed
        Of anything random.
    """

    design: Design
    end: int
    names: tuple[str, ...]
    params: Forecast
    seed: int = 0

    @property
    def units(self) -> Array:
        """Demand up to the cutoff, absent before a series begins; ``(n_series, end + 1)``."""
        return self.design.units[:, : self.end + 1]

    @property
    def horizon(self) -> int:
        """Weeks ahead."""
        return self.design.horizon

    @property
    def season(self) -> int:
        """Weeks after which a season comes again; 1 where there is none."""
        return self.design.season


@dataclass(frozen=True)
class Curve:
    """A forecast of all series from one cutoff.

    Parameters
    ----------
    mean
        Expected units; ``(n_series, horizon)``.
    quantiles
        Rising, never negative; ``(n_series, horizon, n_levels)``.
    errors
        Scaled errors of past paths; ``(n_series, horizon, n_origins)``. None where the forecast is the
        series' own history.
    """

    mean: Array
    quantiles: Array
    errors: Array | None = None


Make = Callable[[Task], Curve | None]
"""A method: the curve of a task, or None where there is too little history to learn from."""


def whole(units: Array) -> Mask:
    """Return which series have only ever been asked for in whole units; ``(n_series,)``."""
    return np.asarray((np.isnan(units) | (units == np.rint(units))).all(axis=1))


def counted(values: Array, units: Array) -> Array:
    """Return demands of each series, rounded where its own have only ever been whole units.

    Half of a dear unit that sells once a year is no demand, yet a plan in fractions would make it.

    Parameters
    ----------
    values
        ``(n_series, ...)``.
    units
        Demand up to the cutoff; ``(n_series, n_weeks)``.
    """
    rows = whole(units).reshape(-1, *(1,) * (values.ndim - 1))
    return np.where(rows, np.rint(values), values)
