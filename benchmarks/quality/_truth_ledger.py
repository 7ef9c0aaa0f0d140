"""What lotwise's forecaster and ledger make of one world of the benchmark ``truth``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.quality._truth_world import ENDS, HORIZON, SOURCES, WEEKS, Array, Oracle, World
from lotwise.config import Forecast
from lotwise.demo.atelier import law
from lotwise.forecast.design import NOISE, Design, bare
from lotwise.forecast.registry import METHODS
from lotwise.forecast.task import Task
from lotwise.gap import shapley
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

AFTERWARDS, PLACEBO = "afterwards", "placebo"

Told = tuple[str, ...]
STATES: dict[str, Told] = {
    **{" + ".join(sorted(some, key=SOURCES.index)) or "method": tuple(sorted(some, key=SOURCES.index))
       for some in shapley.subsets(SOURCES)},
    PLACEBO: (*SOURCES, PLACEBO),
    "foresight": (*SOURCES, AFTERWARDS),
}  # fmt: skip
"""What each state is told: every subset of the sources, all and noise, all and what moved demand as it came."""

PARAMS = Forecast(rounds=60, leaves=15)
"""Of forecasters that have them: few rounds and leaves."""

NOW = " + ".join(SOURCES)
"""The state that is told every source."""


def design(world: World, seed: int) -> Design:
    """Return the features of every source: what it says of the weeks ahead, and what it said on average so far.

    The mean so far is what the model is scaled by, so what is usual for a product is part of what a source says.
    """
    market = world.market
    made = bare(world.units[:, :WEEKS], HORIZON)
    causes = {
        "price": np.log(1 - market.depth),
        "display": market.display.any(axis=1),
        "mailer": market.mailer[:, 0],
        "front": market.front[:, 0],
        "campaign": market.covered,
    }
    made.columns["promotions"] = {name: column for cause in causes for name, column in _planned(cause, causes[cause]).items()}
    days = {name: np.zeros((1, market.feast.size)) for name, *_ in law.FEASTS.values()}
    for day, (name, *_) in law.feast_days(market.feast.size):
        days[name][0, (day - law.START).days // 7] = 1
    made.columns["calendar"] = {name: _ahead(values) for name, values in days.items()}
    shown = market.buzz[:, 1 : WEEKS + 1]
    made.columns["browsing"] = _by_horizon("views", shown) | {"views, usual": _usual(market.buzz)}
    rivals = np.log(market.rival.mean(axis=1) / world.price[:, None])
    made.columns["competitors"] = _by_horizon("rivals", rivals[:, :WEEKS]) | {"rivals, usual": _usual(rivals)}
    made.columns[AFTERWARDS] = {"views": _ahead(market.buzz), "rivals": _ahead(rivals)}
    rng = law.stream(seed, PLACEBO)
    shape = (len(world.units), WEEKS, HORIZON)
    made.columns[PLACEBO] = {f"noise {number}": rng.standard_normal(shape, np.float32) for number in range(1, NOISE + 1)}
    return made


def _planned(cause: str, values: Array) -> dict[str, np.ndarray]:
    return {cause: _ahead(values), f"{cause}, usual": _usual(values)}


def _ahead(values: Array) -> np.ndarray:
    """Return a column of the target weeks, ``(n_products, n_weeks, horizon)``."""
    return _single(np.stack([values[:, step : step + WEEKS] for step in range(1, HORIZON + 1)], axis=2))


def _usual(values: Array) -> np.ndarray:
    """Return a column of the mean so far."""
    return _single((np.cumsum(values[:, :WEEKS], axis=1) / np.arange(1, WEEKS + 1))[:, :, None])


def _by_horizon(cause: str, values: Array) -> dict[str, np.ndarray]:
    """Return a column for each number of weeks ahead: what is known now fades at a pace of its own."""
    steps = np.arange(HORIZON)
    return {f"{cause}, {step + 1} ahead": _single(values[:, :, None] * (steps == step)) for step in steps}


def _single(values: Array) -> np.ndarray:
    return values.astype(np.float32)


def plans(world: World, method: str, seed: int) -> dict[str, Array]:
    """Return what is planned for the settled weeks in every state, ``(n_products, 16)`` each: critical quantiles, rounded."""
    made = design(world, seed)
    found = {"none": _decided(world, made, "history", ())}
    return found | {state: _decided(world, made, method, told) for state, told in STATES.items()}


def _decided(world: World, made: Design, method: str, told: Told) -> Array:
    """Return the plans of one state; its model is learned at the first cutoff and calibrated anew at each."""
    weeks = []
    kept: dict[object, object] = {}
    for end in ENDS:
        curve = METHODS[method].make(Task(made, end, told, PARAMS, fitted=ENDS[0], kept=kept, paths=False))
        if curve is None:
            message = f"'{method}' made no forecast at week {end}; expected {WEEKS} weeks of history to be enough"
            raise RuntimeError(message)
        weeks.append(_quantile(curve.quantiles, world.ratio))
    return np.rint(np.concatenate(weeks, axis=1))


def _quantile(quantiles: Array, ratio: Array) -> Array:
    """Return the quantile of each product at its own level, between the levels along a line; ``(n_products, horizon)``."""
    upper = np.clip(np.searchsorted(LEVELS, ratio), 1, len(LEVELS) - 1)
    low, high = np.asarray(LEVELS)[upper - 1], np.asarray(LEVELS)[upper]
    share = ((ratio - low) / (high - low))[:, None]
    row = np.arange(len(ratio))
    return (1 - share) * quantiles[row, :, upper - 1] + share * quantiles[row, :, upper]


def oracle_plans(world: World, seed: int) -> dict[str, Array]:
    """Return what one who knows the law plans in every state."""
    oracle = Oracle(world, seed)
    found = {state: oracle.plan(told) for state, told in STATES.items() if state not in (PLACEBO, "foresight")}
    return found | {"foresight": oracle.foresight()}


def lines(value: Mapping[str, Array]) -> dict[str, Array]:
    """Return the lines of the ledger that have a true counterpart, from the value of every state.

    ``unknown`` is V(perfect) - V(now); ``irreducible`` V(perfect) - V(foresight); a source is worth its step in the order of
    ``SOURCES`` ("added"), its Shapley value ("fair") and V(now) - V(now without it) ("last in").
    """
    found = {
        "unknown": value["perfect"] - value[NOW],
        "irreducible": value["perfect"] - value["foresight"],
    }
    told = {frozenset(state_told): value[state] for state, state_told in STATES.items() if state in value}
    fair = shapley.shares(SOURCES, {some: cells for some, cells in told.items() if some <= set(SOURCES)})
    for place, source in enumerate(SOURCES):
        found[f"{source}, added"] = told[frozenset(SOURCES[: place + 1])] - told[frozenset(SOURCES[:place])]
        found[f"{source}, fair"] = fair[source]
        found[f"{source}, last in"] = value[NOW] - told[frozenset(SOURCES) - {source}]
    return found
