"""What will be asked for: quantiles, joint draws, and how good they were."""

from __future__ import annotations

import pyarrow as pa

from lotwise.tables.collected import COUNT, DAY, PRODUCT, REAL, REGION, TEXT, WEEK
from lotwise.tables.contract import Column, Table

LEVELS = (.01, .025, .05, *(round(.05 * k, 2) for k in range(2, 20)), .975, .99)  # fmt: skip
"""The 23 quantile levels of every forecast."""

QUANTILES = tuple(f"q{round(level * 1000):03d}" for level in LEVELS)
"""The quantile columns, ``q010`` to ``q990``: one for each of ``LEVELS``."""

JOINED = " + "
"""What stands between the names of ``scores.sources``."""

INFORMATION = Column(
    "information", TEXT, "what was known: none, method, upto-SOURCE, now, now-SOURCE, placebo, perfect or executed"
)
CUTOFF = Column("cutoff", DAY, "Monday after the last week that was known")

FORECAST = Table(
    "forecast",
    "the distribution of demand for one product, region and week, from what was known at a cutoff",
    ("information", "cutoff", "product", "region", "week"),
    (
        INFORMATION,
        CUTOFF,
        PRODUCT,
        REGION,
        WEEK,
        Column("horizon", COUNT, "weeks ahead, from 1", "weeks", low=1),
        Column("mean", REAL, "expected units", "units", low=0),
        *(Column(name, REAL, f"{level:.1%} quantile", "units", low=0) for name, level in zip(QUANTILES, LEVELS, strict=True)),
    ),
)

DRAWS = Table(
    "draws",
    "equally likely demands; the k-th draw of every row is one scenario",
    ("information", "cutoff", "product", "region", "week"),
    (
        INFORMATION,
        CUTOFF,
        PRODUCT,
        REGION,
        WEEK,
        Column("units", pa.list_(pa.float32()), "units in each scenario", "units"),
    ),
)

SCORES = Table(
    "scores",
    "how good one model was at one cutoff, or over all",
    ("model", "information", "cutoff"),
    (
        Column("model", TEXT, "model"),
        INFORMATION,
        Column("cutoff", TEXT, "cutoff as a date, or 'all'"),
        Column("cells", COUNT, "product-weeks scored", low=0),
        Column("rmse", REAL, "root mean squared error", "units", nullable=True, low=0),
        Column("mae", REAL, "mean absolute error", "units", nullable=True, low=0),
        Column("r2_within", REAL, "share of the variance within products that is explained", nullable=True),
        Column("rmsse", REAL, "RMSE scaled by the one-step naive error in the history", nullable=True, low=0),
        Column("mase", REAL, "MAE scaled by the one-step naive error in the history", nullable=True, low=0),
        Column("scrps", REAL, "scaled continuous ranked probability score", nullable=True, low=0),
        Column("coverage50", REAL, "share inside the 50 % interval", "share", nullable=True, low=0, high=1),
        Column("coverage90", REAL, "share inside the 90 % interval", "share", nullable=True, low=0, high=1),
        Column("bias", REAL, "mean error over mean demand", "share", nullable=True),
        Column("sources", TEXT, "the sources it knew, in the order they were added, joined by ' + '", nullable=True),
    ),
)
