"""What mining finds in the pool: rules, segments, profiles, preferences, opinions, trends, drivers and the market.

Every figure stands with its evidence: how many baskets, orders, texts or weeks it rests on, and how sure it is.
"""

from __future__ import annotations

import pyarrow as pa

from lotwise.tables.columns import COUNT, DAY, FLAG, PRODUCT, REAL, TEXT, WEEK
from lotwise.tables.contract import Column, Table

LIST = pa.list_(pa.field("item", pa.string()))

SEGMENT = Column("segment", TEXT, "segment, from S1 (most revenue in the first run); a matched segment keeps its number")

MINING = Table(
    "mining",
    "what came of one part of mining",
    ("part", "scope"),
    (
        Column("part", TEXT, "rules, segments, profiles, preferences, opinions, trends, drivers or market"),
        Column("scope", TEXT, "what it was applied to; 'all' where there is one"),
        Column("ended", TEXT, "whether it was finished", choices=("whole", "capped", "left out")),
        Column("rows", COUNT, "what it found", low=0),
        Column("evidence", COUNT, "orders, baskets, customers, texts or weeks it was found in", low=0),
        Column("note", TEXT, "what a cap cut, or why it was left out; absent: nothing to say", nullable=True),
    ),
)

ITEMSETS = Table(
    "itemsets",
    "one set of items that often come together",
    ("itemset",),
    (
        Column("itemset", TEXT, "number of the set"),
        Column("kind", TEXT, "together: in one order; option: on one order line", choices=("together", "option")),
        Column("level", TEXT, "what the items are", choices=("product", "type", "category", "option")),
        Column("scope", TEXT, "'all', 'segment S1' or 'period 2025-05-05..2025-08-03'"),
        Column("product", TEXT, "product whose options they are; absent for orders", nullable=True),
        Column("items", LIST, "the items, in alphabetical order"),
        Column("count", COUNT, "orders or order lines that hold them all", low=1),
        Column("support", REAL, "the same as a share of all in the scope", "share", low=0, high=1),
        Column("is_closed", FLAG, "no larger set has the same count"),
        Column("is_maximal", FLAG, "no larger set is frequent"),
    ),
)

RULES = Table(
    "rules",
    "one rule: who has the first also has the second",
    ("rule",),
    (
        Column("rule", TEXT, "number of the rule, from the one worth most"),
        Column(
            "kind",
            TEXT,
            "together: in one order; option: on one order line; next: in a later order of the same customer",
            choices=("together", "option", "next"),
        ),
        Column("level", TEXT, "what the items are", choices=("product", "type", "category", "option")),
        Column("scope", TEXT, "'all', 'segment S1' or 'period 2025-05-05..2025-08-03'"),
        Column("product", TEXT, "product whose options they are; absent for orders", nullable=True),
        Column("antecedent", LIST, "the first: what is there"),
        Column("consequent", LIST, "the second: what then is there too"),
        Column("count", COUNT, "orders, order lines or customers that hold both", low=0),
        Column("total", COUNT, "all orders, order lines or customers of the scope", low=1),
        Column("support", REAL, "count / total", "share", low=0, high=1),
        Column("confidence", REAL, "share of those with the first that have the second", "share", low=0, high=1),
        Column("lift", REAL, "confidence over the share that have the second anyway", low=0),
        Column("leverage", REAL, "support above what chance alone would give", "share", low=-1, high=1),
        Column("conviction", REAL, "how often it would be wrong by chance over how often it is; absent: never", nullable=True),
        Column("chi_square", REAL, "chi-square of the two-by-two table, one degree of freedom", nullable=True, low=0),
        Column("p_value", REAL, "chance of as much without a connection, corrected for all rules tried", low=0, high=1),
        Column(
            "margin",
            REAL,
            "margin of the second that goes with the first above chance, of the whole scope",
            "money",
            nullable=True,
        ),
        Column("days", REAL, "median days from the first to the second (kind next)", "days", nullable=True, low=0),
        Column(
            "verdict",
            TEXT,
            "usable; may be chance: the corrected p-value is above the setting; not usable: lift is not above 1",
            choices=("usable", "may be chance", "not usable"),
        ),
    ),
)

SEGMENTS = Table(
    "segments",
    "one customer's segment",
    ("customer",),
    (
        Column("customer", TEXT, "who, by pseudonym"),
        SEGMENT,
        Column("name", TEXT, "what sets the segment apart, in words"),
        Column("certainty", REAL, "chance that the customer belongs to it", "share", low=0, high=1),
        Column("recency_days", REAL, "days since the last order", "days", low=0),
        Column("orders", COUNT, "orders so far", low=0),
        Column("revenue", REAL, "revenue so far, returns taken off", "money"),
        Column("rfm", TEXT, "fifths of recency, frequency and money, 5 the best, such as 5-3-4"),
    ),
)

SEGMENT_FEATURES = Table(
    "segment_features",
    "one feature of one segment",
    ("segment", "feature"),
    (
        SEGMENT,
        Column("name", TEXT, "what sets the segment apart, in words"),
        Column("customers", COUNT, "customers in it", low=1),
        Column("feature", TEXT, "feature, in words"),
        Column("mean", REAL, "its mean in the segment"),
        Column("overall", REAL, "its mean over all customers"),
        Column("difference", REAL, "(mean - overall) / standard deviation over all customers"),
    ),
)

SEGMENT_TRIALS = Table(
    "segment_trials",
    "one way of dividing the customers that was tried",
    ("method", "segments"),
    (
        Column("method", TEXT, "how", choices=("k-means", "gaussian mixture", "hdbscan", "rfm")),
        Column("segments", COUNT, "segments it made", low=1),
        Column("silhouette", REAL, "mean silhouette, on a sample", nullable=True, low=-1, high=1),
        Column("bic", REAL, "Bayesian information criterion; lower is better", nullable=True),
        Column("stability", REAL, "mean adjusted Rand index between resamples of the customers", nullable=True, low=-1, high=1),
        Column("smallest", REAL, "share of customers in the smallest segment", "share", low=0, high=1),
        Column("chosen", FLAG, "whether the segments are made this way"),
    ),
)

MIGRATIONS = Table(
    "migrations",
    "customers who went from one segment to another since the run before",
    ("before", "after"),
    (
        Column("before", TEXT, "segment in the run before; 'new' for customers not known then"),
        Column("after", TEXT, "segment now; 'gone' for customers not known any more"),
        Column("customers", COUNT, "customers", low=1),
        Column("share", REAL, "share of the segment before", "share", low=0, high=1),
    ),
)

PROFILES = Table(
    "profiles",
    "one feature of one customer",
    ("customer", "feature"),
    (
        Column("customer", TEXT, "who, by pseudonym"),
        Column("feature", TEXT, "feature, such as 'expected orders' or 'favorite category 1'"),
        Column("value", REAL, "its value, where it is a number", nullable=True),
        Column("text", TEXT, "its value, where it is a word", nullable=True),
        Column("low", REAL, "lower end of the 90 % interval", nullable=True),
        Column("high", REAL, "upper end of the 90 % interval", nullable=True),
        Column("unit", TEXT, "unit of the value: orders, days, money, share, ...", nullable=True),
        Column("evidence", TEXT, "what it rests on, in words"),
    ),
)

CUSTOMER_MODELS = Table(
    "customer_models",
    "one parameter of a model of how often customers buy, and for how much",
    ("model", "parameter"),
    (
        Column("model", TEXT, "model", choices=("BG/NBD", "Gamma-Gamma")),
        Column("parameter", TEXT, "parameter, by its letter in the paper"),
        Column("value", REAL, "its estimate"),
        Column("standard_error", REAL, "its standard error", nullable=True, low=0),
        Column("customers", COUNT, "customers it was estimated from", low=0),
        Column("log_likelihood", REAL, "log-likelihood of the model", nullable=True),
    ),
)

PROPENSITIES = Table(
    "propensities",
    "how likely one customer does one thing in the coming weeks",
    ("customer", "target"),
    (
        Column("customer", TEXT, "who, by pseudonym"),
        Column("target", TEXT, "what: 'buys CATEGORY', 'buys anything', 'leaves'"),
        Column("probability", REAL, "calibrated chance that it happens", "share", low=0, high=1),
        Column(
            "base", REAL, "share of all customers of whom it was true in the weeks it was learned from", "share", low=0, high=1
        ),
    ),
)

PROPENSITY_SCORES = Table(
    "propensity_scores",
    "how well one classifier foresaw one target in weeks kept apart",
    ("target", "model"),
    (
        Column("target", TEXT, "what was foreseen"),
        Column("model", TEXT, "classifier; 'base rate' for the share alone"),
        Column("customers", COUNT, "customers scored", low=0),
        Column("log_loss", REAL, "mean negative log-likelihood; lower is better", low=0),
        Column("brier", REAL, "mean squared error of the chance", low=0, high=1),
        Column("auc", REAL, "chance that one who did is ranked above one who did not", nullable=True, low=0, high=1),
        Column("calibration_error", REAL, "expected calibration error over ten equal groups", low=0, high=1),
        Column("precision", REAL, "of those foreseen, share who did; threshold: the base rate", nullable=True, low=0, high=1),
        Column("recall", REAL, "of those who did, share foreseen", nullable=True, low=0, high=1),
        Column("f1", REAL, "harmonic mean of both", nullable=True, low=0, high=1),
        Column("from_day", DAY, "first day of the weeks kept apart"),
        Column("to_day", DAY, "last day of them"),
        Column("chosen", FLAG, "whether the propensities come from it"),
    ),
)

CHOICE_MODELS = Table(
    "choice_models",
    "one model of how customers choose",
    ("choice", "model"),
    (
        Column("choice", TEXT, "what is chosen: 'category NAME' (which product) or 'PRODUCT OPTION' (which value)"),
        Column("model", TEXT, "model", choices=("logit", "nested logit", "latent classes", "mixed logit", "shares")),
        Column("choices", COUNT, "choices it was estimated from", low=0),
        Column("alternatives", COUNT, "different alternatives", low=0),
        Column("parameters", COUNT, "parameters estimated", low=0),
        Column("log_likelihood", REAL, "log-likelihood where it was estimated"),
        Column("null_log_likelihood", REAL, "the same with every alternative alike"),
        Column("bic", REAL, "Bayesian information criterion; lower is better"),
        Column("held_out", REAL, "mean log-likelihood of one choice in the last weeks, kept apart", nullable=True),
        Column("chosen", FLAG, "whether the part-worths come from it"),
        Column("note", TEXT, "what could not be told apart, or why it is not to be trusted", nullable=True),
    ),
)

PREFERENCES = Table(
    "preferences",
    "what one value of one attribute adds to liking, in one group of customers",
    ("choice", "segment", "attribute", "value"),
    (
        Column("choice", TEXT, "what is chosen, as in choice_models"),
        Column("segment", TEXT, "'all', or a class the model found: 'class 1' (largest)"),
        Column("segment_share", REAL, "share of customers in it", "share", low=0, high=1),
        Column("attribute", TEXT, "attribute, such as price, brand or fabric"),
        Column("value", TEXT, "its value; '1 more' for a number"),
        Column("part_worth", REAL, "what it adds to utility, in logits, against the base value (0)"),
        Column("standard_error", REAL, "standard error of it; absent for the base value", nullable=True, low=0),
        Column("p_value", REAL, "chance of as much were it nothing", nullable=True, low=0, high=1),
        Column("spread", REAL, "standard deviation of it over customers (mixed logit)", nullable=True, low=0),
        Column("willingness", REAL, "what it is worth: part-worth / the worth of one unit of money", "money", nullable=True),
        Column("willingness_low", REAL, "lower end of its 95 % interval", "money", nullable=True),
        Column("willingness_high", REAL, "upper end of its 95 % interval", "money", nullable=True),
        Column("share", REAL, "share of choices that have it", "share", nullable=True, low=0, high=1),
    ),
)

SUBSTITUTIONS = Table(
    "substitutions",
    "where the buyers of one alternative go when it is not to be had",
    ("choice", "alternative", "instead"),
    (
        Column("choice", TEXT, "what is chosen, as in choice_models"),
        Column("alternative", TEXT, "product or value that is missing"),
        Column("instead", TEXT, "product or value taken instead; 'nothing' for those who go without, where that is known"),
        Column("diverted", REAL, "share of its buyers who take this", "share", low=0, high=1),
        Column(
            "elasticity",
            REAL,
            "change in % of the choice of `instead` when the price of `alternative` rises 1 %",
            nullable=True,
        ),
    ),
)

PRODUCT_LINES = Table(
    "product_lines",
    "one alternative in the line that earns most",
    ("choice", "alternative"),
    (
        Column("choice", TEXT, "what is chosen, as in choice_models"),
        Column("alternative", TEXT, "product or value"),
        Column("kept", FLAG, "whether it is in the line that earns most"),
        Column("share_now", REAL, "share of choices with all offered", "share", low=0, high=1),
        Column("share_then", REAL, "share with that line", "share", low=0, high=1),
        Column("margin", REAL, "margin of one unit", "money"),
        Column("earned_now", REAL, "margin of 100 choices with all offered", "money"),
        Column("earned_then", REAL, "margin of 100 choices with that line", "money"),
        Column(
            "outside",
            REAL,
            "share of those who come that take nothing with all offered; assumed, and part of the 100",
            "share",
            low=0,
            high=1,
        ),
        Column("steady", REAL, "share of other assumptions, from 10 % to 70 %, with the same answer", "share", low=0, high=1),
    ),
)

READINGS = Table(
    "readings",
    "one text, read",
    ("event",),
    (
        Column("event", TEXT, "event that holds the text"),
        Column("kind", TEXT, "review, survey, chat, ..."),
        Column("product", TEXT, "product it was about", nullable=True),
        WEEK,
        Column("language", TEXT, "language of the text", choices=("en", "zh", "mixed", "other")),
        Column("sentiment", REAL, "from -1 (against) to 1 (for)", low=-1, high=1),
        Column("certainty", REAL, "calibrated chance that the sign is right", "share", low=0, high=1),
        Column("basis", TEXT, "where the sentiment comes from", choices=("model", "words", "stars")),
        Column("aspects", LIST, "aspects it speaks of, with + or - before each, such as -fit"),
        Column(
            "intent", TEXT, "what the writer wants: order, delivery, return, complaint, product question, other", nullable=True
        ),
        Column("intent_certainty", REAL, "calibrated chance of that", "share", nullable=True, low=0, high=1),
    ),
)

OPINIONS = Table(
    "opinions",
    "what customers say of one aspect of one product",
    ("product", "aspect"),
    (
        Column("product", TEXT, "product code; 'all' for what was said of none, or of the service"),
        Column("aspect", TEXT, "quality, fit, color, delivery, price, service, ..."),
        Column("texts", COUNT, "texts that speak of it", low=1),
        Column("positive", COUNT, "of these, for it", low=0),
        Column("negative", COUNT, "of these, against it", low=0),
        Column("sentiment", REAL, "(positive - negative) / texts", low=-1, high=1),
        Column("low", REAL, "lower end of its 90 % interval", low=-1, high=1),
        Column("high", REAL, "upper end of its 90 % interval", low=-1, high=1),
        Column("change", REAL, "sentiment of the last quarter of the time - sentiment before", nullable=True),
        Column("example", TEXT, "a text against it, or for it where there is none", nullable=True),
    ),
)

REQUESTS = Table(
    "requests",
    "one product change that customers ask for, with the money at stake",
    ("product", "change"),
    (
        Column("product", TEXT, "product code; 'all' for the service"),
        Column("change", TEXT, "what they want, such as 'sleeves: longer'"),
        Column("aspect", TEXT, "aspect it belongs to"),
        Column("texts", COUNT, "texts that ask for it", low=1),
        Column("share", REAL, "of the product's texts", "share", low=0, high=1),
        Column("at_stake", REAL, "margin a year at stake", "money", nullable=True, low=0),
        Column("at_stake_low", REAL, "lower end of its 90 % interval", "money", nullable=True, low=0),
        Column("at_stake_high", REAL, "upper end of its 90 % interval", "money", nullable=True, low=0),
        Column("basis", TEXT, "how the money was reckoned, in words", nullable=True),
        Column("example", TEXT, "a text that asks for it"),
    ),
)

TOPICS = Table(
    "topics",
    "how much was said of one topic in one week",
    ("topic", "week"),
    (
        Column("topic", TEXT, "number of the topic"),
        WEEK,
        Column("language", TEXT, "language of its texts", choices=("en", "zh")),
        Column("words", TEXT, "the words it is told by"),
        Column("texts", COUNT, "texts of the week that are about it", low=0),
        Column("share", REAL, "of the texts of the week in that language", "share", low=0, high=1),
    ),
)

TEXT_SCORES = Table(
    "text_scores",
    "how well one reader of texts did on texts it had not seen",
    ("task", "language", "model"),
    (
        Column("task", TEXT, "what it reads", choices=("sentiment", "intent", "aspect")),
        Column("language", TEXT, "language of the texts", choices=("en", "zh", "all")),
        Column("model", TEXT, "reader"),
        Column("texts", COUNT, "texts it was scored on", low=0),
        Column("accuracy", REAL, "share read right", "share", low=0, high=1),
        Column("macro_f1", REAL, "mean of the classes' F1", low=0, high=1),
        Column("calibration_error", REAL, "expected calibration error over ten equal groups", nullable=True, low=0, high=1),
        Column("basis", TEXT, "what the right answers are: stars, labels given by you, or our own examples"),
    ),
)

TRENDS = Table(
    "trends",
    "one change in one series",
    ("kind", "series", "start"),
    (
        Column(
            "kind",
            TEXT,
            "what it is a series of",
            choices=("all", "category", "product", "option", "word", "search", "opinion", "competitor", "signal"),
        ),
        Column("series", TEXT, "which one"),
        Column("start", WEEK.type, "Monday the change began"),
        Column("end", WEEK.type, "Monday of the last week it was seen in"),
        Column("change", TEXT, "what changed", choices=("rising", "falling", "step up", "step down")),
        Column("before", REAL, "level before, per week; of products and categories: what would be sold now without the change"),
        Column("after", REAL, "level after, per week"),
        Column("relative", REAL, "after / before - 1", nullable=True),
        Column("low", REAL, "lower end of its 90 % interval", nullable=True),
        Column("high", REAL, "upper end of its 90 % interval", nullable=True),
        Column("p_value", REAL, "chance of as much were nothing changed, corrected for all series looked at", low=0, high=1),
        Column("money", REAL, "change of revenue a week", "money", nullable=True),
        Column("unit", TEXT, "unit of the levels: units, share of texts, money, ..."),
        Column("source", TEXT, "table and column it was seen in"),
    ),
)

DRIVERS = Table(
    "drivers",
    "how one feature moves one target",
    ("target", "feature"),
    (
        Column("target", TEXT, "what is moved, as table.column or a name"),
        Column("feature", TEXT, "what moves it, in words"),
        Column("rank", COUNT, "place by its share, from 1", low=1),
        Column("share", REAL, "share of all mean absolute SHAP values", "share", low=0, high=1),
        Column("effect", REAL, "mean absolute SHAP value, in the target's unit (log odds for yes or no)", low=0),
        Column("direction", TEXT, "what more of it does", choices=("more", "less", "both ways", "differs by value")),
        Column("permutation", REAL, "share of the explained part lost when it is shuffled, in weeks or rows kept apart"),
        Column("permutation_low", REAL, "lower end of its 90 % interval"),
        Column("permutation_high", REAL, "upper end of its 90 % interval"),
        Column("coefficient", REAL, "standardized linear coefficient", nullable=True),
        Column("coefficient_error", REAL, "standard error of it", nullable=True, low=0),
        Column("words", TEXT, "the same in words"),
    ),
)

DRIVER_MODELS = Table(
    "driver_models",
    "how much of one target is explained",
    ("target",),
    (
        Column("target", TEXT, "what is moved"),
        Column("rows", COUNT, "rows it was learned from", low=0),
        Column("unit", TEXT, "unit of the target"),
        Column("explained", REAL, "share of the variance (of the log loss for yes or no) explained in rows kept apart", high=1),
        Column("linear", REAL, "the same of the linear model", high=1),
        Column("mean", REAL, "mean of the target"),
    ),
)

MARKET = Table(
    "market",
    "where one product stands beside one other on the market",
    ("product", "rival"),
    (
        PRODUCT,
        Column("rival", TEXT, "competitor, or another product of ours in the same category"),
        Column("kind", TEXT, "whose it is", choices=("competitor", "own")),
        Column("price", REAL, "our price, mean of the last weeks", "money", low=0),
        Column("rival_price", REAL, "theirs", "money", low=0),
        Column("index", REAL, "our price / theirs", low=0),
        Column("change", REAL, "index now / index at the beginning of the data - 1", nullable=True),
        Column("moves_with", REAL, "correlation of our weekly units with their price", nullable=True, low=-1, high=1),
        Column("likeness", REAL, "share of attributes that are the same", "share", nullable=True, low=0, high=1),
        Column("weeks", COUNT, "weeks in which both prices are known", low=0),
    ),
)

MARKET_SHARES = Table(
    "market_shares",
    "what one product or brand has of its category in one segment",
    ("category", "kind", "name", "segment"),
    (
        Column("category", TEXT, "category"),
        Column("kind", TEXT, "what the share is of", choices=("brand", "product", "price tier")),
        Column("name", TEXT, "which one"),
        Column("segment", TEXT, "segment of customers; 'all' for everybody"),
        Column("units", REAL, "units", "units"),
        Column("revenue", REAL, "revenue", "money"),
        Column("share", REAL, "of the segment's revenue in the category", "share", low=0, high=1),
        Column("index", REAL, "share / share over all customers", nullable=True, low=0),
    ),
)

MINED = (
    MINING, ITEMSETS, RULES, SEGMENTS, SEGMENT_FEATURES, SEGMENT_TRIALS, MIGRATIONS, PROFILES, CUSTOMER_MODELS, PROPENSITIES,
    PROPENSITY_SCORES, CHOICE_MODELS, PREFERENCES, SUBSTITUTIONS, PRODUCT_LINES, READINGS, OPINIONS, REQUESTS, TOPICS,
    TEXT_SCORES, TRENDS, DRIVERS, DRIVER_MODELS, MARKET, MARKET_SHARES,
)  # fmt: skip
"""Every table of the stage, in the order it gives them."""
