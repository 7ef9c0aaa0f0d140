"""What schedules, promises and tours need to know of the shop floor, the customers' places and the vehicles."""

from __future__ import annotations

from lotwise.tables.columns import COUNT, FLAG, REAL, TEXT, TIME
from lotwise.tables.contract import Column, Table

ANY = "all"
"""Stands for every machine, item or state a row does not single out."""

SHIFTS = Table(
    "shifts",
    "one opening of the week of a machine, of a tool or of people with a skill",
    ("machine", "weekday", "starts"),
    (
        Column("machine", TEXT, "machine group, one machine ('sewing 3'), tool or skill; 'all': every machine without its own"),
        Column("weekday", COUNT, "1 Monday to 7 Sunday", low=1, high=7),
        Column("starts", TEXT, "time of day it opens, such as 06:00"),
        Column("ends", TEXT, "time of day it closes, such as 14:00 or 24:00; not after starts: the next day"),
        Column("overtime", FLAG, "whether it is overtime, worked only where it pays; absent: no", nullable=True),
    ),
)

DOWNTIME = Table(
    "downtime",
    "one stretch of time in which a machine does not work, planned or not",
    ("machine", "starts"),
    (
        Column("machine", TEXT, "one machine ('sewing 3'), or a group: all of it; a tool or skill: one of it"),
        Column("starts", TIME, "when it stops"),
        Column("ends", TIME, "when it works again"),
        Column("kind", TEXT, "why it stops", nullable=True, choices=("maintenance", "breakdown")),
        Column("reason", TEXT, "in words", nullable=True),
    ),
)

SETUPS = Table(
    "setups",
    "what it takes to change a machine from one set-up state to another",
    ("machine", "from_state", "to_state"),
    (
        Column("machine", TEXT, "machine group; 'all' for every group without rows of its own"),
        Column("from_state", TEXT, "state it is in; 'all' for every one without a row of its own, 'new' for not known"),
        Column("to_state", TEXT, "state it is changed to; 'all' for every one without a row of its own"),
        Column("hours", REAL, "hours it takes", "hours", low=0),
        Column("cost", REAL, "what it costs beside the hours; absent: nothing", "money", nullable=True, low=0),
    ),
)

TOOLS = Table(
    "tools",
    "one kind of tool, or people with one skill",
    ("tool",),
    (
        Column("tool", TEXT, "tool or skill"),
        Column("kind", TEXT, "which of the two it is; absent: a tool", nullable=True, choices=("tool", "skill")),
        Column("count", COUNT, "how many there are", low=0),
    ),
)

TOOL_NEEDS = Table(
    "tool_needs",
    "what one step of one item holds while it is done, beside its machine",
    ("item", "step", "tool"),
    (
        Column("item", TEXT, "product or component; 'all' for every one"),
        Column("step", COUNT, "step of its routing", low=1),
        Column("tool", TEXT, "tool or skill"),
        Column("count", COUNT, "how many of it; absent: 1", nullable=True, low=1),
    ),
)

ORDER_TERMS = Table(
    "order_terms",
    "when one order may start, when it is due, and what a delay costs, where that is known better than from its line",
    ("order",),
    (
        Column("order", TEXT, "order number, or number of a lot"),
        Column("release", TIME, "not before", nullable=True),
        Column("due", TIME, "due", nullable=True),
        Column("weight", REAL, "priority: times the usual cost of a delay; absent: 1", nullable=True, low=0),
    ),
)

FLOOR = Table(
    "floor",
    "what the floor says about one job: begun, ended, units scrapped",
    ("lot", "part", "step"),
    (
        Column("lot", TEXT, "lot, as in the schedule"),
        Column("part", COUNT, "part of the lot, as in the schedule", low=1),
        Column("step", COUNT, "step of the routing", low=1),
        Column("machine", TEXT, "one machine ('sewing 3')"),
        Column("started", TIME, "when it began"),
        Column("finished", TIME, "when it ended; absent: under way", nullable=True),
        Column("expected", TIME, "when it should end, where the floor knows better", nullable=True),
        Column("scrapped", REAL, "units lost", "units", nullable=True, low=0),
    ),
)

PLACES = Table(
    "places",
    "one place where goods are delivered or vehicles start",
    ("place",),
    (
        Column("place", TEXT, "a region, a shop or location of the orders, an order number, or a depot"),
        Column("latitude", REAL, "degrees north; or the y of a plane, in kilometers", low=None),
        Column("longitude", REAL, "degrees east; or the x of a plane, in kilometers", low=None),
        Column("opens", TEXT, "time of day from which goods are taken; absent: any", nullable=True),
        Column("closes", TEXT, "time of day until which goods are taken; absent: any", nullable=True),
        Column("service_minutes", REAL, "minutes a stop takes; absent: 0", "minutes", nullable=True, low=0),
    ),
)

VEHICLES = Table(
    "vehicles",
    "one kind of vehicle at one depot",
    ("vehicle",),
    (
        Column("vehicle", TEXT, "kind of vehicle"),
        Column("depot", TEXT, "place it starts from and returns to"),
        Column("count", COUNT, "how many there are; absent: 1", nullable=True, low=1),
        Column("capacity", REAL, "units it takes; absent: no limit", "units", nullable=True, low=0),
        Column("starts", TEXT, "time of day it can start; absent: 00:00", nullable=True),
        Column("ends", TEXT, "time of day it is back; absent: 24:00", nullable=True),
        Column("fixed_cost", REAL, "cost of each tour", "money", nullable=True, low=0),
        Column("kilometer_cost", REAL, "cost of a kilometer; absent: 1", "money", nullable=True, low=0),
        Column("hour_cost", REAL, "cost of an hour on the way", "money", nullable=True, low=0),
        Column("speed", REAL, "kilometers an hour; absent: 40", "kilometers an hour", nullable=True, low=0),
    ),
)

SHOPFLOOR = (SHIFTS, DOWNTIME, SETUPS, TOOLS, TOOL_NEEDS, ORDER_TERMS, FLOOR, PLACES, VEHICLES)
