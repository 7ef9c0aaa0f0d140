"""What to make and buy, what limits it, and what it earns."""

from __future__ import annotations

from lotwise.tables.columns import COUNT, MACHINE, PRODUCT, REAL, SITE, TEXT, WEEK
from lotwise.tables.contract import Column, Table
from lotwise.tables.forecasted import CUTOFF, INFORMATION

LIMITS = Column(
    "limits",
    TEXT,
    "what limited the plan: real: machines, materials, lead times and lot rules; no lots: the same without lot rules; "
    "none: nothing",
    choices=("real", "no lots", "none"),
)
RESOURCE = Column("resource", TEXT, "machine group or material")

PLANS = Table(
    "plans",
    "what to make of one product in one week, from what was known at a cutoff",
    ("information", "limits", "cutoff", "product", "week"),
    (
        INFORMATION,
        LIMITS,
        CUTOFF,
        PRODUCT,
        WEEK,
        Column("units", REAL, "units to make, ready to sell in the week", "units", low=0),
        Column("demand", REAL, "expected demand", "units", low=0),
        Column("sold", REAL, "expected sales", "units", low=0),
        Column("lost", REAL, "expected lost sales", "units", low=0),
        Column("left", REAL, "expected units left at the end of the week", "units", low=0),
        Column("profit", REAL, "expected contribution of the week", "money"),
    ),
)

SOLVES = Table(
    "solves",
    "how one plan was found",
    ("information", "limits", "cutoff"),
    (
        INFORMATION,
        LIMITS,
        CUTOFF,
        Column(
            "status",
            TEXT,
            "optimal: no plan is better; bounded: none is better than the bound; infeasible: promises in conflicts cannot "
            "be kept",
            choices=("optimal", "bounded", "infeasible"),
        ),
        Column("objective", REAL, "expected contribution of the plan", "money"),
        Column("bound", REAL, "no plan can have more", "money"),
        Column("products", COUNT, "products planned", low=0),
        Column("rows", COUNT, "rows of the linear program", low=0),
        Column("columns", COUNT, "columns of the linear program", low=0),
    ),
)

CONFLICTS = Table(
    "conflicts",
    "one row of an infeasible plan that cannot hold together with the others listed",
    ("row",),
    (
        Column("row", TEXT, "which limit or promise"),
        Column("needed", REAL, "what is needed", nullable=True),
        Column("available", REAL, "what there is", nullable=True),
        Column("unit", TEXT, "unit of both", nullable=True),
        Column("reason", TEXT, "what it says, and what would help"),
    ),
)

CHARGES = Table(
    "charges",
    "what the current plan costs above standard in one week, by cause: what is saved is below 0",
    ("cause", "week"),
    (
        Column(
            "cause",
            TEXT,
            "overtime; setup; order: placing orders; shift: added shifts; buy, make, move, replace: dearer or cheaper than "
            "standard; holding: materials and components kept; safety: stock below its safety; left: materials and components "
            "left at the end",
            choices=("overtime", "setup", "order", "shift", "buy", "make", "move", "replace", "holding", "safety", "left"),
        ),
        WEEK,
        Column("money", REAL, "cost above the standard costs in economics", "money"),
    ),
)

PURCHASES = Table(
    "purchases",
    "one order to place for one material",
    ("material", "supplier", "site", "week"),
    (
        Column("material", TEXT, "material code"),
        Column("supplier", TEXT, "supplier; empty where nobody names one"),
        SITE,
        Column("week", WEEK.type, "Monday of the week it is ordered in"),
        Column("arrives", WEEK.type, "Monday of the week it arrives in"),
        Column("units", REAL, "units to order", "units", low=0),
        Column("cost", REAL, "what they cost, the cost of ordering included", "money", low=0),
    ),
)

LOTS = Table(
    "lots",
    "one lot to make: a work order of the current plan",
    ("lot",),
    (
        Column("lot", TEXT, "number of the lot"),
        Column("item", TEXT, "product or component"),
        SITE,
        Column("route", TEXT, "the machines it runs on, first step first; empty where nobody says"),
        Column("week", WEEK.type, "Monday of the week it is started in"),
        Column("ready", WEEK.type, "Monday of the week it is ready in"),
        Column("started", REAL, "units started", "units", low=0),
        Column("units", REAL, "good units that come out", "units", low=0),
        Column("family", TEXT, "set-up family; empty where there is none"),
        Column(
            "status",
            TEXT,
            "proposed: may still change; frozen: in the frozen weeks, as planned before; approved: decided by a person; "
            "expected: average of what is assembled once it is ordered, no work order",
            choices=("proposed", "frozen", "approved", "expected"),
        ),
        Column("previous", REAL, "units of it in the plan before, 0 where it is new", "units", nullable=True, low=0),
    ),
)

SHIPMENTS = Table(
    "shipments",
    "one shipment of one item between two sites",
    ("item", "origin", "target", "week"),
    (
        Column("item", TEXT, "item that moves"),
        Column("origin", TEXT, "site it leaves"),
        Column("target", TEXT, "site it goes to; 'customers' for delivery"),
        Column("week", WEEK.type, "Monday of the week it leaves in"),
        Column("arrives", WEEK.type, "Monday of the week it arrives in"),
        Column("units", REAL, "units moved", "units", low=0),
        Column("cost", REAL, "what moving them costs", "money", low=0),
    ),
)

LOADS = Table(
    "loads",
    "the hours of one machine group in one week of the current plan",
    ("machine", "week"),
    (
        MACHINE,
        WEEK,
        Column("hours", REAL, "regular hours there are", "hours", low=0),
        Column("shifts", REAL, "hours of added shifts", "hours", low=0),
        Column("run", REAL, "hours lots run", "hours", low=0),
        Column("setup", REAL, "hours of set-ups", "hours", low=0),
        Column("overtime", REAL, "overtime hours used", "hours", low=0),
        Column("most_overtime", REAL, "most overtime hours", "hours", low=0),
        Column("without_limits", REAL, "hours the plan without limits would take", "hours", nullable=True, low=0),
    ),
)

DELIVERIES = Table(
    "deliveries",
    "one line of a firm order: when it is due and when the plan has it",
    ("order", "line"),
    (
        Column("order", TEXT, "order number"),
        Column("line", COUNT, "line within the order", low=0),
        PRODUCT,
        Column("units", REAL, "units ordered", "units", low=0),
        Column("due", WEEK.type, "Monday of the week it is due in"),
        Column("week", WEEK.type, "Monday of the week all of it is there; absent: not within the plan", nullable=True),
        Column("late_weeks", COUNT, "weeks late; counted to the plan's end where it is not within the plan", "weeks", low=0),
        Column("late_units", REAL, "units that are late", "units", low=0),
        Column("money", REAL, "money at risk: revenue of the late units", "money", low=0),
        Column("reason", TEXT, "why it is late; empty where it is not"),
    ),
)

PEGGING = Table(
    "pegging",
    "units of one supply that serve one demand: first in, first out",
    ("demand", "supply", "item", "site"),
    (
        Column(
            "demand",
            TEXT,
            "'order NUMBER/LINE', 'forecast PRODUCT WEEK', 'stock ITEM' for what is left, or what it goes into: the number of "
            "a lot, or 'shipment ITEM ORIGIN WEEK'",
        ),
        Column(
            "supply",
            TEXT,
            "the number of a lot, 'purchase MATERIAL SUPPLIER WEEK', 'shipment ITEM ORIGIN WEEK', 'receipt NUMBER', "
            "'stock ITEM', or 'missing ITEM' for what nothing supplies",
        ),
        Column("item", TEXT, "what is supplied"),
        SITE,
        Column("week", WEEK.type, "Monday of the week it is used in"),
        Column("units", REAL, "units", "units", low=0),
    ),
)

EXCEPTIONS = Table(
    "exceptions",
    "one thing about the current plan that a planner should look at, the most money first",
    ("rank",),
    (
        Column("rank", COUNT, "place, from 1", low=1),
        Column(
            "kind",
            TEXT,
            "late: a firm order; cut: a product gets less than it would; overload: overtime or added shifts; shortage: a "
            "material; expiring: stock past its shelf life; surplus: stock beyond what is wanted; moved: a lot changed against "
            "the plan before",
            choices=("late", "cut", "overload", "shortage", "expiring", "surplus", "moved"),
        ),
        Column("subject", TEXT, "order line, product, machine or material"),
        WEEK,
        Column("money", REAL, "money at risk", "money", low=0),
        Column("reason", TEXT, "what binds, and its price"),
        Column("chain", TEXT, "order <- lot <- operation <- machine or material, as far as it goes"),
        Column("remedy", TEXT, "the cheapest remedy found; empty where none is known"),
        Column("remedy_cost", REAL, "what it costs", "money", nullable=True, low=0),
        Column("gain", REAL, "what it brings, its cost not yet taken off", "money", nullable=True),
    ),
)

PROJECTION = Table(
    "projection",
    "expected stock of one item through one week",
    ("item", "week"),
    (
        Column("item", TEXT, "product, component or material"),
        Column("kind", TEXT, "what it is", choices=("product", "component", "material")),
        WEEK,
        Column("start", REAL, "units at the start", "units"),
        Column("received", REAL, "units made or bought", "units", low=0),
        Column("used", REAL, "units sold or used up", "units", low=0),
        Column("scrapped", REAL, "units past their shelf life", "units", low=0),
        Column("end", REAL, "units at the end", "units"),
    ),
)

PRICES = Table(
    "prices",
    "what one more unit of one resource would earn in one week of one plan with real limits",
    ("information", "cutoff", "resource", "week"),
    (
        INFORMATION,
        CUTOFF,
        RESOURCE,
        WEEK,
        Column(
            "kind",
            TEXT,
            "machine, material, component, storage room, or demand (what one more unit ordered would earn)",
            choices=("machine", "material", "component", "storage", "demand"),
        ),
        Column("used", REAL, "hours or units used", low=0),
        Column("capacity", REAL, "regular hours or units there are", nullable=True, low=0),
        Column("overtime", REAL, "overtime hours used", "hours", low=0),
        Column(
            "price",
            REAL,
            "shadow price of one hour or unit; of an item above its standard cost, and below 0 where one more saves nothing",
            "money",
        ),
        Column("unit", TEXT, "hours, or the unit it is counted in"),
        Column("less", REAL, "hours or units fewer for which the price holds", nullable=True, low=0),
        Column("more", REAL, "hours or units more for which the price holds", nullable=True, low=0),
    ),
)

USES = Table(
    "uses",
    "how much of one resource one unit of one product takes, its components included",
    ("product", "resource"),
    (
        PRODUCT,
        RESOURCE,
        Column("kind", TEXT, "machine or material", choices=("machine", "material")),
        Column("quantity", REAL, "hours or units for one unit of the product", low=0),
    ),
)

CUTS = Table(
    "cuts",
    "one product that gets less than it would without limits, and why",
    ("product", "week"),
    (
        PRODUCT,
        WEEK,
        Column("wanted", REAL, "units the plan without limits would make", "units", low=0),
        Column("planned", REAL, "units planned", "units", low=0),
        Column("lost_profit", REAL, "expected contribution given up", "money"),
        Column("resource", TEXT, "what binds it most; empty where nothing does"),
        Column("price", REAL, "shadow price of that resource", "money"),
        Column("reason", TEXT, "the reason in words, with what would help"),
    ),
)

LIMIT_VALUES = Table(
    "limit_values",
    "what one limit cost the plan that knew demand, in the weeks after one past cutoff",
    ("cutoff", "limit"),
    (
        CUTOFF,
        Column("limit", TEXT, "machine group, material, 'lead time' or 'lot sizes'"),
        Column("kind", TEXT, "what it is", choices=("machine", "material", "lead", "lot")),
        Column("lost", REAL, "its share of what all limits cost; the shares of one cutoff add up", "money"),
        Column("first_in", REAL, "what is gained when this limit alone is lifted", "money", nullable=True),
        Column("last_in", REAL, "what is lost when this limit alone is put on", "money", nullable=True),
        Column("unit", TEXT, "what it is counted in: hours, or the material's unit", nullable=True),
        Column("price", REAL, "shadow prices of one more unit in each week, added up", "money", nullable=True),
        Column("one_more", REAL, "what one more unit in each week really earns, solved again", "money", nullable=True),
        Column(
            "another",
            REAL,
            "what another machine of the group, or another supplier of the material, really earns, solved again",
            "money",
            nullable=True,
        ),
    ),
)

CAUSES = ("overridden", "down", "late", "scrapped", "short")
"""Why the floor's outcome differs from the plan, in the order in which the causes are put on: state ``executed-CAUSE`` of
``money`` is the plan with every cause up to this one, and ``executed`` the plan with all of them."""

MONEY = Table(
    "money",
    "what one plan really brought for one product in one week, settled against what was asked for",
    ("information", "limits", "cutoff", "product", "week"),
    (
        INFORMATION,
        LIMITS,
        CUTOFF,
        PRODUCT,
        WEEK,
        Column("made", REAL, "units made", "units", low=0),
        Column("demand", REAL, "units asked for", "units", low=0),
        Column("sold", REAL, "units sold", "units", low=0),
        Column("lost", REAL, "units asked for and not sold", "units", low=0),
        Column("left", REAL, "units left at the end of the week", "units", low=0),
        Column("revenue", REAL, "money from sales and salvage", "money"),
        Column("cost", REAL, "money for making, holding and overtime", "money"),
        Column("profit", REAL, "revenue - cost", "money"),
    ),
)

__all__ = [
    "CAUSES",
    "CHARGES",
    "CONFLICTS",
    "CUTS",
    "DELIVERIES",
    "EXCEPTIONS",
    "LIMIT_VALUES",
    "LOADS",
    "LOTS",
    "MACHINE",
    "MONEY",
    "PEGGING",
    "PLANS",
    "PRICES",
    "PROJECTION",
    "PURCHASES",
    "SHIPMENTS",
    "SOLVES",
    "USES",
]
