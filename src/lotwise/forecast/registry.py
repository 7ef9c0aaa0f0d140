"""Every method by name: what it is, whether it is told sources, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import SettingsError, did_you_mean
from lotwise.forecast import direct
from lotwise.forecast.methods import boosted, classic
from lotwise.forecast.task import Curve, Make, Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.forecast.panel import Array


@dataclass(frozen=True)
class Method:
    """One way to forecast.

    Parameters
    ----------
    name
        As in ``[forecast] method`` and in the table ``scores``.
    meaning
        What it is, in a sentence.
    make
        Returns the curve of a task.
    told
        Whether it is told sources; otherwise it knows each series' own past only.
    extra
        The extra of lotwise it needs, if any.
    cost
        Seconds for 1,000 series of 100 weeks, 4 ahead, at one cutoff, on one core of the machine the
        benchmarks name; what a time budget is counted in, so that the same project chooses the same everywhere.
    """

    name: str
    meaning: str
    make: Make
    told: bool = False
    extra: str | None = None
    cost: float = 0.1


def history(task: Task) -> Curve:
    """Return each series' own unconditional history, at every horizon: the sample average approximation."""
    mean = np.repeat(classic.average(task.units)[:, None], task.horizon, axis=1)
    return Curve(mean, np.repeat(classic.history(task.units)[:, None], task.horizon, axis=1))


def _alone(rolling: Callable[[Array], Array]) -> Make:
    def make(task: Task) -> Curve:
        made = rolling(task.units)
        return Curve(np.repeat(made[:, -1:], task.horizon, axis=1), classic.around(task.units, made, task.horizon))

    return make


ALL = (
    Method("history", "the quantiles of each series' own history (sample average approximation)", history, cost=0.01),
    Method("naive", "the last week again", _alone(classic.naive), cost=0.1),
    Method("ses", "simple exponential smoothing", _alone(classic.smoothed), cost=0.1),
    Method("croston", "smoothed size over smoothed interval", _alone(classic.croston), cost=0.1),
    Method("poisson", "pooled gradient boosting, Poisson", partial(direct.curve, fit=boosted.fit), told=True, cost=2.0),
)
METHODS = {method.name: method for method in ALL}


def method_named(name: str) -> Method:
    """Return a method.

    Raises
    ------
    SettingsError
        No method has this name; the message names the closest one.
    """
    if name not in METHODS:
        raise SettingsError(
            f"There is no forecast method '{name}'{did_you_mean(name, METHODS)}. They are: {', '.join(METHODS)}"
        )
    return METHODS[name]
