"""Intermittent demand: monthly sales of 2,674 car parts over 51 months, 71 % of them zero; the last 12 months held out.

Run it with: make bench ONLY=carparts (peers: statsforecast, where installed).

Set-up. One origin: all twelve months from 40 to 51 are forecast at the end of month 39. Rolling: the same months, each
forecast at the end of the month before. Months that are absent in the data are scored nowhere. Every quantile is
rounded to whole parts, those of the peers too.

Choice. What is ours is chosen, and every peer's quantiles are chosen, on months 28-39 forecast at the end of month 27;
months 40-51 are looked at only to report. The settings of 'negative-binomial' were found on months 28-39 too. A
point method may have the quantiles of its own past errors, or those of a negative binomial with its forecast as
mean and its mean squared distance from the series' past as variance: whichever costs less stock on months 28-39.

Stock cost. A month of a part ends with its stock or its backlog, where the stock is the quantile at the critical ratio
r: each part left over costs 1 - r and each part short r (holding and backlog add up to 1), and nothing is carried
over. It is the mean over parts and months, in such units, and ``stock_cost`` the mean over r = .5, .7, .9, .95.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
from scipy.stats import nbinom

from benchmarks.machine import last_line
from lotwise.config import Forecast, Source
from lotwise.forecast import scores
from lotwise.forecast.design import design
from lotwise.forecast.panel import Facts, Panel
from lotwise.forecast.registry import METHODS
from lotwise.forecast.task import Curve, Task
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parents[2].parent / "shared/data/carparts/carparts.parquet"
SEED = 0
YEAR = 12
CHOICE, TEST = 26, 38
"""Places of the last known month: before the months that choose, and before those that are held out."""
RATIOS = (0.5, 0.7, 0.9, 0.95)
CANDIDATES = ("negative-binomial", "poisson", "negative-binomial-poisson")
EMPIRICAL = (None, 24, 12)
"""Months whose quantiles are the empirical ones; None: all."""
COLUMNS = ("scrps", *(f"cost_{round(100 * ratio)}" for ratio in RATIOS), "stock_cost", "rmse", "coverage90", "bias")
OURS = ("croston", "sba", "tsb")
LIBRARY = ("CrostonClassic", "CrostonOptimized", "CrostonSBA", "TSB", "ADIDA", "IMAPA")
BARS = {"Croston": "croston", "SBA": "sba", "TSB": "tsb", "empirical quantiles": "empirical"}


def read() -> np.ndarray:
    """Return the demand of each part and month, absent where the data say nothing; (2674, 51)."""
    table = pq.read_table(DATA)
    parts, part = np.unique(table["part_id"].to_numpy().astype(str), return_inverse=True)
    months, month = np.unique(table["month"].to_numpy(), return_inverse=True)
    units = np.full((len(parts), len(months)), np.nan)
    units[part, month] = table["units"].cast("float64").to_numpy()
    return units


def task(units: np.ndarray, end: int, horizon: int) -> Task:
    """Return what is asked at the end of a month; the months stand on an axis of weeks, which nothing here reads."""
    weeks = np.datetime64("2001-01-01") + 7 * np.arange(units.shape[1])
    panel = Panel(np.array([f"{n:04d}" for n in range(len(units))]), np.full(len(units), "all"), weeks, units)
    facts = Facts(panel, horizon, {}, lambda _: None)
    plan = design(facts, [Source(name="history", tables=["demand"])], None)
    return Task(replace(plan, season=YEAR), end, ("history",), Forecast(horizon=horizon), SEED)


def own(name: str) -> Callable[[Task], Curve]:
    """Return one of our methods."""

    def make(asked: Task) -> Curve:
        curve = METHODS[name].make(asked)
        assert curve is not None
        return curve

    return make


def empirical(asked: Task, months: int | None) -> Curve:
    """Return the quantiles of the last months (all when None)."""
    units = asked.units if months is None else asked.units[:, -months:]
    return own("history")(replace(asked, design=replace(asked.design, units=units), end=units.shape[1] - 1))


def spread(asked: Task, point: Callable[[Task], np.ndarray]) -> Curve:
    """Return a point forecast with the negative binomial of its mean and of its distance from the past."""
    mean = np.maximum(point(asked), 1e-3)
    distance = np.nan_to_num(np.nanmean((asked.units[:, None] - mean[:, :, None]) ** 2, axis=2))
    variance = np.maximum(distance, 1.01 * mean)
    shape = mean**2 / (variance - mean)
    quantiles = nbinom.ppf(np.asarray(LEVELS), shape[:, :, None], (shape / (shape + mean))[:, :, None])
    return Curve(mean, quantiles)


def library(name: str, asked: Task) -> np.ndarray:
    """Return the point forecasts of a model of statsforecast."""
    from statsforecast import models  # noqa: PLC0415  an optional peer

    model = models.TSB(alpha_d=0.1, alpha_p=0.1) if name == "TSB" else getattr(models, name)()
    found = np.zeros((len(asked.units), asked.horizon))
    for row, series in enumerate(asked.units):
        known = series[np.isfinite(series)]
        if known.any():
            found[row] = model.forecast(y=known, h=asked.horizon)["mean"]
    return found


def peers() -> dict[str, list[Callable[[Task], Curve]]]:
    """Return the ways each peer's quantiles may be made; the first is kept unless another costs less."""
    found: dict[str, list[Callable[[Task], Curve]]] = {
        "empirical": [partial(empirical, months=months) for months in EMPIRICAL],
    }
    for name in OURS:
        found[name] = [own(name), partial(spread, point=lambda asked, name=name: own(name)(asked).mean)]
    try:
        import statsforecast  # noqa: F401, PLC0415  an optional peer
    except ModuleNotFoundError:
        print("statsforecast is not installed: its models are left out")
        return found
    return found | {f"statsforecast {name}": [partial(spread, point=partial(library, name))] for name in LIBRARY}


def measured(curve: Curve, came: np.ndarray) -> dict[str, float]:
    """Return the scores of a forecast, its quantiles rounded to whole parts."""
    known = np.isfinite(came)
    units, quantiles, mean = came[known], np.rint(curve.quantiles[known]), curve.mean[known]
    found = {"scrps": scores.crps(units, quantiles).sum() / units.sum()}
    for ratio in RATIOS:
        stock = quantiles[:, LEVELS.index(ratio)]
        cost = ratio * np.maximum(units - stock, 0) + (1 - ratio) * np.maximum(stock - units, 0)
        found[f"cost_{round(100 * ratio)}"] = cost.mean()
    found["stock_cost"] = float(np.mean([found[f"cost_{round(100 * ratio)}"] for ratio in RATIOS]))
    found["rmse"] = np.sqrt(((units - mean) ** 2).mean())
    found["coverage90"] = scores.inside(units, quantiles, scores.NINE)
    found["bias"] = (mean - units).sum() / units.sum()
    return {name: round(float(value), 4) for name, value in found.items()}


def year(units: np.ndarray, make: Callable[[Task], Curve], end: int) -> dict[str, float]:
    """Return the scores of the twelve months after one origin."""
    return measured(make(task(units, end, YEAR)), units[:, end + 1 : end + 1 + YEAR])


def rolling(units: np.ndarray, make: Callable[[Task], Curve]) -> dict[str, float]:
    """Return the scores of the held-out months, each forecast a month before."""
    asked = task(units, TEST, 1)
    curves = [make(replace(asked, end=end)) for end in range(TEST, TEST + YEAR)]
    mean, quantiles = (np.concatenate([getattr(c, name) for c in curves], axis=1) for name in ("mean", "quantiles"))
    return measured(Curve(mean, quantiles), units[:, TEST + 1 :])


def line(name: str, row: dict[str, float]) -> str:
    """Return a line of the table."""
    return f"{name:38}" + "".join(f"{value:>12.4f}" for value in row.values())


def main() -> None:
    """Print the tables, and the figures as JSON on the last line."""
    units = read()
    print(f"{units.shape[0]:,} parts, {units.shape[1]} months, {np.nanmean(units == 0):.0%} zeros")
    ways = {name: [own(name)] for name in CANDIDATES} | peers()
    chosen, before = {}, {}
    print(f"\n{'Months 28-39, which choose':38}" + "".join(f"{name:>12}" for name in COLUMNS))
    for name, makes in ways.items():
        tried = [year(units, make, CHOICE) for make in makes]
        best = int(np.argmin([row["stock_cost"] for row in tried]))
        chosen[name], before[name] = makes[best], tried[best]
        for place, row in enumerate(tried):
            print(line(f"{name} ({place + 1}){' *' if place == best and len(makes) > 1 else ''}", row))
    winner = min(CANDIDATES, key=lambda name: before[name]["stock_cost"])
    figures: dict[str, dict[str, float | str]] = {}
    for title, score in (("one origin", partial(year, end=TEST)), ("rolling", rolling)):
        print(f"\n{f'Months 40-51, {title}':38}" + "".join(f"{name:>12}" for name in COLUMNS))
        rows = {}
        for name, make in chosen.items():
            start = time.perf_counter()
            rows[name] = score(units, make)
            print(line(name, rows[name]) + f"{time.perf_counter() - start:>9.1f} s", flush=True)
        if title == "one origin":
            figures = {name: dict(row) for name, row in rows.items()}
        else:
            for name, row in rows.items():
                figures[name] |= {f"rolling_{key}": row[key] for key in ("scrps", "stock_cost")}
    figures["chosen"] = {"method": winner} | figures[winner]
    print(f"\nchosen on months 28-39: {winner}")
    for label, name in BARS.items():
        beaten = all(figures[winner][key] < figures[name][key] for key in ("scrps", "stock_cost"))
        print(f"{winner} below {label}: {'yes' if beaten else 'no'}")
    print(last_line("carparts", figures, seed=SEED))


if __name__ == "__main__":
    main()
