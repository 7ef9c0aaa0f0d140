"""What was known: the states of information at each cutoff, and the forecasts they share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.forecast import launches, own, panel
from lotwise.forecast.auto import Choice, Trial, Worth, choose
from lotwise.forecast.design import Design, design, single
from lotwise.forecast.features.overrides import adjusted
from lotwise.forecast.newcomers import complete
from lotwise.forecast.registry import Method, history, recent
from lotwise.forecast.sources import features, overriding
from lotwise.forecast.states import FORESIGHT, METHOD, NONE, NOW, PERFECT, PLACEBO, RECENT, State, states, variants
from lotwise.forecast.task import Curve, Task, counted, many
from lotwise.forecast.tune import tuned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lotwise.config import Forecast, Source
    from lotwise.forecast.panel import Array, Facts
    from lotwise.forecast.why import Reasons

EARLIEST = 3
"""Place of the first week a forecast made some weeks before a cutoff may look back from."""
__all__ = ["METHOD", "NONE", "NOW", "PERFECT", "PLACEBO", "RECENT", "Asked", "Made", "Window", "windows"]


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
    told
        Names of the sources each state was told.
    """

    windows: list[Window]
    choice: Choice
    design: Design
    reasons: Reasons | None
    told: Mapping[str, tuple[str, ...]]


def windows(facts: Facts, asked: Asked, *, progress: Callable[[str, float | None], None]) -> Made:
    """Return the forecasts of every past cutoff and of the current one, the earliest first, and how they are made.

    The method is chosen once, from what was known at the first past cutoff.
    """
    last = facts.panel.shape[1] - 1
    params = asked.params
    past = panel.cutoffs(last + 1, horizon=params.horizon, wanted=params.cutoffs)
    if len(past) < params.cutoffs:
        progress(f"{last + 1} weeks of demand hold {len(past)} of {params.cutoffs} past cutoffs", None)
    noise = params.placebo and bool(past)
    plan = design(facts, asked.sources, np.random.default_rng([asked.seed, 1]) if noise else None)
    priced = bool(np.isfinite(facts.panel.measures.get("unit_price", np.full(1, np.nan))).any())
    if past:
        plan = told_otherwise(plan, facts, variants(asked.sources, params, priced=priced))
    told = {end: states(asked.sources, params, past=end in past, placebo=noise, priced=priced) for end in (*past, last)}
    told = {
        end: {name: one for name, one in by.items() if not one.back or end - one.back >= EARLIEST} for end, by in told.items()
    }
    names = tuple(source.name for source in asked.sources)
    uses = len({(end, state.told) for end, by_name in told.items() for name, state in by_name.items() if counts(name)})
    method, params, trials = _chosen(plan, names, (past or [last])[0], facts, asked, uses=uses, progress=progress)
    if not method.told:
        told = {end: {name: one for name, one in by.items() if not by_sources(name)} for end, by in told.items()}
    work = _Work(facts, asked, params, method, plan, progress)
    fitted = work.fit(told)
    found = [Window(end, work.curves(end, told[end], fitted), facts.came(end) if end in past else None) for end in told]
    reasons = method.explain(work.task(last, State(names))) if method.explain else None
    return Made(
        found, Choice(method, trials), plan, reasons, {name: one.told for by in told.values() for name, one in by.items()}
    )


@dataclass
class _Work:
    """Forecasts of one method from many states of information, what is told the same made once."""

    facts: Facts
    asked: Asked
    params: Forecast
    method: Method
    plan: Design
    progress: Callable[[str, float | None], None]
    kept: dict[object, object] = field(default_factory=dict)
    early: dict[int, Design] = field(default_factory=dict)

    def fit(self, told: Mapping[int, Mapping[str, State]]) -> dict[tuple[int, State], Curve | None]:
        """Return the method's curve at each cutoff, from each state."""
        wanted = sorted({(end, state) for end, by_name in told.items() for state in by_name.values()}, key=_order)
        farthest = max((state.back for _, state in wanted), default=0)
        if farthest:
            longer = replace(self.facts, horizon=self.facts.horizon + farthest, note=lambda _: None)
            self.early[farthest] = design(longer, self.asked.sources, None)
        tasks = [self.task(end, state) for end, state in wanted]
        made = many(self.method.make, tasks, workers=self.params.workers, progress=self.progress)
        return dict(zip(wanted, made, strict=True))

    def task(self, end: int, state: State) -> Task:
        """Return what is asked of the method at one cutoff, from one state."""
        plan, kept = (next(iter(self.early.values())), {}) if state.back else (self.plan, self.kept)
        return Task(plan, end - state.back, state.told, self.params, self.asked.seed + state.again, kept=kept)

    def curves(
        self, end: int, by_name: Mapping[str, State], fitted: Mapping[tuple[int, State], Curve | None]
    ) -> dict[str, Curve]:
        """Return the published curve of each state at one cutoff."""
        known = self.facts.panel.units[:, : end + 1]
        base = history(Task(self.plan, end, (), self.params, self.asked.seed))
        found = {NONE: base}
        if METHOD in by_name:
            found[RECENT] = recent(Task(self.plan, end, (), self.params, self.asked.seed))
        for name, state in by_name.items():
            found[name] = self._curve(end, name, state, fitted[end, state], base)
        return {name: replace(curve, quantiles=counted(curve.quantiles, known)) for name, curve in found.items()}

    def _curve(self, end: int, name: str, state: State, made: Curve | None, base: Curve) -> Curve:
        task = self.task(end, state)
        if state.back:
            base = history(replace(task, names=()))
        facts = replace(self.facts, horizon=task.horizon)
        curve, by = complete(made, base, task, launches.told(facts, self.asked.sources, state.told))
        if name == NOW and by != "method":
            stands = {"analogs": "products like it stand", "history": "own history stands"}[by]
            when = self.facts.axis[end + 1]
            self.progress(f"too little demand to fit '{self.method.name}' before {when}: {stands} in for it", None)
        return _later(_changed(curve, task, facts, self.asked.sources), state.back, self.facts.horizon)


def told_otherwise(plan: Design, facts: Facts, sources: Sequence[Source]) -> Design:
    """Return a design that also holds sources told in another way; what they lack has been said of the sources themselves."""
    quiet = replace(facts, note=lambda _: None)
    columns = {source.name: single(features(quiet, source)) for source in sources}
    return replace(plan, columns=plan.columns | columns)


def counts(name: str) -> bool:
    """Whether a state counts for the time a method is reckoned to take: sources added and withheld do, nothing else."""
    return name in (METHOD, NOW, PLACEBO) or name.startswith(("upto-", "now-"))


def by_sources(name: str) -> bool:
    """Whether a state says something of methods that are told sources only: foresight of them, and earlier or later notice."""
    return name == FORESIGHT or name.startswith(("past-", "notice-"))


def _later(curve: Curve, back: int, horizon: int) -> Curve:
    """Return the last weeks of a forecast that was made some weeks before."""
    if not back:
        return curve
    weeks = slice(back, back + horizon)
    errors = None if curve.errors is None else curve.errors[:, weeks]
    return replace(curve, mean=curve.mean[:, weeks], quantiles=curve.quantiles[:, weeks], errors=errors)


def _order(wanted: tuple[int, State]) -> tuple[object, ...]:
    end, state = wanted
    return end, state.told, state.again, state.back


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
    errors = curve.errors
    if errors is None and changed.used.num_rows:  # else scenarios would be drawn from the history, which knows of no override
        known = facts.panel.units[:, : task.end + 1]
        errors = np.stack([np.roll(known, -step, axis=1) for step in range(curve.mean.shape[1])], axis=1)
    return replace(curve, mean=changed.mean, quantiles=changed.quantiles, errors=errors)


def _labels(facts: Facts) -> own.Labels:
    """Return what a forecaster of the user's own is told the series and weeks are called."""
    both = [f"{product} in {region}" for product, region in zip(facts.panel.products, facts.panel.regions, strict=True)]
    ids = facts.panel.products if set(facts.panel.regions) == {panel.EVERYWHERE} else both
    return own.Labels(pa.array(ids, pa.string()), lambda places: pa.array(facts.axis[places], pa.date32()), {})
