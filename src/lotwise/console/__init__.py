"""What the command line shows: progress, tables, the ledger and the forecast, for people and for machines.

A screen is where people read; every other file here writes one kind of thing to it.
"""

from lotwise.console.drill import (
    changed,
    checked,
    drilled,
    notice,
    product_ledger,
    sensitivity,
    source_values,
    traced,
    trend,
)
from lotwise.console.forecasts import features, methods, outlook, product_outlook, scores, used_method, why
from lotwise.console.ledger import ledger
from lotwise.console.mined import (
    drivers,
    market,
    mining,
    opinions,
    preferences,
    profile,
    profiles,
    propensities,
    rules,
    segments,
    trends,
)
from lotwise.console.order_times import READS as TIMES_READ
from lotwise.console.order_times import order_times
from lotwise.console.plans import plan_reasons, plan_summary, prices, purchases
from lotwise.console.progress import Bars, JsonLines, Lines
from lotwise.console.schedules import dispatch_list, lot_jobs, schedule_difference, schedule_summary
from lotwise.console.screen import console, rows_of
from lotwise.console.tables import contracts, show
from lotwise.console.tours import tours
from lotwise.console.whatif import what_if, what_if_json

__all__ = [
    "TIMES_READ",
    "Bars",
    "JsonLines",
    "Lines",
    "changed",
    "checked",
    "console",
    "contracts",
    "dispatch_list",
    "drilled",
    "drivers",
    "features",
    "ledger",
    "lot_jobs",
    "market",
    "methods",
    "mining",
    "notice",
    "opinions",
    "order_times",
    "outlook",
    "plan_reasons",
    "plan_summary",
    "preferences",
    "prices",
    "product_ledger",
    "product_outlook",
    "profile",
    "profiles",
    "propensities",
    "purchases",
    "rows_of",
    "rules",
    "schedule_difference",
    "schedule_summary",
    "scores",
    "segments",
    "sensitivity",
    "show",
    "source_values",
    "tours",
    "traced",
    "trend",
    "trends",
    "used_method",
    "what_if",
    "what_if_json",
    "why",
]
