"""Baselines for the benchmark ``rolling``, their settings searched by simulation on training weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.quality import _rolling_world as world
from lotwise.plan import rolling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from lotwise.plan.rolling.simulate import Planner

    Settings = dict[str, Any]

SAFE = "mean, safety stock"
"""Mean forecast with safety stock: plans to a quantile of cumulative demand."""
PASSES = 3
"""Most rounds over all settings of a search."""


@dataclass(frozen=True)
class Baseline:
    """A policy with settings: ``build`` makes its planner, ``grid`` holds the values tried, ``start`` the first ones."""

    build: Callable[[Settings], Planner]
    grid: Settings
    start: Settings


def _pair(settings: Settings, name: str) -> tuple[float, float]:
    return settings[f"{name} of products"], settings[f"{name} of materials"]


def _min_max(settings: Settings) -> Planner:
    levels = rolling.min_max(_pair(settings, "safety"), _pair(settings, "cover"))
    return rolling.stocked(levels, overtime=settings["overtime"], together=settings["together"])


def _ddmrp(settings: Settings) -> Planner:
    levels = rolling.ddmrp(_pair(settings, "lead factor"), _pair(settings, "variability"), _pair(settings, "cycle"))
    return rolling.stocked(levels, overtime=settings["overtime"], together=settings["together"])


def _base_stock(settings: Settings) -> Planner:
    return rolling.stocked(rolling.base_stock(_pair(settings, "safety")), overtime=settings["overtime"])


def _quantile(settings: Settings) -> Planner:
    return rolling.planned(rolling.quantile(settings["share"]))


def _both(name: str, values: Sequence[float]) -> Settings:
    return {f"{name} of products": tuple(values), f"{name} of materials": tuple(values)}


_EITHER = (True, False)
_SAFETY = _both("safety", (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0))
BASELINES = {
    "(s, S)": Baseline(
        _min_max,
        {**_SAFETY, **_both("cover", (0.0, 0.5, 1.0, 2.0, 3.0)), "overtime": _EITHER, "together": _EITHER},
        {"safety of products": 1.0, "safety of materials": 1.0, "cover of products": 0.5, "cover of materials": 0.5,
         "overtime": True, "together": True},
    ),
    "DDMRP": Baseline(
        _ddmrp,
        {**_both("lead factor", (0.05, 0.1, 0.25, 0.5, 0.75, 1.0)), **_both("variability", (0.0, 0.25, 0.5, 1.0, 1.5)),
         **_both("cycle", (0.0, 1.0, 2.0)), "overtime": _EITHER, "together": _EITHER},
        {"lead factor of products": 0.5, "lead factor of materials": 0.5, "variability of products": 0.5,
         "variability of materials": 0.5, "cycle of products": 0.0, "cycle of materials": 0.0, "overtime": True,
         "together": True},
    ),
    "base stock": Baseline(
        _base_stock,
        {**_SAFETY, "overtime": _EITHER},
        {"safety of products": 1.0, "safety of materials": 1.0, "overtime": True},
    ),
    SAFE: Baseline(_quantile, {"share": (0.5, 0.6, 0.7, 0.8, 0.9)}, {"share": 0.7}),
}  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """A baseline with settings in the last training weeks of a world."""

    baseline: str
    settings: Settings
    seed: int
    lost: bool

    def profit(self) -> float:
        """Return what it earns there."""
        environment = world.environment(self.seed, tuning=True, lost=self.lost)
        planner = BASELINES[self.baseline].build(self.settings)
        return rolling.simulate(environment, planner, weeks=world.TUNING, rng=np.random.default_rng([self.seed, 1])).profit


def tuned(name: str, seeds: Sequence[int], pool: Executor, *, lost: bool = False) -> Settings:
    """Return the settings that earn most over the training weeks of these worlds, changed one at a time until none helps."""
    baseline = BASELINES[name]
    known: dict[tuple[tuple[str, Any], ...], float] = {}

    def earned(settings: Settings) -> float:
        key = tuple(settings.items())
        if key not in known:
            known[key] = sum(pool.map(Trial.profit, [Trial(name, settings, seed, lost) for seed in seeds]))
        return known[key]

    best = dict(baseline.start)
    for _ in range(PASSES):
        before = dict(best)
        for setting, values in baseline.grid.items():
            best = max(({**best, setting: value} for value in values), key=earned)
        if best == before:
            break
    return best
