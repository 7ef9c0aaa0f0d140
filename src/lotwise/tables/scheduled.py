"""When each order is made, on which machine, what it waits for; what was promised; and the tours that bring it."""

from __future__ import annotations

from lotwise.tables.columns import COUNT, DAY, FLAG, REAL, TEXT, TIME, WEEK
from lotwise.tables.contract import Column, Table

MINUTES = "minutes"

JOBS = Table(
    "jobs",
    "one operation on one machine: one step of one part of a lot",
    ("lot", "part", "step"),
    (
        Column("lot", TEXT, "lot of the plan, or order"),
        Column("part", COUNT, "part of the lot that goes through the shop together", low=1),
        Column("step", COUNT, "step of the routing", low=1),
        Column("item", TEXT, "what is made"),
        Column("units", REAL, "units of the part", "units", low=0),
        Column("group", TEXT, "machine group of the plan"),
        Column("machine", TEXT, "the machine ('sewing 3')"),
        Column("starts", TIME, "when it starts"),
        Column("ends", TIME, "when it ends"),
        Column("setup_starts", TIME, "when its set-up starts; absent: none is needed", nullable=True),
        Column("from_state", TEXT, "state the machine was in before; absent: not known", nullable=True),
        Column("to_state", TEXT, "state it needs; absent: any", nullable=True),
        Column("minutes", REAL, "working minutes", MINUTES, low=0),
        Column("setup_minutes", REAL, "working minutes of its set-up", MINUTES, low=0),
        Column("overtime_minutes", REAL, "of both, in overtime", MINUTES, low=0),
        Column("batch", COUNT, "jobs with one number share a batch; absent: alone", nullable=True, low=0),
        Column("place", COUNT, "1 for the first job of its machine, and so on", low=1),
        Column("status", TEXT, "where it stands", choices=("finished", "running", "frozen", "planned")),
        Column("before", TEXT, "machine it was on in the schedule before; absent: it was not in it", nullable=True),
        Column("changed", FLAG, "whether machine or sequence are other ones than before"),
    ),
)

LATENESS = Table(
    "lateness",
    "one order of the schedule: when it is due, when it ends, and what it waited for",
    ("lot", "part"),
    (
        Column("lot", TEXT, "lot of the plan, or order"),
        Column("part", COUNT, "part of the lot", low=1),
        Column("item", TEXT, "what is made"),
        Column("due", TIME, "due; absent: never", nullable=True),
        Column("ends", TIME, "end of its last operation"),
        Column("late_hours", REAL, "hours it is late", "hours", low=0),
        Column("money", REAL, "what that costs", "money", low=0),
        Column("waited_for", TEXT, "what it waited for longest", nullable=True),
        Column("waited_hours", REAL, "how long, in hours of the clock", "hours", low=0),
        Column("reason", TEXT, "why it is late, step by step; empty: it is not"),
        Column("remedy", TEXT, "what would help, the best first; empty: it is not late"),
        Column("gain", REAL, "money the first remedy saves, the rest of the sequence as it is", "money", low=0),
    ),
)

ORDER_ENDS = Table(
    "order_ends",
    "when one line of a customer's order is made, where scheduled lots serve it",
    ("order", "line"),
    (
        Column("order", TEXT, "order number"),
        Column("line", COUNT, "line of the order"),
        Column("product", TEXT, "product"),
        Column("lot", TEXT, "lot of the last part it waits for"),
        Column("part", COUNT, "that part", low=1),
        Column("due", DAY, "day it is due"),
        Column("ends", TIME, "when its units are made"),
        Column("late_days", REAL, "days after the end of that day; 0: in time", "days", low=0),
    ),
)

SCHEDULES = Table(
    "schedules",
    "one schedule: how it was found and what it comes to",
    ("schedule",),
    (
        Column("schedule", TEXT, "published, or what it is compared with: dispatch"),
        Column("starts", TIME, "the minute it starts from"),
        Column("method", TEXT, "how it was found"),
        Column("why", TEXT, "why that way was taken"),
        Column("orders", COUNT, "orders", low=0),
        Column("operations", COUNT, "operations", low=0),
        Column("moves", COUNT, "neighbors tried", low=0),
        Column("total", REAL, "what it comes to", "money"),
        Column("tardiness", REAL, "of that, orders that are late", "money", low=0),
        Column("setup", REAL, "of that, set-ups", "money", low=0),
        Column("overtime", REAL, "of that, overtime", "money", low=0),
        Column("change", REAL, "of that, changes from the schedule before", "money", low=0),
        Column("bound", REAL, "no schedule comes to less; absent: no bound is known", "money", nullable=True),
        Column("late", COUNT, "orders that are late", low=0),
        Column("changed", COUNT, "operations on another machine than before", low=0),
        Column("ends", TIME, "end of the last operation"),
    ),
)

MACHINE_DAYS = Table(
    "machine_days",
    "what one machine does on one day",
    ("machine", "day"),
    (
        Column("machine", TEXT, "the machine ('sewing 3')"),
        Column("group", TEXT, "machine group of the plan"),
        Column("day", DAY, "day"),
        Column("open", REAL, "regular hours it is open", "hours", low=0),
        Column("work", REAL, "hours of work", "hours", low=0),
        Column("setup", REAL, "hours of set-up", "hours", low=0),
        Column("overtime", REAL, "of both, in overtime", "hours", low=0),
        Column("down", REAL, "hours down that it would have been open", "hours", low=0),
    ),
)

RESERVATIONS = Table(
    "reservations",
    "one promise that is kept for a customer: capacity and materials are set aside for it",
    ("reservation",),
    (
        Column("reservation", TEXT, "its number"),
        Column("product", TEXT, "product"),
        Column("options", TEXT, "configuration, as option=value; option=value; empty: none"),
        Column("region", TEXT, "where it goes; 'all': anywhere"),
        Column("units", REAL, "units", "units", low=0),
        WEEK,
        Column("day", DAY, "day it was promised for"),
        Column("cost", REAL, "what it costs to make and to make room for", "money"),
        Column("made", TIME, "when it was promised"),
        Column("expires", TIME, "when it is let go unless confirmed; absent: never", nullable=True),
        Column("status", TEXT, "where it stands", choices=("held", "confirmed", "released", "expired")),
        Column("order", TEXT, "order it became: once orders has it, that counts; absent: none yet", nullable=True),
    ),
)

TOURS = Table(
    "tours",
    "one stop of one tour",
    ("day", "tour", "stop"),
    (
        Column("day", DAY, "day"),
        Column("tour", TEXT, "vehicle and number of its tour"),
        Column("stop", COUNT, "0: leaves the depot; the last one: back there", low=0),
        Column("vehicle", TEXT, "kind of vehicle"),
        Column("place", TEXT, "place"),
        Column("orders", TEXT, "orders brought, separated by commas"),
        Column("units", REAL, "units brought", "units", low=0),
        Column("arrives", TIME, "when it arrives"),
        Column("waits", REAL, "minutes it waits for the place to open", MINUTES, low=0),
        Column("leaves", TIME, "when it leaves"),
        Column("kilometers", REAL, "kilometers from the stop before", "kilometers", low=0),
        Column("latitude", REAL, "as in places; absent: only distances are known", nullable=True),
        Column("longitude", REAL, "as in places; absent: only distances are known", nullable=True),
    ),
)

UNDELIVERED = Table(
    "undelivered",
    "one order that is ready and that no tour brings",
    ("order",),
    (
        Column("order", TEXT, "order number"),
        Column("place", TEXT, "where it would go"),
        Column("units", REAL, "units", "units", low=0),
        Column("ready", DAY, "day it is ready"),
        Column("reason", TEXT, "why it is not brought"),
    ),
)

TOUR_COSTS = Table(
    "tour_costs",
    "what one tour comes to",
    ("day", "tour"),
    (
        Column("day", DAY, "day"),
        Column("tour", TEXT, "vehicle and number of its tour"),
        Column("vehicle", TEXT, "kind of vehicle"),
        Column("stops", COUNT, "places served", low=0),
        Column("orders", COUNT, "orders brought", low=0),
        Column("units", REAL, "units brought", "units", low=0),
        Column("capacity", REAL, "units it could take; absent: no limit", "units", nullable=True, low=0),
        Column("kilometers", REAL, "kilometers", "kilometers", low=0),
        Column("hours", REAL, "hours from leaving to being back", "hours", low=0),
        Column("cost", REAL, "fixed cost, kilometers and hours", "money", low=0),
    ),
)

SCHEDULED = (JOBS, LATENESS, ORDER_ENDS, SCHEDULES, MACHINE_DAYS)
DELIVERED = (TOURS, TOUR_COSTS, UNDELIVERED)
