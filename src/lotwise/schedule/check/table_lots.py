"""Lots in jobs: every lot wholly, every step once and in its turn, as long as the routing says; and how late each part is."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from lotwise.schedule.check.table_rows import PLANNED, minutes_between, placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.schedule.check.table_rows import Published, Row

EXPECTED = "expected"
UNITS = 1e-4
"""Share of its units that the parts of a lot can differ from it: published numbers have six digits."""
HOURS = 1e-4


def lots(seen: Published) -> Iterator[str]:
    """Yield lots of the weeks scheduled that are not there, or whose parts do not add up to their units."""
    if not seen.has("lots"):
        return
    units: dict[str, float] = defaultdict(float)
    for rows in seen.parts.values():
        units[rows[0]["lot"]] += rows[0]["units"]
    for lot in sorted(units.keys() - seen.lots.keys()):
        yield f"lot {lot} has jobs, but is not in table 'lots'"
    last = max((seen.lots[lot]["week"] for lot in units if lot in seen.lots), default=None)
    scrapped = {row["lot"] for row in seen.rows("floor") if (row["scrapped"] or 0) > 0}
    for name, row in sorted(seen.lots.items()):
        if last is None or row["week"] > last or row["status"] == EXPECTED:
            continue
        if name not in units:
            if seen.steps_of(row["item"], row["site"]):
                yield f"lot {name} of the week of {row['week']} has a routing, but no jobs"
            continue
        short = row["units"] - units[name]
        if abs(short) > UNITS * max(row["units"], 1) and not (name in scrapped and short < 0):
            yield f"the parts of lot {name} have {units[name]:,.10g} units, expected {row['units']:,.10g}"


def steps(seen: Published) -> Iterator[str]:
    """Yield parts without a step of their routing or with one it does not have, and jobs on machines that cannot do them."""
    if not seen.has("routing"):
        return
    for (lot, part), rows in sorted(seen.parts.items()):
        known = seen.lots.get(lot)
        if known is None:
            continue
        expected, found = set(seen.steps_of(known["item"], known["site"])), [row["step"] for row in rows]
        if sorted(found) != sorted(expected):
            yield f"lot {lot}, part {part} has steps {found}, expected {sorted(expected)}, those of its routing"
        for row in rows:
            if (row["item"], row["step"], row["group"]) not in seen.ways and row["step"] in expected:
                yield f"{placed(row)}: the routing of {row['item']} has no step {row['step']} on {row['group']}"
            if row["machine"] != row["group"] and row["machine"].rpartition(" ")[0] != row["group"]:
                yield f"{placed(row)}: the machine is none of the group {row['group']}"


def precedence(seen: Published) -> Iterator[str]:
    """Yield steps that start before the one before them and its waiting hours are over, and jobs that end before they start."""
    for rows in seen.parts.values():
        for row in rows:
            if row["ends"] < row["starts"]:
                yield f"{placed(row)} ends before it starts"
        for first, then in pairwise(rows):
            way = seen.ways.get((first["item"], first["step"], first["group"]))
            wait = (way["wait_hours"] or 0.0) if way else 0.0
            earliest = first["ends"] + timedelta(minutes=math.floor(wait * 60 + 0.5))
            if then["starts"] < earliest and then["status"] == PLANNED:
                yield f"{placed(then)} starts before {placed(first)} is over; with {wait:g} hours of waiting at {earliest}"


def minutes(seen: Published) -> Iterator[str]:
    """Yield jobs whose minutes are not those of units and routing, and members of a batch with times of their own."""
    for group in seen.batches:
        head = group[0]
        for row in group[1:]:
            if (row["machine"], row["starts"], row["ends"]) != (head["machine"], head["starts"], head["ends"]):
                yield f"{placed(row)} shares batch {row['batch']} with {placed(head)}, but not its machine and times"
        if any(row["status"] != PLANNED for row in group):
            continue
        whole, added, slack, setup = 0.0, 0.0, 0.5, 0.0
        for row in group:
            one = _taken(seen, row)
            if one is None:
                break
            whole, added, setup, slack = max(whole, one[0]), added + one[1], max(setup, one[2]), slack + 1
        else:
            expected = whole + added
            for row in group:
                if min(abs(row["minutes"] - expected), abs(row["minutes"] - expected - setup)) > slack:
                    yield f"{placed(row)} has {row['minutes']:g} minutes, expected {expected:.1f}, by units and routing"


def _taken(seen: Published, row: Row) -> tuple[float, float, float] | None:
    """Return minutes of a job alone, those it adds to a batch, and those of its set-up by routing; none where nobody says."""
    way, lot = seen.ways.get((row["item"], row["step"], row["group"])), seen.lots.get(row["lot"])
    if way is None or lot is None:
        return None
    started = row["units"] * lot["started"] / lot["units"] if lot["units"] > 0 else row["units"]
    setup = 60 * (way["setup_hours"] or 0.0)
    if way["batch"] is not None and (seen.machines.get(row["group"]) or {}).get("room"):
        hours = way["hours"] * started if way["batch_hours"] is None else way["batch_hours"]
        return 60 * hours, 60 * (way["batch_unit_hours"] or 0.0) * started, 0.0
    return 60 * way["hours"] * started, 0.0, setup


def lateness(seen: Published) -> Iterator[str]:
    """Yield parts without a row of ``lateness``, that end at another time, or are late by another number of hours."""
    if not seen.has("lateness"):
        return
    told = {(row["lot"], row["part"]): row for row in seen.rows("lateness")}
    for lot, part in sorted(told.keys() ^ seen.parts.keys()):
        where, other = ("lateness", "jobs") if (lot, part) in told else ("jobs", "lateness")
        yield f"lot {lot}, part {part} is in table '{where}', but not in table '{other}'"
    for key in sorted(told.keys() & seen.parts.keys()):
        row, ends = told[key], max(job["ends"] for job in seen.parts[key])
        if row["ends"] != ends:
            yield f"lot {key[0]}, part {key[1]} is said to end {row['ends']}, expected {ends}, the end of its last step"
        late = max(minutes_between(row["due"], row["ends"]) / 60, 0.0) if row["due"] is not None else 0.0
        if abs(row["late_hours"] - late) > HOURS:
            yield f"lot {key[0]}, part {key[1]} is said to be {row['late_hours']:g} hours late, expected {late:g}"
        if bool(row["reason"]) and row["late_hours"] == 0:
            yield f"lot {key[0]}, part {key[1]} is in time, but has a reason for being late: '{row['reason']}'"
