"""Complete Journey in money: plans of every method settled cell by cell, and the intervals of what they differ by.

The fixture and its economics are those of ``complete_journey.py``: independent one-week newsvendors under assumed costs.
A plan is the quantile at the critical ratio, rounded, made at an origin for 1 to 4 weeks ahead; a target week is so
planned up to four times, and totals sum all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.quality import complete_journey as journey
from lotwise.forecast.methods import empirical
from lotwise.forecast.panel import Facts, dense
from lotwise.forecast.registry import METHODS, history
from lotwise.forecast.task import Curve, Task, many
from lotwise.gap.interval import bootstrap, interval
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.config import Forecast
    from lotwise.forecast.design import Design
    from lotwise.forecast.panel import Array, Panel

SEED = 20261121
HORIZON = journey.HORIZON
WORKERS = 2
RECENT = 13
RESAMPLES = 2000
BLOCK = 4
EARLIER = [origin - journey.FIRST_WEEK for origin in range(21, 34)]
"""Origins whose target weeks, 22 to 37, all came before the first origin that counts: where choices are made."""
PRICED = 37 - journey.FIRST_WEEK + 1
"""Weeks whose paid prices are the prices."""
UNIT_MARGIN = 0.6
"""Cost of a unit short and of one over, together and over the price, in the sweep of critical ratios."""


@dataclass(frozen=True)
class Stakes:
    """What a unit too few and a unit too many cost, by product; ``(n_products,)`` each."""

    short: Array
    over: Array

    @property
    def ratio(self) -> Array:
        """Return the critical ratio of each product."""
        return self.short / (self.short + self.over)


@dataclass(frozen=True)
class Setup:
    """When a method forecasts, when it is fitted, and how.

    Parameters
    ----------
    ends
        Place of each origin among the weeks.
    starts
        Those of them at which learners are fitted; they are kept until the next.
    params
        Rounds, leaves and learning rate.
    seed
        Of anything random.
    """

    ends: Sequence[int] = tuple(journey.ends())
    starts: Sequence[int] = tuple(journey.ends()[:: journey.REFIT])
    params: Forecast = journey.PARAMS
    seed: int = journey.SEED

    def fitted(self, end: int) -> int:
        """Return the origin at which the model of an origin was fitted."""
        return max(start for start in self.starts if start <= end)


COUNTED = Setup()
"""The origins that count."""


def fixture() -> tuple[Facts, np.ndarray]:
    """Return the tables as facts, and the department of each product."""
    tables = journey.read()
    kinds = dict(zip(tables["products"]["product"].to_pylist(), tables["products"]["department"].to_pylist(), strict=True))
    panel = dense(tables["demand"])
    return Facts(panel, HORIZON, tables, lambda _: None), np.array([kinds[product] for product in panel.products])


def prices(panel: Panel) -> Array:
    """Return the mean price paid for each product in the weeks before the first target week."""
    return np.asarray(panel.measures["revenue"][:, :PRICED].sum(axis=1) / panel.units[:, :PRICED].sum(axis=1))


def assumed(panel: Panel, departments: np.ndarray) -> Stakes:
    """Return the stakes under the costs and salvages assumed of each department."""
    price = prices(panel)
    cost = price * np.array([journey.COST.get(name, journey.OTHER_COST) for name in departments])
    salvage = price * np.array([journey.SALVAGE.get(name, journey.OTHER_SALVAGE) for name in departments])
    return Stakes(price - cost, cost - salvage)


def at_ratio(panel: Panel, ratio: float) -> Stakes:
    """Return the stakes under one critical ratio for all products."""
    price = prices(panel) * UNIT_MARGIN
    return Stakes(ratio * price, (1 - ratio) * price)


def curves(
    plan: Design,
    method: str,
    told: Sequence[str],
    setup: Setup = COUNTED,
    *,
    kept: dict[object, object] | None = None,
    workers: int = WORKERS,
) -> list[Curve]:
    """Return a method's forecast from each origin; learners found in ``kept`` are not fitted again."""
    kept = {} if kept is None else kept
    tasks = [Task(plan, end, tuple(told), setup.params, setup.seed, setup.fitted(end), kept, paths=False) for end in setup.ends]
    made = many(METHODS[method].make, tasks, workers=workers)
    return [history(task) if one is None else one for task, one in zip(tasks, made, strict=True)]


def recent(panel: Panel, ends: Sequence[int]) -> list[Curve]:
    """Return the quantiles of each product's own last weeks, at every horizon."""
    parts = [panel.units[:, end + 1 - RECENT : end + 1] for end in ends]
    return [
        Curve(
            np.repeat(empirical.average(part)[:, None], HORIZON, axis=1),
            np.repeat(empirical.history(part)[:, None], HORIZON, axis=1),
        )
        for part in parts
    ]


def quantities(found: Sequence[Curve], stakes: Stakes) -> list[Array]:
    """Return the plan of each origin: the quantile at the critical ratio, rounded; ``(n_products, horizon)`` each.

    Ratios lie between the first and the last level.
    """
    level = np.asarray(LEVELS)
    low = np.clip(np.searchsorted(level, stakes.ratio, side="right") - 1, 0, len(level) - 2)
    past, width = (stakes.ratio - level[low])[:, None], (level[low + 1] - level[low])[:, None]
    products = np.arange(len(low))
    return [
        ((above - below) / width * past + below).round()
        for below, above in ((one.quantiles[products, :, low], one.quantiles[products, :, low + 1]) for one in found)
    ]


def lost(panel: Panel, ends: Sequence[int], plans: Sequence[Array], stakes: Stakes) -> Array:
    """Return what plans lose against knowing demand; ``(n_products, n_target_weeks, horizon)``, 0 where none was made."""
    found = np.zeros((panel.shape[0], ends[-1] - ends[0] + HORIZON, HORIZON))
    for end, plan in zip(ends, plans, strict=True):
        over = plan - panel.units[:, end + 1 : end + 1 + HORIZON]
        cells = np.where(over > 0, stakes.over[:, None] * over, -stakes.short[:, None] * over)
        for step in range(HORIZON):
            found[:, end + 1 + step - ends[0] - 1, step] = cells[:, step]
    return found


def best(panel: Panel, ends: Sequence[int], stakes: Stakes) -> Array:
    """Return the profit of knowing demand, laid out as ``lost``: it depends on demand and stakes alone."""
    return lost(panel, ends, [np.zeros((panel.shape[0], HORIZON))] * len(ends), stakes)


def two_way(lines: Sequence[Array]) -> Array:
    """Return sums of lines over resamples of products and blocks of weeks, widened for few blocks, as the ledger's are.

    Parameters
    ----------
    lines
        Money by product and target week; ``(n_products, n_target_weeks)`` each.
    """
    rng = np.random.default_rng(SEED)
    return bootstrap(np.stack(lines), rng=rng, resamples=RESAMPLES, block_weeks=BLOCK)


def circular(lines: Sequence[Array]) -> Array:
    """Return the same over plain resamples of products and circular blocks of weeks, as the notes' are."""
    cells = np.stack(lines)
    rng = np.random.default_rng(SEED)
    products, weeks = cells.shape[1:]
    starts = rng.integers(0, weeks, (RESAMPLES, weeks // BLOCK))
    drawn = ((starts[:, :, None] + np.arange(BLOCK)) % weeks).reshape(RESAMPLES, -1)
    counts = rng.multinomial(products, np.full(products, 1 / products), size=RESAMPLES)
    by_week = np.einsum("bp,kpw->bkw", counts, cells, optimize=True)
    return np.asarray(np.take_along_axis(by_week, drawn[:, None, :], axis=2).sum(axis=2))


BOOTSTRAPS = {"two-way": two_way, "circular": circular}


def limits(sums: Array) -> tuple[float, float]:
    """Return the 95 % interval of one line's resampled figures."""
    return interval(sums, 0.95)


def closed(plan: Array, base: Array) -> dict[str, tuple[float, float]]:
    """Return 95 % intervals of the share of the base's regret that a plan removes.

    ``two-way`` is the ledger's: its draws are widened for few blocks and the quotient is made linear at its value, as usual
    for ratios of totals: P + sum((1 - P) base - plan) / sum(base). ``circular`` is the notes': percentiles of the quotient
    in each plain resample. ``quotient`` is the same of the widened draws, some of which leave next to nothing of the base's
    regret to divide by, or less: it stands there to show what that does.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., section 6.4.
    """
    total = float(base.sum())
    p = 1 - float(plan.sum()) / total
    low, high = limits(two_way([(1 - p) * base - plan])[:, 0] / total)
    found = {"two-way": (p + low, p + high)}
    for name, resampled in (("circular", circular), ("quotient", two_way)):
        sums = resampled([plan, base])
        found[name] = limits(1 - sums[:, 0] / np.where(sums[:, 1] > 0, sums[:, 1], np.nan))
    return found


def saved(plan: Array, other: Array) -> dict[str, tuple[float, float]]:
    """Return both 95 % intervals of what a plan saves against another, paired."""
    return {name: limits(resampled([other - plan])[:, 0]) for name, resampled in BOOTSTRAPS.items()}
