"""The worked example of docs/concepts/gap.md: a bakery's ledger for one week, to be checked with a pencil."""

from datetime import date

import pyarrow as pa

from lotwise import gap
from lotwise.config import Source
from lotwise.tables.planned import MONEY

WEEK = date(2026, 1, 5)
PROFIT = {  # (information, limits): profit of bread, profit of cake
    ("perfect", "none"): (200, 180),
    ("perfect", "real"): (200, 120),
    ("none", "real"): (160, 96),
    ("method", "real"): (180, 108),
    ("now", "real"): (180, 132),
    ("foresight", "real"): (190, 126),
    ("placebo", "real"): (182, 130.8),
    ("executed", "real"): (180, 120),
}
nothing = dict.fromkeys(("made", "demand", "sold", "lost", "left", "revenue", "cost"), 0.0)
rows = [
    {
        "information": information,
        "limits": limits,
        "cutoff": WEEK,
        "product": product,
        "week": WEEK,
        **nothing,
        "profit": profit,
    }
    for (information, limits), profits in PROFIT.items()
    for product, profit in zip(("bread", "cake"), profits, strict=True)
]
money = pa.Table.from_pylist(rows, schema=MONEY.schema)
ledger, _ = gap.measure({"money": money}, sources=[Source(name="promotions", tables=["promotions"])])
for row in ledger.to_pylist():
    amount = "" if row["money"] is None else f"{row['money']:.2f}"
    share = "" if row["share"] is None else f"{row['share']:.1%}"
    print(f"{row['account']:8} {row['line']:45} {amount:>8} {share:>7}")
