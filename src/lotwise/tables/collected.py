"""What comes from outside: the tables a source can be mapped to, and what was read.

A collected table exists three times under three names. ``raw.orders`` is what the files say, with
``source_file`` and ``source_row`` beside every row; ``nameless.orders`` is the same without
identities; ``orders`` is the clean one that every later stage takes. The first two are never stored.
"""

from __future__ import annotations

from lotwise.tables.columns import (
    COUNT,
    CUSTOMER,
    DAY,
    FLAG,
    ITEM,
    LOCATION,
    MACHINE,
    PRODUCT,
    REAL,
    REGION,
    SITE,
    TEXT,
    TIME,
    WEEK,
)  # fmt: skip
from lotwise.tables.contract import Column, Table
from lotwise.tables.shopfloor import SHOPFLOOR

ORDERS = Table(
    "orders",
    "one line of a customer's order",
    ("order", "line"),
    (
        Column("order", TEXT, "order, invoice or basket number"),
        Column("line", COUNT, "line within the order; numbered from 1 where the source has none", low=0),
        Column("time", TIME, "when it was ordered, in the project's time zone"),
        CUSTOMER,
        PRODUCT,
        LOCATION,
        REGION,
        Column("units", REAL, "units ordered; below 0 for a return or a cancellation", "units"),
        Column("unit_price", REAL, "price paid for one unit", "money", nullable=True, low=0),
        Column("revenue", REAL, "price paid for the line", "money", nullable=True),
        Column("discount", REAL, "money off the list price of the line", "money", nullable=True),
        Column("due", DAY, "day it was promised for, where it was made to order", nullable=True),
        Column("kind", TEXT, "sale, return, or a sale that was cancelled later", choices=("sale", "return", "cancelled")),
    ),
)

ORDER_OPTIONS = Table(
    "order_options",
    "one option chosen on an order line",
    ("order", "line", "option"),
    (
        Column("order", TEXT, "order number"),
        Column("line", COUNT, "line within the order", low=0),
        Column("option", TEXT, "what was chosen, such as fabric"),
        Column("value", TEXT, "the choice, such as linen"),
    ),
)

EVENTS = Table(
    "events",
    "one thing a customer did or said",
    ("event",),
    (
        Column("event", TEXT, "event number"),
        Column("time", TIME, "when, in the project's time zone"),
        CUSTOMER,
        Column("product", TEXT, "product it was about", nullable=True),
        Column(
            "kind",
            TEXT,
            "what happened",
            choices=("view", "search", "cart", "wish", "return", "rating", "review", "survey", "chat"),
        ),
        Column("value", REAL, "a rating, a score or a count", nullable=True),
        Column("text", TEXT, "what was said or searched", nullable=True),
    ),
)

CUSTOMERS = Table(
    "customers",
    "one customer",
    ("customer",),
    (
        Column("customer", TEXT, "who; a keyed pseudonym from guard on"),
        Column("region", TEXT, "sales region", nullable=True),
        Column("joined", DAY, "first day as a customer", nullable=True),
        Column("age", TEXT, "age band", nullable=True),
        Column("income", TEXT, "income band", nullable=True),
        Column("household", TEXT, "who lives there", nullable=True),
        Column("children", TEXT, "number of children", nullable=True),
        Column("consent", FLAG, "whether offers may be made; absent means yes", nullable=True),
    ),
)

PRODUCTS = Table(
    "products",
    "one product that is sold",
    ("product",),
    (
        PRODUCT,
        Column("name", TEXT, "name shown to people", nullable=True),
        Column("category", TEXT, "category, the level economics are given by"),
        Column("department", TEXT, "group of categories", nullable=True),
        Column("type", TEXT, "finer kind within the category", nullable=True),
        Column("package", TEXT, "package size", nullable=True),
        Column("brand", TEXT, "brand or manufacturer", nullable=True),
        Column("unit_price", REAL, "list price of one unit", "money", nullable=True, low=0),
        Column("unit_cost", REAL, "cost of materials and making of one unit", "money", nullable=True, low=0),
        Column("salvage", REAL, "what one unsold unit still brings", "money", nullable=True, low=0),
        Column("shelf_weeks", REAL, "weeks it can be sold after it is made; absent: it keeps", "weeks", nullable=True, low=1),
        Column(
            "make",
            TEXT,
            "stock: made ahead; order: made after it is ordered; assemble: components are made ahead, the product after it is "
            "ordered; configure: the same, with options chosen by the customer; absent: stock",
            nullable=True,
            choices=("stock", "order", "assemble", "configure"),
        ),
        Column(
            "unserved",
            TEXT,
            "what happens to demand that is not met in its week; absent: as plan.unserved says",
            nullable=True,
            choices=("lost", "backorder"),
        ),
        Column("late_cost", REAL, "cost of one unit one week late; absent: from the settings", "money", nullable=True, low=0),
        Column(
            "service",
            REAL,
            "share of demand to be met in its week; absent: plan.service",
            "share",
            nullable=True,
            low=0,
            high=1,
        ),
        Column("lot_minimum", REAL, "smallest lot; absent: any", "units", nullable=True, low=0),
        Column("lot_multiple", REAL, "lots are whole multiples of this; absent: any", "units", nullable=True, low=0),
        Column("lot_maximum", REAL, "largest lot; absent: any", "units", nullable=True, low=0),
        Column("launched", DAY, "first day it could be bought", nullable=True),
        Column("retired", DAY, "last day it could be bought", nullable=True),
    ),
)

OPTIONS = Table(
    "options",
    "one value an option of a product can take",
    ("product", "option", "value"),
    (
        PRODUCT,
        Column("option", TEXT, "what can be chosen, such as fabric"),
        Column("value", TEXT, "one choice, such as linen"),
        Column("extra_price", REAL, "added to the price", "money", nullable=True),
        Column("extra_cost", REAL, "added to the cost", "money", nullable=True),
    ),
)

OPTION_RULES = Table(
    "option_rules",
    "one rule between two choices",
    ("rule",),
    (
        Column("rule", TEXT, "rule number"),
        PRODUCT,
        Column("kind", TEXT, "what the first choice does to the second", choices=("requires", "excludes")),
        Column("if_option", TEXT, "option of the first choice"),
        Column("if_value", TEXT, "value of the first choice"),
        Column("then_option", TEXT, "option of the second choice"),
        Column("then_value", TEXT, "value of the second choice"),
    ),
)

PLACE_PROMOTIONS = Table(
    "promotions",
    "how a product was promoted in one place in one week",
    ("product", "location", "week"),
    (
        PRODUCT,
        LOCATION,
        WEEK,
        Column("display", REAL, "on display: 1, not: 0, or the share of the week", "share", nullable=True, low=0, high=1),
        Column("mailer", REAL, "in the mailer: 1, not: 0", "share", nullable=True, low=0, high=1),
        Column("front", REAL, "in the strongest place of either (front page, end cap)", "share", nullable=True, low=0, high=1),
        Column("discount", REAL, "planned share off the list price", "share", nullable=True, low=0, high=1),
    ),
)

CAMPAIGNS = Table(
    "campaigns",
    "one product covered by one coupon campaign",
    ("campaign", "product"),
    (
        Column("campaign", TEXT, "campaign number"),
        PRODUCT,
        Column("start", DAY, "first day"),
        Column("end", DAY, "last day"),
        Column("kind", TEXT, "kind of campaign", nullable=True),
        Column("customers", REAL, "customers it was sent to", "customers", nullable=True, low=0),
    ),
)

CALENDAR = Table(
    "calendar",
    "one special day in one region",
    ("day", "region"),
    (
        Column("day", DAY, "the day"),
        REGION,
        Column("name", TEXT, "name of the holiday or event"),
        Column("working", FLAG, "whether the factory works", nullable=True),
    ),
)

WEATHER = Table(
    "weather",
    "the weather of one day in one region, as known before the day",
    ("day", "region"),
    (
        Column("day", DAY, "the day"),
        REGION,
        Column("temperature", REAL, "mean temperature", "degrees Celsius", nullable=True, low=-90, high=70),
        Column("rain", REAL, "rainfall", "millimeters", nullable=True, low=0),
    ),
)

COMPETITORS = Table(
    "competitors",
    "a competitor's price for a comparable product in one week",
    ("product", "competitor", "week"),
    (
        PRODUCT,
        Column("competitor", TEXT, "competitor"),
        WEEK,
        Column("price", REAL, "their price of one unit", "money", low=0),
    ),
)

SIGNALS = Table(
    "signals",
    "the value of one signal in one week: any further series that may go with demand, such as a market index",
    ("signal", "product", "region", "week"),
    (
        Column("signal", TEXT, "name of the signal"),
        Column("product", TEXT, "product it speaks of; 'all' where it speaks of every one"),
        REGION,
        WEEK,
        Column("value", REAL, "its value"),
    ),
)

OVERRIDES = Table(
    "overrides",
    "one change that a planner made to the forecast of one product, region and week",
    ("product", "region", "week", "made"),
    (
        PRODUCT,
        REGION,
        WEEK,
        Column("owner", TEXT, "who made it; a keyed pseudonym from guard on", nullable=True),
        Column("reason", TEXT, "why", nullable=True),
        Column("made", DAY, "day it was entered"),
        Column("expiry", DAY, "last day it holds; absent: it keeps", nullable=True),
        Column(
            "kind",
            TEXT,
            "units: the forecast becomes the value; add: the value is added; factor: it is multiplied by the value",
            choices=("units", "add", "factor"),
        ),
        Column("value", REAL, "units, units added, or factor"),
    ),
)

BOM = Table(
    "bom",
    "one component of one item",
    ("item", "component", "option", "value", "version"),
    (
        ITEM,
        Column("component", TEXT, "material or component used"),
        Column("option", TEXT, "used only when this option ...; 'always' for always"),
        Column("value", TEXT, "... has this value; 'always' for always"),
        Column("version", TEXT, "tells lines apart that differ in their dates; 'always' where there is one"),
        Column("quantity", REAL, "units of the component in one unit of the item", "units", low=0),
        Column("unit", TEXT, "unit the quantity is counted in; absent: the component's", nullable=True),
        Column("scrap", REAL, "share of the component that is lost on the way in", "share", nullable=True, low=0, high=0.99),
        Column("alternate", TEXT, "lines of one item with the same name here stand in for each other", nullable=True),
        Column("starts", DAY, "first day the line holds; absent: since ever", nullable=True),
        Column("ends", DAY, "last day the line holds; absent: for ever", nullable=True),
    ),
)

ROUTING = Table(
    "routing",
    "one step in making one item on one machine; the same step on other machines is an alternative",
    ("item", "step", "machine"),
    (
        ITEM,
        Column("step", COUNT, "order of the step, from 1", low=0),
        MACHINE,
        Column("hours", REAL, "machine hours for one unit", "hours", low=0),
        Column("setup_hours", REAL, "machine hours to set up one lot", "hours", nullable=True, low=0),
        Column("setup_cost", REAL, "money to set up one lot", "money", nullable=True, low=0),
        Column("unit_cost", REAL, "money for one unit above what the standard cost holds", "money", nullable=True, low=0),
        Column(
            "setup_state",
            TEXT,
            "set-up state it needs: a name, or 'option:NAME' for the value the order has of that option; absent: the item, "
            "where its machine has set-ups",
            nullable=True,
        ),
        Column("wait_hours", REAL, "hours after it before the next step: drying, transport", "hours", nullable=True, low=0),
        Column(
            "closed",
            TEXT,
            "over closed hours: inside: fits between opening and closing; pauses; runs on unattended; absent: pauses",
            nullable=True,
            choices=("inside", "pauses", "runs on"),
        ),
        Column("batch", TEXT, "steps of the same name share an oven, a print bed, a dye bath; absent: alone", nullable=True),
        Column("batch_room", REAL, "room one unit takes in it; absent: 1", "room", nullable=True, low=0),
        Column("batch_hours", REAL, "hours of a batch, whatever is in it; the longest counts", "hours", nullable=True, low=0),
        Column("batch_unit_hours", REAL, "hours each unit adds to its batch; absent: 0", "hours", nullable=True, low=0),
    ),
)

ITEMS = Table(
    "items",
    "how one item is made and kept at one site",
    ("item", "site"),
    (
        Column("item", TEXT, "product, component or material"),
        SITE,
        Column("unit", TEXT, "unit it is counted in", nullable=True),
        Column("family", TEXT, "set-up family it is made in; absent: none", nullable=True),
        Column("lead_weeks", COUNT, "whole weeks from starting a lot to having it", "weeks", nullable=True, low=0),
        Column("yield", REAL, "share of what is started that is good", "share", nullable=True, low=0.01, high=1),
        Column("lot_minimum", REAL, "smallest lot; absent: any", "units", nullable=True, low=0),
        Column("lot_multiple", REAL, "lots are whole multiples of this; absent: any", "units", nullable=True, low=0),
        Column("lot_maximum", REAL, "largest lot; absent: any", "units", nullable=True, low=0),
        Column("unit_cost", REAL, "standard cost of one unit", "money", nullable=True, low=0),
        Column("holding_cost", REAL, "cost of keeping one unit one week", "money", nullable=True, low=0),
        Column("safety_stock", REAL, "units that should stay on hand", "units", nullable=True, low=0),
        Column("space", REAL, "room one unit takes in the store", "room", nullable=True, low=0),
    ),
)

COPRODUCTS = Table(
    "coproducts",
    "what else comes out when one item is made",
    ("item", "coproduct"),
    (
        ITEM,
        Column("coproduct", TEXT, "product, component or material that comes out too"),
        Column("quantity", REAL, "units of it for one unit of the item", "units", low=0),
    ),
)

FAMILIES = Table(
    "families",
    "setting up one machine for one family of items, in every week in which any of them is made",
    ("family", "machine"),
    (
        Column("family", TEXT, "set-up family"),
        MACHINE,
        Column("setup_hours", REAL, "hours it takes", "hours", nullable=True, low=0),
        Column("setup_cost", REAL, "what it costs", "money", nullable=True, low=0),
    ),
)

MACHINES = Table(
    "machines",
    "one machine group and its working week",
    ("machine",),
    (
        MACHINE,
        Column("name", TEXT, "name shown to people", nullable=True),
        Column("count", COUNT, "machines in the group; absent: 1", nullable=True, low=1),
        Column("hours", REAL, "regular hours a week, all machines of the group", "hours", low=0),
        Column("overtime_hours", REAL, "most overtime hours a week", "hours", nullable=True, low=0),
        Column("overtime_cost", REAL, "cost of one overtime hour", "money", nullable=True, low=0),
        Column("site", TEXT, "where it stands; absent: 'all'", nullable=True),
        Column("extra_shifts", COUNT, "whole shifts that can be added in a week", "shifts", nullable=True, low=0),
        Column("shift_hours", REAL, "hours of one added shift", "hours", nullable=True, low=0),
        Column("shift_cost", REAL, "what one added shift costs", "money", nullable=True, low=0),
        Column("room", REAL, "room of one batch of one machine; absent: it does not batch", "room", nullable=True, low=0),
    ),
)

MACHINE_WEEKS = Table(
    "machine_weeks",
    "the hours of one machine group in one week that differs: holidays, maintenance, a shift more",
    ("machine", "week"),
    (
        MACHINE,
        WEEK,
        Column("hours", REAL, "regular hours of the week", "hours", low=0),
        Column("overtime_hours", REAL, "most overtime hours; absent: as in any week", "hours", nullable=True, low=0),
    ),
)

SITES = Table(
    "sites",
    "one place where things are made or kept",
    ("site",),
    (
        Column("site", TEXT, "site code"),
        Column("name", TEXT, "name shown to people", nullable=True),
        Column("room", REAL, "room of its store; absent: no limit", "room", nullable=True, low=0),
    ),
)

LANES = Table(
    "lanes",
    "one way to move items from one site to another",
    ("item", "origin", "target"),
    (
        Column("item", TEXT, "item that moves; 'all' for every one"),
        Column("origin", TEXT, "site it leaves"),
        Column("target", TEXT, "site it goes to; 'customers' for delivery"),
        Column("lead_weeks", COUNT, "whole weeks on the way", "weeks", nullable=True, low=0),
        Column("unit_cost", REAL, "cost of moving one unit", "money", nullable=True, low=0),
        Column("minimum", REAL, "smallest shipment of one item", "units", nullable=True, low=0),
        Column("multiple", REAL, "shipments are whole multiples of this", "units", nullable=True, low=0),
        Column("weekly_limit", REAL, "most units of one item a week", "units", nullable=True, low=0),
    ),
)

MATERIALS = Table(
    "materials",
    "one material that is bought",
    ("material",),
    (
        Column("material", TEXT, "material code"),
        Column("name", TEXT, "name shown to people", nullable=True),
        Column("unit", TEXT, "unit it is counted in", nullable=True),
        Column("unit_cost", REAL, "price of one unit", "money", low=0),
        Column("lead_weeks", COUNT, "whole weeks from order to arrival", "weeks", nullable=True, low=0),
        Column("weekly_limit", REAL, "most units that can arrive in a week; absent: no limit", "units", nullable=True, low=0),
        Column("minimum_order", REAL, "smallest order", "units", nullable=True, low=0),
        Column("holding_cost", REAL, "cost of keeping one unit one week", "money", nullable=True, low=0),
        Column("space", REAL, "room one unit takes in the store", "room", nullable=True, low=0),
    ),
)

SUPPLIERS = Table(
    "suppliers",
    "one price of one supplier for one material; more rows with larger from_units are price breaks",
    ("material", "supplier", "from_units"),
    (
        Column("material", TEXT, "material code"),
        Column("supplier", TEXT, "supplier"),
        Column("from_units", REAL, "smallest order this price holds for, on all its units", "units", low=0),
        Column("unit_price", REAL, "price of one unit", "money", low=0),
        Column("lead_weeks", COUNT, "whole weeks from order to arrival, on average", "weeks", nullable=True, low=0),
        Column("lead_spread", REAL, "standard deviation of that time; absent: none", "weeks", nullable=True, low=0),
        Column("minimum_order", REAL, "smallest order", "units", nullable=True, low=0),
        Column("order_multiple", REAL, "orders are whole multiples of this", "units", nullable=True, low=0),
        Column("weekly_limit", REAL, "most units that can arrive in a week; absent: no limit", "units", nullable=True, low=0),
        Column("order_cost", REAL, "cost of placing one order", "money", nullable=True, low=0),
        Column("starts", DAY, "first day it can be ordered; absent: since ever", nullable=True),
        Column("ends", DAY, "last day it can be ordered; absent: for ever", nullable=True),
    ),
)

RECEIPTS = Table(
    "receipts",
    "what is on its way or decided: an open purchase, a lot under way or approved, a shipment",
    ("receipt",),
    (
        Column("receipt", TEXT, "number of the purchase order, lot or shipment"),
        Column("item", TEXT, "product, component or material"),
        SITE,
        Column("kind", TEXT, "what it is", choices=("purchase", "lot", "shipment")),
        Column("day", DAY, "day it is expected"),
        Column("units", REAL, "units expected", "units", low=0),
        Column(
            "begun",
            FLAG,
            "whether it is under way; false: approved, but its machines and materials are still to be used; absent: under way",
            nullable=True,
        ),
    ),
)

STOCK = Table(
    "stock",
    "units on hand at the end of one day",
    ("item", "site", "region", "day"),
    (
        Column("item", TEXT, "product, component or material"),
        SITE,
        REGION,
        Column("day", DAY, "the day"),
        Column("units", REAL, "units on hand", "units", low=0),
    ),
)

WORK = Table(
    "work",
    "what the floor really did with one lot",
    ("lot",),
    (
        Column("lot", TEXT, "lot number"),
        ITEM,
        WEEK,
        Column("machine", TEXT, "machine it ran on", nullable=True),
        Column(
            "proposed", REAL, "units proposed before somebody changed it; absent: as planned", "units", nullable=True, low=0
        ),
        Column("planned", REAL, "units planned", "units", low=0),
        Column("made", REAL, "good units made", "units", low=0),
        Column("scrapped", REAL, "units scrapped", "units", nullable=True, low=0),
        Column("down_hours", REAL, "hours the machine stood still", "hours", nullable=True, low=0),
        Column("finished", DAY, "day it was finished", nullable=True),
    ),
)

SENSORS = Table(
    "sensors",
    "one reading of one machine",
    ("machine", "time", "measure"),
    (
        MACHINE,
        Column("time", TIME, "when"),
        Column("measure", TEXT, "what was measured"),
        Column("value", REAL, "the reading"),
    ),
)

INSPECTIONS = Table(
    "inspections",
    "one measured property of one lot",
    ("lot", "measure"),
    (
        Column("lot", TEXT, "lot number"),
        Column("measure", TEXT, "what was measured"),
        Column("value", REAL, "the reading"),
        Column("low", REAL, "smallest good value", nullable=True),
        Column("high", REAL, "largest good value", nullable=True),
    ),
)

COLLECTED = (
    ORDERS, ORDER_OPTIONS, EVENTS, CUSTOMERS, PRODUCTS, OPTIONS, OPTION_RULES, PLACE_PROMOTIONS, CAMPAIGNS,
    CALENDAR, WEATHER, COMPETITORS, SIGNALS, OVERRIDES, BOM, ROUTING, ITEMS, COPRODUCTS, FAMILIES, MACHINES, MACHINE_WEEKS,
    SITES, LANES, MATERIALS, SUPPLIERS, RECEIPTS, STOCK, WORK, SENSORS, INSPECTIONS, *SHOPFLOOR,
)  # fmt: skip

LINEAGE = (
    Column("source_file", TEXT, "file the row was read from"),
    Column("source_row", COUNT, "row of the file, the first row of data being 1", low=1),
)


def in_passing(table: Table, prefix: str) -> Table:
    """Return the contract of a table on its way in, with its lineage; only its columns are checked."""
    return Table(f"{prefix}.{table.name}", table.meaning, (), table.columns + LINEAGE)


FAULTS = Table(
    "faults",
    "one value that could not be read as its column's type",
    (),
    (
        Column("table", TEXT, "table it was read for"),
        *LINEAGE,
        Column("column", TEXT, "column it was read for"),
        Column("value", TEXT, "the value as it stood; masked in columns that identify people", nullable=True),
        Column("reason", TEXT, "why it could not be read"),
    ),
)

RAW = tuple(in_passing(table, "raw") for table in (*COLLECTED,))
NAMELESS = tuple(in_passing(table, "nameless") for table in (*COLLECTED,))
RAW_FAULTS = Table("raw.faults", FAULTS.meaning, (), FAULTS.columns)
NAMELESS_FAULTS = Table("nameless.faults", FAULTS.meaning, (), FAULTS.columns)

SOURCES = Table(
    "sources",
    "one file that was read for one table",
    ("table", "source_file"),
    (
        Column("table", TEXT, "table it was read for"),
        Column("source_file", TEXT, "the file, from the project's folder"),
        Column("format", TEXT, "csv, jsonl, parquet, excel or frame"),
        Column("rows", COUNT, "rows read", "rows", low=0),
        Column("filtered", COUNT, "rows left out by the mapping's filter", "rows", low=0),
        Column("unused", TEXT, "columns of the file that no column of ours takes", nullable=True),
        Column("sha256", TEXT, "SHA-256 of the file"),
    ),
)

FINDINGS = Table(
    "findings",
    "one kind of personal data found in one column",
    ("table", "column", "kind"),
    (
        Column("table", TEXT, "table"),
        Column("column", TEXT, "column"),
        Column("kind", TEXT, "what was found", choices=("customer", "name", "email", "phone", "id_number", "card", "address")),
        Column("rows", COUNT, "rows it was found in", "rows", low=0),
        Column("action", TEXT, "what was done", choices=("pseudonym", "masked", "dropped", "kept")),
    ),
)
