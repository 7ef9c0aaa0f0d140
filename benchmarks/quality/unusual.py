"""Whether cutting one-off weeks before learning helps, on Complete Journey as it is and with spikes planted.

Run it with: make bench ONLY=unusual (needs the extra 'demo').

The fixture is that of complete-journey at origins 37, 41, 45 and 49. Planted: every product has one week of weeks 10-33
(seeded) in which six times its mean is sold besides. Forecasts learn from demand as it stands and as tamed at the
cutoff; promoted weeks count as explained. Scored against what came; no spike lies in a scored week.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.machine import last_line
from benchmarks.quality.complete_journey import FIRST_WEEK, HORIZON, read
from lotwise.config import Forecast, Source
from lotwise.forecast import scores, unusual
from lotwise.forecast.design import design
from lotwise.forecast.panel import Facts, Panel, dense
from lotwise.forecast.registry import METHODS
from lotwise.forecast.task import Task
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    import pyarrow as pa

SEED = 20261121
ORIGINS = (37, 41, 45, 49)
SOURCES = [
    Source(name="history", tables=["demand"]),
    Source(name="promotions", tables=["promotions"], known="plan"),
]
METHODS_TRIED = (("history", ()), ("naive", ()), ("ses", ()), ("poisson", ("history", "promotions")))


def planted(units: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return demand with one spike a product."""
    found = units.copy()
    week = rng.integers(10 - FIRST_WEEK, 34 - FIRST_WEEK, len(units))
    found[np.arange(len(units)), week] += np.rint(6 * units.mean(axis=1)) + 6
    return found


def main() -> None:
    """Print the table, and the figures as JSON on the last line."""
    tables = read()
    panel = dense(tables["demand"])
    facts = Facts(panel, HORIZON, tables, lambda _: None)
    mailer, display = (
        np.nan_to_num(facts.panel.spread(tables["promotions"], kind, panel.weeks)) for kind in ("mailer", "display")
    )
    explained = (mailer > 0.1) | (display > 0.1)
    figures: dict[str, dict[str, float]] = {}
    names = ("found", "bias", "scrps", "rmse", "coverage90")
    print(f"{'':32}" + "".join(f"{name:>12}" for name in names))
    for data, units in (("as it is", panel.units), ("planted", planted(panel.units, np.random.default_rng(SEED)))):
        for method, told in METHODS_TRIED:
            for way in ("raw", "tamed"):
                row = _row(replace(panel, units=units), tables, explained, (method, told), tame=way == "tamed")
                figures[f"{data}, {method}, {way}"] = row
                print(f"{f'{data}, {method}, {way}':32}" + "".join(f"{row[name]:>12.4f}" for name in names))
    print(last_line("unusual", figures, seed=SEED))


def _row(
    panel: Panel, tables: dict[str, pa.Table], explained: np.ndarray, asked: tuple[str, tuple[str, ...]], *, tame: bool
) -> dict[str, float]:
    """Return the scores of one method over the origins, and the share of weeks it found one-off."""
    came, mean, quantiles, found = [], [], [], []
    for origin in ORIGINS:
        end = origin - FIRST_WEEK
        known = panel.units[:, : end + 1]
        units = unusual.tamed(known, explained=explained[:, : end + 1]) if tame else known
        found.append((units != known).mean())
        measures = {name: values[:, : end + 1] for name, values in panel.measures.items()}
        now = Panel(panel.products, panel.regions, panel.weeks[: end + 1], units, measures)
        plan = design(Facts(now, HORIZON, tables, lambda _: None), SOURCES, None)
        curve = METHODS[asked[0]].make(Task(plan, end, asked[1], Forecast(), 0))
        if curve is None:
            raise RuntimeError(f"{asked[0]} made no forecast at origin {origin}")
        came.append(panel.units[:, end + 1 : end + 1 + HORIZON].ravel())
        mean.append(curve.mean.ravel())
        quantiles.append(curve.quantiles.reshape(-1, len(LEVELS)))
    y, expected, bands = np.concatenate(came), np.concatenate(mean), np.concatenate(quantiles)
    return {
        "found": round(float(np.mean(found)), 5),
        "bias": round(float(expected.sum() / y.sum() - 1), 4),
        "scrps": round(float(scores.crps(y, bands).sum() / y.sum()), 4),
        "rmse": round(float(np.sqrt(((expected - y) ** 2).mean())), 4),
        "coverage90": round(scores.inside(y, bands, scores.NINE), 4),
    }


if __name__ == "__main__":
    main()
