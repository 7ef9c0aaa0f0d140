"""What was known: the states of information at each cutoff, and the forecasts they share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.forecast import launches, own, panel
from lotwise.forecast.auto import Choice, Trial, Worth, choose
from lotwise.forecast.design import Design, design
from lotwise.forecast.features.overrides import adjusted
from lotwise.forecast.newcomers import complete
from lotwise.forecast.registry import Method, history
from lotwise.forecast.sources import RESERVED, overriding
from lotwise.forecast.task import Curve, Task, counted, many
from lotwise.forecast.tune import tuned

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lotwise.config import Forecast, Source
    from lotwise.forecast.panel import Array, Facts
    from lotwise.forecast.why import Reasons

NONE, METHOD, NOW, PLACEBO, PERFECT = RESERVED[:5]


@dataclass(frozen=True)
class Asked:
    """What is asked of the forecaster.

    Parameters
    ----------
    sources
        Sources, in the order they are added.
    params
        ``[forecast]``.
    seed
        Of anything random.
    worth
        Economics of each series, by which the method is chosen.
    """

    sources: Sequence[Source]
    params: Forecast
    seed: int
    worth: Worth | None = None


@dataclass(frozen=True)
class Window:
    """All that is forecast at one cutoff.

    Parameters
    ----------
    end
        Place of the last known week.
    curves
        Forecast by state of information.
    came
        Demand that came, absent before a series began; None for the current cutoff; ``(n_series, horizon)``.
    """

    end: int
    curves: dict[str, Curve]
    came: Array | None


@dataclass(frozen=True)
class Made:
    """The forecasts and how they were made.

    Parameters
    ----------
    windows
        One a cutoff, the earliest first, the current one last.
    choice
        The method, and what was found of every method that might have been.
    design
        The features.
    reasons
        What the current forecast from all that is known is made of, where its method can say.
    """

    windows: list[Window]
    choice: Choice
    design: Design
    reasons: Reasons | None


def states(names: Sequence[str], *, past: bool, placebo: bool) -> dict[str, tuple[str, ...]]:
    """Return the sources each state of the pooled model is told, by the state's name.

    ``upto-X`` of the last source is ``now`` and is not listed; ``now-X`` of the last source is told the same
    as ``upto`` of the one before it, and what is told the same is fitted once.

    Parameters
    ----------
    names
        Sources, in the order declared.
    past
        Whether the cutoff is a past one, to be settled; otherwise only ``now`` is of use.
    placebo
        Whether noise is measured too.
    """
    told = tuple(names)
    if not past:
        return {NOW: told}
    found: dict[str, tuple[str, ...]] = {METHOD: ()}
    found |= {f"upto-{name}": told[:place] for place, name in enumerate(told[:-1], start=1)}
    found[NOW] = told
    found |= {f"now-{name}": tuple(other for other in told if other != name) for name in told}
    if placebo:
        found[PLACEBO] = (*told, PLACEBO)
    return found


def windows(facts: Facts, asked: Asked, *, progress: Callable[[str, float | None], None]) -> Made:
    """Return the forecasts of every past cutoff and of the current one, the earliest first, and how they are made.

    The method is chosen once, from what was known at the first past cutoff.
    """
    last = facts.panel.shape[1] - 1
    past = panel.cutoffs(last + 1, horizon=asked.params.horizon, wanted=asked.params.cutoffs)
    if len(past) < asked.params.cutoffs:
        progress(f"{last + 1} weeks of demand hold {len(past)} of {asked.params.cutoffs} past cutoffs", None)
    noise = asked.params.placebo and bool(past)
    plan = design(facts, asked.sources, np.random.default_rng([asked.seed, 1]) if noise else None)
    names = tuple(source.name for source in asked.sources)
    told = {end: states(names, past=end in past, placebo=noise) for end in (*past, last)}
    wanted = sorted({(end, known) for end, known_by in told.items() for known in known_by.values()})
    method, params, trials = _chosen(plan, names, (past or [last])[0], facts, asked, uses=len(wanted), progress=progress)
    kept: dict[object, object] = {}
    tasks = {(end, known): Task(plan, end, known, params, asked.seed, kept=kept) for end, known in wanted}
    made = many(method.make, list(tasks.values()), workers=params.workers, progress=progress)
    fitted = dict(zip(tasks, made, strict=True))
    found = []
    for end, known_by in told.items():
        base = history(Task(plan, end, (), params, asked.seed))
        curves = {NONE: base}
        for state, known in known_by.items():
            task = tasks[end, known]
            curve, by = complete(fitted[end, known], base, task, launches.told(facts, asked.sources, known))
            curves[state] = _changed(curve, task, facts, asked.sources)
            if state == NOW and by != "method":
                stands = {"analogs": "products like it stand", "history": "own history stands"}[by]
                progress(f"too little demand to fit '{method.name}' before {facts.axis[end + 1]}: {stands} in for it", None)
        units = facts.panel.units[:, : end + 1]
        curves = {state: replace(curve, quantiles=counted(curve.quantiles, units)) for state, curve in curves.items()}
        found.append(Window(end, curves, facts.came(end) if end in past else None))
    reasons = method.explain(tasks[last, names]) if method.explain else None
    return Made(found, Choice(method, trials), plan, reasons)


def _chosen(
    plan: Design,
    names: tuple[str, ...],
    end: int,
    facts: Facts,
    asked: Asked,
    *,
    uses: int,
    progress: Callable[[str, float | None], None],
) -> tuple[Method, Forecast, list[Trial]]:
    """Return the method, its settings, and what was found of every method."""
    params = asked.params
    if ":" in params.method:
        return own.named(params.method, _labels(facts)), params, []
    choice = choose(plan, names, end, params, worth=asked.worth, seed=asked.seed, uses=uses, progress=progress)
    best = tuned(plan, names, end, choice.method, asked=(params, asked.worth, asked.seed), progress=progress)
    return choice.method, best, choice.trials


def _changed(curve: Curve, task: Task, facts: Facts, sources: Sequence[Source]) -> Curve:
    """Return a forecast with the planners' overrides, where they are among what is known."""
    if overriding(sources) not in task.names or "overrides" not in facts.tables:
        return curve
    changed = adjusted(curve.mean, curve.quantiles, facts.tables["overrides"], facts, task.end)
    return replace(curve, mean=changed.mean, quantiles=changed.quantiles)


def _labels(facts: Facts) -> own.Labels:
    """Return what a forecaster of the user's own is told the series and weeks are called."""
    both = [f"{product} in {region}" for product, region in zip(facts.panel.products, facts.panel.regions, strict=True)]
    ids = facts.panel.products if set(facts.panel.regions) == {panel.EVERYWHERE} else both
    return own.Labels(pa.array(ids, pa.string()), lambda places: pa.array(facts.axis[places], pa.date32()), {})
