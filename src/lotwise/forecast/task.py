"""What a method is asked, and what it answers: a task in, a curve out."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    fitted
        Place of the last week that learners learn from, at most ``end``; None: ``end``. Between refits it
        stays while ``end`` goes on: the model is kept, its calibration is not.
    kept
        What learners have fitted, by learner, sources and week. Tasks of one design and one
        ``params`` given the same dict share their fits: cutoffs between two refits, and an ensemble with its members. It
        saves time and changes nothing.
    paths
        Whether joint draws will be made of the forecast; without them a method may leave out its error paths.
    """

    design: Design
    end: int
    names: tuple[str, ...]
    params: Forecast
    seed: int = 0
    fitted: int | None = None
    kept: dict[object, object] = field(default_factory=dict, repr=False, compare=False)
    paths: bool = True

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
        series' own history, or nobody asked for them.
    span
        Last weeks of history that the forecast is, where it has no errors; None: all of them.
    """

    mean: Array
    quantiles: Array
    errors: Array | None = None
    span: int | None = None


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


def many(
    make: Make, tasks: Sequence[Task], *, workers: int = 0, progress: Callable[[str, float | None], None] | None = None
) -> list[Curve | None]:
    """Return a method's curve of each task, several made at a time, those that share a fit one after another.

    Parameters
    ----------
    make
        The method.
    tasks
        What is asked of it.
    workers
        Curves made at once, 0: one a core; changes the time it takes and nothing else.
    progress
        Told the share done.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, task in enumerate(tasks):
        shared = (place,) if task.fitted is None else (task.names, task.fitted, task.seed)
        groups.setdefault(shared, []).append(place)
    found: dict[int, Curve | None] = {}
    # One thread of linear algebra a curve: the last bits of a fit must not depend on the number of cores.
    with threadpool_limits(limits=1), ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        for made in pool.map(lambda places: [(place, make(tasks[place])) for place in places], groups.values()):
            found.update(made)
            if progress is not None:
                progress(f"model {len(found)} of {len(tasks)}", len(found) / len(tasks))
    return [found[place] for place in range(len(tasks))]
