"""Every method by name: what it is, whether it is told sources, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import SettingsError, did_you_mean
from lotwise.forecast import direct, why
from lotwise.forecast.methods import (
    boosted,
    combined,
    deep,
    empirical,
    ensemble,
    intermittent,
    learners,
    linear,
    means,
    negative_binomial,
    smoothing,
    statistical,
    theta,
)
from lotwise.forecast.methods.empirical import calibrated, flat
from lotwise.forecast.task import Curve, Make, Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.forecast.why import Reasons

BRINGS = {"classic": "statsforecast", "deep": "torch"}
"""The package each extra brings."""


FIXED, LEARNED, MOST_LEARNED = 0.3, 0.6, 4.0
"""Shares of a learner's seconds that are fixed and that grow with what it learns from, up to so many times the usual."""


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
    explain
        Returns what a task's forecast is made of.
    """

    name: str
    meaning: str
    make: Make
    told: bool = False
    extra: str | None = None
    cost: float = 0.1
    explain: Callable[[Task], Reasons | None] | None = None

    def seconds(self, work: float) -> float:
        """Return what one forecast is reckoned to take.

        Parameters
        ----------
        work
            Series-weeks of history times weeks ahead, over those that ``cost`` stands for. Methods told sources learn from a
            limited number of rows, at a cost that is partly the same for any number.
        """
        share = FIXED + LEARNED * min(work, MOST_LEARNED) + (1 - FIXED - LEARNED) * work if self.told else work
        return self.cost * share

    def missing(self) -> str | None:
        """Return what is missing to use it, None where nothing is."""
        if self.extra is None or find_spec(BRINGS[self.extra]) is not None:
            return None
        return f"it needs: pip install 'lotwise[{self.extra}]'"


RECENT_WEEKS = 13
"""Weeks that ``recent`` looks back."""


def history(task: Task) -> Curve:
    """Return each series' own unconditional history, at every horizon: the sample average approximation."""
    mean = np.repeat(empirical.average(task.units)[:, None], task.horizon, axis=1)
    return Curve(mean, np.repeat(empirical.history(task.units)[:, None], task.horizon, axis=1))


def recent(task: Task) -> Curve:
    """Return each series' own last weeks, at every horizon: the sample average approximation that forgets."""
    last = task.units[:, -RECENT_WEEKS:]
    mean = np.repeat(empirical.average(last)[:, None], task.horizon, axis=1)
    return Curve(mean, np.repeat(empirical.history(last)[:, None], task.horizon, axis=1), span=RECENT_WEEKS)


def _learner(name: str, meaning: str, fit: direct.Learner, *, cost: float) -> Method:
    """Return the method of a learner: told sources, calibrated, and explained where it can be."""
    make, explain = partial(direct.curve, fit=fit), partial(why.learned, fit=fit)
    return Method(name, meaning, make, told=True, cost=cost, explain=explain)


ALL = (
    Method("history", "the quantiles of each series' own history (sample average approximation)", history, cost=0.01),
    Method(
        "recent", "the quantiles of each series' own last 13 weeks (recent sample average approximation)", recent, cost=0.01
    ),
    Method("mean", "the mean of all weeks so far", calibrated(flat(means.moving)), cost=0.02),
    Method("naive", "the last week again", calibrated(flat(means.naive)), cost=0.02),
    Method("seasonal-naive", "the same week of the last season again", calibrated(means.seasonal), cost=0.02),
    Method("drift", "the line from the first week through the last", calibrated(means.drift), cost=0.02),
    Method("mean-4", "the mean of the last 4 weeks", calibrated(flat(means.MOVING[4])), cost=0.02),
    Method("mean-8", "the mean of the last 8 weeks", calibrated(flat(means.MOVING[8])), cost=0.02),
    Method("mean-13", "the mean of the last 13 weeks", calibrated(flat(means.MOVING[13])), cost=0.02),
    Method("ses", "simple exponential smoothing", calibrated(flat(smoothing.smoothed)), cost=0.03),
    Method("holt", "exponential smoothing of level and trend", calibrated(smoothing.holt), cost=0.1),
    Method("damped", "exponential smoothing of level and a trend that dies out", calibrated(smoothing.damped), cost=0.2),
    Method("croston", "smoothed size over smoothed interval", calibrated(flat(intermittent.croston)), cost=0.02),
    Method("sba", "Croston's forecast without its bias", calibrated(flat(intermittent.sba)), cost=0.02),
    Method("tsb", "smoothed probability of demand times smoothed size", calibrated(flat(intermittent.tsb)), cost=0.02),
    Method(
        "negative-binomial",
        "counts whose mean moves, drawn to the other series",
        negative_binomial.negative_binomial,
        cost=0.4,
    ),
    Method(
        "negative-binomial-poisson",
        "the mean of the quantiles of negative-binomial and poisson, for intermittent demand with sources",
        negative_binomial.beside_poisson,
        told=True,
        cost=3.5,
    ),
    Method("classic-theta", "half the trend line, half the series with its curvature doubled", theta.theta, cost=0.1),
    Method(
        "combined",
        "dynamic theta and damped trend, alone and on logarithms, with an autoregression pooled over all series",
        combined.combined,
        cost=1.5,
    ),
    Method("ets", "exponential smoothing chosen by AICc", statistical.ets, extra="classic", cost=7.0),
    Method("theta", "the dynamic optimized Theta model", statistical.theta, extra="classic", cost=7.0),
    Method("arima", "the ARIMA model chosen by AICc", statistical.arima, extra="classic", cost=110.0),
    _learner("linear", "linear regression of the logarithm of demand, pooled", linear.fit, cost=1.0),
    _learner("ridge", "the same with a penalty on its coefficients", linear.fit_ridge, cost=1.6),
    _learner("tree", "a decision tree of the logarithm of demand, pooled", learners.tree, cost=4.0),
    _learner("forest", "extremely randomized trees of the logarithm of demand, pooled", learners.forest, cost=14.0),
    _learner("svm", "a support vector machine of the logarithm of demand, pooled", learners.machine, cost=7.0),
    _learner("mlp", "a neural network of the logarithm of demand, pooled", learners.network, cost=5.0),
    _learner("poisson", "pooled gradient boosting, Poisson", boosted.fit, cost=3.0),
    _learner("tweedie", "pooled gradient boosting, Tweedie", boosted.tweedie, cost=3.0),
    _learner("lognormal", "pooled gradient boosting of the logarithm of demand", boosted.lognormal, cost=9.0),
    _learner("quantile", "pooled gradient boosting of eleven quantiles", boosted.quantile, cost=20.0),
    Method(
        "ensemble",
        "tweedie and forest, weighted by what they lost on weeks they had not seen",
        partial(ensemble.curve, members=(boosted.tweedie, learners.forest)),
        told=True,
        cost=17.0,
    ),
    Method(
        "deep",
        "neural networks that look up the past weeks most like the target week",
        partial(direct.curve, fit=deep.fit),
        told=True,
        extra="deep",
        cost=60.0,
    ),
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
