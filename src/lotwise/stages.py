"""The stages of the loop: what each takes, gives and reads. Order follows from that alone."""

from __future__ import annotations

from graphlib import TopologicalSorter

from lotwise.errors import SettingsError, did_you_mean
from lotwise.stage import Stage
from lotwise.tables import CLEAN, PASSING
from lotwise.tables.mined import MINED

RAW = tuple(name for name in PASSING if name.startswith("raw."))
NAMELESS = tuple(name for name in PASSING if name.startswith("nameless."))

STAGES = (
    Stage(
        "collect",
        "Read files and frames, and map them to our tables.",
        takes=(),
        gives=("sources",),
        passes=RAW,
        reads=("collect",),
        run="lotwise.collect.run:run",
    ),
    Stage(
        "guard",
        "Replace identities by keyed pseudonyms, and find personal data elsewhere.",
        takes=("raw.faults",),
        may_take=RAW,
        gives=("findings",),
        passes=NAMELESS,
        reads=("guard",),
        run="lotwise.guard.run:run",
    ),
    Stage(
        "pool",
        "Clean everything into one pool, with a reason for each row left out.",
        takes=("nameless.faults",),
        may_take=NAMELESS,
        gives=(*(table.name for table in CLEAN), "demand", "rejects", "quality", "economics"),
        reads=("pool", "economics", "forecast"),
        run="lotwise.pool.run:run",
    ),
    Stage(
        "mine",
        "Find who the customers are and what they want: rules, segments, profiles, preferences, opinions, trends.",
        takes=("orders",),
        may_take=(
            "order_options", "customers", "products", "options", "option_rules", "events", "promotions", "campaigns",
            "calendar", "competitors", "signals", "weather", "demand", "economics", "work", "inspections",
        ),
        gives=tuple(table.name for table in MINED),
        recalls=("segments",),
        reads=("mine", "economics"),
        run="lotwise.mine.run:run",
    ),
    Stage(
        "forecast",
        "Forecast demand with its uncertainty, from what was known at each cutoff.",
        takes=("demand",),
        may_take=(
            "promotions", "products", "orders", "customers", "campaigns", "calendar", "weather", "events", "competitors",
            "work", "signals", "overrides", "economics", "order_options", "options", "option_rules", "bom",
        ),
        gives=(
            "forecast", "draws", "forecast_totals", "scores", "candidates", "features", "reasons",
            "option_demand", "component_demand",
        ),
        reads=("forecast", "source"),
        run="lotwise.forecast.run:run",
    ),
    Stage(
        "plan",
        "Plan what to make and buy for the most revenue minus cost, and settle past plans.",
        takes=("draws", "forecast", "economics", "demand"),
        may_take=(
            "products", "items", "bom", "coproducts", "routing", "families", "machines", "machine_weeks", "calendar", "sites",
            "lanes", "materials", "suppliers", "receipts", "stock", "work", "orders", "order_options", "options",
            "reservations",
        ),
        gives=(
            "plans", "solves", "conflicts", "lots", "purchases", "shipments", "loads", "projection", "deliveries", "pegging",
            "exceptions", "prices", "charges", "uses", "cuts", "money", "limit_values",
        ),
        recalls=("lots", "purchases", "shipments"),
        reads=("plan", "economics", "forecast"),
        run="lotwise.plan.run:run",
    ),
    Stage(
        "schedule",
        "Put every lot of the coming weeks on a machine, in minutes: due dates, set-ups, shifts, tools, batches.",
        takes=("lots",),
        may_take=(
            "routing", "machines", "machine_weeks", "shifts", "downtime", "setups", "tools", "tool_needs", "order_terms",
            "floor", "calendar", "items", "families", "bom", "pegging", "deliveries", "orders", "order_options", "products",
            "economics", "receipts", "purchases", "shipments",
        ),
        gives=("jobs", "lateness", "order_ends", "schedules", "machine_days"),
        recalls=("jobs",),
        reads=("schedule", "plan", "economics"),
        run="lotwise.schedule.run:run",
    ),
    Stage(
        "gap",
        "Book what is lost against the ideal in four accounts, in money.",
        takes=("money", "plans", "solves", "prices", "uses", "forecast", "demand", "economics"),
        may_take=("scores", "products", "work", "limit_values", "events", "orders", "options", "order_options"),
        gives=(
            "gap", "gap_products", "gap_cells", "source_values", "gap_notice", "gap_sweep", "assumptions",
            "gap_history", "gap_changes", "unseen",
        ),
        recalls=("gap_cells", "gap_history", "runs"),
        reads=("gap", "source", "economics", "forecast", "plan"),
        run="lotwise.gap.run:run",
    ),
    Stage(
        "recommend",
        "Offer each customer what they like, what can be made and what earns.",
        takes=("orders", "products", "economics"),
        may_take=("prices", "uses", "plans", "demand", "customers", "rules"),
        gives=("offers", "recommender_scores"),
        reads=("recommend",),
        run="lotwise.recommend.run:run",
    ),
    Stage(
        "deliver",
        "Bring what is finished to the customers: which vehicle goes where, and when.",
        takes=("orders",),
        may_take=(
            "places", "vehicles", "order_terms", "products", "deliveries", "pegging", "schedules", "lateness", "order_ends",
        ),
        gives=("tours", "tour_costs", "undelivered"),
        reads=("deliver", "plan"),
        run="lotwise.deliver.run:run",
    ),
)  # fmt: skip


def in_order(stages: tuple[Stage, ...] = STAGES) -> tuple[Stage, ...]:
    """Return the stages so that each comes after those whose tables it takes."""
    giver = {table: stage.name for stage in stages for table in (*stage.gives, *stage.passes)}
    before = {
        stage.name: {giver[table] for table in (*stage.takes, *stage.may_take) if table in giver} - {stage.name}
        for stage in stages
    }
    by_name = {stage.name: stage for stage in stages}
    return tuple(by_name[name] for name in TopologicalSorter(before).static_order())


def stage_named(name: str) -> Stage:
    """Return a stage.

    Raises
    ------
    SettingsError
        No stage has this name; the message names the closest one.
    """
    names = {stage.name: stage for stage in STAGES}
    if name not in names:
        message = f"There is no stage '{name}'{did_you_mean(name, names)}. The stages are: {', '.join(names)}"
        raise SettingsError(message)
    return names[name]
