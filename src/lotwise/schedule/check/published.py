"""Rules that published tables keep, judged from the tables alone: ``jobs``, ``lateness`` and ``machine_days``.

They are judged against lots, routing, machines, shifts, downtime, setups and tools, without the shop they were made into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.schedule.check import table_hours, table_lines, table_lots
from lotwise.schedule.check.table_rows import Published

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

READS = (
    "jobs", "lateness", "machine_days", "lots", "items", "routing", "machines", "shifts", "downtime", "setups", "tools",
    "tool_needs", "calendar", "floor",
)  # fmt: skip
"""Tables ``check_tables`` looks at; those that are absent have no rows."""
RULES = (
    table_lots.lots,
    table_lots.steps,
    table_lots.precedence,
    table_lots.minutes,
    table_lots.lateness,
    table_lines.overlaps,
    table_lines.setups,
    table_lines.tools,
    table_hours.hours,
    table_hours.days,
)
"""Each takes what is ``Published`` and yields the breaches of one rule, in words."""


def check_tables(tables: Mapping[str, pa.Table]) -> list[str]:
    """Return every breach of a rule in words, with lots, parts, steps, machines and times; none: the tables can be carried out.

    ==========  ========================================================================================================
    lots        every lot of the weeks scheduled that has a routing is there, and its parts add up to its units
    steps       each part has every step of its routing once, on a machine of a group that can do it
    precedence  a step starts after the one before it has ended and its waiting hours are over
    minutes     as long as units and routing say; members of a batch share times, and what each adds is summed
    lateness    a row for each part; it ends with its last step, and is late by what it ends after it is due
    overlaps    a machine does one job, or one batch, at a time; ``place`` counts them in time; set-ups lie in between
    setups      the state before is the one the machine was left in; as long as ``setups`` says
    tools       no more of a tool is held than there is
    hours       work and set-ups lie in open hours: shifts, holidays, downtime
    days        ``machine_days`` adds up to the jobs, and no day has more than 24 hours
    ==========  ========================================================================================================

    Jobs that are running or frozen are facts: what they break among themselves is not judged. Hours of machines without shifts
    are judged by holidays and downtime only.

    Parameters
    ----------
    tables
        Published tables by name, those of ``READS``.
    """
    if "jobs" not in tables:
        return []
    seen = Published(tables)
    return [breach for rule in RULES for breach in rule(seen)]
