"""Which method to use: the one whose past plans would have cost least, tried within a time budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import scores
from lotwise.forecast.panel import LEAST
from lotwise.forecast.registry import ALL, method_named
from lotwise.forecast.task import Task, counted, many

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lotwise.config import Forecast
    from lotwise.forecast.design import Design
    from lotwise.forecast.panel import Array
    from lotwise.forecast.registry import Method
    from lotwise.forecast.task import Curve

AUTO = "auto"
WINDOWS = 3
"""Past windows a method is tried on."""
SERIES = 1000
"""Of more series than this, methods are tried on as many, spread evenly."""
CLOSE = 0.005
"""Methods whose money differs by less than this share are told apart by their scaled CRPS."""
FALLBACK = "history"


@dataclass(frozen=True)
class Worth:
    """What a forecast is used for: how much to have of each series.

    Parameters
    ----------
    ratio
        Critical ratio (price - cost) / (price - salvage); ``(n_series,)``.
    value
        Price minus salvage; ``(n_series,)``.
    """

    ratio: Array
    value: Array


@dataclass(frozen=True)
class Trial:
    """What was found of one method, or why it was not tried.

    Parameters
    ----------
    method
        Its name.
    seconds
        What trying it was reckoned to take; see ``Method.cost``.
    money
        What plans at its critical quantiles lost against knowing demand; None without economics or untried.
    scrps
        Scaled continuous ranked probability score; None where untried or all demand was 0.
    skipped
        Why it was not tried; None where it was.
    """

    method: str
    seconds: float
    money: float | None = None
    scrps: float | None = None
    skipped: str | None = None


@dataclass(frozen=True)
class Choice:
    """The method to use, and what was found of every method that might have been."""

    method: Method
    trials: list[Trial]


def choose(  # noqa: PLR0913  each is a keyword of its own
    design: Design,
    names: Sequence[str],
    end: int,
    params: Forecast,
    *,
    worth: Worth | None = None,
    seed: int,
    uses: int = 1,
    progress: Callable[[str, float | None], None],
) -> Choice:
    """Return the method to use from a cutoff on, and what was found of every method.

    Methods are tried on the last windows before the cutoff, the cheapest first, as long as the budget lasts; one
    with which the forecasts wanted would take longer than the budget is not tried at all. The budget is counted in
    reckoned seconds (``Method.cost`` times the work), not by a clock, so that the same project makes the same choice on
    any machine. The least money wins; where several are within half a percent of it, or no economics are given, the
    best scaled CRPS does.

    Parameters
    ----------
    design
        Features and demand; nothing after ``end`` is read.
    names
        Sources methods are told.
    end
        Place of the last week known when the choice is made.
    params
        ``[forecast]``: ``method``, ``methods`` and ``budget``.
    worth
        Economics of each series.
    seed
        Of every fit.
    uses
        Forecasts that are to be made with the method.
    progress
        Told which methods were skipped.
    """
    if params.method != AUTO:
        return Choice(method_named(params.method), [])
    ends = earlier(design, end)
    if not ends:
        progress(f"{end + 1} periods before the first cutoff are too few to try methods on: '{FALLBACK}' is used", None)
        return Choice(method_named(FALLBACK), [])
    whole = work(design, end)
    few = np.unique(np.linspace(0, len(design.units) - 1, min(SERIES, len(design.units))).astype(int))
    if len(few) < len(design.units):
        design = design.take(few)
        worth = None if worth is None else Worth(worth.ratio[few], worth.value[few])
    sizes = [work(design, last) for last in ends]
    left = float(params.budget)
    trials: list[Trial] = []
    kept: dict[object, object] = {}
    for method in sorted(_candidates(params), key=lambda one: (one.cost, one.name)):
        seconds = round(sum(method.seconds(size) for size in sizes), 2)
        dear = _too_dear(seconds, left, params, whole=method.seconds(whole) * uses, uses=uses)
        skipped = method.missing() or (dear if trials else None)
        if skipped:
            trials.append(Trial(method.name, seconds, skipped=skipped))
            continue
        left -= seconds
        tasks = [Task(design, last, tuple(names), params, seed, kept=kept, paths=False) for last in ends]
        made = many(method.make, tasks, workers=params.workers)
        trials.append(tried(method, seconds, list(zip(tasks, made, strict=True)), worth))
    return Choice(method_named(_best(trials, progress)), trials)


def earlier(design: Design, end: int) -> list[int]:
    """Return the last known week of the windows a method is tried on: they end at a cutoff and do not overlap."""
    ends = [end - design.horizon * step for step in range(WINDOWS, 0, -1)]
    return [last for last in ends if last + 1 >= LEAST]


def work(design: Design, end: int) -> float:
    """Return how many times the work ``Method.cost`` stands for a forecast at a cutoff is."""
    return float(np.isfinite(design.units[:, : end + 1]).sum() / 100_000 * design.horizon / 4)


def _candidates(params: Forecast) -> list[Method]:
    return [method_named(name) for name in params.methods] if params.methods else list(ALL)


def _too_dear(seconds: float, left: float, params: Forecast, *, whole: float, uses: int) -> str | None:
    budget = f"the budget of {params.budget:g} s"
    if whole > params.budget:
        return f"the {uses} forecasts wanted would take {whole:.0f} s with it, more than {budget}"
    return None if seconds <= left else f"its {seconds:.1f} s do not fit into the {max(left, 0):.1f} s left of {budget}"


def tried(method: Method, seconds: float, made: Sequence[tuple[Task, Curve | None]], worth: Worth | None) -> Trial:
    """Return how a method's forecasts did against the demand that came."""
    money, loss, total = 0.0, 0.0, 0.0
    for task, curve in made:
        if curve is None:
            return Trial(method.name, seconds, skipped="too little history to learn from")
        came = task.design.units[:, task.end + 1 : task.end + 1 + task.horizon]
        known = np.isfinite(came)
        quantiles = counted(curve.quantiles, task.units)[known]
        loss += float(scores.crps(came[known], quantiles).sum())
        total += float(came[known].sum())
        if worth is not None:
            ratio, value = (np.broadcast_to(part[:, None], came.shape)[known] for part in (worth.ratio, worth.value))
            money += float(scores.money_loss(came[known], quantiles, ratio, value).sum())
    scrps = round(loss / total, 6) if total > 0 else None
    return Trial(method.name, seconds, None if worth is None else round(money, 2), scrps)


def _best(trials: Sequence[Trial], progress: Callable[[str, float | None], None]) -> str:
    tried = [trial for trial in trials if trial.skipped is None and trial.scrps is not None]
    skipped = [trial for trial in trials if trial.skipped is not None]
    for trial in skipped:
        progress(f"method '{trial.method}' was not tried: {trial.skipped}", None)
    if not tried:
        return FALLBACK
    priced = [trial.money for trial in tried if trial.money is not None]
    close = [trial for trial in tried if not priced or (trial.money or 0.0) <= min(priced) * (1 + CLOSE)]
    best = min(close, key=lambda trial: (trial.scrps, trial.method))
    return best.method
