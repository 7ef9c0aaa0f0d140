"""The sections of ``lotwise.toml``, each a frozen struct: default, range and meaning of every key."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from lotwise.config.kinds import AtLeastOne, NotNegative, Positive, Share
from lotwise.config.mining import Mine


class Project(Struct, frozen=True, forbid_unknown_fields=True):
    """``[project]``: what holds everywhere."""

    name: Annotated[str, Meta(description="Name shown in the report.")] = "my brand"
    currency: Annotated[str, Meta(description="Currency of all money, as it is shown.")] = "USD"
    timezone: Annotated[str, Meta(description="Time zone in which days and weeks are counted.")] = "UTC"
    language: Annotated[Literal["en", "zh"], Meta(description="Language of the report.")] = "en"
    seed: Annotated[int, Meta(ge=0, description="Seed of every random step.")] = 20261121
    today: Annotated[
        date | None,
        Meta(description="First day not known yet; later orders are left out. Default: the day after the last order."),
    ] = None


class Field(Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from"}):
    """How one of our columns is made from one of theirs."""

    source: Annotated[str | None, Meta(description="Their column.")] = None
    value: Annotated[str | float | bool | None, Meta(description="A constant, instead of a column.")] = None
    default: Annotated[str | float | bool | None, Meta(description="Value where theirs is empty.")] = None
    factor: Annotated[float, Meta(description="Multiplies numbers: units, currencies.")] = 1.0
    divide_by: Annotated[str | None, Meta(description="Their column to divide by, as in line total / units.")] = None
    format: Annotated[
        str | None,
        Meta(description="Date format such as '%d/%m/%Y', or 'weeks since 2016-12-26' for week numbers counted from 1."),
    ] = None
    map: Annotated[dict[str, str | float | bool], Meta(description="Their value -> ours.")] = {}
    otherwise: Annotated[str | float | bool | None, Meta(description="Value for what the map does not hold.")] = None


class Condition(Struct, frozen=True, forbid_unknown_fields=True, rename={"equals": "is", "differs": "not", "among": "in"}):
    """Which rows of a file are read: all conditions must hold."""

    column: Annotated[str, Meta(description="Their column.")]
    equals: Annotated[str | float | bool | None, Meta(description="Equal to this.")] = None
    differs: Annotated[str | float | bool | None, Meta(description="Not equal to this.")] = None
    among: Annotated[list[str | float], Meta(description="One of these.")] = []
    not_in: Annotated[list[str | float], Meta(description="None of these.")] = []
    at_least: Annotated[float | None, Meta(description="Not below this.")] = None
    at_most: Annotated[float | None, Meta(description="Not above this.")] = None
    filled: Annotated[bool | None, Meta(description="Whether it must hold a value.")] = None


class Lookup(Struct, frozen=True, forbid_unknown_fields=True):
    """A file whose columns are joined to each row before the columns are mapped."""

    file: Annotated[str, Meta(description="The file, from the project's folder.")]
    on: Annotated[dict[str, str], Meta(description="Their column -> the lookup's column.")]
    take: Annotated[list[str], Meta(description="Columns to add; all when empty.")] = []


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """``[[collect]]``: one table read from one set of files."""

    table: Annotated[str, Meta(description="Our table, such as orders.")]
    files: Annotated[
        str | list[str],
        Meta(description="File, folder or pattern, from the project's folder; 'frame:NAME' for a frame in memory."),
    ]
    columns: Annotated[dict[str, str | Field], Meta(description="Our column -> their column, or how it is made.")] = {}
    format: Annotated[
        Literal["auto", "csv", "jsonl", "parquet", "excel"], Meta(description="Format of the files; auto: by ending.")
    ] = "auto"
    delimiter: Annotated[str, Meta(description="Between CSV fields; empty: found from the file.")] = ""
    encoding: Annotated[str, Meta(description="Encoding of text files, such as gb18030; empty: found from the file.")] = ""
    decimal: Annotated[Literal[".", ","], Meta(description="Decimal mark of numbers in text.")] = "."
    quote: Annotated[str, Meta(description="Quote character of CSV fields.")] = '"'
    sheet: Annotated[str, Meta(description="Sheet of an Excel file; empty: the first.")] = ""
    timezone: Annotated[str, Meta(description="Time zone of their times; empty: the project's.")] = ""
    filter: Annotated[list[Condition], Meta(description="Which rows to read.")] = []
    distinct: Annotated[
        bool, Meta(description="Whether rows that say the same count once, as where products are drawn from order lines.")
    ] = False
    lookup: Annotated[list[Lookup], Meta(description="Files to join first.")] = []


class Guard(Struct, frozen=True, forbid_unknown_fields=True):
    """``[guard]``: how identities are hidden."""

    key_file: Annotated[str, Meta(description="Key of the pseudonyms, from the project's folder; made on the first run.")] = (
        ".lotwise/pseudonym.key"
    )
    action: Annotated[
        Literal["mask", "drop"],
        Meta(description="What happens to personal data found in other columns: the part, or the whole value."),
    ] = "mask"
    keep: Annotated[list[str], Meta(description="Columns left alone, such as 'products.name'.")] = []
    sample: Annotated[int, Meta(ge=1, description="Different values of a column that are searched.")] = 100_000


class Pool(Struct, frozen=True, forbid_unknown_fields=True):
    """``[pool]``: how rows become one clean pool."""

    duplicates: Annotated[Literal["first", "last"], Meta(description="Which row of one key stays.")] = "last"
    missing: Annotated[
        dict[str, str | float],
        Meta(description="'table.column' -> reject, mean, median, interpolate, or a constant."),
    ] = {}
    outlier: Annotated[float, Meta(gt=0, description="Robust z-score (median/MAD) above which a value is flagged.")] = 8.0
    returns: Annotated[Literal["match", "ignore"], Meta(description="match: a cancellation takes its sale out of demand.")] = (
        "match"
    )
    categories: Annotated[dict[str, str], Meta(description="Category as written -> category as meant.")] = {}
    units: Annotated[dict[str, float], Meta(description="Product -> units in one unit as sold.")] = {}
    max_cells: Annotated[int, Meta(ge=1, description="Most rows of the demand panel; best sellers come first.")] = 20_000_000


class CategoryEconomics(Struct, frozen=True, forbid_unknown_fields=True):
    """``[economics.category."NAME"]``: what differs in one category or department."""

    cost_share: Annotated[Share | None, Meta(description="Unit cost / price.")] = None
    salvage_share: Annotated[Share | None, Meta(description="Salvage / price.")] = None
    holding_share: Annotated[NotNegative | None, Meta(description="Cost of keeping a unit one week / its cost.")] = None
    shelf_weeks: Annotated[AtLeastOne | None, Meta(description="Weeks it can be sold.")] = None


class Economics(Struct, frozen=True, forbid_unknown_fields=True):
    """``[economics]``: what is assumed where the products table does not say."""

    cost_share: Annotated[Share, Meta(description="Unit cost / price.")] = 0.7
    salvage_share: Annotated[Share, Meta(description="Salvage / price.")] = 0.3
    holding_share: Annotated[NotNegative, Meta(description="Cost of keeping a unit one week / its cost.")] = 0.005
    overtime_cost: Annotated[NotNegative, Meta(description="Cost of one overtime hour where machines do not say.")] = 0.0
    category: Annotated[dict[str, CategoryEconomics], Meta(description="What differs in a category or department.")] = {}


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """``[[source]]``: one source of information whose worth is measured."""

    name: Annotated[str, Meta(description="Name shown in the ledger.")]
    tables: Annotated[list[str], Meta(description="Tables, or table.column, it consists of; signals.NAME for one signal.")]
    known: Annotated[
        Literal["past", "plan"], Meta(description="past: known up to the cutoff; plan: known for the target week too.")
    ] = "past"
    lead: Annotated[
        int,
        Meta(
            ge=0,
            description="Whole weeks before its values are known (past), or the notice given (plan; 0: the whole horizon).",
        ),
    ] = 0
    yearly_cost: Annotated[NotNegative, Meta(description="What the source costs a year.")] = 0.0
    country: Annotated[
        str,
        Meta(
            description="Country whose public holidays a calendar source tells, with its subdivision where it has one: DE, "
            "US-CA, CN. Empty: the table calendar only."
        ),
    ] = ""


class Forecast(Struct, frozen=True, forbid_unknown_fields=True):
    """``[forecast]``: the forecaster and its backtest."""

    method: Annotated[
        str,
        Meta(
            description="auto, a method that lotwise methods lists, or your own as module:name. auto tries the methods on the "
            "weeks before the first past plan and keeps the one whose plans would have cost least."
        ),
    ] = "auto"
    methods: Annotated[list[str], Meta(description="Methods auto tries; empty: all.")] = []
    budget: Annotated[
        NotNegative,
        Meta(
            description="Seconds auto may spend on trying methods, and the most that the forecasts may take with one; reckoned "
            "from the size of the data, not by a clock. More lets it try slower and often better ones, such as ensemble."
        ),
    ] = 60.0
    tune: Annotated[
        NotNegative,
        Meta(description="Seconds, reckoned likewise, to search rounds, leaves and learning rate with on past weeks; 0: none."),
    ] = 0.0
    refit: Annotated[int, Meta(ge=1, description="Past cutoffs a learner is kept for before it learns again.")] = 1
    horizon: Annotated[int, Meta(ge=1, le=26, description="Weeks ahead.")] = 4
    cutoffs: Annotated[int, Meta(ge=0, description="Past plans that are re-made and settled; they do not overlap.")] = 4
    products: Annotated[int, Meta(ge=0, description="Best sellers known at the first cutoff; 0: all.")] = 300
    scenarios: Annotated[int, Meta(ge=2, description="Joint draws.")] = 50
    rounds: Annotated[int, Meta(ge=1, description="Boosting rounds.")] = 100
    leaves: Annotated[int, Meta(ge=2, description="Leaves of a tree.")] = 31
    learning_rate: Annotated[float, Meta(gt=0, le=1, description="Step of a boosting round.")] = 0.1
    frozen_weeks: Annotated[
        int,
        Meta(
            ge=0,
            le=26,
            description="Weeks already fixed when a plan is made: what is made for them was decided so many weeks before, with "
            "what was known then.",
        ),
    ] = 0
    placebo: Annotated[bool, Meta(description="Also measure a source of pure noise.")] = True
    repeats: Annotated[
        int,
        Meta(ge=0, le=20, description="Times the forecast is also learned with another seed, to see how far fits alone move."),
    ] = 1
    shapley: Annotated[
        bool,
        Meta(description="Also forecast from every subset of the sources, for their Shapley values; lotwise gap --shapley."),
    ] = False
    orders: Annotated[
        int, Meta(ge=2, description="Of more than 8 sources: orders of adding them that are drawn in place of all subsets.")
    ] = 32
    notice: Annotated[
        bool, Meta(description="Also forecast with less notice, to see what knowing earlier is worth; lotwise gap --notice.")
    ] = False
    workers: Annotated[int, Meta(ge=0, description="Models fitted at once; 0: one a core.")] = 0
    device: Annotated[
        Literal["cpu", "cuda", "auto"],
        Meta(description="Where neural networks learn; auto: on a GPU where there is one. Bytes repeat on the CPU only."),
    ] = "cpu"


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """``[plan]``: the weekly plan."""

    weeks: Annotated[int, Meta(ge=1, le=26, description="Weekly buckets; at most the forecast's horizon.")] = 4
    breakpoints: Annotated[int, Meta(ge=2, le=64, description="Pieces of each expected-cost curve.")] = 12
    overtime: Annotated[bool, Meta(description="Whether overtime may be used.")] = True
    lead_weeks: Annotated[int, Meta(ge=0, description="Weeks from making a unit to having it for sale.")] = 0
    unserved: Annotated[
        Literal["lost", "backorder"],
        Meta(description="What happens to demand that is not met, where products.unserved does not say."),
    ] = "lost"
    backorder_share: Annotated[
        Share, Meta(description="Cost of one week's delay / price, where demand waits and products.late_cost does not say.")
    ] = 0.05
    mode: Annotated[
        Literal["profit", "service", "unconstrained"],
        Meta(
            description="profit: what earns most; service: the least cost that meets the service; unconstrained: what demand "
            "asks for, limits shown but not kept."
        ),
    ] = "profit"
    service: Annotated[Share, Meta(description="Share of demand to be met in its week, where mode = 'service'.")] = 0.95
    risk: Annotated[
        Share, Meta(description="Weight of the mean profit of the worst outcomes (CVaR) against the mean of all; 0: none.")
    ] = 0.0
    risk_tail: Annotated[Share, Meta(description="Share of outcomes that are the worst.")] = 0.1
    change_share: Annotated[
        NotNegative, Meta(description="Cost of changing one unit of the plan before, as a share of its unit cost; 0: free.")
    ] = 0.01
    frozen_weeks: Annotated[int, Meta(ge=0, description="First weeks in which the plan before is kept.")] = 0
    lead_service: Annotated[
        Share, Meta(description="Share of deliveries that are there in the time planned, where suppliers' times spread.")
    ] = 0.9
    gap: Annotated[NotNegative, Meta(description="Share of the bound a plan may fall short of it before more is tried.")] = 0.01


class Schedule(Struct, frozen=True, forbid_unknown_fields=True):
    """``[schedule]``: which operation is done when, on which machine."""

    weeks: Annotated[int, Meta(ge=1, le=26, description="Weeks of the plan that are scheduled.")] = 2
    part_hours: Annotated[
        float,
        Meta(gt=0, description="Most hours of one operation: lots are cut into parts that go through the shop on their own."),
    ] = 8.0
    start: Annotated[
        datetime | None,
        Meta(description="The minute it starts from, in the project's time zone. Default: the start of the plan's first day."),
    ] = None
    day_starts: Annotated[
        str,
        Meta(
            pattern="^([01]?[0-9]|2[0-3]):[0-5][0-9]$",
            description="When machines without shifts open, Monday to Friday, for as long as their weekly hours ask for.",
        ),
    ] = "06:00"
    frozen_hours: Annotated[
        NotNegative, Meta(description="Hours from the start in which the schedule before is kept as it was.")
    ] = 0.0
    method: Annotated[
        Literal["auto", "dispatch", "list", "tabu", "flow", "exact"],
        Meta(description="How it is looked for; auto: by the shape of the shop, and the schedule says why."),
    ] = "auto"
    moves: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        Meta(
            description="Neighbors tried, over all starts; 0: the dispatch rule's schedule. Default: by the size of the shop, "
            "10 million operations placed, 1 million where work has begun."
        ),
    ] = None
    starts: Annotated[Positive, Meta(description="Independent searches, on as many cores as there are.")] = 2
    setup_minute_cost: Annotated[
        NotNegative, Meta(description="Cost of a minute of set-up, beside what the set-ups themselves cost.")
    ] = 0.5
    machine_change: Annotated[
        NotNegative, Meta(description="Cost of moving an operation to another machine than in the schedule before.")
    ] = 20.0
    sequence_change: Annotated[
        NotNegative, Meta(description="Cost of putting an operation behind another one than in the schedule before.")
    ] = 1.0
    late_weight: Annotated[
        NotNegative, Meta(description="Times the money that each late order loses an hour; 0: delays cost nothing.")
    ] = 1.0


class Deliver(Struct, frozen=True, forbid_unknown_fields=True):
    """``[deliver]``: tours that bring what is finished."""

    days: Annotated[int, Meta(ge=1, le=60, description="First days on which tours are planned.")] = 5
    weekdays: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=7)], ...],
        Meta(min_length=1, description="Days on which vehicles drive: 1 Monday to 7 Sunday."),
    ] = (1, 2, 3, 4, 5)
    trips: Annotated[int, Meta(ge=1, le=20, description="Times a vehicle may load at its depot and leave it on one tour.")] = 1
    iterations: Annotated[int, Meta(ge=1, description="Iterations of the search for the tours of each day.")] = 2000
    road_factor: Annotated[
        Annotated[float, Meta(gt=0)] | None,
        Meta(description="Kilometers by road for one as the crow flies. Default: 1.3, or 1 where places lie on a plane."),
    ] = None
    plane: Annotated[
        bool, Meta(description="Whether places.latitude and longitude are y and x of a plane in kilometers, not degrees.")
    ] = False


class Gap(Struct, frozen=True, forbid_unknown_fields=True):
    """``[gap]``: the ledger."""

    resamples: Annotated[int, Meta(ge=10, description="Bootstrap resamples.")] = 2000
    block_weeks: Annotated[int, Meta(ge=1, description="Weeks in one bootstrap block.")] = 4
    interval: Annotated[float, Meta(gt=0, lt=1, description="Width of the intervals.")] = 0.9
    ratios: Annotated[tuple[float, ...], Meta(description="Critical ratios of the sweep.")] = (0.3, 0.5, 0.7, 0.9)


class Recommend(Struct, frozen=True, forbid_unknown_fields=True):
    """``[recommend]``: offers to customers."""

    offers: Annotated[int, Meta(ge=1, description="Offers a customer.")] = 10
    window_weeks: Annotated[int, Meta(ge=1, description="Weeks in which an offered product should be bought.")] = 4
    half_life_days: Annotated[float, Meta(gt=0, description="Days in which a past purchase loses half its weight.")] = 112.0
    ridge: Annotated[float, Meta(gt=0, description="Regularization of the item model.")] = 500.0
    liking_kept: Annotated[
        Share, Meta(description="Least share of the most-liked list's probability the ranked list keeps.")
    ] = 0.9


class Report(Struct, frozen=True, forbid_unknown_fields=True):
    """``[report]``: the report."""

    file: Annotated[str, Meta(description="The file, from the project's folder.")] = "report.html"
    products: Annotated[int, Meta(ge=1, description="Products shown with their forecast.")] = 12
    customers: Annotated[int, Meta(ge=1, description="Customers shown with their offers.")] = 20


class Engine(Struct, frozen=True, forbid_unknown_fields=True):
    """``[engine]``: where relational work runs, and how much is kept."""

    name: Annotated[Literal["duckdb", "spark"], Meta(description="duckdb, or spark with the extra of that name.")] = "duckdb"
    memory: Annotated[str, Meta(description="Most memory the engine takes.")] = "3GB"
    versions: Annotated[int, Meta(ge=1, description="Publications that are kept; every stage of a run makes one.")] = 8


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """All of ``lotwise.toml``."""

    project: Project = field(default_factory=Project)
    collect: list[Mapping] = []
    guard: Guard = field(default_factory=Guard)
    pool: Pool = field(default_factory=Pool)
    economics: Economics = field(default_factory=Economics)
    source: list[Source] = []
    mine: Mine = field(default_factory=Mine)
    forecast: Forecast = field(default_factory=Forecast)
    plan: Plan = field(default_factory=Plan)
    schedule: Schedule = field(default_factory=Schedule)
    deliver: Deliver = field(default_factory=Deliver)
    gap: Gap = field(default_factory=Gap)
    recommend: Recommend = field(default_factory=Recommend)
    report: Report = field(default_factory=Report)
    engine: Engine = field(default_factory=Engine)
