"""The ledger: what is lost against the ideal, in money, and what it rests on."""

from __future__ import annotations

from lotwise.tables.columns import COUNT, FLAG, PRODUCT, REAL, REGION, TEXT, WEEK
from lotwise.tables.contract import Column, Table


def _spans(name: str, meaning: str) -> tuple[Column, ...]:
    """Return a money column with the ends of its interval, all absent where it was not measured."""
    return (
        Column(name, REAL, meaning, "money", nullable=True),
        Column(f"{name}_low", REAL, "lower end of its interval", "money", nullable=True),
        Column(f"{name}_high", REAL, "upper end of its interval", "money", nullable=True),
    )


ACCOUNT = Column(
    "account", TEXT, "which account", choices=("ideal", "unknown", "unmade", "undone", "actual", "known", "unseen")
)

GAP = Table(
    "gap",
    "one line of the ledger",
    ("account", "line"),
    (
        Column("order", COUNT, "place in the ledger, from 1", low=1),
        ACCOUNT,
        Column("line", TEXT, "what it is"),
        Column("money", REAL, "money over the settled weeks; absent where it was not measured", "money", nullable=True),
        Column("low", REAL, "lower end of the 90 % interval", "money", nullable=True),
        Column("high", REAL, "upper end of the 90 % interval", "money", nullable=True),
        Column("share", REAL, "of the ideal, or of the gap of the base for lines under 'known'", "share", nullable=True),
        Column("verdict", TEXT, "what can be said of it"),
        Column("counted", FLAG, "whether it is part of ideal - unknown - unmade - undone = actual"),
        Column("formula", TEXT, "the states of 'money' it is the difference of, as V(STATE) - V(STATE)", nullable=True),
        Column("bits", REAL, "expected log score gained, per product-week", "bits", nullable=True),
        Column("note", TEXT, "how it was measured"),
    ),
)

GAP_PRODUCTS = Table(
    "gap_products",
    "the counted accounts of one product",
    ("product",),
    (
        PRODUCT,
        Column("ideal", REAL, "profit with perfect knowledge and no limits", "money"),
        Column("unknown", REAL, "lost because demand was not known", "money"),
        Column("unmade", REAL, "lost to machines, materials, lead times and lot rules", "money"),
        Column("undone", REAL, "lost between the plan and the floor", "money"),
        Column("actual", REAL, "profit as it was", "money"),
    ),
)

GAP_CELLS = Table(
    "gap_cells",
    "the counted accounts of one product, region and settled week",
    ("product", "region", "week"),
    (
        PRODUCT,
        REGION,
        WEEK,
        Column("ideal", REAL, "profit with perfect knowledge and no limits", "money"),
        Column("unknown", REAL, "lost because demand was not known", "money"),
        Column("unmade", REAL, "lost to machines, materials, lead times and lot rules", "money"),
        Column("undone", REAL, "lost between the plan and the floor", "money"),
        Column("actual", REAL, "profit as it was", "money"),
    ),
)

SOURCE_VALUES = Table(
    "source_values",
    "what one source of information brought over the settled weeks, and whether it is worth its price",
    ("source",),
    (
        Column("order", COUNT, "place in the order the sources were added in, from 1", low=1),
        Column("source", TEXT, "name of the source; 'placebo' for random numbers"),
        Column("known", TEXT, "when it is known; absent for the placebo", nullable=True, choices=("past", "plan")),
        *_spans("ordered", "added after the sources above it"),
        *_spans("first_in", "added first, to the method alone"),
        *_spans("shapley", "its Shapley value: the mean over all orders of adding the sources"),
        *_spans("last_in", "added last, to all the others"),
        *_spans("in_advance", "known for the target week, over known up to the cutoff only"),
        Column("bits", REAL, "expected log score gained, per product-week", "bits", nullable=True),
        Column("crps", REAL, "continuous ranked probability score gained, per product-week", "units", nullable=True),
        Column(
            "noise",
            REAL,
            "how far money moves when the same model is fitted again: one standard deviation",
            "money",
            nullable=True,
        ),
        Column("cost", REAL, "what it costs over the settled weeks", "money", nullable=True),
        *_spans("net", "what it brings less what it costs: the Shapley value where measured, else last in"),
        Column("advice", TEXT, "what to do with it", choices=("keep", "drop", "cannot tell yet", "")),
        Column("verdict", TEXT, "what can be said of its value"),
        Column("note", TEXT, "how it was measured"),
    ),
)

GAP_NOTICE = Table(
    "gap_notice",
    "what knowing earlier is worth: profit against weeks of notice",
    ("kind", "weeks"),
    (
        Column(
            "kind",
            TEXT,
            "plans: announced plans are known so many weeks ahead; orders: demand of so many weeks is known when the plan is "
            "made; decision: plans are made so many weeks before the cutoff",
            choices=("plans", "orders", "decision"),
        ),
        Column("weeks", COUNT, "weeks of notice, or for a decision weeks before the cutoff", "weeks", low=0),
        Column("profit", REAL, "profit over the settled weeks", "money"),
        *_spans("gain", "profit less that of the plan made with what was known"),
    ),
)

GAP_HISTORY = Table(
    "gap_history",
    "one line of the ledger as one run left it",
    ("run", "account", "line"),
    (
        Column("run", COUNT, "number of the run, as in the table runs", low=1),
        ACCOUNT,
        Column("line", TEXT, "what it is"),
        Column("money", REAL, "money over the settled weeks; absent where it was not measured", "money", nullable=True),
        Column("low", REAL, "lower end of the interval", "money", nullable=True),
        Column("high", REAL, "upper end of the interval", "money", nullable=True),
        Column("weeks", COUNT, "settled weeks", low=0),
        Column("last", WEEK.type, "last settled week", nullable=True),
        Column("products", COUNT, "settled products", low=0),
    ),
)

GAP_CHANGES = Table(
    "gap_changes",
    "why one account differs from what it was in the run before",
    ("account", "cause"),
    (
        Column("since", COUNT, "the run it is compared with", low=1),
        ACCOUNT,
        Column("cause", TEXT, "weeks that came, weeks that went, products that came, products that went, or settled anew"),
        Column("money", REAL, "what the account changed by", "money"),
        Column("note", TEXT, "what is behind it: settings, tables or code that changed"),
    ),
)

UNSEEN = Table(
    "unseen",
    "one measure of what customers did not see: never added to the other accounts",
    ("measure",),
    (
        Column("measure", TEXT, "what was measured"),
        Column("value", REAL, "its value; absent where it was not measured", nullable=True),
        Column("low", REAL, "lower end of its interval", nullable=True),
        Column("high", REAL, "upper end of its interval", nullable=True),
        Column("unit", TEXT, "what it is counted in: money, share, choices or products"),
        Column("verdict", TEXT, "what can be said of it"),
        Column("note", TEXT, "how it was measured, or what it would take to measure it"),
    ),
)

GAP_SWEEP = Table(
    "gap_sweep",
    "the ledger's main figures had margins been different",
    ("critical_ratio",),
    (
        Column("critical_ratio", REAL, "(price - cost) / (price - salvage) of every product", "share", low=0, high=1),
        Column("gap_none", REAL, "gap of the base: nothing known but history", "money"),
        Column("gap_now", REAL, "gap with what is known now", "money"),
        Column("closed", REAL, "share of the base's gap that is closed (prescriptiveness P)", "share", nullable=True),
        Column("low", REAL, "lower end of its 90 % interval", "share", nullable=True),
        Column("high", REAL, "upper end of its 90 % interval", "share", nullable=True),
    ),
)

ASSUMPTIONS = Table(
    "assumptions",
    "one thing the money rests on",
    ("subject", "item"),
    (
        Column("subject", TEXT, "what it is about, such as cost"),
        Column("item", TEXT, "which product, category or setting"),
        Column("value", TEXT, "its value"),
        Column("basis", TEXT, "where it is from", choices=("given", "assumed", "observed")),
        Column("note", TEXT, "how it is used", nullable=True),
    ),
)
