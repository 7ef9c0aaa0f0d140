"""Run the loop on frames in memory: pandas, Polars, Arrow, anything with the Arrow C stream interface.

Run it in an empty folder: it writes a small lotwise.toml there, and keeps its tables below .lotwise.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

import lotwise

SETTINGS = """
[[collect]]
table = "orders"
files = "frame:sales"  # the name given to project.run below
columns = { order = "ticket", customer = "card", product = "article", units = "pieces", unit_price = "price", time = "day" }

[[collect]]
table = "products"
files = "frame:articles"
columns = { product = "article", category = { value = "bakery" }, unit_cost = "cost", shelf_weeks = { value = 1 } }
"""

rng = np.random.default_rng(1)
articles = pa.table({"article": ["bread", "rolls", "cake"], "cost": [1.1, 0.3, 6.0]})
count = 6_000
which, days = rng.integers(0, 3, count), rng.integers(0, 40 * 7, count)
sales = pa.table(
    {
        "ticket": [str(number) for number in range(count)],
        "card": [f"card {card}" for card in rng.integers(0, 200, count)],
        "article": articles["article"].take(pa.array(which)),
        "pieces": rng.poisson(1 + which + 2 * (days // 7 % 4 == 0)) + 1,
        "price": np.array([2.2, 0.6, 14.0])[which],
        "day": [date(2024, 1, 1) + timedelta(days=int(day)) for day in days],
    }
)

Path("lotwise.toml").write_text(SETTINGS, encoding="utf-8")
project = lotwise.open_project()
project.run(frames={"sales": sales, "articles": articles})
for row in project.table("gap").to_pylist():
    money = "not measured" if row["money"] is None else f"{row['money']:,.2f}"
    print(f"{row['account']:<8} {row['line']:<50} {money:>14}  {row['verdict']}")
