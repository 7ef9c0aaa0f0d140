"""Planning week after week on the simulated workshop: lotwise beside mean-forecast planning, DDMRP, (s, S), perfect knowledge.

12 worlds of the atelier's law, 26 weeks each after 78 weeks of history, 8 weeks looked ahead, 50 scenarios a week from one
forecaster that all planners share. ``_rolling_world`` states the workshop's rules, assumed ones among them. Every planner is
settled by the same simulator (``plan.rolling``): stocks, orders owed, materials and lots on their way carry over; set-ups,
orders, overtime, holding, delay and what is left are booked. All demand waits; one world is run again where that for styles
kept in stock is lost.

Planners. ``lotwise`` plans on the scenarios, ``mean forecast`` on their mean, ``mean, safety stock`` on the quantile of
cumulative demand that is best in training, ``perfect information`` on what will come, ``lotwise, will re-plan`` on
scenarios of which only the last two weeks up to each week are open (``rolling.revised(1)``: one week from lot to sale); all
by the same solver over the same network, every week anew, its
prices left out. DDMRP, (s, S) and base stock keep products and materials by levels that are set anew every week from the same
scenarios, cut to hours and materials by one rule, the fewest weeks of cover first; their settings (factors of products and of
materials, overtime, families filled up together) are those that earn most in the last 26 training weeks of six of the
worlds, by simulation; the safety stock is chosen on those of two. lotwise has no tuned setting. Differences are paired by
world; intervals are 95 % (Student's t).

Nervousness. A lot or an order counts as changed where the level of an activity in a week that two successive plans
both cover differs by more than 1 %, appears or vanishes. The weight is the cost of changing one unit of the plan before
as a share of its unit cost. The default weight is judged on the reported worlds; worlds kept apart show which one would be
chosen. ``rolling.revised`` was conceived while looking at world 201 and two worlds kept apart.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from benchmarks.machine import last_line
from benchmarks.quality import _rolling_tune as tune
from benchmarks.quality import _rolling_world as world
from lotwise.config import Plan as Settings
from lotwise.plan import rolling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from lotwise.plan.rolling.simulate import Planner

WORLDS = tuple(range(201, 213))
APART = tuple(range(301, 305))
TUNED, SAFE_TUNED, SWEPT, LOST = 6, 2, 1, 1
"""Worlds whose training weeks set the baselines, and the safety stock; worlds of the sweep; worlds in which sales are lost."""
WEIGHTS = (0.0, 0.005, 0.01, 0.02, 0.05)
DEFAULT = float(Settings().change_share)
WORKERS = 2
HALF, HALF_PERCENT = 0.5, 0.005
LOTWISE, REVISED, MEAN, PERFECT = "lotwise", "lotwise, will re-plan", "mean forecast", "perfect information"


@dataclass(frozen=True)
class Figures:
    """What one planner did in one world."""

    profit: float
    served: float
    owed: float
    stock: float
    charges: dict[str, float]
    lots: int
    changed: int
    made_changed: int
    seconds: float


@dataclass(frozen=True)
class Job:
    """A planner in a world; ``setting`` is a baseline's settings, or the weight of changes."""

    planner: str
    setting: Any
    seed: int
    lost: bool = False

    def run(self) -> Figures:
        """Return what the planner does there."""
        environment = world.environment(self.seed, lost=self.lost)
        start = time.process_time()
        found = rolling.simulate(
            environment, self._build(environment), weeks=world.SIMULATED, rng=np.random.default_rng([self.seed, 0])
        )
        seconds = (time.process_time() - start) / world.SIMULATED
        every, made = rolling.changes(found), rolling.changes(found, activities=np.arange(len(environment.products)))
        return Figures(
            profit=found.profit,
            served=float(found.outcome.sold.sum() / environment.demand[:, : world.SIMULATED].sum()),
            owed=float(found.owed.sum(axis=0).mean()),
            stock=float(found.outcome.left.sum(axis=0).mean()),
            charges={cause: float(money.sum()) for cause, money in found.charges.items()},
            lots=every.lots,
            changed=every.changed,
            made_changed=made.changed,
            seconds=seconds,
        )

    def _build(self, environment: rolling.Environment) -> Planner:
        if self.planner in tune.BASELINES:
            return tune.BASELINES[self.planner].build(self.setting)
        told = {
            LOTWISE: rolling.scenarios,
            REVISED: rolling.revised(1),
            MEAN: rolling.mean,
            PERFECT: rolling.perfect(environment),
        }[self.planner]
        return rolling.planned(told, change_cost=self.setting * world.unit_cost())


def interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean and its 95 % interval."""
    mean = float(values.mean())
    if len(values) == 1:
        return mean, -np.inf, np.inf
    reach = float(stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return mean, mean - reach, mean + reach


def everything(pool: Executor, jobs: Mapping[Any, Sequence[Job]]) -> dict[Any, list[Figures]]:
    """Return figures of all jobs by their key."""
    found = iter(pool.map(Job.run, [job for some in jobs.values() for job in some]))
    return {key: [next(found) for _ in some] for key, some in jobs.items()}


def compared(found: dict[str, list[Figures]], title: str) -> dict[str, list[float]]:
    """Print every planner beside lotwise, and return by planner lotwise's gain in percent with its interval."""
    ours = np.array([figures.profit for figures in found[LOTWISE]])
    print(f"\n{title}: profit in {world.SIMULATED} weeks, 1,000 CNY, mean of {len(ours)} worlds; lotwise's gain, paired, 95 %")
    print(f"{'planner':<24}{'profit':>9}{'gain':>9}{'gain %':>9}{'from':>8}{'to':>8}{'served %':>10}{'owed':>7}{'stock':>7}"
          f"{'set-ups':>9}{'overtime':>9}{'cpu s':>7}")  # fmt: skip
    gains = {}
    for name, figures in found.items():
        theirs = np.array([one.profit for one in figures])
        gain, low, high = (100 * value for value in interval((ours - theirs) / theirs))
        gains[name] = [round(value, 2) for value in (gain, low, high)]
        mean = {name: np.mean([getattr(one, name) for one in figures]) for name in ("served", "owed", "stock", "seconds")}
        setup, overtime = (np.mean([one.charges[cause] for one in figures]) / 1000 for cause in ("setup", "overtime"))
        print(f"{name:<24}{theirs.mean() / 1000:9,.0f}{(ours - theirs).mean() / 1000:9,.0f}{gain:9.2f}{low:8.2f}{high:8.2f}"
              f"{100 * mean['served']:10.1f}{mean['owed']:7.0f}{mean['stock']:7.0f}{setup:9.0f}{overtime:9.0f}"
              f"{mean['seconds']:7.2f}")  # fmt: skip
    return gains


def frontier(found: dict[float, list[Figures]], title: str) -> dict[str, dict[str, float]]:
    """Print changed lots and profit by weight against a free re-plan, and return them."""
    free = found[0.0]
    print(f"\n{title}: {len(free)} worlds; profit lost against a free re-plan in percent, 95 % interval")
    print(f"{'weight':<10}{'lots':>8}{'changed':>9}{'of free':>9}{'made, of free':>15}{'profit %':>10}{'from':>8}{'to':>8}")
    told = {}
    for weight, figures in found.items():
        changed, made = (_sum(figures, name) / _sum(free, name) for name in ("changed", "made_changed"))
        apart = np.array([1 - one.profit / base.profit for one, base in zip(figures, free, strict=True)])
        lost, low, high = (100 * value for value in interval(apart))
        lots, count = (np.mean([getattr(one, name) for one in figures]) for name in ("lots", "changed"))
        print(f"{weight:<10g}{lots:8,.0f}{count:9,.0f}{changed:9.2f}{made:15.2f}{lost:10.2f}{low:8.2f}{high:8.2f}")
        told[f"{weight:g}"] = {
            "changed": round(changed, 3),
            "made_changed": round(made, 3),
            "lost": round(lost, 3),
            "lost_from": round(low, 3),
            "lost_to": round(high, 3),
        }
    return told


def _sum(figures: list[Figures], name: str) -> float:
    return float(sum(getattr(one, name) for one in figures))


def is_calm(swept: dict[str, float]) -> bool:
    """Return whether a weight leaves at most half the changes of a free re-plan, for at most 0.5 % of profit."""
    return swept["changed"] <= HALF and swept["lost"] <= 100 * HALF_PERCENT


def where(seed: int) -> dict[str, float]:
    """Print where the time of a re-plan goes, profiled over four weeks of one world, and return shares."""
    environment = world.environment(seed)
    profile = cProfile.Profile()
    profile.enable()
    rolling.simulate(environment, rolling.planned(), weeks=4, rng=np.random.default_rng(0))
    profile.disable()
    rows = pstats.Stats(profile).stats
    spent = {(file.replace("\\", "/").rsplit("/plan/", 1)[-1], name): row[3] for (file, _, name), row in rows.items()}
    total = spent["rolling/simulate.py", "simulate"]
    parts = {
        "linear programs": spent.get(("network/fix.py", "solve"), 0.0),
        "small programs of set-ups and orders": spent.get(("network/decide.py", "decide"), 0.0),
    }
    parts["the rest (scenarios, settling, publishing)"] = total - sum(parts.values())
    print("\nWhere a re-plan's time goes: " + ", ".join(f"{name} {100 * part / total:.0f} %" for name, part in parts.items()))
    return {name: round(part / total, 3) for name, part in parts.items()}


def judged(name: str, *, is_met: bool) -> bool:
    """Print whether a bar is met, and return it."""
    print(f"{'met' if is_met else 'MISSED':<8}{name}")
    return is_met


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Rolling planning on the simulated workshop.")
    parser.add_argument("--worlds", type=int, default=len(WORLDS), help="worlds reported (default 12)")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes (default 2)")
    given = parser.parse_args()
    seeds, apart, start = WORLDS[: given.worlds], APART[: given.worlds], time.perf_counter()
    with ProcessPoolExecutor(given.workers) as pool:
        settings = {
            name: tune.tuned(name, seeds[: SAFE_TUNED if name == tune.SAFE else TUNED], pool) for name in tune.BASELINES
        }
        for name, chosen in settings.items():
            print(f"{name}: {', '.join(f'{key} {value}' for key, value in chosen.items())}")
        print(f"tuned in {time.perf_counter() - start:.0f} s", flush=True)
        steady = f"lotwise, weight {DEFAULT:g}"
        planners = {PERFECT: 0.0, REVISED: 0.0, LOTWISE: 0.0, MEAN: 0.0, **settings}
        named = everything(pool, {name: [Job(name, setting, seed) for seed in seeds] for name, setting in planners.items()})
        named |= everything(pool, {steady: [Job(LOTWISE, DEFAULT, seed) for seed in seeds]})
        known = {0.0: named[LOTWISE][:SWEPT], DEFAULT: named[steady][:SWEPT]}
        more = {weight: [Job(LOTWISE, weight, seed) for seed in seeds[:SWEPT]] for weight in WEIGHTS if weight not in known}
        swept = dict(sorted((known | everything(pool, more)).items()))
        tried = everything(pool, {weight: [Job(LOTWISE, weight, seed) for seed in apart] for weight in WEIGHTS})
        few = {name: planners[name] for name in (PERFECT, LOTWISE, MEAN, "(s, S)", "DDMRP")}
        few |= {name: tune.tuned(name, seeds[:TUNED], pool, lost=True) for name in ("(s, S)", "DDMRP")}
        lost = everything(
            pool, {name: [Job(name, value, seed, lost=True) for seed in seeds[:LOST]] for name, value in few.items()}
        )
    gains = compared(named, "All demand waits")
    lost_gains = compared(lost, "Sales of styles kept in stock are lost")
    calm = frontier({0.0: named[LOTWISE], DEFAULT: named[steady]}, "Nervousness at the default weight, all worlds")
    told = frontier(swept, "Nervousness by weight, reported worlds")
    elsewhere = frontier(tried, "Nervousness by weight, worlds kept apart")
    shares = where(apart[0])
    chosen = next((weight for weight in WEIGHTS if is_calm(elsewhere[f"{weight:g}"])), None)
    print(f"\nSmallest weight that halves changes for at most 0.5 % of profit in the worlds kept apart: {chosen}")
    bars = {
        **{f"above_{key}": judged(f"profit above {name}, interval above 0", is_met=gains[name][1] > 0)
           for key, name in (("mean", MEAN), ("ddmrp", "DDMRP"), ("min_max", "(s, S)"))},
        "nervousness": judged(
            f"weight {DEFAULT:g}: at most half the changed lots for at most 0.5 % of profit",
            is_met=is_calm(calm[f"{DEFAULT:g}"]),
        ),
    }  # fmt: skip
    seconds = time.perf_counter() - start
    print(f"{seconds:.0f} s")
    result = {
        "gain_percent": gains, "to_perfect_percent": gains[PERFECT], "gain_percent_lost_sales": lost_gains, "bars": bars,
        "nervousness": calm, "nervousness_swept": told, "nervousness_apart": elsewhere, "weight_apart": chosen,
        "settings": settings, "cpu_seconds_a_replan": round(float(np.mean([one.seconds for one in named[LOTWISE]])), 3),
        "where": shares, "worlds": len(seeds), "weeks": world.SIMULATED, "seconds": round(seconds),
    }  # fmt: skip
    print(last_line("rolling", result, seed=WORLDS[0]))


if __name__ == "__main__":
    main()
