"""The sections of ``[mine]``: one a part."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from lotwise.config.kinds import NotNegative, Positive, Share

Part = Literal["rules", "segments", "profiles", "propensity", "preferences", "opinions", "trends", "drivers", "market"]

PARTS: tuple[Part, ...] = (
    "segments", "rules", "profiles", "propensity", "preferences", "opinions", "trends", "drivers", "market",
)  # fmt: skip
"""The parts of mining, in the order they are run."""


class MineRules(Struct, frozen=True, forbid_unknown_fields=True):
    """``[mine.rules]``: what is bought or chosen together, and what is bought next."""

    support: Annotated[float, Meta(gt=0, le=1, description="Least share of orders that hold a set.")] = 0.001
    option_support: Annotated[float, Meta(gt=0, le=1, description="The same for options on an order line.")] = 0.02
    confidence: Annotated[Share, Meta(description="Least confidence of a rule.")] = 0.05
    longest: Annotated[int, Meta(ge=2, le=12, description="Most items of a set.")] = 3
    significance: Annotated[
        float, Meta(gt=0, lt=1, description="Corrected p-value up to which a rule is not held for chance.")
    ] = 0.01
    correction: Annotated[
        Literal["holm", "bonferroni", "benjamini-hochberg"], Meta(description="Correction for many rules tried.")
    ] = "holm"
    level: Annotated[
        Literal["auto", "product", "type", "category"],
        Meta(description="What the items are; auto: types where products have them and are many, else products."),
    ] = "auto"
    within: Annotated[bool, Meta(description="Also within each segment and each period.")] = True
    period_weeks: Annotated[int, Meta(ge=1, description="Weeks of a period.")] = 13
    next_days: Annotated[
        int, Meta(ge=0, le=3650, description="Days in which a later order is next; 0: twice the usual time between two orders.")
    ] = 0
    next_support: Annotated[float, Meta(gt=0, le=1, description="Least share of customers who buy one and next the other.")] = (
        0.01
    )
    rules: Annotated[Positive, Meta(description="Most rules kept of each kind and scope; those worth most come first.")] = 200
    itemsets: Annotated[Positive, Meta(description="Most sets searched before the search ends, and says so.")] = 2_000_000
    seconds: Annotated[NotNegative, Meta(description="Most seconds of one search; 0: any (results then never vary).")] = 0
    memory_mb: Annotated[Positive, Meta(description="Most memory of one search, in MB.")] = 2000


class MineSegments(Struct, frozen=True, forbid_unknown_fields=True):
    """``[mine.segments]``: groups of customers who are alike."""

    method: Annotated[
        Literal["auto", "rfm", "k-means", "gaussian mixture", "hdbscan"], Meta(description="How customers are divided.")
    ] = "auto"
    segments: Annotated[int, Meta(ge=0, le=50, description="How many; 0: chosen by silhouette and stability.")] = 0
    most: Annotated[int, Meta(ge=2, le=50, description="Most segments tried.")] = 8
    reduce: Annotated[Literal["auto", "none", "pca", "factors"], Meta(description="How many like features become few.")] = (
        "auto"
    )
    resamples: Annotated[int, Meta(ge=2, description="Resamples of the customers that stability is measured over.")] = 10


class MineProfiles(Struct, frozen=True, forbid_unknown_fields=True):
    """``[mine.profiles]``: what is known of each customer."""

    weeks: Annotated[Positive, Meta(description="Weeks ahead for which orders and margin are expected.")] = 13
    least_orders: Annotated[Positive, Meta(description="Orders from which a price sensitivity of one's own is told.")] = 8


class MinePropensity(Struct, frozen=True, forbid_unknown_fields=True):
    """``[mine.propensity]``: what each customer will do in the coming weeks."""

    weeks: Annotated[Positive, Meta(description="Weeks in which it should happen.")] = 4
    categories: Annotated[int, Meta(ge=0, description="Categories with most revenue that are foreseen; 0: none.")] = 5
    targets: Annotated[list[str], Meta(description="Categories foreseen instead of these.")] = []
    models: Annotated[
        tuple[Literal["logistic", "tree", "forest", "boosting", "svm", "mlp", "blend"], ...],
        Meta(description="Classifiers tried; the best on weeks kept apart is used."),
    ] = ("logistic", "boosting", "blend")
    step: Annotated[
        int, Meta(ge=0, description="Weeks between the past days learned from; 0: as many as foreseen, so that none overlap.")
    ] = 0
    rows: Annotated[
        int, Meta(ge=100, description="Most rows (a customer on a past day) a classifier learns from; a sample beyond.")
    ] = 40_000
    trees: Annotated[int, Meta(ge=10, le=5000, description="Trees of boosting; more take longer and weigh less each.")] = 60


class MinePreferences(Struct, frozen=True, forbid_unknown_fields=True):
    """``[mine.preferences]``: what customers choose and what it is worth to them."""

    categories: Annotated[int, Meta(ge=0, description="Categories with most revenue whose choices are modeled.")] = 5
    alternatives: Annotated[int, Meta(ge=2, description="Products of a category that are told apart; best sellers.")] = 12
    choices: Annotated[Positive, Meta(description="Most choices a model is estimated from; a sample beyond.")] = 20_000
    models: Annotated[
        tuple[Literal["logit", "nested logit", "latent classes", "mixed logit"], ...],
        Meta(description="Models tried; the best on the last weeks, kept apart, is used."),
    ] = ("logit", "nested logit", "latent classes")
    classes: Annotated[int, Meta(ge=2, le=8, description="Most latent classes tried.")] = 3
    draws: Annotated[int, Meta(ge=10, description="Draws a customer of the mixed logit.")] = 200
    line: Annotated[int, Meta(ge=0, description="Most alternatives in the line that earns most; 0: any number.")] = 0
    products: Annotated[int, Meta(ge=0, description="Products with most revenue whose options are modeled.")] = 20
    outside: Annotated[
        float,
        Meta(gt=0, lt=1, description="Share of those who come that take nothing with all offered; sales do not show it."),
    ] = 0.3


class MineOpinions(Struct, frozen=True, forbid_unknown_fields=True):
    """``[mine.opinions]``: what customers write."""

    labels: Annotated[
        str,
        Meta(description="CSV of your own labeled texts (text, intent, sentiment), from the project's folder."),
    ] = ""
    topics: Annotated[int, Meta(ge=0, le=50, description="Topics of each language; 0: none.")] = 8
    certainty: Annotated[Share, Meta(description="Certainty from which an intent is told.")] = 0.5
    texts: Annotated[Positive, Meta(description="Most texts read; the latest come first.")] = 200_000


class MineTrends(Struct, frozen=True, forbid_unknown_fields=True):
    """``[mine.trends]``: what rises, falls or has changed."""

    significance: Annotated[float, Meta(gt=0, lt=1, description="Share of false alarms among the changes that are told.")] = 0.1
    weeks: Annotated[int, Meta(ge=6, description="Weeks at the end in which rising and falling are looked for.")] = 13
    series: Annotated[Positive, Meta(description="Most series of each kind; the largest come first.")] = 500


class MineDrivers(Struct, frozen=True, forbid_unknown_fields=True):
    """``[mine.drivers]``: what moves a target."""

    targets: Annotated[
        list[str],
        Meta(description="Targets: 'units', 'returns', 'stars', 'scrap' or TABLE.COLUMN; empty: those there are."),
    ] = []
    rows: Annotated[Positive, Meta(description="Most rows a model is learned from; a sample beyond.")] = 12_000
    features: Annotated[Positive, Meta(description="Features shown of each target.")] = 20


class MineMarket(Struct, frozen=True, forbid_unknown_fields=True):
    """``[mine.market]``: where products stand beside others."""

    weeks: Annotated[Positive, Meta(description="Weeks at the end that prices and shares are told over.")] = 13
    rivals: Annotated[Positive, Meta(description="Nearest products of our own shown beside a product.")] = 3


class Mine(Struct, frozen=True, forbid_unknown_fields=True):
    """``[mine]``: who the customers are and what they want."""

    parts: Annotated[tuple[Part, ...], Meta(description="What is mined.")] = PARTS
    rules: Annotated[MineRules, Meta(description="What is bought or chosen together, and next.")] = field(
        default_factory=MineRules
    )
    segments: Annotated[MineSegments, Meta(description="Groups of customers.")] = field(default_factory=MineSegments)
    profiles: Annotated[MineProfiles, Meta(description="What is known of each customer.")] = field(default_factory=MineProfiles)
    propensity: Annotated[MinePropensity, Meta(description="What customers will do.")] = field(default_factory=MinePropensity)
    preferences: Annotated[MinePreferences, Meta(description="What customers choose.")] = field(default_factory=MinePreferences)
    opinions: Annotated[MineOpinions, Meta(description="What customers write.")] = field(default_factory=MineOpinions)
    trends: Annotated[MineTrends, Meta(description="What has changed.")] = field(default_factory=MineTrends)
    drivers: Annotated[MineDrivers, Meta(description="What moves a target.")] = field(default_factory=MineDrivers)
    market: Annotated[MineMarket, Meta(description="Where products stand.")] = field(default_factory=MineMarket)
