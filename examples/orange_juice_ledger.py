"""What knowing prices, deals and features in advance is worth in money: 15 lines on any frame, without a project.

The frame is Dominick's weekly sales of a brand of orange juice, in ounces, in 83 stores (orangeJuice of the R package bayesm).
Price and cost of an ounce are assumed, the same for all, and that what is left of a week is sold off at half its cost.
"""

from pathlib import Path

import duckdb

from lotwise import forecast, gap

data = Path(__file__).parents[2] / "shared/data/orangejuice/yx.parquet"
if not data.exists():
    print(f"The data are not here: save yx of bayesm's orangeJuice as {data.name} and put its path into this script.")
    raise SystemExit
columns = "store as unique_id, date '1989-09-14' + 7 * week as ds, exp(logmove) as y, ln(price1) as price, deal, feat"
sales = duckdb.sql(f"select {columns} from '{data}' where brand = 1 order by all").to_arrow_table()  # noqa: S608  no input


def backtest(names: tuple[str, ...]) -> object:
    """Return what was forecast at sixteen cutoffs with some of the columns known in advance, beside what came."""
    told = [forecast.Source(name=name, tables=[name], known="plan") for name in names]
    rows = forecast.read(sales.select(["unique_id", "ds", "y", *names]), gaps="unknown")
    return forecast.backtest(rows, 2, methods=["poisson"], windows=16, sources=told, params=forecast.Forecast(refit=16))


for row in gap.value_ledger(backtest, ["price", "deal", "feat"], {"price": 0.03, "cost": 0.02, "salvage": 0.01}).to_pylist():
    print(f"{row['line']:<6} {row['shapley'] or row['profit']:>10,.0f}  {row['verdict'] or row['note']}")
