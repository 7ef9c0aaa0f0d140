"""What will be asked for: quantiles, joint draws, and how good they were."""

from __future__ import annotations

import pyarrow as pa

from lotwise.tables.columns import COUNT, DAY, FLAG, PRODUCT, REAL, REGION, TEXT, WEEK
from lotwise.tables.contract import Column, Table

LEVELS = (.01, .025, .05, *(round(.05 * k, 2) for k in range(2, 20)), .975, .99)  # fmt: skip
"""The 23 quantile levels of every forecast."""

QUANTILES = tuple(f"q{round(level * 1000):03d}" for level in LEVELS)
"""The quantile columns, ``q010`` to ``q990``: one for each of ``LEVELS``."""

JOINED = " + "
"""What stands between the names of ``scores.sources``."""

BASE = "base"
"""The source of the features every model has."""

INFORMATION = Column(
    "information",
    TEXT,
    "what was known: none, recent, method, upto-SOURCE, now, now-SOURCE, placebo, perfect and others",
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

FORECAST_TOTALS = Table(
    "forecast_totals",
    "the distribution of demand for one category, department, region or all together; sums of joint draws",
    ("level", "group", "information", "cutoff", "week"),
    (
        Column("level", TEXT, "total, department, category or region"),
        Column("group", TEXT, "which one"),
        INFORMATION,
        CUTOFF,
        WEEK,
        Column("horizon", COUNT, "weeks ahead, from 1", "weeks", low=1),
        Column("mean", REAL, "expected units", "units", low=0),
        *(Column(name, REAL, f"{level:.1%} quantile", "units", low=0) for name, level in zip(QUANTILES, LEVELS, strict=True)),
    ),
)

OPTION_DEMAND = Table(
    "option_demand",
    "the distribution of demand for one value of an option of a product, region and week; values of an option share the total",
    ("information", "cutoff", "product", "region", "week", "option", "value"),
    (
        INFORMATION,
        CUTOFF,
        PRODUCT,
        REGION,
        WEEK,
        Column("option", TEXT, "what can be chosen, such as fabric"),
        Column("value", TEXT, "the choice, such as linen; '(none)' where the option is not chosen"),
        Column("take_rate", REAL, "expected share of the units that have the value", "share", low=0, high=1),
        Column("take_rate_low", REAL, "5 % quantile of that share", "share", low=0, high=1),
        Column("take_rate_high", REAL, "95 % quantile of that share", "share", low=0, high=1),
        Column("mean", REAL, "expected units", "units", low=0),
        *(Column(name, REAL, f"{level:.1%} quantile", "units", low=0) for name, level in zip(QUANTILES, LEVELS, strict=True)),
    ),
)

COMPONENT_DEMAND = Table(
    "component_demand",
    "the distribution of units of one component that the demand of one week takes, over all products and regions",
    ("information", "cutoff", "component", "week"),
    (
        INFORMATION,
        CUTOFF,
        Column("component", TEXT, "material or component used"),
        WEEK,
        Column("mean", REAL, "expected units", "units", low=0),
        *(Column(name, REAL, f"{level:.1%} quantile", "units", low=0) for name, level in zip(QUANTILES, LEVELS, strict=True)),
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
        Column("mse", REAL, "mean squared error", "units squared", nullable=True, low=0),
        Column("r2", REAL, "share of the variance of all product-weeks that is explained", nullable=True),
        Column("wrmsse", REAL, "RMSSE, its mean weighted by revenue of the last 4 weeks known", nullable=True, low=0),
        Column("smape", REAL, "mean of 2 x error / (demand + forecast)", "share", nullable=True, low=0, high=2),
        Column("value_added", REAL, "share of the naive forecast's absolute error that is removed", "share", nullable=True),
        Column("value_added_scrps", REAL, "share of the naive forecast's sCRPS that is removed", "share", nullable=True),
        Column("stability", REAL, "mean change of a week's forecast from cutoff to cutoff / demand", nullable=True, low=0),
        Column("money", REAL, "lost against knowing demand, per product-week", "money", nullable=True, low=0),
    ),
)

CANDIDATES = Table(
    "candidates",
    "one method that could have made the forecast: how it did before the first past plan, or why it was not tried",
    ("method",),
    (
        Column("method", TEXT, "method"),
        Column("meaning", TEXT, "what it is"),
        Column("chosen", FLAG, "whether the forecast is made by it"),
        Column(
            "money", REAL, "what plans at its critical quantiles lost against knowing demand", "money", nullable=True, low=0
        ),
        Column("scrps", REAL, "scaled continuous ranked probability score", nullable=True, low=0),
        Column("seconds", REAL, "what trying it is reckoned to take, from the size of the data", "seconds", low=0),
        Column("skipped", TEXT, "why it was not tried", nullable=True),
    ),
)

FEATURES = Table(
    "features",
    "one feature the forecaster can be told",
    ("source", "feature"),
    (
        Column("source", TEXT, "source it is from; 'base' for what every model has"),
        Column("feature", TEXT, "feature"),
        Column("meaning", TEXT, "what it says"),
        Column("missing", REAL, "share of series, weeks and weeks ahead without a value", "share", low=0, high=1),
        Column("used", FLAG, "whether the model asked it at least once; absent where the model cannot say", nullable=True),
        Column(
            "gain",
            REAL,
            "its share of all units that features moved in the current forecast",
            "share",
            nullable=True,
            low=0,
            high=1,
        ),
    ),
)

REASONS = Table(
    "reasons",
    "units that one source added to a product's usual level in the current forecast; they add up to its mean",
    ("product", "region", "week", "source"),
    (
        PRODUCT,
        REGION,
        WEEK,
        Column("source", TEXT, "source, or 'usual level', 'base' (what every model has), 'after the model'"),
        Column("units", REAL, "units it added", "units"),
        Column("feature", TEXT, "the feature of it that moved the forecast most", nullable=True),
        Column("feature_units", REAL, "units that feature added", "units", nullable=True),
        Column("value", REAL, "that feature's value", nullable=True),
    ),
)
