"""Accuracy on Dominick's orange juice, set up as in TSPerf's retail benchmark: weekly sales of 11 brands in 83 stores.

Run it with: make bench ONLY=orange-juice (peers: statsforecast and mlforecast, where installed).

Twelve rounds; round r = 0..11 knows sales up to week 135 + 2r and forecasts the second and third week after it, 137 to
160 in all. Price, deal and feature of all brands are known up to the week forecast, sales are not. The score is the mean
absolute percentage error over all 21,054 cells with a recorded sale; the naive forecast comes out at 109.67, as published.
Published: naive 109.67, ETS 70.99, mean 70.74, RNN 37.68, dilated CNN 37.09, LightGBM 36.28.

Two points of each distribution are scored: its mean, and the one whose expected percentage error is least ("point"). The
published mean and ETS are of logarithms; our mean is of sales. Sources are columns a user could make in SQL: the offer,
how it compares with the rivals' in the store, the rivals' own prices, and what the rivals in the store and the brand in all
stores sold up to the cutoff.

Choice. Columns, loss, rounds and learning rate were chosen on six rounds of the training part (knowing weeks up to 111,
115, ... 131). There the point of 'lognormal' had 34.4, 'tweedie' 36.2, 'forest' 35.9 and no mixture of the three gained
more than 0.1; without the sales of rivals and of the brand the error was 0.8 higher, and absolute errors of logs, other
leaves, and features of past weeks offered alike were within its noise of half a point. The rounds asked for were looked at
once with the finished method before this benchmark ran; a first sketch of it, with fewer sources and no calibration, had
been tried on every third of them (35.1 with a factor chosen there), and the Poisson model on all of them (38.6). mlforecast
has the best of three set-ups tried on the same rounds of the training part (absolute percentage error, absolute error of
logs, and that of each series' standardized logs).

'auto' is not shown: it chooses by scaled CRPS, and with a budget of 600 reckoned seconds it tries learners on three windows
each, which takes longer here than all the rest.
"""

from __future__ import annotations

import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.machine import last_line
from lotwise.forecast import Forecast, Source, backtest, read, scores
from lotwise.tables.forecasted import QUANTILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DATA = Path(__file__).parents[2].parent / "shared/data/orangejuice/yx.parquet"
ENDS = tuple(range(135, 158, 2))
"""Last known week of each round."""
LAST, HORIZON, FIRST_AHEAD = 160, 3, 2
CELLS = 21_054
PARAMS = Forecast(rounds=150, learning_rate=0.1)
OURS = ("naive", "mean", "lognormal")
HEADLINE = "lognormal"
BAR, STRETCH = 36.28, 34.0
BRANDS = range(1, 12)
PLANNED = {
    "offer": ["price", "deal", "feature"],
    "position": ["ratio", "cheapest", "rank"],
    "rivals": ["rivals_deal", "rivals_feature"],
    "prices": [f"price_{brand}" for brand in BRANDS],
    "kind": ["brand", "store"],
}
SOLD = ["rivals_sold", "brand_sold"]
FRAME = f"""
with long as (
    select *, brand::int as number, exp(logmove) as y, [{", ".join(f"price{brand}" for brand in BRANDS)}] as prices
    from '{DATA}'
)
select
    (store::int)::varchar || '-' || number::varchar as unique_id, week::int as ds, y,
    ln(prices[number]) as price, deal, feat as feature,
    ln(prices[number] / list_avg(prices)) as ratio, ln(prices[number] / list_min(prices)) as cheapest,
    len(list_filter(prices, other -> other < prices[number])) as rank,
    (sum(deal) over here - deal)::double as rivals_deal, sum(feat) over here - feat as rivals_feature,
    {", ".join(f"ln(price{brand}) as price_{brand}" for brand in BRANDS)},
    number::varchar as brand, (store::int)::varchar as store,
    ln(sum(y) over here - y + 1) as rivals_sold, avg(logmove) over (partition by number, week) as brand_sold
from long
window here as (partition by store, week)
order by unique_id, ds
"""  # noqa: S608  from the constants above


def frame() -> pa.Table:
    """Return sales with their covariates: ``unique_id, ds, y`` and the columns of the sources."""
    return duckdb.connect().sql(FRAME).to_arrow_table()


def sources() -> list[Source]:
    """Return what is known when: offers up to the week forecast, sales up to the cutoff."""
    planned = [Source(name=name, tables=columns, known="plan") for name, columns in PLANNED.items()]
    return [*planned, Source(name="sold", tables=SOLD, known="past")]


def settled(rows: pa.Table) -> pa.Table:
    """Return the cells that are scored: the weeks asked for, where a sale is recorded."""
    ahead = pc.greater_equal(pc.subtract(rows["ds"], rows["cutoff"]), FIRST_AHEAD)
    return rows.filter(pc.and_(ahead, pc.is_finite(pc.fill_null(rows["y"], float("nan")))))


def figures(rows: pa.Table) -> dict[str, float]:
    """Return the scores of a method's settled cells."""
    y, mean = rows["y"].to_numpy(), rows["mean"].to_numpy()
    quantiles = np.stack([rows[name].to_numpy() for name in QUANTILES], axis=1)
    errors = {"mape_mean": scores.mape(y, mean), "mape": scores.mape(y, scores.point(quantiles, loss="mape"))}
    return {name: 100 * (value or 0.0) for name, value in errors.items()} | {
        "scrps": float(scores.crps(y, quantiles).sum() / y.sum()),
        "coverage50": scores.inside(y, quantiles, scores.HALF),
        "coverage90": scores.inside(y, quantiles, scores.NINE),
    }


def ours(table: pa.Table, methods: Sequence[str], ends: Sequence[int] = ENDS) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each method and its scores, all through ``backtest``."""
    laid = read(table, gaps="unknown", note=lambda _: None)
    for name in methods:
        start = time.perf_counter()
        rows = backtest(laid, HORIZON, methods=[name], windows=[LAST - end for end in ends], sources=sources(), params=PARAMS)
        yield name, figures(settled(rows)) | {"cells": settled(rows).num_rows, "seconds": time.perf_counter() - start}


def recursive(table: pa.Table, ends: Sequence[int] = ENDS) -> dict[str, float]:
    """Return the scores of mlforecast with LightGBM, told the same offers, its own lags and means fed back."""
    import lightgbm  # noqa: PLC0415  optional, as what follows
    import pandas as pd  # noqa: PLC0415
    from mlforecast import MLForecast  # noqa: PLC0415
    from mlforecast.lag_transforms import ExpandingMean, ExponentiallyWeightedMean, RollingMean  # noqa: PLC0415
    from mlforecast.target_transforms import GlobalSklearnTransformer, LocalStandardScaler  # noqa: PLC0415
    from sklearn.preprocessing import FunctionTransformer  # noqa: PLC0415

    start = time.perf_counter()
    told = [column for columns in PLANNED.values() for column in columns]
    whole = _filled(table.select(["unique_id", "ds", "y", *told]).to_pandas())
    came = table.select(["unique_id", "ds", "y"]).to_pandas()
    logs = [GlobalSklearnTransformer(FunctionTransformer(np.log, np.exp)), LocalStandardScaler()]
    model = lightgbm.LGBMRegressor(objective="l1", n_estimators=300, num_leaves=31, verbosity=-1, n_jobs=1)
    moving = [RollingMean(4), RollingMean(8), RollingMean(13), ExpandingMean(), ExponentiallyWeightedMean(0.3)]
    parts = []
    for end in ends:
        engine = MLForecast({"m": model}, freq=1, lags=[1, 2, 3, 4, 8], lag_transforms={1: moving}, target_transforms=logs)
        known, later = whole[whole["ds"] <= end], whole[(whole["ds"] > end) & (whole["ds"] <= end + HORIZON)]
        known = known[known["unique_id"].isin(later["unique_id"])]
        engine.fit(known, static_features=["brand", "store"])
        found = engine.predict(HORIZON, X_df=later.drop(columns=["y", "brand", "store"]))
        parts.append(found[found["ds"] >= end + FIRST_AHEAD].merge(came, on=["unique_id", "ds"]))
    rows = pd.concat(parts)
    score = scores.mape(rows["y"].to_numpy(), rows["m"].to_numpy())
    return {"mape_mean": 100 * (score or 0.0), "cells": len(rows), "seconds": time.perf_counter() - start}


def smoothed(table: pa.Table, ends: Sequence[int] = ENDS) -> dict[str, float]:
    """Return the scores of statsforecast's AutoETS on the logarithm of sales, as the published one, told nothing else."""
    import pandas as pd  # noqa: PLC0415  optional, as what follows
    from statsforecast import StatsForecast  # noqa: PLC0415
    from statsforecast.models import AutoETS  # noqa: PLC0415

    start = time.perf_counter()
    came = table.select(["unique_id", "ds", "y"]).to_pandas()
    whole = _filled(table.select(["unique_id", "ds", "y", "brand", "store"]).to_pandas())[["unique_id", "ds", "y"]]
    whole["y"] = np.log(whole["y"])
    parts = []
    for end in ends:
        engine = StatsForecast(models=[AutoETS(season_length=1, alias="m")], freq=1, n_jobs=1)
        found = engine.forecast(df=whole[whole["ds"] <= end], h=HORIZON)
        parts.append(found[found["ds"] >= end + FIRST_AHEAD].merge(came, on=["unique_id", "ds"]))
    rows = pd.concat(parts)
    score = scores.mape(rows["y"].to_numpy(), np.exp(rows["m"].to_numpy()))
    return {"mape_mean": 100 * (score or 0.0), "cells": len(rows), "seconds": time.perf_counter() - start}


def _filled(rows: Any) -> Any:  # noqa: ANN401  pandas is the peer's, not ours
    """Return a frame without gaps, as mlforecast wants it: weeks without a record repeat the one before."""
    import pandas as pd  # noqa: PLC0415  optional

    rows = rows.astype({"brand": int, "store": int})
    begins = rows.groupby("unique_id")["ds"].min()
    every = pd.MultiIndex.from_tuples([(key, week) for key, first in begins.items() for week in range(first, LAST + 1)])
    return (
        rows.set_index(["unique_id", "ds"]).reindex(every.set_names(["unique_id", "ds"])).groupby(level=0).ffill().reset_index()
    )


def main() -> None:
    """Print the table, and the figures as JSON on the last line."""
    table = frame()
    columns = ("mape", "mape_mean", "scrps", "coverage50", "coverage90", "cells", "seconds")
    print(f"{'':44}{'point':>11}{'mean':>11}" + "".join(f"{name:>11}" for name in columns[2:]))
    found: dict[str, dict[str, float]] = {}

    def tell(name: str, row: dict[str, float]) -> None:
        found[name] = {key: round(value, 4) for key, value in row.items()}
        print(f"{name:44}" + "".join(f"{row[key]:>11.3f}" if key in row else f"{'':>11}" for key in columns), flush=True)

    for name, row in ours(table, OURS):
        tell(name, row)
    if find_spec("statsforecast"):
        tell("statsforecast AutoETS of logs", smoothed(table))
    if find_spec("mlforecast"):
        tell("mlforecast LightGBM, absolute error of logs", recursive(table))
    assert {row["cells"] for row in found.values()} == {CELLS}
    best = found[HEADLINE]["mape"]
    verdict = "reached" if best < BAR else "missed"
    print(f"bar: MAPE < {BAR} (best published), stretch < {STRETCH}; '{HEADLINE}' {best:.2f}, {verdict}")
    print(last_line("orange-juice", found[HEADLINE] | {"methods": found}, seed=0))


if __name__ == "__main__":
    main()
