"""What to offer to whom, why, and how well such offers did in the past."""

from __future__ import annotations

from lotwise.tables.columns import COUNT, PRODUCT, REAL, TEXT, WEEK
from lotwise.tables.contract import Column, Table

OFFERS = Table(
    "offers",
    "one product offered to one customer",
    ("customer", "rank"),
    (
        Column("customer", TEXT, "who, by pseudonym"),
        Column("rank", COUNT, "place in the customer's list, from 1", low=1),
        PRODUCT,
        Column("probability", REAL, "chance that they buy it in the next weeks", "share", low=0, high=1),
        Column("margin", REAL, "price - cost of one unit", "money"),
        Column("capacity_cost", REAL, "what its machine-hours and materials would earn elsewhere", "money"),
        Column("contribution", REAL, "probability x (margin - capacity cost)", "money"),
        Column("promise_week", WEEK.type, "Monday of the first week it can be had", nullable=True),
        Column("plain_rank", COUNT, "place by liking alone", low=1),
        Column("why", TEXT, "the reason in words"),
    ),
)

RECOMMENDER_SCORES = Table(
    "recommender_scores",
    "how well one recommender foresaw purchases in weeks kept apart",
    ("model", "mode"),
    (
        Column("model", TEXT, "recommender"),
        Column("mode", TEXT, "all purchases, or only products new to the customer", choices=("repeat", "new")),
        Column("customers", COUNT, "customers scored", low=0),
        Column("ndcg10", REAL, "normalized discounted cumulative gain of the first 10", low=0, high=1),
        Column("recall20", REAL, "share of what they bought within the first 20", "share", low=0, high=1),
        Column("coverage10", REAL, "share of products in any first 10", "share", low=0, high=1),
        Column("standard_error", REAL, "standard error of ndcg10 over customers", low=0),
    ),
)
