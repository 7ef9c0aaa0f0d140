"""The ledger: what is lost against the ideal, in money, and what it rests on."""

from __future__ import annotations

from lotwise.tables.collected import COUNT, FLAG, PRODUCT, REAL, TEXT
from lotwise.tables.contract import Column, Table

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
        Column("unmade", REAL, "lost to machines, materials and lead times", "money"),
        Column("undone", REAL, "lost between the plan and the floor", "money"),
        Column("actual", REAL, "profit as it was", "money"),
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
