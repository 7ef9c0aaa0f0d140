"""What was known: the states of information at each cutoff, and the forecasts they share."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import panel
from lotwise.forecast.design import Design, design
from lotwise.forecast.registry import METHODS, Method, history
from lotwise.forecast.sources import RESERVED
from lotwise.forecast.task import Curve, Task, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lotwise.config import Forecast, Source
    from lotwise.forecast.panel import Array, Facts

NONE, METHOD, NOW, PLACEBO, PERFECT = RESERVED[:5]
POOLED = "poisson"


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


def windows(
    facts: Facts, sources: Sequence[Source], params: Forecast, *, seed: int, progress: Callable[[str, float | None], None]
) -> list[Window]:
    """Return the forecasts of every past cutoff and of the current one, the earliest first."""
    units = facts.panel.units
    last = facts.panel.shape[1] - 1
    past = panel.cutoffs(last + 1, horizon=params.horizon, wanted=params.cutoffs)
    if len(past) < params.cutoffs:
        progress(f"{last + 1} weeks of demand hold {len(past)} of {params.cutoffs} past cutoffs", None)
    noise = params.placebo and bool(past)
    plan = design(facts, sources, np.random.default_rng([seed, 1]) if noise else None)
    names = [source.name for source in sources]
    told = {end: states(names, past=end in past, placebo=noise) for end in (*past, last)}
    wanted = [(end, known) for end, known_by in told.items() for known in known_by.values()]
    fitted = many(plan, wanted, METHODS[POOLED], params, seed=seed, progress=progress)
    short = [end for end in told if fitted[end, tuple(names)] is None]
    if short:
        weeks = ", ".join(str(facts.axis[end + 1]) for end in short)
        progress(f"too little demand to fit the pooled model before {weeks}: own history stands in for it", None)
    found = []
    for end, known_by in told.items():
        base = history(Task(plan, end, (), params, seed))
        curves = {NONE: base} | {state: fitted[end, known] or base for state, known in known_by.items()}
        for state, curve in curves.items():
            curves[state] = replace(curve, quantiles=counted(curve.quantiles, units[:, : end + 1]))
        came = units[:, end + 1 : end + 1 + params.horizon] if end in past else None
        found.append(Window(end, curves, came))
    return found


def many(
    design: Design,
    wanted: Sequence[tuple[int, tuple[str, ...]]],
    method: Method,
    params: Forecast,
    *,
    seed: int,
    progress: Callable[[str, float | None], None],
) -> dict[tuple[int, tuple[str, ...]], Curve | None]:
    """Return a method's forecast of each cutoff and set of sources, each made once, several at a time.

    Parameters
    ----------
    design
        Features and demand.
    wanted
        Place of the last known week, and names of the sources; repeated ones are made once.
    method
        The method.
    params
        ``[forecast]``; ``workers`` changes the time it takes and nothing else.
    seed
        Of every fit.
    progress
        Told the share done.
    """
    jobs = sorted(set(wanted))
    found = {}
    with ThreadPoolExecutor(params.workers or os.cpu_count()) as pool:
        results = pool.map(lambda job: method.make(Task(design, job[0], job[1], params, seed)), jobs)
        for done, (job, curve) in enumerate(zip(jobs, results, strict=True), start=1):
            found[job] = curve
            progress(f"model {done} of {len(jobs)}", done / len(jobs))
    return found
