"""The clean pool: the demand panel, what was rejected and why, quality, and the economics."""

from __future__ import annotations

from lotwise.tables.columns import COUNT, FLAG, PRODUCT, REAL, REGION, TEXT, WEEK
from lotwise.tables.contract import Column, Table

PROMOTIONS = Table(
    "promotions",
    "how a product is promoted in one region in one week, over the places that sell there",
    ("product", "region", "week"),
    (
        PRODUCT,
        REGION,
        WEEK,
        Column("display", REAL, "share of sales whose places have it on display", "share", low=0, high=1),
        Column("mailer", REAL, "share of sales whose places have it in the mailer", "share", low=0, high=1),
        Column("front", REAL, "share of sales whose places have it in the strongest place", "share", low=0, high=1),
        Column("discount", REAL, "planned share off the list price", "share", nullable=True, low=0, high=1),
    ),
)

DEMAND = Table(
    "demand",
    "what was asked of one product in one region in one week, weeks without sales included",
    ("product", "region", "week"),
    (
        PRODUCT,
        REGION,
        WEEK,
        Column("units", REAL, "units ordered and not cancelled", "units", low=0),
        Column("revenue", REAL, "money paid for them", "money"),
        Column("unit_price", REAL, "mean price paid for one unit; absent where none was sold", "money", nullable=True, low=0),
        Column("discount", REAL, "share off the list price; absent where none was sold", "share", nullable=True, low=0, high=1),
        Column("orders", COUNT, "orders that held it", "orders", low=0),
        Column("customers", COUNT, "different known customers", "customers", low=0),
        Column("censored", FLAG, "whether it was out of stock, so that demand may have been higher"),
    ),
)

REJECTS = Table(
    "rejects",
    "one row that was left out, or one value that was, with the reason",
    (),
    (
        Column("table", TEXT, "table"),
        Column("source_file", TEXT, "file the row was read from"),
        Column("source_row", COUNT, "row of the file", low=1),
        Column("column", TEXT, "column at fault; empty where the whole row is"),
        Column("value", TEXT, "the value as it stood", nullable=True),
        Column("reason", TEXT, "why"),
        Column("effect", TEXT, "what happened to the row", choices=("rejected", "duplicate", "repaired", "flagged")),
    ),
)

QUALITY = Table(
    "quality",
    "one check of one table",
    ("table", "check"),
    (
        Column("table", TEXT, "table"),
        Column("check", TEXT, "what was counted"),
        Column("rows", COUNT, "rows it holds for", "rows"),
        Column("share", REAL, "of the rows read", "share", nullable=True),
        Column("note", TEXT, "what was done about it", nullable=True),
    ),
)

ECONOMICS = Table(
    "economics",
    "what one unit of one product earns and costs",
    ("product",),
    (
        PRODUCT,
        Column("category", TEXT, "category"),
        Column("unit_price", REAL, "price of one unit", "money", low=0),
        Column("unit_cost", REAL, "cost of materials and making of one unit", "money", low=0),
        Column("salvage", REAL, "what one unsold unit still brings", "money", low=0),
        Column("holding_cost", REAL, "cost of keeping one unit one week", "money", low=0),
        Column("shelf_weeks", REAL, "weeks it can be sold after it is made; absent: it keeps", "weeks", nullable=True, low=1),
        Column("price_basis", TEXT, "where the price is from", choices=("given", "assumed", "observed")),
        Column("cost_basis", TEXT, "where the cost is from", choices=("given", "assumed")),
        Column("salvage_basis", TEXT, "where the salvage value is from", choices=("given", "assumed")),
    ),
)
